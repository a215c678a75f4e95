"""What does a place show over the years? A township's reports, gaps, topics and parts; a county's townships."""

from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace

from fzsearch.engine import StoredFigure
from fzsearch.figures import indicators
from fzsearch.model import PART_LABELS, STATUTORY_PARTS, Part, Place
from fzsearch.query import UNSETTLED, Facet
from fzsearch.service.asking import Passage, SearchRequest
from fzsearch.service.choosing import successive
from fzsearch.service.figures import comparable
from fzsearch.service.places import Atlas, County, Entry, Township, county_path
from fzsearch.service.search_address import Filters
from fzsearch.web.hits import Link
from fzsearch.web.indicator_view import value_link
from fzsearch.web.params import (
    FigureRequest,
    compare_url,
    figures_url,
    place_url,
    quoting,
    region_url,
    report_url,
    search_url,
    topic_url,
)
from fzsearch.web.passages import place_note

ROWS_OF_PARTS = (Part.MEASURES, Part.PROBLEMS, Part.LEADER, Part.PLAN, Part.MIXED, Part.OTHER)


# ---- a township


def township_filters(township: Township, atlas: Atlas) -> Filters:
    """The filters that leave the sections of a township alone."""
    others = [one for one in atlas.named[township.name] if one is not township]
    if township.place.code or not others:
        return {Facet.TOWNSHIP: (township.identity,)}
    counties = dict.fromkeys(entry.place.county or UNSETTLED for entry in township.entries)
    return {Facet.TOWNSHIP: (township.identity,), Facet.COUNTY: tuple(counties)}


def township_page(
    township: Township, atlas: Atlas, hits: Sequence[Passage], figures: Sequence[StoredFigure]
) -> SimpleNamespace:
    """The page of a township; `hits` are all of its sections, `figures` all that they state."""
    place = township.place
    filters = township_filters(township, atlas)
    columns = _columns(township.entries)
    return SimpleNamespace(
        name=township.name,
        code=place.code,
        crumbs=_crumbs(place, atlas),
        # what is not settled about the place, "" when all is.
        note=place_note(place),
        candidates=place.candidates,
        # pages of other townships of that name.
        others=tuple(_choice(one) for one in atlas.named[township.name] if one is not township),
        search_url=_url(filters),
        gaps=township.gaps,
        years=_year_rows(township),
        # years with reports, as they head the tables; 未定 last.
        columns=columns,
        topics=_topic_rows(hits, filters, columns),
        parts=_part_rows(hits, filters, columns),
        # of each statutory content the sentences that show it; empty where no report shows any.
        contents=_content_rows(township, columns),
        # of each indicator the values of every year that may be compared.
        figures=_figure_rows(figures, filters, columns),
        sections=len(hits),
    )


def _url(filters: Filters, **more: str) -> str:
    chosen = {Facet(name): (value,) for name, value in more.items()}
    return search_url(SearchRequest(filters={**filters, **chosen}))


def _crumbs(place: Place, atlas: Atlas) -> tuple[Link, ...]:
    county = atlas.county_of(place)
    own = (Link(county.name, place_url(county.code or county.name)),) if county else ()
    return _wider_crumbs(place) + own


def _wider_crumbs(place: Place) -> tuple[Link, ...]:
    """Province and city; 重庆市, which is both, once."""
    names = {place.city: Facet.CITY, place.province: Facet.PROVINCE}
    return tuple(Link(name, _url({facet: (name,)})) for name, facet in reversed(names.items()) if name)


def _choice(township: Township) -> Link:
    where = " ".join(county_path(township.place)) or place_note(township.place)
    return Link(f"{where} {township.name}", place_url(township.identity), count=len(township.entries))


def _columns(entries: Sequence[Entry]) -> tuple[str, ...]:
    years = sorted({str(entry.year) for entry in entries if entry.year})
    return (*years, *([UNSETTLED] if any(entry.year is None for entry in entries) else ()))


def _year_rows(township: Township) -> tuple[SimpleNamespace, ...]:
    """Newest first; years in a gap without reports; what has no year last."""
    reports: dict[int | None, list[Link]] = {
        year: [] for year in sorted((*township.years, *township.gaps), reverse=True)
    }
    for entry in township.entries:
        reports.setdefault(entry.year, []).append(Link(entry.title or entry.file, report_url(entry.key)))
    before: dict[int | None, list[Link]] = {}
    for old, new in successive(township):
        before.setdefault(new.year, []).append(Link(f"与 {old.year} 比较", compare_url(old.key, new.key)))
    return tuple(
        SimpleNamespace(
            label=str(year) if year else "年度未定", reports=tuple(links), before=tuple(before.get(year, ()))
        )
        for year, links in reports.items()
    )


def _topic_rows(hits: Sequence[Passage], filters: Filters, columns: Sequence[str]) -> tuple[SimpleNamespace, ...]:
    """Topics that any section speaks of, by how many do."""
    years: dict[str, Counter[str]] = {}
    for hit in hits:
        for topic in hit.stored.section.topics:
            years.setdefault(topic, Counter())[_year(hit)] += 1
    rows = (_row(topic, topic_url(topic), count, columns, filters, topic=topic) for topic, count in years.items())
    return tuple(sorted(rows, key=lambda row: (-row.total, row.label)))


def _part_rows(hits: Sequence[Passage], filters: Filters, columns: Sequence[str]) -> tuple[SimpleNamespace, ...]:
    """The parts in the order of the rule; 合写 only where a report has it."""
    years: dict[Part, Counter[str]] = {part: Counter() for part in ROWS_OF_PARTS}
    for hit in hits:
        years.setdefault(hit.stored.section.part, Counter())[_year(hit)] += 1
    return tuple(
        _row(PART_LABELS[part], "", years[part], columns, filters, part=part.value)
        for part in ROWS_OF_PARTS
        if years[part] or part is not Part.MIXED
    )


def _content_rows(township: Township, columns: Sequence[str]) -> tuple[SimpleNamespace, ...]:
    """A link for every report that holds a content, to the sentence that shows it."""
    rows = []
    for part in STATUTORY_PARTS:
        links: dict[str, list[Link]] = {year: [] for year in columns}
        for entry in township.entries:
            shown = next((one for one in entry.contents if one.part is part), None)
            if shown:
                link = Link("有", report_url(entry.key, quoting(shown.sentence), anchor=shown.section))
                links[str(entry.year or UNSETTLED)].append(link)
        rows.append(SimpleNamespace(label=part.label, url="", cells=tuple(map(tuple, links.values()))))
    return tuple(rows) if any(entry.contents for entry in township.entries) else ()


def _figure_rows(
    figures: Sequence[StoredFigure], filters: Filters, columns: Sequence[str]
) -> tuple[SimpleNamespace, ...]:
    """Indicators in the order of the vocabulary, those that the township's reports state."""
    rows = []
    for known in indicators():
        found = comparable(one for one in figures if one.figure.indicator == known.id)
        if found:
            wanted = FigureRequest(search=SearchRequest(filters=filters), indicator=known.id)
            cells = (
                tuple(value_link(one) for one in found if str(one.report.report.year or UNSETTLED) == year)
                for year in columns
            )
            rows.append(SimpleNamespace(label=known.name, url=figures_url(wanted), cells=tuple(cells)))
    return tuple(rows)


def _row(
    label: str, url: str, count: Counter[str], columns: Sequence[str], filters: Filters, **more: str
) -> SimpleNamespace:
    cells = (
        Link(str(count[year]), _url(filters, year=year, **more), count=count[year]) if count[year] else None
        for year in columns
    )
    return SimpleNamespace(label=label, url=url, cells=tuple(cells), total=count.total())


def _year(hit: Passage) -> str:
    return str(hit.stored.report.report.year or UNSETTLED)


# ---- a county, several townships of one name


def county_page(county: County) -> SimpleNamespace:
    """The page of a county."""
    known = [year for township in county.townships for year in township.years]
    columns = tuple(map(str, range(min(known), max(known) + 1))) if known else ()
    if any(entry.year is None for township in county.townships for entry in township.entries):
        columns = (*columns, UNSETTLED)
    names = ((Facet.PROVINCE, county.townships[0].place.province), (Facet.CITY, county.townships[0].place.city))
    wider = {facet: (name,) for facet, name in names if name}
    return SimpleNamespace(
        name=county.name,
        code=county.code,
        crumbs=_wider_crumbs(county.townships[0].place),
        search_url=_url({**wider, Facet.COUNTY: (county.name,)}),
        coverage_url=region_url({**wider, Facet.COUNTY: (county.name,)}),
        columns=columns,
        rows=tuple(_county_row(township, columns) for township in county.townships),
        reports=sum(len(township.entries) for township in county.townships),
    )


def _county_row(township: Township, columns: Sequence[str]) -> SimpleNamespace:
    """A cell leads to the report of its year, or where there are several, to the page of the township."""
    by_year: dict[str, list[Entry]] = {}
    for entry in township.entries:
        by_year.setdefault(str(entry.year or UNSETTLED), []).append(entry)
    own = place_url(township.identity)
    cells = (
        Link("有" if len(found) == 1 else f"{len(found)} 份", report_url(found[0].key) if len(found) == 1 else own)
        if (found := by_year.get(year))
        else None
        for year in columns
    )
    return SimpleNamespace(township=Link(township.name, own), cells=tuple(cells), gaps=tuple(map(str, township.gaps)))


def namesakes(townships: Sequence[Township]) -> tuple[Link, ...]:
    """The choice between townships of one name."""
    return tuple(map(_choice, townships))
