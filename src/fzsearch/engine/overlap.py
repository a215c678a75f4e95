"""How much of each report stands word for word in others, and in which?

Every window of 16 characters of the normalised text, digits masked, is hashed; a window that some other report holds
too is shared. What many reports hold is a set phrase, not a copy: a window in more than a twentieth of the reports, and
in more than five, is common. All is one sort of (hash, report) pairs. Of large corpora only the windows whose hash is
divisible by 8 are looked at; shares are then estimates, of a report of 10,000 characters to about one in a hundred.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.exact import ExactLayer

WINDOW = 16
"""Characters. Shorter runs are often names and titles of rules; found by looking at the windows that reports share."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_REPORT_BITS = 20
_ALL_BELOW = 4_000_000
_CHUNK = 4_000_000
_SAMPLED = 8
_MOST_IN_PAIRS = 8
_MOST_PARTNERS = 5
_COMMON_SHARE, _COMMON_LEAST = 0.05, 5

Units = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Shared:
    """What one report shares, by its number: shares of its windows from 0 to 1, and the reports that share most."""

    copied: float
    common: float
    partners: Mapping[int, float]


def shared_by_report(exact: ExactLayer, report_of_row: NDArray[np.int32]) -> list[Shared]:
    """What each report shares with others, in the order of their numbers."""
    if exact.size == 0:
        return []
    reports = int(report_of_row[-1]) + 1
    hashes, owners = _windows(exact, report_of_row)
    packed = (hashes << np.uint64(_REPORT_BITS)) | owners.astype(np.uint64)
    packed, times = np.unique(packed, return_counts=True)
    owner = (packed & np.uint64((1 << _REPORT_BITS) - 1)).astype(np.int64)
    group = packed >> np.uint64(_REPORT_BITS)
    _, inverse, held_by = np.unique(group, return_inverse=True, return_counts=True)
    spread = held_by[inverse]
    whole = np.maximum(np.bincount(owner, times, reports), 1)
    is_common = spread > max(_COMMON_LEAST, _COMMON_SHARE * reports)
    copied = np.bincount(owner, times * ((spread > 1) & ~is_common), reports) / whole
    common = np.bincount(owner, times * is_common, reports) / whole
    partners = _partners(group, owner, spread, whole)
    return [Shared(round(float(copied[n]), 4), round(float(common[n]), 4), partners.get(n, {})) for n in range(reports)]


def _windows(exact: ExactLayer, report_of_row: NDArray[np.int32]) -> tuple[Units, NDArray[np.int64]]:
    """The hash of every window that crosses no border of sections, of 44 bits, and the report that it stands in."""
    units, starts = exact.units()
    step = 1 if units.size < _ALL_BELOW else _SAMPLED
    hashes, places = [], []
    for begin in range(0, units.size - WINDOW + 1, _CHUNK):
        found = _hashes(np.asarray(units[begin : begin + _CHUNK + WINDOW - 1]))
        chosen = np.flatnonzero((found != 0) & (found % np.uint64(step) == 0))
        hashes.append(found[chosen])
        places.append(chosen + begin)
    if not hashes:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    rows = np.searchsorted(starts, np.concatenate(places), "right") - 1
    return np.concatenate(hashes), report_of_row[rows].astype(np.int64)


def _hashes(units: NDArray[np.generic]) -> Units:
    """The hash of the window at each place, 0 where it crosses a border."""
    values = units.astype(np.uint64)
    values[(values >= ord("0")) & (values <= ord("9"))] = ord("0")
    hashes, factor, length = (values + np.uint64(1)) * _BASE, _BASE, 1
    while length < WINDOW:  # a window of 2n is two of n
        hashes = hashes[:-length] * factor + hashes[length:]
        with np.errstate(over="ignore"):
            factor = factor * factor
        length *= 2
    hashes = ((hashes ^ (hashes >> np.uint64(29))) * _BASE) >> np.uint64(_REPORT_BITS)
    borders = np.concatenate([[0], np.cumsum(values == 0)])
    return np.where(borders[WINDOW:] == borders[:-WINDOW], hashes, np.uint64(0))


def _partners(
    group: Units, owner: NDArray[np.int64], spread: NDArray[np.int64], whole: NDArray[np.float64]
) -> dict[int, dict[int, float]]:
    """For each report those that hold most of its windows; windows in more than eight reports tell no pair."""
    reports = len(whole)
    kept = (spread > 1) & (spread <= _MOST_IN_PAIRS)
    group, owner = group[kept], owner[kept]
    pairs = []
    for distance in range(1, _MOST_IN_PAIRS):
        same = group[distance:] == group[:-distance]
        one, other = owner[:-distance][same], owner[distance:][same]
        pairs += [one * reports + other, other * reports + one]
    keys, times = np.unique(np.concatenate(pairs), return_counts=True) if pairs else (np.empty(0, np.int64),) * 2
    best = np.lexsort((keys, -times))
    found: dict[int, dict[int, float]] = {}
    for at in best:
        one, other = divmod(int(keys[at]), reports)
        mine = found.setdefault(one, {})
        if len(mine) < _MOST_PARTNERS:
            mine[other] = round(float(times[at] / whole[one]), 4)
    return found
