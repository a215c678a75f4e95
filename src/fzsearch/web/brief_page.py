"""What does the page of the basket show? Every item with its number, passages with their state, text and source."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from fzsearch.brief import Basket, Choice, Edited, Heading, Quoted, pack_basket, quote_passage, write_basket
from fzsearch.brief.basket import MAX_TEXT, Item
from fzsearch.cite.written import gbt2025
from fzsearch.model import IndexedReport
from fzsearch.service.differences import compare
from fzsearch.service.links import LinkState
from fzsearch.service.search import SearchService
from fzsearch.web.hits import Link
from fzsearch.web.params import report_url
from fzsearch.web.passages import heading_text, place_note
from fzsearch.web.report_page import place_crumbs

MAX_COMPARED = 50
"""Passages of a page whose wording is shown beside the text of today; it takes up to 12 ms each."""
_CERTAIN = {LinkState.SAME, LinkState.MOVED}
_STYLES = {
    LinkState.SAME: "",
    LinkState.MOVED: "dash",
    LinkState.CHANGED: "warn",
    LinkState.REMOVED: "full",
    LinkState.SEVERAL: "dash",
}


def brief_page(service: SearchService, edited: Edited, today: date, base_url: str) -> SimpleNamespace:
    """The page of a basket; passages that were not looked up before are told from now on by what they are today."""
    items: list[Item] = []
    light: list[Item] = []  # without what the addresses vouch for: a link is short
    views = []
    differing = 0
    for number, item in enumerate(edited.basket.items, 1):
        if isinstance(item, Choice):
            found = quote_passage(service, item, today, base_url)
            item = _remembered(item, found)  # noqa: PLW2901 - the same item, better known
            view = _passage(item, found, compares=differing < MAX_COMPARED)
            differing += view.comparison is not None
            views.append(SimpleNamespace(number=number, kind="passage", text=found.wording, passage=view))
            is_vouched = found.found.state in _CERTAIN and item.was == found.current
            light.append(replace(item, was="") if is_vouched else item)
        else:
            kind = "heading" if isinstance(item, Heading) else "line"
            views.append(SimpleNamespace(number=number, kind=kind, text=item.text, passage=None))
            light.append(item)
        items.append(item)
    basket = replace(edited.basket, items=tuple(items))
    packed = pack_basket(replace(basket, items=tuple(light))) if basket != Basket() else None
    return SimpleNamespace(
        edited=replace(edited, basket=basket),
        # the basket's JSON, as the browser keeps it.
        stored=write_basket(basket),
        # the address that holds the basket, "" where it would be too long.
        shared=f"/brief?basket={packed}" if packed else "",
        items=tuple(views),
        passages=sum(one.passage is not None for one in views),
    )


def _remembered(item: Choice, found: Quoted) -> Choice:
    """A passage with the hash of its text, a whole section with that text too, while its address vouches for it."""
    resolution = found.found
    if resolution.state not in _CERTAIN:
        return item
    if resolution.address.hash is None:
        item = replace(item, address=resolution.target)
    is_whole = not item.quote and not item.was and resolution.section is not None
    return replace(item, was=found.current) if is_whole and len(found.current) <= MAX_TEXT else item


def _passage(item: Choice, found: Quoted, *, compares: bool) -> SimpleNamespace:
    resolution = found.found
    record, section = resolution.record, resolution.section
    title = heading_text(section.section) if section else "整份报告" if record else ""
    is_other = bool(found.current) and not found.is_literal
    is_untrue = resolution.state is LinkState.SAME and not found.is_literal
    return SimpleNamespace(
        # as it was chosen; `current` the address of what stands there now, "" where nothing does.
        address=item.address,
        quoted=found,
        current=resolution.target if resolution.state is not LinkState.REMOVED else "",
        # its place, wider places first; empty where the report is gone; `unsettled` what is not known of it.
        crumbs=place_crumbs(record.report.place) if record else (),
        unsettled=place_note(record.report.place) if record else "",
        # what its section is called; `url` opens it in its report, "" where nothing is to open.
        title=title,
        url=report_url(record.key, anchor=resolution.anchor) if record else "",
        # GB/T 7714—2025.
        citation=gbt2025(found.reference) if found.reference else "",
        # the wording beside the text of today, where they differ.
        comparison=compare(found.wording, found.current) if compares and is_other else None,
        # reports that the address fits, where there are several.
        choices=_choices(item, resolution.rivals),
        # whether its wording is known well enough to be cut.
        can_shorten=bool(item.quote or item.was) or section is None,
        # what is said of the passage in a word, and the style of the word
        tag=("与原文不符", "warn") if is_untrue else (resolution.state.value, _STYLES[resolution.state]),
    )


def _choices(item: Choice, rivals: Sequence[IndexedReport]) -> tuple[Link, ...]:
    """The addresses that may be meant, each with the name of its report."""
    rest = item.address.partition("/r/")[2].partition("/")[2]
    tail = f"/{rest}" if rest else ""
    return tuple(Link(f"{one.report.title or one.key}（{one.key}）", f"/r/{one.key}{tail}") for one in rivals)
