"""What would new patterns match? A topic tried on an index before it is written into corpus/topics.toml."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from fzsearch.analysis import normalize
from fzsearch.analysis.topics import TopicRule, check
from fzsearch.engine import Engine, StoredSection
from fzsearch.engine.facets import township_identity
from fzsearch.errors import QueryError
from fzsearch.model import Topic
from fzsearch.query import UNSETTLED, Counts, Query
from fzsearch.service.topic_facts import Filters, holds_patterns

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a topic would match, counted section by section over the texts themselves.

    Attributes:
        years: sections and reports of each year, in order, the unsettled one last.
        overlap: topics that the same sections have already, with how many of them, most first.
        best: the matched sections, best first; as many as were asked for.
    """

    topic: Topic
    filters: Filters
    total: Counts
    years: tuple[tuple[str, int, int], ...]
    overlap: tuple[tuple[str, int], ...]
    best: tuple[StoredSection, ...]


def try_topic(engine: Engine, topic: Topic, filters: Filters, limit: int) -> Trial:
    """Try a topic on what the filters leave.

    Raises:
        QueryError: its patterns and exceptions do not go together; says which.
    """
    if not topic.patterns or not all(normalize(pattern) for pattern in topic.patterns):
        raise QueryError('没有可试的说法；请写一个或几个，用逗号分开，如 fzsearch topics try "湿地保护,湿地巡护"')
    if wrong := check(topic):
        raise QueryError(wrong[1])
    rule = TopicRule(topic)
    hits = engine.search(Query(root=holds_patterns(topic), filters=filters, limit=None)).hits
    ids = [hit.id for hit in hits]
    counted = _Count()
    best: list[StoredSection] = []
    for start in range(0, len(ids), _BATCH):
        for stored in engine.sections(ids[start : start + _BATCH]):
            if rule.speaks(normalize(stored.section.text)):
                counted.add(stored)
                best += [stored] if len(best) < limit else []
    return Trial(
        topic=topic, filters=filters, total=counted.total, years=counted.years,
        overlap=tuple(sorted(counted.topics.items(), key=lambda item: (-item[1], item[0]))), best=tuple(best),
    )  # fmt: skip


class _Count:
    """Sections counted one by one."""

    def __init__(self) -> None:
        self.topics: Counter[str] = Counter()
        self._sections: Counter[str] = Counter()
        self._reports: dict[str, str] = {}
        self._townships: set[str] = set()

    def add(self, stored: StoredSection) -> None:
        """Count one section."""
        report = stored.report.report
        year = UNSETTLED if report.year is None else str(report.year)
        self.topics.update(stored.section.topics)
        self._sections[year] += 1
        self._reports[stored.report.key] = year
        self._townships.add(township_identity(report.place))

    @property
    def total(self) -> Counts:
        """The three numbers; a report without township counts for none."""
        return Counts(
            sections=self._sections.total(), reports=len(self._reports), townships=len(self._townships - {""})
        )

    @property
    def years(self) -> tuple[tuple[str, int, int], ...]:
        """Year, sections, reports."""
        reports = Counter(self._reports.values())
        return tuple((year, self._sections[year], reports[year]) for year in sorted(self._sections))


def topic_toml(topic: Topic) -> str:
    """The entry for corpus/topics.toml, ready to paste; a basic string of TOML is written as one of JSON is."""
    fields: Mapping[str, object] = {
        "name": topic.name, "group": topic.group, "patterns": topic.patterns, "unless": topic.unless,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    return "\n".join(["[[topic]]", *lines]).replace("\x7f", "\\u007f")
