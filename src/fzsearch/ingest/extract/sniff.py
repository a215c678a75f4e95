"""What is this file really, whatever it is called?

Told by content. What cannot be read is named, with the way to make it readable; nothing is parsed here but
the directory of a zip file.
"""

import re

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.archive import Archive
from fzsearch.ingest.extract.ole import check_directory
from fzsearch.model import Format

MAX_BYTES = 64 << 20

_SAVE_AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 后再放入语料目录"
_AS_PDF = "请先转成 PDF（图片要做文字识别），或换成有文字的版本后放入语料目录"
_AS_ZIP = "请解压后把里面的文件放入语料目录，或重新打包为 .zip"
_RENAME = "请改名为 .zip，或解压后把里面的文件放入语料目录"
_NO_DOCUMENT = "请换成文档本身，不需要时请移出语料目录"
_UNLOCK = "请用密码打开后取消加密，再放入语料目录"

# Signatures at the start of the file: (bytes, what it is, what to do).
_REFUSED = (
    (b"\x89PNG\r\n\x1a\n", "这是图片（PNG），没有文字", _AS_PDF),
    (b"\xff\xd8\xff", "这是图片（JPEG），没有文字", _AS_PDF),
    (b"GIF8", "这是图片（GIF），没有文字", _AS_PDF),
    (b"II*\0", "这是图片（TIFF），没有文字", _AS_PDF),
    (b"MM\0*", "这是图片（TIFF），没有文字", _AS_PDF),
    (b"RIFF", "这是图片或音视频文件，没有文字", _AS_PDF),
    (b"\0\0\0\x0cjP  \r\n", "这是图片（JPEG 2000），没有文字", _AS_PDF),
    (b"Rar!\x1a\x07", "这是压缩包（RAR）", _AS_ZIP),
    (b"7z\xbc\xaf\x27\x1c", "这是压缩包（7z）", _AS_ZIP),
    (b"\x1f\x8b", "这是压缩包（gzip）", _AS_ZIP),
    (b"BZh", "这是压缩包（bzip2）", _AS_ZIP),
    (b"\xfd7zXZ\0", "这是压缩包（xz）", _AS_ZIP),
    (b"MZ\x90\0", "这是程序，不是文档", _NO_DOCUMENT),
    (b"\x7fELF", "这是程序，不是文档", _NO_DOCUMENT),
    (b"SQLite format 3\0", "这是数据库，不是文档", _NO_DOCUMENT),
    (b"L\0\0\0\x01\x14\x02\0", "这是快捷方式（.lnk），里面没有文档", _NO_DOCUMENT),
    (b"[InternetShortcut]", "这是网址快捷方式，里面没有文档", "请在浏览器中打开网页，另存后放入语料目录"),
)
_MEDIA_SIGNATURE = re.compile(rb".{4}ftyp|ID3", re.DOTALL)  # ISO/IEC 14496-12: HEIC, MP4; sound
_BMP_SIGNATURE = re.compile(rb"BM.{4}\0{4}", re.DOTALL)
_RTF_SIGNATURE = b"{\\rtf"
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (
    ("Workbook", "这是 Excel 表格"),
    ("PowerPoint Document", "这是 PowerPoint 演示文稿"),
    ("MatOST", "这是 Microsoft Works 文件"),
)
_WPS_SUFFIXES = (".wps", ".wpt")
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_KINDS = (
    ("xl/workbook.xml", "这是 Excel 表格", _SAVE_AS_DOCX),
    ("ppt/presentation.xml", "这是 PowerPoint 演示文稿", _SAVE_AS_DOCX),
    ("OFD.xml", "这是 OFD 版式文件", "请用阅读器另存为 PDF 或 .docx 后放入语料目录"),
    ("content.xml", "这是 OpenDocument 表格、演示文稿或图形，不是文字文档", _SAVE_AS_DOCX),
)
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"  # OpenDocument 1.3 part 2, 3.3; -template is one too
_FLAT_WORD = re.compile(rb"<w:wordDocument|<pkg:package|progid=\"Word\.Document\"")
_MIME_PAGE = re.compile(rb"(?im)\A\s*(?:from|mime-version|subject|date):[^\n]*\n(?s:.*)multipart/related")
_PAGE_TAG = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body)\b")
_ANY_TAG = re.compile(rb"(?i)</?(?:p|div|br|span|table|tr|td|h[1-6]|ul|ol|li|a|font|strong|b|meta)\b[^<>]*>")
_PAGE_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml", ".jhtml", ".aspx", ".jsp", ".php")
_HEAD_BYTES = 8_192
_PDF_HEAD_BYTES = 1_024  # ISO 32000-1, implementation note 13: the header stands in the first 1,024 bytes


def sniff(data: bytes, name: str = "") -> Format:
    """Tell the format of a file.

    Args:
        data: the whole file.
        name: its name; decides only whether text with some tags in it is a fragment of a web page, and what an old
            Word file is called: a .wps is one.

    Raises:
        ExtractError: empty, too large, or of a kind that is not read; the kind is named.
    """
    _check_size(data)
    for signature, reason, remedy in _REFUSED:
        if data.startswith(signature):
            raise ExtractError(reason, remedy)
    if _MEDIA_SIGNATURE.match(data):
        raise ExtractError("这是图片或音视频文件，没有文字", _AS_PDF)
    if data.startswith(_RTF_SIGNATURE):
        return Format.RTF
    if data.startswith(_OLE_SIGNATURE):
        return _sniff_ole(data, name)
    if data.startswith(_ZIP_SIGNATURES):
        return _sniff_zip(data)
    if b"%PDF-" in data[:_PDF_HEAD_BYTES]:
        return Format.PDF
    return _sniff_text(data, name)


def _check_size(data: bytes) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise ExtractError("文件是空的", "请确认文件是否保存完整，不需要时请移出语料目录")
    if len(data) > MAX_BYTES:
        raise ExtractError(
            f"文件过大（{len(data) >> 20} MB，上限 {MAX_BYTES >> 20} MB）",
            "请去掉图片或拆成几个文件后放入语料目录",
        )


def _sniff_ole(data: bytes, name: str) -> Format:
    """Tell what is in an OLE compound file by the names of its streams ([MS-CFB] 2.6: UTF-16LE)."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        raise ExtractError("文件已加密", _UNLOCK)
    if has("WordDocument"):
        return Format.WPS if name.lower().endswith(_WPS_SUFFIXES) else Format.DOC
    for stream, reason in _OLE_KINDS:
        if has(stream):
            raise ExtractError(reason, _SAVE_AS_DOCX)
    check_directory(data)
    raise ExtractError("这是旧版办公软件的文件，但不是 Word 或 WPS 文字文档", _SAVE_AS_DOCX)


def _sniff_zip(data: bytes) -> Format:
    archive = Archive(data)
    names = archive.names
    # Some writers call the main part document2.xml; its true name stands in the relationships.
    if any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        return Format.DOCX
    if archive.unpack("mimetype").startswith(_ODT_TYPE):
        return Format.ODT
    for part, reason, remedy in _ZIP_KINDS:
        if part in names:
            raise ExtractError(reason, remedy)
    raise ExtractError("这是压缩包（zip），不是 Word 文档", _RENAME)


def _sniff_text(data: bytes, name: str) -> Format:
    head = data[:_HEAD_BYTES].replace(b"\0", b"")  # so that UTF-16 pages are seen too
    if _BMP_SIGNATURE.match(data):
        raise ExtractError("这是图片（BMP），没有文字", _AS_PDF)
    if _FLAT_WORD.search(head):
        raise ExtractError("这是 Word 的 XML 文件", _SAVE_AS_DOCX)
    if _MIME_PAGE.search(head):
        raise ExtractError("这是单文件网页（.mht）", "请在浏览器中打开，另存为网页（仅 HTML）后再放入语料目录")
    if _PAGE_TAG.search(head):
        return Format.HTML
    tag = _ANY_TAG.search(head)
    if tag is None:
        return Format.TXT
    is_page = name.lower().endswith(_PAGE_SUFFIXES) or not head[: tag.start()].strip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return Format.HTML if is_page else Format.TXT
