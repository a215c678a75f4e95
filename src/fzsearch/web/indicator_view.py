"""What do reports say of one indicator? Distribution and ranking of a year, the course of each place, every value."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

from fzsearch.engine import StoredFigure
from fzsearch.model import IndexedReport
from fzsearch.query import UNSETTLED, Facet
from fzsearch.service.figures import SCOPE_LABELS, FigureAnswer, amount, comparable, is_whole, units, value_text
from fzsearch.web.hits import Link
from fzsearch.web.pages import on_page
from fzsearch.web.params import FigureRequest, FigureSort, figures_url, place_url, quoting, report_url, with_values
from fzsearch.web.passages import display_title, place_note
from fzsearch.web.plots import Point, dot_plot, trends

PAGE_SIZE, MAX_RANKED, MAX_PLACES, MAX_TRENDS = 50, 50, 40, 24
SORT_LABELS = {FigureSort.VALUE: "数值", FigureSort.PLACE: "乡镇、街道", FigureSort.YEAR: "年度"}


def indicator_view(answer: FigureAnswer, wanted: FigureRequest) -> SimpleNamespace:
    """What the page shows of an answer."""
    compared = comparable(answer.figures)
    by_place = _by_place(compared)
    columns = sorted({_year(one) for one in compared})
    ids = {one.id for one in compared}
    listed = sorted(answer.figures, key=lambda one: _sort_key(one, wanted.sort, ids))
    shown, ways = on_page(listed, wanted.page, PAGE_SIZE, lambda page: figures_url(replace(wanted, page=page)))
    return SimpleNamespace(
        answer=answer,
        # how many figures may be compared, their units in `unit`.
        compared=len(compared),
        unit=units(compared),
        # None where there is nothing to compare.
        year=_year_view(compared, wanted),
        courses=_courses(by_place),
        # the years of `places`; `places_more` places are left out.
        columns=tuple(columns),
        places=tuple(_place_row(found, columns) for found in list(by_place.values())[:MAX_PLACES]),
        places_more=max(0, len(by_place) - MAX_PLACES),
        rows=tuple(_row(one, is_compared=one.id in ids) for one in shown),
        # the headings of the list; the current one `is_current`.
        sorts={
            sort.value: Link(label, figures_url(replace(wanted, sort=sort, page=1)), is_current=sort is wanted.sort)
            for sort, label in SORT_LABELS.items()
        },
        **ways,
    )


# ---- one figure


def value_link(one: StoredFigure) -> Link:
    """A value as the report has it, leading to its sentence."""
    return Link(value_text(one.figure), report_url(one.report.key, quoting(one.figure.sentence), anchor="h1"))


def _year(one: StoredFigure) -> str:
    return str(one.report.report.year or UNSETTLED)


def _identity(record: IndexedReport) -> str:
    place = record.report.place
    return place.code or place.township or place.county or place.city or record.key


def _place(record: IndexedReport) -> Link:
    place = record.report.place
    if place.township:
        return Link(place.township, place_url(place.code or place.township))
    return Link(place.county or place.city or place.province or display_title(record), report_url(record.key))


def _county(record: IndexedReport) -> str:
    place = record.report.place
    return (place.county or place_note(place)) if place.township else ""


def _row(one: StoredFigure, *, is_compared: bool, rank: str = "") -> SimpleNamespace:
    figure = one.figure
    remarks = [
        SCOPE_LABELS[figure.scope],
        "是另一个数的一部分" if figure.part_of is not None else "",
        "" if is_compared or not is_whole(figure) else "单位或报告的级别不同",
        "约数" if figure.approx else "",
    ]
    return SimpleNamespace(
        place=_place(one.report),
        county=_county(one.report),
        year=_year(one),
        value=value_link(one),
        sentence=figure.sentence.strip(),
        remark="；".join(filter(None, remarks)),
        rank=rank,
    )


def _sort_key(one: StoredFigure, sort: FigureSort, compared: Container[str]) -> tuple[object, ...]:
    """Ties, and the rest, by place, from new to old, largest first."""
    figure, year, is_apart = one.figure, one.report.report.year or 0, one.id not in compared
    by_value = (is_apart, figure.unit if is_apart else "", -amount(figure))
    by_place = (one.report.report.place.code is None, _identity(one.report))
    orders: Mapping[FigureSort, tuple[object, ...]] = {
        FigureSort.VALUE: (*by_value, *by_place, -year),
        FigureSort.PLACE: (*by_place, -year, *by_value),
        FigureSort.YEAR: (-year, *by_value, *by_place),
    }
    return orders[sort]


# ---- one year


def _year_view(compared: Sequence[StoredFigure], wanted: FigureRequest) -> SimpleNamespace | None:
    """The newest year that has figures."""
    years = {one.report.report.year or 0 for one in compared}
    if not years:
        return None
    newest = max(years)
    found = sorted(
        (one for one in compared if (one.report.report.year or 0) == newest),
        key=lambda one: (-amount(one.figure), _identity(one.report)),
    )
    names = _names(found)
    ranks: dict[float, int] = {}
    for number, one in enumerate(found, 1):
        ranks.setdefault(amount(one.figure), number)
    return SimpleNamespace(
        year=str(newest or UNSETTLED),
        others=tuple(_year_link(year, wanted) for year in sorted(years - {0, newest}, reverse=True)),
        plot=dot_plot([_point(one, names) for one in found]),
        rows=tuple(_row(one, is_compared=True, rank=str(ranks[amount(one.figure)])) for one in found[:MAX_RANKED]),
        more=max(0, len(found) - MAX_RANKED),
        words=_extremes(found),
    )


def _year_link(year: int, wanted: FigureRequest) -> Link:
    search = with_values(wanted.search, Facet.YEAR, [str(year)])
    return Link(str(year), figures_url(replace(wanted, search=search, page=1)))


def _extremes(found: Sequence[StoredFigure]) -> str:
    middle = [value_text(one.figure) for one in found[(len(found) - 1) // 2 : len(found) // 2 + 1]]
    most, least = found[0], found[-1]
    return (
        f"{len(found)} 个数字：最大 {value_text(most.figure)}（{_place(most.report).label}），"
        f"最小 {value_text(least.figure)}（{_place(least.report).label}），居中 {'、'.join(dict.fromkeys(middle))}"
    )


def _names(found: Iterable[StoredFigure]) -> dict[str, str]:
    """What each place is called: with its county where the name is not enough."""
    labels = {_identity(one.report): one.report for one in found}
    plain: defaultdict[str, list[str]] = defaultdict(list)
    for identity, record in labels.items():
        plain[_place(record).label].append(identity)
    return {
        identity: name if len(same) == 1 else f"{labels[identity].report.place.county or ''} {name} {identity}".strip()
        for name, same in plain.items()
        for identity in same
    }


def _point(one: StoredFigure, names: Mapping[str, str]) -> Point:
    year = one.report.report.year or 0
    return Point(names[_identity(one.report)], amount(one.figure), bool(one.figure.approx), year)


# ---- the course of each place


def _by_place(compared: Iterable[StoredFigure]) -> dict[str, list[StoredFigure]]:
    """Figures by place, those with a code first, in its order; in a place by year."""
    found: defaultdict[str, list[StoredFigure]] = defaultdict(list)
    for one in sorted(compared, key=lambda one: _sort_key(one, FigureSort.PLACE, ())):
        found[_identity(one.report)].append(one)
    return {place: sorted(figures, key=_year) for place, figures in found.items()}


def _courses(by_place: Mapping[str, Sequence[StoredFigure]]) -> SimpleNamespace:
    """Places with figures of at least two years; as many as are drawn."""
    dated = {place: [one for one in figures if one.report.report.year] for place, figures in by_place.items()}
    several = [place for place, figures in dated.items() if len({*map(_year, figures)}) > 1]
    chosen = {place: dated[place] for place in several[:MAX_TRENDS]}
    drawn = trends([_point(one, {place: place}) for place, figures in chosen.items() for one in figures])
    names = _names(one for figures in chosen.values() for one in figures)
    years = sorted({_year(one) for figures in chosen.values() for one in figures})
    views = tuple(
        SimpleNamespace(
            place=replace(_place(figures[0].report), label=names[place]),
            trend=drawn[place],
            words="，".join(f"{_year(one)} 年 {value_text(one.figure)}" for one in figures),
        )
        for place, figures in chosen.items()
    )
    return SimpleNamespace(
        views=views, years=f"{years[0]} 到 {years[-1]}" if years else "", more=len(several) - len(views)
    )


def _place_row(figures: Sequence[StoredFigure], columns: Iterable[str]) -> SimpleNamespace:
    cells = (tuple(value_link(one) for one in figures if _year(one) == year) for year in columns)
    return SimpleNamespace(place=_place(figures[0].report), county=_county(figures[0].report), cells=tuple(cells))
