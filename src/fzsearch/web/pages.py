"""What do the classes of pages share? Service and settings, a way to render, parts of lists, today's date, tables."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from flask import Response, render_template

from fzsearch.config import Settings
from fzsearch.service.search import SearchService

One = TypeVar("One")


class Pages:
    """Routes over one service."""

    def __init__(self, service: SearchService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def _render(self, template: str, here: str = "", **context: object) -> str:
        """A template with what it shows; `here` is the entry of the main navigation that it belongs to.

        Pages that can do without the engine give `info` themselves, None while it is away.
        """
        if "info" not in context:
            context["info"] = self._service.info()
        return render_template(template, here=here, **context)


def on_page(
    found: Sequence[One], number: int, size: int, url: Callable[[int], str]
) -> tuple[Sequence[One], dict[str, int | str]]:
    """The part of a list on a page, from 1; and for its template which it is, of how many, and the pages beside it."""
    start = (number - 1) * size
    shown = found[start : start + size]
    return shown, {
        "first": start + 1,
        "last": start + len(shown),
        "count": len(found),
        "back": url(number - 1) if number > 1 else "",
        "on": url(number + 1) if start + size < len(found) else "",
    }


def today() -> date:
    """The date that stands in exports and citations."""
    return datetime.now().astimezone().date()


def download(text: str, name: str) -> Response:
    """A table to be saved."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{today()}.csv"'
    response.headers["Cache-Control"] = "no-store"  # it holds the date
    return response
