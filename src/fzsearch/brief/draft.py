"""What does a draft quote, link and count? Quotations, addresses and counts, in the order of the draft."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_QUOTATION = 5_000
_CLOSING = {"“": "”", "「": "」", "『": "』"}
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
    covered = [(block.start, block.end) for block in blocks]
    marked = [one for one in _marked(text) if not any(start < one.end and one.start < end for start, end in covered)]
    return tuple(sorted([*blocks, *marked], key=lambda one: one.start))


def _marked(text: str) -> Iterator[Quotation]:
    at = 0
    while at < len(text):
        end = _closed_at(text, at)
        if end is None:
            at += 1
            continue
        words = _FOOTNOTE.sub("", text[at + 1 : end])
        if words.strip():
            yield Quotation(text=words, start=at + 1, end=end)
        at = end + 1


def _closed_at(text: str, start: int) -> int | None:
    """Where the quotation that opens here is closed, None where none opens or it stays open."""
    opening = text[start]
    limit = min(len(text), start + MAX_QUOTATION)
    blank = re.compile(r"\n[ \t\u3000]*\n").search(text, start, limit)
    limit = blank.start() if blank else limit
    if opening == '"':
        end = text.find('"', start + 1, limit)
        return end if end > start else None
    if opening not in _CLOSING:
        return None
    depth = 0
    for at in range(start, limit):
        if text[at] == opening:
            depth += 1
        elif text[at] == _CLOSING[opening]:
            depth -= 1
            if depth == 0:
                return at
    return None


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
