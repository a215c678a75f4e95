"""How does a URL say which reports are put beside each other? For the pages of `alike`, as `params` for the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from fzsearch.errors import QueryError
from fzsearch.service.comparison import Fate
from fzsearch.web.params import Filters, choice, parse_page, parse_region, parse_text


class OverlapSort(StrEnum):
    """Order of reports that share wording: most first, in all or with another township or as set phrases; by place."""

    COPIED = "copied"
    ELSEWHERE = "elsewhere"
    COMMON = "common"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapRequest:
    """What was asked of shared wording: of which places and years, and how it is listed."""

    filters: Filters
    sort: OverlapSort = OverlapSort.COPIED
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """Two reports as they were named, "" for none, and which sentences are shown: all, or those of one fate."""

    old: str
    new: str
    fate: Fate | None = None
    page: int = 1


def parse_overlap(args: MultiDict[str, str]) -> OverlapRequest:
    """The reports whose shared wording is listed.

    Raises:
        QueryError: a value that cannot be used.
    """
    sort = choice(args, "sort", OverlapSort.COPIED)
    return OverlapRequest(filters=parse_region(args), sort=sort, page=parse_page(args))


def parse_compare(args: MultiDict[str, str]) -> CompareRequest:
    """The two reports that are compared.

    Raises:
        QueryError: a value that cannot be used.
    """
    fate, names = parse_text(args, "fate"), {one.name.lower(): one for one in Fate}
    if fate and fate not in names:
        raise QueryError(f"fate 没有“{fate}”这个写法；可写 {'、'.join(names)}")
    old, new = parse_text(args, "a"), parse_text(args, "b")
    return CompareRequest(old=old, new=new, fate=names.get(fate), page=parse_page(args))


def compare_url(old: str, new: str = "", fate: Fate | None = None, page: int = 1) -> str:
    """Two reports beside each other, by key; with one of them, or none, the choice of the rest."""
    pairs = (("a", old), ("b", new), ("fate", fate.name.lower() if fate else ""), ("page", _page(page)))
    return _address("/compare", pairs)


def overlap_url(wanted: OverlapRequest, path: str = "/overlap") -> str:
    """Who shares wording; orders and pages only for the page itself."""
    pairs = [(facet.value, one) for facet, values in wanted.filters.items() for one in values]
    if path == "/overlap":
        sort = wanted.sort.value if wanted.sort is not OverlapSort.COPIED else ""
        pairs += [("sort", sort), ("page", _page(wanted.page))]
    return _address(path, pairs)


def shared_url(key: str, page: int = 1) -> str:
    """The passages of a report that others hold too."""
    return _address(f"/overlap/{quote(key)}", [("page", _page(page))])


def _page(number: int) -> str:
    return str(number) if number > 1 else ""


def _address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode([pair for pair in pairs if pair[1]])
    return f"{path}?{query}" if query else path
