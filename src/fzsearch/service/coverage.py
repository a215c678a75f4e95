"""Which townships and years does a corpus hold, and which not? Every township of a region by every year.

Neutral facts: what is missing here may have been published all the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from fzsearch.engine import IndexInfo
from fzsearch.errors import QueryError
from fzsearch.model import Level, Place
from fzsearch.query import Facet
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry

REGION_FACETS = (Facet.PROVINCE, Facet.CITY, Facet.COUNTY)
DUE_MONTH, DUE_DAY = 4, 1
"""A report is to be published by 1 April of the year after.

Source: 《法治政府建设与责任落实督察工作规定》 (厅字〔2019〕28号, in force 2019-04-15).
"""

MAX_CELLS = 1_000_000
"""The whole country, 41,000 townships, in 24 years; what lacks everything costs next to nothing."""

Path = tuple[str | None, ...]
Filters = Mapping[Facet, tuple[str, ...]]


class State(StrEnum):
    """What a corpus has of one township and year.

    UNSETTLED: a report that may be of this township, among others; UNREADABLE: a file that was not read and of which
    the name points there.
    """

    PRESENT = "present"
    UNSETTLED = "unsettled"
    UNREADABLE = "unreadable"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The Chinese name that readers see."""
        return {"present": "有", "unsettled": "县未定", "unreadable": "读不出", "missing": "缺"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One township and year.

    `issued` is the earliest date of issue of its reports; `is_late` whether that is after 1 April of the year after,
    None where no report states a date.
    """

    year: int
    state: State
    entries: tuple[Entry, ...] = ()
    files: tuple[FileRecord, ...] = ()
    issued: date | None = None
    is_late: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One township; a cell for every year asked for."""

    place: Place
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CountyRows:
    """The townships of one county, in the order of their codes."""

    path: Path
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Cells of each kind; `expected` is their sum without more, `late` and `undated` are among the present ones."""

    expected: int
    present: int
    unsettled: int
    unreadable: int
    missing: int
    late: int
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a corpus has of a region.

    Attributes:
        info: of the index.
        filters: the region and years asked for; without a region the counties of which the corpus has a report.
        years: in order.
        counties: in the order of their codes; all townships of the list, and those that only the corpus knows.
        elsewhere: reports of townships of which the county is not settled; they count as present nowhere.
        unplaced_files: unreadable files of which the name does not tell township and year.
    """

    info: IndexInfo
    filters: Filters
    years: tuple[int, ...]
    counties: tuple[CountyRows, ...]
    elsewhere: int
    unplaced_files: int

    @property
    def rows(self) -> tuple[Row, ...]:
        """The townships of all counties."""
        return tuple(row for county in self.counties for row in county.rows)


def coverage(overview: Overview, filters: Filters) -> Coverage:
    """The coverage of a region; `filters` by province, city, county and year, OR inside one, AND across.

    Raises:
        QueryError: more townships and years than one answer can hold.
    """
    counties = overview.place_list.counties
    townships = (one for one in overview.entries if one.place.township and one.level is Level.TOWNSHIP)
    entries = [one if one.place.code else replace(one, place=_listed(one.place, counties)) for one in townships]
    region = {facet: filters[facet] for facet in REGION_FACETS if filters.get(facet)}
    units = _units(overview, entries, region)
    settled, open_ones = _by_township(entries)
    here = {identity for found in units.values() for identity in map(_identity, found)}
    years = _years(filters, [one for identity, found in settled.items() if identity in here for one in found])
    if len(here) * len(years) > MAX_CELLS:
        raise QueryError(f"{len(here)} 个乡镇、{len(years)} 个年度太多；请少选几个地区或年度")
    files: defaultdict[tuple[str, int], list[FileRecord]] = defaultdict(list)
    for named in overview.named_files:
        files[named.code, named.year].append(named.file)
    nothing = tuple(Cell(year=year, state=State.MISSING) for year in years)  # of most townships; one for all of them
    coded = {code for code, _ in files}

    def row(unit: Place) -> Row:
        identity = _identity(unit)
        if identity not in settled and identity not in open_ones and unit.code not in coded:
            return Row(unit, nothing)
        return Row(unit, tuple(_cell(unit, one.year, settled, open_ones, files) or one for one in nothing))

    rows = tuple(CountyRows(path, tuple(map(row, found))) for path, found in units.items())
    return Coverage(
        info=overview.info,
        filters=region | ({Facet.YEAR: filters[Facet.YEAR]} if filters.get(Facet.YEAR) else {}),
        years=years,
        counties=rows,
        elsewhere=sum(one.place.county is None for one in entries),
        unplaced_files=len(overview.unreadable) - len(overview.named_files),
    )


def notes(found: Coverage) -> tuple[str, ...]:
    """What the words of a coverage mean, and what it does not tell, as Chinese sentences."""
    said = [
        "“缺”只说明语料里没有，不等于没有公布",
        "应有的按 2023 年 6 月的统计区划表和语料的补充名录计，只计镇、乡、街道、苏木",
        "“晚”是报告的成文日期晚于次年 4 月 1 日（《法治政府建设与责任落实督察工作规定》的公布期限）",
        "成文不晚不等于公布不晚；没有日期的不作判断",
        "“读不出”只凭文件和文件夹的名称判断是哪个乡镇、哪一年",
    ]
    if not found.counties and any(facet in found.filters for facet in REGION_FACETS):
        said.insert(0, "区划表和语料里没有这样的省、市、县；请写全名，如 云阳县")
    if found.unplaced_files:
        said.append(f"另有 {found.unplaced_files} 个读不出的文件，从名称看不出是哪个乡镇、哪一年")
    if found.elsewhere:
        said.append(f"语料里有 {found.elsewhere} 份报告的县未定，不算在任何一格的“有”里")
    return tuple(said)


def totals(cells: Iterable[Cell]) -> Totals:
    """Cells of each kind."""
    cells, missing = tuple(cells), State.MISSING
    there = [cell for cell in cells if cell.state is not missing]  # few: counting takes longer than leaving out
    of = Counter(cell.state for cell in there)
    return Totals(
        expected=len(cells),
        present=of[State.PRESENT],
        unsettled=of[State.UNSETTLED],
        unreadable=of[State.UNREADABLE],
        missing=len(cells) - len(there),
        late=sum(cell.is_late is True for cell in there),
        undated=sum(cell.state is State.PRESENT and cell.is_late is None for cell in there),
    )


def _identity(place: Place) -> tuple[object, ...]:
    """What tells a township from others here: its code, or where it has none, its names."""
    return (place.code,) if place.code else (place.province, place.city, place.county, place.township)


def _listed(place: Place, counties: Mapping[Path, Sequence[Place]]) -> Place:
    """The place of the list that has its names; people may state a county and a township without a code."""
    same = [
        unit for unit in counties.get((place.province, place.city, place.county), ()) if unit.township == place.township
    ]
    return same[0] if len(same) == 1 else place


def _units(overview: Overview, entries: Sequence[Entry], region: Filters) -> dict[Path, tuple[Place, ...]]:
    """The townships of the region by county, counties by code."""
    known: defaultdict[Path, dict[tuple[object, ...], Place]] = defaultdict(dict)
    for one in entries:
        if one.place.county:
            place = one.place
            known[place.province, place.city, place.county].setdefault(_identity(place), place)
    listed = overview.place_list.counties
    wanted = [path for path in {**listed, **known} if _lies_in(path, region)] if region else list(known)
    found = {
        path: tuple({**{_identity(unit): unit for unit in listed.get(path, ())}, **known.get(path, {})}.values())
        for path in wanted
    }
    ordered = {path: tuple(sorted(units, key=_order)) for path, units in found.items()}
    return dict(sorted(ordered.items(), key=lambda item: _order(item[1][0])))


def _lies_in(path: Path, region: Filters) -> bool:
    return all(name in region.get(facet, (name,)) for facet, name in zip(REGION_FACETS, path, strict=True))


def _order(place: Place) -> tuple[bool, str, str]:
    return (place.code is None, place.code or "", place.township or "")


Settled = Mapping[tuple[object, ...], Sequence[Entry]]


def _by_township(entries: Iterable[Entry]) -> tuple[Settled, Settled]:
    """Reports of each township; and those that are of one of several, by each of these."""
    settled: defaultdict[tuple[object, ...], list[Entry]] = defaultdict(list)
    open_ones: defaultdict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for one in entries:
        if one.place.county:
            settled[_identity(one.place)].append(one)
        for candidate in one.place.candidates:
            open_ones[_identity(candidate)].append(one)
    return settled, open_ones


def _years(filters: Filters, entries: Iterable[Entry]) -> tuple[int, ...]:
    """The years asked for, else all from the first report of the region to the last."""
    chosen = {int(year) for year in filters.get(Facet.YEAR, ()) if year.isdecimal()}
    known = {one.year for one in entries if one.year}
    return tuple(sorted(chosen)) or (tuple(range(min(known), max(known) + 1)) if known else ())


def _cell(
    place: Place,
    year: int,
    settled: Settled,
    open_ones: Settled,
    files: Mapping[tuple[str, int], Sequence[FileRecord]],
) -> Cell | None:
    """What there is of a township and year; None where nothing is."""
    identity = _identity(place)
    if found := tuple(one for one in settled.get(identity, ()) if one.year == year):
        issued = min((one.issued for one in found if one.issued), default=None)
        late = None if issued is None else issued > date(year + 1, DUE_MONTH, DUE_DAY)
        return Cell(year=year, state=State.PRESENT, entries=found, issued=issued, is_late=late)
    if found := tuple(one for one in open_ones.get(identity, ()) if one.year == year):
        return Cell(year=year, state=State.UNSETTLED, entries=found)
    if unread := tuple(files.get((place.code or "", year), ())):
        return Cell(year=year, state=State.UNREADABLE, files=unread)
    return None
