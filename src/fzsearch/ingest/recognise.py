"""How are files read whose pages are pictures? Read, recognise the pages that were asked for, read again.

Pages are recognised one by one in pooled children like all reading: a page takes seconds and most of a gigabyte.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from fzsearch.errors import ExtractError, NeedsOcrError, os_reason
from fzsearch.ingest.bundle import file_bytes
from fzsearch.ingest.extract import ocr
from fzsearch.ingest.extract.recognised import RecognisedPage, Shelf
from fzsearch.ingest.pool import run_isolated

Named = TypeVar("Named")
Result = TypeVar("Result")

PageProgress = Callable[[int, int], None]

_TIMEOUT_S = 240.0  # a page on its side is read up to four times, at 3 s each on an idle machine
_MEMORY_BYTES = 4_000_000_000  # address space; 0.9 GB of it was used by the scans measured
_WORKER_BYTES = 2_000_000_000  # of the machine's memory for each child


def read_recognised(
    read: Callable[[Sequence[Named], Shelf], Iterator[tuple[Named, Result | ExtractError]]],
    sources: Mapping[Named, Path],
    folder: Path | None,
    *,
    workers: int,
    progress: PageProgress,
) -> Iterator[tuple[Named, Result | ExtractError]]:
    """Read files; pages that are pictures are recognised where that is installed.

    Args:
        read: reads files with the recognised pages of a shelf.
        sources: what is read, with its path.
        folder: keeps recognised pages from one run to the next; None keeps them for this run.
        workers: how many pages at once.
        progress: called with pages recognised and pages to recognise.

    Yields:
        Each source with what `read` made of it; scans come last.
    """
    asking: dict[Named, NeedsOcrError] = {}
    with tempfile.TemporaryDirectory(prefix="fzsearch-") if folder is None else nullcontext(folder) as kept:
        for name, outcome in read([*sources], Shelf(Path(kept), asks=True)):
            if isinstance(outcome, NeedsOcrError):
                asking[name] = outcome
            else:
                yield name, outcome
        if not asking:
            return
        items = {(one.sha256, page): sources[name] for name, one in asking.items() for page in one.pages}
        failures = _recognise(items, Shelf(Path(kept)), workers, progress)
        for name, outcome in read([*asking], Shelf(Path(kept))):
            is_lost = isinstance(outcome, ExtractError)
            yield name, failures.get(asking[name].sha256, outcome) if is_lost else outcome


def _recognise(
    items: Mapping[tuple[str, int], Path], shelf: Shelf, workers: int, progress: PageProgress
) -> dict[str, ExtractError]:
    """Put recognised pages on the shelf; gives the last failure of each file that had one."""
    failures: dict[str, ExtractError] = {}
    progress(0, len(items))
    pages = ((path, sha256, number) for (sha256, number), path in items.items())
    outcomes = run_isolated(
        recognise_page, pages, workers=_workers(workers), timeout_s=_TIMEOUT_S, memory_bytes=_MEMORY_BYTES
    )
    for done, ((_, sha256, number), outcome) in enumerate(outcomes, 1):
        if isinstance(outcome, ExtractError):
            failures[sha256] = outcome
        else:
            shelf.put(sha256, ocr.engine_name(), number, outcome)
        progress(done, len(items))
    return failures


def recognise_page(item: tuple[Path, str, int]) -> RecognisedPage:
    """Recognise one page of a file: its path, its SHA-256 and the number of the page.

    Raises:
        ExtractError: the file is another one now, or the page cannot be drawn.
    """
    path, sha256, number = item
    try:
        data = file_bytes(path)
    except OSError as problem:
        raise ExtractError(f"打不开文件（{os_reason(problem)}）", "请检查文件是否还在、是否有读取权限") from problem
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ExtractError("文件在读取时变了", "请再运行一次 fzsearch index")
    return ocr.recognise_page(data, number)


def _workers(wanted: int) -> int:
    """As many children as the memory of the machine bears, where it can be told."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return min(wanted, 2)
    return max(1, min(wanted, memory // _WORKER_BYTES))
