"""Which pages compare places? Coverage and figures, as page, CSV and JSON."""

from datetime import datetime

from flask import Flask, jsonify, render_template, request
from werkzeug import Response

from fzsearch.service import shapes
from fzsearch.service.search import SearchService
from fzsearch.service.tables import coverage_csv
from fzsearch.web.coverage_page import coverage_page
from fzsearch.web.params import REGION_NAMES, check_names, parse_only, parse_region


class Comparing:
    """The routes over one service."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def coverage(self) -> str:
        """Township by year, for a region."""
        found = self._service.coverage(parse_region(request.args))
        page = coverage_page(found, self._service.overview(), parse_only(request.args))
        return self._render("coverage", page)

    def coverage_csv(self) -> Response:
        """The same as CSV."""
        check_names(request.args, REGION_NAMES)
        found = self._service.coverage(parse_region(request.args))
        return _download(coverage_csv(found, _today()), "coverage")

    def coverage_json(self) -> Response:
        """The same as JSON."""
        check_names(request.args, REGION_NAMES)
        return jsonify(shapes.coverage_shape(self._service.coverage(parse_region(request.args))))

    def _render(self, name: str, page: object) -> str:
        return render_template(f"{name}.html", here=name, info=self._service.info(), page=page)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _download(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="fzsearch-{name}-{_today()}.csv"'
    response.headers["Cache-Control"] = "no-store"  # it holds the date
    return response


def register(app: Flask, service: SearchService) -> None:
    """Add the routes to an application."""
    pages = Comparing(service)
    app.add_url_rule("/coverage", "coverage", pages.coverage)
    app.add_url_rule("/coverage.csv", "coverage_csv", pages.coverage_csv)
    app.add_url_rule("/api/v1/coverage", "api_coverage", pages.coverage_json)
