"""What do reports say of one indicator? Distribution and ranking of a year, the course of each place, every value."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fzsearch.engine import StoredFigure
from fzsearch.model import IndexedReport
from fzsearch.query import UNSETTLED, Facet
from fzsearch.service.figures import SCOPE_LABELS, FigureAnswer, amount, comparable, is_whole, units, value_text
from fzsearch.web.hits import Link
from fzsearch.web.params import FigureRequest, FigureSort, figures_url, place_url, quoting, report_url, with_values
from fzsearch.web.passages import display_title, place_note
from fzsearch.web.plots import DotPlot, Point, Trend, dot_plot, trends

PAGE_SIZE, MAX_RANKED, MAX_PLACES, MAX_TRENDS = 50, 50, 40, 24
SORT_LABELS = {FigureSort.VALUE: "数值", FigureSort.PLACE: "乡镇、街道", FigureSort.YEAR: "年度"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure.

    `remark` says why it is not compared, or not exactly; `rank` is "" where it is not ranked.
    """

    place: Link
    county: str
    year: str
    value: Link
    sentence: str
    remark: str
    rank: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with its values of every year."""

    place: Link
    county: str
    cells: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True, slots=True)
class TrendView:
    """The drawing of one place, and the same in words."""

    place: Link
    trend: Trend
    words: str


@dataclass(frozen=True, slots=True)
class Courses:
    """The courses of places over the same years and on one scale; `more` places are not drawn."""

    views: tuple[TrendView, ...]
    years: str
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """The distribution and ranking of one year; `others` lead to other years, `more` ranks are left out."""

    year: str
    others: tuple[Link, ...]
    plot: DotPlot
    rows: tuple[FigureRow, ...]
    more: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """Everything that the page shows of one indicator.

    Attributes:
        compared: how many figures may be compared, their units in `unit`.
        year: None where there is nothing to compare.
        columns: the years of `places`; `places_more` places are left out.
        rows: one page of all figures, `first` the number of the first one.
        sorts: the headings of the list; the current one `is_current`.
    """

    answer: FigureAnswer
    compared: int
    unit: str
    year: YearView | None
    courses: Courses
    columns: tuple[str, ...]
    places: tuple[PlaceRow, ...]
    places_more: int
    rows: tuple[FigureRow, ...]
    first: int
    sorts: Mapping[str, Link]
    back: str
    on: str


def indicator_view(answer: FigureAnswer, wanted: FigureRequest) -> IndicatorView:
    """What the page shows of an answer."""
    compared = comparable(answer.figures)
    by_place = _by_place(compared)
    columns = sorted({_year(one) for one in compared})
    start = (wanted.page - 1) * PAGE_SIZE
    ids = {one.id for one in compared}
    listed = sorted(answer.figures, key=lambda one: _sort_key(one, wanted.sort, ids))
    shown = listed[start : start + PAGE_SIZE]
    return IndicatorView(
        answer=answer,
        compared=len(compared),
        unit=units(compared),
        year=_year_view(compared, wanted),
        courses=_courses(by_place),
        columns=tuple(columns),
        places=tuple(_place_row(found, columns) for found in list(by_place.values())[:MAX_PLACES]),
        places_more=max(0, len(by_place) - MAX_PLACES),
        rows=tuple(_row(one, is_compared=one.id in ids) for one in shown),
        first=start + 1,
        sorts={
            sort.value: Link(label, figures_url(replace(wanted, sort=sort, page=1)), is_current=sort is wanted.sort)
            for sort, label in SORT_LABELS.items()
        },
        back=figures_url(replace(wanted, page=wanted.page - 1)) if wanted.page > 1 and shown else "",
        on=figures_url(replace(wanted, page=wanted.page + 1)) if start + PAGE_SIZE < len(listed) else "",
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


def _row(one: StoredFigure, *, is_compared: bool, rank: str = "") -> FigureRow:
    figure = one.figure
    remarks = [
        SCOPE_LABELS[figure.scope],
        "是另一个数的一部分" if figure.part_of is not None else "",
        "" if is_compared or not is_whole(figure) else "单位或报告的级别不同",
        "约数" if figure.approx else "",
    ]
    return FigureRow(
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


def _year_view(compared: Sequence[StoredFigure], wanted: FigureRequest) -> YearView | None:
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
    return YearView(
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


def _courses(by_place: Mapping[str, Sequence[StoredFigure]]) -> Courses:
    """Places with figures of at least two years; as many as are drawn."""
    dated = {place: [one for one in figures if one.report.report.year] for place, figures in by_place.items()}
    several = [place for place, figures in dated.items() if len({*map(_year, figures)}) > 1]
    chosen = {place: dated[place] for place in several[:MAX_TRENDS]}
    drawn = trends([_point(one, {place: place}) for place, figures in chosen.items() for one in figures])
    names = _names(one for figures in chosen.values() for one in figures)
    years = sorted({_year(one) for figures in chosen.values() for one in figures})
    views = tuple(
        TrendView(
            replace(_place(figures[0].report), label=names[place]),
            drawn[place],
            "，".join(f"{_year(one)} 年 {value_text(one.figure)}" for one in figures),
        )
        for place, figures in chosen.items()
    )
    return Courses(views, f"{years[0]} 到 {years[-1]}" if years else "", len(several) - len(views))


def _place_row(figures: Sequence[StoredFigure], columns: Iterable[str]) -> PlaceRow:
    cells = (tuple(value_link(one) for one in figures if _year(one) == year) for year in columns)
    return PlaceRow(_place(figures[0].report), _county(figures[0].report), tuple(cells))
