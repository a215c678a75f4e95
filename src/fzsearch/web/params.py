"""How does a URL say what was asked? SearchRequest to URL parameters and back; the only place that knows the names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from fzsearch.errors import QueryError
from fzsearch.model import Part
from fzsearch.query import MAX_CHARS, UNSETTLED, Facet, Sort
from fzsearch.service.compile import Match
from fzsearch.service.search import Group, SearchRequest

DEFAULT_LIMIT = 10
MAX_OFFSET = 10_000_000
MAX_VALUES = 200
NAMES = frozenset({"q", "match", "sort", "limit", "offset", "page", *(facet.value for facet in Facet)})
"""Every parameter of a search; pages have `group` besides."""
FIGURE_NAMES = frozenset({"q", "match", "indicator", *(facet.value for facet in Facet)})
"""Every parameter of figures; their page has `sort` and `page` besides."""
REGION_NAMES = frozenset({"province", "city", "county", "year"})
"""Every parameter of a coverage; its page has `only` besides."""
PAGE_SIZES = (10, 20, 50, 100)

Pairs = tuple[tuple[str, str], ...]
Filters = Mapping[Facet, tuple[str, ...]]
Choice = TypeVar("Choice", bound=StrEnum)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many hits may be asked for at once."""

    least: int
    most: int
    allows_all: bool


PAGE_LIMITS = Limits(least=1, most=100, allows_all=False)
API_LIMITS = Limits(least=0, most=10_000, allows_all=True)


def parse_request(args: MultiDict[str, str], limits: Limits) -> SearchRequest:
    """The request in URL parameters; empty ones count as not given, unknown ones are left to the caller.

    Raises:
        QueryError: a value that cannot be used; the message names it.
    """
    limit = _limit(args, limits)
    return SearchRequest(
        text=_single(args, "q"),
        filters=_filters(args),
        match=_choice(args, "match", Match.ALL),
        sort=_choice(args, "sort", Sort.RELEVANCE),
        offset=_offset(args, limit),
        limit=limit,
        group=_choice(args, "group", Group.NONE),
    )


def check_names(args: MultiDict[str, str], names: frozenset[str] = NAMES) -> None:
    """Refuse parameters that a question does not have: a filter with a typing error must not be left out in silence.

    Raises:
        QueryError: names the unknown ones.
    """
    unknown = sorted(set(args) - names)
    if unknown:
        raise QueryError(f"没有参数 {'、'.join(unknown)}；可用的有 {'、'.join(sorted(names))}")


def parse_figures(args: MultiDict[str, str]) -> FigureRequest:
    """The indicator and the sections that figures are asked of.

    Raises:
        QueryError: a value that cannot be used.
    """
    search = SearchRequest(
        text=_single(args, "q"), filters=_filters(args), match=_choice(args, "match", Match.ALL), limit=0
    )
    return FigureRequest(
        search=search,
        indicator=_single(args, "indicator") or None,
        sort=_choice(args, "sort", FigureSort.VALUE),
        page=_number(args, "page", 1, MAX_OFFSET) or 1,
    )


def parse_region(args: MultiDict[str, str]) -> Filters:
    """The region and the years of a coverage.

    Raises:
        QueryError: a value that cannot be used.
    """
    return {facet: values for facet, values in _filters(args).items() if facet.value in REGION_NAMES}


def parse_only(args: MultiDict[str, str]) -> Only:
    """Which rows of a coverage are wanted.

    Raises:
        QueryError: no such choice.
    """
    return _choice(args, "only", Only.ALL)


def request_pairs(request: SearchRequest) -> Pairs:
    """The parameters that say a request; `parse_request` reads them back. Defaults are left out."""
    pairs = [("q", request.text)] if request.text else []
    pairs += [(facet.value, value) for facet in Facet for value in request.filters.get(facet, ())]
    if request.match is not Match.ALL:
        pairs.append(("match", request.match.value))
    if request.sort is not Sort.RELEVANCE:
        pairs.append(("sort", request.sort.value))
    if request.group is not Group.NONE:
        pairs.append(("group", request.group.value))
    if request.limit != DEFAULT_LIMIT:
        pairs.append(("limit", "all" if request.limit is None else str(request.limit)))
    return (*pairs, *_place_in_hits(request))


def _place_in_hits(request: SearchRequest) -> Pairs:
    if not request.offset:
        return ()
    if request.limit and request.offset % request.limit == 0:
        return (("page", str(request.offset // request.limit + 1)),)
    return (("offset", str(request.offset)),)


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
    pairs = [("indicator", wanted.indicator)] if wanted.indicator else []
    pairs += request_pairs(replace(wanted.search, offset=0, limit=DEFAULT_LIMIT))
    if path == "/figures":
        pairs += [("sort", wanted.sort.value)] if wanted.sort is not FigureSort.VALUE else []
        pairs += [("page", str(wanted.page))] if wanted.page > 1 else []
    return _with_query(path, tuple(pairs))


def region_url(filters: Filters, path: str = "/coverage") -> str:
    """The coverage of a region."""
    return _with_query(path, tuple((facet.value, one) for facet, values in filters.items() for one in values))


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
    pairs = (*((("was", was),) if was else ()), *(request_pairs(request) if request else ()))
    return _with_query(f"/r/{quote(key)}", pairs) + (f"#{quote(anchor)}" if anchor else "")


def quoting(sentence: str) -> SearchRequest:
    """The search for a sentence as it stands, by which the page of its report marks it; "" for none."""
    words = "".join(sentence.split())[: MAX_CHARS - 2]
    return SearchRequest(text=f"“{words}”" if words else "")


def quoted(address: str) -> str:
    """A permanent address as it stands in a link: Chinese characters percent-encoded."""
    return quote(address, safe="/@~")


def _with_query(path: str, pairs: Pairs) -> str:
    return f"{path}?{'&'.join(_encoded(*pair) for pair in pairs)}" if pairs else path


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


# ---- reading values


def _single(args: MultiDict[str, str], name: str) -> str:
    values = args.getlist(name)
    if len(values) > 1:
        raise QueryError(f"参数 {name} 只能有一个，现在有 {len(values)} 个")
    return values[0] if values else ""


def _choice(args: MultiDict[str, str], name: str, default: Choice) -> Choice:
    value = _single(args, name)
    options = {option.value: option for option in type(default)}
    if value and value not in options:
        raise QueryError(f"{name} 没有“{value}”这个写法；可写 {'、'.join(options)}")
    return options.get(value, default)


def _number(args: MultiDict[str, str], name: str, least: int, most: int) -> int | None:
    value = _single(args, name)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise QueryError(f"{name} 要是 {least} 到 {most} 的整数，现在是“{value}”")
    return int(value)


def _limit(args: MultiDict[str, str], limits: Limits) -> int | None:
    if limits.allows_all and _single(args, "limit") == "all":
        return None
    found = _number(args, "limit", limits.least, limits.most)
    return DEFAULT_LIMIT if found is None else found


def _offset(args: MultiDict[str, str], limit: int | None) -> int:
    offset, page = _number(args, "offset", 0, MAX_OFFSET), _number(args, "page", 1, MAX_OFFSET)
    if offset is not None and page is not None:
        raise QueryError("offset 和 page 只能用一个")
    if page is not None:
        return min((page - 1) * (limit or 0), MAX_OFFSET)
    return offset or 0


def _filters(args: MultiDict[str, str]) -> Filters:
    chosen = {facet: tuple(dict.fromkeys(v for v in args.getlist(facet.value) if v)) for facet in Facet}
    if sum(map(len, chosen.values())) > MAX_VALUES:
        raise QueryError(f"筛选值太多，最多 {MAX_VALUES} 个")
    for year in chosen[Facet.YEAR]:
        if not re.fullmatch(r"[0-9]{4}", year) and year != UNSETTLED:
            raise QueryError(f"year 要是四位年份，现在是“{year}”")
    for part in chosen[Facet.PART]:
        if part not in list(Part):
            raise QueryError(f"part 没有“{part}”这个值；可用 {'、'.join(Part)}")
    return {facet: values for facet, values in chosen.items() if values}
