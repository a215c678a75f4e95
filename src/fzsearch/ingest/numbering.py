"""Which numbered lines are headings, and how deep does each stand?

A scanner that knows the numbers before and after: a number counts when it begins a list, goes on with one, or fills a
gap. Sources: DOMAIN §3, MEASURED-reading §3 (traps 3, 4, 16, 17, 20 to 27).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from fzsearch.ingest.headings import bare_words, is_part_title, stands_alone
from fzsearch.ingest.markers import Marker, Style, find_marker
from fzsearch.ingest.parts import part_of_heading
from fzsearch.model import Part

_MAX_LEVEL = 3
_MAX_GAP = 3  # a number or two may be lost, a jump further is no heading
_ITEM_CHARS = 60
_HEADING_CHARS = 25


@dataclass(frozen=True, slots=True)
class Start:
    """Where a section begins.

    Attributes:
        index: of its first line, from 0.
        level: depth, 1 to 3; 0 is what stands before the first heading.
        marker: its number, None without one.
        heading: of an unnumbered section; that of a numbered one is read from its line.
        is_shi: whether the number is 一是, 二是 …
    """

    index: int
    level: int
    marker: Marker | None = None
    heading: str | None = None
    is_shi: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be a heading: the style that decides its level, its value there, and its printed number."""

    index: int
    style: Style
    ordinal: int
    marker: Marker | None
    heading: str | None = None


def _around(numbers: Sequence[_Candidate], index: int) -> tuple[_Candidate | None, _Candidate | None]:
    """The last of some numbers above a line, and the first below it."""
    above = bisect_left(numbers, index, key=lambda candidate: candidate.index)
    below = bisect_right(numbers, index, key=lambda candidate: candidate.index)
    return numbers[above - 1] if above else None, numbers[below] if below < len(numbers) else None


def _gap(before: _Candidate | None, after: _Candidate | None) -> int | None:
    """The number that is missing between two, None when none is."""
    number = before.ordinal + 1 if before else 1
    return number if after and after.ordinal == number + 1 else None


def numbered_starts(texts: Sequence[str], body: int) -> list[Start]:
    """The headings of the numbered levels in document order, levels 1 to 3, no level without its parent.

    `body` is the index of the first line behind the title. Unnumbered lines that name a statutory part stand in for a
    first-level number that was lost.
    """
    candidates = _candidates(texts, body)
    scanner = _Scanner()
    starts = [scanner.start(candidate) for candidate in candidates]
    return list(_without_items(texts, [start for start in starts if start]))


def _candidates(texts: Sequence[str], body: int) -> list[_Candidate]:
    markers = ((index, find_marker(texts[index])) for index in range(body, len(texts)))
    found = [_Candidate(index, marker.style, marker.ordinal, marker) for index, marker in markers if marker]
    found = _promoted(found)
    return sorted([*found, *_lost_first_level(texts, body, found)], key=lambda candidate: candidate.index)


def _first_level(found: Sequence[_Candidate]) -> list[_Candidate]:
    return [candidate for candidate in found if candidate.style is Style.CN]


def _promoted(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Read 3、 between 二、 and 四、 as 三、, when it does not belong to a list of its own."""
    numbers = _first_level(found)
    last: dict[Style, int] = {}
    here: set[Style] = set()  # styles of the lists since the last first-level number
    promoted = []
    for candidate in found:
        if candidate.style is Style.CN:
            here.clear()
        goes_on = candidate.style in here or last.get(candidate.style, 0) == candidate.ordinal - 1 > 0
        fills_gap = candidate.style > Style.CN and _gap(*_around(numbers, candidate.index)) == candidate.ordinal
        last[candidate.style] = candidate.ordinal
        here.add(candidate.style)
        promoted.append(replace(candidate, style=Style.CN) if fills_gap and not goes_on else candidate)
    return promoted


def _lost_first_level(texts: Sequence[str], body: int, found: Sequence[_Candidate]) -> list[_Candidate]:
    """Unnumbered titles of statutory parts, where first-level numbers leave a gap or end, or do not occur at all."""
    numbers = _first_level(found)
    taken = {candidate.index + 1 for candidate in found if _is_bare_number(texts, candidate)}
    titles = [index for index in range(body, len(texts)) if index not in taken and is_part_title(texts[index])]
    if not numbers and len(titles) < 2:  # noqa: PLR2004
        return []
    lost = []
    for count, index in enumerate(titles, start=1):
        heading = bare_words(texts[index]).rstrip("：:")
        ordinal = _lost_number(texts, index, heading, numbers) if numbers else count
        if ordinal:
            lost.append(_Candidate(index, Style.CN, ordinal, None, heading))
    return lost


def _is_bare_number(texts: Sequence[str], candidate: _Candidate) -> bool:
    return candidate.marker is not None and stands_alone(texts[candidate.index], candidate.marker)


def _lost_number(texts: Sequence[str], index: int, heading: str, numbers: Sequence[_Candidate]) -> int | None:
    """The first-level number that a part title has lost; behind the last number it must name another part."""
    last, following = _around(numbers, index)
    if following or not last:
        return _gap(last, following)
    part = part_of_heading(texts[last.index][:80])
    is_new = part is not Part.MIXED and part is not part_of_heading(heading)
    return last.ordinal + 1 if is_new else None


class _Scanner:
    """Follows the numbers from line to line and says how deep each stands."""

    def __init__(self) -> None:
        self._open: list[_Candidate] = []
        self._last: dict[Style, int] = {}

    def start(self, candidate: _Candidate) -> Start | None:
        """The section that a candidate begins; None when its number does not fit here or stands too deep."""
        if not self._fits(candidate):
            return None
        while self._open and self._open[-1].style >= candidate.style:
            self._open.pop()
        self._open.append(candidate)
        self._last[candidate.style] = candidate.ordinal
        if len(self._open) > _MAX_LEVEL:
            return None
        return Start(candidate.index, len(self._open), candidate.marker, candidate.heading)

    def _fits(self, candidate: _Candidate) -> bool:
        last = self._last.get(candidate.style, 0)
        if candidate.style is Style.DECIMAL:
            return self._fits_decimal(candidate)
        if candidate.ordinal in (1, last + 1):
            return True
        is_open = any(other.style is candidate.style for other in self._open)
        if is_open:
            return candidate.ordinal <= last + _MAX_GAP
        return candidate.style <= Style.CN_PAREN and candidate.ordinal <= _MAX_GAP

    def _fits_decimal(self, candidate: _Candidate) -> bool:
        """1.1 below 1. and 1.2 behind it, never 12.4国家宪法日."""
        above = next((other for other in reversed(self._open) if other.style is Style.ARABIC), None)
        if above is None or candidate.marker is None or candidate.marker.above != above.ordinal:
            return False
        is_open = self._open[-1].style is Style.DECIMAL
        return candidate.ordinal == (self._last[Style.DECIMAL] + 1 if is_open else 1)


def _without_items(texts: Sequence[str], starts: list[Start]) -> Iterator[Start]:
    """Drop lists whose entries are body text: clauses ending in ；, Arabic ones also without a short first clause.

    What stands right below a first-level heading divides it, as 一是 would; below the second level, or without any
    first level, as in statutes, numbers may count such clauses.
    """
    depth = 0
    for (is_list, _, _), members in groupby(starts, key=_list_of):
        run = list(members)
        items = sum(_is_item(texts[start.index], run[0]) for start in run)
        if is_list and len(run) > 1 and items * 2 >= len(run) + _is_arabic(run[0]):
            continue
        for start in run:
            depth = min(start.level, depth + 1)  # what stood below an entry moves up
            yield replace(start, level=depth)


def _list_of(start: Start) -> tuple[bool, bool, int]:
    return start.marker is not None and start.marker.style > Style.CN, _is_arabic(start), start.level


def _is_arabic(start: Start) -> bool:
    return start.marker is not None and start.marker.style > Style.CN_PAREN


def _is_item(text: str, first: Start) -> bool:
    words = text.strip()
    if words.endswith(("；", ";")):
        return first.level != 2 and (_is_arabic(first) or "。" not in words)  # noqa: PLR2004
    is_long = "。" not in words[:-1] and len(words) > _ITEM_CHARS
    return _is_arabic(first) and is_long and len(re.split(r"[，,]", words)[0]) > _HEADING_CHARS
