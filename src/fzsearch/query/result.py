"""What is asked of an engine, and what does it answer?"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from fzsearch.query.tree import Facet, Node

UNSETTLED = "未定"
"""The facet value of sections whose place, year or topic is not known; never in JSON, where null says it."""


class Sort(StrEnum):
    """Order of hits; ties, and the rest, by report key and section."""

    RELEVANCE = "relevance"
    YEAR = "year"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to an engine.

    Attributes:
        root: an engine tree; None asks for every section that the filters leave, ordered by report key and path.
        filters: chosen values by facet; OR inside one facet, AND across. Townships by name or 9-digit code; years as
            strings.
        offset: hits to leave out, from 0.
        limit: hits to give at most; None for all.
        explain: whether hits tell how their scores came about.
    """

    root: Node | None = None
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int | None = 10
    explain: bool = False

    @property
    def key(self) -> Hashable:
        """Equal for equal questions."""
        return (self.root, frozenset(self.filters.items()), self.sort, self.offset, self.limit, self.explain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The three numbers of every total: 乡镇 / 报告 / 段."""

    sections: int = 0
    reports: int = 0
    townships: int = 0


class FacetCount(NamedTuple):
    """Sections with one facet value, and how many of them are literal hits; an answer may hold thousands."""

    value: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    literal: int
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermScore:
    """What one term of a query adds to the score of a section.

    Attributes:
        kind: word, pair or character.
        idf: how rare it is.
        frequencies: how often it stands in each field that has it.
        length: length of the section, in words or characters, as a share of the average.
    """

    kind: str
    text: str
    idf: float
    frequencies: Mapping[str, float]
    length: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HitScore:
    """How a score came about: the sum of the terms' shares, times `bare`, times `together`.

    Attributes:
        bare: below 1 where the section is nothing but a heading or title, else 1.
        near: the share of the words that stand close together, from 0 to 1; None where that was not looked at.
        together: what follows from it, 1 or more.
    """

    terms: tuple[TermScore, ...]
    bare: float
    near: float | None
    together: float

    @property
    def score(self) -> float:
        """The score."""
        return sum(term.share for term in self.terms) * self.bare * self.together


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One section found: its id, its score (0 in other orders), whether it holds the query literally.

    `why` only where it was asked for and hits are in the order of relevance.
    """

    id: str
    score: float
    exact: bool
    why: HitScore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of hits with the totals of all hits and of the literal ones.

    `facets` has every facet, its values by count from high to low (years by year from new to old), selected values
    always among them even at 0. A facet's counts ignore its own choice.
    """

    hits: tuple[Hit, ...]
    total: Counts
    exact: Counts
    facets: Mapping[Facet, tuple[FacetCount, ...]]
