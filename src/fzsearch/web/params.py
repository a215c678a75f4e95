"""How do pages link to each other? Addresses from requests; parameters of searches stand in service/search_address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from fzsearch.errors import QueryError
from fzsearch.query import MAX_CHARS, Facet, Sort
from fzsearch.service.asking import Group, SearchRequest
from fzsearch.service.comparison import Fate
from fzsearch.service.compile import Match
from fzsearch.service.search_address import (
    DEFAULT_LIMIT,
    MAX_OFFSET,
    Filters,
    choice,
    filters,
    number,
    request_pairs,
    single,
)

FIGURE_NAMES = frozenset({"q", "match", "indicator", *(facet.value for facet in Facet)})
"""Every parameter of figures; their page has `sort` and `page` besides."""
REGION_NAMES = frozenset({"province", "city", "county", "year"})
"""Every parameter of a coverage; its page has `only` besides."""
FILTER_NAMES = frozenset(facet.value for facet in Facet)
FEED_LIMIT = 50
FEED_NAMES = FILTER_NAMES | {"q", "match", "page"}
"""Every parameter of a feed; it has an order and a length of its own."""
RANGE_NAMES = frozenset({"limit", "offset", "page"})
"""Which part of a list is wanted."""
PAGE_SIZES = (10, 20, 50, 100)


class FigureSort(StrEnum):
    """Order of figures: largest first, by place, newest first."""

    VALUE = "value"
    PLACE = "place"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """What was asked of figures: in which sections, of which indicator, and how they are listed."""

    search: SearchRequest
    indicator: str | None = None
    sort: FigureSort = FigureSort.VALUE
    page: int = 1


class Only(StrEnum):
    """Which townships the page of a coverage shows: all, or those with a cell of one kind."""

    ALL = "all"
    MISSING = "missing"
    LATE = "late"
    UNREADABLE = "unreadable"
    UNSETTLED = "unsettled"


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


def parse_figures(args: MultiDict[str, str]) -> FigureRequest:
    """The indicator and the sections that figures are asked of.

    Raises:
        QueryError: a value that cannot be used.
    """
    return FigureRequest(
        search=_search(args, limit=0),
        indicator=single(args, "indicator") or None,
        sort=choice(args, "sort", FigureSort.VALUE),
        page=parse_page(args),
    )


def parse_feed(args: MultiDict[str, str]) -> SearchRequest:
    """The search that a feed is of.

    Raises:
        QueryError: a value that cannot be used.
    """
    page = number(args, "page", 1, MAX_OFFSET // FEED_LIMIT) or 1
    return _search(args, limit=FEED_LIMIT, offset=(page - 1) * FEED_LIMIT)


def _search(args: MultiDict[str, str], *, limit: int, offset: int = 0) -> SearchRequest:
    text, chosen, match = single(args, "q"), filters(args), choice(args, "match", Match.ALL)
    return SearchRequest(text=text, filters=chosen, match=match, offset=offset, limit=limit)


def parse_one(args: MultiDict[str, str], name: str) -> str:
    """A parameter that has to be given, once.

    Raises:
        QueryError: it is missing, or there are several.
    """
    value = single(args, name)
    if not value:
        raise QueryError(f"缺少参数 {name}")
    return value


def parse_region(args: MultiDict[str, str]) -> Filters:
    """The region and the years of a coverage.

    Raises:
        QueryError: a value that cannot be used.
    """
    return {facet: values for facet, values in filters(args).items() if facet.value in REGION_NAMES}


def parse_page(args: MultiDict[str, str]) -> int:
    """The number of a page of a list, from 1.

    Raises:
        QueryError: no such number.
    """
    return number(args, "page", 1, MAX_OFFSET) or 1


def parse_text(args: MultiDict[str, str], name: str) -> str:
    """A text of at most 500 characters, without white space around it.

    Raises:
        QueryError: it is longer, or there are several.
    """
    text = single(args, name).strip()
    if len(text) > MAX_CHARS:
        raise QueryError(f"{name} 最多 {MAX_CHARS} 字，现在有 {len(text)} 字")
    return text


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


# ---- links


def search_url(request: SearchRequest) -> str:
    """The address of the page that answers a request."""
    return _with_query("/search", request_pairs(request))


def json_url(request: SearchRequest) -> str:
    """The address of the same hits as JSON; the API knows no groups."""
    return _with_query("/api/v1/search", request_pairs(replace(request, group=Group.NONE)))


def csv_url(request: SearchRequest) -> str:
    """The address of all hits of a request as CSV."""
    return _with_query("/search.csv", request_pairs(replace(request, group=Group.NONE, offset=0, limit=None)))


def figures_url(wanted: FigureRequest, path: str = "/figures") -> str:
    """The figures of a request; pages, and orders of pages, only for the page itself."""
    pairs = [
        ("indicator", wanted.indicator or ""),
        *request_pairs(replace(wanted.search, offset=0, limit=DEFAULT_LIMIT)),
    ]
    if path == "/figures":
        pairs += [("sort", wanted.sort.value if wanted.sort is not FigureSort.VALUE else ""), _page(wanted.page)]
    return _with_query(path, pairs)


def feed_url(request: SearchRequest) -> str:
    """The feed of a search, or one of its pages."""
    plain = replace(request, sort=Sort.RELEVANCE, group=Group.NONE, limit=DEFAULT_LIMIT, offset=0)
    return _with_query("/feed", [*request_pairs(plain), _page(request.offset // FEED_LIMIT + 1)])


def region_url(filters: Filters, path: str = "/coverage") -> str:
    """The coverage of a region."""
    return _with_query(path, _region(filters))


def _region(filters: Filters) -> list[tuple[str, str]]:
    return [(facet.value, one) for facet, values in filters.items() for one in values]


def compare_url(old: str, new: str = "", fate: Fate | None = None, page: int = 1) -> str:
    """Two reports beside each other, by key; with one of them, or none, the choice of the rest."""
    return _with_query("/compare", [("a", old), ("b", new), ("fate", fate.name.lower() if fate else ""), _page(page)])


def overlap_url(wanted: OverlapRequest, path: str = "/overlap") -> str:
    """Who shares wording; orders and pages only for the page itself."""
    pairs = _region(wanted.filters)
    if path == "/overlap":
        pairs += [("sort", wanted.sort.value if wanted.sort is not OverlapSort.COPIED else ""), _page(wanted.page)]
    return _with_query(path, pairs)


def shared_url(key: str, page: int = 1) -> str:
    """The passages of a report that others hold too."""
    return _with_query(f"/overlap/{quote(key)}", [_page(page)])


def place_url(name: str) -> str:
    """The page of a place, by code or by name as written."""
    return f"/place/{quote(name, safe='')}"


def topic_url(name: str) -> str:
    """The page of a topic."""
    return f"/topic/{quote(name, safe='')}"


def report_url(key: str, request: SearchRequest | None = None, anchor: str = "", was: str = "") -> str:
    """The page of a report, with the search that led there, so that it marks hits and leads back.

    `was` is the address that was asked for when it names another text than the one that stands there now.
    """
    pairs = [("was", was), *(request_pairs(request) if request else ())]
    return _with_query(f"/r/{quote(key)}", pairs) + (f"#{quote(anchor)}" if anchor else "")


def quoting(sentence: str) -> SearchRequest:
    """The search for a sentence as it stands, by which the page of its report marks it; "" for none."""
    words = "".join(sentence.split())[: MAX_CHARS - 2]
    return SearchRequest(text=f"“{words}”" if words else "")


def quoted(address: str) -> str:
    """A permanent address as it stands in a link: Chinese characters percent-encoded."""
    return quote(address, safe="/@~")


def cite_url(address: str) -> str:
    """The page of the citations of a permanent address."""
    return _with_query("/cite", [("address", address)])


def add_url(addresses: Iterable[str], search: str = "") -> str:
    """The basket's page with passages added that a search found; `search` is its address."""
    return _with_query("/brief", [*(("add", one) for one in addresses), ("from", search)])


def _page(number: int) -> tuple[str, str]:
    return "page", str(number) if number > 1 else ""


def _with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """An address with the parameters that have a value."""
    query = "&".join(_encoded(*pair) for pair in pairs if pair[1])
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> str:
    """One parameter; the hundred links of a page share most of theirs."""
    return urlencode([(name, value)])


def with_text(request: SearchRequest, text: str) -> SearchRequest:
    """The request with another query, from its first hit."""
    return replace(request, text=text, offset=0)


def with_values(request: SearchRequest, facet: Facet, values: Iterable[str]) -> SearchRequest:
    """The request with exactly these values chosen in a facet, from its first hit."""
    kept = {name: chosen for name, chosen in request.filters.items() if name is not facet}
    chosen = tuple(dict.fromkeys(values))
    return replace(request, filters=kept | ({facet: chosen} if chosen else {}), offset=0)


def toggled(request: SearchRequest, facet: Facet, value: str) -> SearchRequest:
    """The request with a value chosen if it was not, and not if it was."""
    chosen = request.filters.get(facet, ())
    return with_values(request, facet, [v for v in chosen if v != value] if value in chosen else [*chosen, value])


def without_filters(request: SearchRequest) -> SearchRequest:
    """The request with its query alone, from its first hit."""
    return replace(request, filters={}, offset=0)


def at_page(request: SearchRequest, number: int) -> SearchRequest:
    """The request for another page, counted from 1."""
    return replace(request, offset=(number - 1) * (request.limit or 0))
