"""What does the page of results show? Conditions, facets, histogram, hits, ways on: plain data for the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.query import FACET_LABELS, UNSETTLED, Facet, FacetCount, Sort
from fzsearch.service.compile import Match
from fzsearch.service.explain import Explanation
from fzsearch.service.search import SearchPage, SearchRequest
from fzsearch.web.charts import Amount, Column, columns, value_label
from fzsearch.web.conditions import Condition, conditions
from fzsearch.web.hits import HitView, Link, hit_view
from fzsearch.web.params import (
    Pairs,
    at_page,
    request_pairs,
    search_url,
    toggled,
    with_text,
    with_values,
    without_filters,
)

SORT_LABELS = {Sort.RELEVANCE: "相关度", Sort.YEAR: "年度，新的在前", Sort.PLACE: "地方"}
MATCH_LABELS = {Match.ALL: "都要有", Match.ANY: "任一即可"}
_FACET_ORDER = (
    Facet.YEAR, Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP, Facet.PART, Facet.TOPIC,
)  # fmt: skip
_SHOWN_VALUES = 10
_MAX_YEARS = 40
_PAGES_AROUND = 2


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a form control."""

    value: str
    label: str
    count: int = 0
    is_selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """The values of one facet; `more` are folded away."""

    name: str
    label: str
    is_open: bool
    options: tuple[Option, ...]
    more: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Ways to other pages of hits; None where there is none. A gap in `numbers` is a link without address."""

    first: int
    last: int
    numbers: tuple[Link, ...]
    back: str | None
    on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroHits:
    """Why nothing was found, with links that find something.

    `terms`: each term with its hits under the filters (`Link.count` of the first) and everywhere (of the second).
    """

    terms: tuple[tuple[Link, Link], ...]
    filters: tuple[Link, ...]
    near: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """Everything that the template of the results shows."""

    answer: SearchPage
    title: str
    conditions: tuple[Condition, ...]
    clear_url: str
    kept_by_facets: Pairs
    kept_by_sort: Pairs
    kept_by_text: Pairs
    sorts: tuple[Option, ...]
    matches: tuple[Option, ...]
    facets: tuple[FacetGroup, ...]
    years: tuple[Column, ...]
    hits: tuple[HitView, ...]
    pager: Pager
    zero: ZeroHits | None


def results_page(answer: SearchPage) -> ResultsPage:
    """The page for an answer."""
    request = answer.request
    pairs = request_pairs(request)
    facet_names = {facet.value for facet in Facet}
    return ResultsPage(
        answer=answer,
        title=request.text.strip() or "全部段落",
        conditions=conditions(request),
        clear_url=search_url(without_filters(request)),
        kept_by_facets=_without(pairs, {*facet_names, "page", "offset"}),
        kept_by_sort=_without(pairs, {"sort", "match", "page", "offset"}),
        kept_by_text=_without(pairs, {"q", "page", "offset"}),
        sorts=tuple(Option(s.value, label, is_selected=s is request.sort) for s, label in SORT_LABELS.items()),
        matches=tuple(Option(m.value, label, is_selected=m is request.match) for m, label in MATCH_LABELS.items()),
        facets=tuple(_group(facet, answer) for facet in _FACET_ORDER if answer.facets[facet]),
        years=columns(_years(answer)),
        hits=tuple(hit_view(hit, n, answer.request) for n, hit in enumerate(answer.hits, request.offset + 1)),
        pager=_pager(request, answer.total.sections),
        zero=_zero(answer.explanation, request) if answer.explanation else None,
    )


def _without(pairs: Pairs, names: set[str]) -> Pairs:
    return tuple((name, value) for name, value in pairs if name not in names)


# ---- facets


def _group(facet: Facet, answer: SearchPage) -> FacetGroup:
    options = [_option(facet, one) for one in answer.facets[facet]]
    ahead = [one for place, one in enumerate(options) if place < _SHOWN_VALUES or one.is_selected]
    # Province and city matter where a corpus has several; the list of townships is long.
    settled = sum(one.value != UNSETTLED for one in options)
    is_open = any(one.is_selected for one in options) or (settled > 1 and facet is not Facet.TOWNSHIP)
    return FacetGroup(
        name=facet.value,
        label=FACET_LABELS[facet],
        is_open=is_open,
        options=tuple(ahead),
        more=tuple(one for one in options if one not in ahead),
    )


def _option(facet: Facet, one: FacetCount) -> Option:
    return Option(one.value, value_label(facet, one.value), one.count, is_selected=one.selected)


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
    )


def _zero(explanation: Explanation, request: SearchRequest) -> ZeroHits:
    everywhere = without_filters(request)
    typed = {term.text for term in explanation.terms}
    terms: Sequence[tuple[Link, Link]] = [
        (
            Link(term.text, search_url(with_text(request, term.text)), count=term.filtered),
            Link(term.text, search_url(with_text(everywhere, term.text)), count=term.everywhere),
        )
        for term in explanation.terms
    ]
    return ZeroHits(
        terms=tuple(terms),
        filters=tuple(
            Link(
                f"{FACET_LABELS[one.facet]} {' 或 '.join(value_label(one.facet, v) for v in one.values)}",
                search_url(with_values(request, one.facet, ())),
                count=one.sections,
            )
            for one in explanation.filters
        ),
        near=tuple(
            Link(name, search_url(with_text(everywhere, name))) for name in explanation.near if name not in typed
        ),
    )
