"""What is asked in a search, and what is given, ready to show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fzsearch.analysis.topics import TopicRule
from fzsearch.engine import StoredSection
from fzsearch.model import Topic
from fzsearch.query import Counts, Facet, FacetCount, Hit, HitScore, Node, Sort
from fzsearch.service.compile import Match
from fzsearch.service.explain import Explanation
from fzsearch.service.marks import Piece, Span, snippet, spans, topic_spans
from fzsearch.service.places import Entry
from fzsearch.service.reasons import loose_reasons


class Group(StrEnum):
    """How a page lays out its hits: one after another, or under their reports; the order of hits stays."""

    NONE = "none"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What was asked: the query as typed and the choices around it.

    `limit` None gives all hits; `filters` hold values as `query.Query` does; `group` changes no answer.
    """

    text: str = ""
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    match: Match = Match.ALL
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int | None = 10
    group: Group = Group.NONE
    explain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A hit, ready to show.

    Attributes:
        exact: whether the section holds the query literally.
        url: permanent address with the hash of the text.
        marks: marked ranges of `stored.section.text`, the unchanged source.
        reasons: why it is a hit, in Chinese, where it is not exact.
        why: how its score came about, where the request asks for it.
    """

    stored: StoredSection
    score: float
    exact: bool
    marks: tuple[Span, ...]
    reasons: tuple[str, ...] = ()
    why: HitScore | None = None

    @property
    def snippet(self) -> tuple[Piece, ...]:
        """The part of the text that is shown, in pieces."""
        return snippet(self.stored.section.text, self.marks)

    @property
    def url(self) -> str:
        """The permanent address of the section."""
        return section_url(self.stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of answers; `explanation` only where nothing was found."""

    request: SearchRequest
    took_ms: float
    total: Counts
    exact: Counts
    hits: tuple[Passage, ...]
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    notes: tuple[str, ...]
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportList:
    """The reports, by key, that hold at least one section that a request finds, loosely too."""

    request: SearchRequest
    total: Counts
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def section_url(stored: StoredSection) -> str:
    """The permanent address of a section: it names the text by its hash."""
    return f"/r/{stored.id}@{stored.hash}"


def topic_passages(
    topic: Topic, found: Sequence[StoredSection], scores: Mapping[str, float] = MappingProxyType({})
) -> tuple[Passage, ...]:
    """Sections that speak of a topic, ready to show: marked is what counts, by id scored or 0."""
    rule = TopicRule(topic)
    return tuple(
        Passage(stored=one, score=scores.get(one.id, 0.0), exact=True, marks=topic_spans(one.section.text, rule))
        for one in found
    )


def passage_of(stored: StoredSection, hit: Hit, root: Node | None) -> Passage:
    """A hit of a query, ready to show."""
    reasons = () if hit.exact else loose_reasons(stored, root)
    marks = spans(stored.section.text, root)
    return Passage(stored=stored, score=hit.score, exact=hit.exact, marks=marks, reasons=reasons, why=hit.why)
