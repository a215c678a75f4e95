"""What does the first page say of the corpus? Totals, small charts, what is not settled, and queries to begin with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fzsearch.engine import IndexInfo
from fzsearch.model import IndexedReport
from fzsearch.query import UNSETTLED, Facet, Field, FieldName
from fzsearch.service.search import Overview, SearchRequest
from fzsearch.web.charts import Amount, Bar, Column, bars, columns, value_label
from fzsearch.web.conditions import query_text
from fzsearch.web.params import search_url


@dataclass(frozen=True, slots=True)
class Example:
    """A query with what it asks for."""

    query: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Lying bars with a title; `more` counts the values that are not shown."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything that the template of the first page shows."""

    info: IndexInfo
    examples: tuple[Example, ...]
    years: tuple[Column, ...]
    counties: Chart
    parts: Chart
    topics: Chart
    unsettled: tuple[Amount, ...]


def home_page(overview: Overview) -> HomePage:
    """The first page for what an index holds."""
    reports = overview.reports
    return HomePage(
        info=overview.info,
        examples=examples(overview),
        years=columns(_years(reports)),
        counties=_chart("按县（市、区）", "份", _counties(reports), 8),
        parts=_chart("按部分", "段", _facet(overview, Facet.PART), 8),
        topics=_chart("按主题", "段", _facet(overview, Facet.TOPIC), 14),
        unsettled=tuple(one for one in _unsettled(reports) if one.count),
    )


def _url(text: str = "", **chosen: str | None) -> str:
    filters = {Facet(name): (value,) for name, value in chosen.items() if value is not None}
    return search_url(SearchRequest(text=text, filters=filters))


def _years(reports: Iterable[IndexedReport]) -> list[Amount]:
    """Reports by year, years without any between the first and the last included."""
    count = Counter(record.report.year for record in reports if record.report.year)
    years = range(min(count), max(count) + 1) if count else ()
    return [Amount(label=str(year), url=_url(year=str(year)), count=count[year]) for year in years]


def _counties(reports: Iterable[IndexedReport]) -> list[Amount]:
    places = (record.report.place for record in reports)
    count = Counter((place.city, place.county) for place in places)
    return [
        Amount(
            label=" ".join(filter(None, (city, county))) if county else "县未定",
            url=_url(city=city, county=county) if county else _url(county=UNSETTLED),
            count=number,
        )
        for (city, county), number in count.most_common()
    ]


def _facet(overview: Overview, facet: Facet) -> list[Amount]:
    return [
        Amount(label=value_label(facet, one.value), url=_url(**{facet.value: one.value}), count=one.count)
        for one in overview.facets[facet]
    ]


def _chart(title: str, unit: str, amounts: list[Amount], most: int) -> Chart:
    return Chart(title=title, unit=unit, bars=bars(amounts[:most]), more=max(0, len(amounts) - most))


def _unsettled(reports: Iterable[IndexedReport]) -> Iterable[Amount]:
    found = [record.report for record in reports]
    yield Amount(
        label="地名有几处候选，或县未定",
        url=_url(county=UNSETTLED),
        count=sum(1 for report in found if report.place.county is None),
    )
    yield Amount(label="年度未定", url=_url(year=UNSETTLED), count=sum(1 for report in found if report.year is None))


def examples(overview: Overview) -> tuple[Example, ...]:
    """Queries that show the language, with names from this corpus where it has them."""
    topics = [one.value for one in overview.facets[Facet.TOPIC]]
    named = [r.report for r in overview.reports if r.report.place.township and r.report.year]
    newest = max(named, key=lambda report: report.year or 0, default=None)
    found = [
        ("法治 建设", "两词都有"),
        ("“法治政府建设”", "一字不差"),
        ("普法 或 调解", "其一即可"),
        ("法治 -信访", "不含信访"),
    ]
    if newest:
        found.append((f"镇:{newest.place.township} 年:{newest.year}", "限定地方与年份"))
    if topics:
        found.append((query_text(Field(FieldName.TOPIC, topics[0])), "按主题"))
    return tuple(Example(query, meaning, _url(query)) for query, meaning in found)
