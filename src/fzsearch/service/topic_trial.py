"""What would new patterns match? A topic tried on an index before it is written into corpus/topics.toml."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
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
    topics: Counter[str] = Counter()
    sections: Counter[str] = Counter()
    year_of: dict[str, str] = {}
    townships: set[str] = set()
    best: list[StoredSection] = []
    for stored in _matched(engine, topic, filters):
        report = stored.report.report
        year = UNSETTLED if report.year is None else str(report.year)
        topics.update(stored.section.topics)
        sections[year] += 1
        year_of[stored.report.key] = year
        townships.add(township_identity(report.place))
        best += [stored] if len(best) < limit else []
    reports = Counter(year_of.values())
    total = Counts(sections=sections.total(), reports=len(year_of), townships=len(townships - {""}))
    return Trial(
        topic=topic,
        filters=filters,
        total=total,
        years=tuple((year, sections[year], reports[year]) for year in sorted(sections)),
        overlap=tuple(sorted(topics.items(), key=lambda item: (-item[1], item[0]))),
        best=tuple(best),
    )


def _matched(engine: Engine, topic: Topic, filters: Filters) -> Iterator[StoredSection]:
    """The sections that speak of a topic, best first."""
    rule = TopicRule(topic)
    hits = engine.search(Query(root=holds_patterns(topic), filters=filters, limit=None)).hits
    for start in range(0, len(hits), _BATCH):
        for stored in engine.sections([hit.id for hit in hits[start : start + _BATCH]]):
            if rule.speaks(normalize(stored.section.text)):
                yield stored


def topic_toml(topic: Topic) -> str:
    """The entry for corpus/topics.toml, ready to paste; a basic string of TOML is written as one of JSON is."""
    fields: Mapping[str, object] = {
        "name": topic.name, "group": topic.group, "patterns": topic.patterns, "unless": topic.unless,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    return "\n".join(["[[topic]]", *lines]).replace("\x7f", "\\u007f")
