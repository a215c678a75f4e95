"""Which lines does a saved web page hold, and what does it say about its document?

The article is found, furniture dropped, and the title put in front where the article does not repeat it; the
metadata block is read from the whole page.
"""

import re
from collections.abc import Sequence

from lxml import etree

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.encoding import decode, losses
from fzsearch.ingest.extract.html_body import find_body, names_of
from fzsearch.ingest.extract.html_furniture import drop_furniture, drop_furniture_lines, drop_unshown
from fzsearch.ingest.extract.html_lines import render
from fzsearch.ingest.extract.html_page import page_block
from fzsearch.model import Document, Format

_DECLARED = re.compile(rb"(?i)<meta[^>]+?charset\s*=\s*[\"']?\s*([a-z0-9_-]+)|<\?xml[^>]+?encoding=[\"']([a-z0-9_-]+)")
_DECLARED_WITHIN = 4_096
_TITLE_WORDS = frozenset({
    "title", "article-title", "article_title", "articletitle", "arti_title", "arti-title", "xl_title",
    "con_title", "content-title", "content_title", "bt", "main-title", "news_title", "ucap-title",
    "detail-title", "detail_title", "biaoti",
})  # fmt: skip
_MIN_TITLE = 8
_MAX_TITLE = 120
_TITLE_SAYS = re.compile("报告|总结|情况|法治|依法|关于|\\d{4}")
_REPEATED_WITHIN = 8  # lines; a title may stand on several, below a letterhead
_SITE_NAME = re.compile(r"[_|｜]|\s[-–—]+\s|-+(?=[^-]*(?:政府|网|局|信息公开)[^-]*$)")
_NO_TEXT = ("网页里没有正文，内容可能由脚本载入", "请在浏览器中打开后把正文复制到 .txt 文件，再放入语料目录")


def read(data: bytes) -> Document:
    """Give the article of a web page as lines, its title first, and its metadata block.

    Raises:
        ExtractError: not parsable, or without text.
    """
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    text = decode(data, (declared[1] or declared[2]).decode("ascii") if declared else None)
    root = _parse(text)
    page = root if (found := root.find("body")) is None else found
    drop_unshown(page)
    block = page_block(root, text, render(page))
    drop_furniture(page)
    body = find_body(page)
    lines = drop_furniture_lines(render(body))
    if not lines:
        raise ExtractError(*_NO_TEXT)
    title = _shown_title(page, block.get("标题"))
    block.setdefault("标题", "".join(title) or _window_title(root))
    lines = [*_unless_repeated(title, lines), *lines]
    pairs = tuple((key, value) for key, value in block.items() if value)
    return Document(format=Format.HTML, lines=tuple(lines), page=pairs, warnings=losses(text))


def _parse(text: str) -> etree._Element:
    # Huge: else the parser drops what is nested more than 256 deep, as unclosed tags make it, without a word. The size
    # of the file and the memory of the process are limited anyway.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        # NUL ends the text for the parser; lone surrogates cannot be encoded.
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise ExtractError("网页结构无法解析", _NO_TEXT[1]) from error
    if root is None:  # what the parser gives for a page of comments only
        raise ExtractError(*_NO_TEXT)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ExtractError("网页的嵌套层次过深", _NO_TEXT[1])
    return root


def _shown_title(page: etree._Element, stated: str | None) -> list[str]:
    """The lines of the longest <h1>, else the title that the page states, else the first element called a title."""
    headings = filter(_is_title, (render(heading) for heading in page.iter("h1")))
    longest = max(headings, key=lambda lines: len("".join(lines)), default=[])
    if longest:
        return longest
    if stated:
        return [stated]
    for element in page.iter():
        if _TITLE_WORDS & names_of(element):
            lines = render(element)
            if _is_title(lines):
                return lines
    return []


def _is_title(lines: Sequence[str]) -> bool:
    """Whether these words can name a document; sites also call their own name, or a column, title or <h1>."""
    title = "".join(lines)
    return _MIN_TITLE <= len(title) <= _MAX_TITLE and _TITLE_SAYS.search(title) is not None


def _window_title(root: etree._Element) -> str:
    """The <title> without the name of the site."""
    parts = _SITE_NAME.split(" ".join((root.findtext(".//title") or "").split()))
    return next((part.strip() for part in parts if len(part.strip()) >= _MIN_TITLE), "")


def _unless_repeated(title: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    """The title, or nothing where the first lines already hold it."""
    start = _letters("".join(lines[:_REPEATED_WITHIN]))
    return () if _letters("".join(title)) in start else title


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
