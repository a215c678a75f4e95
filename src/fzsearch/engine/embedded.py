"""How does one machine answer? The embedded engine: generations on disk, searched by several threads."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fzsearch.engine import generation
from fzsearch.engine.building import STATE, build
from fzsearch.engine.likeness import nearest_rows, reports_holding
from fzsearch.engine.opened import Generation
from fzsearch.engine.protocol import IndexedSection, IndexInfo, Overlap, SharedRun, StoredFigure, StoredSection
from fzsearch.engine.ranker import WHOOSH, ranker
from fzsearch.errors import ConfigError, EngineError, IndexMissingError, IndexOutdatedError
from fzsearch.model import IndexedReport
from fzsearch.query import Counts, Query, SearchResult


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
        return self._generation().overlaps()

    def shared_runs(self, key: str) -> tuple[SharedRun, ...]:
        """The passages of a report that others hold too."""
        return self._generation().shared_runs(key)

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

    def short_reports(self) -> Iterator[IndexedReport]:
        """The same in short, one after the other."""
        return self._generation().store.short_reports()

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
