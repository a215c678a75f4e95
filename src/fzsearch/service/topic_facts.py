"""Where does a corpus speak of a topic? By year, place and part, together with which topics, and best where?"""

from collections.abc import Mapping
from dataclasses import dataclass

from fzsearch.analysis import normalize
from fzsearch.engine import Engine
from fzsearch.model import Topic
from fzsearch.query import Counts, Facet, FacetCount, FacetIs, Literal, Node, Or, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """What an index knows of one topic.

    Attributes:
        facets: sections of the topic by each facet value; those of other topics are sections that speak of both.
        best: ids of its best sections, best first; `root` is what ranked them, for marks.
    """

    topic: Topic
    total: Counts
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    best: tuple[tuple[str, float], ...]
    root: Node | None


def topic_facts(engine: Engine, topic: Topic, limit: int) -> TopicFacts:
    """The facts of a topic; a section is better the more of the topic's patterns it holds, as relevance has it."""
    # As a root, not as a filter: a facet's counts ignore its own choice, and here the other topics are wanted.
    found = engine.search(Query(root=FacetIs(Facet.TOPIC, (topic.name,)), limit=0))
    root = Or(tuple(Literal(normalize(pattern)) for pattern in topic.patterns)) if topic.patterns else None
    chosen = {Facet.TOPIC: (topic.name,)}
    ranked = engine.search(Query(root=root, filters=chosen, limit=limit))
    return TopicFacts(
        topic=topic,
        total=found.total,
        facets=found.facets,
        best=tuple((hit.id, hit.score) for hit in ranked.hits),
        root=root,
    )
