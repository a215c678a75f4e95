"""How is one hit shown? Where it stands, what it is called, what is marked, where its links lead."""

from dataclasses import dataclass

from fzsearch.query import Facet
from fzsearch.service.compile import Match
from fzsearch.service.marks import Mark, pieces
from fzsearch.service.search import Passage, SearchRequest
from fzsearch.web.params import quoted, report_url, search_url, with_values
from fzsearch.web.passages import Run, body_snippet, heading_end, heading_text, place_note, runs


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `is_current` where it leads to the same page, `count` as in charts."""

    label: str
    url: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One hit.

    Attributes:
        match: "逐字" or in which way it is not; "" where nothing was asked for.
        url: the report, opened at the section, with marks; `address` is permanent and readable, `permalink` its link.
    """

    number: int
    crumbs: tuple[Link, ...]
    unsettled: str
    year: str
    part: str
    exact: bool
    match: str
    title: tuple[Run, ...]
    report_title: str | None
    snippet: tuple[Run, ...]
    topics: tuple[Link, ...]
    url: str
    address: str
    permalink: str


def hit_view(hit: Passage, number: int, request: SearchRequest) -> HitView:
    """A hit of a search, numbered from 1 over all pages."""
    section, record = hit.stored.section, hit.stored.report
    report = record.report
    return HitView(
        number=number,
        crumbs=_crumbs(hit, request),
        unsettled=place_note(report.place),
        year=str(report.year) if report.year else "年度未定",
        part=section.part.label,
        exact=hit.exact,
        match=_match_label(hit, request),
        title=_title(hit),
        report_title=report.title,
        snippet=body_snippet(section, hit.marks, hit.snippet),
        topics=tuple(Link(t, search_url(with_values(request, Facet.TOPIC, [t]))) for t in section.topics),
        url=report_url(record.key, request, anchor=section.path),
        address=hit.url,
        permalink=quoted(hit.url),
    )


def _crumbs(hit: Passage, request: SearchRequest) -> tuple[Link, ...]:
    place = hit.stored.report.report.place
    levels = (
        (Facet.PROVINCE, place.province),
        (Facet.CITY, place.city if place.city != place.province else None),
        (Facet.COUNTY, place.county),
        (Facet.TOWNSHIP, place.township),
    )
    return tuple(Link(name, search_url(with_values(request, facet, [name]))) for facet, name in levels if name)


def _title(hit: Passage) -> tuple[Run, ...]:
    section = hit.stored.section
    end = heading_end(section)
    return runs(pieces(section.text, hit.marks, 0, end)) if end else (Run(heading_text(section)),)


def _match_label(hit: Passage, request: SearchRequest) -> str:
    if not request.text.strip():
        return ""
    if hit.exact:
        return "逐字"
    if request.match is Match.ANY:
        return "非逐字：有其中的词"
    has_loose = any(span.mark is Mark.LOOSE for span in hit.marks)
    return "非逐字：词都有，但不相连" if has_loose else "非逐字：有的词只见于报告标题或地名"
