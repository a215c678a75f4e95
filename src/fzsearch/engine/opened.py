"""What does one generation answer? Everything that is read from an index, by several threads at once."""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine import generation
from fzsearch.engine.arrays import load_array
from fzsearch.engine.building import (
    EXACT,
    FACETS,
    FIGURES,
    HEADINGS,
    NAMES,
    ORIGIN,
    PARTS,
    WORD_COUNTS,
    WORDS,
    stored_parts,
)
from fzsearch.engine.cache import ByteCache
from fzsearch.engine.evaluate import NAMES as NAMES_OF_REPORT
from fzsearch.engine.evaluate import Evaluator, Matches, within
from fzsearch.engine.facets import FacetCounts, Facets, Mask, Tally, size_of
from fzsearch.engine.figures import FigureRows
from fzsearch.engine.overlap import SharedText
from fzsearch.engine.parts import PartFacts, open_exact
from fzsearch.engine.protocol import IndexedSection, Overlap, SharedRun
from fzsearch.engine.ranker import ranker
from fzsearch.engine.scoring import NEAR_HITS, Scorer, Scores, bare_rows, best_rows
from fzsearch.engine.sharing import overlaps_of, runs_of
from fzsearch.engine.store import Store
from fzsearch.engine.texts import Rows, Texts
from fzsearch.query import Facet, Hit, HitScore, Query, SearchResult, Sort

_ANSWERS_BYTES = 16 << 20


class Generation:
    """One generation opened for reading; never changes."""

    def __init__(self, index_dir: Path, name: str) -> None:
        self.name = name
        self.manifest = generation.open_manifest(index_dir, name)
        folder = index_dir / name
        self.folder = folder
        self.parts = tuple(PartFacts(**{**part, "dead": tuple(part["dead"])}) for part in self.manifest["parts"])
        self.origin: NDArray[np.int32] = load_array(folder / ORIGIN)
        self.store = Store(stored_parts(folder, self.parts))
        self.exact = open_exact([folder / PARTS / part.name / EXACT for part in self.parts], self.origin)
        self.facets = Facets(folder / FACETS)
        self.report_of_row = self.facets.report_of_row
        self.figure_rows = FigureRows(folder / FIGURES)
        self.words = ranker(self.manifest["engine"]).read(folder / WORDS)
        self._word_counts = load_array(folder / WORD_COUNTS)
        self._shared_lock = threading.Lock()
        self._answers: ByteCache[Hashable, SearchResult] = ByteCache(_ANSWERS_BYTES, size_of)
        self._names, self._headings = Texts(folder / NAMES), Texts(folder / HEADINGS)
        self._evaluator = Evaluator(self.exact, self.words, self.facets, self._names, self._headings)

    @cached_property
    def _scorer(self) -> Scorer:
        titles = self._names.lengths()[::NAMES_OF_REPORT]
        bare = bare_rows(self.exact.lengths(), self._headings.lengths(), titles, self.facets.report_of_row)
        return Scorer(self.words, self.exact, self._word_counts, bare)

    @property
    def shared(self) -> SharedText:
        """What the reports share; worked out once, whoever asks first."""
        with self._shared_lock:
            return self._shared

    @cached_property
    def _shared(self) -> SharedText:
        return SharedText(self.exact, self.facets.report_of_row, self.facets.township_of_row)

    def overlaps(self) -> tuple[Overlap, ...]:
        """What every report shares with others, by key."""
        return overlaps_of(self.shared, self.store.all_keys())

    def shared_runs(self, key: str) -> tuple[SharedRun, ...]:
        """What of a report stands in others too."""
        keys = self.store.all_keys()
        return runs_of(self.shared, self.exact, keys.index(key), self.ids) if key in keys else ()

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
        first = int(np.searchsorted(self.report_of_row, number))
        headings = self.store.heading_norms(key)
        norms = [self.exact.text(first + order) for order in range(len(headings))]
        flat = [text for pair in zip(norms, headings, strict=True) for text in pair]
        title_words, *words = self.store.words(key, [title, *flat])
        ids = [f"{key}/{section.path}" for section in record.report.sections]
        hashes = {section.id: section.hash for section in self.store.sections(ids)}
        return [
            IndexedSection(
                id=section_id,
                order=order,
                report=record,
                section=section,
                norm=norm,
                hash=hashes[section_id],
                heading_norm=heading_norm,
                title_norm=title,
                places_norm=places,
                doc_number_norm=doc_number,
                words=body,
                heading_words=heading,
                title_words=title_words,
            )
            for order, (section_id, section, norm, heading_norm, body, heading) in enumerate(
                zip(ids, record.report.sections, norms, headings, words[::2], words[1::2], strict=True)
            )
        ]

    def search(self, query: Query) -> SearchResult:
        """Answer a query on this generation; answers are kept for those who turn pages back and forth."""
        return self._search(query) if query.explain else self._answers.get(query.key, lambda: self._search(query))

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
        counted = {facet: self.facets.count(facet, loose, literal, ()) for facet in Facet if facet not in masks}
        for facet in masks:  # its counts ignore its own choice
            others = within(found, (mask for other, mask in masks.items() if other != facet))
            counted[facet] = self.facets.count(facet, *self._tallies(others), query.filters[facet])
        return SearchResult(
            hits=self._hits(ordered[query.offset : wanted], hits, scores, why),
            total=self.facets.totals(loose),
            exact=self.facets.totals(literal),
            facets=FacetCounts(counted[facet] for facet in Facet),
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
        if scores is None or wanted == 0:
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
