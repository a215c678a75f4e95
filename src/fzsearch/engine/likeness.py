"""Which reports hold a string across their sections, and which sections come close to one?

Both count how many of the string's different pairs of characters stand in a report or a section; the first then looks
at the text. A pair that straddles two sections stands in neither: a report may miss one for each border that it has.
"""

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.texts import Rows


def reports_holding(exact: ExactLayer, report_of_row: NDArray[np.int32], norm: str) -> Rows:
    """Numbers of the reports whose normalised texts, joined in order, contain a string; ascending.

    Args:
        exact: texts and pairs, in row order.
        report_of_row: the number of each row's report, ascending.
        norm: normalised, not empty.
    """
    if exact.size == 0 or "\0" in norm:
        return np.empty(0, np.int64)
    pairs = exact.pairs(norm)
    held = np.bincount(report_of_row) - 1  # one for each border, and one for each pair
    for rows in pairs:
        held[np.unique(report_of_row[rows])] += 1
    candidates = np.flatnonzero(held >= len(pairs))
    firsts = np.searchsorted(report_of_row, candidates)
    ends = np.searchsorted(report_of_row, candidates, "right")
    found = [
        report
        for report, first, end in zip(candidates, firsts, ends, strict=True)
        if norm in exact.joined_text(int(first), int(end))
    ]
    return np.array(found, np.int64)


def nearest_rows(exact: ExactLayer, norm: str, limit: int) -> list[int]:
    """The rows that hold most of the different pairs of a string, best first, the shorter text before the longer."""
    shared = np.zeros(exact.size, np.int64)
    for rows in exact.pairs(norm):
        shared[rows] += 1
    best = np.lexsort((np.arange(exact.size), exact.lengths(), -shared))[:limit]
    return [int(row) for row in best if shared[row]]
