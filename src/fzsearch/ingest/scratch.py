"""Where does a run keep its temporary files, so that those of a run that was killed are cleared away by the next one?

A run holds the lock beside its folder for as long as it or one of its children lives; the system lets go of it whatever
ends them (kill -9, a power cut). The lock is taken before the folder is made, so that nobody takes a young folder for
a left one.
"""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "fzsearch-run-"
_LOCK = ".lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the temporary files of a run, in the system's folder for such; what dead runs left there goes."""
    home = Path(tempfile.gettempdir())
    _clear(home)
    folder = home / f"{_PREFIX}{uuid.uuid4().hex}"
    with FileLock(f"{folder}{_LOCK}"):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            _remove(folder)


def _clear(home: Path) -> None:
    for lock in home.glob(f"{_PREFIX}*{_LOCK}"):
        with suppress(Timeout, OSError), FileLock(lock, timeout=0):  # another run is alive, or another person's
            _remove(lock.with_suffix(""))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # Windows removes no file that is open; the next run does
        folder.with_name(folder.name + _LOCK).unlink(missing_ok=True)
