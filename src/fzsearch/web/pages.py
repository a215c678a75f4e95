"""What do the classes of pages share? Service and settings, a way to render, today's date, tables to be saved."""

from datetime import date, datetime

from flask import Response, render_template

from fzsearch.config import Settings
from fzsearch.service.search import SearchService


class Pages:
    """Routes over one service."""

    def __init__(self, service: SearchService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def _render(self, template: str, here: str = "", **context: object) -> str:
        """A template with what it shows; `here` is the entry of the main navigation that it belongs to."""
        return render_template(template, here=here, info=self._service.info(), **context)


def today() -> date:
    """The date that stands in exports and citations."""
    return datetime.now().astimezone().date()


def download(text: str, name: str) -> Response:
    """A table to be saved."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{today()}.csv"'
    response.headers["Cache-Control"] = "no-store"  # it holds the date
    return response
