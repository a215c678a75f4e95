"""How are many office files converted at once, so that LibreOffice starts once for a batch and not for each file?

Only a short cut: under 0.1 s a file instead of one second. What is missing afterwards, because a file broke its batch
or the batch took too long, is converted alone by whoever reads it. Batches run in pooled children like all reading.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from fzsearch.errors import ExtractError
from fzsearch.ingest.bundle import file_bytes
from fzsearch.ingest.extract import office
from fzsearch.ingest.extract.archive import Archive
from fzsearch.ingest.extract.sniff import sniff
from fzsearch.ingest.extract.soffice import ConversionTimeoutError, convert, find_soffice
from fzsearch.ingest.pool import run_isolated

Named = TypeVar("Named")

_SUFFIXES = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ott")
_BATCH = 16
_BATCHES_PER_WORKER = 4
_START_S, _FILE_S = 20.0, 3.0  # what a batch may take: to start, and for each file
_SLACK_S = 20.0  # so that a batch is ended by us and not by the pool
_MEMORY_BYTES = 3_000_000_000  # address space; soffice.py limits LibreOffice itself further


def with_conversions(
    sources: Sequence[tuple[Named, Path]], scratch: Path, *, workers: int
) -> Iterator[tuple[list[Named], Path]]:
    """Deal out what is to be read, office files in portions that are converted already.

    Args:
        sources: what is read, each with its path; the ending only decides what is converted ahead.
        scratch: a folder for temporary files.
        workers: how many batches at once.

    Yields:
        What to read, and the folder with the converted files (see `office.converted_name`), where there are any. The
        folder is gone when the next portion is taken.
    """
    suffixes = _SUFFIXES if find_soffice() else ()
    ahead = [one for one in sources if one[1].name.lower().endswith(suffixes)]
    rest = [one for one in sources if not one[1].name.lower().endswith(suffixes)]
    if rest:
        yield [name for name, _ in rest], scratch
    for portion in _portions(ahead, _BATCH * _BATCHES_PER_WORKER * workers):
        with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
            _convert_all([path for _, path in portion], Path(folder), workers)
            yield [name for name, _ in portion], Path(folder)


def _portions(items: Sequence[Named], size: int) -> Iterator[Sequence[Named]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _convert_all(paths: Sequence[Path], folder: Path, workers: int) -> None:
    """Convert in batches; what fails here fails again, with its reason, where it is read."""
    function = partial(convert_batch, folder=folder)
    batches = [tuple(batch) for batch in _portions(paths, _BATCH)]
    timeout_s = _START_S + _FILE_S * _BATCH + _SLACK_S
    for _ in run_isolated(function, batches, workers=workers, timeout_s=timeout_s, memory_bytes=_MEMORY_BYTES):
        pass


def convert_batch(paths: Sequence[Path], folder: Path) -> None:
    """Convert files into a folder, each under the name that `office.converted_name` gives."""
    with tempfile.TemporaryDirectory(prefix="batch-", dir=folder) as place:
        inside, outside = Path(place, "in"), Path(place, "out")
        inside.mkdir()
        outside.mkdir()
        copies = [copy for path in paths if (copy := _checked_copy(path, inside)) is not None]
        if not copies:
            return
        with suppress(ConversionTimeoutError):  # what is finished counts; the rest is converted file by file
            convert(copies, outside, timeout_s=_START_S + _FILE_S * len(copies))
        for made in outside.glob("*.docx"):
            if _is_whole(made):
                made.replace(folder / made.name)


def _checked_copy(path: Path, folder: Path) -> Path | None:
    """A copy under a name of our own; None for a file that LibreOffice shall not see."""
    try:
        data = file_bytes(path)
        form = sniff(data, path.name)
        if form not in office.SUFFIXES:
            return None
        office.check(data, form)
    except (ExtractError, OSError):
        return None
    copy = folder / Path(office.converted_name(data)).with_suffix(office.SUFFIXES[form])
    copy.write_bytes(data)
    return copy


def _is_whole(made: Path) -> bool:
    """Whether the end of the file was written, too: LibreOffice may have been stopped in the middle."""
    try:
        return "word/document.xml" in Archive(made.read_bytes()).names
    except ExtractError:
        return False
