"""Does a line begin with a number of a heading, and of which style?

One table of numbering styles and the false friends that look like them. Whether a number fits the numbers around it is
decided by the outline, not here.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from fzsearch.numerals import chinese_number, fold, squeeze

# Marks of lists and of Markdown that may stand before a number or around it (**一、**), and a digit that was masked
# (*.); a masked year (****年) is none.
DECORATION = re.compile(r"(?:[\s\ufeff\u200b#>●◆■◇▲•·◎★]|\*[.、](?!\d)|\*(?!\*{0,9}年))*")

_CN = "[一二三四五六七八九十]{1,3}"
_DASH = "-—–－"  # OCR reads 一 as a dash


class Style(IntEnum):
    """Numbering styles; a smaller value stands higher in the outline.

    Source: GB/T 9704-2012, 7.3.3 (一、 （一） 1. （1）), and 806 headings of 184 reports (DOMAIN §3).
    """

    PART = 0
    NODE = 1
    CN = 2
    CN_PAREN = 3
    ARABIC = 4
    DECIMAL = 5
    ARABIC_PAREN = 6
    CIRCLED = 7


# Matched on folded text: brackets, digits and full stops are half-width there, 、 is not. A comma, a colon or a space
# makes a number only where the line holds nothing but a heading.
_TABLE = (
    (Style.PART, re.compile(rf"第({_CN})(?:部分(?!是)|章(?![第规的]))\s*[、:,]?")),
    (Style.NODE, re.compile(rf"第({_CN})节(?![第规的课])\s*[、:,]?")),
    (Style.CN, re.compile(rf"({_CN}|[{_DASH}])\s*\**[、.丶]")),
    (Style.CN, re.compile(rf"({_CN})(?:\s+|\s*[,:])(?=[^\s是年月日〇○零个、,。]{{2}}[^。]{{0,40}}$)")),
    (Style.CN_PAREN, re.compile(rf"[(〔\[【]?\s*({_CN}|(?<=[(])[{_DASH}])\s*[)〕\]】]\s*[、.]?")),
    (Style.CN_PAREN, re.compile(r"([㈠-㈩])\s*[、.]?")),
    (Style.ARABIC, re.compile(r"(\d{1,2})\s*[.、](?!\s*\d)")),
    (Style.ARABIC, re.compile(r"(\d{1,2})\s*[.、]\s*(?=20\d\d\s*年)")),
    (Style.ARABIC, re.compile(r"([⒈-⒛])")),
    (Style.DECIMAL, re.compile(r"(\d{1,2}\.[1-9])(?![\d.%万亿])\s*、?")),
    (Style.ARABIC_PAREN, re.compile(r"[(]?\s*(\d{1,2})\s*[)](?!\s*[、,])")),
    (Style.CIRCLED, re.compile(r"([①-⑳❶-❿])")),
)
_MAX_ORDINAL = 40
_MAX_SHI = 19

# 一、二、三产业 · 五、六月份 · 二、三季度: an enumeration, not a heading.
_ENUMERATION = re.compile(r"([一二三四五六七八九十])(?:[、至到]|[月季级线期批类楼产])")
_SHI = re.compile(rf"({_CN})是(?!否)")


@dataclass(frozen=True, slots=True)
class Marker:
    """The number at the start of a line.

    Attributes:
        style: its place in the table of styles.
        ordinal: its value, from 1.
        text: the number as printed, without white space.
        end: where the words of the heading begin in the line.
        above: the number before the point of 2.1, 0 without one.
    """

    style: Style
    ordinal: int
    text: str
    end: int
    above: int = 0


@lru_cache(maxsize=1 << 10)  # several rules ask for the same lines of a report
def find_marker(line: str) -> Marker | None:
    """The heading number that a line begins with, None for prose.

    >>> find_marker("（二） 完善制度"), find_marker("5.12防灾减灾日"), find_marker("一、二、三产业")
    (Marker(style=<Style.CN_PAREN: 3>, ordinal=2, text='（二）', end=4, above=0), None, None)
    """
    folded = fold(line)
    start = _decoration_end(folded)
    for style, pattern in _TABLE:
        match = pattern.match(folded, start)
        if not match:
            continue
        above, _, number = match[1].rpartition(".")
        ordinal = _ordinal(number)
        if not ordinal or ordinal > _MAX_ORDINAL or _is_enumeration(folded[match.end() :], style, ordinal):
            return None
        text = squeeze(line[match.start() : match.end()]).replace("*", "")
        return Marker(style, ordinal, text, _decoration_end(folded, match.end()), int(above or 0))
    return None


def find_shi(line: str) -> Marker | None:
    """The 一是, 二是 … that a paragraph opens with; 一是一、二是二 is a saying, not a list."""
    folded = fold(line)
    match = _SHI.match(folded, _decoration_end(folded))
    ordinal = chinese_number(match[1]) if match else None
    if not match or not ordinal or ordinal > _MAX_SHI or re.match(rf"{match[1]}[、,。]", folded[match.end() :]):
        return None
    return Marker(Style.CIRCLED, ordinal, squeeze(match[0]), match.end())


def _decoration_end(folded: str, start: int = 0) -> int:
    match = DECORATION.match(folded, start)
    return match.end() if match else start


def _ordinal(text: str) -> int | None:
    if text in _DASH:
        return 1
    for first, last in (("①", "⑳"), ("❶", "❿"), ("⒈", "⒛"), ("㈠", "㈩")):
        if first <= text <= last:
            return ord(text) - ord(first) + 1
    return int(text) if text.isdecimal() else chinese_number(text)


def _is_enumeration(rest: str, style: Style, ordinal: int) -> bool:
    """Whether what follows the number goes on counting, or is a reference such as （一）（二）项."""
    match = _ENUMERATION.match(rest)
    if style is Style.CN and match:
        return chinese_number(match[1]) == ordinal + 1
    return style is Style.CN_PAREN and bool(re.match(r"\s*(?:[、至和]?\s*\([一二三四五六七八九十]|[项款])", rest))
