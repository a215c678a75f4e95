"""How does an office write a report in Word? A .docx with the layout of GB/T 9704-2012, in three ways of numbering.

A4, 28 characters a line, text 16 pt, indented by two, title 22 pt centred, page number — 1 — below, a footnote, and a
table in 10.5 pt.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from enum import StrEnum
from xml.sax.saxutils import escape

from tests.fidelity.reports import NOTE, ROWS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DIGITS = "一二三四五六七八九十"
MARKERS = (re.compile(f"([{DIGITS}]{{1,2}})、"), re.compile(f"（([{DIGITS}]{{1,2}})）"))
LONG_PARAGRAPH = 120  # characters; the note hangs at the first paragraph of that length


class Numbering(StrEnum):
    """How headings get their numbers."""

    TYPED = "plain"
    STYLES = "styles"
    AUTOMATIC = "automatic numbering"


def word_file(paragraphs: Sequence[str], numbering: Numbering, *, has_extras: bool, alignment: str = "both") -> bytes:
    """A .docx of a report; with extras it ends in a table and has one footnote."""
    parts = {
        "document": _document(paragraphs, numbering, has_extras=has_extras),
        "styles": _styles(),
        "numbering": _numbering(),
        "footer1": _footer(),
        "footnotes": _footnotes(),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_package(parts), **{f"word/{name}.xml": text for name, text in parts.items()}}.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return written.getvalue()


def _document(paragraphs: Sequence[str], numbering: Numbering, *, has_extras: bool) -> str:
    counter = _Counter()
    note_at = next((n for n, text in enumerate(paragraphs) if len(text) > LONG_PARAGRAPH), 0) if has_extras else -1
    body = []
    for position, text in enumerate(paragraphs):
        properties, shown = _properties(text, position, numbering, counter)
        note = '<w:r><w:footnoteReference w:id="2"/></w:r>' if position == note_at else ""
        run = f'<w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r>'
        body.append(f"<w:p><w:pPr>{properties}</w:pPr>{run}{note}</w:p>")
    table = _table() if has_extras else ""
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="992"/></w:sectPr>'
    )
    return f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{"".join(body)}{table}{section}</w:body></w:document>'


def _properties(text: str, position: int, numbering: Numbering, counter: "_Counter") -> tuple[str, str]:
    if position == 0:
        return '<w:pStyle w:val="Title"/>', text
    level = next((n for n, marker in enumerate(MARKERS) if marker.match(text)), None)
    if level is None or numbering is Numbering.TYPED:
        return '<w:ind w:firstLine="640"/>', text
    style = f'<w:pStyle w:val="Heading{level + 1}"/>'
    if numbering is Numbering.AUTOMATIC and counter.is_next(level, text):
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return f'{style}{number}<w:ind w:firstLine="640"/>', MARKERS[level].sub("", text, count=1)
    return f'{style}<w:ind w:firstLine="640"/>', text


class _Counter:
    """Tells whether Word would print the number that stands in the text; artefacts such as 3、 stay typed."""

    def __init__(self) -> None:
        self._counts = [0, 0]

    def is_next(self, level: int, text: str) -> bool:
        found = MARKERS[level].match(text)
        value = self._counts[level] + 1
        if found is None or value > len(DIGITS) or found[1] != DIGITS[value - 1]:
            return False
        self._counts[level] = value
        self._counts[level + 1 :] = [0] * len(self._counts[level + 1 :])
        return True


def _styles() -> str:
    font = '<w:rFonts w:ascii="Noto Serif CJK SC" w:hAnsi="Noto Serif CJK SC" w:eastAsia="Noto Serif CJK SC"/>'
    spacing = '<w:spacing w:line="560" w:lineRule="exact"/>'
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2)
    )
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{font}<w:sz w:val="32"/></w:rPr></w:rPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:pPr>{spacing}<w:jc w:val="both"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr>'
        f'<w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="44"/></w:rPr></w:style>{headings}'
        '<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/><w:pPr>'
        '<w:spacing w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style></w:styles>'
    )


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, text in enumerate(("%1、", "（%2）"))
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def _footer() -> str:
    return (
        f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def _footnotes() -> str:
    return (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p>'
        '</w:footnote><w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r>'
        f'</w:p></w:footnote><w:footnote w:id="2"><w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr><w:r><w:rPr>'
        f'<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t>{NOTE}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )


def _table() -> str:
    run = '<w:r><w:rPr><w:sz w:val="21"/></w:rPr><w:t>{}</w:t></w:r>'
    cell = '<w:tc><w:tcPr><w:tcW w:w="2900" w:type="dxa"/></w:tcPr><w:p>{}</w:p></w:tc>'
    rows = "".join(f"<w:tr>{''.join(cell.format(run.format(text)) for text in row)}</w:tr>" for row in ROWS)
    grid = '<w:tblGrid><w:gridCol w:w="2900"/><w:gridCol w:w="2900"/><w:gridCol w:w="2900"/></w:tblGrid>'
    return f'<w:tbl><w:tblPr><w:tblW w:w="8700" w:type="dxa"/></w:tblPr>{grid}{rows}</w:tbl><w:p/>'


def _package(parts: dict[str, str]) -> dict[str, str]:
    kinds = {"document": "document.main", "footer1": "footer"}
    override = '<Override PartName="/word/{}.xml" ContentType="{}.{}+xml"/>'
    overrides = "".join(override.format(name, WORD_TYPE, kinds.get(name, name)) for name in parts)
    links = "".join(
        f'<Relationship Id="rId{"Footer" if name == "footer1" else number}" Type="{R}/{kinds.get(name, name)}"'
        f' Target="{name}.xml"/>'
        for number, name in enumerate(parts)
        if name != "document"
    )
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    main = f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{default}{overrides}</Types>',
        "_rels/.rels": f"{relations}{main}</Relationships>",
        "word/_rels/document.xml.rels": f"{relations}{links}</Relationships>",
    }
