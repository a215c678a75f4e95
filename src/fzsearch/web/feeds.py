"""What can a feed reader subscribe to, and what tells a browser how to search here? Atom (RFC 4287), OpenSearch 1.1.

The newest reports come first, by their date of issue: an order by the time of indexing would change with every index,
and the same corpus has to give the same bytes. Ids are made of permanent addresses, hash included, so that a changed
text is a new entry, and the same one under whatever name the site is reached.
"""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, Response, render_template, request

from fzsearch.cite.reference import section_name
from fzsearch.config import Settings
from fzsearch.service.asking import Passage
from fzsearch.service.places import NO_DAY, day_of
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import check_names
from fzsearch.service.shapes import snippet_html
from fzsearch.web.conditions import Condition, conditions
from fzsearch.web.pages import Pages
from fzsearch.web.params import FEED_NAMES, at_page, feed_url, parse_feed, quoted, search_url
from fzsearch.web.passages import display_title
from fzsearch.web.security import site_url

NAME = "法治报告检索"


class Feeds(Pages):
    """The routes over one service."""

    def feed(self) -> Response:
        """The hits of a search in the newest reports."""
        check_names(request.args, FEED_NAMES)
        wanted, root = parse_feed(request.args), site_url(self._settings)
        limit = wanted.limit or 0
        found = self._service.newest(replace(wanted, limit=limit + 1))
        entries = [_entry(hit, root) for hit in found[:limit]]
        page = wanted.offset // limit + 1
        newest = max((entry.day for entry in self._service.overview().entries), default=NO_DAY)
        text = render_template(
            "feed.xml",
            name=NAME,
            title=wanted.text.strip() or "全部段落",
            conditions="；".join(_words(one) for one in conditions(replace(wanted, text=""))),
            id=_urn(root + feed_url(replace(wanted, offset=0))),
            updated=max((entry.updated for entry in entries), default=_moment(newest)),
            search_url=root + search_url(replace(wanted, limit=10, offset=0)),
            self_url=root + feed_url(wanted),
            next_url=root + feed_url(at_page(wanted, page + 1)) if len(found) > limit else None,
            back_url=root + feed_url(at_page(wanted, page - 1)) if page > 1 else None,
            entries=entries,
        )
        return Response(text, content_type="application/atom+xml; charset=utf-8")

    def opensearch(self) -> Response:
        """How a browser searches here from its address bar."""
        text = render_template("opensearch.xml", name=NAME, root=site_url(self._settings))
        return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")


def _entry(hit: Passage, root: str) -> SimpleNamespace:
    section, record = hit.stored.section, hit.stored.report
    report = record.report
    whose = report.place.names[-1] if report.place.names else display_title(record)
    return SimpleNamespace(
        id=_urn(hit.url),
        title=f"{whose} {report.year or '年度未定'}：{section_name(section)}",
        url=root + quoted(hit.url),
        published=_moment(report.issued) if report.issued else None,
        updated=_moment(day_of(report.issued, report.year)),
        authors=report.issuers,
        topics=section.topics,
        snippet=snippet_html(hit.snippet),
    )


def _words(one: Condition) -> str:
    return f"{one.label} {' 或 '.join(chip.label for chip in one.chips)}".strip()


def _urn(address: str) -> str:
    return uuid5(NAMESPACE_URL, address).urn


def _moment(day: date) -> str:
    """The beginning of a day in China, RFC 3339."""
    return f"{day.isoformat()}T00:00:00+08:00"


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the routes to an application."""
    feeds = Feeds(service, settings)
    app.add_url_rule("/feed", "feed", feeds.feed)
    app.add_url_rule("/opensearch.xml", "opensearch", feeds.opensearch)
