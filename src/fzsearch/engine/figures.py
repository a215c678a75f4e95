"""Which figures stand in which rows? Rows, indicators and places in the store of all figures, as mapped arrays."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.facets import Mask

_NO_INDICATOR = ""


def write_figures(folder: Path, facts: Sequence[tuple[int, str, str | None]], row_of: Mapping[str, int]) -> None:
    """Write the arrays.

    Args:
        folder: a new one.
        facts: place in the store, section id and indicator of every figure; figures of a section in their order.
        row_of: the row of every section id.
    """
    folder.mkdir()
    names = sorted({indicator or _NO_INDICATOR for _, _, indicator in facts})
    code_of = {name: code for code, name in enumerate(names)}
    found = sorted(
        ((row_of[section], place, code_of[indicator or _NO_INDICATOR]) for place, section, indicator in facts),
        key=lambda one: one[0],
    )
    np.save(folder / "figures.npy", np.array(found, np.int32).reshape(-1, 3).T)
    (folder / "indicators.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


class FigureRows:
    """The arrays opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._names: list[str] = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
        found: NDArray[np.int32] = np.load(folder / "figures.npy", mmap_mode="r")
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
