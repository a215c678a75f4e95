"""How is the web application put together? One factory, nothing global, nothing written: every route only reads.

pages          what classes of pages share: rendering, tables to be saved
params         addresses of pages; what stands in them is read by service/search_address
views, browse, comparing, alike, check_page, reports, citing, api, feeds    parse, call one service, render
*_page, report_*, facets, place_tree, hits, conditions, charts, passages    what a page shows, as plain data:
               a SimpleNamespace for what one template reads, a class for what several modules make
openapi, answers   the table of the HTTP API: routes, parameters, what they give
health         /healthz and /readyz
problems       errors as pages and as JSON
security       hosts, methods, sizes, headers
caching        ETags by generation, versioned static files
access_log     numbers of requests, one line of JSON for each
server         waitress
"""

import secrets

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

import fzsearch
from fzsearch.config import Settings
from fzsearch.model import without_controls
from fzsearch.resources import templates_dir
from fzsearch.service.asking import section_url
from fzsearch.service.markdown import display_title
from fzsearch.service.search import SearchService
from fzsearch.web import (
    access_log,
    alike,
    api,
    browse,
    caching,
    check_page,
    citing,
    comparing,
    feeds,
    health,
    problems,
    reports,
    security,
    views,
)
from fzsearch.web.params import add_url, cite_url, compare_url, place_url, quoted, report_url, shared_url


def create_app(service: SearchService, settings: Settings) -> Flask:
    """The application over one service.

    Args:
        service: searches and reads; its index may be missing, then pages that need it say so with status 503.
        settings: `corpus` allows downloads, `host` and `hosts` decide which Host headers are accepted.
    """
    app = Flask(__name__, template_folder=str(templates_dir()), static_folder="static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _set_up_templates(app)
    access_log.number_requests(app)
    security.protect(app, settings)  # before caching: a foreign host is refused, not told that nothing changed
    # Pages change with the program too: a token of this start keeps answers of an older one from being reused.
    caching.cache(app, service, token=f"{fzsearch.__version__}-{secrets.token_hex(4)}")
    for pages in (views, browse, comparing, alike, reports, check_page, citing, api, feeds, health, problems):
        pages.register(app, service, settings)
    return app


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = _visible
    app.jinja_env.filters["number"] = "{:,}".format
    urls = (add_url, cite_url, compare_url, place_url, quoted, report_url, section_url, shared_url)
    for function in (*urls, display_title):
        app.jinja_env.globals[function.__name__] = function


def _visible(value: object) -> object:
    """Control characters of a text as the replacement character: HTML has no way to hold them."""
    # What is markup came out of a template, through here.
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value
