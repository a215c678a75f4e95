"""How are all texts of a cluster compared with each other? They are fetched to this machine, for as long as needed."""

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.exact_writer import ExactWriter
from fzsearch.engine.overlap import SharedText


class Mirror:
    """All normalised texts in row order, for what compares every text with every other."""

    def __init__(self, hits: Iterable[Any]) -> None:
        self.ids: list[str] = []
        owners, townships = list[str](), list[int | None]()
        # The files are mapped: they stay readable when the folder is gone.
        with tempfile.TemporaryDirectory(prefix="fzsearch-texts-") as folder:
            with closing(ExactWriter(Path(folder, "exact"))) as writer:
                for hit in hits:
                    writer.add(hit["_source"]["stored"]["norm"])
                    self.ids.append(hit["_id"])
                    owners.append(hit["sort"][0])
                    townships.append(hit["_source"].get("township_no"))
                writer.finish()
            self.exact = ExactLayer(Path(folder, "exact"))
            self.keys = sorted(set(owners))
            self.shared = SharedText(self.exact, _numbers(owners), _numbers(townships))

    def ids_of(self, rows: Iterable[int]) -> list[str]:
        """The section ids of rows, in that order."""
        return [self.ids[row] for row in rows]


def _numbers(names: Sequence[Any]) -> NDArray[np.int32]:
    """A number for each name, in the order of names; -1 for None."""
    known = sorted({name for name in names if name is not None})
    number_of = {name: number for number, name in enumerate(known)}
    return np.array([-1 if name is None else number_of[name] for name in names], np.int32)
