"""What does a topic mean here, and where does the corpus speak of it? The list of topics, and the page of one."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from fzsearch.query import Facet
from fzsearch.service.asking import Passage, SearchRequest
from fzsearch.service.overview import Overview
from fzsearch.service.topic_facts import TopicFacts, YearCount
from fzsearch.web.charts import Amount, bars, value_label
from fzsearch.web.hits import hit_views
from fzsearch.web.home_page import chart
from fzsearch.web.params import search_url, topic_url, with_values
from fzsearch.web.place_tree import place_label

MAX_PLACES, MAX_COMPANIONS = 12, 12


def topic_groups(overview: Overview) -> tuple[SimpleNamespace, ...]:
    """All topics of the vocabulary, also those that no section speaks of."""
    counts = overview.topic_counts
    amounts = [Amount(label=name, url=topic_url(name), count=counts.get(name, 0)) for name in overview.topic_groups]
    drawn = list(zip(bars(amounts), overview.all_topics, strict=True))  # one scale for all groups
    return tuple(
        SimpleNamespace(name=group, bars=tuple((bar, topic.about) for bar, topic in drawn if topic.group == group))
        for group in dict.fromkeys(overview.topic_groups.values())
    )


def topic_page(facts: TopicFacts, hits: Sequence[Passage], overview: Overview) -> SimpleNamespace:
    """The page of a topic."""
    name, parents = facts.topic.name, overview.atlas.parents
    request = SearchRequest(filters={Facet.TOPIC: (name,)})
    more_url = f"{search_url(request)}#facets"

    def values(facet: Facet, label: Callable[[str], str]) -> list[Amount]:
        return [
            Amount(label=label(one.value), url=search_url(with_values(request, facet, [one.value])), count=one.count)
            for one in facts.facets[facet]
        ]

    counties = values(Facet.COUNTY, lambda value: place_label(Facet.COUNTY, value, parents))
    parts = values(Facet.PART, lambda value: value_label(Facet.PART, value))
    companions = [
        Amount(label=one.value, url=topic_url(one.value), count=one.count)
        for one in facts.facets[Facet.TOPIC]
        if one.value != name
    ]
    return SimpleNamespace(
        facts=facts,
        search_url=search_url(request),
        # every year of the corpus, also years without any.
        years=tuple(_year_row(one, request) for one in facts.years),
        places=chart("在哪些县（市、区）", "段", counties, MAX_PLACES, more_url),
        parts=chart("写在哪些部分", "段", parts, len(parts), more_url),
        # other topics, by the sections that speak of both.
        companions=chart("常一起谈到的主题", "段", companions, MAX_COMPANIONS, more_url),
        hits=hit_views(hits, request),
    )


def _year_row(count: YearCount, request: SearchRequest) -> SimpleNamespace:
    """The reports of a year that speak of a topic; `share` in percent of all its reports."""
    return SimpleNamespace(
        label=value_label(Facet.YEAR, count.year),
        url=search_url(with_values(request, Facet.YEAR, [count.year])),
        count=count,
        share=round(100 * count.reports / (count.all_reports or 1)),
    )
