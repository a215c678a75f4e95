"""Which lines does a Word document print?

An own walk over word/document.xml, because every library measured lost automatic numbers, tables or
footnotes. Tracked changes are read as accepted; footnotes follow the body; headers, footers and comments are
left out.
"""

from collections.abc import Iterator

from lxml import etree

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.archive import Archive
from fzsearch.ingest.extract.docx_numbering import Numbering, W, is_on
from fzsearch.model import Document, Format

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

# Never printed in the body, or printed elsewhere. The rest of the elements is looked into.
_SKIPPED = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sectPr", "del", "moveFrom", "delText", "instrText",
        "delInstrText", "rt", "annotationRef", "footnoteRef", "endnoteRef", "pgNum", "object",
    )
)  # fmt: skip
_PAGE_BREAK = "\f"
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}
_NOTES = (("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml"))
_DAMAGED = ("Word 文件里没有正文部分", "请用 Word 或 WPS 打开后另存为 .docx")
_NO_TEXT = (
    "Word 文件里没有文字，可能只有扫描图片",
    "请先做文字识别（OCR），或换成有文字的版本后放入语料目录",
)


def read(data: bytes, *, is_draft: bool = False) -> Document:
    """Give the paragraphs, table rows, text boxes and notes of a .docx file, numbers included.

    Args:
        data: the file.
        is_draft: whether to write marks of notes ([^f2]) and the targets of links, as Markdown does: they say what a
            draft cites, and are no part of a report's text.

    Raises:
        ExtractError: damaged, encrypted, a bomb, or without any text.
    """
    archive = Archive(data)
    main = _main_part(archive)
    document = archive.xml(main)
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise ExtractError(*_DAMAGED)
    walker = _Walker(Numbering(archive.xml("word/numbering.xml"), archive.xml("word/styles.xml")))
    walker.targets = _targets(archive, main) if is_draft else None
    lines = [*walker.blocks(body)]
    for kind, part in _NOTES:
        walker.targets = _targets(archive, part) if is_draft else None
        lines += walker.notes(archive.xml(part), kind)
    if not any(line.strip() for line in lines):
        raise ExtractError(*_NO_TEXT)
    return Document(format=Format.DOCX, lines=tuple(lines), warnings=walker.warnings())


def _main_part(archive: Archive) -> str:
    """The part that the package names as its document; usually word/document.xml."""
    relationships = archive.xml("_rels/.rels")
    for relationship in () if relationships is None else relationships:
        if (relationship.get("Type") or "").endswith("/officeDocument"):
            return (relationship.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _targets(archive: Archive, part: str) -> dict[str, str]:
    """Where the links of a part lead, by their ids."""
    folder, _, name = part.rpartition("/")
    relationships = archive.xml(f"{folder}/_rels/{name}.rels")
    found = () if relationships is None else relationships
    return {one.get("Id", ""): one.get("Target", "") for one in found if one.get("TargetMode") == "External"}


class _Walker:
    """Walks blocks in document order; remembers which notes were referred to and what was hidden.

    `targets` of links are set for drafts only.
    """

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self.targets: dict[str, str] | None = None
        self._note_ids: dict[str, list[str]] = {kind: [] for kind, _ in _NOTES}
        self._boxes: list[etree._Element] = []
        self._has_hidden = False

    def warnings(self) -> tuple[str, ...]:
        return ("跳过了设为隐藏的文字",) if self._has_hidden else ()

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """The lines of everything in a body, cell, text box or note."""
        carried = ""  # a paragraph whose end mark was deleted runs on into the next one
        for block in _children(parent, {W + "p", W + "tbl"}):
            if block.tag == W + "tbl":
                yield from self._rows(block)
                continue
            text = self._text(block)
            if block.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                carried += text
                continue
            yield from (_joined(self._numbering.label(block), carried + text)).split("\n")
            carried = ""
            yield from self._box_lines()
        if carried:
            yield from carried.split("\n")

    def notes(self, part: etree._Element | None, kind: str) -> Iterator[str]:
        """The lines of the notes that the text refers to, in the order of reference."""
        notes = {} if part is None else {note.get(f"{W}id"): note for note in part.iterfind(f"{W}{kind}")}
        for note_id in self._note_ids[kind]:
            if note_id in notes:
                lines = self.blocks(notes[note_id])
                if self.targets is not None:
                    yield f"[^{kind[0]}{note_id}]: {next(lines, '').lstrip()}"
                yield from lines

    def _box_lines(self) -> Iterator[str]:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self.blocks(box)

    def _rows(self, table: etree._Element) -> Iterator[str]:
        for row in _children(table, {W + "tr"}):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = [[*self.blocks(cell)] for cell in _children(row, {W + "tc"})]
            if len(cells) == 1:  # a frame around text, not a table
                yield from cells[0]
            else:
                yield "\t".join(" ".join(filter(None, map(str.strip, lines))) for lines in cells).rstrip("\t")

    def _text(self, paragraph: etree._Element) -> str:
        """The text of one paragraph; a page break at its edge prints nothing, inside it ends a line."""
        text = "".join(self._inline(paragraph))
        return text.strip(_PAGE_BREAK).replace(_PAGE_BREAK, "\n")

    def _inline(self, parent: etree._Element) -> Iterator[str]:
        for child in _chosen(parent):
            if child.tag in (W + "t", _MATH + "t"):
                yield child.text or ""
            elif child.tag == W + "br":
                yield "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else _PAGE_BREAK
            elif child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag]
            elif child.tag == W + "txbxContent":
                self._boxes.append(child)
            elif child.tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = child.tag.removeprefix(W).removesuffix("Reference")
                self._note_ids[kind].append(child.get(f"{W}id", ""))
                yield "" if self.targets is None else f"[^{kind[0]}{self._note_ids[kind][-1]}]"
            elif child.tag == W + "hyperlink" and self.targets is not None:
                text = "".join(self._inline(child))
                target = self.targets.get(child.get(f"{_R}id", ""), "")
                yield text + (f"（{target}）" if target and target not in text else "")
            elif not self._is_skipped(child):
                yield from self._inline(child)

    def _is_skipped(self, element: etree._Element) -> bool:
        if element.tag == W + "r" and is_on(element.find(f"{W}rPr/{W}vanish")) and element.findtext(f"{W}t"):
            self._has_hidden = True
            return True
        return element.tag in _SKIPPED


def _joined(label: str, text: str) -> str:
    """Put a number before its text; a space only where both would run together (1 and 5.12防灾)."""
    if not label:
        return text
    runs_together = label[-1].isalnum() or (label.isascii() and text[:1].isdigit())
    return f"{label} {text}" if runs_together else label + text


def _children(parent: etree._Element, tags: set[str]) -> Iterator[etree._Element]:
    """The nearest descendants with one of the tags, through content controls, insertions and the like."""
    for child in _chosen(parent):
        if child.tag in tags:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _children(child, tags)


def _chosen(parent: etree._Element) -> Iterator[etree._Element]:
    """The children, with one branch of each mc:AlternateContent: a text box stands in both."""
    for child in parent:
        if child.tag == _MC + "AlternateContent":
            branch = child.find(f"{_MC}Choice")
            branch = child.find(f"{_MC}Fallback") if branch is None else branch
            yield from () if branch is None else _chosen(branch)
        else:
            yield child
