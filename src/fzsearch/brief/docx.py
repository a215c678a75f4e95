"""How is a note written as a Word file? In the layout of official documents, with real footnotes and live links.

Layout: GB/T 9704—2012 《党政机关公文格式》: A4, text block 156 mm × 225 mm (§5.2.1), 22 lines of 28 characters
(§5.2.3), title 2号 小标宋, body 3号 仿宋 (§7.3), first level 黑体, second 楷体 (§7.3.3), page numbers 4号 宋体 between
dashes (§7.5). Fonts are named with what stands in for them, none is embedded. File format: ECMA-376, part 1.
"""

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from fzsearch.brief.basket import Heading, Line
from fzsearch.brief.note import Note, Quoted

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = ("styles", "footnotes", "fontTable", "footer")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FONTS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "黑体": "SimHei", "宋体": "SimSun"}
# A grid of characters is read in two ways by Word and LibreOffice; a quarter of a point less between them gives 28.
_TIGHTER = '<w:spacing w:val="-5"/>'
_OFF_GRID = '<w:snapToGrid w:val="0"/>'
_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_STYLES = (  # id, name, font, half-points (2号 22 pt, 3号 16 pt, 4号 14 pt, 小五 9 pt), paragraph properties
    ("Title", "Title", "方正小标宋简体", 44, f'{_NO_INDENT}<w:jc w:val="center"/>'),
    ("Heading1", "heading 1", "黑体", 32, f'{_INDENT}<w:outlineLvl w:val="0"/>'),
    ("Quote", "Quote", "楷体_GB2312", 32, _INDENT),
    ("FootnoteText", "footnote text", "宋体", 18, f"{_OFF_GRID}{_NO_INDENT}"),
    ("Footer", "footer", "宋体", 28, f'{_NO_INDENT}<w:jc w:val="center"/>'),
    ("Origin", "Origin", "宋体", 21, f'{_OFF_GRID}<w:spacing w:line="300" w:lineRule="auto"/>{_NO_INDENT}'),
)
_SECTION = (  # twips: A4 is 11906 × 16838; margins leave 156 mm × 225 mm
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/>'
    '<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
)


def note_docx(note: Note) -> bytes:
    """A .docx file; the same note always gives the same bytes."""
    footnotes: list[Quoted] = []
    body = [_paragraph("Title", _run(note.title)), *(_paragraph("Origin", _run(line)) for line in note.origin)]
    body.append(_paragraph("Normal", ""))
    for block in note.blocks:
        match block:
            case Heading(text):
                body.append(_paragraph("Heading1", _run(text)))
            case Line(text):
                body += [_paragraph("Normal", _run(line)) for line in text.split("\n")]
            case Quoted():
                footnotes.append(block)
                body += _quotation(block, len(footnotes))
    page_number = _run("— ") + _field("PAGE", "1") + _run(" —")
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {f"rId{number}": (name, f"{name}.xml") for number, name in enumerate(_PARTS, 1)}
        ),
        "word/document.xml": f"<w:document {_NS}><w:body>{''.join(body)}{_SECTION}</w:body></w:document>",
        "word/styles.xml": _styles(),
        "word/fontTable.xml": _font_table(),
        "word/footnotes.xml": _footnotes(footnotes),
        "word/footer.xml": f"<w:ftr {_NS}>{_paragraph('Footer', page_number)}</w:ftr>",
    }
    return _zipped(parts)


def _zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _HEAD + content)
    return buffer.getvalue()


# ---- text


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{_text(text)}</w:t></w:r>'


def _paragraph(style: str, runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _field(instruction: str, shown: str, properties: str = "") -> str:
    """A field, which Word works out anew; `shown` stands there until then."""
    return f"<w:fldSimple w:instr={quoteattr(f' {instruction} ')}>{_run(shown, properties)}</w:fldSimple>"


def _link(address: str) -> str:
    safe = _NOT_XML.sub("", address).replace('"', "%22").replace("\\", "%5C")
    return _field(f'HYPERLINK "{safe}"', address, '<w:color w:val="1D4173"/><w:u w:val="single"/>')


def _quotation(block: Quoted, number: int) -> list[str]:
    mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number + 1}"/></w:r>'
    runs = [_run(paragraph) for paragraph in block.in_marks] or [""]
    return [_paragraph("Quote", run) for run in runs[:-1]] + [_paragraph("Quote", runs[-1] + mark)]


def _footnotes(quoted: list[Quoted]) -> str:
    """Footnotes 0 and 1 are the lines that separate them from the text."""
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in enumerate(("separator", "continuationSeparator"))
    )
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    notes = []
    for number, block in enumerate(quoted, 2):
        link = _link(block.reference.link) if block.reference else ""
        text = _paragraph("FootnoteText", mark + _run(f" {block.footnote}") + link)
        notes.append(f'<w:footnote w:id="{number}">{text}</w:footnote>')
    return f"<w:footnotes {_NS}>{separators}{''.join(notes)}</w:footnotes>"


# ---- the parts that never change


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{name}"/>'


def _styles() -> str:
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr>'
        f'{_INDENT}<w:jc w:val="both"/></w:pPr></w:style>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr>{_fonts(font)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        for key, name, font, size, paragraph in _STYLES
    )
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts("仿宋_GB2312")}{_TIGHTER}<w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    return f"<w:styles {_NS}>{defaults}{normal}{styles}</w:styles>"


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _FONTS.items()
    )
    return f"<w:fonts {_NS}>{fonts}</w:fonts>"


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), *((part, part) for part in _PARTS))
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items()
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{relations}</Relationships>'
