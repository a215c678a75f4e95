"""Which pages lead through the corpus without a query? Places, topics, and what could not be read."""

from collections import Counter

from flask import Flask, redirect
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.service.asking import SearchRequest
from fzsearch.service.near import near_names
from fzsearch.service.places import Atlas
from fzsearch.service.search import SearchService
from fzsearch.web.hits import Link
from fzsearch.web.pages import Pages
from fzsearch.web.params import place_url, topic_url
from fzsearch.web.place_page import county_page, namesakes, township_filters, township_page
from fzsearch.web.problems import UnknownNameError
from fzsearch.web.topic_page import topic_groups, topic_page

BEST_PASSAGES = 10


class Browsing(Pages):
    """The pages over one service."""

    def place(self, name: str) -> str | Response:
        """A township by code or name, or a county by code or name.

        Raises:
            UnknownNameError: the corpus has no report of such a place.
        """
        atlas = self._service.overview().atlas
        same = atlas.named.get(name, ())
        if name in atlas.townships:
            return self._township(name, atlas)
        if len(same) == 1:
            return redirect(place_url(same[0].identity))
        if same:
            return self._render("namesakes.html", name=name, choices=namesakes(same))
        return self._county(name, atlas)

    def _township(self, identity: str, atlas: Atlas) -> str:
        township = atlas.townships[identity]
        wanted = SearchRequest(filters=township_filters(township, atlas), limit=None)
        hits, figures = self._service.search(wanted).hits, self._service.figures(wanted, None).figures
        return self._render("place.html", page=township_page(township, atlas, hits, figures))

    def _county(self, name: str, atlas: Atlas) -> str | Response:
        if name in atlas.counties:
            return self._render("county.html", page=county_page(atlas.counties[name]))
        named = [code for code, county in atlas.counties.items() if county.name == name]
        if len(named) == 1:
            return redirect(place_url(named[0]))
        near = [Link(" ".join(atlas.counties[code].path), place_url(code)) for code in named]
        known = (*atlas.named, *(county.name for county in atlas.counties.values()))
        near += [Link(one, place_url(one)) for one in near_names(name, known) if one != name]
        raise UnknownNameError(f"语料里没有“{name}”的报告；可写 9 位区划代码、6 位县区代码，或乡镇全名", tuple(near))

    def topics(self) -> str:
        """All topics by group."""
        overview = self._service.overview()
        return self._render("topics.html", here="topics", groups=topic_groups(overview), count=len(overview.all_topics))

    def topic(self, name: str) -> str:
        """One topic.

        Raises:
            UnknownNameError: there is no such topic.
        """
        overview = self._service.overview()
        if name not in overview.topic_groups:
            near = near_names(name, overview.topic_groups)
            raise UnknownNameError(f"没有名为“{name}”的主题", tuple(Link(one, topic_url(one)) for one in near))
        facts = self._service.topic(name, BEST_PASSAGES)
        page = topic_page(facts, self._service.best_of(facts), overview)
        return self._render("topic.html", here="topics", page=page)

    def unreadable(self) -> str:
        """What could not be read, and what is not settled."""
        overview = self._service.overview()
        reasons = Counter(file.reason for file in overview.unreadable).most_common()
        return self._render("unreadable.html", here="unreadable", overview=overview, reasons=reasons)


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    pages = Browsing(service, settings)
    app.add_url_rule("/place/<path:name>", "place", pages.place)
    app.add_url_rule("/topic/", "topics", pages.topics)
    app.add_url_rule("/topic/<path:name>", "topic", pages.topic)
    app.add_url_rule("/unreadable", "unreadable", pages.unreadable)
