"""Where does every line of a printed page stand, and what does the page look like?

The only module that knows pypdfium2. It gives visual lines with their position and size; how they become paragraphs is
told in `pdf_blocks`, what a picture says in `ocr`. It aborts the process on some hostile files: `pdf` lets only those
through that pypdf has read to the end, and reading happens in a child.
"""

import ctypes
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import PdfiumError, raw

from fzsearch.resources import unradical

__all__ = ["Letter", "PdfiumError", "PrintedLine", "page_picture", "printed_lines", "printed_pages"]

_PICTURE_DPI = 150  # at 200 as many characters were read, fewer paragraphs told apart, in 14 % more time
_MAX_PICTURE_SIDE = 3_500  # pixels: a page may be as large as its writer likes
_SAME_LINE_EM = 0.5  # how far two baselines may differ, in the size of the larger letter
_CELL_GAP_EM = 0.9  # an empty stretch this wide, without a blank in the file, parts two cells
_SUPERSCRIPT = 0.75  # of the size of its line
_RAISED_EM = 0.15
_NOTE_MARKS = frozenset("0123456789*①②③④⑤⑥⑦⑧⑨⑩[]〔〕［］")
_ADDED = "\0"  # stands for a blank that pdfium added
_HYPHEN = "\x02"  # what pdfium puts where a word is parted at the line's end


@dataclass(frozen=True, slots=True)
class Letter:
    """One printed character: its advance box from left to right, its baseline and size, in points."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One visual line.

    Attributes:
        text: its characters; cells of a table row are parted by tabs; reference marks of notes are left out.
        left: where its first visible character begins, points from the left edge of the page.
        right: where its last visible character ends.
        baseline: points from the bottom of the page.
        size: font size of most of its characters, points.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float

    @property
    def is_row(self) -> bool:
        """Whether it is a row of cells."""
        return "\t" in self.text


def printed_pages(data: bytes) -> list[list[PrintedLine]]:
    """The lines of every page, from top to bottom.

    Raises:
        PdfiumError: the file cannot be opened, or a page cannot be loaded.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        return [printed_lines(_letters(document, number)) for number in range(len(document))]
    finally:
        document.close()


def page_picture(data: bytes, number: int) -> tuple[NDArray[np.uint8], float]:
    """A page as it looks, height × width × blue, green and red, and its pixels for each point.

    Raises:
        PdfiumError: the file cannot be opened, or the page cannot be loaded.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number]
        scale = min(_PICTURE_DPI / 72, _MAX_PICTURE_SIDE / max(page.get_size()))
        return page.render(scale=scale).to_numpy().copy(), scale
    finally:
        document.close()


def _letters(document: pypdfium2.PdfDocument, number: int) -> list[Letter]:
    page = document[number]
    text = page.get_textpage()
    try:
        return [*_page_letters(text.raw)]
    finally:
        text.close()
        page.close()


def _page_letters(text: "raw.FPDF_TEXTPAGE") -> Iterator[Letter]:
    """The characters that the file holds; a blank that pdfium adds between them comes as an empty text."""
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        is_added = raw.FPDFText_IsGenerated(text, index) == 1
        if is_added and code != ord(" "):  # ends of lines are told by position
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetMatrix(text, index, matrix)
        size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        yield Letter("" if is_added else _character(code), box.left, box.right, y.value, size)


def _character(code: int) -> str:
    character = chr(code)
    if character == _HYPHEN:
        return "-"
    return unradical(character) if character.isprintable() or character.isspace() else ""


def printed_lines(letters: Sequence[Letter]) -> list[PrintedLine]:
    """The lines that letters make, from top to bottom; what stands on one baseline is one line."""
    lines: list[list[list[Letter]]] = []
    for run in sorted(_runs(letters), key=lambda run: -run[0].baseline):
        if lines and _are_level(lines[-1][0][0], run[0]):
            lines[-1].append(run)
        else:
            lines.append([run])
    made = (_line([letter for run in sorted(line, key=lambda run: run[0].left) for letter in run]) for line in lines)
    return [line for line in made if line is not None]


def _runs(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Neighbours in the file that stand on one baseline; raised note marks stay in their line."""
    runs: list[list[Letter]] = []
    for letter in letters:
        if not letter.text.strip():
            if runs:
                runs[-1].append(letter)
        elif runs and _are_level(runs[-1][0], letter) and letter.left > runs[-1][-1].left - letter.size:
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return runs


def _are_level(one: Letter, other: Letter) -> bool:
    return abs(one.baseline - other.baseline) < _SAME_LINE_EM * max(one.size, other.size)


def _line(letters: Sequence[Letter]) -> PrintedLine | None:
    shown = [letter for letter in letters if letter.text.strip()]
    if not shown:
        return None
    size = statistics.median_high(letter.size for letter in shown)
    baseline = statistics.median_high(letter.baseline for letter in shown)
    text = ""
    blanks = ""
    last: Letter | None = None
    for letter in letters:
        if not letter.text.strip():
            blanks += letter.text or _ADDED
        elif not _is_note_mark(letter, size, baseline, text):
            text += ("" if last is None else _between(last, letter, blanks, size)) + letter.text
            last, blanks = letter, ""
    return PrintedLine(text=text, left=shown[0].left, right=shown[-1].right, baseline=baseline, size=size)


def _is_note_mark(letter: Letter, size: float, baseline: float, before: str) -> bool:
    """Whether a letter is a raised reference mark; km² behind a Latin letter is none."""
    is_raised = letter.size < _SUPERSCRIPT * size and letter.baseline > baseline + _RAISED_EM * size
    return is_raised and letter.text in _NOTE_MARKS and not (before[-1:].isascii() and before[-1:].isalpha())


def _between(last: Letter, letter: Letter, blanks: str, size: float) -> str:
    """What parts two letters: the blanks of the file, a tab between cells, a blank between Latin words."""
    held = blanks.replace(_ADDED, "")
    if held:
        return held
    if letter.left - last.right > _CELL_GAP_EM * size:
        return "\t"
    return " " if blanks and _is_latin(last.text) and _is_latin(letter.text) else ""


def _is_latin(text: str) -> bool:
    return text.isascii() and text.isalnum()
