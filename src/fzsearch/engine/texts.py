"""In which texts does a string stand? Texts as UTF-16 units in one mapped file, looked through by numpy.

text.u16     texts in order, each ended by U+0000
starts.npy   first unit of each text, and one more
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.integer[Any]]
"""Numbers of texts, ascending and unique."""

_CHUNK_UNITS = 1 << 18
_CHUNK_TEXTS = 2048
_SAMPLE_UNITS = 1 << 16
_MANY = 3
"""Looking through all texts costs as much as picking out every third one (measured)."""


def units_of(text: str) -> NDArray[np.uint16]:
    """A string as UTF-16 units; halves of surrogate pairs that stand alone are units as any other."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def write_texts(folder: Path, texts: Sequence[str]) -> None:
    """Write the files for texts without U+0000."""
    folder.mkdir()
    units = units_of("".join(text + "\0" for text in texts))
    units.tofile(folder / "text.u16")
    np.save(folder / "starts.npy", np.concatenate([np.zeros(1, np.int64), np.flatnonzero(units == 0) + 1]))


class Texts:
    """The texts opened for reading.

    Attributes:
        units: all texts, each ended by 0.
        starts: the first unit of each, and one more.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "text.u16"
        # An empty file cannot be mapped. Plain arrays: slices of np.memmap cost ten times as much.
        self.units: NDArray[np.uint16] = (
            np.asarray(np.memmap(path, np.uint16, "r")) if path.stat().st_size else np.empty(0, np.uint16)
        )
        self.starts: NDArray[np.int64] = np.asarray(np.load(folder / "starts.npy", mmap_mode="r"))
        self._bytes = self.units.view(np.uint8).data

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
        rarest, found = self._rarest(units), [among[:0]]
        for begin in range(0, among.size, _CHUNK_TEXTS):
            part = among[begin : begin + _CHUNK_TEXTS]
            starts, ends = self.starts[part], self.starts[part + 1]
            slices = [self._bytes[a:b] for a, b in zip((2 * starts).tolist(), (2 * ends).tolist(), strict=True)]
            joined = np.frombuffer(b"".join(slices), np.uint16)
            found.append(part[_numbers(_places(joined, units, rarest), np.cumsum(ends - starts))])
        return np.concatenate(found)

    def _through_all(self, units: NDArray[np.uint16]) -> Rows:
        rarest = self._rarest(units)
        places = [np.empty(0, np.int64)]
        for begin in range(0, self.units.size, _CHUNK_UNITS):
            found = _places(self.units[begin : begin + _CHUNK_UNITS + units.size - 1], units, rarest)
            places.append(found + begin)
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
