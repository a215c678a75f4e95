import io

import pytest
from pypdf import PdfWriter

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import read_document
from fzsearch.ingest.extract.pdf_lines import paragraphs
from fzsearch.model import Format
from tests.pdf_writer import lay_out, write_pdf

REPORT = (
    "某镇2024年法治政府建设年度报告",
    "一、推进法治政府建设的主要举措和成效",
    "（一）加强学习培训。" + "全年组织集中学法12次，参加人员360人次，覆盖全部村居和站所。" * 12,
    "（二）化解矛盾纠纷。" + "坚持和发展新时代“枫桥经验”，调处纠纷85起，化解率达到98%以上。" * 14,
    "二、存在的不足和原因",
    "一是" + "部分干部运用法治思维的能力还有差距，学用结合不够紧密，" * 10 + "还需进一步加强引导，逐步提高。",
    "某镇人民政府",
)


def test_paragraphs_are_rejoined_across_lines_and_pages():
    pages = lay_out(REPORT)

    document = read_document(write_pdf(pages))

    assert len(pages) > 2
    assert document.format is Format.PDF
    assert document.lines == REPORT


@pytest.mark.parametrize("page_number", ["- {} -", "{}", "第 {} 页 共 9 页", "第{}页", "{} / 9"])
def test_page_numbers_are_dropped(page_number):
    assert read_document(write_pdf(lay_out(REPORT, page_number=page_number))).lines == REPORT


def test_running_heads_are_dropped():
    pages = [["某镇政务公开文件", *page] for page in lay_out(REPORT)]

    assert read_document(write_pdf(pages)).lines == REPORT


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2024 年，全镇化解率 98% 以上", "2024年，全镇化解率98%以上"),
        ("某委文〔2023〕3 号      签发人：某 某", "某委文〔2023〕3号      签发人：某某"),
        ("see page two", "see page two"),
    ],
)
def test_blanks_put_in_by_typesetting_are_removed_and_layout_kept(line, expected):
    assert paragraphs([[line]]) == [expected]


def test_no_lines_make_no_paragraphs():
    assert paragraphs([[], ["— 1 —"]]) == []


def test_bare_heading_ends_before_the_first_below_it():
    full = "一、党政主要负责人履行推进法治建设第一责任人职责情况"

    assert paragraphs([[full, "（一）定期听取汇报，研究部署。"]]) == [full, "（一）定期听取汇报，研究部署。"]


def test_page_without_text_is_told():
    document = read_document(write_pdf([*lay_out(REPORT), []]))

    assert document.warnings == (f"第 {len(lay_out(REPORT)) + 1} 页没有文字层，可能是扫描图片",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (write_pdf([[], []]), "没有文字层"),
        (write_pdf([["附件1"], ["附件2"]]), "没有文字层"),
        (write_pdf(lay_out(REPORT), has_unicode_map=False), "无法识别为中文"),
        (write_pdf(lay_out(["English only. " * 50])), "无法识别为中文"),
    ],
    ids=["scan", "almost nothing", "no map", "no Chinese"],
)
def test_unusable_text_layer_goes_to_ocr(data, reason):
    with pytest.raises(ExtractError, match=reason) as caught:
        read_document(data)

    assert "OCR" in caught.value.remedy


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_file_is_refused(share):
    data = write_pdf(lay_out(REPORT))

    with pytest.raises(ExtractError, match="损坏"):
        read_document(data[: int(len(data) * share)])


def test_damaged_objects_are_refused():
    data = write_pdf(lay_out(REPORT)).replace(b"/Type /Pages", b"/Type /Pagez").replace(b"/Kids [7", b"/Kids [x")

    with pytest.raises(ExtractError):
        read_document(data)


OWNER = "owner"


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(write_pdf(lay_out(REPORT))))
    writer.encrypt(user_password=password, owner_password=OWNER, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_password_is_told():
    with pytest.raises(ExtractError, match="加密"):
        read_document(encrypted("secret"))


def test_owner_password_alone_does_not_lock():
    assert read_document(encrypted("")).lines == REPORT
