"""Which pages put reports beside each other? Two reports sentence by sentence, and what wording reports share."""

from http import HTTPStatus
from types import SimpleNamespace

from flask import Flask, redirect, request
from werkzeug import Response

from fzsearch.config import Settings
from fzsearch.service.addresses import parse_address
from fzsearch.service.choosing import find_reports, key_of
from fzsearch.service.near import near_names
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import check_names
from fzsearch.service.tables import copying_csv
from fzsearch.web.compare_page import compare_page, pair_rows, partner_rows, report_rows
from fzsearch.web.hits import Link
from fzsearch.web.overlap_page import filtered, overlap_page, shared_page
from fzsearch.web.pages import Pages, download, today
from fzsearch.web.params import (
    REGION_NAMES,
    CompareRequest,
    compare_url,
    parse_compare,
    parse_overlap,
    parse_page,
    shared_url,
)
from fzsearch.web.problems import UnknownNameError

_PATIENCE_S = 2.5
"""How long a page waits for what is worked out once for each state of the index; then it says so and comes again."""

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


class Alike(Pages):
    """The routes over one service."""

    # ---- two reports

    def compare(self) -> Page:
        """Two reports beside each other, or the choice of them.

        Raises:
            UnknownNameError: a name that fits no report.
        """
        wanted, overview = parse_compare(request.args), self._service.overview()
        sides = {name: self._named(overview, typed, name, wanted) for name, typed in _typed(wanted).items()}
        keys = {name: entries[0].key for name, entries in sides.items() if len(entries) == 1}
        if len(keys) == 2 and keys["a"] != keys["b"]:  # noqa: PLR2004 - both
            if (keys["a"], keys["b"]) != (wanted.old, wanted.new):
                return redirect(compare_url(keys["a"], keys["b"], wanted.fate, wanted.page))
            old, new = self._service.report(keys["a"]), self._service.report(keys["b"])
            return self._render("compare.html", "compare", page=compare_page(old, new, wanted))
        return self._choice(overview, wanted, sides)

    def _named(self, overview: Overview, typed: str, name: str, wanted: CompareRequest) -> tuple[Entry, ...]:
        """The reports that may be meant; none where nothing was typed."""
        found = find_reports(overview, typed)
        if found or not typed:
            return found
        resolved = self._service.resolve(parse_address(key_of(typed)))
        keys = {one.key for one in (*resolved.rivals, *([resolved.record] if resolved.record else []))}
        if not keys:
            near = near_names(typed, overview.atlas.named)
            links = (Link(one, compare_url(*((one, wanted.new) if name == "a" else (wanted.old, one)))) for one in near)
            raise UnknownNameError(f"没有找到“{typed}”的报告；可写报告编号、报告地址，或乡镇名加年度", tuple(links))
        return tuple(entry for entry in overview.entries if entry.key in keys)

    def _choice(self, overview: Overview, wanted: CompareRequest, sides: dict[str, tuple[Entry, ...]]) -> Page:
        known = {name: entries[0] for name, entries in sides.items() if len(entries) == 1}
        unclear = next((name for name, entries in sides.items() if len(entries) > 1), "")
        is_same = len(known) == 2  # noqa: PLR2004 - both, and they are one
        wanted = CompareRequest(
            old=known["a"].key if "a" in known else wanted.old,
            new=known["b"].key if "b" in known and not is_same else "" if is_same else wanted.new,
        )
        asked = unclear or ("b" if "a" in known else "a" if "b" in known else "")
        if unclear:
            rows, more = report_rows(sides[unclear], wanted, unclear)
        elif known:
            rows, more = partner_rows(overview, next(iter(known.values())).key), 0
        else:
            rows, more = pair_rows(overview)
        choice = SimpleNamespace(
            wanted=wanted, old=known.get("a"), new=None if is_same else known.get("b"), rows=rows, more=more,
            asked=asked, typed=_typed(wanted)[unclear] if unclear else "",
            note="两边是同一份报告；请另选一份来比较" if is_same else "",
        )  # fmt: skip
        status = HTTPStatus.BAD_REQUEST if is_same else HTTPStatus.MULTIPLE_CHOICES if unclear else HTTPStatus.OK
        return self._render("compare_choice.html", "compare", page=choice), status

    # ---- shared wording

    def overlap(self) -> Page:
        """All reports with what they share."""
        wanted = parse_overlap(request.args)
        found = self._service.copying_soon(_PATIENCE_S)
        if found is None:
            return self._wait()
        page = overlap_page(found, self._service.overview(), wanted)
        return self._render("overlap.html", "overlap", page=page)

    def overlap_csv(self) -> Response:
        """The same as CSV, all of it."""
        check_names(request.args, REGION_NAMES)
        found = filtered(self._service.copying(), parse_overlap(request.args))
        return download(copying_csv(found, self._service.info().version, str(today())), "fzsearch-overlap")

    def shared(self, key: str) -> Page:
        """What of one report stands in others too.

        Raises:
            UnknownNameError: no report of that key.
        """
        page, overview = parse_page(request.args), self._service.overview()
        entries = [entry for entry in overview.entries if entry.key == key]
        if not entries:
            resolved = self._service.resolve(parse_address(key))
            others = resolved.rivals or ((resolved.record,) if resolved.record else ())
            if len(others) == 1:
                return redirect(shared_url(others[0].key))
            near = tuple(Link(one.key, shared_url(one.key)) for one in others)
            raise UnknownNameError(f"没有编号正好是“{key}”的报告", near)
        if self._service.copying_soon(_PATIENCE_S) is None:
            return self._wait()
        copying, passages = self._service.shared_passages(key)
        return self._render("shared.html", "overlap", page=shared_page(copying, passages, page))

    def _wait(self) -> Page:
        body = self._render("waiting.html", "overlap")
        return body, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "3", "Cache-Control": "no-store"}


def _typed(wanted: CompareRequest) -> dict[str, str]:
    return {"a": wanted.old, "b": wanted.new}


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the routes to an application."""
    pages = Alike(service, settings)
    app.add_url_rule("/compare", "compare", pages.compare)
    app.add_url_rule("/overlap", "overlap", pages.overlap)
    app.add_url_rule("/overlap.csv", "overlap_csv", pages.overlap_csv)
    app.add_url_rule("/overlap/<path:key>", "shared", pages.shared)
