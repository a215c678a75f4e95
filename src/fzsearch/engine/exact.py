"""In which sections does a string stand, exactly? Postings of character pairs, then a look at the text.

Words cannot answer this (measured: jieba finds 36 to 43 % of random substrings). All arrays are files mapped into
memory:

    text.u16     normalised texts in row order, each ended by U+0000, as UTF-16 units
    starts.npy   first unit of each row, and one more
    keys.npy     sorted pairs of units, first unit in the high half
    offsets.npy  for each key where its occurrences begin, and one more
    places.npy   occurrences, ascending within a key: in the high 23 bits a row, in the low 9 where the pair stands in
                 it, without as many low bits of that offset as make it fit (none in rows of up to 512 units)

Units of UTF-16, so that a key has 32 bits; a match of units is a match of characters, because halves of a surrogate
pair are never mistaken for anything else. Every character begins a pair, the last one with U+0000. A longer string is
looked for in the texts where its rarest pair stands.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.arrays import map_array
from fzsearch.engine.cache import ByteCache
from fzsearch.engine.runs import MAX_TF, PLACE_BITS, firsts_of
from fzsearch.engine.texts import Rows, Texts, units_of

_CACHE_BYTES = 16 << 20
_ROW, _PLACE = np.uint32(PLACE_BITS), np.uint32((1 << PLACE_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows, ascending and unique, with the frequency in each."""

    rows: Rows
    tfs: NDArray[np.float32]


NO_POSTINGS = Postings(np.empty(0, np.int64), np.empty(0, np.float32))


class ExactLayer:
    """The exact layer opened for reading; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._texts = Texts(folder)
        self._keys, self._offsets, self._places = (
            map_array(folder / f"{name}.npy") for name in ("keys", "offsets", "places")
        )
        self._found: ByteCache[str, Rows] = ByteCache(_CACHE_BYTES, lambda rows: rows.nbytes)

    @property
    def size(self) -> int:
        """Number of rows."""
        return self._texts.size

    def lengths(self) -> NDArray[np.float32]:
        """Units of each row."""
        return self._texts.lengths().astype(np.float32)

    def text(self, row: int) -> str:
        """The normalised text of a row."""
        return self._texts.text(row)

    def units(self) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """All texts as units, each ended by 0, and the first unit of each row."""
        return self._texts.units, self._texts.starts[:-1]

    def joined_text(self, first: int, end: int) -> str:
        """The normalised texts of successive rows, without anything between them."""
        return self._texts.joined(first, end)

    def find(self, norm: str) -> Rows:
        """Rows whose text contains a normalised string, ascending; all rows for the empty string."""
        return self._found.get(norm, lambda: self._find(norm))

    @cached_property
    def borders(self) -> tuple[Rows, Rows, NDArray[np.uint32]]:
        """Rows that follow each other, empty ones left out: the first, the second, the pair of units that they make."""
        firsts, lasts = self.ends()
        rows = np.flatnonzero(firsts)
        before, after = rows[:-1], rows[1:]
        return before, after, (lasts[before].astype(np.uint32) << np.uint32(16)) | firsts[after]

    def ends(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """The first and the last unit of each row, 0 for empty ones."""
        units, starts = self._texts.units, self._texts.starts
        lasts = units[np.maximum(starts[1:] - 2, 0)] if units.size else units
        return units[starts[:-1]], np.where(np.diff(starts) > 1, lasts, np.uint16(0))

    def keys_of(self, norm: str) -> NDArray[np.uint32]:
        """The pairs of units in a string, as they stand in keys.npy."""
        units = units_of(norm).astype(np.uint32)
        return (units[:-1] << np.uint32(16)) | units[1:]

    def _find(self, norm: str) -> Rows:
        units = units_of(norm)
        if "\0" in norm:  # the separator of rows stands in no normalised text
            return NO_POSTINGS.rows
        if units.size == 0:
            return np.arange(self.size)
        if units.size <= 2:  # noqa: PLR2004
            return self.gram(norm).rows
        parts = [(self._between(key, key), at) for at, key in enumerate(self.keys_of(norm).tolist())]
        places, offset = min(parts, key=lambda part: part[0].size)
        first = firsts_of(places >> _ROW)
        counts = np.diff(first, append=places.size)
        mask = np.zeros(self.size, np.bool_)
        # Most rows that hold the string hold it where the pair stands first.
        asked = places.take(first)
        mask[self._texts.standing(units, asked >> _ROW, asked & _PLACE, offset)] = True
        left = np.flatnonzero(~mask.take(asked >> _ROW))
        asked = places.take(_ranges(first[left] + 1, counts[left] - 1))
        mask[self._texts.standing(units, asked >> _ROW, asked & _PLACE, offset)] = True
        return np.flatnonzero(mask)

    def pairs(self, norm: str) -> list[Rows]:
        """The rows of each different pair of units in a normalised string, or of its one unit."""
        keys = self.keys_of(norm).tolist()
        return [self._of_pair(key).rows for key in dict.fromkeys(keys)] if keys else [self.gram(norm).rows]

    def gram(self, gram: str) -> Postings:
        """Postings of a string of one unit or two."""
        units = units_of(gram).tolist()
        if len(units) == 1:
            return self._of_unit(units[0])
        return self._of_pair((units[0] << 16) | units[1]) if len(units) == 2 else NO_POSTINGS  # noqa: PLR2004

    def _between(self, first: int, last: int) -> NDArray[np.uint32]:
        """The occurrences of some keys."""
        begin = np.searchsorted(self._keys, np.uint32(first))
        end = np.searchsorted(self._keys, np.uint32(last), "right")
        return self._places[int(self._offsets[begin]) : int(self._offsets[end])]

    def _of_pair(self, key: int) -> Postings:
        rows = self._between(key, key) >> _ROW
        first = firsts_of(rows)
        return Postings(rows[first], np.minimum(np.diff(first, append=rows.size), MAX_TF).astype(np.float32))

    def _of_unit(self, unit: int) -> Postings:
        """All pairs that begin with a unit, added up."""
        tfs = np.bincount(self._between(unit << 16, (unit << 16) | 0xFFFF) >> _ROW, minlength=self.size)
        rows = np.flatnonzero(tfs)
        return Postings(rows, np.minimum(tfs[rows], MAX_TF).astype(np.float32))


def _ranges(begins: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """So many numbers from each beginning on, one range after the other."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(begins - before, sizes) + np.arange(sizes.sum())
