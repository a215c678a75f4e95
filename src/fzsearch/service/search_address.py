"""How does the address of a search say what was asked? SearchRequest to parameters and back: the owner of their names.

Pages, the API and the check of drafts, which counts again what a link in a draft finds, all read addresses here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar
from urllib.parse import parse_qs

from fzsearch.errors import QueryError
from fzsearch.model import Part
from fzsearch.query import UNSETTLED, Facet, Sort
from fzsearch.service.asking import Group, SearchRequest
from fzsearch.service.compile import Match

DEFAULT_LIMIT = 10
MAX_OFFSET = 10_000_000
MAX_VALUES = 200
NAMES = frozenset({"q", "match", "sort", "limit", "offset", "page", *(facet.value for facet in Facet)})
"""Every parameter of a search; pages have `group` besides."""

Pairs = tuple[tuple[str, str], ...]
Filters = Mapping[Facet, tuple[str, ...]]
Choice = TypeVar("Choice", bound=StrEnum)


class Args(Protocol):
    """Parameters with all values of each, as Flask gives them."""

    def getlist(self, key: str, /) -> list[str]:
        """The values of a parameter, in order."""
        ...

    def __iter__(self) -> Iterator[str]:
        """The names."""
        ...


class _Parsed(dict[str, list[str]]):
    """The parameters of a written address."""

    def getlist(self, key: str, /) -> list[str]:
        return self.get(key, [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many hits may be asked for at once."""

    least: int
    most: int
    allows_all: bool


PAGE_LIMITS = Limits(least=1, most=100, allows_all=False)
API_LIMITS = Limits(least=0, most=10_000, allows_all=True)


def parse_request(args: Args, limits: Limits) -> SearchRequest:
    """The request in URL parameters; empty ones count as not given, unknown ones are left to the caller.

    Raises:
        QueryError: a value that cannot be used; the message names it.
    """
    limit = _limit(args, limits)
    return SearchRequest(
        text=single(args, "q"),
        filters=filters(args),
        match=choice(args, "match", Match.ALL),
        sort=choice(args, "sort", Sort.RELEVANCE),
        offset=_offset(args, limit),
        limit=limit,
        group=choice(args, "group", Group.NONE),
    )


def read_search_url(url: str) -> SearchRequest:
    """The request in the address of a page of results, with or without a host, as that page reads it.

    Raises:
        QueryError: a value that a search does not have.

    >>> read_search_url("http://10.0.0.8:8000/search?q=%E6%99%AE%E6%B3%95&year=2024").text
    '普法'
    """
    return parse_request(_Parsed(parse_qs(url.partition("?")[2].partition("#")[0])), PAGE_LIMITS)


def check_names(args: Args, names: frozenset[str] = NAMES) -> None:
    """Refuse parameters that a question does not have: a filter with a typing error must not be left out in silence.

    Raises:
        QueryError: names the unknown ones.
    """
    unknown = sorted(set(args) - names)
    if unknown:
        known = f"可用的有 {'、'.join(sorted(names))}" if names else "这里不用参数"
        raise QueryError(f"没有参数 {'、'.join(unknown)}；{known}")


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


# ---- reading values; each raises QueryError for what it cannot use


def single(args: Args, name: str) -> str:
    """The value of a parameter that may stand once, "" without one."""
    values = args.getlist(name)
    if len(values) > 1:
        raise QueryError(f"参数 {name} 只能有一个，现在有 {len(values)} 个")
    return values[0] if values else ""


def choice(args: Args, name: str, default: Choice) -> Choice:
    """The choice that a parameter names."""
    value = single(args, name)
    options = {option.value: option for option in type(default)}
    if value and value not in options:
        raise QueryError(f"{name} 没有“{value}”这个写法；可写 {'、'.join(options)}")
    return options.get(value, default)


def number(args: Args, name: str, least: int, most: int) -> int | None:
    """The whole number that a parameter states, None without one."""
    value = single(args, name)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise QueryError(f"{name} 要是 {least} 到 {most} 的整数，现在是“{value}”")
    return int(value)


def _limit(args: Args, limits: Limits) -> int | None:
    if limits.allows_all and single(args, "limit") == "all":
        return None
    found = number(args, "limit", limits.least, limits.most)
    return DEFAULT_LIMIT if found is None else found


def _offset(args: Args, limit: int | None) -> int:
    offset, page = number(args, "offset", 0, MAX_OFFSET), number(args, "page", 1, MAX_OFFSET)
    if offset is not None and page is not None:
        raise QueryError("offset 和 page 只能用一个")
    if page is not None:
        return min((page - 1) * (limit or 0), MAX_OFFSET)
    return offset or 0


def filters(args: Args) -> Filters:
    """The values chosen in each facet."""
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
