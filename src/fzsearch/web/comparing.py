"""Which pages compare places? Coverage and figures, as page and CSV."""

from dataclasses import replace
from datetime import datetime

from flask import Flask, render_template, request
from werkzeug import Response

from fzsearch.service.figures import FigureAnswer, UnknownIndicatorError
from fzsearch.service.search import SearchService
from fzsearch.service.tables import coverage_csv, figures_csv
from fzsearch.web.coverage_page import coverage_page
from fzsearch.web.figures_page import figures_page
from fzsearch.web.hits import Link
from fzsearch.web.indicator_view import indicator_view
from fzsearch.web.params import (
    FIGURE_NAMES,
    REGION_NAMES,
    FigureRequest,
    Only,
    check_names,
    choice,
    figures_url,
    parse_figures,
    parse_region,
)
from fzsearch.web.problems import UnknownNameError


class Comparing:
    """The routes over one service."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def figures(self) -> str:
        """The figures of one indicator, or which indicators there are.

        Raises:
            UnknownNameError: there is no such indicator.
        """
        wanted = parse_figures(request.args)
        view = None
        if wanted.indicator:
            answer = self._answer(wanted)
            wanted = replace(wanted, indicator=answer.indicator.id if answer.indicator else None)
            view = indicator_view(answer, wanted)
        counts, facets = self._service.figure_counts(wanted.search), self._service.search(wanted.search).facets
        return self._render("figures", figures_page(wanted, counts, facets, view))

    def _answer(self, wanted: FigureRequest) -> FigureAnswer:
        try:
            return self._service.figures(wanted.search, wanted.indicator)
        except UnknownIndicatorError as error:
            near = (Link(name, figures_url(replace(wanted, indicator=name))) for name in error.near)
            raise UnknownNameError(str(error), tuple(near)) from error

    def figures_csv(self) -> Response:
        """All of them as CSV."""
        check_names(request.args, FIGURE_NAMES)
        answer = self._answer(parse_figures(request.args))
        return download(figures_csv(answer, self._service.info().version, today()), "figures")

    def coverage(self) -> str:
        """Township by year, for a region."""
        found = self._service.coverage(parse_region(request.args))
        page = coverage_page(found, self._service.overview(), choice(request.args, "only", Only.ALL))
        return self._render("coverage", page)

    def coverage_csv(self) -> Response:
        """The same as CSV."""
        check_names(request.args, REGION_NAMES)
        found = self._service.coverage(parse_region(request.args))
        return download(coverage_csv(found, today()), "coverage")

    def _render(self, name: str, page: object) -> str:
        return render_template(f"{name}.html", here=name, info=self._service.info(), page=page)


def today() -> str:
    """The date that stands in exports."""
    return datetime.now().astimezone().date().isoformat()


def download(text: str, name: str) -> Response:
    """A table to be saved."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="fzsearch-{name}-{today()}.csv"'
    response.headers["Cache-Control"] = "no-store"  # it holds the date
    return response


def register(app: Flask, service: SearchService) -> None:
    """Add the routes to an application."""
    pages = Comparing(service)
    app.add_url_rule("/figures", "figures", pages.figures)
    app.add_url_rule("/figures.csv", "figures_csv", pages.figures_csv)
    app.add_url_rule("/coverage", "coverage", pages.coverage)
    app.add_url_rule("/coverage.csv", "coverage_csv", pages.coverage_csv)
