"""What does the first page say of the corpus? What it holds and lacks as small charts, and queries to begin with."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from fzsearch.model import STATUTORY_PARTS
from fzsearch.query import UNSETTLED, Facet, Field, FieldName, parse_query
from fzsearch.service.asking import SearchRequest
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry, county_path
from fzsearch.web.charts import Amount, bars, columns
from fzsearch.web.conditions import query_text
from fzsearch.web.params import place_url, search_url, topic_url

MAX_COUNTIES, MAX_TOPICS, MAX_GAPS = 8, 14, 5


@dataclass(frozen=True, slots=True)
class Example:
    """A query with what it asks for."""

    query: str
    meaning: str
    url: str


def chart(
    title: str, unit: str, amounts: Sequence[Amount], most: int, more_url: str = "/search#facets"
) -> SimpleNamespace:
    """The first amounts as a chart, at most so many."""
    return SimpleNamespace(
        title=title, unit=unit, bars=bars(amounts[:most]), more=max(0, len(amounts) - most), more_url=more_url
    )


def home_page(overview: Overview) -> SimpleNamespace:
    """The first page for what an index holds."""
    parts = [Amount(label=one.label, url=_url(part=one), count=overview.parts.get(one, 0)) for one in STATUTORY_PARTS]
    topics = [Amount(label=name, url=topic_url(name), count=count) for name, count in overview.topic_counts.items()]
    lacking = sorted((t for t in overview.atlas.townships.values() if t.gaps), key=lambda t: (-len(t.gaps), t.identity))
    return SimpleNamespace(
        examples=examples(overview),
        years=columns(_years(overview.entries)),
        counties=chart("按县（市、区）", "份", _counties(overview), MAX_COUNTIES),
        parts=chart("写到法定五部分的报告", "份", parts, len(STATUTORY_PARTS)),
        topics=chart("按主题", "段", topics, MAX_TOPICS, more_url="/topic/"),
        # townships that lack years between their first and their last, most first; `gaps_more` are not listed.
        gaps=tuple(lacking[:MAX_GAPS]),
        gaps_more=max(0, len(lacking) - MAX_GAPS),
        # reports by what is not settled of them: 县, 乡镇, 年度.
        unsettled=Counter(field for entry in overview.entries for field in entry.missing),
    )


def _url(text: str = "", **chosen: str | None) -> str:
    filters = {Facet(name): (value,) for name, value in chosen.items() if value is not None}
    return search_url(SearchRequest(text=text, filters=filters))


def _years(entries: Iterable[Entry]) -> list[Amount]:
    """Reports by year, years without any between the first and the last included."""
    count = Counter(entry.year for entry in entries if entry.year)
    years = range(min(count), max(count) + 1) if count else ()
    return [Amount(label=str(year), url=_url(year=str(year)), count=count[year]) for year in years]


def _counties(overview: Overview) -> list[Amount]:
    """Reports by county; each county leads to its page."""
    urls = {county.path: place_url(name) for name, county in overview.atlas.counties.items()}
    count = Counter(county_path(entry.place) for entry in overview.entries)
    return [
        Amount(
            label=" ".join(path[-2:]) or "县未定",
            url=urls.get(path) or _url(county=path[-1] if path else UNSETTLED),
            count=number,
        )
        for path, number in count.most_common()
    ]


def examples(overview: Overview) -> tuple[Example, ...]:
    """Queries that show the language, with names from this corpus where it has them."""
    topics = list(overview.topic_counts)
    named = [entry for entry in overview.entries if entry.place.township and entry.year]
    newest = max(named, key=lambda entry: (entry.year or 0, entry.key), default=None)
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
    # A name of a report may hold what the language uses: such an example would ask for something else.
    return tuple(Example(query, meaning, _url(query)) for query, meaning in found if not parse_query(query).notes)
