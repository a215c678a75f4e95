"""Which characters of a passage are what was asked for? Highlights and snippets over the unchanged source text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fzsearch.analysis import normalize_with_offsets
from fzsearch.analysis.topics import TopicRule
from fzsearch.query import Literal, Node, Words, asked_leaves

SNIPPET_CHARS = 160
_LEAD_CHARS = 36


class Mark(StrEnum):
    """How a highlighted run matches: literally, or as one word of a term that does not stand there as a whole."""

    LITERAL = "literal"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of source text; `mark` is None where nothing was asked for."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A marked range of the source text; end excluded."""

    start: int
    end: int
    mark: Mark


def spans(text: str, root: Node | None) -> tuple[Span, ...]:
    """The marked ranges of a text for an engine tree: in order, not overlapping, never empty."""
    leaves = [leaf for leaf in asked_leaves(root) if isinstance(leaf, Literal | Words)]
    if not leaves:
        return ()
    normalized = normalize_with_offsets(text)
    literal, loose = [], []
    for leaf in leaves:
        found = normalized.find_all(leaf.norm)
        literal += found
        if not found and isinstance(leaf, Words):
            words = [place for word in leaf.words for place in normalized.find_all(word)]
            parts = leaf.parts if leaf.any_word and not words else ()
            loose += words or [place for part in parts for place in normalized.find_all(part)]
    merged = _merged(literal)
    outside = (
        place for place in _merged(loose) if not any(place[0] < end and start < place[1] for start, end in merged)
    )
    marked = [Span(*place, Mark.LITERAL) for place in merged] + [Span(*place, Mark.LOOSE) for place in outside]
    return tuple(sorted(marked, key=lambda span: span.start))


def topic_spans(text: str, rule: TopicRule) -> tuple[Span, ...]:
    """The ranges of a text for which it counts as speaking of a topic."""
    normalized = normalize_with_offsets(text)
    places = _merged(normalized.span(*place) for place in rule.places(normalized.text))
    return tuple(Span(*place, Mark.LITERAL) for place in places)


def pieces(text: str, marked: Sequence[Span], start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """A text from `start` to `end` cut at its marks; the pieces join to exactly that text."""
    end = len(text) if end is None else end
    found, at = [], start
    for span in marked:
        if span.end <= start or span.start >= end:
            continue
        low, high = max(span.start, start), min(span.end, end)
        if low > at:
            found.append(Piece(text[at:low]))
        found.append(Piece(text[low:high], span.mark))
        at = high
    if at < end:
        found.append(Piece(text[at:end]))
    return tuple(found)


def snippet(text: str, marked: Sequence[Span]) -> tuple[Piece, ...]:
    """About 160 characters of a text where most of its marks stand, cut marks shown as …."""
    start = _window(text, marked)
    end = min(len(text), start + SNIPPET_CHARS)
    # A literal match longer than the window is shown whole.
    end = max([end, *(span.end for span in marked if start <= span.start < end)])
    before, after = ("…",) if start else (), ("…",) if end < len(text) else ()
    return (*map(Piece, before), *pieces(text, marked, start, end), *map(Piece, after))


def _window(text: str, marked: Sequence[Span]) -> int:
    """Where the snippet begins: before the mark from which the most marked characters are in reach."""
    if not marked or len(text) <= SNIPPET_CHARS:
        return 0

    def weight(first: Span) -> int:
        reach = first.start - _LEAD_CHARS + SNIPPET_CHARS
        inside = (span for span in marked if first.start <= span.start < reach)
        return sum((span.end - span.start) * (2 if span.mark is Mark.LITERAL else 1) for span in inside)

    best = max(marked, key=weight)
    start = max(0, min(best.start - _LEAD_CHARS, len(text) - SNIPPET_CHARS))
    # Begin after a mark of punctuation when one is near.
    cut = max(text.rfind(stop, start, best.start) for stop in "。；\n")
    return cut + 1 if cut >= 0 else start


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
