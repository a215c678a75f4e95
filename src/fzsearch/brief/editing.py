"""How is a basket changed? Each change gives a new basket, a sentence about it, and the item to look at.

Items are numbered from 1. A change that does not fit the basket, as one from an old page, changes nothing and says so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fzsearch.brief.basket import MAX_ITEMS, MAX_TEXT, Basket, Choice, Heading, Item, Line
from fzsearch.errors import QueryError

_MAX_SEARCHES = 20
_NAMES = {Heading: "标题", Line: "一句自己的话", Choice: "摘录"}


@dataclass(frozen=True, slots=True)
class Edited:
    """A basket after a change.

    Attributes:
        said: what happened, for the person who asked for it.
        at: number of the item to look at, None for none.
        on: what of it: "up" or "down" (its buttons), "text" (its field), "" (its first button).
    """

    basket: Basket
    said: str = ""
    at: int | None = None
    on: str = ""


def edit(basket: Basket, order: str) -> Edited:
    """Carry out an order: `save`, `clear`, `move 3 2`, `remove 3`, `heading 3`, `line 3`, `keep 3 /r/…` or `renew …`.

    `heading` and `line` put an empty one before the item of that number, or at the end; `keep` gives a passage another
    address, `renew` another address and the text that stands there.

    Raises:
        QueryError: no order of these.
    """
    verb, _, rest = order.partition(" ")
    if verb == "save" and not rest:
        return Edited(basket)
    if verb == "clear" and not rest:
        return Edited(replace(basket, items=(), search=""), f"已清空，移出 {len(basket.items)} 条")
    number, _, rest = rest.partition(" ")
    if not re.fullmatch(r"[0-9]{1,4}", number) or verb not in _CHANGES:
        raise QueryError(f"摘录篮没有“{order[:40]}”这个操作")
    at = int(number)
    if not 1 <= at <= len(basket.items) + (verb in {"heading", "line"}):
        return Edited(basket, f"没有第 {at} 条，什么也没有改动；请看现在的次序再做")
    return _CHANGES[verb](basket, at, rest)


def _move(basket: Basket, at: int, rest: str) -> Edited:
    to = int(rest) if re.fullmatch(r"[0-9]{1,4}", rest) else 0
    if not 1 <= to <= len(basket.items):
        return Edited(basket, "已经到头，没有移动", at)
    items = [*basket.items]
    items.insert(to - 1, items.pop(at - 1))
    return Edited(_with(basket, items), f"已把第 {at} 条移到第 {to} 条", to, "up" if to < at else "down")


def _remove(basket: Basket, at: int, _: str) -> Edited:
    items = [*basket.items]
    name = _NAMES[type(items.pop(at - 1))]
    left = len(items)
    return Edited(_with(basket, items), f"已移出第 {at} 条（{name}），还有 {left} 条", min(at, left) or None)


def _inserted(basket: Basket, at: int, item: Item) -> Edited:
    if len(basket.items) >= MAX_ITEMS:
        return Edited(basket, f"最多 {MAX_ITEMS} 条，没有再加")
    items = [*basket.items[: at - 1], item, *basket.items[at - 1 :]]
    return Edited(_with(basket, items), f"第 {at} 条是新加的{_NAMES[type(item)]}，请填写", at, "text")


def _readdressed(basket: Basket, at: int, address: str, *, keeps_quote: bool) -> Edited:
    item = basket.items[at - 1]
    if not isinstance(item, Choice) or not address.startswith("/r/") or len(address) > MAX_TEXT:
        return Edited(basket, f"第 {at} 条没有改动", at)
    items = [*basket.items]
    items[at - 1] = Choice(address, item.quote if keeps_quote else "")
    return Edited(_with(basket, items), f"第 {at} 条已改用{'现在的地址' if keeps_quote else '现在的文字'}", at)


_CHANGES: Mapping[str, Callable[[Basket, int, str], Edited]] = {
    "move": _move,
    "remove": _remove,
    "heading": lambda basket, at, _: _inserted(basket, at, Heading("")),
    "line": lambda basket, at, _: _inserted(basket, at, Line("")),
    "keep": partial(_readdressed, keeps_quote=True),
    "renew": partial(_readdressed, keeps_quote=False),
}


def _with(basket: Basket, items: Sequence[Item]) -> Basket:
    return replace(basket, items=tuple(items))


def add(basket: Basket, addresses: Sequence[str], search: str = "") -> Edited:
    """Put passages behind the others, each once; `search` is the address of the search that they come from."""
    known = {(item.address, item.quote) for item in basket.items if isinstance(item, Choice)}
    wanted = [one[:MAX_TEXT] for one in dict.fromkeys(addresses) if (one, "") not in known]
    taken = wanted[: max(0, MAX_ITEMS - len(basket.items))]
    searches = [one for one in basket.search.split("\n") if one]
    if taken and search.startswith("/search?") and search not in searches:
        searches = [*searches, search][:_MAX_SEARCHES] if len(basket.search) + len(search) < MAX_TEXT else searches
    said = f"已加入 {len(taken)} 条" if taken else "没有加入新的"
    if len(wanted) > len(taken):
        said += f"；最多 {MAX_ITEMS} 条，还有 {len(wanted) - len(taken)} 条放不下"
    elif len(addresses) > len(wanted):
        said += "；其余的已经在摘录篮里"
    items = (*basket.items, *(Choice(one) for one in taken))
    return Edited(replace(basket, search="\n".join(searches), items=items), said)


def with_texts(basket: Basket, texts: Mapping[str, str]) -> Basket:
    """The basket with what was typed: `title`, and `text-3` for the text of the third item.

    A passage that is left as it was stays the whole section.
    """
    typed = {name: text.replace("\r\n", "\n")[:MAX_TEXT] for name, text in texts.items()}
    items = [_typed(item, typed.get(f"text-{number}")) for number, item in enumerate(basket.items, 1)]
    return replace(basket, title=typed.get("title", basket.title), items=tuple(items))


def _typed(item: Item, text: str | None) -> Item:
    if text is None:
        return item
    if isinstance(item, Choice):
        return replace(item, quote="" if not item.quote and text == item.was else text.strip())
    return replace(item, text=text)
