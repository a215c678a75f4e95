"""Which sections do constructed documents have, in our own words?

The files beside this one hold documents, each behind a line "=== name". A line ">> path | marker | heading | part"
stands before the first line of each section (- for none); all else is the document. "@" stands for a title, "~" for a
sentence of prose, and a line that ends in a backslash goes on in the next. "=== name ! reason" is one not read rightly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TITLE = "红枫镇2024年法治政府建设情况报告"
PROSE = "全镇各站所按季度汇总台账，由司法所逐项核对后归档，遇到难点及时会商处理。"


@dataclass(frozen=True)
class Expected:
    """A section as it should be found; `start` counts the visible characters of the document before it."""

    start: int
    path: str
    marker: str | None
    heading: str | None
    part: str


@dataclass(frozen=True)
class Layout:
    """A document and its sections behind s0; `reason` says why it is not read rightly, "" for all others."""

    name: str
    text: str
    sections: tuple[Expected, ...]
    reason: str = ""


def read_layouts() -> list[Layout]:
    """All documents, file by file."""
    files = sorted(Path(__file__).parent.glob("*.txt"))
    return [layout for file in files for layout in _layouts(file.read_text(encoding="utf-8"))]


def _layouts(text: str) -> Iterator[Layout]:
    for block in text.split("=== ")[1:]:
        head, _, body = block.partition("\n")
        name, _, reason = head.partition(" ! ")
        yield _layout(name, reason, body.strip("\n").split("\n"))


def _layout(name: str, reason: str, lines: list[str]) -> Layout:
    text, sections = "", []
    for line in lines:
        if line.startswith(">> "):
            path, *values, part = line.removeprefix(">> ").split(" | ")
            marker, heading = (None if value == "-" else value for value in values)
            sections.append(Expected(len(visible(text)), path, marker, heading, part))
        else:
            words = TITLE if line == "@" else line.replace("~", PROSE)
            text += words.removesuffix("\\") + ("" if words.endswith("\\") else "\n")
    return Layout(name, text.rstrip("\n"), tuple(sections), reason)


def visible(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())
