"""How does a corpus become an index? Find what changed, read it in child processes, commit once."""

import hashlib
import pickle
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fzsearch.engine import Engine, IndexedSection
from fzsearch.errors import CorpusError, ExtractError
from fzsearch.ingest import (
    EMPTY_SHELF,
    FoundFile,
    Shelf,
    file_sha256,
    member_path,
    read_recognised,
    run_isolated,
    walk,
    with_conversions,
)
from fzsearch.model import IndexedReport, Report, SourceFile
from fzsearch.service.catalogue import Catalogue, FileRecord, rules_fingerprint, stored_catalogue
from fzsearch.service.changes import Plan, ReportCounts, count_reports, plan_changes
from fzsearch.service.keys import base_key
from fzsearch.service.reading import (
    Lists,
    ReadFile,
    added_places,
    check_lists,
    indexed_sections,
    list_mistakes,
    read_for_index,
    vocabulary,
)
from fzsearch.service.shares import Share, Shares, ShareSummary, open_shares
from fzsearch.service.sources import Source, Sources
from fzsearch.service.spool import Spool, open_spool

READ_TIMEOUT_S = 60.0
READ_MEMORY_BYTES = 1_500_000_000
_FILES, _PAGES = "份", "页"

RECOGNISED_FOLDER = "recognised"
"""In the folder of an index: the text of scans. Like the index it is derived; without it they are recognised again."""

Packed = tuple[FileRecord, bytes]
"""What came of reading a file, and the pickled `ReadFile`, which stays packed until it is written."""

Progress = Callable[[int, int, str], None]
"""Called with how much is done, how much there is, and of what: 份 are files, 页 are pages to be recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSummary:
    """The outcome of indexing; `unreadable` lists every file that could not be read, not only new ones.

    `poor` likewise lists those of which little was read or nothing sure. `mistakes` are Chinese sentences about
    corrections that could not be used. `left` are shares that nobody had read ahead to the end.
    """

    reports: ReportCounts
    sections: int
    unreadable: tuple[FileRecord, ...]
    poor: tuple[FileRecord, ...]
    took_s: float
    wrote: bool
    rules_changed: bool
    mistakes: tuple[str, ...] = ()
    left: tuple[Share, ...] = ()


def index_corpus(  # noqa: PLR0913 - each is a choice of its own
    corpus: Path,
    engine: Engine,
    *,
    workers: int,
    full: bool = False,
    progress: Progress = lambda _done, _total, _unit: None,
    busy: Collection[str] = (),
    recognised: Path | None = None,
    shares: Path | None = None,
) -> IndexSummary:
    """Bring an index up to date with a corpus.

    Only files are read that are new, changed, moved or corrected; all of them when `full`, or when rules or lists
    changed. Nothing is written when nothing changed, but a mistake in a list, which is all that then changes.

    Args:
        corpus: the folder.
        engine: the index.
        workers: number of child processes.
        full: whether to read everything.
        progress: called with what is done, what there is to do, and of what: 份 or 页.
        busy: files, by path, that are being written: they stay as the index has them, unless everything is read.
        recognised: the folder that keeps the text of scans for later runs.
        shares: the folder of what other processes have read ahead, see `read_share`; taken, then removed.

    Raises:
        CorpusError: the folder or one of its lists cannot be used.
        EngineError: the index cannot be written; the old one stays.
    """
    began = time.perf_counter()
    lists = Lists.of_corpus(corpus)
    rules = rules_fingerprint(lists)  # before the lists are loaded: should they change meanwhile, the next run sees it
    found = tuple(walk(corpus))
    sources = Sources.of_corpus(corpus, [file.path for file in found])
    old = stored_catalogue(engine)
    _checked(lists, sources, engine, old)
    rules_changed = old is not None and old.rules != rules
    is_fresh = full or old is None or rules_changed
    with open_shares(shares, rules) as ahead, open_spool() as spool:
        run = _Run(sources, lists, workers, progress, spool, ahead, recognised)
        topics, places = vocabulary(lists), added_places(lists)
        files = run.read(found, (), ()) if is_fresh or old is None else run.read(found, old.files, busy)
        new = Catalogue(rules=rules, files=files, topics=topics, places=places, stray_mistakes=sources.mistakes)
        plan = plan_changes(old if old and not is_fresh else None, new)
        while again := run.read_again(plan):
            new = replace(new, files=tuple(again.get(file.path, file) for file in new.files))
            plan = plan_changes(old if old and not is_fresh else None, new)
        wrote = is_fresh or plan.changes_anything
        if wrote:
            rows = run.rows(plan)
            if is_fresh:
                engine.replace_all(rows, new.to_json())
            else:
                engine.apply(rows, plan.delete_keys, new.to_json())
        left = ahead.left()
        ahead.clear()
    if recognised is not None:
        Shelf(recognised).keep_only({file.sha256 for file in new.files})
    return IndexSummary(
        reports=count_reports(old, new),
        sections=engine.info().counts.sections,
        unreadable=new.unreadable(),
        poor=new.poor(),
        took_s=round(time.perf_counter() - began, 1),
        wrote=wrote,
        rules_changed=rules_changed,
        mistakes=new.mistakes(),
        left=left,
    )


def read_share(  # noqa: PLR0913 - as index_corpus
    corpus: Path,
    engine: Engine,
    share: Share,
    shares: Path,
    *,
    workers: int,
    full: bool = False,
    progress: Progress = lambda _done, _total, _unit: None,
    recognised: Path | None = None,
) -> ShareSummary:
    """Read what `index_corpus` would read of a share of the corpus, and keep it in a folder; the index stays as it is.

    What an earlier run of the same share has read is not read again.

    Raises:
        CorpusError: the folder or one of its lists cannot be used.
        EngineError: the index cannot be read, the folder of the shares cannot be written.
        IndexLockedError: another process reads this share.
    """
    began = time.perf_counter()
    lists = Lists.of_corpus(corpus)
    rules = rules_fingerprint(lists)
    found = tuple(walk(corpus))
    sources = Sources.of_corpus(corpus, [file.path for file in found])
    check_lists(lists)
    old = stored_catalogue(engine)
    known = old.files if old and not full and old.rules == rules else ()
    mine = [file for file in found if share.has(file.path)]
    with open_shares(shares, rules, share) as ahead, open_spool() as spool:
        _Run(sources, lists, workers, progress, spool, ahead, recognised).read(mine, known, ())
        ahead.finish()
        return ShareSummary(
            share=share,
            files=len(mine),
            read=ahead.added,
            left=ahead.left(),
            took_s=round(time.perf_counter() - began, 1),
        )


def _checked(lists: Lists, sources: Sources, engine: Engine, old: Catalogue | None) -> None:
    """Load the lists; a mistake in one is also kept in the index, so that it is seen on the site and by doctor."""
    try:
        check_lists(lists)
    except CorpusError:
        told = (*list_mistakes(lists), *sources.mistakes)
        if old is not None and old.stray_mistakes != told:
            engine.apply((), (), replace(old, stray_mistakes=told).to_json())
        raise


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over a corpus; keeps what was read until it is written."""

    sources: Sources
    lists: Lists
    workers: int
    progress: Progress
    spool: Spool
    ahead: Shares
    recognised: Path | None

    def read(
        self, found: Sequence[FoundFile], known: Iterable[FileRecord], busy: Collection[str]
    ) -> tuple[FileRecord, ...]:
        """The records of all files, by path; only files of unknown content or with other evidence are read."""
        by_path = {record.path: record for record in known}
        records = {path: record for path, record in by_path.items() if _is_busy(path, busy)}
        to_read: list[FileRecord] = []
        for file in found:
            if _is_busy(file.path, busy):
                continue
            record, source = by_path.get(file.path), self.sources[file.path]
            if problem := file.problem:  # it is not opened at all
                records[file.path] = FileRecord(
                    path=file.path,
                    size_bytes=file.size_bytes,
                    mtime_ns=file.mtime_ns,
                    sha256="",
                    reason=problem.reason,
                    remedy=problem.remedy,
                )
                continue
            # Without a hash it could not even be opened, which may be cured without a change of the file.
            is_known = record is not None and bool(record.sha256) and not record.is_passing
            is_same = is_known and record is not None and record.evidence == source.evidence
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
                records[file.path] = replace(record, size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
            else:
                to_read.append(blank)
        for record in self._read_files(to_read):
            records[record.path] = record
        return tuple(records[path] for path in sorted(records))

    def read_again(self, plan: Plan) -> dict[str, FileRecord]:
        """Read unchanged files whose report has to be written anew, e.g. under another key.

        Returns:
            The records of those files by path: one may have changed between the two looks at it, or be gone.
        """
        missing = [
            group.primary
            for group in plan.upserts
            if group.primary not in self.spool and self.ahead.find(group.primary) is None
        ]
        return {record.path: record for record in self._read_files(missing)}

    def rows(self, plan: Plan) -> Iterator[IndexedSection]:
        """The rows of all reports to write, report by report."""
        for group in plan.upserts:
            read = self._read_file(group.primary)
            files = tuple(
                SourceFile(path=f.path, format=f.format or read.format, size_bytes=f.size_bytes, sha256=f.sha256)
                for f in group.files
            )
            disagreement = group.disagreement()
            told = (*read.report.warnings, disagreement) if disagreement else read.report.warnings
            report = replace(read.report, warnings=told)
            record = IndexedReport(key=group.key, text_hash=read.text_hash, report=report, files=files)
            yield from indexed_sections(record, read)

    def _read_file(self, record: FileRecord) -> ReadFile:
        if record in self.spool:
            return self.spool.get(record)
        read: ReadFile = pickle.loads(self.ahead.packed(record))  # noqa: S301 - see service.shares
        return read

    def _read_files(self, records: Sequence[FileRecord]) -> Iterator[FileRecord]:
        ahead = {record.path: found for record in records if (found := self.ahead.find(record))}
        yield from ahead.values()
        sources = {self.sources[record.path]: record for record in records if record.path not in ahead}
        if not sources:
            return
        self.progress(0, len(sources), _FILES)
        for done, (source, outcome) in enumerate(self._outcomes(list(sources)), 1):
            self.progress(done, len(sources), _FILES)
            yield self._record(sources[source], outcome)

    def _outcomes(self, sources: Sequence[Source]) -> Iterator[tuple[Source, Packed | ExtractError]]:
        return read_recognised(
            self._outcomes_with,
            {source: source.path for source in sources},
            self.recognised,
            workers=self.workers,
            progress=lambda done, total: self.progress(done, total, _PAGES),
        )

    def _outcomes_with(self, sources: Sequence[Source], shelf: Shelf) -> Iterator[tuple[Source, Packed | ExtractError]]:
        paths = [(source, source.path) for source in sources]
        for portion, converted in with_conversions(paths, self.spool.folder, workers=self.workers):
            function = partial(read_packed, lists=self.lists, converted=converted, shelf=shelf)
            yield from run_isolated(
                function, portion, workers=self.workers, timeout_s=READ_TIMEOUT_S, memory_bytes=READ_MEMORY_BYTES
            )

    def _record(self, known: FileRecord, outcome: Packed | ExtractError) -> FileRecord:
        if isinstance(outcome, ExtractError):
            record = FileRecord(
                path=known.path,
                size_bytes=known.size_bytes,
                mtime_ns=known.mtime_ns,
                sha256=known.sha256,
                evidence=known.evidence,
                reason=outcome.reason,
                remedy=outcome.remedy,
                is_passing=outcome.is_passing,
            )
            self.ahead.add(record, None)
            return record
        record = replace(outcome[0], path=known.path, evidence=known.evidence)
        if not self.ahead.add(record, outcome[1]):
            self.spool.add(record, outcome[1])
        return record


def read_packed(source: Source, lists: Lists, converted: Path | None = None, shelf: Shelf = EMPTY_SHELF) -> Packed:
    """Read a file; runs in the child processes. What is then known of it lacks only its path and evidence.

    Raises:
        ExtractError: the file cannot be read.
    """
    read = read_for_index(source, lists, converted, shelf)
    record = FileRecord(
        path="",
        sha256=read.sha256,
        size_bytes=read.size_bytes,
        mtime_ns=read.mtime_ns,
        format=read.format,
        text_hash=read.text_hash,
        base_key=base_key(read.report),
        core_hash=read.core_hash,
        facts_hash=_facts_hash(read.report),
        is_corrected=bool(read.corrections.provenance),
        mistakes=read.corrections.mistakes,
        reason=read.doubt.reason if read.doubt else None,
        remedy=read.doubt.remedy if read.doubt else None,
    )
    return record, pickle.dumps(read, pickle.HIGHEST_PROTOCOL)


def _is_busy(path: str, busy: Collection[str]) -> bool:
    """Whether a file, or the archive that it is a member of, is being written."""
    return path in busy or any(path.startswith(member_path(one, "")) for one in busy)


def _facts_hash(report: Report) -> str:
    """A hash of what is known of a report besides its text."""
    topics = tuple(section.topics for section in report.sections)
    facts = (report.title, report.year, report.place, report.issuers, report.doc_number, report.issued, report.signer)
    return hashlib.sha256(
        repr((*facts, report.source_url, topics, report.figures, report.contents)).encode("utf-8", "surrogatepass")
    ).hexdigest()[:16]
