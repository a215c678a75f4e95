"""What does a draft quote, link and count? Quotations, addresses and counts, in the order of the draft."""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_QUOTATION = 5_000
_CLOSING = {"“": "”", "「": "」", "『": "』"}
_BLANK = re.compile(r"\n[ \t\u3000]*\n")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&|~$#+\-=.)])")
_BLOCK = re.compile(r"^[ \t]{0,3}>[ \t]?(.*)$")
_LINK = re.compile(r"(?:https?://[^\s/()<>“”\"]+)?/r/[^\s()<>“”\"，。；、）》」』]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words that a draft gives as a report's; `start` and `end` bound them in the draft, without their marks."""

    text: str
    start: int
    end: int


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """All that stands in quotation marks, and Markdown's block quotations, in order.

    “…”, 「…」, 『…』 and "…"; marks within a quotation belong to it, and it may run over lines, but not over a blank
    one. What is opened and never closed is no quotation. Footnote marks ([^1]) are left out.
    """
    blocks = list(_block_quotations(text))
    starts = [block.start for block in blocks]

    def is_covered(one: Quotation) -> bool:
        before = bisect.bisect_left(starts, one.end)
        return before > 0 and one.start < blocks[before - 1].end

    marked = [one for one in _marked(text) if not is_covered(one)]
    return tuple(sorted([*blocks, *marked], key=lambda one: one.start))


def _marked(text: str) -> Iterator[Quotation]:
    closings = _closings(text)
    at = 0
    while at < len(text):
        end = text.find('"', at + 1, at + MAX_QUOTATION) if text[at] == '"' else closings.get(at, -1)
        if end < 0 or end >= at + MAX_QUOTATION or _BLANK.search(text, at, end):
            at += 1
            continue
        words = _FOOTNOTE.sub("", text[at + 1 : end])
        if words.strip():
            yield Quotation(text=words, start=at + 1, end=end)
        at = end + 1


def _closings(text: str) -> dict[int, int]:
    """Where each quotation mark that opens is closed, marks within it taken in pairs; in one pass over any draft."""
    opened: dict[str, list[int]] = {mark: [] for mark in _CLOSING.values()}
    found = {}
    for at, mark in enumerate(text):
        if mark in _CLOSING:
            opened[_CLOSING[mark]].append(at)
        elif opened.get(mark):
            found[opened[mark].pop()] = at
    return found


def _block_quotations(text: str) -> Iterator[Quotation]:
    """Runs of lines that begin with >; a line of > alone ends a paragraph, not the quotation."""
    lines: list[str] = []
    start = end = at = 0
    for line in [*text.split("\n"), ""]:
        found = _BLOCK.match(line)
        if found:
            start = start if lines else at
            lines.append(_ESCAPED.sub(r"\1", _FOOTNOTE.sub("", found[1])))
            end = at + len(line)
        elif lines:
            if any(one.strip() for one in lines):
                yield Quotation(text="\n".join(lines), start=start, end=end)
            lines = []
        at += len(line) + 1


def find_links(text: str) -> tuple[str, ...]:
    """The permanent addresses in a draft, whole as they stand, in order.

    >>> find_links("见[石桥镇](http://10.0.0.8:8000/r/990122105-2024/s3.1@a9394f18)，/r/石桥镇-2022。")
    ('http://10.0.0.8:8000/r/990122105-2024/s3.1@a9394f18', '/r/石桥镇-2022')
    """
    return tuple(found[0].rstrip(".:;'") for found in _LINK.finditer(text))
