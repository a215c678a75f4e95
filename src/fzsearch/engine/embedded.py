"""How does one machine answer? The embedded engine: generations on disk, searched by several threads."""

import contextlib
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine import generation
from fzsearch.engine.building import (
    EXACT,
    FACETS,
    FIGURES,
    HEADINGS,
    NAMES,
    ORIGIN,
    PARTS,
    STATE,
    WORD_COUNTS,
    WORDS,
    build,
    stored_parts,
)
from fzsearch.engine.cache import ByteCache
from fzsearch.engine.evaluate import NAMES as NAMES_OF_REPORT
from fzsearch.engine.evaluate import Evaluator, Matches, within
from fzsearch.engine.facets import Facets, Mask, Tally
from fzsearch.engine.figures import FigureRows
from fzsearch.engine.likeness import nearest_rows, reports_holding
from fzsearch.engine.overlap import shared_by_report
from fzsearch.engine.parts import PartFacts, open_exact
from fzsearch.engine.protocol import IndexedSection, IndexInfo, Overlap, StoredFigure, StoredSection
from fzsearch.engine.ranker import WHOOSH, ranker
from fzsearch.engine.scoring import NEAR_HITS, Scorer, Scores, bare_rows, best_rows
from fzsearch.engine.store import Store
from fzsearch.engine.texts import Rows, Texts
from fzsearch.errors import ConfigError, EngineError, IndexMissingError, IndexOutdatedError
from fzsearch.model import IndexedReport
from fzsearch.query import Counts, Facet, Hit, HitScore, Query, SearchResult, Sort

_ANSWERS_BYTES = 16 << 20


class Generation:
    """One generation opened for reading; never changes."""

    def __init__(self, index_dir: Path, name: str) -> None:
        self.name = name
        self.manifest = generation.open_manifest(index_dir, name)
        folder = index_dir / name
        self.folder = folder
        self.parts = tuple(PartFacts(**{**part, "dead": tuple(part["dead"])}) for part in self.manifest["parts"])
        self.origin: NDArray[np.int32] = np.load(folder / ORIGIN)
        self.store = Store(stored_parts(folder, self.parts))
        self.exact = open_exact([folder / PARTS / part.name / EXACT for part in self.parts], self.origin)
        self.facets = Facets(folder / FACETS)
        self.report_of_row = self.facets.report_of_row
        self.figure_rows = FigureRows(folder / FIGURES)
        self.words = ranker(self.manifest["engine"]).read(folder / WORDS)
        self._word_counts = np.load(folder / WORD_COUNTS)
        self._answers: ByteCache[Hashable, SearchResult] = ByteCache(_ANSWERS_BYTES, _size_of)
        self._names, self._headings = Texts(folder / NAMES), Texts(folder / HEADINGS)
        self._evaluator = Evaluator(self.exact, self.words, self.facets, self._names, self._headings)

    @cached_property
    def _scorer(self) -> Scorer:
        titles = self._names.lengths()[::NAMES_OF_REPORT]
        bare = bare_rows(self.exact.lengths(), self._headings.lengths(), titles, self.facets.report_of_row)
        return Scorer(self.words, self.exact, self._word_counts, bare)

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """What every report shares with others, by key."""
        keys = self.store.keys(range(int(self.facets.report_of_row[-1]) + 1)) if self.facets.size else []
        shared = shared_by_report(self.exact, self.facets.report_of_row)
        return tuple(
            Overlap(
                key=key,
                copied=one.copied,
                common=one.common,
                partners=tuple((keys[number], share) for number, share in one.partners.items()),
            )
            for key, one in zip(keys, shared, strict=True)
        )

    def ids(self, rows: Iterable[int]) -> list[str]:
        """The section ids of rows, in that order."""
        parts, local = self.origin[:, np.fromiter(rows, np.int64)].tolist()
        return self.store.ids(zip(parts, local, strict=True))

    def sections_of(self, number: int) -> list[IndexedSection]:
        """All sections of a report, by its number in the order of keys, as they were added."""
        (key,) = self.store.keys([number])
        record, (title, places, doc_number) = self.store.report(key), self.store.names_of(key)
        if record is None:
            raise KeyError(key)
        title_words, words = self.store.words(key)
        first = int(np.searchsorted(self.report_of_row, number))
        ids = [f"{key}/{section.path}" for section in record.report.sections]
        hashes = {section.id: section.hash for section in self.store.sections(ids)}
        return [
            IndexedSection(
                id=section_id,
                order=order,
                report=record,
                section=section,
                norm=self.exact.text(first + order),
                hash=hashes[section_id],
                heading_norm=heading_norm,
                title_norm=title,
                places_norm=places,
                doc_number_norm=doc_number,
                words=body,
                heading_words=heading,
                title_words=title_words,
            )
            for order, (section_id, section, (body, heading), heading_norm) in enumerate(
                zip(ids, record.report.sections, words, self.store.heading_norms(key), strict=True)
            )
        ]

    def search(self, query: Query) -> SearchResult:
        """Answer a query on this generation; answers are kept for those who turn pages back and forth."""
        asked = (query.root, frozenset(query.filters.items()), query.sort, query.offset, query.limit)
        return self._search(query) if query.explain else self._answers.get(asked, lambda: self._search(query))

    def _search(self, query: Query) -> SearchResult:
        found = self._matches(query)
        masks = self.facets.masks(query.filters)
        hits = within(found, masks.values())
        is_scored = query.sort is Sort.RELEVANCE and query.root is not None and query.limit != 0
        scores = self._scorer.scores(query.root) if is_scored else None
        wanted = None if query.limit is None else query.offset + query.limit
        ordered, near = self._ranked(hits, query, scores, wanted)
        explains = query.explain and scores is not None

        def why(row: int) -> HitScore | None:
            return self._scorer.explain(query.root, row, near.get(row)) if explains else None

        loose, literal = self._tallies(hits)
        facets = {facet: self.facets.count(facet, loose, literal, ()) for facet in Facet if facet not in masks}
        for facet in masks:  # its counts ignore its own choice
            others = within(found, (mask for other, mask in masks.items() if other != facet))
            facets[facet] = self.facets.count(facet, *self._tallies(others), query.filters[facet])
        return SearchResult(
            hits=self._hits(ordered[query.offset : wanted], hits, scores, why),
            total=self.facets.totals(loose),
            exact=self.facets.totals(literal),
            facets={facet: facets[facet] for facet in Facet},
        )

    def rows(self, query: Query) -> Mask:
        """The rows that a query matches, loosely too."""
        return within(self._matches(query), self.facets.masks(query.filters).values()).loose

    def _matches(self, query: Query) -> Matches:
        if query.root is None:
            everything = np.ones(self.facets.size, np.bool_)
            return Matches(everything, everything)
        return self._evaluator.matches(query.root)

    def _tallies(self, hits: Matches) -> tuple[Tally, Tally]:
        loose = self.facets.tally(hits.loose)
        return loose, loose if hits.literal is hits.loose else self.facets.tally(hits.literal)

    def _ranked(
        self, hits: Matches, query: Query, scores: Scores | None, wanted: int | None
    ) -> tuple[Rows, Mapping[int, float]]:
        """At least the first `wanted` rows in order, and how near the words of the query stand in the best of them."""
        if scores is None:
            return self._ordered(hits, query.sort, scores, wanted), {}
        ordered = self._ordered(hits, query.sort, scores, None if wanted is None else max(wanted, NEAR_HITS))
        best, rest = ordered[:NEAR_HITS], ordered[NEAR_HITS:]
        near = self._scorer.bring_near(query.root, scores, best)
        best = best[np.lexsort((best, -scores[best], ~hits.literal[best]))]
        return np.concatenate([best, rest]), near

    def _ordered(self, hits: Matches, sort: Sort, scores: Scores | None, wanted: int | None) -> Rows:
        """At least the first `wanted` rows (None: all) in the order asked for.

        Rows are in the order of report key and section, which breaks ties.
        """
        if sort is not Sort.RELEVANCE:
            everything = self._order_by_place if sort is Sort.PLACE else self._order_by_year
            return everything[hits.loose[everything]]
        if scores is None:
            return np.flatnonzero(hits.loose)
        literal = best_rows(np.flatnonzero(hits.literal), scores, wanted)
        if wanted is not None and literal.size >= wanted:
            return literal
        rest = None if wanted is None else wanted - literal.size
        return np.concatenate([literal, best_rows(np.flatnonzero(hits.loose & ~hits.literal), scores, rest)])

    @cached_property
    def _order_by_year(self) -> Rows:
        """All rows, of new reports first."""
        return np.argsort(-self.facets.years(), kind="stable")

    @cached_property
    def _order_by_place(self) -> Rows:
        """All rows by place, of new reports first."""
        places = (Facet.TOWNSHIP, Facet.COUNTY, Facet.CITY, Facet.PROVINCE)
        return np.lexsort([-self.facets.years(), *(self.facets.sort_keys(facet) for facet in places)])

    def _hits(
        self, rows: Rows, hits: Matches, scores: Scores | None, why: Callable[[int], HitScore | None]
    ) -> tuple[Hit, ...]:
        ids = self.ids(rows.tolist())
        return tuple(
            Hit(
                id=i,
                score=0.0 if scores is None else round(float(scores[row]), 4),
                exact=bool(hits.literal[row]),
                why=why(row),
            )
            for i, row in zip(ids, rows.tolist(), strict=True)
        )

    def close(self) -> None:
        """Close files of all threads."""
        self.store.close()
        self.words.close()


def _size_of(answer: SearchResult) -> int:
    """Roughly the memory of an answer: strings of facet values are shared, numbers are not."""
    return 300 * len(answer.hits) + 150 * sum(map(len, answer.facets.values()))


class EmbeddedEngine:
    """An index in a folder; each call reads the newest generation, whichever ranker has its words.

    `name` is the ranker of what `replace_all` builds; None for that of the index, or the default one for a new index.
    """

    def __init__(self, index_dir: Path, now: Callable[[], datetime], name: str | None = None) -> None:
        self._index_dir = index_dir
        self._now = now
        self._name = name
        self._lock = threading.Lock()
        self._current: Generation | None = None

    # ---- reading

    def _generation(self) -> Generation:
        """The newest generation; the one before stays open for the threads that still use it."""
        name = generation.current_name(self._index_dir)
        with self._lock:
            if self._current is None or self._current.name != name:
                self._current = self._open(name)
            return self._current

    def _open(self, name: str) -> Generation:
        for _ in range(3):  # a writer may have switched twice between the two reads
            with contextlib.suppress(FileNotFoundError):
                return Generation(self._index_dir, name)
            name = generation.current_name(self._index_dir)
        raise IndexOutdatedError(
            f"索引 {self._index_dir}/{name} 不完整；请重建：fzsearch index 语料目录 --index {self._index_dir}"
        )

    def search(self, query: Query) -> SearchResult:
        """Answer an engine tree."""
        return self._generation().search(query)

    def sections(self, ids: Sequence[str]) -> tuple[StoredSection, ...]:
        """Sections by id, in that order; unknown ones left out."""
        return self._generation().store.sections(ids)

    def with_hash(self, text_hash: str) -> tuple[str, ...]:
        """The ids of the sections of one text."""
        return self._generation().store.with_hash(text_hash)

    def reports_holding(self, norm: str) -> tuple[str, ...]:
        """The keys of the reports that contain a string, also across sections."""
        current = self._generation()
        numbers = reports_holding(current.exact, current.facets.report_of_row, norm)
        return tuple(current.store.keys(numbers.tolist()))

    def nearest(self, norm: str, limit: int) -> tuple[str, ...]:
        """The ids of the sections that come closest to a string."""
        current = self._generation()
        return tuple(current.ids(nearest_rows(current.exact, norm, limit)))

    def overlaps(self) -> tuple[Overlap, ...]:
        """What every report shares with others."""
        return self._generation().overlaps

    def figures(self, query: Query, indicator: str | None = None) -> tuple[StoredFigure, ...]:
        """The figures in the sections that a query matches."""
        current = self._generation()
        return current.store.figures(current.figure_rows.places(current.rows(query), indicator))

    def figure_counts(self, query: Query) -> Mapping[str | None, int]:
        """How many of them each indicator has."""
        current = self._generation()
        return current.figure_rows.counts(current.rows(query))

    def report(self, key: str) -> IndexedReport | None:
        """A whole report."""
        return self._generation().store.report(key)

    def reports(self) -> tuple[IndexedReport, ...]:
        """All reports by key, without sections and figures."""
        return self._generation().store.reports()

    def headings(self) -> Mapping[str, int]:
        """How many sections have each heading."""
        return self._generation().store.headings()

    def holding(self, norm: str) -> int:
        """How many sections contain a string."""
        return int(self._generation().exact.find(norm).size)

    def state(self) -> str:
        """The note of the last commit."""
        return (self._generation().folder / STATE).read_text(encoding="utf-8", errors="surrogatepass")

    def info(self) -> IndexInfo:
        """Version, time and size."""
        facts = self._generation().manifest
        return IndexInfo(
            engine=facts["engine"],
            version=facts["version"],
            built_at=facts["built_at"],
            counts=Counts(**facts["counts"]),
        )

    def check(self) -> tuple[str, ...]:
        """Files whose content is not what was written."""
        current = self._generation()
        damaged = generation.damaged_files(self._index_dir, current.name, current.manifest)
        return tuple(f"索引文件 {name} 与写入时不同，请用 --full 重建" for name in damaged)

    def close(self) -> None:
        """Close the open generation."""
        with self._lock:
            if self._current is not None:
                self._current.close()
            self._current = None

    # ---- writing

    def replace_all(self, sections: Iterable[IndexedSection], state: str) -> None:
        """Build a generation of these sections alone and switch to it."""
        with generation.writing(self._index_dir):
            self._build(None, sections, (), state, self._name or self._kept_name())

    def apply(self, upserts: Iterable[IndexedSection], delete_reports: Collection[str], state: str) -> None:
        """Build a generation from the current one and switch to it; without an index, from nothing."""
        with generation.writing(self._index_dir):
            try:
                base = self._generation()
            except IndexMissingError:
                base = None
            name = base.manifest["engine"] if base else self._name or WHOOSH
            self._build(base, upserts, delete_reports, state, name)

    def _kept_name(self) -> str:
        try:
            return str(self._generation().manifest["engine"])
        except (EngineError, ConfigError):
            return WHOOSH

    def _build(
        self,
        base: Generation | None,
        upserts: Iterable[IndexedSection],
        delete_reports: Collection[str],
        state: str,
        name: str,
    ) -> None:
        words = ranker(name)
        folder = generation.new_folder(self._index_dir)
        try:
            facts = build(folder, base, upserts, delete_reports, words)
            (folder / STATE).write_text(state, encoding="utf-8", errors="surrogatepass")
            facts |= {"engine": name, "built_at": self._now().isoformat(timespec="seconds")}
            generation.switch_to(folder, facts, base.manifest["files"] if base else {})
        except BaseException:  # also Ctrl-C and a full disk: give the space back, keep the old index
            generation.discard(folder)
            raise
