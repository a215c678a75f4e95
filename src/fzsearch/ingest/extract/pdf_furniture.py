"""Which lines of a printed page are no text of the report? Page numbers and running heads."""

import re
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(
    r"[-—–－_·.~\s]*(?:\d{1,3}|第\s*[\d一二三四五六七八九十]+\s*页(?:[\s,，/]*共\s*[\d一二三四五六七八九十]+\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}|(?i:page)\s*\d+(?:\s*of\s*\d+)?)[-—–－_·.~\s]*"
)
_EDGE_LINES = 2
_REPEATED_SHARE = 0.6
_MIN_PAGES_TO_REPEAT = 3


def running_lines(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """What stands at the top or bottom of most pages, digits aside."""
    if len(pages) < _MIN_PAGES_TO_REPEAT:
        return frozenset()
    seen = Counter(line for page in pages for line in {_shape(line) for line in _edges(page)})
    return frozenset(line for line, count in seen.items() if line and count >= _REPEATED_SHARE * len(pages))


def _edges(page: Sequence[str]) -> list[str]:
    shown = [line for line in page if line.strip()]
    return [*shown[:_EDGE_LINES], *shown[_EDGE_LINES:][-_EDGE_LINES:]]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", "".join(line.split()))


def body_span(page: Sequence[str], running: frozenset[str]) -> slice:
    """Where the lines between running head and page number stand, without blank lines at either end."""
    start, stop = 0, len(page)
    for is_end in (False, True):
        for _ in range(_EDGE_LINES + 1):
            while start < stop and not page[stop - 1 if is_end else start].strip():
                start, stop = (start, stop - 1) if is_end else (start + 1, stop)
            if start < stop and _is_furniture(page[stop - 1 if is_end else start], running):
                start, stop = (start, stop - 1) if is_end else (start + 1, stop)
    return slice(start, stop)


def _is_furniture(line: str, running: frozenset[str]) -> bool:
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None or _shape(line) in running
