"""How does one machine answer? The embedded engine: generations on disk, searched by several threads."""

import contextlib
import hashlib
import shutil
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from fzsearch.engine import generation
from fzsearch.engine.cache import ByteCache
from fzsearch.engine.evaluate import NAMES, Evaluator, Matches, within
from fzsearch.engine.exact import ExactLayer, write_exact
from fzsearch.engine.facets import Facets, Mask, Tally, write_facets
from fzsearch.engine.figures import FigureRows, write_figures
from fzsearch.engine.likeness import nearest_rows, reports_holding
from fzsearch.engine.overlap import shared_by_report
from fzsearch.engine.protocol import IndexedSection, IndexInfo, Overlap, StoredFigure, StoredSection
from fzsearch.engine.records import record_from_json
from fzsearch.engine.scoring import NEAR_HITS, Scorer, Scores, bare_rows, best_rows
from fzsearch.engine.store import FILE_NAME, RowFacts, Store, StoreWriter
from fzsearch.engine.texts import Rows, Texts, write_texts
from fzsearch.engine.whoosh_words import WordIndex, WordsWriter, link_words, write_doc_rows
from fzsearch.errors import IndexMissingError, IndexOutdatedError
from fzsearch.model import IndexedReport
from fzsearch.query import Counts, Facet, Hit, HitScore, Query, SearchResult, Sort

NAME = "whoosh"
_WORDS, _EXACT, _FACETS, _FIGURES, _COUNTS = "words", "exact", "facets", "figures", "word_counts.npy"
_NAMES, _HEADINGS = "names", "headings"
_ANSWERS_BYTES = 16 << 20


class Generation:
    """One generation opened for reading; never changes."""

    def __init__(self, index_dir: Path, name: str) -> None:
        self.name = name
        self.manifest = generation.open_manifest(index_dir, name)
        folder = index_dir / name
        self.store = Store(folder / FILE_NAME)
        self.exact = ExactLayer(folder / _EXACT)
        self.facets = Facets(folder / _FACETS)
        self.figure_rows = FigureRows(folder / _FIGURES)
        self.words = WordIndex(folder / _WORDS)
        self._word_counts = np.load(folder / _COUNTS)
        self._answers: ByteCache[Hashable, SearchResult] = ByteCache(_ANSWERS_BYTES, _size_of)
        self._names, self._headings = Texts(folder / _NAMES), Texts(folder / _HEADINGS)
        self._evaluator = Evaluator(self.exact, self.words, self.facets, self._names, self._headings)

    @cached_property
    def _scorer(self) -> Scorer:
        titles = self._names.lengths()[::NAMES]
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
        ids = self.store.ids(rows.tolist())
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
    """The engine behind `--engine whoosh`: an index in a folder; each call reads the newest generation."""

    def __init__(self, index_dir: Path, now: Callable[[], datetime]) -> None:
        self._index_dir = index_dir
        self._now = now
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
        return tuple(current.store.ids(nearest_rows(current.exact, norm, limit)))

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
        return self._generation().store.state()

    def info(self) -> IndexInfo:
        """Version, time and size."""
        facts = self._generation().manifest
        return IndexInfo(
            engine=NAME,
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
            self._build(None, sections, (), state)

    def apply(self, upserts: Iterable[IndexedSection], delete_reports: Collection[str], state: str) -> None:
        """Build a generation from the current one and switch to it; without an index, from nothing."""
        with generation.writing(self._index_dir):
            try:
                base = self._generation()
            except IndexMissingError:
                base = None
            self._build(base, upserts, delete_reports, state)

    def _build(
        self,
        base: Generation | None,
        upserts: Iterable[IndexedSection],
        delete_reports: Collection[str],
        state: str,
    ) -> None:
        folder = generation.new_folder(self._index_dir)
        try:
            if base is not None:
                shutil.copyfile(self._index_dir / base.name / FILE_NAME, folder / FILE_NAME)
                link_words(self._index_dir / base.name / _WORDS, folder / _WORDS)
            rows, new_norms = _write_sections(folder, upserts, delete_reports, state)
            self._write_arrays(folder, rows, _norms_of(rows, new_norms, base))
        except BaseException:  # also Ctrl-C and a full disk: give the space back, keep the old index
            generation.discard(folder)
            raise

    def _write_arrays(self, folder: Path, rows: Sequence[RowFacts], norms: Sequence[str]) -> None:
        row_of = {row.id: number for number, row in enumerate(rows)}
        write_doc_rows(folder / _WORDS, row_of)
        write_exact(folder / _EXACT, norms)
        np.save(folder / _COUNTS, np.array([row.word_count for row in rows], np.float32))
        store = Store(folder / FILE_NAME)
        records = store.records()
        write_figures(folder / _FIGURES, store.figure_facts(), row_of)
        write_texts(folder / _NAMES, store.names())
        write_texts(folder / _HEADINGS, store.heading_norms())
        version = _version(records, rows, store.figure_lines())
        store.close()
        reports = [record_from_json(record) for record in records]
        number_of = {report.key: number for number, report in enumerate(reports)}
        report_of_row = np.array([number_of[row.report_key] for row in rows], np.int32)
        write_facets(folder / _FACETS, report_of_row, reports, [row.part for row in rows], [row.topics for row in rows])
        facets = Facets(folder / _FACETS)
        counts = facets.totals(facets.tally(np.ones(len(rows), np.bool_)))
        facts = {"engine": NAME, "version": version, "counts": asdict(counts)}
        generation.switch_to(folder, facts | {"built_at": self._now().isoformat(timespec="seconds")})


def _write_sections(
    folder: Path, upserts: Iterable[IndexedSection], delete_reports: Collection[str], state: str
) -> tuple[list[RowFacts], dict[str, str]]:
    """Write store and words in one pass; gives the facts of all rows and the normalised texts of the new ones."""
    store, words = StoreWriter(folder / FILE_NAME), WordsWriter(folder / _WORDS)
    try:
        norms = _add_sections(store, words, upserts, delete_reports)
        words.commit()
        return store.finish(state), norms
    except BaseException:
        words.cancel()
        store.close()
        raise


def _add_sections(
    store: StoreWriter, words: WordsWriter, upserts: Iterable[IndexedSection], delete_reports: Iterable[str]
) -> dict[str, str]:
    norms: dict[str, str] = {}
    for key in delete_reports:
        store.delete(key)
        words.delete(key)
    last_key = None
    for item in upserts:
        if item.report.key != last_key:
            last_key = item.report.key
            store.delete(last_key)
            words.delete(last_key)
            store.add_report(item)
        store.add(item)
        words.add(item)
        norms[item.id] = item.norm
    return norms


def _norms_of(rows: Sequence[RowFacts], new: Mapping[str, str], base: Generation | None) -> list[str]:
    """The normalised text of every row: new ones as given, kept ones from the generation before."""
    if base is None:
        return [new[row.id] for row in rows]
    old = {section_id: row for row, section_id in enumerate(base.store.all_ids())}
    return [new[row.id] if row.id in new else base.exact.text(old[row.id]) for row in rows]


def _version(records: Iterable[str], rows: Iterable[RowFacts], figures: Iterable[str]) -> str:
    """8 hex digits of the SHA-256 over all records, figures, section ids, text hashes, parts and topics."""
    digest = hashlib.sha256()
    for line in chain(records, figures):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    for row in rows:
        digest.update(f"{row.id} {row.hash} {row.part} {' '.join(row.topics)}\n".encode())
    return digest.hexdigest()[:8]
