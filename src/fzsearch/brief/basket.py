"""What did somebody put into a basket? Passages, headings and lines of their own, in their order.

A basket is a JSON file, the same that the browser keeps; format 1:

    {"fzsearch": 1, "title": "…", "search": "/search?q=…",
     "items": [{"heading": "…"}, {"line": "…"}, {"address": "/r/990122101-2024/s1.2@1a2b3c4d", "quote": "…"}]}

`quote` is the wording that was chosen, a paragraph or a sentence; without it the whole section is meant, and `was` is
what stood there then. `search` may hold several addresses, one a line.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from fzsearch.errors import CorpusError

FORMAT = 1
MAX_ITEMS = 500
MAX_TEXT = 20_000
MAX_PACKED = 8_000
"""Of a basket in an address: what programs of the office still take for one link."""
_MAX_UNPACKED = 2_000_000
_NOT_WHOLE = "这个摘录篮的链接不完整；请重新复制整条链接，或请对方存为文件发来"


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
    """A passage: its permanent address, the wording that was chosen, "" for the whole section, and what that was."""

    address: str
    quote: str = ""
    was: str = ""


Item = Heading | Line | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A basket as it was kept; `search` holds the addresses of the searches of its passages, line by line."""

    title: str = ""
    search: str = ""
    items: tuple[Item, ...] = ()


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
    return Choice(_text(item, "address", where), _text(item, "quote", where), _text(item, "was", where))


def _text(fields: Mapping[str, object], field: str, where: str) -> str:
    value = fields.get(field, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise CorpusError(f"{where}的 {field} 要是不超过 {MAX_TEXT} 字的文字")
    return value.encode("utf-8", "replace").decode()  # half a pair of surrogates can be sent nowhere


def write_basket(basket: Basket, *, indent: int | None = None) -> str:
    """The JSON of a basket, which `read_basket` reads back; on one line unless an indent is given."""
    stored = {
        "fzsearch": FORMAT,
        "title": basket.title,
        "search": basket.search,
        "items": [*map(_fields, basket.items)],
    }
    return json.dumps(stored, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))


def _fields(item: Item) -> dict[str, str]:
    match item:
        case Heading(text):
            return {"heading": text}
        case Line(text):
            return {"line": text}
        case Choice(address, quote, was):
            return {"address": address} | ({"quote": quote} if quote else {}) | ({"was": was} if was else {})


def pack_basket(basket: Basket) -> str | None:
    """A basket as it stands in an address, None where it is too long for one."""
    packed = urlsafe_b64encode(zlib.compress(write_basket(basket).encode(), 9)).decode().rstrip("=")
    return packed if len(packed) <= MAX_PACKED else None


def unpack_basket(packed: str) -> Basket:
    """The basket in an address.

    Raises:
        CorpusError: the address is not whole.
    """
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _MAX_UNPACKED)
    except (ValueError, zlib.error) as error:
        raise CorpusError(_NOT_WHOLE) from error
    if not unpacker.eof:
        raise CorpusError(_NOT_WHOLE)
    return read_basket(data, "链接里的摘录篮")
