"""Is a basket the same after every journey: file, link, form, and any row of changes?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.brief import (
    Basket,
    Choice,
    Heading,
    Line,
    add,
    edit,
    pack_basket,
    read_basket,
    unpack_basket,
    with_texts,
    write_basket,
)
from fzsearch.errors import CorpusError, QueryError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ITEMS = st.one_of(
    st.builds(Heading, TEXT), st.builds(Line, TEXT), st.builds(Choice, TEXT.map(lambda one: f"/r/{one}"), TEXT, TEXT)
)
BASKETS = st.builds(Basket, title=TEXT, search=TEXT, items=st.lists(ITEMS, max_size=8).map(tuple))


@given(BASKETS)
def test_a_basket_is_read_as_it_was_written(basket):
    assert read_basket(write_basket(basket).encode(), "篮") == basket
    assert read_basket(write_basket(basket, indent=1).encode(), "篮") == basket


def script_form(basket):
    """What `JSON.stringify` makes of a basket: every character as it is, no spaces, empty fields here and there."""
    items = []
    for item in basket.items:
        match item:
            case Heading(text):
                items.append({"heading": text})
            case Line(text):
                items.append({"line": text})
            case Choice(address, quote, was):
                items.append({"address": address, "quote": quote} | ({"was": was} if was else {}))
    stored = {"fzsearch": 1, "title": basket.title, "search": basket.search, "items": items}
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


@given(BASKETS)
def test_what_the_script_keeps_is_read_and_written_back_the_same(basket):
    read = read_basket(script_form(basket).encode(), "篮")

    assert read == basket
    assert write_basket(read_basket(write_basket(read).encode(), "篮")) == write_basket(read)


@given(BASKETS)
def test_a_link_holds_a_basket(basket):
    packed = pack_basket(basket)

    assert packed is not None
    assert packed.isascii()
    assert unpack_basket(packed) == basket


@given(BASKETS, st.data())
def test_moving_there_and_back_changes_nothing_and_loses_nothing(basket, data):
    count = len(basket.items)
    one, other = (data.draw(st.integers(0, count + 2)) for _ in range(2))
    moved = edit(basket, f"move {one} {other}")
    back = edit(moved.basket, f"move {other} {one}").basket

    assert sorted(map(repr, moved.basket.items)) == sorted(map(repr, basket.items))
    assert back == basket
    assert moved.said


@given(BASKETS, st.integers(1, 9))
def test_what_is_inserted_and_removed_leaves_the_rest(basket, number):
    for verb in ("heading", "line"):
        inserted = edit(basket, f"{verb} {number}")
        if number <= len(basket.items) + 1:
            assert edit(inserted.basket, f"remove {number}").basket == basket
        else:
            assert inserted.basket == basket


@given(BASKETS)
def test_fields_that_nobody_touched_change_nothing(basket):
    """As a browser sends them: every field, lines ended by CR LF."""

    def field(item):
        return (item.quote or item.was) if isinstance(item, Choice) else item.text

    texts = {f"text-{n}": field(item).replace("\n", "\r\n") for n, item in enumerate(basket.items, 1)}
    plain = [Choice(i.address, i.quote.strip(), i.was) if isinstance(i, Choice) else i for i in basket.items]
    typed = with_texts(basket, texts | {"title": basket.title})

    assert [getattr(one, "address", None) for one in typed.items] == [getattr(one, "address", None) for one in plain]
    if "\r" not in write_basket(basket) and "\\r" not in write_basket(basket):
        assert list(typed.items) == plain


def test_each_passage_is_added_once_and_the_searches_are_kept():
    first = add(Basket(), ["/r/a", "/r/b", "/r/a"], "/search?q=甲")
    second = add(first.basket, ["/r/b", "/r/c"], "/search?q=乙")

    assert second.basket.items == (Choice("/r/a"), Choice("/r/b"), Choice("/r/c"))
    assert second.basket.search == "/search?q=甲\n/search?q=乙"
    assert "已经在" in second.said
    assert add(second.basket, ["/r/a"], "/search?q=丙").basket == second.basket


def test_a_full_basket_says_what_it_has_no_room_for():
    full = add(Basket(), [f"/r/{n}" for n in range(501)])

    assert len(full.basket.items) == 500
    assert "还有 1 条放不下" in full.said
    assert "最多 500" in edit(full.basket, "heading 1").said
    assert edit(full.basket, "heading 1").basket == full.basket


@pytest.mark.parametrize("order", ["", "jump 1", "move", "move a 1", "remove -1", "clear now"])
def test_orders_that_are_none(order):
    basket = Basket(items=(Line("一"), Line("二")))
    with pytest.raises(QueryError, match="没有"):
        edit(basket, order)


@pytest.mark.parametrize("packed", ["", "!", "AAAA", (pack_basket(Basket(title="x" * 50)) or "")[:-4]])
def test_a_link_that_was_cut_says_so(packed):
    with pytest.raises(CorpusError, match="链接"):
        unpack_basket(packed)
