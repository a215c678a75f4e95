"""How does a corpus become an index? Find what changed, read it in child processes, commit once."""

import hashlib
import pickle
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from fzsearch.engine import Engine, IndexedSection
from fzsearch.errors import ExtractError
from fzsearch.ingest import FoundFile, file_sha256, run_isolated, walk, with_conversions
from fzsearch.model import IndexedReport, Report, SourceFile
from fzsearch.service.catalogue import Catalogue, FileRecord, rules_fingerprint, stored_catalogue
from fzsearch.service.changes import Plan, ReportCounts, content_of, count_reports, plan_changes
from fzsearch.service.keys import base_key
from fzsearch.service.reading import (
    Lists,
    ReadFile,
    added_places,
    check_lists,
    indexed_sections,
    read_for_index,
    vocabulary,
)
from fzsearch.service.sources import Source, Sources

READ_TIMEOUT_S = 60.0
READ_MEMORY_BYTES = 1_500_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSummary:
    """The outcome of indexing; `unreadable` lists every file that could not be read, not only new ones.

    `mistakes` are Chinese sentences about corrections that could not be used.
    """

    reports: ReportCounts
    sections: int
    unreadable: tuple[FileRecord, ...]
    took_s: float
    wrote: bool
    rules_changed: bool
    mistakes: tuple[str, ...] = ()


def index_corpus(
    corpus: Path, engine: Engine, *, workers: int, full: bool = False, progress: Progress | None = None
) -> IndexSummary:
    """Bring an index up to date with a corpus.

    Only files are read that are new, changed, moved or corrected; all of them when `full`, or when rules or lists
    changed. Nothing is written when nothing changed. `progress` is called with files read and files to read.

    Raises:
        CorpusError: the folder or one of its lists cannot be used.
        EngineError: the index cannot be written; the old one stays.
    """
    began = time.perf_counter()
    lists = Lists.of_corpus(corpus)
    check_lists(lists)
    found = tuple(walk(corpus))
    sources = Sources.of_corpus(corpus, [file.path for file in found])
    rules = rules_fingerprint(lists)
    old = stored_catalogue(engine)
    rules_changed = old is not None and old.rules != rules
    is_fresh = full or old is None or rules_changed
    with tempfile.TemporaryFile() as file:
        run = _Run(sources, lists, workers, progress, _Spool(file))
        files = run.read(found, () if is_fresh or old is None else old.files)
        new = Catalogue(
            rules=rules,
            files=files,
            topics=vocabulary(lists),
            places=added_places(lists),
            stray_mistakes=sources.mistakes,
        )
        plan = plan_changes(old if old and not is_fresh else None, new)
        wrote = is_fresh or plan.changes_anything
        if wrote:
            run.read_again(plan)
            rows = run.rows(plan)
            if is_fresh:
                engine.replace_all(rows, new.to_json())
            else:
                engine.apply(rows, plan.delete_keys, new.to_json())
    return IndexSummary(
        reports=count_reports(old, new),
        sections=engine.info().counts.sections,
        unreadable=new.unreadable(),
        took_s=round(time.perf_counter() - began, 1),
        wrote=wrote,
        rules_changed=rules_changed,
        mistakes=new.mistakes(),
    )


class _Spool:
    """Files that were read, on disk: keys depend on all of them, and together they may not fit in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[tuple[str, str], int] = {}

    def add(self, record: FileRecord, read: ReadFile) -> None:
        self._places[content_of(record)] = self._file.seek(0, 2)
        pickle.dump(read, self._file, pickle.HIGHEST_PROTOCOL)

    def __contains__(self, record: FileRecord) -> bool:
        return content_of(record) in self._places

    def get(self, record: FileRecord) -> ReadFile:
        self._file.seek(self._places[content_of(record)])
        read: ReadFile = pickle.load(self._file)  # noqa: S301 - our own file, never named on disk
        return read


class _Run:
    """One run over a corpus; keeps what was read until it is written."""

    def __init__(self, sources: Sources, lists: Lists, workers: int, progress: Progress | None, spool: _Spool) -> None:
        self._sources = sources
        self._lists = lists
        self._workers = workers
        self._progress = progress or (lambda _done, _total: None)
        self._spool = spool

    def read(self, found: Sequence[FoundFile], known: Iterable[FileRecord]) -> tuple[FileRecord, ...]:
        """The records of all files, by path; only files of unknown content or with other evidence are read."""
        by_path = {record.path: record for record in known}
        records: dict[str, FileRecord] = {}
        to_read: list[FileRecord] = []
        for file in found:
            record, source = by_path.get(file.path), self._sources[file.path]
            is_same = record is not None and record.evidence == source.evidence
            if record and is_same and (record.size_bytes, record.mtime_ns) == (file.size_bytes, file.mtime_ns):
                records[file.path] = record
                continue
            blank = FileRecord(
                path=file.path,
                size_bytes=file.size_bytes,
                mtime_ns=file.mtime_ns,
                sha256=file_sha256(source.path),
                evidence=source.evidence,
            )
            if record and is_same and record.sha256 == blank.sha256:  # only touched
                records[file.path] = replace(record, mtime_ns=file.mtime_ns)
            else:
                to_read.append(blank)
        for record in self._read_files(to_read):
            records[record.path] = record
        return tuple(records[path] for path in sorted(records))

    def read_again(self, plan: Plan) -> None:
        """Read unchanged files whose report has to be written anew, e.g. under another key."""
        missing = [group.primary for group in plan.upserts if group.primary not in self._spool]
        for _ in self._read_files(missing):
            pass

    def rows(self, plan: Plan) -> Iterator[IndexedSection]:
        """The rows of all reports to write, report by report."""
        for group in plan.upserts:
            if group.primary not in self._spool:  # changed between two looks at it; the next run reads it
                continue
            read = self._spool.get(group.primary)
            files = tuple(
                SourceFile(path=f.path, format=f.format or read.format, size_bytes=f.size_bytes, sha256=f.sha256)
                for f in group.files
            )
            report = _with_warning(read.report, group.disagreement())
            record = IndexedReport(key=group.key, text_hash=read.text_hash, report=report, files=files)
            yield from indexed_sections(record, read)

    def _read_files(self, records: Sequence[FileRecord]) -> Iterator[FileRecord]:
        sources = {self._sources[record.path]: record for record in records}
        if not sources:
            return
        self._progress(0, len(sources))
        for done, (source, outcome) in enumerate(self._outcomes(list(sources)), 1):
            self._progress(done, len(sources))
            yield self._record(sources[source], outcome)

    def _outcomes(self, sources: Sequence[Source]) -> Iterator[tuple[Source, ReadFile | ExtractError]]:
        paths = [(source, source.path) for source in sources]
        for portion, converted in with_conversions(paths, workers=self._workers):
            function = partial(read_for_index, lists=self._lists, converted=converted)
            yield from run_isolated(
                function, portion, workers=self._workers, timeout_s=READ_TIMEOUT_S, memory_bytes=READ_MEMORY_BYTES
            )

    def _record(self, record: FileRecord, outcome: ReadFile | ExtractError) -> FileRecord:
        if isinstance(outcome, ExtractError):
            return replace(record, reason=outcome.reason, remedy=outcome.remedy)
        record = replace(
            record,
            sha256=outcome.sha256,
            format=outcome.format,
            text_hash=outcome.text_hash,
            base_key=base_key(outcome.report),
            core_hash=outcome.core_hash,
            facts_hash=_facts_hash(outcome.report),
            is_corrected=bool(outcome.corrections.provenance),
            mistakes=outcome.corrections.mistakes,
        )
        self._spool.add(record, outcome)
        return record


def _with_warning(report: Report, warning: str | None) -> Report:
    return replace(report, warnings=(*report.warnings, warning)) if warning else report


def _facts_hash(report: Report) -> str:
    """A hash of what is known of a report besides its text."""
    topics = tuple(section.topics for section in report.sections)
    facts = (report.title, report.year, report.place, report.issuers, report.doc_number, report.issued, report.signer)
    return hashlib.sha256(
        repr((*facts, report.source_url, topics, report.figures)).encode("utf-8", "surrogatepass")
    ).hexdigest()[:16]
