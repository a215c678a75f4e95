"""Where does what was read wait until it is written? In a temporary file."""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from fzsearch.errors import EngineError, os_reason
from fzsearch.ingest import scratch_folder
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.changes import content_of
from fzsearch.service.reading import ReadFile


class Spool:
    """Files that were read, on disk: keys depend on all of them, and together they may not fit in memory.

    `folder` is for any temporary files.
    """

    def __init__(self, file: IO[bytes], folder: Path) -> None:
        self._file = file
        self.folder = folder
        self._places: dict[tuple[str, str], int] = {}

    def add(self, record: FileRecord, packed: bytes) -> None:
        """Keep a pickled `ReadFile`."""
        self._places[content_of(record)] = self._file.seek(0, 2)
        self._file.write(packed)

    def __contains__(self, record: FileRecord) -> bool:
        return content_of(record) in self._places

    def get(self, record: FileRecord) -> ReadFile:
        """What was read of a file."""
        self._file.seek(self._places[content_of(record)])
        read: ReadFile = pickle.load(self._file)  # noqa: S301 - our own file, never named on disk
        return read


@contextmanager
def open_spool() -> Iterator[Spool]:
    """A spool that goes when it is closed.

    Raises:
        EngineError: the folder for temporary files cannot be written.
    """
    try:
        with scratch_folder() as scratch, tempfile.TemporaryFile(dir=scratch) as file:
            yield Spool(file, scratch)
    except OSError as problem:
        remedy = "旧索引没有改动；请腾出空间，或用环境变量 TMPDIR 换一个临时文件夹"
        raise EngineError(f"临时文件夹写不了（{os_reason(problem)}）；{remedy}") from problem
