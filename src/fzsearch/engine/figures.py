"""Which figures stand in which rows? Rows, indicators and places in the store of all figures, as mapped arrays."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.arrays import load_array, map_array
from fzsearch.engine.facets import Column, Mask

_NO_INDICATOR = ""


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """Row, place in the store and indicator of figures; those of a row in their order."""

    rows: NDArray[np.int32]
    places: NDArray[np.int32]
    indicators: Column

    @classmethod
    def of(cls, rows: Sequence[int], first: int, indicators: Sequence[str | None]) -> "FigureFacts":
        """Figures that follow each other in the store, beginning with that one."""
        places = np.arange(first, first + len(rows), dtype=np.int32)
        return cls(np.array(rows, np.int32), places, Column.of([one or _NO_INDICATOR for one in indicators]))

    @classmethod
    def read(cls, folder: Path) -> "FigureFacts":
        """The figures that `write` wrote."""
        rows, places, codes = load_array(folder / "figures.npy")
        return cls(rows, places, Column(json.loads((folder / "indicators.json").read_text(encoding="utf-8")), codes))

    def write(self, folder: Path, row_of: NDArray[np.int64]) -> None:
        """Write the arrays, with new rows for the old ones; figures of row -1 are left out."""
        folder.mkdir()
        rows = row_of[self.rows]
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] >= 0]
        indicators = self.indicators.take(order).tidy()
        found = [rows[order].astype(np.int32), self.places[order], indicators.codes]
        np.save(folder / "figures.npy", np.stack(found))
        (folder / "indicators.json").write_text(json.dumps(indicators.values, ensure_ascii=False), encoding="utf-8")

    def __add__(self, other: "FigureFacts") -> "FigureFacts":
        """Both; the rows of `other` are moved by the caller."""
        rows, places = np.concatenate([self.rows, other.rows]), np.concatenate([self.places, other.places])
        return FigureFacts(rows, places, self.indicators + other.indicators)

    def moved(self, by: int) -> "FigureFacts":
        """The same figures in rows further down."""
        return replace(self, rows=self.rows + np.int32(by))


class FigureRows:
    """The arrays opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._names: list[str] = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
        found: NDArray[np.int32] = map_array(folder / "figures.npy")
        self._rows, self._places, self._codes = found

    def places(self, mask: Mask, indicator: str | None) -> list[int]:
        """Where in the store the figures in these rows stand, of one indicator or, for None, of all; in order."""
        chosen = mask[self._rows]
        if indicator is not None:
            chosen &= self._codes == (self._names.index(indicator) if indicator in self._names else -1)
        return [int(place) for place in self._places[chosen]]

    def counts(self, mask: Mask) -> dict[str | None, int]:
        """Figures of each indicator in these rows."""
        counted = np.bincount(self._codes[mask[self._rows]], minlength=len(self._names))
        return {name or None: int(count) for name, count in zip(self._names, counted, strict=True) if count}
