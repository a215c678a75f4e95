"""Which text layer does a PDF file hold?

The only module that knows pypdf, which judges structure, encryption and size and reads every page to its end. Then
pdfium reads where the lines stand (`pdf_layout`), and `pdf_blocks` makes paragraphs of them: measured in
docs/FIDELITY.md. Where pdfium fails or reads less than pypdf did, `pdf_lines` joins the text of pypdf. Without a
usable text layer the file is refused and sent to OCR, never silently read as empty.
"""

import io
import logging
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject, PdfObject, StreamObject

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.pdf_blocks import layout_paragraphs
from fzsearch.ingest.extract.pdf_layout import PdfiumError, printed_pages
from fzsearch.ingest.extract.pdf_lines import paragraphs
from fzsearch.model import Document, Format
from fzsearch.resources import unradical

_MAX_PAGES = 500
_MAX_CHARACTERS = 1_000_000
_MIN_HAN_SHARE = 0.3  # without a ToUnicode map the share is 0.00 with every library measured
_MIN_CHARACTERS_PER_PAGE = 20
_MIN_SAME_SHARE = 0.97  # note marks are left out; a damaged file gave pdfium less than half, without a word
_END_WITHIN_BYTES = 4_096
# What pypdf 7.1 lets through on damaged files, beside its own errors; the file is at fault, not the program.
_BROKEN = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, EOFError, OSError,
    NotImplementedError, zlib.error, struct.error,
)  # fmt: skip
_DAMAGED = ("PDF 已损坏或文件不完整", "请重新下载，或换成 .docx 版本后放入语料目录")
_NEEDS_OCR = "扫描件请先做文字识别（OCR），或换成有文字的版本后放入语料目录"


def read(data: bytes) -> Document:
    """Give the paragraphs of a PDF with a text layer, page numbers and running heads left out.

    Raises:
        ExtractError: damaged, truncated, locked by a password, without text layer, or too long.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every oddity; what matters is raised here
    if b"startxref" not in data[-_END_WITHIN_BYTES:]:
        raise ExtractError(*_DAMAGED)  # pypdf would rebuild a truncated file and lose its end in silence
    try:
        pages = _page_texts(_open(data))
    except DependencyError as error:
        raise ExtractError("PDF 已加密", "请用阅读器打开后打印为新的 PDF，或换成 .docx 版本") from error
    except _BROKEN as error:
        raise ExtractError(*_DAMAGED) from error
    _check_text("".join(pages), len(pages))
    lines = _layout_lines(data, pages) or paragraphs([page.split("\n") for page in pages])
    return Document(format=Format.PDF, lines=tuple(lines), warnings=_empty_pages(pages))


def _layout_lines(data: bytes, pages: Sequence[str]) -> list[str]:
    """The paragraphs by layout; none where pdfium cannot read the file or reads less of it than pypdf."""
    try:
        printed = printed_pages(data)
    except PdfiumError:
        return []
    wanted = len("".join("".join(pages).split()))
    found = sum(len("".join(line.text.split())) for page in printed for line in page)
    return layout_paragraphs(printed) if found >= _MIN_SAME_SHARE * wanted else []


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ExtractError("PDF 已加密", "请用密码打开后取消加密，再放入语料目录")
    if len(reader.pages) > _MAX_PAGES:
        raise ExtractError(f"PDF 共 {len(reader.pages)} 页，超过上限 {_MAX_PAGES} 页", "请只保留报告所在的页")
    return reader


def _page_texts(reader: PdfReader) -> list[str]:
    texts: list[str] = []
    characters = 0
    for page in reader.pages:
        _check_fonts(page)
        text = "".join(map(unradical, page.extract_text()))
        characters += len(text)
        if characters > _MAX_CHARACTERS:
            raise ExtractError("PDF 的文字多得不正常", "请只保留报告所在的页")
        texts.append(text)
    return texts


def _check_fonts(page: PageObject) -> None:
    """Unpack the fonts of a page within the limits of pypdf: pdfium unpacks them too, and has none."""
    fonts = page.get("/Resources", {}).get_object().get("/Font", {}).get_object()
    for font in _dictionaries(fonts.values()):
        parts = [font, *_dictionaries(font.get("/DescendantFonts", ()))]
        for descriptor in _dictionaries(part.get("/FontDescriptor") for part in parts):
            for program in map(descriptor.get, ("/FontFile", "/FontFile2", "/FontFile3")):
                if isinstance(stream := program and program.get_object(), StreamObject):
                    stream.get_data()


def _dictionaries(found: Iterable[object]) -> Iterator[DictionaryObject]:
    for one in found:
        target = one.get_object() if isinstance(one, PdfObject) else one
        if isinstance(target, DictionaryObject):
            yield target


def _check_text(text: str, page_count: int) -> None:
    shown = "".join(text.split())
    han = sum(1 for character in shown if "\u3400" <= character <= "\u9fff")
    if len(shown) < _MIN_CHARACTERS_PER_PAGE * max(page_count, 1):
        raise ExtractError("PDF 没有文字层，可能是扫描件", _NEEDS_OCR)
    if han < _MIN_HAN_SHARE * len(shown):
        raise ExtractError("PDF 的文字层无法识别为中文，可能缺少字符映射", _NEEDS_OCR)


def _empty_pages(pages: Sequence[str]) -> tuple[str, ...]:
    empty = "、".join(str(number) for number, page in enumerate(pages, 1) if not page.strip())
    return (f"第 {empty} 页没有文字层，可能是扫描图片",) if empty else ()
