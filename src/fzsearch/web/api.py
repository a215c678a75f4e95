"""What do programs get? The HTTP API: the same names and shapes as the command line."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import UnsupportedMediaType

from fzsearch.brief import check_draft
from fzsearch.brief.draft import find_quotations
from fzsearch.brief.shapes import checked_shape
from fzsearch.cite import STYLES, cited, notes_on
from fzsearch.config import Settings
from fzsearch.errors import NotFoundError, QueryError
from fzsearch.query import MAX_CHARS
from fzsearch.service import place_shapes, shapes, topic_shapes
from fzsearch.service.comparison import compare_reports, comparison_shape
from fzsearch.service.copying import copying_shape
from fzsearch.service.near import near_names
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import API_LIMITS, check_names, parse_request, single
from fzsearch.service.suggest import suggestion_label
from fzsearch.web.openapi import ROUTES, Route, document
from fzsearch.web.pages import Pages, today
from fzsearch.web.params import parse_figures, parse_one, parse_region
from fzsearch.web.security import site_url

Json = dict[str, Any]
MAX_QUOTATIONS = 1_000
"""Of a draft of 30 pages some 200; each may cost milliseconds."""


class Api(Pages):
    """What the routes under /api/v1 answer, by their names in `ROUTES`."""

    def search(self) -> Json:
        """Search; `limit` is 0 to 10,000 or `all`."""
        return shapes.search_shape(self._service.search(parse_request(request.args, API_LIMITS)))

    def reports(self) -> Json:
        """The reports in which a search finds something."""
        return place_shapes.report_list_shape(self._service.reports_of(parse_request(request.args, API_LIMITS)))

    def suggest(self) -> Json:
        """What a person may be about to type."""
        typed = _typed()
        return shapes.suggestions_shape(typed, self._service.suggest(typed))

    def suggest_opensearch(self) -> Response:
        """The same as browsers want it in their address bar (OpenSearch Suggestions 1.1)."""
        check_names(request.args, frozenset({"q"}))
        typed = _typed()
        found = self._service.suggest(typed)
        response = jsonify([typed, [one.query for one in found], list(map(suggestion_label, found))])
        response.mimetype = "application/x-suggestions+json"
        return response

    def report(self, key: str) -> Json:
        """One report with its sections."""
        return shapes.record_shape(self._service.report(key))

    def section(self, key: str, path: str) -> Json:
        """One report with one of its sections."""
        return shapes.shown_shape(self._service.report(key), [self._service.section(f"{key}/{path}").section])

    def figures(self) -> Json:
        """The figures of an indicator, or all."""
        wanted = parse_figures(request.args)
        return shapes.figures_shape(self._service.figures(wanted.search, wanted.indicator))

    def indicators(self) -> Json:
        """What figures can be asked for."""
        wanted = parse_figures(request.args).search
        return shapes.indicators_shape(wanted, self._service.figure_counts(wanted))

    def coverage(self) -> Json:
        """Township by year, for a region."""
        return shapes.coverage_shape(self._service.coverage(parse_region(request.args)))

    def topics(self) -> Json:
        """All topics with their three numbers."""
        filters = parse_request(request.args, API_LIMITS).filters
        return topic_shapes.topic_rows_shape(self._service.topic_rows(filters), filters)

    def topic(self, name: str) -> Json:
        """One topic with its best sections."""
        facts = self._service.topic(name)
        return topic_shapes.topic_facts_shape(facts, self._service.best_of(facts))

    def places(self) -> Json:
        """The townships of a region that have reports."""
        return place_shapes.townships_shape(self._service.overview().atlas, parse_request(request.args, API_LIMITS))

    def place(self, name: str) -> Json:
        """Whatever place has this name or code.

        Raises:
            NotFoundError: the corpus has no report of such a place.
        """
        atlas = self._service.overview().atlas
        townships, counties = atlas.townships_named(name), atlas.counties_named(name)
        if not townships and not counties:
            near = near_names(name, (*atlas.named, *(county.name for county in atlas.counties.values())))
            hint = f"，是不是 {'、'.join(near)}" if near else ""
            raise NotFoundError(f"语料里没有“{name}”的报告{hint}；可写 9 位区划代码、6 位县区代码，或全名")
        return {
            "townships": [place_shapes.township_shape(one) for one in townships],
            "counties": [place_shapes.county_shape(one) for one in counties],
        }

    def cite(self) -> Json:
        """The citation of what stands at an address."""
        address, style = parse_one(request.args, "address"), request.args.get("style") or next(iter(STYLES))
        if style not in STYLES:
            raise QueryError(f"style 没有“{style}”这个写法；可写 {'、'.join(STYLES)}")
        source, state = cited(self._service, address, today(), self._settings.base_url)
        text = STYLES[style].write(source)
        return {
            "address": address,
            "url": source.address,
            "state": state.value,
            "style": style,
            "text": text,
            "notes": notes_on(source, state, text, "网站设了 base_url 才是完整网址"),
        }

    def compare(self) -> Json:
        """Two reports, sentence by sentence."""
        old, new = (self._service.report(parse_one(request.args, name)) for name in ("old", "new"))
        return comparison_shape(old, new, compare_reports(old.report, new.report))

    def overlap(self) -> Json:
        """Which reports share wording, most first."""
        found = [copying_shape(one) for one in self._service.copying()]
        if key := request.args.get("key"):
            wanted = self._service.report(key).key
            found = [one for one in found if one["key"] == wanted]
        chosen = place_shapes.page_of(found, parse_request(request.args, API_LIMITS))
        return {"total": {"reports": len(found)}, "reports": list(chosen)}

    def check(self) -> Json:
        """A draft against the corpus; nothing of it is kept.

        Raises:
            QueryError: it quotes so much that others would wait for the site.
        """
        text = _draft()
        count = len(find_quotations(text))
        if count > MAX_QUOTATIONS:
            raise QueryError(f"稿件有 {count} 处引文，一次最多 {MAX_QUOTATIONS} 处；请分几次核对")
        return checked_shape(check_draft(self._service, text))

    def openapi(self) -> Json:
        """What all of this is, for programs."""
        return document(site_url(self._settings))


def _typed() -> str:
    """What was typed so far.

    Raises:
        QueryError: it is too long, or there are several.
    """
    typed = single(request.args, "q")
    if len(typed) > MAX_CHARS:
        raise QueryError(f"检索词最多 {MAX_CHARS} 字，现在有 {len(typed)} 字")
    return typed


def _draft() -> str:
    """The text that was sent, as plain text or as JSON.

    Raises:
        UnsupportedMediaType: it is something else.
        QueryError: it is not UTF-8, or not such JSON.
    """
    if request.mimetype not in {"text/plain", "application/json"}:
        raise UnsupportedMediaType('内容要是 text/plain 的文字，或 application/json 的 {"text": 文字}')
    try:
        text = request.get_data().decode()
    except UnicodeDecodeError as error:
        raise QueryError("稿件的文字要用 UTF-8 编码") from error
    if request.mimetype == "text/plain":
        return text
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):  # the latter: nested deeper than Python reads
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("text"), str) or len(body) > 1:
        raise QueryError('JSON 的写法要是 {"text": "稿件的文字"}')
    return str(body["text"]).encode("utf-8", "replace").decode()  # JSON can hold half a surrogate pair


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the routes to an application."""
    api = Api(service, settings)
    for route in ROUTES:
        view = _strict(route, getattr(api, route.endpoint.removeprefix("api_")))
        app.add_url_rule(route.rule, route.endpoint, view, methods=["POST" if route.is_draft else "GET"])
    app.add_url_rule("/suggest", "suggest", api.suggest_opensearch)


def _strict(route: Route, answer: Callable[..., Json]) -> Callable[..., Response]:
    """A view that takes the parameters of its route only: a filter with a typing error is never left out in silence."""

    def view(**names: str) -> Response:
        try:
            unquote_to_bytes(request.query_string).decode()
        except UnicodeDecodeError as error:
            raise QueryError("地址里的参数要用 UTF-8 编码") from error
        if request.args and not route.names:
            raise QueryError(f"没有参数 {'、'.join(request.args)}；这里不用参数")
        check_names(request.args, route.names)
        return jsonify(answer(**names))

    return view
