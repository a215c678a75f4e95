"""How is a note written as Markdown and as plain text?"""

from fzsearch.brief.basket import Heading, Line
from fzsearch.brief.note import Note, Quoted
from fzsearch.service.markdown import escape_markdown, quotation_markdown


def note_markdown(note: Note) -> str:
    """A Markdown text: quotations as block quotations with numbered footnotes that hold reference and link."""
    lines = [f"# {escape_markdown(_one_line(note.title))}", ""]
    lines += [f"{escape_markdown(line)}  " for line in note.origin]
    footnotes: list[str] = []
    for block in note.blocks:
        match block:
            case Heading(text):
                lines += ["", f"## {escape_markdown(_one_line(text))}"]
            case Line(text):
                lines += ["", *(escape_markdown(line) for line in text.split("\n"))]
            case Quoted():
                footnotes.append(_markdown_footnote(block))
                quoted = quotation_markdown(block.paragraphs)
                lines += [*quoted[:-1], f"{quoted[-1]}[^{len(footnotes)}]"] if quoted else []
    lines += ["", *(f"[^{number}]: {text}" for number, text in enumerate(footnotes, 1))] if footnotes else []
    return "\n".join(lines) + "\n"


def _markdown_footnote(block: Quoted) -> str:
    link = f"<{block.reference.link}>" if block.reference else ""
    return f"{escape_markdown(_one_line(block.footnote))}{link}"


def note_text(note: Note) -> str:
    """A plain text: quotations in their own paragraphs, numbered references at the end."""
    lines, references = [note.title, "", *note.origin], []
    for block in note.blocks:
        match block:
            case Heading(text) | Line(text):
                lines += ["", text]
            case Quoted():
                references.append(_text_reference(block))
                *first, last = block.in_marks or ("",)
                lines += ["", *(f"　　{paragraph}" for paragraph in first), f"　　{last}[{len(references)}]"]
    lines += ["", *(f"[{number}] {text}" for number, text in enumerate(references, 1))] if references else []
    return "\n".join(lines) + "\n"


def _text_reference(block: Quoted) -> str:
    return f"{_one_line(block.footnote)}{block.reference.link if block.reference else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
