"""What does an office scanner make of a printed report? Pages as pictures: askew, noisy, JPEG, without a text layer."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

from fzsearch.errors import ExtractError
from fzsearch.ingest import Shelf, read_document, read_recognised
from fzsearch.model import Document
from tests.fidelity.reports import Reference
from tests.fidelity.tools import converted
from tests.fidelity.word import Numbering, word_file

DPI = 150
JPEG_QUALITY = 70
_SKEW_DEGREES = 0.6
_NOISE = 8.0  # standard deviation, of 255
_RED = (200, 30, 30)
_CJK_FONTS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")

LETTERHEAD = "云水镇人民政府文件"
"""An invented head of an official document, put above the first page of the sealed report."""

SEALED = "003"
"""The report whose first page gets a letterhead, whose last one a seal over the sign-off; its fourth lay across."""

Change = Callable[[Image.Image], Image.Image]


def scanned(data: bytes, changes: Sequence[tuple[int, Change]] = (), *, seed: int = 0) -> bytes:
    """A PDF scanned: 150 dpi, each page askew by up to 0.6 degrees, noise, JPEG of quality 70, no text layer.

    Args:
        data: the printed PDF.
        changes: what happens to single pages on the paper; negative numbers count from the end.
        seed: of angle and noise.
    """
    random = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]
    document.close()
    for number, change in changes:
        pages[number] = change(pages[number])
    return picture_pdf([_on_glass(page, random) for page in pages])


@cache
def _printed(reference: Reference, *, has_extras: bool) -> bytes:
    word = word_file(reference.paragraphs, Numbering.STYLES, has_extras=has_extras)
    return converted({"a": word}, "docx", "pdf")["a"]


def scan(reference: Reference, *, has_extras: bool = False) -> bytes:
    """A report as LibreOffice prints it, scanned; see `SEALED` for what happens to one of them."""
    changes = ((0, letterhead), (3, turned_page), (-1, sealed)) if reference.number == SEALED else ()
    return scanned(_printed(reference, has_extras=has_extras), changes, seed=int(reference.number))


def read_scans(files: Mapping[str, bytes], folder: Path, *, workers: int) -> dict[str, Document]:
    """What is read of scans, by name; pages are recognised in pooled children as in indexing."""
    paths = {folder / f"{name}.pdf": name for name in files}
    for path, name in paths.items():
        path.write_bytes(files[name])
    found = read_recognised(
        _read,
        {path: path for path in paths},
        folder / "recognised",
        workers=workers,
        progress=lambda _done, _total: None,
    )
    documents = {}
    for path, outcome in found:
        if isinstance(outcome, ExtractError):
            raise outcome
        documents[paths[path]] = outcome
    return documents


def _read(paths: Sequence[Path], shelf: Shelf) -> Iterator[tuple[Path, Document | ExtractError]]:
    for path in paths:
        try:
            yield path, read_document(path.read_bytes(), path.name, shelf=shelf)
        except ExtractError as error:
            yield path, error


def without_letterhead(document: Document) -> Document:
    """The document without the letterhead that no report holds.

    Raises:
        ValueError: it was not read as a paragraph of its own.
    """
    at = document.lines.index(LETTERHEAD)
    return replace(document, lines=document.lines[:at] + document.lines[at + 1 :])


def picture_pdf(pages: Sequence[Image.Image]) -> bytes:
    """A PDF of pictures."""
    written = io.BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=JPEG_QUALITY)
    return written.getvalue()


def _on_glass(page: Image.Image, random: np.random.Generator) -> Image.Image:
    angle = random.uniform(-_SKEW_DEGREES, _SKEW_DEGREES)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    noisy = np.asarray(turned, dtype=np.float32) + random.normal(0, _NOISE, (turned.height, turned.width, 1))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def turned_page(page: Image.Image) -> Image.Image:
    """A page that lay across the glass."""
    return page.transpose(Image.Transpose.ROTATE_90)


def letterhead(page: Image.Image) -> Image.Image:
    """A page with the head of an official document above its text, in red; the text moves down."""
    moved = Image.new("RGB", page.size, "white")
    moved.paste(page, (0, page.height // 14))
    draw = ImageDraw.Draw(moved)
    draw.text((page.width // 2, page.height // 13), LETTERHEAD, _RED, _font(64), anchor="mm")
    line = page.height // 9
    draw.line((page.width // 8, line, page.width * 7 // 8, line), _RED, 5)
    return moved


def sealed(page: Image.Image) -> Image.Image:
    """A page with a round red seal over the last line of its text."""
    grey = np.asarray(page.convert("L"))
    ink = np.flatnonzero((grey < 128).any(axis=1) & (np.arange(page.height) < page.height * 0.86))
    columns = np.flatnonzero((grey[ink[-1] - 20 : ink[-1]] < 128).any(axis=0))
    radius = int(21 / 25.4 * DPI)  # 4.2 cm across, as the rules for township seals say
    centre = (int(columns.mean()), int(ink[-1]) - 15)
    stamp = Image.new("L", page.size, 0)
    draw = ImageDraw.Draw(stamp)
    box = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
    draw.ellipse(box, outline=255, width=7)
    draw.regular_polygon((*centre, radius // 3), 5, fill=255)
    for number, character in enumerate("云水镇人民政府印章"):
        tile = Image.new("L", page.size, 0)
        place = (centre[0], centre[1] - radius * 3 // 4)
        ImageDraw.Draw(tile).text(place, character, 255, _font(30), anchor="mm")
        stamp.paste(255, mask=tile.rotate(120 - 30 * number, center=centre))
    ink_left = ImageOps.invert(stamp)
    red, green, blue = page.split()
    return Image.merge(
        "RGB", (red, *(Image.composite(one, Image.new("L", page.size, 40), ink_left) for one in (green, blue)))
    )


def _font(size: int) -> ImageFont.FreeTypeFont:
    if (found := find_font(size)) is None:
        raise RuntimeError("no CJK font here (on Debian: apt-get install fonts-noto-cjk)")
    return found


def find_font(size: int) -> ImageFont.FreeTypeFont | None:
    """A font with hanzi; None where there is none."""
    for name in _CJK_FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return None
