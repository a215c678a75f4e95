"""Why is a section a hit although it does not hold the query literally? Sentences for the label of such a hit."""

from collections.abc import Iterator

from fzsearch.analysis import normalize
from fzsearch.engine import StoredSection
from fzsearch.query import Node, Words, asked_leaves

_NUMERALS = {2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}
_NAMED_WORDS = 6


def loose_reasons(stored: StoredSection, root: Node | None) -> tuple[str, ...]:
    """One sentence for each asked-for term that the section does not hold literally but is found by; in query order."""
    text = normalize(stored.section.text)
    named = "\n".join(map(normalize, _names(stored)))
    terms = (leaf for leaf in asked_leaves(root) if isinstance(leaf, Words) and leaf.norm not in text)
    found = (_reason(leaf, text, named) for leaf in terms)
    return tuple(dict.fromkeys(reason for reason in found if reason))


def _names(stored: StoredSection) -> Iterator[str]:
    report = stored.report.report
    yield report.title or ""
    yield from report.place.names


def _reason(leaf: Words, text: str, named: str) -> str:
    present = [word for word in leaf.words if normalize(word) in text]
    if leaf.any_word:
        present = present or [part for part in leaf.parts if part in text]
    if leaf.any_word and present:
        return f"有其中的{_quoted(present)}"
    if len(present) == len(leaf.words) > 1:
        return f"有{_quoted(present)}{_NUMERALS.get(len(present), str(len(present)))}词，但不相连"
    if leaf.norm in named:
        return f"报告标题或地名含“{leaf.norm}”"
    return f"有“{present[0]}”这个词" if present else ""


def _quoted(words: list[str]) -> str:
    more = "等" if len(words) > _NAMED_WORDS else ""
    return "".join(f"“{word}”" for word in words[:_NAMED_WORDS]) + more
