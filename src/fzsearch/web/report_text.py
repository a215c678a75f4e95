"""How is the text of a report set? Its sections with headings, paragraphs, marks, addresses and steps through hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fzsearch.engine import StoredSection
from fzsearch.service.addresses import FORMS
from fzsearch.service.marks import Mark, Span
from fzsearch.service.paragraphs import heading_end, paragraph_spans
from fzsearch.service.search import section_url
from fzsearch.web.params import quoted
from fzsearch.web.passages import Run, anchored_runs, heading_text

FORM_LABELS = {"json": "JSON", "md": "Markdown", "txt": "纯文本"}
FORM_TYPES = {"json": "application/json", "md": "text/markdown", "txt": "text/plain"}

_MAX_SIGN_CHARS = 30
_MAX_LETTERHEAD_CHARS = 60


@dataclass(frozen=True, slots=True)
class Form:
    """Another representation of the same address."""

    label: str
    url: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `address` is the permanent one, `style` "", "flush" (title, salutation) or "sign" (sign-off)."""

    anchor: str
    address: str
    style: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section.

    Attributes:
        tag: the heading element.
        text: the unchanged source text, to be copied.
        address: its permanent address; `permalink` the link to it, `forms` its other representations.
        anchors: its literal matches, of `matches` in all.
        previous, next: anchors of the last match before it and of the first one after it, "" where there is none.
    """

    path: str
    tag: str
    label: str
    heading: tuple[Run, ...]
    paragraphs: tuple[Paragraph, ...]
    text: str
    address: str
    permalink: str
    forms: tuple[Form, ...]
    matches: int
    anchors: tuple[str, ...]
    previous: str = ""
    next: str = ""


@dataclass(slots=True)
class OutlineNode:
    """A section in the outline, with the matches in its own text."""

    path: str
    label: str
    matches: int
    children: list["OutlineNode"] = field(default_factory=list)


def forms_of(address: str) -> tuple[Form, ...]:
    """The other representations of a permanent address."""
    return tuple(Form(FORM_LABELS[form], quoted(f"{address}.{form}"), FORM_TYPES[form]) for form in FORMS)


def section_views(marked: Sequence[tuple[StoredSection, Sequence[Span]]]) -> tuple[SectionView, ...]:
    """The sections of a report, each with the ranges of its text that are marked."""
    found: list[SectionView] = []
    count = 0
    for stored, marks in marked:
        literal = [span.start for span in marks if span.mark is Mark.LITERAL]
        anchors = {start: f"h{count + number}" for number, start in enumerate(literal, 1)}
        count += len(literal)
        found.append(section_view(stored, marks, anchors))
    if found and marked[-1][0].section.level:
        found[-1] = _with_sign_off(found[-1])
    return _with_steps(found)


def section_view(
    stored: StoredSection, marks: Sequence[Span] = (), anchors: Mapping[int, str] | None = None
) -> SectionView:
    """One section; `anchors` by the offset of the match that each belongs to."""
    section, anchors = stored.section, anchors or {}
    end = heading_end(section)
    address = section_url(stored)
    return SectionView(
        path=section.path,
        tag=f"h{min(6, section.path.count('.') + 2)}",
        label=heading_text(section),
        heading=anchored_runs(section.text, marks, 0, end, anchors) if end else (),
        paragraphs=_paragraphs(stored, marks, anchors),
        text=section.text,
        address=address,
        permalink=quoted(address),
        forms=forms_of(address),
        matches=len(marks),
        anchors=tuple(anchors.values()),
    )


def _paragraphs(stored: StoredSection, marks: Sequence[Span], anchors: Mapping[int, str]) -> tuple[Paragraph, ...]:
    section = stored.section
    return tuple(
        Paragraph(
            anchor=f"{section.path}/p{number}",
            address=f"/r/{stored.id}/p{number}@{stored.hash}",
            style="flush" if section.level == 0 and _is_letterhead(section.text[start:end]) else "",
            runs=anchored_runs(section.text, marks, start, end, anchors),
        )
        for number, (start, end) in enumerate(paragraph_spans(section), 1)
    )


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


def _with_steps(views: Sequence[SectionView]) -> tuple[SectionView, ...]:
    """Sections with matches lead to the matches before and after them."""
    anchors = [view.anchors for view in views]
    before, after = [""] * len(views), [""] * len(views)
    for at in range(1, len(views)):
        before[at] = anchors[at - 1][-1] if anchors[at - 1] else before[at - 1]
        after[-at - 1] = anchors[-at][0] if anchors[-at] else after[-at]
    return tuple(
        replace(view, previous=last, next=first) if view.anchors else view
        for view, last, first in zip(views, before, after, strict=True)
    )


def outline(sections: Sequence[SectionView]) -> tuple[OutlineNode, ...]:
    """The sections as a tree, by their paths; one whose parent is missing stands at the top."""
    top: list[OutlineNode] = []
    nodes: dict[str, OutlineNode] = {}
    for section in sections:
        node = nodes[section.path] = OutlineNode(section.path, section.label, section.matches)
        parent = nodes.get(section.path.rpartition(".")[0])
        (parent.children if parent else top).append(node)
    return tuple(top)
