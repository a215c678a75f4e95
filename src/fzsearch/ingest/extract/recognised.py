"""What was recognised on pages that are pictures, where is it kept, and which printed lines does it make?

Kept as it was recognised, by the SHA-256 of the file: renaming a file or changing the rules that make lines and
paragraphs of it costs no second recognition, which takes seconds for each page.
"""

import json
import math
import os
import re
import statistics
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from fzsearch.errors import ConfigError, os_reason
from fzsearch.ingest.extract.pdf_layout import Letter, PrintedLine, printed_lines

FORMAT = 1
"""Version of the files; those of another one are not used."""

_HALF_WIDTH_EM = 0.55
_BOX_MARGIN_EM = 0.35  # by how much a box is longer than its line
_SAME_SIZE, _SAME_SHORT_SIZE = 0.2, 0.3  # sizes are told from lengths: this near to the usual one they are the same
_MIN_SIZED_EM = 6.0  # shorter lines tell little of their size
_HAN = r"\u3001-\u303f\u3400-\u9fff\uff00-\uffef\u201c\u201d"
_HALF_WIDTH_MARK = re.compile(rf"(?<=[{_HAN}])[,:;?!()]|[,:;?!()](?=[{_HAN}])")
_ONE = re.compile(r"^(\s*[（(]?)[-\u2010-\u2015－—_](?=[、）)])")
_FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in ",:;?!()"}


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of text as it was recognised.

    Attributes:
        text: as it was recognised.
        score: how sure the engine is, 0 to 1.
        x0: the middle of its left edge, points from the left of the page; `y0` from its bottom.
        x1: the middle of its right edge; `y1` likewise.
        height: from its upper to its lower edge, points.
    """

    text: str
    score: float
    x0: float
    y0: float
    x1: float
    y1: float
    height: float

    @property
    def length(self) -> float:
        """From its left to its right edge, points."""
        return math.hypot(self.x1 - self.x0, self.y1 - self.y0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """One page as it was recognised; points; `turn` is by how many degrees it was turned to the left to be read."""

    width: float
    height: float
    turn: int
    lines: tuple[RecognisedLine, ...]

    @property
    def score(self) -> float:
        """How sure the engine is of a character, 0 to 1."""
        count = sum(len(line.text) for line in self.lines)
        return sum(line.score * len(line.text) for line in self.lines) / count if count else 0.0

    @property
    def is_across(self) -> bool:
        """Whether most of it is written from top to bottom: the page lies on its side."""
        across = sum(len(line.text) for line in self.lines if line.height > line.length)
        return 2 * across > sum(len(line.text) for line in self.lines)

    @property
    def han(self) -> int:
        """How many hanzi there are."""
        return sum("\u3400" <= character <= "\u9fff" for line in self.lines for character in line.text)

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "RecognisedPage":
        """The page that `asdict` gave."""
        lines = fields["lines"]
        return cls(**{**fields, "lines": tuple(RecognisedLine(**line) for line in lines)})  # type: ignore[arg-type, attr-defined]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where recognised pages are kept.

    Attributes:
        folder: holds a file for each PDF, named by its SHA-256; None where nothing was recognised.
        asks: whether reading a file asks for pages that are missing (NeedsOcrError) instead of making do without them.
    """

    folder: Path | None = None
    asks: bool = False

    def pages(self, sha256: str, engine: str) -> dict[int, RecognisedPage]:
        """The pages of a file by number, none where another version recognised them; any will do without engine."""
        if self.folder is None:
            return {}
        try:
            stored = json.loads((self.folder / f"{sha256}.json").read_text(encoding="utf-8"))
            if stored["format"] != FORMAT or engine not in {"", stored["engine"]}:
                return {}
            return {int(number): RecognisedPage.of(page) for number, page in stored["pages"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # not there, cut off, or not ours
            return {}

    def put(self, sha256: str, engine: str, number: int, page: RecognisedPage) -> None:
        """Add a page to those of a file; a kill leaves the file as it was.

        Raises:
            ConfigError: the folder cannot be written.
        """
        if self.folder is None:
            return
        pages = self.pages(sha256, engine) | {number: page}
        stored = {"format": FORMAT, "engine": engine, "pages": {key: asdict(one) for key, one in pages.items()}}
        target = self.folder / f"{sha256}.json"
        written = target.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            written.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
            written.replace(target)
        except OSError as problem:
            raise ConfigError(f"写不了 {self.folder}（{os_reason(problem)}）；请检查权限和磁盘空间") from problem

    def keep_only(self, wanted: Collection[str]) -> None:
        """Forget all files but those of these SHA-256."""
        for path in self.folder.glob("*.json") if self.folder else ():
            if path.stem not in wanted:
                with suppress(OSError):  # forgotten by a later run
                    path.unlink()


EMPTY_SHELF = Shelf()
"""Holds nothing and asks for nothing."""


def lines_of(page: RecognisedPage) -> list[PrintedLine]:
    """The printed lines of a page, as if it had been laid straight on the glass."""
    angle = statistics.median(_angle(line) for line in page.lines) if page.lines else 0.0
    usual = _usual_size(page)
    return printed_lines([letter for line in page.lines for letter in _letters(line, angle, usual)])


def _angle(line: RecognisedLine) -> float:
    return math.atan2(line.y1 - line.y0, line.x1 - line.x0)


def _usual_size(page: RecognisedPage) -> float:
    sizes = [_size(line) for line in page.lines for _ in line.text if _ems(line.text) >= _MIN_SIZED_EM]
    return statistics.median(sizes) if sizes else 0.0


def _size(line: RecognisedLine) -> float:
    return line.length / (_ems(line.text) + _BOX_MARGIN_EM)


def _ems(text: str) -> float:
    return sum(map(_em, text))


def _em(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else _HALF_WIDTH_EM


def _letters(line: RecognisedLine, angle: float, usual: float) -> Iterator[Letter]:
    """The characters of a line, evenly spread; the page is turned back by the angle."""
    cosine, sine = math.cos(angle), math.sin(angle)
    left, right = (cosine * x + sine * y for x, y in ((line.x0, line.y0), (line.x1, line.y1)))
    baseline = cosine * (line.y0 + line.y1) / 2 - sine * (line.x0 + line.x1) / 2
    size = _size(line)
    if abs(size - usual) <= (_SAME_SIZE if _ems(line.text) >= _MIN_SIZED_EM else _SAME_SHORT_SIZE) * usual:
        size = usual
    text = _mended(line.text)
    step = (right - left) / max(_ems(text), _HALF_WIDTH_EM)
    for character in text:
        end = left + step * _em(character)
        yield Letter(character, left, end, baseline, size)
        left = end


def _mended(text: str) -> str:
    """Punctuation beside hanzi as full width, and 一 where it was taken for a dash before 、 or a bracket."""
    text = _ONE.sub(r"\g<1>一", text)
    return _HALF_WIDTH_MARK.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text)
