"""What does the page of one report show? Outline, text with marks and addresses, how each value is known, ways on."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport, Place
from fzsearch.query import Facet
from fzsearch.service.asking import SearchRequest
from fzsearch.service.marks import Mark, Span
from fzsearch.web.hits import Link
from fzsearch.web.params import quoted, search_url, with_values
from fzsearch.web.passages import display_title, place_note
from fzsearch.web.report_facts import content_rows, doubt, evidence, figures_of, meta_rows
from fzsearch.web.report_text import forms_of, outline, section_views

_MAX_JUMPS = 60

Marker = Callable[[str], Sequence[Span]]


def report_page(
    record: IndexedReport,
    stored: Sequence[StoredSection],
    request: SearchRequest,
    marker: Marker,
    around: SimpleNamespace,
) -> SimpleNamespace:
    """The page of a report.

    Args:
        record: the whole report.
        stored: its sections as stored.
        request: the search that led here; empty without one.
        marker: gives the ranges of a text that the search marks.
        around: what the page depends on besides the report: its neighbours, and how the visitor came.
    """
    marked = [(one, tuple(marker(one.section.text))) for one in stored]
    sections = section_views(marked)
    jumps = [anchor for section in sections for anchor in section.anchors]
    address = f"/r/{record.key}@{record.text_hash[:8]}"
    return SimpleNamespace(
        record=record,
        request=request,
        title=display_title(record),
        crumbs=place_crumbs(record.report.place),
        unsettled=place_note(record.report.place),
        # permanent address of the whole report; `permalink` the link to it.
        address=address,
        permalink=quoted(address),
        forms=forms_of(address),
        sections=sections,
        outline=outline(sections),
        # anchors of the literal matches, at most 60 of `literal`.
        jumps=tuple(jumps[:_MAX_JUMPS]),
        literal=len(jumps),
        loose=sum(span.mark is Mark.LOOSE for _, spans in marked for span in spans),
        back_url=search_url(request),
        # address of the search that led here, "" without one; `back_url` is it too.
        search=search_url(request) if request.text else "",
        # what is not settled about the place, as one sentence; `evidence` what was read about it.
        doubt=doubt(record.report.place),
        candidates=record.report.place.candidates,
        evidence=evidence(record.report.provenance),
        meta=meta_rows(record),
        contents=content_rows(record.report.contents),
        figures=figures_of(record),
        around=around,
    )


def place_crumbs(place: Place) -> tuple[Link, ...]:
    """The names of a place, widest first, each leading to what the corpus holds of it."""
    levels = (Facet.PROVINCE, place.province), (Facet.CITY, place.city), (Facet.COUNTY, place.county)
    named = {name: facet for facet, name in (*levels, (Facet.TOWNSHIP, place.township)) if name}
    return tuple(Link(name, search_url(with_values(SearchRequest(), facet, [name]))) for name, facet in named.items())
