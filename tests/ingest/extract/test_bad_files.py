"""No file is lost in silence: whatever cannot be read says why and what to do."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import MAX_BYTES, read_document
from fzsearch.model import Format
from tests.ingest.extract.test_docx import NAMESPACES, make_docx, paragraph
from tests.ole_writer import word_stream, write_ole
from tests.pdf_writer import lay_out, write_pdf

DOCX = make_docx(paragraph("报告" * 50))
PDF = write_pdf(lay_out(["某镇坚持依法行政，全年开展普法活动12场次，受理纠纷85起。" * 20]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(600)


def zipped(**parts: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return written.getvalue()


def many_parts() -> bytes:
    return zipped(word__document_xml="<x/>", **{f"part{number}": "" for number in range(5_001)})


BAD = {
    "empty": (b"", "空"),
    "zeros": (bytes(5_000), "空"),
    "old word": (ole("WordDocument"), "旧版 Word 文件已损坏"),
    "other ole": (ole("Contents"), "旧版办公软件"),
    "locked word": (write_ole({"WordDocument": word_stream(is_encrypted=True)}), "加密"),
    "encrypted docx": (ole("EncryptedPackage"), "加密"),
    "excel 97": (ole("Workbook"), "Excel"),
    "powerpoint 97": (ole("PowerPoint Document"), "PowerPoint"),
    "excel": (zipped(xl__workbook_xml="<x/>"), "Excel"),
    "zip": (zipped(a="text"), "压缩包"),
    "cut zip": (make_docx(paragraph("报告"))[:200], "损坏"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
    "bmp": (b"BM\x9a\x10\x00\x00\0\0\0\0" + bytes(90), "图片"),
    "cut rtf": (b"{\\rtf1 text", "RTF 文件不完整"),
    "open document sheet": (
        zipped(content_xml="<x/>", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "表格",
    ),
    "mht": (b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>", "mht"),
    "flat xml": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', "XML"),
    "pdf head only": (b"%PDF-1.7\n" + b"x" * 50, "损坏"),
    "random": (random.Random(1).randbytes(5_000), "不是可以识别"),
    "bomb": (zipped(word__document_xml="0" * (5 << 20)), "大得不正常"),
    "many parts": (many_parts(), "大得不正常"),
    "broken xml": (zipped(word__document_xml="<w:document"), "XML"),
    "no body": (zipped(word__document_xml=f"<w:document {NAMESPACES}/>"), "正文"),
    "deep": (make_docx("<w:tbl>" * 20_000 + "</w:tbl>" * 20_000), "嵌套"),
}


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD.keys())
def test_unreadable_file_says_why_and_what_to_do(data, reason):
    with pytest.raises(ExtractError, match=reason) as caught:
        read_document(data, "报告.docx")

    assert caught.value.remedy
    assert not caught.value.reason.endswith("。")
    assert not caught.value.remedy.endswith("。")


def test_too_large_file_is_refused():
    with pytest.raises(ExtractError, match="上限 64 MB"):
        read_document(b"x" * (MAX_BYTES + 1))


def test_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密", encoding="utf-8")
    xml = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]><w:document {NAMESPACES}><w:body>'
        f"{paragraph('前&e;后')}</w:body></w:document>"
    )

    with pytest.raises(ExtractError, match="实体"):
        read_document(zipped(word__document_xml=xml))


def test_entity_bomb_is_refused():
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    xml = f'<!DOCTYPE d [<!ENTITY e0 "x">{entities}]><w:document {NAMESPACES}><w:body>&e9;</w:body></w:document>'

    with pytest.raises(ExtractError):
        read_document(zipped(word__document_xml=xml))


def test_size_that_the_directory_lies_about_is_not_unpacked():
    data = bytearray(zipped(word__document_xml="0" * (50 << 20)))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, directory + 24, 100)  # uncompressed size, APPNOTE.TXT 4.3.12

    with pytest.raises(ExtractError, match="损坏"):
        read_document(bytes(data))


def test_type_is_told_by_content_not_by_name():
    docx = make_docx(paragraph("报告"))

    assert read_document(docx, "报告.pdf").format is Format.DOCX
    assert read_document("<html><body><p>年度报告。".encode(), "报告.docx").format is Format.HTML


def refusal(data: bytes) -> ExtractError | None:
    try:
        read_document(data)
    except ExtractError as error:
        return error
    return None


def damaged(data: bytes, position: int, written: bytes) -> bytes:
    return data[:position] + written + data[position + len(written) :]


HEADS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", make_docx("")[:400]]


@given(st.binary(max_size=200), st.sampled_from(HEADS))
def test_any_bytes_are_read_or_refused(tail, head):
    error = refusal(head + tail)

    assert error is None or (error.reason and error.remedy)


@given(st.sampled_from([DOCX, PDF]), st.integers(0, 5_000), st.binary(min_size=1, max_size=8))
def test_damaged_file_is_read_or_refused(data, position, written):
    error = refusal(damaged(data, position % len(data), written))

    assert error is None or (error.reason and error.remedy)
