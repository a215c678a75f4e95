"""What do topics look like as JSON? The shapes that commands and the HTTP API share; they are contracts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from fzsearch.model import Topic
from fzsearch.query import UNSETTLED, Facet
from fzsearch.service.asking import Passage
from fzsearch.service.shapes import Json, facets_shape, filters_shape, hit_shape
from fzsearch.service.topic_facts import Filters, TopicFacts, TopicRow
from fzsearch.service.topic_trial import Trial, topic_toml


def topic_shape(topic: Topic) -> Json:
    """An entry of the vocabulary."""
    names = ("name", "group", "about", "patterns", "unless", "near", "examples", "counter_examples")
    return {name: getattr(topic, name) for name in names}


def topic_rows_shape(rows: Iterable[TopicRow], filters: Filters) -> Json:
    """All topics with their three numbers."""
    topics = [{"group": row.topic.group, "name": row.topic.name, **asdict(row.counts)} for row in rows]
    return {"filters": filters_shape(filters), "topics": topics}


def topic_facts_shape(facts: TopicFacts, hits: Sequence[Passage]) -> Json:
    """What the page of a topic holds; the year of reports without one is null."""
    facets = facets_shape(facts.facets)
    with_others = [one for one in facets.pop(Facet.TOPIC) if one["value"] != facts.topic.name]
    return {
        "topic": topic_shape(facts.topic),
        "total": asdict(facts.total),
        "years": [asdict(one) | {"year": _year(one.year)} for one in facts.years],
        "facets": facets,
        "with": [{"name": one["value"], "sections": one["count"]} for one in with_others],
        "hits": [hit_shape(hit) for hit in hits],
    }


def trial_shape(trial: Trial, hits: Sequence[Passage]) -> Json:
    """What patterns would match, with the entry to paste."""
    return {
        "patterns": list(trial.topic.patterns),
        "unless": list(trial.topic.unless),
        "filters": filters_shape(trial.filters),
        "total": asdict(trial.total),
        "years": [{"year": _year(year), "sections": s, "reports": r} for year, s, r in trial.years],
        "overlap": [{"name": name, "sections": count} for name, count in trial.overlap],
        "hits": [hit_shape(hit) for hit in hits],
        "toml": topic_toml(trial.topic),
    }


def _year(value: str) -> int | None:
    return None if value == UNSETTLED else int(value)
