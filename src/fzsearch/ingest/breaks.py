"""Which line breaks of a document are no paragraphs' ends, and where are breaks lost?

Text files made from pages break every line at the edge; headings stand on two lines; pages saved without their markup
hold a whole report in one line. Sources: MEASURED-reading §1 (rule R1), §3; nothing is changed where headings stand on
lines of their own.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from fzsearch.ingest.extract.pdf_lines import append, ends_paragraph, full_width, width_of
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.markers import Marker, Style, find_marker
from fzsearch.numerals import chinese_number, fold

_MIN_LINES = 8
_PAGE_COLUMNS = range(36, 110)  # a page holds 28 hanzi in a line (GB/T 9704-2012, 5.2.2), seldom 18 or 55
_OVERHANG = 6
_MAX_HEADING = 40
_MAX_LINE = 200  # a longer line is no heading

# A heading that ends so goes on in the next line.
_GOES_ON = re.compile(r"(?:[,、]|(?<!目)的|(?<!参)与|(?<!普)及|(?<!调)和|[落实彻入伸展盖]到|把|将|“[^”]*|《[^》]*)$")
_MARKS = {
    Style.CN: re.compile(r"([一二三四五六七八九十]{1,3})[、．.](?![一二三四五六七八九十][、是])"),
    Style.CN_PAREN: re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)](?![、项款和至])"),
    Style.ARABIC: re.compile(r"(?<![\d.])(\d{1,2})[.．、](?!\d)"),
}
_STYLES = tuple(_MARKS)
_FIRST_AT_END = re.compile(r"(?<=[。：:])(?=一、[^。；：]{4,40}$)")
_TITLE_END = ("报告", "总结", "汇报", "情况", "要点", "计划", "工作")
_BEFORE = re.compile(r"(?:[。！？!?]|[。！？]”|\s)$|^$")
_BEFORE_FIRST = re.compile(r"(?:[。！？：!?:]|[。！？]”|\s)$|^$")


def mended(lines: Sequence[NumberedLine]) -> tuple[NumberedLine, ...]:
    """The paragraphs of cleaned lines: broken ones joined, lost breaks before headings put back.

    No character is changed. A joined line keeps the number of its first part; those cut out of one share its number.
    """
    joined = list(_unwrapped(lines)) if _is_wrapped(lines) else list(_whole_headings(lines))
    numbers = {n: marker.ordinal for n, marker in _markers(joined) if n and marker.style is Style.CN}
    first = min(numbers, default=0)
    pieces: list[NumberedLine] = []
    for index, line in enumerate(joined):
        if index < first and numbers[first] == 2:  # noqa: PLR2004 - 一、 stands at the end of the preamble
            pieces += [NumberedLine(line.number, piece) for piece in _FIRST_AT_END.split(line.text)]
        else:
            pieces += _cut(line, has_first_level=bool(numbers))
    return tuple(pieces)


def _markers(lines: Sequence[NumberedLine]) -> Iterator[tuple[int, Marker]]:
    found = ((index, find_marker(line.text)) for index, line in enumerate(lines))
    return ((index, marker) for index, marker in found if marker)


def _style(line: NumberedLine) -> Style | None:
    marker = find_marker(line.text)
    return marker.style if marker else None


def _is_wrapped(lines: Sequence[NumberedLine]) -> bool:
    """Whether lines are broken at the edge of a page: most are full, and most of those end inside a sentence."""
    if max((len(line.text) for line in lines), default=0) > _PAGE_COLUMNS.stop:
        return False
    widths = [width_of(line.text) for line in lines]
    full = full_width([line.text for line in lines])
    if len(lines) < _MIN_LINES or full not in _PAGE_COLUMNS or max(widths) > full + _OVERHANG:
        return False
    filled = [line for line, width in zip(lines, widths, strict=True) if width >= full - _OVERHANG]
    broken = sum(not line.text.rstrip().endswith(("。", "；", "：", "！", "？")) for line in filled)
    return len(filled) * 2 >= len(lines) and broken * 2 > len(filled)


def _unwrapped(lines: Sequence[NumberedLine]) -> Iterator[NumberedLine]:
    full = full_width([line.text for line in lines])
    blanks = sum(line.number + 1 < following.number for line, following in pairwise(lines))
    paragraph, number = "", 0
    for line, following in zip_longest(lines, lines[1:]):
        paragraph, number = (append(paragraph, line.text.strip()), number) if paragraph else (line.text, line.number)
        if (
            following is None
            or _is_parted(line, following, are_rare=blanks * 2 < len(lines))
            or ends_paragraph(paragraph.strip(), line.text, following.text, full)
        ):
            yield NumberedLine(number, paragraph.rstrip())
            paragraph = ""


def _is_parted(line: NumberedLine, following: NumberedLine, *, are_rare: bool) -> bool:
    """Whether an indent or a blank line parts two lines; blank lines behind every other line part nothing."""
    return following.text[:2].isspace() or (are_rare and line.number + 1 < following.number)


def _whole_headings(lines: Sequence[NumberedLine]) -> Iterator[NumberedLine]:
    """The lines, a numbered heading that goes on in the next one joined to it."""
    pending: NumberedLine | None = None
    for line in lines:
        if pending and len(line.text.strip()) <= _MAX_HEADING and not _style(line):
            line = NumberedLine(pending.number, pending.text.rstrip() + line.text.strip())  # noqa: PLW2901
        elif pending:
            yield pending
        pending = line if _is_open(line) else None
        if not pending:
            yield line
    if pending:
        yield pending


def _is_open(line: NumberedLine) -> bool:
    is_heading = len(line.text) <= _MAX_LINE and "。" not in line.text and _style(line) in _STYLES[:2]
    return is_heading and bool(_GOES_ON.search(fold(line.text).rstrip()))


def _cut(line: NumberedLine, *, has_first_level: bool) -> Iterator[NumberedLine]:
    """A line, cut before the headings that run on in it.

    Where first-level headings have lines of their own: only （一）…（二）… at the start of a line or behind a heading.
    """
    if not has_first_level:
        pieces = _pieces(line.text, _STYLES)
    elif _style(line) in _STYLES[:2]:
        pieces = _pieces(line.text, (Style.CN_PAREN,))
    else:
        pieces = [line.text]
    return (NumberedLine(line.number, piece) for piece in pieces)


def _pieces(text: str, styles: Sequence[Style]) -> list[str]:
    for rank, style in enumerate(styles):
        starts = _sequence(text, style)
        if len(starts) > 1:
            bounds = [*starts, len(text)]
            parts = [text[begin:end] for begin, end in pairwise(bounds)]
            cut = [piece for part in parts for piece in _pieces(part, styles[rank + 1 :])]
            return [text[: starts[0]], *cut] if text[: starts[0]].strip() else [text[: starts[0]] + cut[0], *cut[1:]]
    return [text]


def _sequence(text: str, style: Style) -> list[int]:
    """Where 一、 二、 三、 … stand in a line, each behind a sentence; the first also behind a colon or a heading."""
    starts: list[int] = []
    for match in _MARKS[style].finditer(text):
        value = int(fold(match[1])) if style is Style.ARABIC else chinese_number(match[1])
        begin = match.start()
        if value == len(starts) + 1 and (_is_free(text, begin, starts) or (not starts and _is_heading(text, begin))):
            starts.append(begin)
    return starts


def _is_free(text: str, begin: int, starts: Sequence[int]) -> bool:
    return bool((_BEFORE if starts else _BEFORE_FIRST).search(text[max(begin - 2, 0) : begin]))


def _is_heading(text: str, end: int) -> bool:
    """Whether what stands before a number is itself a numbered heading, or a title."""
    if end > _MAX_HEADING or re.search("[。；：]", text[:end]):
        return False
    return find_marker(text[:end]) is not None or text[:end].rstrip().endswith(_TITLE_END)
