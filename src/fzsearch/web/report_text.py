"""How is the text of a report set? Its sections with headings, paragraphs, marks, addresses and steps through hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace

from fzsearch.engine import StoredSection
from fzsearch.service.addresses import FORMS
from fzsearch.service.asking import section_url
from fzsearch.service.marks import Mark, Span
from fzsearch.service.paragraphs import heading_end, paragraph_spans
from fzsearch.web.params import quoted
from fzsearch.web.passages import anchored_runs, heading_text

FORM_LABELS = {"json": "JSON", "md": "Markdown", "txt": "纯文本"}
FORM_TYPES = {"json": "application/json", "md": "text/markdown", "txt": "text/plain"}

_MAX_SIGN_CHARS = 30
_MAX_LETTERHEAD_CHARS = 60


@dataclass(slots=True)
class OutlineNode:
    """A section in the outline, with the matches in its own text."""

    path: str
    label: str
    matches: int
    children: list["OutlineNode"] = field(default_factory=list)


def forms_of(address: str) -> tuple[SimpleNamespace, ...]:
    """The other representations of a permanent address."""
    return tuple(
        SimpleNamespace(label=FORM_LABELS[form], url=quoted(f"{address}.{form}"), content_type=FORM_TYPES[form])
        for form in FORMS
    )


def section_views(marked: Sequence[tuple[StoredSection, Sequence[Span]]]) -> tuple[SimpleNamespace, ...]:
    """The sections of a report, each with the ranges of its text that are marked."""
    found: list[SimpleNamespace] = []
    count = 0
    for stored, marks in marked:
        literal = [span.start for span in marks if span.mark is Mark.LITERAL]
        anchors = {start: f"h{count + number}" for number, start in enumerate(literal, 1)}
        count += len(literal)
        found.append(section_view(stored, marks, anchors))
    if found and marked[-1][0].section.level:
        _set_sign_off(found[-1])
    _set_steps(found)
    return tuple(found)


def section_view(
    stored: StoredSection, marks: Sequence[Span] = (), anchors: Mapping[int, str] | None = None
) -> SimpleNamespace:
    """One section; `anchors` by the offset of the match that each belongs to."""
    section, anchors = stored.section, anchors or {}
    end = heading_end(section)
    address = section_url(stored)
    return SimpleNamespace(
        path=section.path,
        # the heading element.
        tag=f"h{min(6, section.path.count('.') + 2)}",
        label=heading_text(section),
        heading=anchored_runs(section.text, marks, 0, end, anchors) if end else (),
        paragraphs=_paragraphs(stored, marks, anchors),
        # the unchanged source text, to be copied.
        text=section.text,
        # its permanent address; `permalink` the link to it, `forms` its other representations.
        address=address,
        permalink=quoted(address),
        forms=forms_of(address),
        matches=len(marks),
        # its literal matches, of `matches` in all.
        anchors=tuple(anchors.values()),
        previous="",
        next="",
    )


def _paragraphs(
    stored: StoredSection, marks: Sequence[Span], anchors: Mapping[int, str]
) -> tuple[SimpleNamespace, ...]:
    section = stored.section
    return tuple(
        SimpleNamespace(
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


def _set_sign_off(view: SimpleNamespace) -> None:
    """Set the closing short lines of the last section, issuer and date, as sign-off."""
    for paragraph in reversed(view.paragraphs):
        text = "".join(run.text for run in paragraph.runs).strip()
        if len(text) > _MAX_SIGN_CHARS or text.endswith(("。", "；", "：", "！")):
            break
        paragraph.style = "sign"


def _set_steps(views: Sequence[SimpleNamespace]) -> None:
    """Lead from the matches of a section to those of the sections before and after it."""
    found = [view for view in views if view.anchors]
    for one, following in pairwise(found):
        one.next, following.previous = following.anchors[0], one.anchors[-1]


def outline(sections: Sequence[SimpleNamespace]) -> tuple[OutlineNode, ...]:
    """The sections as a tree, by their paths; one whose parent is missing stands at the top."""
    top: list[OutlineNode] = []
    nodes: dict[str, OutlineNode] = {}
    for section in sections:
        node = nodes[section.path] = OutlineNode(section.path, section.label, section.matches)
        parent = nodes.get(section.path.rpartition(".")[0])
        (parent.children if parent else top).append(node)
    return tuple(top)
