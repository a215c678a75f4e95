"""What divides a section that has no numbered headings below it?

In this order: the lead paragraphs of a merged heading, unnumbered headings, paragraphs that open with 一是.
Sources: gold/README, DOMAIN §3, MEASURED-reading §3 (traps 8, 10 to 15, 26).
"""

import re
from collections.abc import Sequence

from fzsearch.ingest.headings import bare_lead, bare_line, heading_of, is_part_title, is_signature, stands_alone
from fzsearch.ingest.markers import find_shi
from fzsearch.ingest.numbering import Start
from fzsearch.ingest.parts import opens_plan, part_of_heading
from fzsearch.model import Part

_NUMERALS = (*"一二三四五六七八九十", *(f"十{ones}" for ones in "一二三四五六七八九"))
_SHI_NUMBER = re.compile(r"([一二三四五六七八九十]{1,2})是")
_MIN_SIBLINGS = 2


def unnumbered_starts(texts: Sequence[str], parent: Start, end: int) -> list[Start]:
    """The sections of the next level inside a section, in order; empty when it stays whole.

    `end` is the index behind its last line. A section that 一是 opens is not divided further.
    """
    if parent.is_shi:
        return []
    first, level = parent.index + 1, parent.level + 1
    if parent.marker and stands_alone(texts[parent.index], parent.marker):
        first += 1
    found = bare_starts(texts, first, end, level)
    if _is_merged(parent, texts) and not any(is_part_title(texts[start.index]) for start in found):
        found = _leads(texts, first, end, level) or found
    return found or _shi(texts, first, end, level)


def _is_merged(parent: Start, texts: Sequence[str]) -> bool:
    words = texts[parent.index][parent.marker.end :] if parent.marker else parent.heading
    heading = heading_of(words, alone=True) if words else None
    return bool(heading) and part_of_heading(heading or "") is Part.MIXED


def _leads(texts: Sequence[str], first: int, end: int, level: int) -> list[Start]:
    """The paragraph that speaks of problems and the one that turns to the plan; both or none."""
    turn = next((index for index in range(first + 1, end) if opens_plan(texts[index])), None)
    if turn is None:
        return []
    if not find_shi(texts[first]):
        return [Start(first, level), Start(turn, level)]
    return [*_shi(texts, first, turn, level), Start(turn, level)]


def bare_starts(texts: Sequence[str], first: int, end: int, level: int) -> list[Start]:
    """Unnumbered headings: two or more on lines of their own, else two or more that open paragraphs."""
    alone, leads = [], []
    for index in range(first, end):
        heading = bare_line(texts[index], texts[index + 1] if index + 1 < end else None)
        if heading:
            alone.append(Start(index, level, heading=heading))
        elif heading := bare_lead(texts[index]):
            leads.append(Start(index, level, heading=heading))
    if len(alone) >= _MIN_SIBLINGS:
        return alone
    found = sorted([*alone, *leads], key=lambda start: start.index)
    return found if found and len(found) >= max(_MIN_SIBLINGS, _plain(texts, found, end)) else []


def _plain(texts: Sequence[str], found: Sequence[Start], end: int) -> int:
    """How many paragraphs behind the first heading have none."""
    headed = {start.index for start in found} | {start.index + 1 for start in found}
    others = (texts[index] for index in range(found[0].index, end) if index not in headed)
    return sum(not find_shi(text) and not is_signature(text) for text in others)


def _shi(texts: Sequence[str], first: int, end: int, level: int) -> list[Start]:
    """Paragraphs that open with 一是 where a 二是 follows, or with the next number where the one before stands.

    The line before the first counts: it may hold the 一是 that the paragraphs go on from.
    """
    numbers = [set(_SHI_NUMBER.findall(text)) for text in texts[first - 1 : end]]
    last_second = max((index for index, found in enumerate(numbers, first - 1) if "二" in found), default=-1)
    starts, before = [], set(numbers[0]) if numbers else set()
    for index, inside in enumerate(numbers[1:], first):
        marker = find_shi(texts[index])
        if marker and (last_second >= index if marker.ordinal == 1 else _NUMERALS[marker.ordinal - 2] in before):
            starts.append(Start(index, level, marker, is_shi=True))
        before |= inside
    return starts
