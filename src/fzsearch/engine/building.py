"""How does a generation come from the one before? A new part is written, old ones are linked, small arrays made."""

import hashlib
import heapq
import os
import secrets
import shutil
import sys
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.arrays import load_array
from fzsearch.engine.exact_writer import ExactWriter
from fzsearch.engine.facets import RowFacets
from fzsearch.engine.figures import FigureFacts
from fzsearch.engine.parts import PartFacts, local_to_row, parts_to_merge
from fzsearch.engine.protocol import IndexedSection
from fzsearch.engine.ranker import DOC_ROWS, Ranker
from fzsearch.engine.store import FILE_NAME, Store, StoredPart, StoreWriter
from fzsearch.engine.texts import write_reordered, write_texts
from fzsearch.model import IndexedReport
from fzsearch.query import Counts

PARTS, EXACT, FACETS, FIGURES, WORDS = "parts", "exact", "facets", "figures", "words"
NAMES, HEADINGS = "names", "headings"
ORIGIN, WORD_COUNTS, STATE = "origin.npy", "word_counts.npy", "state.json"


class Base(Protocol):
    """The generation before, as far as building needs it."""

    folder: Path
    parts: tuple[PartFacts, ...]
    origin: NDArray[np.int32]
    store: Store
    report_of_row: NDArray[np.int32]

    def sections_of(self, number: int) -> list[IndexedSection]:
        """All sections of a report, by its number in the order of keys, as they were added."""
        ...


def stored_parts(folder: Path, parts: Iterable[PartFacts]) -> list[StoredPart]:
    """The store files of a generation."""
    return [StoredPart(folder / PARTS / part.name / FILE_NAME, part.dead) for part in parts]


@dataclass(slots=True)
class _New:
    """What was written to a new part, row by row and report by report; little of each, for all of it is in memory."""

    keys: list[str] = field(default_factory=list)
    first_figure: int = 0
    report_of_row: "array[int]" = field(default_factory=lambda: array("I"))
    word_counts: "array[int]" = field(default_factory=lambda: array("I"))
    headings: list[str] = field(default_factory=list)
    facets: list[tuple[IndexedReport, str, Sequence[str]]] = field(default_factory=list)
    figure_rows: "array[int]" = field(default_factory=lambda: array("I"))
    indicators: list[str | None] = field(default_factory=list)


class _PartWriter:
    """Writes one part: its store, exact layer and segment of words."""

    def __init__(self, folder: Path, name: str, first_figure: int, ranker: Ranker) -> None:
        part = folder / PARTS / name
        part.mkdir(parents=True)
        self.new = _New(first_figure=first_figure)
        self._store = StoreWriter(part / FILE_NAME, first_figure)
        self._exact = ExactWriter(part / EXACT)
        self._words = ranker.write(folder / WORDS)

    def add(self, items: Sequence[IndexedSection]) -> None:
        """Add a report, all of its sections."""
        new, number, record = self.new, len(self.new.keys), items[0].report
        new.keys.append(record.key)
        new.figure_rows.extend(self._store.add(items))
        new.indicators += [one.indicator and sys.intern(one.indicator) for one in record.report.figures]
        short = replace(record.report, sections=(), figures=(), provenance=(), contents=(), warnings=())
        report = replace(record, report=short, files=())
        for item in items:
            self._exact.add(item.norm)
            self._words.add(item)
            new.report_of_row.append(number)
            new.word_counts.append(item.words.count(" ") + 1 if item.words else 0)
            new.headings.append(item.heading_norm)
            new.facets.append((report, item.section.part.value, tuple(map(sys.intern, item.section.topics))))

    def finish(self, kept: Sequence[Collection[int] | None]) -> None:
        """Write everything; `kept` has the dead rows of each older part, None for one that goes."""
        self._store.finish()
        self._exact.finish()
        self._words.commit(kept)
        self.close()

    def close(self) -> None:
        """Let go of files."""
        self._store.close()
        self._exact.close()
        self._words.close()


def build(
    folder: Path,
    base: Base | None,
    upserts: Iterable[IndexedSection],
    delete_reports: Collection[str],
    ranker: Ranker,
) -> dict[str, Any]:
    """Write a generation into a new folder, all but its manifest and note.

    Returns:
        The facts for the manifest, without engine and time.
    """
    name = secrets.token_hex(4)
    merged: set[int] = set()
    arriving = _by_report(upserts)
    if base is not None:
        sizes = [part.rows for part in base.parts]
        alive = np.bincount(base.origin[0], minlength=len(sizes)).tolist()
        merged = parts_to_merge(sizes, alive)
        _link(base, folder, merged)
    writer = _PartWriter(folder, name, base.store.next_figure() if base else 0, ranker)
    try:
        gone = set(delete_reports)
        for items in _with_merged(arriving, base, merged, gone):
            writer.add(items)
        rows = _Rows(base, writer.new, gone, merged)
        writer.finish(rows.dead_of_parts)
    finally:
        writer.close()
    parts = rows.parts(name)
    counts = _write_arrays(folder, base, writer.new, rows, parts)
    store = Store(stored_parts(folder, parts))
    write_texts(folder / NAMES, store.names())
    version = hashlib.sha256("\n".join(store.digests()).encode()).hexdigest()[:8]
    store.close()
    return {"version": version, "counts": asdict(counts), "parts": [asdict(part) for part in parts]}


def _by_report(sections: Iterable[IndexedSection]) -> Iterator[list[IndexedSection]]:
    return (list(items) for _, items in groupby(sections, key=lambda item: item.report.key))


def _with_merged(
    arriving: Iterator[list[IndexedSection]], base: Base | None, merged: set[int], gone: set[str]
) -> Iterator[list[IndexedSection]]:
    """What arrives, with the reports of the parts to be merged that nothing replaces, by key if that is the order.

    `gone` is filled with the keys of all reports that an older part may have and that do not count any more.
    """
    replaced = set(gone)

    def noted() -> Iterator[list[IndexedSection]]:
        for items in arriving:
            replaced.add(items[0].report.key)
            yield items

    new = noted()
    if not merged or base is None:
        yield from new
    else:
        new = iter(list(new))  # all keys have to be known; what is merged is large against what arrives
        keys = base.store.all_keys()
        first_rows = np.searchsorted(base.report_of_row, np.arange(len(keys)))
        chosen = np.flatnonzero(np.isin(base.origin[0][first_rows], list(merged))).tolist() if keys else []
        old = (base.sections_of(number) for number in chosen if keys[number] not in replaced)
        yield from heapq.merge(new, old, key=lambda items: items[0].report.key)
    gone |= replaced


class _Rows:
    """Which rows of the base and of the new part the new generation has, and in which order."""

    def __init__(self, base: Base | None, new: _New, gone: set[str], merged: set[int]) -> None:
        self._base, self._merged = base, merged
        old_keys = base.store.all_keys() if base else []
        old_reports = base.report_of_row if base else np.empty(0, np.int32)
        is_kept = np.array([key not in gone for key in old_keys], np.bool_)
        if base is not None and len(old_keys):
            first_rows = np.searchsorted(old_reports, np.arange(len(old_keys)))
            is_kept &= ~np.isin(base.origin[0][first_rows], list(merged))
        kept = np.flatnonzero(is_kept)
        keys = [*(old_keys[number] for number in kept.tolist()), *new.keys]
        by_key = sorted(range(len(keys)), key=keys.__getitem__)
        rank = np.empty(len(keys), np.int64)
        rank[by_key] = np.arange(len(keys))
        rank_of_old = np.full(len(old_keys), -1, np.int64)
        rank_of_old[kept] = rank[: kept.size]
        ranks = np.concatenate([rank_of_old[old_reports], rank[kept.size :][np.array(new.report_of_row, np.int64)]])
        order = np.argsort(ranks, kind="stable")
        self.order: NDArray[np.int64] = order[ranks[order] >= 0]
        self.row_of = np.full(ranks.size, -1, np.int64)
        self.row_of[self.order] = np.arange(self.order.size)
        self.reports = ranks[self.order].astype(np.int32)
        self.old_size, self.new_size = old_reports.size, len(new.report_of_row)
        self._dead_keys = {old_keys[number] for number in np.flatnonzero(~is_kept).tolist()}
        self._number_of = {number: at for at, number in enumerate(self._kept_parts())}
        self.origin = self._origin()

    def _kept_parts(self) -> list[int]:
        parts = self._base.parts if self._base else ()
        return [number for number in range(len(parts)) if number not in self._merged]

    def _origin(self) -> NDArray[np.int32]:
        new = np.stack([np.full(self.new_size, len(self._number_of)), np.arange(self.new_size)])
        if self._base is None:
            return new[:, self.order].astype(np.int32)
        moved = np.array([self._number_of.get(number, -1) for number in range(len(self._base.parts))], np.int64)
        old = np.stack([moved[self._base.origin[0]], self._base.origin[1]])
        return np.concatenate([old, new], axis=1)[:, self.order].astype(np.int32)

    @property
    def dead_of_parts(self) -> list[Collection[int] | None]:
        """For each part of the base the rows in it that count no more; None for the ones that go."""
        if self._base is None:
            return []
        found: list[Collection[int] | None] = []
        for number, part in enumerate(self._base.parts):
            kept = local_to_row(self.origin, self._number_of.get(number, -1), part.rows)
            found.append(None if number in self._merged else np.flatnonzero(kept < 0).tolist())
        return found

    def parts(self, name: str) -> list[PartFacts]:
        """The parts of the new generation; the new one last, unless it is empty."""
        found = []
        if self._base is not None:
            reports, keys = self._base.report_of_row, self._base.store.all_keys()
            for number in self._kept_parts():
                held = np.unique(reports[self._base.origin[0] == number]).tolist()
                dead = {keys[report] for report in held} & self._dead_keys
                old = self._base.parts[number]
                found.append(replace(old, dead=tuple(sorted({*old.dead, *dead}))))
        return [*found, PartFacts(name, self.new_size)]


def _link(base: Base, folder: Path, merged: set[int]) -> None:
    """Put what is kept of the base under a second name; its files never change, so links are enough."""
    for number, part in enumerate(base.parts):
        if number not in merged:
            shutil.copytree(base.folder / PARTS / part.name, folder / PARTS / part.name, copy_function=_link_file)
    ignored = shutil.ignore_patterns(DOC_ROWS, "*LOCK")
    shutil.copytree(base.folder / WORDS, folder / WORDS, ignore=ignored, copy_function=_link_file)


def _link_file(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _write_arrays(folder: Path, base: Base | None, new: _New, rows: _Rows, parts: Sequence[PartFacts]) -> Counts:
    facets, figures = RowFacets.of(new.facets), FigureFacts.of(new.figure_rows, new.first_figure, new.indicators)
    word_counts = np.array(new.word_counts, np.float32)
    if base is not None:
        facets = RowFacets.read(base.folder / FACETS) + facets
        figures = FigureFacts.read(base.folder / FIGURES) + figures.moved(rows.old_size)
        word_counts = np.concatenate([load_array(base.folder / WORD_COUNTS), word_counts])
    counts = facets.write(folder / FACETS, rows.order, rows.row_of, rows.reports)
    figures.write(folder / FIGURES, rows.row_of)
    np.save(folder / WORD_COUNTS, word_counts[rows.order])
    np.save(folder / ORIGIN, rows.origin)
    write_reordered(folder / HEADINGS, base.folder / HEADINGS if base else None, new.headings, rows.order)
    documents = [local_to_row(rows.origin, number, part.rows) for number, part in enumerate(parts)]
    np.save(folder / WORDS / DOC_ROWS, np.concatenate(documents))
    return counts
