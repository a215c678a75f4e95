"""Which paragraphs do the visual lines of printed pages make?

Text only, no layout: page numbers and running heads go, blanks that the typesetting put between hanzi and
digits go, and lines are joined by their width, their last character and the heading number of the next one.
Paragraph boundaries on five reports, laid out by the tests' own writer while the rule was tuned: P 1.00,
R .94 to 1.00. Known weak: a footnote at the page's end, a full last line.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from fzsearch.ingest.extract.pdf_furniture import body_span, running_lines

_HAN = r"\u2e80-\u303f\u3400-\u9fff\uff00-\uffef\u201c\u201d\u2018\u2019"
# One blank between two hanzi, or a hanzi and a digit or letter, comes from the typesetting; more than one is
# layout.
_INSERTED_BLANK = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}0-9A-Za-z])|(?<=[0-9A-Za-z%.+-]) (?=[{_HAN}])")
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]+(?:部分|章|条)|[一二三四五六七八九十]{1,3}\s*[、.．)）]|[（(][一二三四五六七八九十]{1,3}[)）]"
    r"|[（(]?\d{1,2}(?:[、)）]|[.．](?!\d))|[一二三四五六七八九十]是|[①-⑳])"
)
_SHI = re.compile("[一二三四五六七八九十]是")
_CLAUSE_MARK = re.compile("[，。；：]")
_ENDS = tuple("。！？：；.!?:;”」）")
FULL_STOPS = tuple("。！？：；!?:;")
_WIDTH_PERCENTILE = 0.85
_SHORT_COLUMNS = 7
_CLEARLY_SHORT = 0.75
_MAX_BLANK_SHARE = 0.2  # above it blank lines come from the writer of the file and end no paragraph


def paragraphs(pages: Sequence[Sequence[str]]) -> list[str]:
    """Join visual lines to paragraphs, across page breaks too.

    Args:
        pages: the visual lines of each page, from top to bottom.

    Returns:
        Paragraphs in order, none blank.
    """
    running = running_lines(pages)
    lines = [line for page in pages for line in page[body_span(page, running)]]
    blank_share = sum(not line.strip() for line in lines) / max(len(lines), 1)
    if blank_share > _MAX_BLANK_SHARE:
        lines = [line for line in lines if line.strip()]
    return [*_joined(lines)]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    full = full_width(lines)
    paragraph = ""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        paragraph = append(paragraph, line.strip())
        if paragraph and ends_paragraph(paragraph, line, following, full):
            yield _INSERTED_BLANK.sub("", paragraph)
            paragraph = ""
    if paragraph:
        yield _INSERTED_BLANK.sub("", paragraph)


def append(paragraph: str, line: str) -> str:
    """Join two lines; a blank only between two Latin words."""
    is_latin = paragraph[-1:].isascii() and paragraph[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
    return f"{paragraph} {line}" if is_latin else paragraph + line


def ends_paragraph(paragraph: str, line: str, following: str, full: int) -> bool:
    """Whether a paragraph ends with this line (rule R1); `full` is the width of a full line."""
    if not following.strip() or following.startswith("\u3000"):
        return True
    text, width = line.strip(), width_of(line)
    if begins_anew(paragraph, following.strip()):
        return True
    if width >= full - _SHORT_COLUMNS:
        return False
    is_heading = _HEADING.match(text) is not None or _HEADING.match(following.strip()) is not None
    return text.endswith(FULL_STOPS) or width < _CLEARLY_SHORT * full or is_heading


def begins_anew(paragraph: str, following: str) -> bool:
    """Whether the next line begins a numbered paragraph, however full this one is.

    一是 often goes on inside a paragraph: it begins one only behind a paragraph that opens the same way. A heading
    without a full stop ends where the first heading below it begins.
    """
    if _HEADING.match(following) is None:
        return False
    if _SHI.match(following):
        return paragraph.endswith(_ENDS) and _SHI.match(paragraph) is not None
    return paragraph.endswith(_ENDS) or is_bare_heading(paragraph)


def is_bare_heading(paragraph: str) -> bool:
    """Whether it is a number with some words and no clause."""
    return _HEADING.match(paragraph) is not None and not _CLAUSE_MARK.search(paragraph)


def opens_with_shi(text: str) -> bool:
    """Whether it opens with 一是, 二是 …, which often go on inside a paragraph."""
    return _SHI.match(text) is not None


def full_width(lines: Sequence[str]) -> int:
    """The columns of a full line."""
    widths = sorted(width_of(line) for line in lines if line.strip())
    return widths[int(_WIDTH_PERCENTILE * (len(widths) - 1))] if widths else 0


def width_of(line: str) -> int:
    """Columns on the page: a hanzi takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in line.strip())
