"""Which pages compare places? Coverage and figures, as page and CSV."""

from dataclasses import replace

from flask import Flask, request
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.service.figures import FigureAnswer, UnknownIndicatorError
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import check_names, choice
from fzsearch.service.tables import coverage_csv, figures_csv
from fzsearch.web.coverage_page import coverage_page
from fzsearch.web.figures_page import figures_page
from fzsearch.web.hits import Link
from fzsearch.web.indicator_view import indicator_view
from fzsearch.web.pages import Pages, download, today
from fzsearch.web.params import (
    FIGURE_NAMES,
    REGION_NAMES,
    FigureRequest,
    Only,
    figures_url,
    parse_figures,
    parse_region,
)
from fzsearch.web.problems import UnknownNameError


class Comparing(Pages):
    """The routes over one service."""

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
        return self._render("figures.html", "figures", page=figures_page(wanted, counts, facets, view))

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
        return download(figures_csv(answer, self._service.info().version, str(today())), "fzsearch-figures")

    def coverage(self) -> str:
        """Township by year, for a region."""
        found = self._service.coverage(parse_region(request.args))
        page = coverage_page(found, self._service.overview(), choice(request.args, "only", Only.ALL))
        return self._render("coverage.html", "coverage", page=page)

    def coverage_csv(self) -> Response:
        """The same as CSV."""
        check_names(request.args, REGION_NAMES)
        found = self._service.coverage(parse_region(request.args))
        return download(coverage_csv(found, str(today())), "fzsearch-coverage")


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the routes to an application."""
    pages = Comparing(service, settings)
    app.add_url_rule("/figures", "figures", pages.figures)
    app.add_url_rule("/figures.csv", "figures_csv", pages.figures_csv)
    app.add_url_rule("/coverage", "coverage", pages.coverage)
    app.add_url_rule("/coverage.csv", "coverage_csv", pages.coverage_csv)
