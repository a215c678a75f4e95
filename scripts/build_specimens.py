"""Answers: how do the invented reports in `corpus/` come from the readable sources in `scripts/specimens/`?

    python scripts/build_specimens.py          writes the .txt, .docx and .html files, same bytes on every run
    python scripts/build_specimens.py --check  writes nothing; exit status 1 if a file differs from its source
    python scripts/build_specimens.py --pdf    also prints the .pdf files; needs Chromium, fonttools, Noto CJK

A source is a header (`target:`, `encoding:`, `numbering:`, `page:`, and in Chinese the metadata block of a
web page), a line `---`, and the body. The body of a .txt is taken as it stands. For the other formats each
line is a paragraph, and its first word is its kind: `#` title, `##` `###` `####` headings, `@` letterhead,
`>` sign-off, `|` row of a table, nothing for text; `[[…]]` is a footnote (.docx only). Specimens that are
plain UTF-8 have no source: they live in `corpus/` themselves. PDFs carry the time of printing, so they are
not part of `--check`.
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "scripts" / "specimens"
CORPUS = ROOT / "corpus"

KINDS = {"#": "title", "##": "h1", "###": "h2", "####": "h3", "@": "letterhead", ">": "sign", "|": "row"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph or table row of a report; `kind` is a value of `KINDS`, or `text`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source file; `body` has LF line ends."""

    header: dict[str, str]
    body: str

    @property
    def target(self) -> Path:
        """The file in `corpus/` that is made from this source."""
        return CORPUS / self.header["target"]

    def blocks(self) -> Iterator[Block]:
        """The lines of the body in order, without empty ones."""
        for line in filter(None, self.body.splitlines()):
            mark, _, rest = line.partition(" ")
            yield Block(kind=KINDS[mark], text=rest) if mark in KINDS else Block(kind="text", text=line)

    def title(self) -> str:
        """The title on one line."""
        return "".join(block.text for block in self.blocks() if block.kind == "title")


def read_source(path: Path) -> Source:
    """The source in a file.

    Raises:
        ValueError: the file has no line `---` after its header.
    """
    head, found, body = path.read_text("utf-8").partition("\n---\n")
    if not found:
        raise ValueError(f"{path}: no line '---' after the header")
    pairs = (line.split(": ", 1) for line in head.splitlines())
    return Source(header={key: value.strip() for key, value in pairs}, body=body)


# --- plain text -------------------------------------------------------------------------------------------


def text_bytes(source: Source) -> bytes:
    """The body in the encoding and with the line ends that the header names."""
    body = source.body.replace("\n", "\r\n") if source.header.get("newline") == "crlf" else source.body
    if source.header["encoding"] == "utf-16":
        # Not the codec "utf-16": its byte order is that of the machine.
        return b"\xff\xfe" + body.encode("utf-16-le")
    return body.encode(source.header["encoding"])


# --- Word -------------------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
HEADING_LEVELS = {"h1": 0, "h2": 1, "h3": 2}
STYLE_IDS = {"title": "Title", "h1": "Heading1", "h2": "Heading2", "h3": "Heading3"}
FOOTNOTE = re.compile(r"\[\[(.+?)\]\]")


def numbering_xml(*, by_style: bool) -> str:
    """The part that makes 一、 （一） 1. out of list levels; `by_style` ties them to the heading styles."""
    levels = []
    forms = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
    for level, (number_format, text) in enumerate(forms):
        style = f'<w:pStyle w:val="Heading{level + 1}"/>' if by_style else ""
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{style}'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        )
    return (
        f'{XML}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def number_properties(level: int) -> str:
    """The paragraph property that puts a paragraph on a list level."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'


def styles_xml(*, numbered: bool) -> str:
    """Title and three headings; `numbered` gives the headings their automatic numbers."""
    styles = ['<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>']
    names = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", "Heading3": "heading 3"}
    for style_id, name in names.items():
        level = int(style_id[-1]) - 1 if style_id != "Title" else None
        properties = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
        if numbered and level is not None:
            properties = number_properties(level) + properties
        styles.append(
            f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="Normal"/><w:pPr>{properties}</w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        )
    return f"{XML}<w:styles {W}>{''.join(styles)}</w:styles>"


def runs_xml(text: str) -> str:
    """Runs that end where digits begin or end, as Word splits them where the font changes."""
    pieces = filter(None, re.split(r"(\d+)", text))
    return "".join(f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in pieces)


def paragraph_xml(block: Block, numbering: str, footnotes: list[str]) -> str:
    """One paragraph; texts of footnotes are appended to `footnotes`, whose order gives their ids, from 1."""
    properties = ""
    if block.kind in STYLE_IDS and not (numbering == "direct" and block.kind in HEADING_LEVELS):
        properties += f'<w:pStyle w:val="{STYLE_IDS[block.kind]}"/>'
    if numbering == "direct" and block.kind in HEADING_LEVELS:
        properties += number_properties(HEADING_LEVELS[block.kind])
    if block.kind in {"title", "sign"}:
        properties += f'<w:jc w:val="{"center" if block.kind == "title" else "right"}"/>'
    content = ""
    for piece_no, piece in enumerate(FOOTNOTE.split(block.text)):
        if piece_no % 2:
            footnotes.append(piece)
            content += f'<w:r><w:footnoteReference w:id="{len(footnotes)}"/></w:r>'
        else:
            content += runs_xml(piece)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def row_xml(block: Block) -> str:
    """One row of a table, from `cell | cell |`."""
    cells = [cell.strip() for cell in block.text.rstrip("| ").split("|")]
    return "<w:tr>" + "".join(f"<w:tc><w:p>{runs_xml(cell)}</w:p></w:tc>" for cell in cells) + "</w:tr>"


def document_xml(source: Source, footnotes: list[str]) -> str:
    """The main part; neighbouring rows become one table."""
    numbering = source.header["numbering"]
    parts: list[str] = []
    was_row = False
    for block in source.blocks():
        is_row = block.kind == "row"
        if is_row != was_row:
            parts.append("<w:tbl><w:tblPr/><w:tblGrid/>" if is_row else "</w:tbl>")
        parts.append(row_xml(block) if is_row else paragraph_xml(block, numbering, footnotes))
        was_row = is_row
    return f"{XML}<w:document {W}><w:body>{''.join(parts)}<w:sectPr/></w:body></w:document>"


def footnotes_xml(footnotes: list[str]) -> str:
    """The footnotes, numbered from 1."""
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p>{runs_xml(text)}</w:p></w:footnote>'
        for number, text in enumerate(footnotes, start=1)
    )
    return f"{XML}<w:footnotes {W}>{notes}</w:footnotes>"


def package_parts(parts: dict[str, str]) -> dict[str, str]:
    """The content types and relationships that hold the parts of a Word file together, before the parts."""
    overrides = links = ""
    for number, name in enumerate(parts, start=1):
        kind = "document.main" if name == "document" else name
        overrides += f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{kind}+xml"/>'
        if name != "document":
            links += f'<Relationship Id="rId{number}" Type="{R}/{name}" Target="{name}.xml"/>'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    main = f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{types}">{default}{overrides}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{relations}">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'{XML}<Relationships xmlns="{relations}">{links}</Relationships>',
    } | {f"word/{name}.xml": text for name, text in parts.items()}


def word_bytes(source: Source) -> bytes:
    """A .docx file.

    Entries are stored, not deflated: builds of zlib differ in the bytes they give, and the files are small.
    """
    numbering = source.header["numbering"]
    footnotes: list[str] = []
    parts = {
        "document": document_xml(source, footnotes),
        "styles": styles_xml(numbered=numbering == "style"),
    }
    if numbering != "typed":
        parts["numbering"] = numbering_xml(by_style=numbering == "style")
    if footnotes:
        parts["footnotes"] = footnotes_xml(footnotes)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in package_parts(parts).items():
            entry = zipfile.ZipInfo(name, date_time=(2025, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else it names the operating system
            archive.writestr(entry, text)
    return buffer.getvalue()


# --- web pages and PDF ------------------------------------------------------------------------------------

# How three content management systems write one entry of the metadata block, a paragraph, and the sign-off.
PAGES = {
    "table": (
        "<tr><th>{key}：</th><td>{value}</td></tr>",
        '<p style="text-indent:2em">{text}</p>',
        '<p style="text-align:right">{text}</p>',
    ),
    "list": (
        "<li><b>{key}：</b><span>{value}</span></li>",
        "&emsp;&emsp;{text}<br/>",
        '<span style="float:right">{text}</span><br/>',
    ),
    "lines": (
        "<div>{key}</div>\n<div>{value}</div>",
        '<p><span style="font-size:16pt">&nbsp;&nbsp;&nbsp;&nbsp;{text}</span></p>',
        '<p align="right"><span style="font-size:16pt">{text}</span></p>',
    ),
}

PRINT_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
PRINT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>
@font-face { font-family: subset; src: url(subset.otf) }
@page { size: A4; margin: 32mm 27mm; @bottom-center { content: "— " counter(page) " —"; font: 11pt subset } }
body { font: 16pt/1.75 subset } p { margin: 0; text-indent: 2em; text-align: justify }
.title { font-size: 20pt; text-align: center; text-indent: 0 } .letterhead { text-indent: 0 }
.sign { text-align: right }
</style><body>"""


def page_bytes(source: Source) -> bytes:
    """A saved government page, from the template `page-<name>.html`."""
    entry, paragraph, sign = PAGES[source.header["page"]]
    metadata = {key: value for key, value in source.header.items() if not key.isascii()}
    lines = [
        (sign if block.kind == "sign" else paragraph).format(text=escape(block.text, quote=False))
        for block in source.blocks()
        if block.kind != "title"
    ]
    template = Template((SOURCES / f"page-{source.header['page']}.html").read_text("utf-8"))
    page = template.substitute(
        charset=source.header["encoding"],
        title=source.title(),
        site=source.header["site"],
        issued=metadata["成文日期"],
        published=metadata["发布日期"],
        metadata="\n".join(entry.format(key=key, value=value) for key, value in metadata.items()),
        body="\n".join(lines),
    )
    return page.encode(source.header["encoding"])


def print_pdf(source: Source) -> None:
    """Writes the target with Chromium.

    The font is cut down to the characters of the report first. With a whole Noto font Chromium 156 writes the
    radical ⻔ where the text has 门 (both have one glyph), and files twice as large.
    """
    paragraphs = [f'<p class="{block.kind}">{escape(block.text, quote=False)}</p>' for block in source.blocks()]
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed; the PDFs in corpus/ stay as they are")
    with tempfile.TemporaryDirectory() as folder:
        page, font = Path(folder, "report.html"), Path(folder, "subset.otf")
        page.write_text(PRINT + f"<title>{source.title()}</title>" + "\n".join(paragraphs), "utf-8")
        options = ["--font-number=2", "--layout-features=", f"--text-file={page}", f"--output-file={font}"]
        subprocess.run([sys.executable, "-m", "fontTools.subset", PRINT_FONT, *options], check=True)
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-pdf-tagging"]
        output = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={source.target}"]
        subprocess.run([browser, *flags, *output, str(page)], check=True, capture_output=True, timeout=120)


# --- all of them ------------------------------------------------------------------------------------------

WRITERS = {".txt": text_bytes, ".docx": word_bytes, ".html": page_bytes, ".htm": page_bytes}


def main() -> int:
    """Runs the command line; the exit status is 1 when `--check` finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    parser.add_argument("--pdf", action="store_true", help="print the PDFs too")
    options = parser.parse_args()
    differing = []
    for path in sorted(SOURCES.glob("*.txt")):
        source = read_source(path)
        source.target.parent.mkdir(parents=True, exist_ok=True)
        if source.target.suffix == ".pdf":
            if options.pdf and not options.check:
                print_pdf(source)
            continue
        data = WRITERS[source.target.suffix](source)
        if source.target.exists() and source.target.read_bytes() == data:
            continue
        differing.append(source.target)
        if not options.check:
            source.target.write_bytes(data)
    for target in differing:
        print(f"{'differs' if options.check else 'written'}: {target.relative_to(ROOT)}")
    return 1 if options.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
