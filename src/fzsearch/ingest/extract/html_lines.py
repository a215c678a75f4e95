"""Which lines does a piece of a web page show?

Blocks and <br> make lines, white space is what a browser shows, rows of a data table are lines with tabs.
Which piece is the article is decided elsewhere.
"""

import re
from collections.abc import Iterator

from lxml import etree

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "td", "th", "caption", "title", "ul",
})  # fmt: skip
_LINE_END = "\x1e"  # neither mark occurs in a page: `_own` takes them out
_CELL_END = "\x1f"  # a tab that survives the collapsing of white space
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CJK = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
# A line break of the source between two hanzi is no space; a real blank is kept.
_SOURCE_BREAK = re.compile(rf"(?<={_CJK})[ \t]*[\r\n][ \t\r\n]*(?={_CJK})")


def render(element: etree._Element) -> list[str]:
    """Give the shown lines of an element, none blank, without white space at their ends: indents are layout."""
    shown = "".join(_chunks(element))
    lines = (_SPACE.sub(" ", _SOURCE_BREAK.sub("", line)).strip() for line in shown.split(_LINE_END))
    return [line.replace(_CELL_END, "\t") for line in lines if line.strip(_CELL_END)]


def _chunks(element: etree._Element) -> Iterator[str]:
    if element.tag == "tr" and (row := _data_row(element)) is not None:
        yield _LINE_END + row + _LINE_END
        return
    edge = _LINE_END if element.tag in _BLOCKS else ""
    is_preformatted = element.tag == "pre"
    yield edge + _own(element.text, is_preformatted=is_preformatted)
    for child in element:
        if child.tag == "br":
            yield _LINE_END
        else:
            yield from _chunks(child)
        yield _own(child.tail, is_preformatted=is_preformatted)
    yield edge


def _own(text: str | None, *, is_preformatted: bool) -> str:
    shown = (text or "").replace(_LINE_END, "").replace(_CELL_END, "")
    return re.sub("\r\n?|\n", _LINE_END, shown) if is_preformatted else shown


def _data_row(row: etree._Element) -> str | None:
    """The row as one line, None where a cell holds several lines or only one cell holds any: then it is layout.

    So is a row with rows in it; to render those here and again as layout would double the work with every level.
    """
    if row.find(".//tr") is not None:
        return None
    cells = [render(cell) for cell in row if cell.tag in ("td", "th")]
    if sum(map(bool, cells)) <= 1 or any(len(lines) > 1 for lines in cells):
        return None
    return _CELL_END.join(lines[0] if lines else "" for lines in cells)
