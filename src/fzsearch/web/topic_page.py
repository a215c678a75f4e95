"""What does a topic mean here, and where does the corpus speak of it? The list of topics, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.model import Topic
from fzsearch.query import Counts, Facet
from fzsearch.service.overview import Overview
from fzsearch.service.search import Passage, SearchRequest
from fzsearch.service.topic_facts import TopicFacts, YearCount
from fzsearch.web.charts import Amount, Bar, bars, value_label
from fzsearch.web.hits import HitView, hit_view
from fzsearch.web.home_page import Chart
from fzsearch.web.params import search_url, topic_url, with_values
from fzsearch.web.place_tree import place_label

MAX_PLACES, MAX_COMPANIONS = 12, 12


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """The topics of one system, in the order of the vocabulary, with their sections and definitions."""

    name: str
    bars: tuple[tuple[Bar, str], ...]


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year: the reports that speak of a topic as a bar of all its reports; `share` in percent."""

    label: str
    url: str
    count: YearCount
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """Everything that the page of a topic shows.

    Attributes:
        all_reports: how many reports there are, to compare with.
        years: every year of the corpus, also years without any.
        companions: other topics, by the sections that speak of both.
    """

    topic: Topic
    total: Counts
    all_reports: int
    search_url: str
    years: tuple[YearRow, ...]
    places: Chart
    parts: Chart
    companions: Chart
    hits: tuple[HitView, ...]


def topic_groups(overview: Overview) -> tuple[TopicGroup, ...]:
    """All topics of the vocabulary, also those that no section speaks of."""
    counts = overview.topic_counts
    amounts = [Amount(label=name, url=topic_url(name), count=counts.get(name, 0)) for name in overview.topic_groups]
    drawn = list(zip(bars(amounts), overview.all_topics, strict=True))  # one scale for all groups
    return tuple(
        TopicGroup(group, tuple((bar, topic.about) for bar, topic in drawn if topic.group == group))
        for group in dict.fromkeys(overview.topic_groups.values())
    )


def topic_page(facts: TopicFacts, hits: Sequence[Passage], overview: Overview) -> TopicPage:
    """The page of a topic."""
    name = facts.topic.name
    request = SearchRequest(filters={Facet.TOPIC: (name,)})
    return TopicPage(
        topic=facts.topic,
        total=facts.total,
        all_reports=overview.info.counts.reports,
        search_url=search_url(request),
        years=tuple(_year_row(one, request) for one in facts.years),
        places=_chart("在哪些县（市、区）", _places(facts, request, overview), MAX_PLACES, request),
        parts=_chart("写在哪些部分", _parts(facts, request), len(facts.facets[Facet.PART]), request),
        companions=_chart("常一起谈到的主题", _companions(facts), MAX_COMPANIONS, request),
        hits=tuple(hit_view(hit, number, request) for number, hit in enumerate(hits, 1)),
    )


def _year_row(count: YearCount, request: SearchRequest) -> YearRow:
    return YearRow(
        label=value_label(Facet.YEAR, count.year),
        url=search_url(with_values(request, Facet.YEAR, [count.year])),
        count=count,
        share=round(100 * count.reports / (count.all_reports or 1)),
    )


def _places(facts: TopicFacts, request: SearchRequest, overview: Overview) -> list[Amount]:
    parents = overview.atlas.parents
    return [
        Amount(
            label=place_label(Facet.COUNTY, one.value, parents),
            url=search_url(with_values(request, Facet.COUNTY, [one.value])),
            count=one.count,
        )
        for one in facts.facets[Facet.COUNTY]
    ]


def _parts(facts: TopicFacts, request: SearchRequest) -> list[Amount]:
    return [
        Amount(
            label=value_label(Facet.PART, one.value),
            url=search_url(with_values(request, Facet.PART, [one.value])),
            count=one.count,
        )
        for one in facts.facets[Facet.PART]
    ]


def _companions(facts: TopicFacts) -> list[Amount]:
    return [
        Amount(label=one.value, url=topic_url(one.value), count=one.count)
        for one in facts.facets[Facet.TOPIC]
        if one.value != facts.topic.name
    ]


def _chart(title: str, amounts: list[Amount], most: int, request: SearchRequest) -> Chart:
    more, url = max(0, len(amounts) - most), f"{search_url(request)}#facets"
    return Chart(title=title, unit="段", bars=bars(amounts[:most]), more=more, more_url=url)
