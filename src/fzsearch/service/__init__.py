"""What can commands and pages ask for? Indexing, searching, reading one file, checking an index."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fzsearch.errors import CorpusError, ExtractError, os_reason
from fzsearch.ingest import PageProgress, Shelf, draft_sidecar, read_recognised, run_isolated, split_member
from fzsearch.model import Report
from fzsearch.service.asking import Passage as Passage
from fzsearch.service.asking import SearchPage as SearchPage
from fzsearch.service.asking import SearchRequest as SearchRequest
from fzsearch.service.asking import topic_passages as topic_passages
from fzsearch.service.compile import Match as Match
from fzsearch.service.doctor import Diagnosis as Diagnosis
from fzsearch.service.doctor import diagnose as diagnose
from fzsearch.service.doctor import unsettled_fields as unsettled_fields
from fzsearch.service.engines import ENGINES as ENGINES
from fzsearch.service.engines import engine_in as engine_in
from fzsearch.service.engines import open_engine as open_engine
from fzsearch.service.engines import remember as remember
from fzsearch.service.indexing import READ_MEMORY_BYTES, READ_TIMEOUT_S
from fzsearch.service.indexing import RECOGNISED_FOLDER as RECOGNISED_FOLDER
from fzsearch.service.indexing import IndexSummary as IndexSummary
from fzsearch.service.indexing import index_corpus as index_corpus
from fzsearch.service.indexing import read_share as read_share
from fzsearch.service.reading import check_lists, lists_near, read_one
from fzsearch.service.search import SearchService as SearchService
from fzsearch.service.shapes import explanation_notes as explanation_notes
from fzsearch.service.shares import SHARES_FOLDER as SHARES_FOLDER
from fzsearch.service.shares import Share as Share
from fzsearch.service.shares import ShareSummary as ShareSummary
from fzsearch.service.sources import Source, source_near
from fzsearch.service.watching import watch_corpus as watch_corpus


def parse_file(path: Path, *, progress: PageProgress = lambda _done, _total: None) -> Report:
    """How one file is read, in a child process like every file.

    Args:
        path: the file; lists, folder names and sidecars of the corpus that it lies in are used.
        progress: called with pages recognised and pages to recognise, where the file is a scan.

    Raises:
        CorpusError: the file cannot be read, or one of the lists has a mistake.
    """
    if not path.is_file() and split_member(path) is None:
        raise CorpusError(f"没有文件 {path}；请核对路径")
    lists = lists_near(path)
    check_lists(lists)
    source, mistakes = source_near(path, lists.folder)

    def read(sources: Sequence[Source], shelf: Shelf) -> Iterator[tuple[Source, Report | ExtractError]]:
        function = partial(read_one, lists=lists, shelf=shelf)
        return run_isolated(function, sources, workers=1, timeout_s=READ_TIMEOUT_S, memory_bytes=READ_MEMORY_BYTES)

    workers = os.cpu_count() or 1
    ((_, outcome),) = read_recognised(read, {source: path}, None, workers=workers, progress=progress)
    if isinstance(outcome, ExtractError):
        raise CorpusError(f"{path} 读不出：{outcome.reason}。{outcome.remedy}")
    return replace(outcome, warnings=(*outcome.warnings, *mistakes))


def write_sidecar(path: Path, report: Report) -> Path:
    """Write the draft of a sidecar beside a file, and give its path; never over one that is there.

    Raises:
        CorpusError: there is one already, or the folder cannot be written.
    """
    target = path.with_name(f"{path.name}.toml")
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft_sidecar(report, path.name))
    except FileExistsError as error:
        raise CorpusError(f"已有 {target}，没有改动；请直接编辑它，或改名后再试") from error
    except OSError as error:
        raise CorpusError(f"写不了 {target}（{os_reason(error)}）；请检查文件夹的权限和磁盘空间") from error
    return target
