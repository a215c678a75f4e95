"""Which reports hold a string across their sections, and which sections come close to one?

A string that stands in no section of a report can only stand across a border of two. Then the last character of the one
and the first of the other are a pair of the string: few borders are so, and only their reports are looked at.
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
    inside = np.unique(report_of_row[exact.find(norm)])
    before, after, pairs = exact.borders
    crossed = np.isin(pairs, exact.keys_of(norm)) & (report_of_row[before] == report_of_row[after])
    candidates = np.setdiff1d(report_of_row[before[crossed]], inside)
    firsts = np.searchsorted(report_of_row, candidates)
    ends = np.searchsorted(report_of_row, candidates, "right")
    across = [
        report
        for report, first, end in zip(candidates, firsts, ends, strict=True)
        if norm in exact.joined_text(int(first), int(end))
    ]
    return np.union1d(inside, np.array(across, np.int64)).astype(np.int64)


def nearest_rows(exact: ExactLayer, norm: str, limit: int) -> list[int]:
    """The rows that hold most of the different pairs of a string, best first, the shorter text before the longer."""
    shared = np.zeros(exact.size, np.int64)
    for rows in exact.pairs(norm):
        shared[rows] += 1
    best = np.lexsort((np.arange(exact.size), exact.lengths(), -shared))[:limit]
    return [int(row) for row in best if shared[row]]
