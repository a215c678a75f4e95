"""How is one hit shown? Where it stands, what it is called, what is marked, where its links lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from fzsearch.query import Facet, Node, Term, asked_leaves, parse_query
from fzsearch.service.asking import Passage, SearchRequest
from fzsearch.service.marks import pieces
from fzsearch.service.paragraphs import heading_end
from fzsearch.web.params import place_url, report_url, search_url, with_values
from fzsearch.web.passages import Run, body_snippet, display_title, heading_text, place_note, runs


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `is_current` where it leads to the same page, `count` as in charts."""

    label: str
    url: str
    is_current: bool = False
    count: int = 0


def by_report(
    hits: Sequence[Passage], views: Sequence[SimpleNamespace], request: SearchRequest
) -> tuple[SimpleNamespace, ...]:
    """The hits of a page under their reports, in the order of the best hit of each."""
    records = {hit.stored.report.key: hit for hit in hits}
    found: dict[str, list[SimpleNamespace]] = {}
    for hit, view in zip(hits, views, strict=True):
        found.setdefault(hit.stored.report.key, []).append(view)
    return tuple(
        SimpleNamespace(
            title=display_title(records[key].stored.report),
            url=report_url(key, request),
            hits=tuple(members),
        )
        for key, members in found.items()
    )


def hit_views(hits: Sequence[Passage], request: SearchRequest) -> tuple[SimpleNamespace, ...]:
    """The hits of a page of a search, numbered from 1 over all pages."""
    has_words = asks_for_words(parse_query(request.text).root)
    return tuple(
        _hit_view(hit, number, request, has_words=has_words) for number, hit in enumerate(hits, request.offset + 1)
    )


def _hit_view(hit: Passage, number: int, request: SearchRequest, *, has_words: bool) -> SimpleNamespace:
    section, record = hit.stored.section, hit.stored.report
    return SimpleNamespace(
        number=number,
        # the section, whether it is literal, its permanent address.
        found=hit,
        crumbs=_crumbs(hit, request),
        # what is not settled about the place, "" when all is.
        unsettled=place_note(record.report.place),
        # "逐字" or why it is a hit though it is not; "" where no words were asked for.
        match=_match_label(hit) if has_words else "",
        title=_title(hit),
        snippet=body_snippet(section, hit.marks, hit.snippet),
        topics=tuple(Link(t, search_url(with_values(request, Facet.TOPIC, [t]))) for t in section.topics),
        # the report, opened at the section, with marks.
        url=report_url(record.key, request, anchor=section.path),
    )


def _crumbs(hit: Passage, request: SearchRequest) -> tuple[Link, ...]:
    place = hit.stored.report.report.place
    levels = (
        (Facet.PROVINCE, place.province),
        (Facet.CITY, place.city if place.city != place.province else None),
        (Facet.COUNTY, place.county),
    )
    wider = tuple(Link(name, search_url(with_values(request, facet, [name]))) for facet, name in levels if name)
    own = (Link(place.township, place_url(place.code or place.township)),) if place.township else ()
    return wider + own


def _title(hit: Passage) -> tuple[Run, ...]:
    section = hit.stored.section
    end = heading_end(section)
    return runs(pieces(section.text, hit.marks, 0, end)) if end else (Run(heading_text(section)),)


def _match_label(hit: Passage) -> str:
    return "逐字" if hit.exact else "：".join(("非逐字", "；".join(hit.reasons) or "按词找到"))


def asks_for_words(node: Node | None) -> bool:
    """Whether a typed tree holds words that a section can hold literally; fields and exclusions are none."""
    return any(isinstance(leaf, Term) for leaf in asked_leaves(node))
