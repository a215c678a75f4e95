"""Which lines of a document are a table of contents, an attachment or a second report?

Their numbers are no headings of the report. Sources: DOMAIN §4, GB/T 9704-2012 (7.3.4: attachments stand behind the
sign-off).
"""

import re
from collections.abc import Iterator, Sequence

from fzsearch.ingest.headings import is_signature
from fzsearch.ingest.markers import Marker, Style, find_marker
from fzsearch.numerals import find_years, fold, squeeze

_TOC_TITLE = re.compile(r"[#*]*目录[#*:：]*")
_LEADER = re.compile(r"[.．·…⋯・]{2,}\s*[-—]?\s*\d{1,3}\s*[-—]?$")
_PAGE = re.compile(r"[.．·…⋯・\s-]*[-—]?\s*\d{1,3}\s*[-—]?$")
_ATTACHMENT = re.compile(r"附\s*[件表录]\s*[一二三四五六七八九十\d]{0,2}(?:\s*[:：].{2,60})?|附[:：].{2,60}")
_REPORT_TITLE = re.compile(r"[^，。；：]{0,40}(?:法治|依法)[^，。；：]{0,30}(?:报告|总结|汇报)")
_SIGN_OFF_LINES = 6


def table_of_contents(texts: Sequence[str]) -> range:
    """The indexes of the table of contents, empty without one.

    Its entries end in a page number behind dots, or stand below 目录 and come again further down.
    """
    start = next((index for index, text in enumerate(texts) if _TOC_TITLE.fullmatch(squeeze(text))), None)
    leaders = [index for index, text in enumerate(texts) if _LEADER.search(text.rstrip())]
    if len(leaders) > 1 and leaders[-1] - leaders[0] < 2 * len(leaders):
        return range(min(leaders[0], len(texts) if start is None else start), leaders[-1] + 1)
    if start is None:
        return range(0)
    below = [squeeze(text) for text in texts]
    end = start + 1
    while end < len(texts) and _comes_again(below[end], below[end + 1 :]):
        end += 1
    return range(start, end)


def _comes_again(entry: str, below: Sequence[str]) -> bool:
    words = _PAGE.sub("", entry)
    return len(words) > 2 and any(text.startswith(words) for text in below)  # noqa: PLR2004


def appended(texts: Sequence[str], body: int) -> Iterator[tuple[int, bool]]:
    """The first lines of attachments and of further reports, in order, each with whether it is a report."""
    numbers = {index: marker.ordinal for index, marker in _first_level(texts, body)}
    is_attached = False
    for index in range(body + 1, len(texts)):
        if _is_attachment(texts, index):
            is_attached = True
            yield index, False
        elif not is_attached and _is_title(texts[index]) and _restarts(numbers, index):
            yield index, True


def _first_level(texts: Sequence[str], body: int) -> Iterator[tuple[int, Marker]]:
    for index in range(body, len(texts)):
        marker = find_marker(texts[index])
        if marker and marker.style is Style.CN:
            yield index, marker


def _is_attachment(texts: Sequence[str], index: int) -> bool:
    """Whether a line names an attachment and a sign-off stands above it."""
    above = texts[max(index - _SIGN_OFF_LINES, 0) : index]
    return bool(_ATTACHMENT.fullmatch(texts[index].strip())) and any(map(is_signature, above))


def _is_title(text: str) -> bool:
    words = fold(squeeze(text)).strip("#*")
    return bool(_REPORT_TITLE.fullmatch(words)) and bool(find_years(words)) and find_marker(text) is None


def _restarts(numbers: dict[int, int], index: int) -> bool:
    """Whether the first-level numbers begin anew behind a line."""
    above = [number for line, number in numbers.items() if line < index]
    below = [number for line, number in numbers.items() if line > index]
    return bool(above) and above[-1] > 1 and below[:1] == [1]
