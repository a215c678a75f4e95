"""What must an engine be able to do?

The few verbs that every engine has, and the flat row that it stores. Engines never segment Chinese: words and normal
forms arrive ready made, in sections and queries alike. The set of matches, totals and facet counts is the same on every
engine; the order by relevance need not be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fzsearch.model import Figure, IndexedReport, Section
from fzsearch.query import Counts, Query, SearchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedSection:
    """The row that an engine stores for one section.

    Attributes:
        id: `<report key>/<section path>`.
        order: place of the section in its report, from 0.
        norm: normalised text; `hash` is the first 8 hex digits of its SHA-256.
        heading_norm: normalised heading, "" without one.
        title_norm, places_norm, doc_number_norm: normalised title, certain place names (parted by line feeds) and
        document
            number of the report, "" without one.
        words, heading_words, title_words: words in order, with repetition, parted by single spaces.
    """

    id: str
    order: int
    report: IndexedReport
    section: Section
    norm: str
    hash: str
    heading_norm: str
    title_norm: str
    places_norm: str
    doc_number_norm: str
    words: str
    heading_words: str
    title_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSection:
    """A section read back; `report` is short: without sections, figures and, maybe, most of its provenance."""

    id: str
    hash: str
    section: Section
    report: IndexedReport


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFigure:
    """A figure read back; `report` is short, as in `StoredSection`.

    `number` is its place among the figures of its report, from 0; `section_hash` the hash of the section it stands in.
    """

    number: int
    figure: Figure
    section_hash: str
    report: IndexedReport

    @property
    def section_id(self) -> str:
        """The id of the section that it stands in."""
        return f"{self.report.key}/{self.figure.section}"

    @property
    def id(self) -> str:
        """`<section id>/f<number>`; unique in the corpus."""
        return f"{self.section_id}/f{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What an index says of itself.

    Attributes:
        engine: name as in `--engine`.
        version: 8 hex digits that change whenever the indexed content does; the same corpus gives the same.
        built_at: ISO 8601 time with offset.
    """

    engine: str
    version: str
    built_at: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much of a report stands (nearly) word for word in others; shares of its text from 0 to 1.

    Attributes:
        copied: what some other reports hold too.
        common: what so many townships hold that it is a set phrase; not part of `copied`.
        partners: the reports that hold most of it, best first, with their share; set phrases do not count.
    """

    key: str
    copied: float
    common: float
    partners: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRun:
    """A run of a section that other reports hold too, word for word or nearly; digits do not count.

    Attributes:
        start, end: in characters of the section's normalised text.
        is_common: whether it is a set phrase; then every word of it stands in others.
        least, most: how many reports, this one included, hold what stands in it.
    """

    section_id: str
    start: int
    end: int
    is_common: bool
    least: int
    most: int


class Engine(Protocol):
    """An open index. Searching and reading may be called from several threads at once, writing from one.

    Every call may raise IndexMissingError, IndexOutdatedError (rebuild) or another EngineError.
    """

    def replace_all(self, sections: Iterable[IndexedSection], state: str) -> None:
        """Put these sections, grouped by report, in place of everything, in one commit.

        `state` is an opaque note of the caller that is stored and switched together with them.

        Raises:
            IndexLockedError: another process is writing.
        """
        ...

    def apply(self, upserts: Iterable[IndexedSection], delete_reports: Collection[str], state: str) -> None:
        """Delete the reports of these keys, then add whole reports, in one commit.

        A report among `upserts` replaces the one of its key. Readers see all of it or nothing. Raises as replace_all.
        """
        ...

    def search(self, query: Query) -> SearchResult:
        """Answer an engine tree as `query.tree` defines its meaning."""
        ...

    def sections(self, ids: Sequence[str]) -> tuple[StoredSection, ...]:
        """The sections of these ids, in that order; unknown ids are left out."""
        ...

    def with_hash(self, text_hash: str) -> tuple[str, ...]:
        """The ids of the sections whose `hash` is exactly this, by report key and place in the report."""
        ...

    def reports_holding(self, norm: str) -> tuple[str, ...]:
        """The keys of the reports whose normalised texts, joined in order without anything between them, contain this.

        By key; `norm` is normalised and not empty.
        """
        ...

    def nearest(self, norm: str, limit: int) -> tuple[str, ...]:
        """The ids of sections that hold most of the different pairs of characters of a normalised string, best first.

        Only sections that hold at least one; which come first among equals is the engine's choice.
        """
        ...

    def overlaps(self) -> tuple[Overlap, ...]:
        """What every report shares with others, by key; may take seconds, once for each state of the index."""
        ...

    def shared_runs(self, key: str) -> tuple[SharedRun, ...]:
        """What of a report stands in others too: copied runs in the order of the text, then set phrases.

        Empty for an unknown key; as slow as `overlaps` the first time.
        """
        ...

    def figures(self, query: Query, indicator: str | None = None) -> tuple[StoredFigure, ...]:
        """The figures of one indicator, None for all figures, in the sections that a query matches, loosely too.

        By report key, place of the section in the report, number; order, offset and limit of the query count for
        nothing.
        """
        ...

    def figure_counts(self, query: Query) -> Mapping[str | None, int]:
        """How many figures each indicator has in the sections that a query matches; None: those of no indicator.

        Without those that have none.
        """
        ...

    def report(self, key: str) -> IndexedReport | None:
        """A whole report with its sections and figures."""
        ...

    def reports(self) -> tuple[IndexedReport, ...]:
        """All reports without their sections and figures, by key."""
        ...

    def short_reports(self) -> Iterator[IndexedReport]:
        """The same in short, one after the other: together they take much memory."""
        ...

    def headings(self) -> Mapping[str, int]:
        """How many sections have each heading."""
        ...

    def holding(self, norm: str) -> int:
        """How many sections contain a normalised string."""
        ...

    def state(self) -> str:
        """The note that came with the last commit."""
        ...

    def info(self) -> IndexInfo:
        """What the index says of itself."""
        ...

    def check(self) -> tuple[str, ...]:
        """Damage found by reading everything, as Chinese sentences; empty when all is well."""
        ...

    def close(self) -> None:
        """Let go of files; the engine is not used afterwards."""
        ...
