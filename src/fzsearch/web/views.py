"""Which pages surround searching? Each view parses, calls the service, renders; what a page shows is made elsewhere."""

from flask import Flask, request
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.errors import EngineError
from fzsearch.query import MAX_CHARS, MAX_TERMS
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import API_LIMITS, PAGE_LIMITS, check_names, parse_request
from fzsearch.service.tables import search_csv
from fzsearch.web.health import info_or_none
from fzsearch.web.help_page import syntax_rows
from fzsearch.web.home_page import home_page
from fzsearch.web.openapi import PARAMETERS, PREFIX, ROUTES
from fzsearch.web.pages import Pages, download, today
from fzsearch.web.problems import problem_of
from fzsearch.web.search_page import results_page


class Home(Pages):
    """The pages over one service."""

    def home(self) -> str:
        """Ask, and see what the corpus holds and lacks; a notice while the engine is away."""
        try:
            overview = self._service.overview()
        except EngineError as error:
            notice = problem_of(error, self._settings)
            return self._render("home.html", "home", info=None, page=None, problem=notice, again="/")
        return self._render("home.html", "home", page=home_page(overview), overview=overview)

    def search(self) -> str:
        """Results."""
        answer = self._service.search(parse_request(request.args, PAGE_LIMITS))
        return self._render("search.html", "search", page=results_page(answer, self._service.overview()))

    def csv(self) -> Response:
        """The hits of a search as CSV, to be saved; all of them unless `limit` says otherwise."""
        check_names(request.args)
        wanted = parse_request(request.args, API_LIMITS)
        found = self._service.search(wanted)
        return download(search_csv(found, self._service.info().version, str(today())), "fzsearch")

    def help(self) -> str:
        """The query language, with examples that find something here as far as the engine tells."""
        info = info_or_none(self._service)
        syntax = syntax_rows(self._service.overview() if info else None)
        limits = {"max_chars": MAX_CHARS, "max_terms": MAX_TERMS}
        parameters = [(name, parameter.about) for name, parameter in PARAMETERS.items()]
        parameters.append(("group", "只用于网页：report 把命中归到各报告之下"))
        api = {"api_prefix": PREFIX, "routes": ROUTES, "parameters": parameters}
        return self._render("help.html", "help", info=info, syntax=syntax, **limits, **api)


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    pages = Home(service, settings)
    app.add_url_rule("/", "home", pages.home)
    app.add_url_rule("/search", "search", pages.search)
    app.add_url_rule("/search.csv", "search_csv", pages.csv)
    app.add_url_rule("/help", "help", pages.help)
