import io
import zipfile

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import read_document
from fzsearch.ingest.extract.docx_numerals import numeral

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


def make_docx(body: str, **parts: str) -> bytes:
    """A .docx with a body and further parts (numbering, styles, footnotes) given as inner XML."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{roots[name]} {NAMESPACES}>{inner}</w:{roots[name]}>")
    return written.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def item(text: str, level: int = 0, list_id: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(index: int, number_format: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{lists}'


OFFICIAL = (
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
)


def lines_of(body: str, **parts: str) -> list[str]:
    return list(read_document(make_docx(body, **parts)).lines)


def test_text_keeps_tabs_breaks_and_blank_paragraphs():
    body = (
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t xml:space='preserve'> 乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p><w:p/>"
        + paragraph("丁")
    )

    assert lines_of(body) == ["甲\t 乙", "丙", "", "丁"]


def test_page_break_at_edge_prints_nothing():
    body = "<w:p><w:r><w:br w:type='page'/><w:t>一、总体情况</w:t></w:r></w:p>"

    assert lines_of(body) == ["一、总体情况"]


def test_automatic_numbers_are_computed_and_restart():
    body = item("甲") + item("乙", 1) + item("丙", 1) + item("丁", 2) + item("戊") + item("己", 1) + item("庚", 2)

    found = lines_of(body, numbering=numbering(*OFFICIAL))

    assert found == ["一、甲", "（一）乙", "（二）丙", "1.丁", "二、戊", "（一）己", "1.庚"]


def test_numbers_come_from_style_chain_and_zero_takes_out():
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="mine"><w:basedOn w:val="base"/></w:style>'
    )
    body = (
        paragraph("甲", '<w:pStyle w:val="mine"/>')
        + paragraph("乙", '<w:pStyle w:val="mine"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("丙", '<w:pStyle w:val="mine"/>')
    )

    assert lines_of(body, numbering=numbering(*OFFICIAL), styles=styles) == ["一、甲", "乙", "二、丙"]


def test_style_of_a_level_gives_the_level():
    styles = (
        '<w:style w:type="paragraph" w:styleId="h2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = (level(0, "chineseCounting", "%1、"), level(1, "decimal", "（%2）", '<w:pStyle w:val="h2"/>'))

    assert lines_of(paragraph("甲", '<w:pStyle w:val="h2"/>'), numbering=numbering(*levels), styles=styles) == [
        "（1）甲"
    ]


def test_lists_of_one_abstract_share_counters_until_start_override():
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = item("甲") + item("乙", list_id=2) + item("丙", list_id=3) + item("丁", list_id=3)

    assert lines_of(body, numbering=numbering(*OFFICIAL, lists=lists)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_legal_level_prints_decimals_and_never_restarts():
    levels = (level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", '<w:isLgl/><w:lvlRestart w:val="0"/>'))
    body = item("甲") + item("乙", 1) + item("丙") + item("丁", 1)

    assert lines_of(body, numbering=numbering(*levels)) == ["一、甲", "1.1 乙", "二、丙", "2.2 丁"]


def test_bullets_are_dropped():
    assert lines_of(item("甲"), numbering=numbering(level(0, "bullet", "●"))) == ["甲"]


@pytest.mark.parametrize(
    ("number_format", "value", "printed"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 21, "二十一"), ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 110, "一百一十"), ("taiwaneseCountingThousand", 12, "十二"),
        ("japaneseCounting", 3, "三"),
        ("ideographDigital", 20, "二〇"), ("decimalFullWidth", 12, "１２"), ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalZero", 7, "07"), ("upperLetter", 27, "AA"), ("lowerRoman", 14, "xiv"), ("none", 3, ""),
        ("unheard", 3, "3"),
    ],
)  # fmt: skip
def test_numerals_follow_word(number_format, value, printed):
    assert numeral(value, number_format) == printed


def test_tracked_changes_are_read_as_accepted():
    body = (
        "<w:p><w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>" + paragraph("后半")
    )

    assert lines_of(body) == ["新增链接", "前半后半"]


def test_table_row_is_a_line_and_content_controls_are_read():
    cell = "<w:tc>{}</w:tc>".format
    cells = cell(paragraph("序号")) + cell(paragraph("指标") + paragraph("名称")) + cell("<w:p/>")
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('标题')}{table}</w:sdtContent></w:sdt>"

    assert lines_of(body) == ["标题", "序号\t指标 名称"]


def test_footnotes_stand_behind_the_body():
    first = '<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:t>续</w:t></w:r></w:p>'
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>' for number, text in ((2, "注文"), (3, "未引用"))
    )

    assert lines_of(first + paragraph("末段"), footnotes=notes) == ["正文续", "末段", "注文"]


def test_text_box_is_read_once():
    box = f"<w:txbxContent>{paragraph('框中')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent><w:t>段落</w:t></w:r></w:p>"
    )

    assert lines_of(body) == ["段落", "框中"]


def test_field_codes_and_hidden_text_are_left_out():
    body = (
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:r><w:t>可见</w:t></w:r></w:p>"
    )

    document = read_document(make_docx(body))

    assert document.lines == ("可见",)
    assert document.warnings == ("跳过了设为隐藏的文字",)


@pytest.mark.parametrize("body", ["", "<w:p/>", "<w:p><w:r><w:drawing/></w:r></w:p>"])
def test_document_without_text_is_refused(body):
    with pytest.raises(ExtractError, match="没有文字"):
        read_document(make_docx(body))
