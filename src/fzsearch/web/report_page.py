"""What does the page of one report show? Outline, text with marks and addresses, how each value is known, ways on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport, Place, Provenance
from fzsearch.query import Facet
from fzsearch.service.marks import Mark, Span
from fzsearch.service.search import SearchRequest
from fzsearch.web.hits import Link
from fzsearch.web.params import quoted, search_url, with_values
from fzsearch.web.passages import display_title, place_note
from fzsearch.web.report_facts import ContentRow, Figures, MetaRow, content_rows, doubt, evidence, figures_of, meta_rows
from fzsearch.web.report_text import Form, OutlineNode, SectionView, forms_of, outline, section_views

_MAX_JUMPS = 60

Marker = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about the address that was asked for; `path` is the section that it stands at, "" for the page."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the page of a report depends on besides the report.

    Attributes:
        can_download: whether source files can be fetched.
        years: the township's reports in the corpus, this one included, by year.
        place_url: the page of the township, "" without one.
        before: what leads to the comparison with the year before; None where the corpus has none.
        note: what became of the address that was asked for; None when all is as it was.
    """

    can_download: bool = False
    years: tuple[Link, ...] = ()
    place_url: str = ""
    before: Link | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Everything that the template of a report shows.

    Attributes:
        address: permanent address of the whole report; `permalink` the link to it.
        search: address of the search that led here, "" without one; `back_url` is it too.
        jumps: anchors of the literal matches, at most 60 of `literal`.
        doubt: what is not settled about the place, as one sentence; `evidence` what was read about it.
        around: see Surroundings.
    """

    record: IndexedReport
    request: SearchRequest
    title: str
    crumbs: tuple[Link, ...]
    unsettled: str
    address: str
    permalink: str
    forms: tuple[Form, ...]
    sections: tuple[SectionView, ...]
    outline: tuple[OutlineNode, ...]
    jumps: tuple[str, ...]
    literal: int
    loose: int
    back_url: str
    search: str
    doubt: str
    candidates: tuple[Place, ...]
    evidence: tuple[tuple[str, Provenance], ...]
    meta: tuple[MetaRow, ...]
    contents: tuple[ContentRow, ...]
    figures: Figures
    around: Surroundings


def report_page(
    record: IndexedReport,
    stored: Sequence[StoredSection],
    request: SearchRequest,
    marker: Marker,
    around: Surroundings,
) -> ReportPage:
    """The page of a report.

    Args:
        record: the whole report.
        stored: its sections as stored.
        request: the search that led here; empty without one.
        marker: gives the ranges of a text that the search marks.
        around: see Surroundings.
    """
    marked = [(one, tuple(marker(one.section.text))) for one in stored]
    sections = section_views(marked)
    jumps = [anchor for section in sections for anchor in section.anchors]
    address = f"/r/{record.key}@{record.text_hash[:8]}"
    return ReportPage(
        record=record,
        request=request,
        title=display_title(record),
        crumbs=place_crumbs(record.report.place),
        unsettled=place_note(record.report.place),
        address=address,
        permalink=quoted(address),
        forms=forms_of(address),
        sections=sections,
        outline=outline(sections),
        jumps=tuple(jumps[:_MAX_JUMPS]),
        literal=len(jumps),
        loose=sum(span.mark is Mark.LOOSE for _, spans in marked for span in spans),
        back_url=search_url(request),
        search=search_url(request) if request.text else "",
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
