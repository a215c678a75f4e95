"""Which pages are there? Each view parses, calls the service, renders; what a page shows is put together elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, redirect, render_template, request, send_file
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport
from fzsearch.query import MAX_CHARS, MAX_TERMS
from fzsearch.service.search import SearchService
from fzsearch.web.files import find_download
from fzsearch.web.home_page import examples, home_page
from fzsearch.web.params import PAGE_LIMITS, parse_request, quoted, report_url
from fzsearch.web.passages import display_title
from fzsearch.web.report_page import Note, report_page
from fzsearch.web.search_page import results_page

_HASH = re.compile(r"(?P<address>.*)@(?P<hash>[0-9a-f]{8})")


Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several reports that share a key."""

    record: IndexedReport
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Address:
    """A permanent address taken apart; `hash` None where it names no text."""

    path: str
    hash: str | None


def split_address(address: str) -> Address:
    """What stands before and after the @.

    >>> split_address("s2.4/p1@1a2b3c4d")
    Address(path='s2.4/p1', hash='1a2b3c4d')
    """
    match = _HASH.fullmatch(address)
    return Address(match["address"], match["hash"]) if match else Address(address, None)


class Pages:
    """The pages of the site over one service."""

    def __init__(self, service: SearchService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def home(self) -> str:
        """Ask, and see what the corpus holds."""
        return self._render("home.html", "home", page=home_page(self._service.overview()))

    def search(self) -> str:
        """Results."""
        answer = self._service.search(parse_request(request.args, PAGE_LIMITS))
        return self._render("search.html", "search", page=results_page(answer))

    def help(self) -> str:
        """The query language, with examples that find something here."""
        found = examples(self._service.overview())
        return self._render("help.html", "help", examples=found, max_chars=MAX_CHARS, max_terms=MAX_TERMS)

    def report(self, address: str) -> Page:
        """A report; a key that several reports share opens a choice."""
        wanted = split_address(address)
        choice = self._choice(wanted.path)
        if choice:
            return choice
        record = self._service.report(wanted.path)
        is_changed = wanted.hash is not None and not record.text_hash.startswith(wanted.hash)
        return self._report(record, _changed_note(f"/r/{address}") if is_changed else None)

    def section(self, key: str, address: str) -> Page:
        """The permanent address of a section: leads to it on the page of its report."""
        choice = self._choice(key, f"/{address}")
        if choice:
            return choice
        wanted = split_address(address)
        record = self._service.report(key)
        stored = {one.section.path: one for one in self._service.sections_of(record)}
        section = stored.get(wanted.path.partition("/")[0])
        if section is None:
            return self._report(record, _gone_note(f"/r/{key}/{address}")), HTTPStatus.NOT_FOUND
        was = address if wanted.hash not in {None, section.hash} else ""
        return redirect(report_url(key, parse_request(request.args, PAGE_LIMITS), anchor=wanted.path, was=was))

    def _report(self, record: IndexedReport, note: Note | None) -> str:
        asked = parse_request(request.args, PAGE_LIMITS)
        stored = self._service.sections_of(record)
        page = report_page(
            record,
            stored,
            asked,
            lambda text: self._service.marks(text, asked),
            can_download=self._settings.corpus is not None,
            note=note or _was_note(record.key, stored, request.args.get("was", "")),
        )
        return self._render("report.html", "", page=page)

    def _choice(self, key: str, rest: str = "") -> Page | None:
        """The choice between reports that share a key; None where there is nothing to choose."""
        records = self._service.namesakes(key)
        if not records:
            return None
        choices = [Choice(record, display_title(record), quoted(f"/r/{record.key}{rest}")) for record in records]
        return self._render("choice.html", "", key=key, choices=choices), HTTPStatus.MULTIPLE_CHOICES

    def file(self, key: str, number: int) -> Response:
        """A source file of a report, to be saved."""
        found = find_download(self._service.report(key), number, self._settings.corpus)
        return send_file(found.path, mimetype=found.content_type, as_attachment=True, download_name=found.name)

    def _render(self, template: str, here: str, **context: object) -> str:
        return render_template(template, here=here, info=self._service.info(), **context)


def _was_note(key: str, stored: Sequence[StoredSection], was: str) -> Note | None:
    """What became of the section address that led here; checked again, since anyone can write the parameter."""
    wanted = split_address(was)
    section = next((one for one in stored if one.section.path == wanted.path.partition("/")[0]), None)
    if section is None or wanted.hash in {None, section.hash}:
        return None
    return _changed_note(f"/r/{key}/{was}", section.section.path)


def _changed_note(address: str, path: str = "") -> Note:
    return Note(f"已改动：地址 {address} 所指的文字与现在的不同。下面是现在的文字，引用前请重新核对。", path)


def _gone_note(address: str) -> Note:
    return Note(f"已移除：这份报告现在没有地址 {address} 所指的段。下面是整份报告。")


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    pages = Pages(service, settings)
    app.add_url_rule("/", "home", pages.home)
    app.add_url_rule("/search", "search", pages.search)
    app.add_url_rule("/help", "help", pages.help)
    app.add_url_rule("/r/<address>", "report", pages.report)
    app.add_url_rule("/r/<key>/<path:address>", "section", pages.section)
    app.add_url_rule("/file/<key>/<int:number>", "file", pages.file)
