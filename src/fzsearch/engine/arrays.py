"""How is a kept array opened?"""

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_opening = threading.Lock()
if hasattr(os, "register_at_fork"):  # a process forked while a thread opens an array must not wait for it for ever
    os.register_at_fork(before=_opening.acquire, after_in_parent=_opening.release, after_in_child=_opening.release)


def load_array(path: Path) -> NDArray[Any]:
    """The array that `numpy.save` wrote to a file, read into memory. Raises OSError, ValueError."""
    return _load(path, mapped=False)


def map_array(path: Path) -> NDArray[Any]:
    """The array that `numpy.save` wrote to a file, mapped: read where it is looked at. Raises OSError, ValueError."""
    return np.asarray(_load(path, mapped=True))


def _load(path: Path, *, mapped: bool) -> NDArray[Any]:
    # numpy reads the head of the file by `ast.literal_eval`, which may fail where threads do so at once: "SystemError:
    # AST constructor recursion depth mismatch" (github.com/python/cpython/pull/113035, mended in December 2023;
    # Debian 12 has an older Python). A search opens arrays when it first needs them, and many threads search.
    with _opening:
        found: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None)
    return found
