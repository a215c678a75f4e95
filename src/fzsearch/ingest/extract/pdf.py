"""Which text layer does a PDF file hold?

The only module that knows pypdf, which judges structure, encryption and size and reads every page to its end. Then
pdfium reads where the lines stand (`pdf_layout`), and `pdf_blocks` makes paragraphs of them: measured in
docs/FIDELITY.md. Where pdfium fails or reads less than pypdf did, `pdf_lines` joins the text of pypdf. Pages without a
usable text layer are asked for from OCR or told of, never silently read as empty.
"""

import hashlib
import io
import logging
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject, PdfObject, StreamObject

from fzsearch.errors import ExtractError, NeedsOcrError
from fzsearch.ingest.extract import ocr
from fzsearch.ingest.extract.pdf_blocks import layout_paragraphs
from fzsearch.ingest.extract.pdf_layout import PdfiumError, printed_pages
from fzsearch.ingest.extract.pdf_lines import paragraphs
from fzsearch.ingest.extract.recognised import EMPTY_SHELF, RecognisedPage, Shelf, lines_of
from fzsearch.model import Document, Doubt, Format
from fzsearch.resources import unradical

_MAX_PAGES = 500
_MAX_CHARACTERS = 1_000_000
_MIN_HAN_SHARE = 0.3  # without a ToUnicode map the share is 0.00 with every library measured
_MIN_CHARACTERS_PER_PAGE = 20
_MAX_RECOGNISED_PAGES = 200  # ten minutes on one processor
_MIN_HAN = 20
_SURE = 0.9  # scans at 150 dpi gave 0.96 and more for each page
_PICTURE_PIXELS = 400  # a scan is larger either way, most emblems are not
_MIN_SAME_SHARE = 0.97  # note marks are left out; a damaged file gave pdfium less than half, without a word
_END_WITHIN_BYTES = 4_096
# What pypdf 7.1 lets through on damaged files, beside its own errors; the file is at fault, not the program.
_BROKEN = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, EOFError, OSError,
    NotImplementedError, zlib.error, struct.error,
)  # fmt: skip
_DAMAGED = ("PDF 已损坏或文件不完整", "请重新下载，或换成 .docx 版本后放入语料目录")
_NEEDS_OCR = "扫描件请先做文字识别（OCR），或换成有文字的版本后放入语料目录"
_INSTALL_OCR = f"要由 fzsearch 识别（OCR），请运行 {ocr.INSTALL} 后重建索引；或换成有文字的版本"
_COMPARE = "请对照原件核对，或换成清晰的扫描件、有文字的版本"


@dataclass(frozen=True, slots=True)
class _Page:
    """What pypdf says of a page."""

    text: str
    has_picture: bool

    @property
    def is_scan(self) -> bool:
        """Whether its text, if there is any, stands in a picture or is drawn."""
        shown = len("".join(self.text.split()))
        return shown == 0 or (self.has_picture and shown < _MIN_CHARACTERS_PER_PAGE)


def read(data: bytes, shelf: Shelf = EMPTY_SHELF) -> Document:
    """Give the paragraphs of a PDF, page numbers and running heads left out.

    Args:
        data: the file.
        shelf: holds the text of pages that are pictures, as it was recognised.

    Raises:
        NeedsOcrError: some pages have to be recognised first.
        ExtractError: damaged, truncated, locked by a password, without any usable text, or too long.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every oddity; what matters is raised here
    if b"startxref" not in data[-_END_WITHIN_BYTES:]:
        raise ExtractError(*_DAMAGED)  # pypdf would rebuild a truncated file and lose its end in silence
    try:
        pages = _pages(_open(data))
    except DependencyError as error:
        raise ExtractError("PDF 已加密", "请用阅读器打开后打印为新的 PDF，或换成 .docx 版本") from error
    except _BROKEN as error:
        raise ExtractError(*_DAMAGED) from error
    fault = _fault("".join(page.text for page in pages), len(pages))
    scans = [number for number, page in enumerate(pages) if fault or page.is_scan]
    recognised = _recognised(data, scans, fault, shelf)
    if fault:
        _check_recognised(fault, recognised)
    unread = [number for number in scans if number not in recognised]
    made = {number: page for number, page in recognised.items() if page.lines}
    texts = [() if fault or number in made else page.text.split("\n") for number, page in enumerate(pages)]
    lines = _layout_lines(data, texts, made) or paragraphs(
        [
            [line.text for line in lines_of(made[number])] if number in made else text
            for number, text in enumerate(texts)
        ]
    )
    return Document(
        format=Format.PDF,
        lines=tuple(lines),
        warnings=tuple(_warnings(len(pages), made, unread)),
        recognised=tuple(number + 1 for number in sorted(made)),
        doubt=_doubt(made, [number for number in unread if fault or pages[number].has_picture]),
    )


def _recognised(data: bytes, scans: Sequence[int], fault: str, shelf: Shelf) -> Mapping[int, RecognisedPage]:
    """The pages of those asked for that are on the shelf."""
    if not scans:
        return {}
    sha256 = hashlib.sha256(data).hexdigest()
    found = shelf.pages(sha256, ocr.engine_name())
    missing = tuple(number for number in scans if number not in found)
    if missing and shelf.asks and ocr.is_installed():
        if len(scans) > _MAX_RECOGNISED_PAGES:
            reason = f"扫描件共 {len(scans)} 页，超过文字识别（OCR）的上限 {_MAX_RECOGNISED_PAGES} 页"
            raise ExtractError(reason, "请只保留报告所在的页")
        raise NeedsOcrError(fault or f"{_numbers(missing)}没有文字层", _NEEDS_OCR, sha256, missing)
    return {number: found[number] for number in scans if number in found}


def _check_recognised(fault: str, recognised: Mapping[int, RecognisedPage]) -> None:
    if not recognised:
        raise ExtractError(fault, _NEEDS_OCR if ocr.is_installed() else _INSTALL_OCR)
    if sum(page.han for page in recognised.values()) < _MIN_HAN:
        raise ExtractError(f"{fault}，OCR 也没有认出中文", "请核对文件；若是报告，请换成清晰的扫描件或有文字的版本")


def _layout_lines(data: bytes, texts: Sequence[Sequence[str]], recognised: Mapping[int, RecognisedPage]) -> list[str]:
    """The paragraphs by layout; none where pdfium cannot read the file or reads less of it than pypdf."""
    wanted = sum(len("".join(line.split())) for page in texts for line in page)
    try:
        printed = printed_pages(data) if wanted else [[] for _ in texts]
    except PdfiumError:
        return []
    kept = [page if texts[number] else [] for number, page in enumerate(printed)]
    found = sum(len("".join(line.text.split())) for page in kept for line in page)
    if found < _MIN_SAME_SHARE * wanted:
        return []
    return layout_paragraphs([lines_of(recognised[n]) if n in recognised else page for n, page in enumerate(kept)])


def _numbers(pages: Iterable[int]) -> str:
    return f"第 {'、'.join(str(number + 1) for number in pages)} 页"


def _unsure(recognised: Mapping[int, RecognisedPage]) -> list[int]:
    return sorted(number for number, page in recognised.items() if page.score < _SURE)


def _warnings(count: int, recognised: Mapping[int, RecognisedPage], unread: Sequence[int]) -> Iterator[str]:
    if recognised:
        what = f"全文（{count} 页）" if len(recognised) == count else _numbers(sorted(recognised))
        yield f"{what}由 OCR 识别，可能有错字，引用前请核对原件"
    if unsure := _unsure(recognised):
        yield f"{_numbers(unsure)}字迹不清，OCR 把握不大，请逐字核对"
    if unread:
        yield f"{_numbers(unread)}没有文字层，可能是扫描图片"


def _doubt(recognised: Mapping[int, RecognisedPage], unread: Sequence[int]) -> Doubt | None:
    if unread:
        return Doubt(f"{_numbers(unread)}是图片，没有读出", _COMPARE if ocr.is_installed() else _INSTALL_OCR)
    if unsure := _unsure(recognised):
        return Doubt(f"{_numbers(unsure)}由 OCR 识别，把握不大", _COMPARE)
    return None


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ExtractError("PDF 已加密", "请用密码打开后取消加密，再放入语料目录")
    if len(reader.pages) > _MAX_PAGES:
        raise ExtractError(f"PDF 共 {len(reader.pages)} 页，超过上限 {_MAX_PAGES} 页", "请只保留报告所在的页")
    return reader


def _pages(reader: PdfReader) -> list[_Page]:
    pages: list[_Page] = []
    characters = 0
    for page in reader.pages:
        _check_fonts(page)
        text = "".join(map(unradical, page.extract_text()))
        characters += len(text)
        if characters > _MAX_CHARACTERS:
            raise ExtractError("PDF 的文字多得不正常", "请只保留报告所在的页")
        pages.append(_Page(text, _has_picture(page)))
    return pages


def _has_picture(page: PageObject) -> bool:
    """Whether a picture the size of a scan is drawn."""
    pictures = (one for one in _resources(page, "/XObject") if one.get("/Subtype") == "/Image")
    return any(min(int(str(one.get(side, 0))) for side in ("/Width", "/Height")) >= _PICTURE_PIXELS for one in pictures)


def _check_fonts(page: PageObject) -> None:
    """Unpack the fonts of a page within the limits of pypdf: pdfium unpacks them too, and has none."""
    for font in _resources(page, "/Font"):
        parts = [font, *_dictionaries(font.get("/DescendantFonts", ()))]
        for descriptor in _dictionaries(part.get("/FontDescriptor") for part in parts):
            for program in map(descriptor.get, ("/FontFile", "/FontFile2", "/FontFile3")):
                if isinstance(stream := program and program.get_object(), StreamObject):
                    stream.get_data()


def _resources(page: PageObject, kind: str) -> Iterator[DictionaryObject]:
    """What a page uses of a kind; a scan has no fonts."""
    for resources in _dictionaries([page.get("/Resources")]):
        for found in _dictionaries([resources.get(kind)]):
            yield from _dictionaries(found.values())


def _dictionaries(found: Iterable[object]) -> Iterator[DictionaryObject]:
    for one in found:
        target = one.get_object() if isinstance(one, PdfObject) else one
        if isinstance(target, DictionaryObject):
            yield target


def _fault(text: str, page_count: int) -> str:
    """Why the text layer as a whole is of no use; "" where it is."""
    shown = "".join(text.split())
    han = sum(1 for character in shown if "\u3400" <= character <= "\u9fff")
    if len(shown) < _MIN_CHARACTERS_PER_PAGE * max(page_count, 1):
        return "PDF 没有文字层，可能是扫描件"
    if han < _MIN_HAN_SHARE * len(shown):
        return "PDF 的文字层无法识别为中文，可能缺少字符映射"
    return ""
