"""Which ways into the program are measured? Each makes files of the five reports and says what they hold besides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from fzsearch.ingest.extract.soffice import find_soffice
from tests.fidelity.reports import NOTE, ROWS, Reference, references
from tests.fidelity.tools import converted, find_chromium, printed, relaid, repaired_rtf, text_files, web_page
from tests.fidelity.word import Numbering, word_file

EXTRAS = (*("\t".join(row) for row in ROWS), NOTE)
"""What the printed and office files hold behind the report: three rows of a table, a footnote."""

LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "justified": {},
    "ragged": {'<w:jc w:val="both"/>': '<w:jc w:val="left"/>'},
    "headings at the margin": {'"/><w:ind w:firstLine="640"/>': '"/>'},
    "without indents": {'<w:ind w:firstLine="640"/>': ""},
    "12 pt, wide lines": {
        '<w:sz w:val="32"/>': '<w:sz w:val="24"/>',
        'w:line="560" w:lineRule="exact"': 'w:line="360" w:lineRule="auto"',
        'firstLine="640"': 'firstLine="480"',
    },
}
"""Layouts of the printed page, as changes to the .docx with heading styles that it is printed from."""

_HURT = ("cut tail", "bad byte")  # a character is lost in each file

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Route:
    """One way from a report to a file.

    Attributes:
        name: as the table shows it.
        make: the files by number of the report.
        file_name: what the files are called.
        extras: paragraphs behind the report.
        max_error_rate: what is promised of characters.
    """

    name: str
    make: Callable[[], Files]
    file_name: str
    extras: Sequence[str] = EXTRAS
    max_error_rate: float = 0.0

    def missing_tool(self) -> str | None:
        """A sentence about the program that this machine lacks, None where all is there."""
        if self.make.__name__ == "_by_chromium":
            return None if find_chromium() else "Chromium is not installed"
        needs_office = not self.name.startswith((".txt", ".docx", ".html"))
        if needs_office and find_soffice() is None:
            return "LibreOffice is not installed (on Debian: apt-get install libreoffice-writer)"
        return None


def routes() -> list[Route]:
    """All ways, in the order of the table."""
    found = [
        Route(f".txt, {form}", _text(form), "a.txt", (), max_error_rate=0.001 if form.endswith(_HURT) else 0.0)
        for form in _forms()
    ]
    found += [Route(f".docx, {way}", _word(way), "a.docx") for way in Numbering]
    found += [Route(f".html, {charset}", _html(charset), "a.html", ()) for charset in ("utf-8", "gb2312")]
    for ending in ("doc", "rtf", "odt"):
        found += [
            Route(f".{ending}, {way}", _office(ending, way), f"a.{ending}", max_error_rate=0.001) for way in Numbering
        ]
    found.append(Route(".wps, plain", _office("doc", Numbering.TYPED), "a.wps", max_error_rate=0.001))
    for layout in LAYOUTS:
        found.append(Route(f".pdf by LibreOffice, {layout}", _pdf(layout), "a.pdf", max_error_rate=0.001))
    found.append(Route(".pdf by Chromium", _by_chromium, "a.pdf", (), max_error_rate=0.001))
    return found


@cache
def five() -> tuple[Reference, ...]:
    """The reports, read once."""
    return tuple(references())


def _forms() -> list[str]:
    return [form for form, _ in text_files("")]


def _text(form: str) -> Callable[[], Files]:
    return lambda: {one.number: dict(text_files(one.text))[form] for one in five()}


@cache
def _words(way: Numbering) -> Files:
    return {one.number: word_file(one.paragraphs, way, has_extras=True) for one in five()}


def _word(way: Numbering) -> Callable[[], Files]:
    return lambda: _words(way)


def _html(charset: str) -> Callable[[], Files]:
    return lambda: {one.number: web_page(one.paragraphs, charset) for one in five()}


@cache
def _converted(ending: str, way: Numbering) -> Files:
    made = converted(_words(way), "docx", ending)
    return {number: repaired_rtf(data) for number, data in made.items()} if ending == "rtf" else made


def _office(ending: str, way: Numbering) -> Callable[[], Files]:
    return lambda: _converted(ending, way)


def _pdf(layout: str) -> Callable[[], Files]:
    return lambda: _printed(layout)


@cache
def _printed(layout: str) -> Files:
    words = {number: relaid(data, LAYOUTS[layout]) for number, data in _words(Numbering.STYLES).items()}
    return converted(words, "docx", "pdf")


def _by_chromium() -> Files:
    return {one.number: printed(one.paragraphs) for one in five()}
