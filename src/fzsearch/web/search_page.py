"""What does the page of results show? Conditions, facets, histogram, hits, ways on: plain data for the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from fzsearch.query import Facet, FacetCount, Sort
from fzsearch.service.compile import Match
from fzsearch.service.overview import Overview
from fzsearch.service.search import Group, SearchPage, SearchRequest
from fzsearch.web.charts import Amount, Column, columns
from fzsearch.web.conditions import Condition, conditions
from fzsearch.web.facets import FacetGroup, Option, facet_groups
from fzsearch.web.hits import HitView, Link, ReportHits, by_report, hit_views
from fzsearch.web.params import (
    DEFAULT_LIMIT,
    PAGE_SIZES,
    Pairs,
    at_page,
    csv_url,
    json_url,
    request_pairs,
    search_url,
    toggled,
    without_filters,
)
from fzsearch.web.place_tree import PlaceTree, place_tree
from fzsearch.web.zero_page import ZeroHits, zero_hits

SORT_LABELS = {Sort.RELEVANCE: "相关度", Sort.YEAR: "年度，新的在前", Sort.PLACE: "地方"}
MATCH_LABELS = {Match.ALL: "都要有", Match.ANY: "任一即可"}
GROUP_LABELS = {Group.NONE: "不分组", Group.REPORT: "按报告"}
_MAX_YEARS = 40
_PAGES_AROUND = 2

Value = TypeVar("Value", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Ways to other pages of hits; None where there is none. A gap in `numbers` is a link without address."""

    first: int
    last: int
    numbers: tuple[Link, ...]
    back: str | None
    on: str | None
    first_url: str
    last_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """Everything that the template of the results shows.

    Attributes:
        kept_by_facets, kept_by_sort, kept_by_text: what each form keeps of the request in hidden fields.
        groups: the hits under their reports; empty unless asked for.
    """

    answer: SearchPage
    title: str
    conditions: tuple[Condition, ...]
    clear_url: str
    kept_by_facets: Pairs
    kept_by_sort: Pairs
    kept_by_text: Pairs
    matches: tuple[Option, ...]
    sorts: tuple[Option, ...]
    grouping: tuple[Option, ...]
    sizes: tuple[Option, ...]
    places: PlaceTree
    facets: tuple[FacetGroup, ...]
    years: tuple[Column, ...]
    hits: tuple[HitView, ...]
    groups: tuple[ReportHits, ...]
    csv_url: str
    json_url: str
    pager: Pager
    zero: ZeroHits | None


def results_page(answer: SearchPage, overview: Overview) -> ResultsPage:
    """The page for an answer; the overview tells groups of topics and parents of places."""
    request = answer.request
    pairs = request_pairs(request)
    hits = hit_views(answer.hits, request)
    return ResultsPage(
        answer=answer,
        title=request.text.strip() or "全部段落",
        conditions=conditions(request),
        clear_url=search_url(without_filters(request)),
        kept_by_facets=_without(pairs, {*(facet.value for facet in Facet), "page", "offset"}),
        kept_by_sort=_without(pairs, {"sort", "match", "group", "limit", "page", "offset"}),
        kept_by_text=_without(pairs, {"q", "page", "offset"}),
        matches=_options(MATCH_LABELS, request.match),
        sorts=_options(SORT_LABELS, request.sort),
        grouping=_options(GROUP_LABELS, request.group),
        sizes=_options({str(size): f"{size} 段" for size in _sizes(request)}, str(request.limit)),
        places=place_tree(answer.facets, overview.atlas.parents),
        facets=facet_groups(answer, overview),
        years=columns(_years(answer)),
        hits=hits,
        groups=by_report(answer.hits, hits, request) if request.group is Group.REPORT else (),
        csv_url=csv_url(request),
        json_url=json_url(request),
        pager=_pager(request, answer.total.sections),
        zero=zero_hits(answer.explanation, request) if answer.explanation else None,
    )


def _options(labels: Mapping[Value, str], chosen: Value) -> tuple[Option, ...]:
    return tuple(Option(str(value), label, is_selected=value == chosen) for value, label in labels.items())


def _sizes(request: SearchRequest) -> list[int]:
    """The usual sizes of a page, and the one that was asked for."""
    return sorted({*PAGE_SIZES, request.limit or DEFAULT_LIMIT})


def _without(pairs: Pairs, names: set[str]) -> Pairs:
    return tuple((name, value) for name, value in pairs if name not in names)


# ---- histogram


def _years(answer: SearchPage) -> list[Amount]:
    """Sections by year; years without any between the first and the last stay as gaps."""
    known = {int(one.value): one for one in answer.facets[Facet.YEAR] if one.value.isdecimal()}
    if not known:
        return []
    first, last = max(min(known), max(known) - _MAX_YEARS), max(known)
    return [_year(year, known.get(year), answer.request) for year in range(first, last + 1)]


def _year(year: int, one: FacetCount | None, request: SearchRequest) -> Amount:
    return Amount(
        label=str(year),
        url=search_url(toggled(request, Facet.YEAR, str(year))),
        count=one.count if one else 0,
        literal=one.literal if one else 0,
        is_selected=one is not None and one.selected,
    )


# ---- ways on


def _pager(request: SearchRequest, total: int) -> Pager:
    limit = request.limit or 1
    count, here = -(-total // limit), request.offset // limit + 1
    wanted = {1, count, *range(here - _PAGES_AROUND, here + _PAGES_AROUND + 1)}
    numbers: list[Link] = []
    for number in sorted(n for n in wanted if 1 <= n <= count):
        if numbers and number > int(numbers[-1].label) + 1:
            numbers.append(Link("…", ""))
        numbers.append(Link(str(number), search_url(at_page(request, number)), is_current=number == here))
    return Pager(
        first=min(request.offset + 1, total),
        last=min(request.offset + limit, total),
        numbers=tuple(numbers) if count > 1 or here > count else (),
        back=search_url(at_page(request, min(here - 1, count))) if here > 1 and count else None,
        on=search_url(at_page(request, here + 1)) if here < count else None,
        first_url=search_url(at_page(request, 1)),
        last_url=search_url(at_page(request, max(1, count))),
    )
