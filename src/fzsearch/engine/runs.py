"""How are postings sorted that may not fit in memory? Packed into 64 bits, sorted in runs on disk, merged by key.

A posting is a key of 32 bits (a pair of characters, the number of a word), a row of 24 and a frequency of 8, packed in
this order: sorting the numbers sorts postings by key and row, and nothing has to be carried along. Where every
occurrence is kept, a row has 23 bits and its place in the row 9.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fzsearch.errors import EngineError

PLACE_BITS = 9
MAX_ROWS = 1 << 32 - PLACE_BITS
MAX_TF = 255
RUN_POSTINGS = 1 << 23
"""Postings that are sorted at once: 64 MB."""

Packed = NDArray[np.uint64]
_KEY, _ROW = np.uint64(32), np.uint64(8)


def keys_of(packed: Packed) -> NDArray[np.uint32]:
    """The key of each posting."""
    return (packed >> _KEY).astype(np.uint32)


def rows_of(packed: Packed) -> NDArray[np.uint32]:
    """The row of each posting."""
    return packed.astype(np.uint32) >> np.uint32(_ROW)


def tfs_of(packed: Packed) -> NDArray[np.uint8]:
    """The frequency of each posting."""
    return packed.astype(np.uint8)


def firsts_of(ascending: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Where each of some ascending numbers comes first."""
    is_first = np.ones(ascending.size, np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


class Runs:
    """Collects occurrences row by row, gives postings key by key."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._ends = [0]

    @property
    def size(self) -> int:
        """Number of postings."""
        return self._ends[-1]

    def add(
        self, keys: NDArray[np.uint32], rows: NDArray[np.int64], places: NDArray[np.integer[Any]] | None = None
    ) -> None:
        """Add occurrences, at best some millions; a row comes in one call only, and after all smaller ones.

        With places, each below 1 << PLACE_BITS, every occurrence is a posting of its own.

        Raises:
            EngineError: there are too many rows.
        """
        if rows.size and rows[-1] >= MAX_ROWS:
            raise EngineError(f"一次最多写入 {MAX_ROWS} 段；请把语料分成几个目录，各建一个索引")
        packed = keys.astype(np.uint64) << _KEY
        packed |= rows.astype(np.uint64) << (_ROW if places is None else np.uint64(PLACE_BITS))
        if places is not None:
            packed |= places.astype(np.uint64)
        packed.sort()
        if places is None:
            first = firsts_of(packed)
            counts = np.diff(first, append=packed.size)
            packed = packed[first] | np.minimum(counts, MAX_TF).astype(np.uint64)
        packed.tofile(self._file)
        self._ends.append(self._ends[-1] + packed.size)

    def sorted(self) -> Iterator[Packed]:
        """All postings in order, in portions that end with a key."""
        self._file.flush()
        if not self.size:
            return
        mapped = np.asarray(np.memmap(self._file, np.uint64, "r"))
        runs = [mapped[begin:end] for begin, end in zip(self._ends, self._ends[1:], strict=False)]
        while runs := [run for run in runs if run.size]:
            reach = max(RUN_POSTINGS // len(runs), 1)
            # The first key of which not all postings are known to lie within reach is the end of the portion.
            ends = [run[reach] >> _KEY for run in runs if run.size > reach]
            begin = min(run[0] >> _KEY for run in runs)
            end = max(min(ends), begin + np.uint64(1)) if ends else np.uint64(1) << _KEY
            cuts = [int(np.searchsorted(run, end << _KEY)) if end >> _KEY == 0 else run.size for run in runs]
            portion = np.concatenate([run[:cut] for run, cut in zip(runs, cuts, strict=True)])
            if len(runs) > 1:
                portion.sort()
            yield portion
            runs = [run[cut:] for run, cut in zip(runs, cuts, strict=True)]

    def close(self) -> None:
        """Give the space back."""
        self._file.close()
