"""How does a corpus become an index? Find what changed, read it in child processes, commit once."""

import hashlib
import pickle
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from fzsearch.engine import Engine, IndexedSection
from fzsearch.errors import ExtractError
from fzsearch.ingest import FoundFile, run_isolated, walk
from fzsearch.model import Format, IndexedReport, SourceFile
from fzsearch.service.catalogue import Catalogue, FileRecord, rules_fingerprint, stored_catalogue
from fzsearch.service.keys import assign_keys, base_key
from fzsearch.service.reading import Lists, ReadFile, check_lists, indexed_sections, read_for_index

READ_TIMEOUT_S = 60.0
READ_MEMORY_BYTES = 1_500_000_000
_FORMAT_ORDER = (Format.HTML, Format.DOCX, Format.TXT, Format.PDF)
"""Of several files with one text the first of these is read for metadata: saved pages state most."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCounts:
    """What happened to reports; a file that was only renamed leaves its report unchanged."""

    added: int
    changed: int
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSummary:
    """The outcome of indexing; `unreadable` lists every file that could not be read, not only new ones."""

    reports: ReportCounts
    sections: int
    unreadable: tuple[FileRecord, ...]
    took_s: float
    wrote: bool
    rules_changed: bool


def index_corpus(
    corpus: Path, engine: Engine, *, workers: int, full: bool = False, progress: Progress | None = None
) -> IndexSummary:
    """Bring an index up to date with a corpus.

    Only new and changed files are read; all of them when `full`, or when rules or lists changed. Nothing is written
    when nothing changed. `progress` is called with files read and files to read.

    Raises:
        CorpusError: the folder or one of its lists cannot be used.
        EngineError: the index cannot be written; the old one stays.
    """
    began = time.perf_counter()
    lists = Lists.of_corpus(corpus)
    check_lists(lists)
    found = tuple(walk(corpus))
    rules = rules_fingerprint(lists)
    old = stored_catalogue(engine)
    rules_changed = old is not None and old.rules != rules
    is_fresh = full or old is None or rules_changed
    with tempfile.TemporaryFile() as file:
        run = _Run(corpus, lists, workers, progress, _Spool(file))
        files = run.read(found, () if is_fresh or old is None else old.files)
        new = Catalogue(rules=rules, files=files)
        plan = _plan(old if old and not is_fresh else None, new)
        wrote = is_fresh or plan.changes_anything
        if wrote:
            run.read_again(plan)
            rows = run.rows(plan)
            if is_fresh:
                engine.replace_all(rows, new.to_json())
            else:
                engine.apply(rows, plan.delete_keys, new.to_json())
    return IndexSummary(
        reports=_report_counts(old, new),
        sections=engine.info().counts.sections,
        unreadable=new.unreadable(),
        took_s=round(time.perf_counter() - began, 1),
        wrote=wrote,
        rules_changed=rules_changed,
    )


class _Spool:
    """Files that were read, on disk: keys depend on all of them, and together they may not fit in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[str, int] = {}

    def add(self, read: ReadFile) -> None:
        self._places[read.sha256] = self._file.seek(0, 2)
        pickle.dump(read, self._file, pickle.HIGHEST_PROTOCOL)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._places

    def get(self, sha256: str) -> ReadFile:
        self._file.seek(self._places[sha256])
        read: ReadFile = pickle.load(self._file)  # noqa: S301 - our own file, never named on disk
        return read


@dataclass(frozen=True, slots=True)
class _Group:
    """One report to be: its key and the files that hold its text, by path."""

    key: str
    files: tuple[FileRecord, ...]

    @property
    def primary(self) -> FileRecord:
        """The file that the report is read from; chosen by content, not by path."""
        return min(self.files, key=lambda file: (_FORMAT_ORDER.index(file.format or Format.TXT), file.sha256))


@dataclass(frozen=True, slots=True)
class _Plan:
    upserts: tuple[_Group, ...]
    delete_keys: frozenset[str]
    changes_anything: bool


def _groups(catalogue: Catalogue | None) -> dict[str, _Group]:
    """Reports by text hash."""
    files_of: dict[str, list[FileRecord]] = defaultdict(list)
    for file in catalogue.files if catalogue else ():
        if file.text_hash is not None:
            files_of[file.text_hash].append(file)
    primaries = {text: _Group("", tuple(files)).primary for text, files in files_of.items()}
    keys = assign_keys({text: primary.base_key for text, primary in primaries.items()})
    return {text: _Group(keys[text], tuple(files)) for text, files in files_of.items()}


def _plan(old: Catalogue | None, new: Catalogue) -> _Plan:
    before, after = _groups(old), _groups(new)
    upserts = [group for text, group in after.items() if _stored(before.get(text)) != _stored(group)]
    delete_keys = {group.key for group in before.values()} - {group.key for group in after.values()}
    same_errors = old is not None and _errors(old) == _errors(new)
    upserts.sort(key=lambda group: group.key)
    return _Plan(tuple(upserts), frozenset(delete_keys), bool(upserts or delete_keys) or not same_errors)


def _stored(group: _Group | None) -> tuple[object, ...]:
    """What of a group stands in the index: times of change do not."""
    if group is None:
        return ()
    return (group.key, *((file.path, file.sha256) for file in group.files))


def _errors(catalogue: Catalogue) -> set[tuple[str, str]]:
    return {(file.path, file.sha256) for file in catalogue.unreadable()}


class _Run:
    """One run over a corpus; keeps what was read until it is written."""

    def __init__(self, corpus: Path, lists: Lists, workers: int, progress: Progress | None, spool: _Spool) -> None:
        self._corpus = corpus
        self._lists = lists
        self._workers = workers
        self._progress = progress or (lambda _done, _total: None)
        self._spool = spool

    def read(self, found: Sequence[FoundFile], known: Iterable[FileRecord]) -> tuple[FileRecord, ...]:
        """The records of all files, by path; only files of unknown content are read."""
        by_path = {record.path: record for record in known}
        by_content = {record.sha256: record for record in by_path.values()}
        records: dict[str, FileRecord] = {}
        to_read: list[FileRecord] = []
        for file in found:
            record = by_path.get(file.path)
            if record and (record.size_bytes, record.mtime_ns) == (file.size_bytes, file.mtime_ns):
                records[file.path] = record
                continue
            blank = FileRecord(
                path=file.path, size_bytes=file.size_bytes, mtime_ns=file.mtime_ns, sha256=self._sha256(file.path)
            )
            same = by_content.get(blank.sha256)
            if same:  # renamed, copied, or only touched
                records[file.path] = replace(same, path=file.path, mtime_ns=file.mtime_ns)
            else:
                to_read.append(blank)
        for record in self._read_files(to_read):
            records[record.path] = record
        return tuple(records[path] for path in sorted(records))

    def read_again(self, plan: _Plan) -> None:
        """Read unchanged files whose report has to be written anew, e.g. under another key."""
        missing = [group.primary for group in plan.upserts if group.primary.sha256 not in self._spool]
        for _ in self._read_files(missing):
            pass

    def rows(self, plan: _Plan) -> Iterator[IndexedSection]:
        """The rows of all reports to write, report by report."""
        for group in plan.upserts:
            if group.primary.sha256 not in self._spool:  # changed between two looks at it; the next run reads it
                continue
            read = self._spool.get(group.primary.sha256)
            files = tuple(
                SourceFile(path=f.path, format=f.format or read.format, size_bytes=f.size_bytes, sha256=f.sha256)
                for f in group.files
            )
            record = IndexedReport(key=group.key, text_hash=read.text_hash, report=read.report, files=files)
            yield from indexed_sections(record, read)

    def _read_files(self, records: Sequence[FileRecord]) -> Iterator[FileRecord]:
        paths = {self._corpus / record.path: record for record in records}
        if not paths:
            return
        function = partial(read_for_index, lists=self._lists)
        self._progress(0, len(paths))
        outcomes = run_isolated(
            function, list(paths), workers=self._workers, timeout_s=READ_TIMEOUT_S, memory_bytes=READ_MEMORY_BYTES
        )
        for done, (path, outcome) in enumerate(outcomes, 1):
            self._progress(done, len(paths))
            yield self._record(paths[path], outcome)

    def _record(self, record: FileRecord, outcome: ReadFile | ExtractError) -> FileRecord:
        if isinstance(outcome, ExtractError):
            return replace(record, reason=outcome.reason, remedy=outcome.remedy)
        self._spool.add(outcome)
        return replace(
            record,
            sha256=outcome.sha256,
            format=outcome.format,
            text_hash=outcome.text_hash,
            base_key=base_key(outcome.report),
        )

    def _sha256(self, path: str) -> str:
        with suppress(OSError), (self._corpus / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
        return ""


def _report_counts(old: Catalogue | None, new: Catalogue) -> ReportCounts:
    """What happened, by texts: a new text in the place of a vanished one (same file, or place and year) is a change."""
    before, after = _groups(old), _groups(new)
    gone = {text: group for text, group in before.items() if text not in after}
    fresh = {text: group for text, group in after.items() if text not in before}
    changed = _pairs(gone, fresh)
    return ReportCounts(
        added=len(fresh) - changed,
        changed=changed,
        unchanged=len(after) - len(fresh),
        removed=len(gone) - changed,
    )


def _pairs(gone: Mapping[str, _Group], fresh: Mapping[str, _Group]) -> int:
    left = list(gone.values())
    count = 0
    for group in fresh.values():
        paths = {file.path for file in group.files}
        twin = next((o for o in left if paths & {f.path for f in o.files} or o.key.split("~")[0] == group.key), None)
        if twin:
            left.remove(twin)
            count += 1
    return count
