"""Which lines does a file of .doc, .wps, .rtf or .odt print?

LibreOffice makes a .docx of it and our own walker reads that: measured, this keeps automatic numbers, notes and tables,
which the small converters of .doc lose. The file is checked before LibreOffice sees it.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import docx
from fzsearch.ingest.extract.archive import Archive
from fzsearch.ingest.extract.ole import check_word
from fzsearch.ingest.extract.soffice import ConversionTimeoutError, convert, find_soffice
from fzsearch.model import Document, Format

SUFFIXES: Mapping[Format, str] = {Format.DOC: ".doc", Format.WPS: ".doc", Format.RTF: ".rtf", Format.ODT: ".odt"}
"""The formats that LibreOffice converts, with the ending that it knows each by."""

_NAMES = {
    Format.DOC: "旧版 Word 文件（.doc）",
    Format.WPS: "WPS 文字文件（.wps）",
    Format.RTF: "RTF 文件",
    Format.ODT: "OpenDocument 文件（.odt）",
}
_TIMEOUT_S = 45.0  # less than reading may take, so that LibreOffice is stopped by us
_INSTALL = "请安装 LibreOffice（免费）后重建索引，或用 Word、WPS 打开后另存为 .docx"
_RESAVE = "请用 Word 或 WPS 打开后另存为 .docx"
_UNLOCK = "请用密码打开后取消加密，再放入语料目录"


def read(data: bytes, form: Format, converted: Path | None = None) -> Document:
    """Give the lines of an office file.

    Args:
        data: the file.
        form: its format, one of `SUFFIXES`.
        converted: a folder that may hold the file converted already, under the name that `converted_name` gives;
            temporary files go there too, else into the system's folder for them.

    Raises:
        ExtractError: damaged, locked, not convertible, or LibreOffice is not installed.
    """
    check(data, form)
    made = converted / converted_name(data) if converted else None
    if made is not None and made.is_file():
        return replace(docx.read(made.read_bytes()), format=form)
    if find_soffice() is None:
        raise ExtractError(f"这是{_NAMES[form]}，读它要用 LibreOffice，而本机没有安装", _INSTALL)
    return replace(docx.read(_convert_one(data, form, converted)), format=form)


def check(data: bytes, form: Format) -> None:
    """Let a file pass that is whole and open, as far as its container tells.

    Raises:
        ExtractError: it is not.
    """
    if form in (Format.DOC, Format.WPS):
        check_word(data)
    elif form is Format.RTF and not data.rstrip(b"\0 \t\r\n\x1a").endswith(b"}"):
        raise ExtractError("RTF 文件不完整", f"请重新下载，或{_RESAVE.removeprefix('请')}")
    elif form is Format.ODT and b"encryption-data" in Archive(data).unpack("META-INF/manifest.xml"):
        raise ExtractError("文件已加密", _UNLOCK)


def converted_name(data: bytes) -> str:
    """The name of the converted file: by content, so that it can never be another file's."""
    return f"{hashlib.sha256(data).hexdigest()}.docx"


def _convert_one(data: bytes, form: Format, scratch: Path | None) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fzsearch-", dir=scratch, ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, f"report{SUFFIXES[form]}"), Path(folder, "made")
        source.write_bytes(data)
        target.mkdir()
        try:
            convert([source], target, timeout_s=_TIMEOUT_S)
        except ConversionTimeoutError as error:
            raise ExtractError(f"LibreOffice 转换超过 {_TIMEOUT_S:g} 秒仍未完成", _RESAVE) from error
        made = target / "report.docx"
        if not made.is_file():
            raise ExtractError(f"LibreOffice 打不开这个{_NAMES[form]}，它可能已损坏", _RESAVE)
        return made.read_bytes()
