"""Which files can a folder of reports hold that are no good reports, and what has to come of each?

`FILES` is the table: name, how the bytes are made, and what is expected: words of the reason for a refusal, the format
that a file is read as rightly, or `EITHER` where that hangs on what is installed.
"""

import html
import io
import os
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfWriter

from fzsearch.ingest import find_soffice
from fzsearch.model import Format
from tests.ingest.extract.test_docx import NAMESPACES, make_docx, paragraph
from tests.ole_writer import SECTOR, word_stream, write_ole
from tests.pdf_writer import lay_out, write_pdf
from tests.service.test_indexing import report

EITHER = None
Expected = str | Format | None

OFFICE = find_soffice() is not None
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
DOC = write_ole({"WordDocument": word_stream(), "1Table": b""})
LOOP = "loop.txt"


def text(number: int) -> str:
    """A report that says 第N号 and stands alone with it; every file has its own."""
    return report(fact=f"建成议事亭第{number}号")


def docx(number: int, extra: str = "", **parts: str) -> bytes:
    return make_docx("".join(map(paragraph, text(number).split("\n"))) + extra, **parts)


def page(number: int, before: str = "", after: str = "") -> bytes:
    shown = "".join(f"<p>{line}</p>" for line in text(number).split("\n"))
    return f"<html><head><title>报告</title></head><body>{before}{shown}{after}</body></html>".encode()


def pdf(number: int) -> bytes:
    return write_pdf(lay_out(text(number).split("\n")))


def rtf(number: int) -> bytes:
    lines = ("".join(f"\\u{ord(char)}?" for char in line) for line in text(number).split("\n"))
    return ("{\\rtf1\\ansi " + "\\par ".join(lines) + "\\par}").encode("ascii")


def zipped(*members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, method)
    return written.getvalue()


def parts(document: str) -> bytes:
    return zipped(("[Content_Types].xml", "<Types/>"), ("word/document.xml", document))


def locked_pdf(number: int, *, user: str) -> bytes:
    writer, written = PdfWriter(clone_from=io.BytesIO(pdf(number))), io.BytesIO()
    writer.encrypt(user, "owner", algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()


def flate_bomb() -> bytes:
    stream = zlib.compress(bytes(200 << 20), 9)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    )
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def page_tree_loop() -> bytes:
    return pdf(0).replace(b"/Kids [7 0 R", b"/Kids [2 0 R")


def rotten_pdf(number: int) -> bytes:
    data = bytearray(pdf(number))
    for position in random.Random(5).sample(range(200, len(data) - 200), 400):
        data[position] ^= 0x55
    return bytes(data)


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    return parts(
        f'<!DOCTYPE d [<!ENTITY e0 "x">{entities}]><w:document {NAMESPACES}><w:body>&e9;</w:body></w:document>'
    )


def external_entity() -> bytes:
    body = f"<w:body>{paragraph('前&e;后')}</w:body>"
    return parts(f'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {NAMESPACES}>{body}</w:document>')


def external_targets(number: int) -> bytes:
    target = 'Type="http://x/attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"'
    members = zipfile.ZipFile(io.BytesIO(docx(number)))
    links = f'<Relationships><Relationship Id="r1" {target}/></Relationships>'
    return zipped(*((name, members.read(name)) for name in members.namelist()), ("word/_rels/document.xml.rels", links))


def fat_loop() -> bytes:
    data = bytearray(DOC)
    struct.pack_into("<L", data, SECTOR + 4 * 1, 1)  # sector 1, the first of a stream, follows itself
    return bytes(data)


def deep_page(number: int, depth: int) -> bytes:
    return page(number, "<p>全文如下。</p>" + "<div>" * depth, "</div>" * depth)


def gbk_names(number: int) -> bytes:
    return zipped(("N" * len("某镇报告.txt".encode("gbk")), text(number))).replace(
        b"N" * 12, "某镇报告.txt".encode("gbk")
    )


def flipped_member(number: int) -> bytes:
    data = bytearray(zipped(("a.txt", text(number)), method=zipfile.ZIP_STORED))
    data[data.index("一、".encode())] ^= 1
    return bytes(data)


def lying_size() -> bytes:
    data = bytearray(parts("0" * (50 << 20)))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 100)
    return bytes(data)


def locked_member(number: int) -> bytes:
    data = bytearray(zipped(("a.txt", text(number))))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(mark) + offset, 1)
    return bytes(data)


def hanzi_noise() -> bytes:
    """Bytes that are all valid GB18030."""
    pick = random.Random(7)
    return b"".join(bytes((pick.randrange(0x81, 0xFE), pick.randrange(0x80, 0xFE))) for _ in range(4_000))


def bad_byte(number: int) -> bytes:
    return text(number).encode("gbk").replace(b"\n", b"\xff\n", 1)


def traditional(number: int) -> bytes:
    return f"某鎮政府二〇二三年報告\n一、總體情況\n全年調處糾紛三十五起，建成議事亭第{number}號。".encode(
        "big5", "replace"
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(600)


Made = Callable[[int], bytes]
FILES: dict[str, tuple[Made, Expected]] = {
    # locked
    "锁定.docx": (lambda _: ole("EncryptedPackage"), "加密"),
    "用户密码.pdf": (lambda n: locked_pdf(n, user="x"), "加密"),
    "权限密码.pdf": (lambda n: locked_pdf(n, user=""), Format.PDF),
    "锁定.doc": (lambda _: write_ole({"WordDocument": word_stream(is_encrypted=True)}), "加密"),
    "锁定.zip!/a.txt": (locked_member, "加密"),
    # cut off
    "截断.docx": (lambda n: docx(n)[:-200], "损坏"),
    "截断.pdf": (lambda n: pdf(n)[:-900], "损坏"),
    "截断.zip": (lambda n: zipped(("a.txt", text(n)))[:-30], "损坏"),
    "截断.rtf": (lambda n: rtf(n)[:-9], "不完整"),
    "截断.doc": (lambda _: DOC[: len(DOC) // 2], "损坏"),
    "截断.txt": (lambda n: text(n).encode()[:-2], Format.TXT),
    "截断.html": (lambda n: page(n)[:-20], Format.HTML),
    # bombs
    "炸弹.docx": (lambda _: parts("0" * (50 << 20)), "大得不正常"),
    "谎报大小.docx": (lambda _: lying_size(), "损坏"),
    "炸弹.zip!/a.txt": (lambda _: zipped(("a.txt", bytes(20 << 20))), "大得不正常"),
    "太多成员.zip": (lambda _: zipped(*((f"{n}.txt", b"") for n in range(5_001))), "太多"),
    "炸弹.pdf": (lambda _: flate_bomb(), ""),
    "实体炸弹.docx": (lambda _: entity_bomb(), ""),
    "外部实体.docx": (lambda _: external_entity(), "实体"),
    "深表格.docx": (lambda _: make_docx("<w:tbl>" * 20_000 + "</w:tbl>" * 20_000), "嵌套"),
    "深网页.html": (lambda n: deep_page(n, 100_000), "嵌套"),
    "较深网页.html": (lambda n: deep_page(n, 400), Format.HTML),
    "套表.html": (lambda n: page(n, "<table><tr><td>" * 60, "</td></tr></table>" * 60), Format.HTML),
    "大网页.html": (lambda n: page(n, "<!-- " + "x" * (20 << 20) + " -->"), Format.HTML),
    "多标签.html": (lambda n: page(n, "<br>" * 100_000), EITHER),
    "超长.txt": (lambda _: "某镇调解纠纷。".encode() * 1_000_000, "万字"),
    "全是标题.txt": (lambda _: "（一）调解。\n".encode() * 20_000, "段"),
    "图片标记.txt": (lambda n: text(n).encode() + b"[image:" * 30_000, Format.TXT),
    # broken inside
    "页树成环.pdf": (lambda _: page_tree_loop(), ""),
    "位腐.pdf": (rotten_pdf, ""),
    "无文字层.pdf": (lambda _: write_pdf([[]] * 3), ""),
    "无字符映射.pdf": (lambda n: write_pdf(lay_out(text(n).split("\n")), has_unicode_map=False), EITHER),
    "页数过多.pdf": (lambda _: write_pdf([["第一页"]] * 501), "页"),
    "无正文.docx": (lambda _: zipped(("[Content_Types].xml", "<Types/>"), ("word/styles.xml", "<x/>")), "压缩包"),
    "空文档.docx": (lambda _: make_docx(""), "没有文字"),
    "外部目标.docx": (external_targets, Format.DOCX),
    "成环.doc": (lambda _: fat_loop(), "损坏"),
    "脚本.html": (lambda _: b"<html><body><script>load()</script></body></html>", "没有正文"),
    "翻转.zip!/a.txt": (flipped_member, "损坏"),
    "算法.zip!/a.txt": (lambda n: zipped(("a.txt", text(n)), method=zipfile.ZIP_LZMA), "压缩方法"),
    "空.zip": (lambda _: zipped(), "没有文件"),
    # called otherwise
    "网页.pdf": (page, Format.HTML),
    "word.txt": (docx, Format.DOCX),
    "word.html": (docx, Format.DOCX),
    "word.zip": (docx, Format.DOCX),
    "pdf.doc": (pdf, Format.PDF),
    "文字.docx": (lambda n: text(n).encode(), Format.TXT),
    "rtf.doc": (rtf, Format.RTF if OFFICE else "LibreOffice"),
    "压缩.docx": (lambda n: zipped(("a.txt", text(n))), "压缩包"),
    "没有后缀": (lambda n: zipped(("a.txt", text(n))), "压缩包"),
    "压缩.rar": (lambda n: zipped(("a.txt", text(n))), "压缩包"),
    "程序.txt": (lambda _: b"MZ\x90\0\x03\0\0\0" + bytes(range(256)) * 40, "程序"),
    "图片.txt": (lambda _: PNG, "图片"),
    "表格.doc": (lambda _: ole("Workbook"), "Excel"),
    # not read at all
    "a.xlsx": (lambda _: zipped(("[Content_Types].xml", "<T/>"), ("xl/workbook.xml", "<x/>")), "Excel"),
    "a.pptx": (lambda _: zipped(("ppt/presentation.xml", "<x/>")), "PowerPoint"),
    "a.ofd": (lambda _: zipped(("OFD.xml", "<x/>")), "OFD"),
    "a.jpg": (lambda _: b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
    "a.heic": (lambda _: b"\0\0\0\x18ftypheic" + bytes(100), "图片"),
    "a.rar": (lambda _: b"Rar!\x1a\x07\x01\0" + bytes(100), "RAR"),
    "a.7z": (lambda _: b"7z\xbc\xaf\x27\x1c" + bytes(100), "7z"),
    "a.mht": (lambda _: b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>", "mht"),
    "a.lnk": (lambda _: b"L\0\0\0\x01\x14\x02\0" + bytes(60), "快捷方式"),
    "a.csv": (lambda _: "镇,年".encode(), "CSV"),
    # no text
    "空.txt": (lambda _: b"", "空"),
    "零.txt": (lambda _: bytes(5_000), "空"),
    "随机.txt": (lambda _: hanzi_noise(), "不是可以识别"),
    "随机.bin": (lambda _: random.Random(1).randbytes(5_000), "不是可以识别"),
    # encodings
    "无标记.txt": (lambda n: text(n).encode("utf-16-le"), Format.TXT),
    "坏字节.txt": (bad_byte, Format.TXT),
    "繁体.txt": (traditional, Format.TXT),
    # archives
    "套.zip!/in.zip": (lambda n: zipped(("in.zip", zipped(("a.txt", text(n))))), "压缩包里的压缩包"),
    "上级.zip!/a.txt": (lambda n: zipped(("../../a.txt", text(n))), Format.TXT),
    "绝对.zip!/etc/a.txt": (lambda n: zipped(("/etc/a.txt", text(n))), Format.TXT),
    "国标.zip!/某镇报告.txt": (gbk_names, Format.TXT),
    # names
    "换\n行.txt": (lambda n: text(n).encode(), Format.TXT),
    "倒\u202e序.txt": (lambda n: text(n).encode(), Format.TXT),
    "长" * 83 + "xy.txt": (lambda n: text(n).encode(), Format.TXT),
    "夹.txt/a.txt": (lambda n: text(n).encode(), Format.TXT),
    "/".join("深" * 2 for _ in range(60)) + "/a.txt": (lambda n: text(n).encode(), Format.TXT),
    os.fsdecode("某镇.txt".encode("gbk")): (lambda n: text(n).encode(), Format.TXT),
}
"""Every file: its path as `walk` gives it, its maker (given its number), what is expected of it."""

HARD_LINK = "龘硬链接.txt"
SPECIAL: dict[str, str] = {
    "管道.txt": "特殊文件",
    "设备.txt": "语料目录之外",
    LOOP: "绕成一圈",
    "外.txt": "语料目录之外",
    "上级目录": "语料目录之外",
    "断.txt": "不存在",
    "稀疏.txt": "太大",
}
"""What is no file of bytes; words of the reason."""


def number_of(path: str) -> int:
    """The number that the text of a file states."""
    return 100 + list(FILES).index(path)


def write_bad(corpus: Path) -> None:
    """Put every bad file into a folder."""
    for path, (make, _) in FILES.items():
        file = corpus / path.split("!/")[0]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(make(number_of(path)))
    os.mkfifo(corpus / "管道.txt")
    (corpus / "设备.txt").symlink_to("/dev/zero")
    (corpus / LOOP).symlink_to(LOOP)
    (corpus.parent / "outside.txt").write_text(text(1), encoding="utf-8")
    (corpus / "外.txt").symlink_to(corpus.parent / "outside.txt")
    (corpus / "上级目录").symlink_to(corpus.parent)
    (corpus / "断.txt").symlink_to("none.txt")
    with (corpus / "稀疏.txt").open("wb") as sparse:
        sparse.truncate(200 << 20)
    os.link(corpus / "文字.docx", corpus / HARD_LINK)


def shown(path: str) -> str:
    """A path as a page holds it."""
    return html.escape(path, quote=False)
