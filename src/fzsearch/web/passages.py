"""How is a text cut into what a page shows: heading, paragraphs, marked runs? Joined again, the pieces are the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fzsearch.model import Place, Section
from fzsearch.service.markdown import display_title as display_title  # noqa: PLC0414 - pages take it from here
from fzsearch.service.marks import Mark, Piece, Span, pieces, snippet
from fzsearch.service.paragraphs import heading_end

_MAX_OPENING_CHARS = 40


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text; `mark` is "" , "literal" or "loose"; `anchor` an id that a link can lead to."""

    text: str
    mark: str = ""
    anchor: str = ""


def heading_text(section: Section) -> str:
    """What a section is called in lists: its heading, else how its text begins."""
    end = heading_end(section)
    if end:
        return section.text[:end].strip().rstrip("，、；：。")
    if section.level == 0:
        return "导语"
    opening = section.text.partition("。")[0].partition("\n")[0].strip()
    return opening if len(opening) <= _MAX_OPENING_CHARS else f"{opening[:_MAX_OPENING_CHARS]}…"


def body_snippet(section: Section, marks: Sequence[Span], whole: tuple[Piece, ...]) -> tuple[Run, ...]:
    """The snippet of a hit without its heading, which stands above it; `whole` where a match runs across the border.

    Empty where the section has no text of its own.
    """
    start = heading_end(section)
    if any(span.start < start < span.end for span in marks):
        return runs(whole)
    if not section.text[start:].strip():
        return ()
    in_body = [Span(span.start - start, span.end - start, span.mark) for span in marks if span.start >= start]
    return runs(snippet(section.text[start:].lstrip("\n"), _shifted(in_body, section.text[start:])))


def _shifted(marks: Sequence[Span], text: str) -> list[Span]:
    lead = len(text) - len(text.lstrip("\n"))
    return [Span(span.start - lead, span.end - lead, span.mark) for span in marks]


def runs(found: Sequence[Piece]) -> tuple[Run, ...]:
    """Pieces for a template."""
    return tuple(Run(piece.text, piece.mark.value if piece.mark else "") for piece in found)


def anchored_runs(
    text: str, marks: Sequence[Span], start: int, end: int, anchors: Mapping[int, str]
) -> tuple[Run, ...]:
    """A part of a text in runs; a mark gets the anchor of the position in the text where it begins."""
    found, at = [], start
    for piece in pieces(text, marks, start, end):
        anchor = anchors.get(at, "") if piece.mark is Mark.LITERAL else ""
        found.append(Run(piece.text, piece.mark.value if piece.mark else "", anchor))
        at += len(piece.text)
    return tuple(found)


def place_note(place: Place) -> str:
    """What is not settled about a place, "" when all is."""
    if place.is_ambiguous:
        return f"县未定，{len(place.candidates)} 处候选"
    if not place.township:
        return "乡镇未定"
    return "" if place.county else "县未定"


def percent(share: float) -> str:
    """A share from 0 to 1 as people read it.

    >>> percent(0.274), percent(0.004), percent(0.0)
    ('27%', '不足 1%', '0%')
    """
    return f"{share:.0%}" if share == 0 or share >= 0.005 else "不足 1%"  # noqa: PLR2004 - what rounds to 0
