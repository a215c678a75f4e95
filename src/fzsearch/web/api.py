"""What do programs get? The HTTP API: the same names and shapes as the command line."""

from dataclasses import asdict

from flask import Flask, Response, jsonify, request

import fzsearch
from fzsearch.service import shapes
from fzsearch.service.search import SearchService
from fzsearch.service.suggest import suggestion_label
from fzsearch.web.params import API_LIMITS, check_names, parse_request


class Api:
    """The routes under /api/v1, and /healthz."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def search(self) -> Response:
        """Search; `limit` is 0 to 10,000 or `all`."""
        check_names(request.args)
        return jsonify(shapes.search_shape(self._service.search(parse_request(request.args, API_LIMITS))))

    def suggest(self) -> Response:
        """What a person may be about to type."""
        check_names(request.args, frozenset({"q"}))
        typed = request.args.get("q", "")
        return jsonify(shapes.suggestions_shape(typed, self._service.suggest(typed)))

    def suggest_opensearch(self) -> Response:
        """The same as browsers want it in their address bar (OpenSearch Suggestions 1.1)."""
        check_names(request.args, frozenset({"q"}))
        typed = request.args.get("q", "")
        found = self._service.suggest(typed)
        response = jsonify([typed, [one.query for one in found], list(map(suggestion_label, found))])
        response.mimetype = "application/x-suggestions+json"
        return response

    def report(self, key: str) -> Response:
        """One report with its sections."""
        return jsonify(shapes.record_shape(self._service.report(key)))

    def health(self) -> Response:
        """Whether the index answers, for whoever watches over the server."""
        info = self._service.info()
        return jsonify(
            {
                "ok": True,
                "version": info.version,
                "program": fzsearch.__version__,
                "engine": info.engine,
                "built_at": info.built_at,
                "counts": asdict(info.counts),
            }
        )


def register(app: Flask, service: SearchService) -> None:
    """Add the routes to an application."""
    api = Api(service)
    app.add_url_rule("/api/v1/search", "api_search", api.search)
    app.add_url_rule("/api/v1/reports/<key>", "api_report", api.report)
    app.add_url_rule("/api/v1/suggest", "api_suggest", api.suggest)
    app.add_url_rule("/suggest", "suggest", api.suggest_opensearch)
    app.add_url_rule("/healthz", "health", api.health)
