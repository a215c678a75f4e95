"""What does an index hold in all? Totals, reports in short, places, topics, what could not be read.

Read once for each generation of an index: all of it together costs as much as some hundred searches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fzsearch.engine import Engine, IndexInfo
from fzsearch.ingest import PlaceList
from fzsearch.model import Part, Place, Topic
from fzsearch.query import Facet, FacetCount, Query
from fzsearch.service.catalogue import Catalogue, FileRecord
from fzsearch.service.named_files import NamedFile, named_file
from fzsearch.service.places import Atlas, Entry, build_atlas

NO_GROUP = "未分组"
"""The group of topics that the vocabulary of an index does not know."""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What one generation of an index holds.

    Attributes:
        facets: sections of each facet value.
        entries: all reports in short, by key.
        parts: reports that have sections of each part.
        topics: the vocabulary that the corpus was read with, in its order.
        places: what a user added to the official list of places.
        unreadable: files that could not be read, by path; `poor` those of which little was read, or nothing sure.
        mistakes: Chinese sentences about corrections and lists that could not be used.
    """

    info: IndexInfo
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    entries: tuple[Entry, ...]
    parts: Mapping[Part, int]
    topics: tuple[Topic, ...]
    places: tuple[Place, ...]
    unreadable: tuple[FileRecord, ...]
    poor: tuple[FileRecord, ...] = ()
    mistakes: tuple[str, ...] = ()

    @cached_property
    def atlas(self) -> Atlas:
        """The places of the reports."""
        return build_atlas(self.entries)

    @cached_property
    def all_topics(self) -> tuple[Topic, ...]:
        """The topics of the vocabulary, then those that sections have besides."""
        known = {topic.name for topic in self.topics}
        others = (one.value for one in self.facets[Facet.TOPIC] if one.value not in known)
        return (*self.topics, *(Topic(name=name, group=NO_GROUP, patterns=()) for name in others))

    @cached_property
    def place_list(self) -> PlaceList:
        """The official list of places with the user's additions."""
        return PlaceList(self.places)

    @cached_property
    def place_names(self) -> PlaceList:
        """The list of places with those of the reports besides: whatever a text may name."""
        every = (one for entry in self.entries for one in (entry.place, *entry.place.candidates))
        reporting = {replace(one, candidates=(), code=None) for one in every if one.names}
        return PlaceList((*self.places, *sorted(reporting, key=lambda place: place.names)))

    @cached_property
    def named_files(self) -> tuple[NamedFile, ...]:
        """Unreadable files of which path and name tell township and year."""
        return tuple(filter(None, (named_file(file, self.place_list) for file in self.unreadable)))

    @cached_property
    def topic_groups(self) -> Mapping[str, str]:
        """The group of every topic, in order."""
        return {topic.name: topic.group for topic in self.all_topics}

    @cached_property
    def topic_counts(self) -> Mapping[str, int]:
        """Sections of every topic, most first."""
        return {one.value: one.count for one in self.facets[Facet.TOPIC]}

    @cached_property
    def unsettled(self) -> tuple[Entry, ...]:
        """Reports of which year, township or county is not settled."""
        return tuple(entry for entry in self.entries if entry.missing)


def read_overview(engine: Engine) -> Overview:
    """What an index holds now.

    Raises:
        EngineError: there is no index, or it has to be rebuilt.
    """
    info, note = engine.info(), engine.state()
    catalogue = Catalogue.from_json(note) if note else Catalogue(rules="")
    return Overview(
        info=info,
        facets=engine.search(Query(limit=0)).facets,
        entries=tuple(Entry.of(record) for record in engine.short_reports()),
        parts={part: _reports_with(engine, part) for part in Part},
        topics=catalogue.topics,
        places=catalogue.places,
        unreadable=catalogue.unreadable(),
        poor=catalogue.poor(),
        mistakes=catalogue.mistakes(),
    )


def _reports_with(engine: Engine, part: Part) -> int:
    return engine.search(Query(filters={Facet.PART: (part.value,)}, limit=0)).total.reports
