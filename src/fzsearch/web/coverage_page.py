"""What does the page of a coverage show? A region to choose, a row for every township, a cell for every year."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

from fzsearch.query import FACET_LABELS, Facet
from fzsearch.service.coverage import (
    REGION_FACETS,
    Cell,
    CountyRows,
    Coverage,
    Row,
    State,
    notes,
    totals,
)
from fzsearch.service.overview import Overview
from fzsearch.service.places import Atlas
from fzsearch.service.search_address import Filters
from fzsearch.web.facets import Option, Select, options
from fzsearch.web.params import Only, place_url, region_url, report_url

MAX_ROWS = 400
"""A larger region is shown by counties: a page of more rows is slow to send and to read."""
ONLY_LABELS = {
    Only.ALL: "全部乡镇",
    Only.MISSING: "有缺的",
    Only.LATE: "有晚的",
    Only.UNREADABLE: "有读不出的",
    Only.UNSETTLED: "有县未定的",
}


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: what it says, where it leads, "" nowhere; `style` a class, `more` words for those who hear the page."""

    label: str
    url: str = ""
    style: str = ""
    more: str = ""


def coverage_page(found: Coverage, overview: Overview, only: Only) -> SimpleNamespace:
    """The page of a coverage; `only` leaves out townships without a cell of that kind, never out of the totals."""
    by_year = list(zip(*(row.cells for row in found.rows), strict=True))
    rows = sum(_holds(row, only) for row in found.rows)
    is_by_county = rows > MAX_ROWS
    blocks = _county_blocks(found) if is_by_county else _blocks(found, overview.atlas, only)
    files = (file for row in found.rows for cell in row.cells for file in cell.files)
    names = [name for facet in REGION_FACETS for name in found.filters.get(facet, ())]
    return SimpleNamespace(
        title="、".join(names) or "语料里有报告的各县",
        selects=(*region_selects(found.filters, overview), Select("only", "只看", options(ONLY_LABELS, {only}))),
        year_options=_year_options(found, overview),
        years=found.years,
        blocks=blocks,
        is_by_county=is_by_county,
        townships=len(found.rows),
        total=totals(cell for row in found.rows for cell in row.cells),
        sums=tuple(_sum(cells) for cells in by_year),
        files=tuple(files),
        notes=notes(found),
        csv_url=region_url(found.filters, "/coverage.csv"),
        json_url=region_url(found.filters, "/api/v1/coverage"),
    )


def _holds(row: Row, only: Only) -> bool:
    """Whether any cell is of the kind that is asked for; but for being late the kinds are called like the states."""
    if only is Only.LATE:
        return any(cell.is_late for cell in row.cells)
    return only is Only.ALL or any(cell.state.value == only.value for cell in row.cells)


def _sum(cells: Iterable[Cell]) -> str:
    found = totals(cells)
    return f"{found.present}/{found.expected}"


# ---- choosing


def region_selects(filters: Filters, overview: Overview) -> tuple[Select, ...]:
    """Provinces; cities and counties of what is chosen above them, else those that the corpus knows."""
    places = (entry.place for entry in overview.entries if entry.place.county)
    known = dict.fromkeys((place.province, place.city, place.county) for place in places)
    listed = (*overview.place_list.counties, *known)
    found = []
    for depth, facet in enumerate(REGION_FACETS):
        above = [set(filters.get(wider, ())) for wider in REGION_FACETS[:depth]]
        paths = listed if not depth or any(above) else known
        inside = (p for p in paths if all(not names or p[n] in names for n, names in enumerate(above)))
        names = dict.fromkeys([*(path[depth] or "" for path in inside), *filters.get(facet, ())])
        listed_here = options({name: name for name in names if name}, filters.get(facet, ()))
        found.append(Select(facet.value, FACET_LABELS[facet], (Option("", "全部"), *listed_here)))
    return tuple(found)


def _year_options(found: Coverage, overview: Overview) -> tuple[Option, ...]:
    years = {entry.year for entry in overview.entries if entry.year} | set(found.years)
    return options({str(year): str(year) for year in sorted(years)}, found.filters.get(Facet.YEAR, ()))


# ---- rows


def _blocks(found: Coverage, atlas: Atlas, only: Only) -> tuple[SimpleNamespace, ...]:
    blocks = (
        SimpleNamespace(
            heading=_name(county),
            rows=tuple(_row(row, atlas) for row in county.rows if _holds(row, only)),
        )
        for county in found.counties
    )
    return tuple(block for block in blocks if block.rows)


def _name(county: CountyRows) -> str:
    return " ".join(dict.fromkeys(filter(None, county.path)))


def _row(row: Row, atlas: Atlas) -> SimpleNamespace:
    place = row.place
    identity = place.code or place.township or ""
    url = place_url(identity) if identity in atlas.townships else ""
    return SimpleNamespace(
        label=place.township or "", url=url, cells=tuple(_cell(cell, url) for cell in row.cells), sum=_sum(row.cells)
    )


def _cell(cell: Cell, place: str) -> CellView:
    url = report_url(cell.entries[0].key) if cell.entries else ""
    late = ("late", "晚于 4 月 1 日") if cell.is_late else ("", "")
    present = url if len(cell.entries) == 1 else place
    return {
        State.PRESENT: CellView(_present_label(cell), present, *late),
        State.UNSETTLED: CellView("有", url, "open", "县未定"),
        State.UNREADABLE: CellView("读不出", "#unread", "bad"),
        State.MISSING: CellView("缺", "", "gone"),
    }[cell.state]


def _present_label(cell: Cell) -> str:
    """The date of issue, with the year where it is not the one after; how many where there are several reports."""
    if len(cell.entries) > 1:
        return f"{len(cell.entries)} 份"
    if cell.issued is None:
        return "有"
    day = f"{cell.issued.month}-{cell.issued.day:02}"
    return day if cell.issued.year == cell.year + 1 else f"{cell.issued.year}-{day}"


def _county_blocks(found: Coverage) -> tuple[SimpleNamespace, ...]:
    rows = []
    for county in found.counties:
        filters = {facet: (name,) for facet, name in zip(REGION_FACETS, county.path, strict=True) if name}
        url = region_url({**found.filters, **filters})
        by_year = zip(*(row.cells for row in county.rows), strict=True)
        cells = tuple(CellView(_sum(cells)) for cells in by_year)
        rows.append(
            SimpleNamespace(
                label=_name(county), url=url, cells=cells, sum=_sum(cell for row in county.rows for cell in row.cells)
            )
        )
    return (SimpleNamespace(heading="", rows=tuple(rows)),)
