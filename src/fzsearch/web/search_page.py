"""What does the page of results show? Conditions, facets, histogram, hits, ways on: plain data for the template."""

from dataclasses import replace
from types import SimpleNamespace

from fzsearch.query import Facet, FacetCount, Sort
from fzsearch.service.asking import Group, SearchPage, SearchRequest
from fzsearch.service.compile import Match
from fzsearch.service.overview import Overview
from fzsearch.service.search_address import DEFAULT_LIMIT, Pairs, request_pairs
from fzsearch.web.charts import Amount, columns
from fzsearch.web.conditions import conditions
from fzsearch.web.facets import facet_groups, options
from fzsearch.web.hits import Link, by_report, hit_views
from fzsearch.web.params import (
    PAGE_SIZES,
    add_url,
    at_page,
    csv_url,
    feed_url,
    json_url,
    search_url,
    toggled,
    without_filters,
)
from fzsearch.web.place_tree import place_tree
from fzsearch.web.zero_page import zero_hits

SORT_LABELS = {Sort.RELEVANCE: "相关度", Sort.YEAR: "年度，新的在前", Sort.PLACE: "地方"}
MATCH_LABELS = {Match.ALL: "都要有", Match.ANY: "任一即可"}
GROUP_LABELS = {Group.NONE: "不分组", Group.REPORT: "按报告"}
_MAX_YEARS = 40
_PAGES_AROUND = 2
_MAX_URL = 16_000


def results_page(answer: SearchPage, overview: Overview) -> SimpleNamespace:
    """The page for an answer; the overview tells groups of topics and parents of places."""
    request = answer.request
    pairs = request_pairs(request)
    search = search_url(replace(request, offset=0)) if request.text or request.filters else ""
    hits = hit_views(answer.hits, request)
    add_all = add_url([hit.url for hit in answer.hits], search)
    return SimpleNamespace(
        answer=answer,
        title=request.text.strip() or "全部段落",
        conditions=conditions(request),
        clear_url=search_url(without_filters(request)),
        # kept_by_facets, kept_by_sort, kept_by_text: what each form keeps of the request in hidden fields.
        kept_by_facets=_without(pairs, {*(facet.value for facet in Facet), "page", "offset"}),
        kept_by_sort=_without(pairs, {"sort", "match", "group", "limit", "page", "offset"}),
        kept_by_text=_without(pairs, {"q", "page", "offset"}),
        matches=options(MATCH_LABELS, {request.match}),
        sorts=options(SORT_LABELS, {request.sort}),
        grouping=options(GROUP_LABELS, {request.group}),
        sizes=options({str(size): f"{size} 段" for size in _sizes(request)}, {str(request.limit)}),
        places=place_tree(answer.facets, overview.atlas.parents),
        facets=facet_groups(answer, overview),
        years=columns(_years(answer)),
        hits=hits,
        # the hits under their reports; empty unless asked for.
        groups=by_report(answer.hits, hits, request) if request.group is Group.REPORT else (),
        # address of the search itself, to be kept with what is taken from it, "" where nothing was asked for;
        # `add_all_url` puts all hits of the page into the basket, "" where they are too many for an address.
        search=search,
        add_all_url=add_all if len(add_all) < _MAX_URL else "",
        csv_url=csv_url(request),
        json_url=json_url(request),
        feed_url=feed_url(replace(request, offset=0)),
        pager=_pager(request, answer.total.sections),
        zero=zero_hits(answer.explanation, request) if answer.explanation else None,
    )


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
    years = map(str, range(first, last + 1))
    counts = (known.get(int(year)) or FacetCount(value=year, count=0, literal=0, selected=False) for year in years)
    return [
        Amount(
            label=one.value,
            url=search_url(toggled(answer.request, Facet.YEAR, one.value)),
            count=one.count,
            literal=one.literal,
            is_selected=one.selected,
        )
        for one in counts
    ]


# ---- ways on


def _pager(request: SearchRequest, total: int) -> SimpleNamespace:
    """Ways to other pages of hits; a gap in `numbers` is a link without address."""
    limit = request.limit or 1
    count, here = -(-total // limit), request.offset // limit + 1
    wanted = {1, count, *range(here - _PAGES_AROUND, here + _PAGES_AROUND + 1)}
    numbers: list[Link] = []
    for number in sorted(n for n in wanted if 1 <= n <= count):
        if numbers and number > int(numbers[-1].label) + 1:
            numbers.append(Link("…", ""))
        numbers.append(Link(str(number), search_url(at_page(request, number)), is_current=number == here))
    return SimpleNamespace(
        first=min(request.offset + 1, total),
        last=min(request.offset + limit, total),
        numbers=tuple(numbers) if count > 1 or here > count else (),
        back=search_url(at_page(request, min(here - 1, count))) if here > 1 and count else None,
        on=search_url(at_page(request, here + 1)) if here < count else None,
        first_url=search_url(at_page(request, 1)),
        last_url=search_url(at_page(request, max(1, count))),
    )
