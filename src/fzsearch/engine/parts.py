"""How do parts that were written one after the other read as one index?

A change of few reports must not copy the texts of all: it writes a new *part* beside the parts of the generation
before, which are linked and never changed. A part is a store file, an exact layer and a segment of words, over rows of
its own. `origin.npy` tells for every row of the index its part and its row there; what is small (facets, figures) is
written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.exact import ExactLayer, Postings
from fzsearch.engine.texts import Rows

MOST_PARTS = 8
"""SQLite joins ten files at most, and each part costs a look of its own."""
_SMALL_SHARE = 0.5
"""Parts that hold more than this share of the largest one are merged with it."""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What the manifest says of a part: its folder, how many rows it has, and the reports in it that count no more."""

    name: str
    rows: int
    dead: tuple[str, ...] = ()


def parts_to_merge(sizes: Sequence[int], alive: Sequence[int]) -> set[int]:
    """The parts to be written anew as one with what comes, by number, given their rows and the ones that count."""
    found = {number for number, size in enumerate(sizes) if 2 * alive[number] <= size}
    if len(sizes) - len(found) >= MOST_PARTS:
        found |= set(range(len(sizes))) - {sizes.index(max(sizes))}
    left = set(range(len(sizes))) - found
    if left and sum(alive[number] for number in found) > _SMALL_SHARE * max(alive[number] for number in left):
        found |= left
    return found


def local_to_row(origin: NDArray[np.int32], number: int, size: int) -> NDArray[np.int64]:
    """For each row of a part its row in the index, -1 where it counts no more."""
    parts, local = origin
    rows = np.full(size, -1, np.int64)
    here = np.flatnonzero(parts == number)
    rows[local[here]] = here
    return rows


def open_exact(folders: Sequence[Path], origin: NDArray[np.int32]) -> ExactLayer:
    """The exact layers of all parts as one."""
    layers = [ExactLayer(folder) for folder in folders]
    if len(layers) == 1 and np.array_equal(origin[1], np.arange(layers[0].size)):
        return layers[0]
    return PartedExact(layers, origin)


class PartedExact(ExactLayer):
    """Exact layers read as one; answers all that `ExactLayer` does."""

    def __init__(self, layers: Sequence[ExactLayer], origin: NDArray[np.int32]) -> None:
        self._layers = layers
        self._origin = origin
        self._maps = [local_to_row(origin, number, layer.size) for number, layer in enumerate(layers)]

    @property
    def size(self) -> int:
        """Number of rows."""
        return int(self._origin.shape[1])

    def lengths(self) -> NDArray[np.float32]:
        """Units of each row."""
        parts, local = self._origin
        found = np.empty(self.size, np.float32)
        for number, layer in enumerate(self._layers):
            here = parts == number
            found[here] = layer.lengths()[local[here]]
        return found

    def text(self, row: int) -> str:
        """The normalised text of a row."""
        part, local = self._origin[:, row]
        return self._layers[int(part)].text(int(local))

    def joined_text(self, first: int, end: int) -> str:
        """The normalised texts of successive rows, without anything between them."""
        return "".join(map(self.text, range(first, end)))

    def units(self) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """All texts as units, each ended by 0, and the first unit of each row."""
        ends = np.cumsum(self.lengths().astype(np.int64) + 1)
        units = np.zeros(int(ends[-1]) if self.size else 0, np.uint16)
        starts = np.concatenate([[0], ends[:-1]]) if self.size else ends
        for number, layer in enumerate(self._layers):
            texts, firsts = layer.units()
            for local, row in enumerate(self._maps[number].tolist()):
                if row >= 0:
                    size = int(ends[row] - starts[row])
                    units[starts[row] : ends[row]] = texts[int(firsts[local]) :][:size]
        return units, starts

    def ends(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """The first and the last unit of each row, 0 for empty ones."""
        found = np.zeros((2, self.size), np.uint16)
        for rows, layer in zip(self._maps, self._layers, strict=True):
            found[:, rows[rows >= 0]] = np.stack(layer.ends())[:, rows >= 0]
        return found[0], found[1]

    def find(self, norm: str) -> Rows:
        """Rows whose text contains a normalised string, ascending; all rows for the empty string."""
        return self._joined([layer.find(norm) for layer in self._layers])

    def pairs(self, norm: str) -> list[Rows]:
        """The rows of each different pair of units in a normalised string, or of its one unit."""
        return [self._joined(found) for found in zip(*(layer.pairs(norm) for layer in self._layers), strict=True)]

    def gram(self, gram: str) -> Postings:
        """Postings of a string of one unit or two."""
        tfs = np.zeros(self.size + 1, np.float32)
        for rows, found in zip(self._maps, (layer.gram(gram) for layer in self._layers), strict=True):
            tfs[rows.take(found.rows)] = found.tfs
        rows = np.flatnonzero(tfs[:-1])
        return Postings(rows, tfs.take(rows))

    def _joined(self, found: Sequence[Rows]) -> Rows:
        mask = np.zeros(self.size + 1, np.bool_)  # the last one stands for rows that count no more
        for rows, one in zip(self._maps, found, strict=True):
            mask[rows.take(one)] = True
        return np.flatnonzero(mask[:-1])
