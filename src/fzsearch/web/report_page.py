"""What does the page of one report show? Outline, text with marks and addresses, and how each value is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport, Place, Section
from fzsearch.query import Facet
from fzsearch.service.marks import Mark, Span
from fzsearch.service.search import SearchRequest, section_url
from fzsearch.web.hits import Link
from fzsearch.web.params import quoted, search_url, with_values
from fzsearch.web.passages import Run, anchored_runs, display_title, heading_end, heading_text, place_note
from fzsearch.web.report_facts import MetaRow, PartRow, meta_rows, part_rows

_MAX_JUMPS = 60
_MAX_SIGN_CHARS = 30
_MAX_LETTERHEAD_CHARS = 60

Marker = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `style` is "", "flush" (title, salutation) or "sign" (sign-off)."""

    anchor: str
    style: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section; `tag` is the heading element, `address` its permanent address, `permalink` the link to it."""

    path: str
    tag: str
    label: str
    heading: tuple[Run, ...]
    paragraphs: tuple[Paragraph, ...]
    address: str
    permalink: str
    matches: int
    anchors: tuple[str, ...]


@dataclass(slots=True)
class OutlineNode:
    """A section in the outline, with the matches in its own text."""

    path: str
    label: str
    matches: int
    children: list["OutlineNode"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about the address that was asked for; `path` is the section that it stands at, "" for the page."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Everything that the template of a report shows.

    Attributes:
        address: permanent address of the whole report; `permalink` the link to it.
        jumps: anchors of the literal matches, at most 60 of `literal`.
        note: what became of the address that was asked for; None when all is as it was.
    """

    record: IndexedReport
    request: SearchRequest
    title: str
    crumbs: tuple[Link, ...]
    unsettled: str
    address: str
    permalink: str
    sections: tuple[SectionView, ...]
    outline: tuple[OutlineNode, ...]
    jumps: tuple[str, ...]
    literal: int
    loose: int
    back_url: str
    candidates: tuple[Place, ...]
    meta: tuple[MetaRow, ...]
    parts: tuple[PartRow, ...]
    can_download: bool
    note: Note | None


def report_page(
    record: IndexedReport,
    stored: Sequence[StoredSection],
    request: SearchRequest,
    marker: Marker,
    *,
    can_download: bool,
    note: Note | None = None,
) -> ReportPage:
    """The page of a report.

    Args:
        record: the whole report.
        stored: its sections as stored.
        request: the search that led here; empty without one.
        marker: gives the ranges of a text that the search marks.
        can_download: whether source files can be fetched.
        note: see ReportPage.
    """
    marked = [(one, tuple(marker(one.section.text))) for one in stored]
    sections = _sections(marked)
    jumps = [anchor for section in sections for anchor in section.anchors]
    address = f"/r/{record.key}@{record.text_hash[:8]}"
    return ReportPage(
        record=record,
        request=request,
        title=display_title(record),
        crumbs=_crumbs(record.report.place),
        unsettled=place_note(record.report.place),
        address=address,
        permalink=quoted(address),
        sections=sections,
        outline=outline(sections),
        jumps=tuple(jumps[:_MAX_JUMPS]),
        literal=len(jumps),
        loose=sum(span.mark is Mark.LOOSE for _, spans in marked for span in spans),
        back_url=search_url(request),
        candidates=record.report.place.candidates,
        meta=meta_rows(record),
        parts=part_rows(record.report.sections),
        can_download=can_download,
        note=note,
    )


def _crumbs(place: Place) -> tuple[Link, ...]:
    levels = (Facet.PROVINCE, place.province), (Facet.CITY, place.city), (Facet.COUNTY, place.county)
    named = {name: facet for facet, name in (*levels, (Facet.TOWNSHIP, place.township)) if name}
    return tuple(Link(name, search_url(with_values(SearchRequest(), facet, [name]))) for name, facet in named.items())


# ---- text


def _sections(marked: Sequence[tuple[StoredSection, tuple[Span, ...]]]) -> tuple[SectionView, ...]:
    found, count = [], 0
    for place, (stored, marks) in enumerate(marked):
        literal = [span.start for span in marks if span.mark is Mark.LITERAL]
        anchors = {start: f"h{count + number}" for number, start in enumerate(literal, 1)}
        count += len(literal)
        view = _section(stored, marks, anchors)
        found.append(_with_sign_off(view) if place == len(marked) - 1 and stored.section.level else view)
    return tuple(found)


def _section(stored: StoredSection, marks: Sequence[Span], anchors: dict[int, str]) -> SectionView:
    section = stored.section
    end = heading_end(section)
    address = section_url(stored)
    return SectionView(
        path=section.path,
        tag=f"h{min(6, section.path.count('.') + 2)}",
        label=heading_text(section),
        heading=anchored_runs(section.text, marks, 0, end, anchors) if end else (),
        paragraphs=_paragraphs(section, marks, end, anchors),
        address=address,
        permalink=quoted(address),
        matches=len(marks),
        anchors=tuple(anchors.values()),
    )


def _paragraphs(section: Section, marks: Sequence[Span], start: int, anchors: dict[int, str]) -> tuple[Paragraph, ...]:
    """The paragraphs of the body; an empty rest after the heading is none."""
    found: list[Paragraph] = []
    for line in section.text[start:].split("\n"):
        end = start + len(line)
        if line.strip():
            style = "flush" if section.level == 0 and _is_letterhead(line) else ""
            runs = anchored_runs(section.text, marks, start, end, anchors)
            found.append(Paragraph(anchor=f"{section.path}/p{len(found) + 1}", style=style, runs=runs))
        start = end + 1
    return tuple(found)


def _is_letterhead(line: str) -> bool:
    """Whether a line before the first heading is title, number or salutation rather than preamble."""
    return len(line) < _MAX_LETTERHEAD_CHARS and not line.rstrip().endswith(("。", "；", "，"))


def _with_sign_off(view: SectionView) -> SectionView:
    """The last section with its closing short lines, issuer and date, set as sign-off."""
    paragraphs = list(view.paragraphs)
    for place in reversed(range(len(paragraphs))):
        text = "".join(run.text for run in paragraphs[place].runs).strip()
        if len(text) > _MAX_SIGN_CHARS or text.endswith(("。", "；", "：", "！")):
            break
        paragraphs[place] = replace(paragraphs[place], style="sign")
    return replace(view, paragraphs=tuple(paragraphs))


def outline(sections: Sequence[SectionView]) -> tuple[OutlineNode, ...]:
    """The sections as a tree, by their paths; one whose parent is missing stands at the top."""
    top: list[OutlineNode] = []
    nodes: dict[str, OutlineNode] = {}
    for section in sections:
        node = nodes[section.path] = OutlineNode(section.path, section.label, section.matches)
        parent = nodes.get(section.path.rpartition(".")[0])
        (parent.children if parent else top).append(node)
    return tuple(top)
