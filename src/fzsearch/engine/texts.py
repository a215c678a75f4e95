"""In which texts does a string stand? Texts as UTF-16 units in one mapped file, looked through by numpy.

text.u16     texts in order, each ended by U+0000
starts.npy   first unit of each text, and one more
"""

import mmap
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.arrays import map_array
from fzsearch.engine.runs import PLACE_BITS

Rows = NDArray[np.integer[Any]]
"""Numbers of texts, ascending and unique."""
Mask = NDArray[np.bool_]

_CHUNK_UNITS = 1 << 18
_CHUNK_TEXTS = 2048
_SAMPLE_UNITS = 1 << 16
_LARGE_BYTES = 16 << 20
_LENGTH_BITS = 40
_MOST_SHIFT = 4
"""Where more low bits are left out, looking through the text is cheaper than trying every offset."""
_WINDOW_UNITS = 16
_MANY = 3
"""Looking through all texts costs as much as picking out every third one (measured)."""


def units_of(text: str) -> NDArray[np.uint16]:
    """A string as UTF-16 units; halves of surrogate pairs that stand alone are units as any other."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def shifts_of(lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    """How many low bits of an offset into texts of these lengths are left out, so that it fits into PLACE_BITS."""
    return np.searchsorted(1 << np.arange(PLACE_BITS, _LENGTH_BITS), lengths).astype(np.uint8)


def write_texts(folder: Path, texts: Sequence[str]) -> None:
    """Write the files for texts without U+0000."""
    folder.mkdir()
    units = units_of("".join(text + "\0" for text in texts))
    units.tofile(folder / "text.u16")
    np.save(folder / "starts.npy", np.concatenate([np.zeros(1, np.int64), np.flatnonzero(units == 0) + 1]))


def write_reordered(folder: Path, base: Path | None, more: Sequence[str], order: NDArray[np.int64]) -> None:
    """Write the files for the texts of another folder and some more, in an order that may leave texts out."""
    units, ends = units_of("".join(text + "\0" for text in more)), np.zeros(1, np.int64)
    if base is not None:
        old = Texts(base)
        units, ends = np.concatenate([old.units, units]), old.starts
    starts = np.concatenate([ends, ends[-1] + np.flatnonzero(units[ends[-1] :] == 0) + 1])
    lengths = np.diff(starts)[order]
    moved = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    folder.mkdir()
    units[np.repeat(starts[:-1][order] - moved[:-1], lengths) + np.arange(moved[-1])].tofile(folder / "text.u16")
    np.save(folder / "starts.npy", moved)


class Texts:
    """The texts opened for reading.

    Attributes:
        units: all texts, each ended by 0.
        starts: the first unit of each, and one more.
    """

    def __init__(self, folder: Path) -> None:
        with (folder / "text.u16").open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            # An empty file cannot be mapped.
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else None
        self.units: NDArray[np.uint16] = np.frombuffer(self._mapped or b"", np.uint16)
        self.starts: NDArray[np.int64] = map_array(folder / "starts.npy")
        self._bytes = self.units.view(np.uint8).data

    @cached_property
    def _shifts(self) -> NDArray[np.uint8]:
        return shifts_of(self.lengths())

    @property
    def size(self) -> int:
        """Number of texts."""
        return len(self.starts) - 1

    def lengths(self) -> NDArray[np.int64]:
        """Units of each text."""
        return np.diff(self.starts) - 1

    def text(self, number: int) -> str:
        """One text."""
        return self.joined(number, number + 1)

    def joined(self, first: int, end: int) -> str:
        """Successive texts without anything between them."""
        units = self.units[int(self.starts[first]) : int(self.starts[end])]
        return units.tobytes().decode("utf-16-le", "surrogatepass").replace("\0", "")

    def find(self, text: str) -> Rows:
        """The numbers of the texts that contain a string; all for the empty one."""
        units = units_of(text)
        if units.size == 0:
            return np.arange(self.size)
        return self._through_all(units) if "\0" not in text else np.empty(0, np.int64)

    def holding(self, units: NDArray[np.uint16], among: Rows) -> Rows:
        """Those of some texts that contain a string, which is not empty and without 0."""
        if among.size * _MANY > self.size:
            mask = np.zeros(self.size, np.bool_)
            mask[self._through_all(units)] = True
            return among[mask[among]]
        if not among.size:
            return among
        rarest, found = self._rarest(units), [among[:0]]
        for begin in range(0, among.size, _CHUNK_TEXTS):
            part = among[begin : begin + _CHUNK_TEXTS]
            starts, ends = self.starts[part], self.starts[part + 1]
            slices = [self._bytes[a:b] for a, b in zip((2 * starts).tolist(), (2 * ends).tolist(), strict=True)]
            joined = np.frombuffer(b"".join(slices), np.uint16)
            found.append(part[_numbers(_places(joined, units, rarest), np.cumsum(ends - starts))])
        return np.concatenate(found)

    def standing(self, units: NDArray[np.uint16], texts: Rows, places: Rows, offset: int) -> Rows:
        """The texts in which a string stands so that its unit at `offset` is in a place: an offset by `shifts_of`.

        A text may be given with several places. Very long ones are looked through from end to end.
        """
        texts, last = texts.astype(np.int64), self.units.size - units.size
        shifts = self._shifts.take(texts)
        begins = self.starts.take(texts) + (places.astype(np.int64) << shifts) - offset
        found: list[Rows] = [self.holding(units, np.unique(texts[shifts > _MOST_SHIFT]))]
        left = np.flatnonzero(shifts <= _MOST_SHIFT) if last >= 0 else texts[:0]
        for step in range(1 << _MOST_SHIFT):
            if not left.size:
                break
            # Clipped, a place is of the first text, where it counts, or so near the end that the last 0 is in reach.
            is_here = self._is_at(units, (begins.take(left) + step).clip(0, last))
            here = left[np.flatnonzero(is_here)]
            if step:
                here = here[begins[here] + step < self.starts[texts[here] + 1]]
            found.append(texts.take(here))
            left = left[np.flatnonzero(~is_here & (1 << shifts.take(left) > step + 1))]
        return np.concatenate(found)

    def _is_at(self, wanted: NDArray[np.uint16], begins: NDArray[np.int64]) -> Mask:
        """Whether a string stands at each of some units, none so near the end that it would not fit."""
        is_here = np.ones(begins.size, np.bool_)
        for begin in range(0, wanted.size, _WINDOW_UNITS):
            part = wanted[begin : begin + _WINDOW_UNITS]
            shape = (self.units.size - part.size + 1,)
            windows: NDArray[np.bytes_] = np.ndarray(shape, f"S{2 * part.size}", self._bytes, 0, (2,))
            here = np.flatnonzero(is_here)
            is_here[here] = windows[begins.take(here) + begin] == part.tobytes()
        return is_here

    def _through_all(self, units: NDArray[np.uint16]) -> Rows:
        rarest = self._rarest(units)
        places = [np.empty(0, np.int64)]
        for begin in range(0, self.units.size, _CHUNK_UNITS):
            found = _places(self.units[begin : begin + _CHUNK_UNITS + units.size - 1], units, rarest)
            places.append(found + begin)
        if self._mapped is not None and len(self._mapped) > _LARGE_BYTES and hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)  # the system still has it, but it counts for no process
        return _numbers(np.concatenate(places), self.starts[1:])

    def _rarest(self, units: NDArray[np.uint16]) -> int:
        """Which unit of a string to look for first."""
        sample = self.units[:_SAMPLE_UNITS]
        return min(range(units.size), key=lambda offset: np.count_nonzero(sample == units[offset]))


def _numbers(places: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of the texts, given where each ends, in which places lie; ascending and unique."""
    return np.flatnonzero(np.diff(np.searchsorted(places, ends), prepend=0))


def _places(text: NDArray[np.uint16], wanted: NDArray[np.uint16], rarest: int) -> NDArray[np.int64]:
    """Where a string begins in a text; the unit at offset `rarest` is looked for first."""
    last = max(0, text.size - wanted.size + 1)
    found = np.flatnonzero(text[rarest : rarest + last] == wanted[rarest])
    for offset in range(wanted.size):
        if offset != rarest and found.size:
            found = found[text[found + offset] == wanted[offset]]
    return found
