"""Where does a permanent address lead? The routes under /r/ and the download of source files."""

from http import HTTPStatus
from io import BytesIO
from types import SimpleNamespace

from flask import Flask, redirect, request, send_file
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.engine.facets import township_identity
from fzsearch.errors import QueryError
from fzsearch.service.addresses import parse_address
from fzsearch.service.choosing import successive
from fzsearch.service.differences import MAX_CHARS
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.places import Entry
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import PAGE_LIMITS, parse_request
from fzsearch.web.files import find_download
from fzsearch.web.hits import Link
from fzsearch.web.links_page import choices, landing_page, moved_note
from fzsearch.web.pages import Pages
from fzsearch.web.params import compare_url, place_url, report_url
from fzsearch.web.report_page import report_page
from fzsearch.web.representations import represent

Page = str | Response | tuple[str, int]


class Reports(Pages):
    """The pages of reports and sections over one service."""

    def address(self, address: str) -> Page:
        """Whatever stands at an address now: a page, a redirect, a choice, or what is known of a text that is gone."""
        wanted = parse_address(address)
        found = self._service.resolve(wanted)
        if wanted.form:
            return represent(self._service, found, wanted.form, request.host_url)
        if found.state is LinkState.SEVERAL:
            page = self._render("choice.html", asked=found.address, choices=choices(found))
            return page, HTTPStatus.MULTIPLE_CHOICES
        if found.state is LinkState.CHANGED:
            return self._landing("changed.html", found)
        if found.record is None or found.state is LinkState.REMOVED:
            return self._landing("removed.html", found), HTTPStatus.NOT_FOUND
        if found.state is LinkState.SAME and found.section is None:
            return self._report(found.record.key)
        was = str(wanted) if found.state is LinkState.MOVED else ""
        return redirect(report_url(found.record.key, parse_request(request.args, PAGE_LIMITS), found.anchor, was))

    def _report(self, key: str) -> str:
        record, asked = self._service.report(key), parse_request(request.args, PAGE_LIMITS)
        identity = township_identity(record.report.place)
        around = SimpleNamespace(
            can_download=self._settings.corpus is not None,
            # the reports of the township, this one included, by year; `before` compares this one with the year before
            years=self._years(identity, key),
            place_url=place_url(identity) if identity else "",
            before=self._before(identity, key),
            # what became of the address that was asked for; None when all is as it was
            note=self._was_note(key, request.args.get("was", "")),
        )
        stored = self._service.sections_of(record)
        page = report_page(record, stored, asked, lambda text: self._service.marks(text, asked), around)
        return self._render("report.html", page=page)

    def _was_note(self, key: str, was: str) -> SimpleNamespace | None:
        """What is said about the address that led here; looked up again, since anyone can write the parameter."""
        found = self._service.resolve(parse_address(was)) if was else None
        is_true = found and found.state is LinkState.MOVED and found.record and found.record.key == key
        return moved_note(found) if found and is_true else None

    def _landing(self, template: str, found: Resolution) -> str:
        quotation = request.args.get("old", "")
        if len(quotation) > MAX_CHARS:
            raise QueryError(f"要对照的文字最多 {MAX_CHARS} 字，现在有 {len(quotation)} 字；请只贴要核对的那几句")
        place = found.record.report.place if found.record else None
        identity = township_identity(place) if place else found.address.key.rpartition("-")[0]
        years = self._years(identity, found.record.key if found.record else "")
        stored = self._service.sections_of(self._service.report(found.record.key)) if found.record else ()
        page = landing_page(found, stored, years, quotation)
        return self._render(template, page=page, max_chars=MAX_CHARS)

    def _years(self, identity: str, key: str) -> tuple[Link, ...]:
        """The reports of a township, by year; none where nothing is known but this one."""
        atlas = self._service.overview().atlas
        known = [atlas.townships[identity]] if identity in atlas.townships else atlas.named.get(identity, ())
        links = tuple(
            Link(_year_label(one), report_url(one.key), is_current=one.key == key)
            for township in known
            for one in township.entries
        )
        return links if any(not link.is_current for link in links) else ()

    def _before(self, identity: str, key: str) -> Link | None:
        """The comparison with the township's year before, as the corpus has it."""
        township = self._service.overview().atlas.townships.get(identity)
        pairs = successive(township) if township else ()
        found = next((before for before, after in pairs if after.key == key), None)
        return Link(f"与 {found.year} 年度比较", compare_url(found.key, key)) if found else None

    def file(self, key: str, number: int) -> Response:
        """A source file of a report, to be saved."""
        found = find_download(self._service.report(key), number, self._settings.corpus)
        return send_file(BytesIO(found.data), mimetype=found.content_type, as_attachment=True, download_name=found.name)


def _year_label(entry: Entry) -> str:
    """The year, with the digits that tell two reports of one year apart."""
    rival = entry.key.partition("~")[2]
    return (f"{entry.year} 年度" if entry.year else "年度未定") + (f" ~{rival}" if rival else "")


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    reports = Reports(service, settings)
    app.add_url_rule("/r/<path:address>", "report", reports.address)
    app.add_url_rule("/file/<key>/<int:number>", "file", reports.file)
