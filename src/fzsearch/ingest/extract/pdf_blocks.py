"""Which paragraphs do printed lines make, by where they stand?

The layout rule: a paragraph begins where a line is indented, the size changes, or the line before ends early. Notes at
the foot of a page are taken out and follow the body. Five reports printed by two programs: paragraph boundaries P and
R are in docs/FIDELITY.md. Known weak: two columns, cells of more than one line, pages with neither indents nor gaps.
"""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fzsearch.ingest.extract.pdf_furniture import body_span, running_lines
from fzsearch.ingest.extract.pdf_layout import PrintedLine
from fzsearch.ingest.extract.pdf_lines import FULL_STOPS, append, begins_anew, is_bare_heading, opens_with_shi

_INDENT_EM = 1.2
_SIZE_CHANGE = 0.15
_SHORT_EM = 2.6
_CLEARLY_SHORT = 0.7  # of the width of the text
_WIDE = 0.8  # of the width of the text: a centred title that goes on in the next line
_CENTRED_EM = 1.0
_GAP = 1.6  # times the usual distance of two lines
_NOTE_SIZE = 0.85  # of the size of the text
_NOTE = re.compile(r"(?:[\[(（〔［]?\d{1,2}[\])）〕］]?|[①-⑳*])\s*(?=\D)|注[：:]?\s*\d?")
_NOTE_NUMBER = re.compile(r"(?:[\[(（〔［]?\d{1,2}[\])）〕］]?|[①-⑳*])\s*")
_MIN_INDENTED_SHARE = 0.03  # of the lines; below it the file does not indent paragraphs


def layout_paragraphs(pages: Sequence[Sequence[PrintedLine]]) -> list[str]:
    """Join printed lines to paragraphs, across page breaks too; notes stand behind the body.

    Args:
        pages: the lines of each page, from top to bottom.

    Returns:
        Paragraphs in order, none blank.
    """
    running = running_lines([[line.text for line in page] for page in pages])
    bodies = [[*page[body_span([line.text for line in page], running)]] for page in pages]
    measures = _Measures.of([line for page in bodies for line in page])
    if measures is None:
        return []
    parted = [_part_notes(page, measures) for page in bodies]
    body = _joined([lines for lines, _ in parted], measures)
    return [*body, *(note for _, notes in parted for note in notes)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """What is usual in a document: size, margins, distance of lines; points."""

    size: float
    left: float
    right: float
    leading: float
    indents: bool

    @classmethod
    def of(cls, lines: Sequence[PrintedLine]) -> "_Measures | None":
        if not lines:
            return None
        size = statistics.median_high(line.size for line in lines for _ in line.text)
        text = [line for line in lines if abs(line.size - size) <= _SIZE_CHANGE * size and not line.is_row] or [*lines]
        lefts, rights = sorted(line.left for line in text), sorted(line.right for line in text)
        left, right = lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]
        steps = [one.baseline - two.baseline for one, two in pairwise(lines)]
        leading = statistics.median([step for step in steps if step > 0] or [2 * size])
        indented = sum(_INDENT_EM * size < line.left - left < 3 * size for line in text)
        return cls(
            size=size,
            left=left,
            right=right,
            leading=leading,
            indents=indented >= max(1, _MIN_INDENTED_SHARE * len(text)),
        )

    @property
    def width(self) -> float:
        return self.right - self.left

    def is_centred(self, line: PrintedLine) -> bool:
        return abs((line.left + line.right) - (self.left + self.right)) / 2 < _CENTRED_EM * line.size


def _part_notes(page: list[PrintedLine], measures: _Measures) -> tuple[list[PrintedLine], list[str]]:
    """The lines of the body, and the notes below them without their numbers."""
    start = len(page)
    while start and page[start - 1].size < _NOTE_SIZE * measures.size and not page[start - 1].is_row:
        start -= 1
    while start < len(page) and not _NOTE.match(page[start].text):
        start += 1
    notes: list[str] = []
    for line in page[start:]:
        if _NOTE.match(line.text):
            notes.append(_NOTE_NUMBER.sub("", line.text, count=1))
        else:
            notes[-1] = append(notes[-1], line.text)
    return page[:start], notes


def _joined(pages: Sequence[Sequence[PrintedLine]], measures: _Measures) -> Iterator[str]:
    paragraph = ""
    last: PrintedLine | None = None
    for page in pages:
        for position, line in enumerate(page):
            is_first = position == 0
            if last is not None and _begins(paragraph, last, line, measures, is_first=is_first):
                yield paragraph
                paragraph = ""
            paragraph, last = append(paragraph, line.text.strip()), line
    if paragraph:
        yield paragraph


def _begins(paragraph: str, last: PrintedLine, line: PrintedLine, measures: _Measures, *, is_first: bool) -> bool:
    """Whether a line begins a paragraph; `is_first` on its page, where the distance to the last one says nothing."""
    if last.is_row or line.is_row or abs(last.size - line.size) > _SIZE_CHANGE * max(last.size, line.size):
        return True
    if not is_first and last.baseline - line.baseline > _GAP * max(measures.leading, line.size):
        return True
    is_indented = line.left > measures.left + _INDENT_EM * measures.size
    if is_indented:
        return not _continues_title(last, line, measures)
    if begins_anew(paragraph, line.text) and not (measures.indents and opens_with_shi(line.text)):
        return True
    missing = measures.right - last.right
    if missing <= _SHORT_EM * line.size:
        return False
    is_clearly_short = last.right - measures.left < _CLEARLY_SHORT * measures.width
    return is_clearly_short or last.text.endswith(FULL_STOPS) or is_bare_heading(paragraph)


def _continues_title(last: PrintedLine, line: PrintedLine, measures: _Measures) -> bool:
    """Whether a centred line in large type goes on from a wide one above it."""
    is_large = line.size > (1 + _SIZE_CHANGE) * measures.size
    is_wide = last.right - last.left > _WIDE * measures.width
    return is_large and is_wide and measures.is_centred(last) and measures.is_centred(line)
