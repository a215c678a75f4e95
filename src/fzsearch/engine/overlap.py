"""How much of each report stands (nearly) word for word in others, in which, and where does it stand?

Every window of 16 characters of the normalised text, digits masked, is hashed; a window that some other report holds
too is shared. Shared windows of a section that follow each other closely make one passage, with what was changed
between them: at most 8 characters, a name or a number of cases. Where two characters were changed in every 100 (60, 30,
20), 98 % (95, 85, 75) of a passage is found so; of whole windows alone it were 84 % (76, 56, 42).

What more than a twentieth of the townships hold, and more than five of them, is a set phrase, not a copy, and is
counted apart; a township's own years count once, so that what it repeats every year is still told.

All is one sort of hashes. Of large corpora only windows whose hash is divisible by 8 (or more) are looked at; shares
are then estimates: of passages to a few in a hundred, of phrases of less than 30 characters too low.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.exact import ExactLayer

WINDOW = 16
"""Characters. Shorter runs are often names and titles of rules; found by looking at the windows that reports share."""
CHANGED = 8
"""Characters that may differ between two shared windows of one passage."""
COMMON_SHARE, COMMON_LEAST = 0.05, 5
"""What more townships than this share of all, and than this number, hold is a set phrase."""
NEIGHBOURS = 8
"""Of those that share a window, the reports up to so many places before and behind, by key, count as partners."""
MOST_PARTNERS = 10

_BASE = np.uint64(0x9E3779B97F4A7C15)
_ALL_BELOW, _MOST_WINDOWS = 4_000_000, 1 << 24
_CHUNK, _CHUNK_OF_PAIRS = 500_000, 50_000
_LOW = np.uint64(24)
"""Bits of a number of a window, or of a place in a report, in a packed integer; hashes have the other 40."""
_REPORT = np.uint64(20)

Units = NDArray[np.uint64]
Numbers = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shared:
    """What one report shares, by its number: shares of its text from 0 to 1, and the reports that share most."""

    copied: float
    common: float
    partners: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A passage that others hold too: its row, start and end in it, and how many reports hold what stands in it.

    Start and end are in units of the normalised text; `least` and `most` count the report itself.
    """

    row: int
    start: int
    end: int
    is_common: bool
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _Windows:
    """Some windows in the order of the text: first unit and report; one in `step` of all was looked at."""

    places: Numbers
    owners: Numbers
    step: int

    @property
    def reach(self) -> int:
        """How far apart the beginnings of two windows of one passage may be."""
        return WINDOW + CHANGED + 3 * (self.step - 1)

    @property
    def alone(self) -> int:
        """Characters that a passage of one window counts: with its ends, which fall between windows looked at."""
        return WINDOW + 2 * (self.step - 1)

    def where(self, chosen: NDArray[np.bool_] | slice) -> "_Windows":
        """Some of them."""
        return _Windows(self.places[chosen], self.owners[chosen], self.step)


class SharedText:
    """What the reports of a corpus share; keeps only the windows that are shared."""

    def __init__(self, exact: ExactLayer, report_of_row: NDArray[np.int32], place_of_row: NDArray[np.int32]) -> None:
        """Look at all texts: a second or two for a thousand reports.

        Args:
            exact: texts in row order.
            report_of_row: the number of each row's report, ascending.
            place_of_row: the number of its township; negative where that is not known.
        """
        self._exact, self._report_of_row = exact, report_of_row
        self._starts = exact.units()[1]
        hashes, windows = _windows(exact, report_of_row)
        groups, held_by = _groups(hashes, windows.owners)
        del hashes  # 8 bytes for each window
        shared = held_by > 1
        self._windows, groups, self._held_by = windows.where(shared), groups[shared], held_by[shared]
        places = np.where(place_of_row < 0, place_of_row.size + report_of_row, place_of_row)
        spread = _distinct(groups, places[self._rows(self._windows)])
        self._is_common = spread > max(COMMON_LEAST, COMMON_SHARE * np.unique(places).size)
        self.reports = self._shares(groups)

    def _rows(self, windows: _Windows) -> NDArray[np.int64]:
        return np.searchsorted(self._starts, windows.places, "right") - 1

    def _shares(self, groups: Numbers) -> list[Shared]:
        """What each report shares with others, in the order of their numbers."""
        if self._exact.size == 0:
            return []
        length = np.maximum(np.bincount(self._report_of_row, self._exact.lengths()), 1)
        copied = self._windows.where(~self._is_common)
        shares = [np.minimum(self._covered(windows, length.size) / length, 1) for windows in (copied, self._windows)]
        # Sections are moved apart, so that no passage crosses their borders; places count from the first of the report.
        spots = copied.places + self._rows(copied) * copied.reach
        spots -= spots[np.searchsorted(copied.owners, copied.owners)]
        partners = _partners(copied, groups[~self._is_common], spots, length)
        return [
            Shared(round(float(one), 4), round(float(both - one), 4), partners.get(number, {}))
            for number, (one, both) in enumerate(zip(*shares, strict=True))
        ]

    def _covered(self, windows: _Windows, reports: int) -> NDArray[np.float64]:
        begins = np.diff(self._rows(windows), prepend=-1) != 0
        chars = _added(windows, begins, windows.places)
        return np.bincount(windows.owners, chars, reports).astype(np.float64)

    def runs(self, report: int) -> Iterator[Run]:
        """The passages of a report, copied ones by place, then set phrases; these may overlap the first."""
        part = slice(*np.searchsorted(self._windows.owners, [report, report + 1]))
        windows, is_common, held_by = self._windows.where(part), self._is_common[part], self._held_by[part]
        for kind in (False, True):
            yield from self._joined(windows.where(is_common == kind), held_by[is_common == kind], is_common=kind)

    def _joined(self, windows: _Windows, held_by: Numbers, *, is_common: bool) -> Iterator[Run]:
        if not windows.places.size:
            return
        reach, rows = (WINDOW if is_common else windows.reach), self._rows(windows)
        breaks = 1 + np.flatnonzero((np.diff(windows.places) > reach) | (np.diff(rows) != 0))
        for first, end in zip([0, *breaks], [*breaks, rows.size], strict=True):
            start, last = (int(windows.places[at]) - int(self._starts[rows[first]]) for at in (first, end - 1))
            least, most = int(held_by[first:end].min()), int(held_by[first:end].max())
            yield Run(int(rows[first]), start, last + WINDOW, is_common, least, most)


def _windows(exact: ExactLayer, report_of_row: NDArray[np.int32]) -> tuple[Units, _Windows]:
    """The windows that cross no border of sections, with their hashes of 40 bits."""
    units, starts = exact.units()
    step = 1 if units.size < _ALL_BELOW else 8
    while units.size > step * _MOST_WINDOWS // 2:
        step *= 2
    hashes, places = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for begin in range(0, units.size - WINDOW + 1, _CHUNK):
        found = _hashes(np.asarray(units[begin : begin + _CHUNK + WINDOW - 1]))
        chosen = np.flatnonzero((found != 0) & (found % np.uint64(step) == 0))
        hashes.append(found[chosen])
        places.append(chosen + begin)
    most = slice(_MOST_WINDOWS)  # half of it is expected: only a text that repeats one window for ever has more
    joined = np.concatenate(places)[most]
    owners = np.repeat(report_of_row, np.diff(np.searchsorted(joined, starts), append=joined.size))
    return np.concatenate(hashes)[most], _Windows(joined, owners, step)


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
    hashes = ((hashes ^ (hashes >> np.uint64(29))) * _BASE) >> _LOW
    borders = np.concatenate([[0], np.cumsum(values == 0)])
    return np.where(borders[WINDOW:] == borders[:-WINDOW], hashes, np.uint64(0))


def _groups(hashes: Units, owners: Numbers) -> tuple[Numbers, Numbers]:
    """For each window the number of its wording, and how many reports hold that."""
    packed = (hashes << _LOW) | np.arange(hashes.size, dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64(_MOST_WINDOWS - 1)).astype(np.int32)
    packed >>= _LOW
    begins = np.diff(packed, prepend=packed[:1]) != 0
    groups = np.empty(hashes.size, np.int32)
    groups[order] = np.cumsum(begins, dtype=np.int32)
    is_new = begins | (np.diff(owners[order], prepend=-1) != 0)
    is_new[:1] = True
    return groups, np.bincount(groups[order], is_new).astype(np.int32)[groups]


def _distinct(groups: Numbers, values: Numbers) -> Numbers:
    """For each window how many different values its wording has."""
    pairs = _unique(_pairs(groups, values))
    return np.bincount(pairs >> np.int64(32))[groups] if groups.size else np.empty(0, np.int64)


def _pairs(groups: Numbers, values: Numbers) -> NDArray[np.int64]:
    return (groups.astype(np.int64) << np.int64(32)) | values.astype(np.int64)


def _unique(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Different values in order; `np.unique` of numpy 2.3 hashes first and takes five times as long."""
    ordered = np.sort(values)
    found: NDArray[np.int64] = ordered[np.diff(ordered, prepend=-1) != 0]
    return found


def _added(windows: _Windows, begins: NDArray[np.bool_], places: Numbers) -> NDArray[np.int64]:
    """Characters that each window adds to its passage; `begins` where those of another report or section begin."""
    distance = np.diff(places, prepend=0)
    return np.where(begins | (distance > windows.reach), windows.alone, distance)


def _partners(
    windows: _Windows, groups: Numbers, spots: NDArray[np.int64], length: NDArray[np.float64]
) -> dict[int, dict[int, float]]:
    """For each report those that hold most of it, best first."""
    mine = _pairs(groups, windows.owners)
    pairs = _unique(mine)
    groups_held, holders = (pairs >> np.int64(32)).astype(np.int32), (pairs & np.int64(0xFFFFFFFF)).astype(np.int32)
    own = np.searchsorted(pairs, mine)
    found: dict[int, dict[int, float]] = {}
    begin = 0
    while begin < groups.size:
        last = windows.owners[min(begin + _CHUNK_OF_PAIRS, groups.size - 1)]
        part = slice(begin, int(np.searchsorted(windows.owners, last, "right")))
        triples = []
        for distance in (*range(-NEIGHBOURS, 0), *range(1, NEIGHBOURS + 1)):
            other = own[part] + distance
            inside = np.flatnonzero((other >= 0) & (other < pairs.size))
            same = inside[groups_held[other[inside]] == groups[part][inside]]
            triples.append(_packed(windows.owners[part][same], holders[other[same]], spots[part][same]))
        _add_best(found, np.concatenate(triples), windows, length)
        begin = part.stop
    return found


def _packed(owners: Numbers, others: Numbers, spots: NDArray[np.int64]) -> Units:
    """Report, partner and place in one integer, that sorts as the three do."""
    pair = (owners.astype(np.uint64) << _REPORT) | others.astype(np.uint64)
    return (pair << _LOW) | np.minimum(spots, _MOST_WINDOWS - 1).astype(np.uint64)


def _add_best(
    found: dict[int, dict[int, float]], packed: Units, windows: _Windows, length: NDArray[np.float64]
) -> None:
    packed.sort()
    spots, pairs = (packed & np.uint64(_MOST_WINDOWS - 1)).astype(np.int64), packed >> _LOW
    begins = np.diff(pairs, prepend=np.uint64(0)) != 0
    if begins.size:
        begins[0] = True
    chars_added = _added(windows, begins, spots)
    firsts = np.flatnonzero(begins)
    chars = np.add.reduceat(chars_added, firsts) if firsts.size else chars_added
    ones, others = np.divmod(pairs[firsts].astype(np.int64), 1 << int(_REPORT))
    best = np.lexsort((others, -chars, ones))
    ranks = np.arange(best.size) - np.searchsorted(ones[best], ones[best])
    for at in best[ranks < MOST_PARTNERS].tolist():
        one = int(ones[at])
        found.setdefault(one, {})[int(others[at])] = round(min(float(chars[at] / length[one]), 1.0), 4)
