"""Which text does a file of the corpus hold?

One function for every format. The type is told by content; what cannot be read raises ExtractError with the
reason and what a person can do. Nothing is understood here: titles, sections and places are read from the
lines by others.
"""

from pathlib import Path

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import docx, html, office, pdf, txt
from fzsearch.ingest.extract.recognised import EMPTY_SHELF, Shelf
from fzsearch.ingest.extract.sniff import MAX_BYTES, sniff
from fzsearch.model import Document, Format

__all__ = ["MAX_BYTES", "read_document"]

MAX_CHARACTERS = 1_000_000
"""What a report may have: published ones have some 30,000 at most; reading so many takes 3 to 7 s (measured)."""
_READERS = {Format.TXT: txt.read, Format.HTML: html.read}


def read_document(
    data: bytes, name: str = "", converted: Path | None = None, shelf: Shelf = EMPTY_SHELF, *, is_draft: bool = False
) -> Document:
    r"""Read a file of any format.

    Args:
        data: the whole file; one larger than ``MAX_BYTES`` need not be loaded, it is refused.
        name: its name; breaks the tie between plain text and a fragment of a web page, and between .doc and .wps.
        converted: a folder with what LibreOffice made of office files already.
        shelf: the text of pages that are pictures, as it was recognised.
        is_draft: whether a .docx shows its marks of notes and the targets of its links.

    Raises:
        NeedsOcrError: the shelf asks, and pages have to be recognised first.
        ExtractError: the file cannot be read; `reason` and `remedy` are Chinese sentences.

    >>> read_document("商家镇\n".encode("gb18030")).lines
    ('商家镇',)
    """
    try:
        form = sniff(data, name)
        if form is Format.PDF:
            document = pdf.read(data, shelf)
        elif form is Format.DOCX:
            document = docx.read(data, is_draft=is_draft)
        else:
            document = office.read(data, form, converted) if form in office.SUFFIXES else _READERS[form](data)
    except RecursionError as error:
        raise ExtractError("文件的嵌套层次过深", "请用 Word 或浏览器打开后另存为新文件") from error
    if sum(map(len, document.lines)) > MAX_CHARACTERS:
        raise ExtractError(
            f"文件的文字超过 {MAX_CHARACTERS // 10_000} 万字，不像一份报告", "请拆开，或只保留报告正文后再放入"
        )
    return document
