"""Where does a corpus speak of a topic? By year, place and part, together with which topics, and best where?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fzsearch.analysis.topics import pattern_pieces
from fzsearch.engine import Engine
from fzsearch.model import Topic
from fzsearch.query import And, Counts, Facet, FacetCount, FacetIs, Literal, Node, Or, Query

Filters = Mapping[Facet, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with how much speaks of it."""

    topic: Topic
    counts: Counts


@dataclass(frozen=True, slots=True)
class YearCount:
    """What a year has: its sections and reports that speak of a topic, and all its reports."""

    year: str
    sections: int
    reports: int
    all_reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """What an index knows of one topic.

    Attributes:
        facets: sections of the topic by each facet value; those of other topics are sections that speak of both.
        years: every year of the corpus in order, those without the topic too, the unsettled one last.
        best: ids of its best sections, best first, with scores.
    """

    topic: Topic
    total: Counts
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    years: tuple[YearCount, ...]
    best: tuple[tuple[str, float], ...]


def topic_facts(engine: Engine, topic: Topic, limit: int) -> TopicFacts:
    """The facts of a topic; a section is better the more of the topic's patterns it holds, as relevance has it."""
    # As a root, not as a filter: a facet's counts ignore its own choice, and here the other topics are wanted.
    found = engine.search(Query(root=FacetIs(Facet.TOPIC, (topic.name,)), limit=0))
    chosen = {Facet.TOPIC: (topic.name,)}
    ranked = engine.search(Query(root=holds_patterns(topic), filters=chosen, limit=limit))
    return TopicFacts(
        topic=topic,
        total=found.total,
        facets=found.facets,
        years=_years(engine, chosen),
        best=tuple((hit.id, hit.score) for hit in ranked.hits),
    )


def topic_rows(engine: Engine, topics: Iterable[Topic], filters: Filters) -> tuple[TopicRow, ...]:
    """How much of what the filters leave speaks of each topic."""
    found = (
        engine.search(Query(root=FacetIs(Facet.TOPIC, (topic.name,)), filters=filters, limit=0)) for topic in topics
    )
    return tuple(TopicRow(topic, one.total) for topic, one in zip(topics, found, strict=True))


def holds_patterns(topic: Topic) -> Node | None:
    """A tree that finds at least the sections that speak of a topic: gaps and `unless` words are not looked at."""
    if not topic.patterns:
        return None
    leaves = (tuple(map(Literal, pattern_pieces(pattern))) for pattern in topic.patterns)
    return Or(tuple(one[0] if len(one) == 1 else And(one) for one in leaves))


def _years(engine: Engine, chosen: Filters) -> tuple[YearCount, ...]:
    values = sorted(one.value for one in engine.search(Query(limit=0)).facets[Facet.YEAR])
    return tuple(_year(engine, value, chosen) for value in values)


def _year(engine: Engine, value: str, chosen: Filters) -> YearCount:
    year = {Facet.YEAR: (value,)}
    found = engine.search(Query(filters={**chosen, **year}, limit=0)).total
    everything = engine.search(Query(filters=year, limit=0)).total
    return YearCount(value, found.sections, found.reports, everything.reports)
