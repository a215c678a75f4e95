"""What did somebody put into a basket? Passages, headings and lines of their own, in their order.

A basket is a JSON file, the same that the browser keeps; format 1:

    {"fzsearch": 1, "title": "…", "search": "/search?q=…",
     "items": [{"heading": "…"}, {"line": "…"}, {"address": "/r/990122101-2024/s1.2@1a2b3c4d", "quote": "…"}]}

`quote` is the wording that was chosen: a section, a paragraph or a sentence; without it the whole section is meant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from fzsearch.errors import CorpusError

FORMAT = 1
MAX_ITEMS = 500
_MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that groups what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of somebody's own."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A passage: its permanent address, and the wording that was chosen, "" for the whole section."""

    address: str
    quote: str = ""


Item = Heading | Line | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A basket as it was kept; `search` is the address of the search that the passages come from, "" without one."""

    title: str
    search: str
    items: tuple[Item, ...]


def read_basket(data: bytes, name: str) -> Basket:
    """The basket in a file.

    Raises:
        CorpusError: no basket; the message says what is wrong and where.
    """
    try:
        stored = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{name} 不是摘录篮文件（不是 JSON）；请用网页上的“存为文件”得到它") from error
    if not isinstance(stored, dict) or stored.get("fzsearch") != FORMAT or not isinstance(stored.get("items"), list):
        raise CorpusError(f'{name} 不是摘录篮文件；要有 "fzsearch": {FORMAT} 和 items')
    if len(stored["items"]) > MAX_ITEMS:
        raise CorpusError(f"{name} 有 {len(stored['items'])} 条，最多 {MAX_ITEMS} 条；请分成几份")
    items = [_item(item, f"{name} 第 {number} 条") for number, item in enumerate(stored["items"], 1)]
    return Basket(title=_text(stored, "title", name), search=_text(stored, "search", name), items=tuple(items))


def _item(item: object, where: str) -> Item:
    kinds = {"heading", "line", "address"} & set(item) if isinstance(item, dict) else set()
    if not isinstance(item, dict) or len(kinds) != 1:
        raise CorpusError(f"{where}要有 heading、line、address 三者之一")
    if "heading" in item:
        return Heading(_text(item, "heading", where))
    if "line" in item:
        return Line(_text(item, "line", where))
    return Choice(_text(item, "address", where), _text(item, "quote", where))


def _text(fields: Mapping[str, object], field: str, where: str) -> str:
    value = fields.get(field, "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise CorpusError(f"{where}的 {field} 要是不超过 {_MAX_TEXT} 字的文字")
    return value
