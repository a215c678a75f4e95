"""What does a typed query ask of an engine? Typed leaves become normal forms, words and facet values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fzsearch.analysis import STOP_WORDS, normalize, words
from fzsearch.model import PART_LABELS
from fzsearch.query import (
    And,
    Facet,
    FacetIs,
    Field,
    FieldHas,
    FieldName,
    Literal,
    Node,
    Not,
    Or,
    ParsedQuery,
    Term,
    Words,
)

_YEARS = re.compile(r"(\d{4})(?:(?:-|~|—|–|至|到|\.\.)(\d{4}))?")
_FACET_OF = {
    FieldName.PROVINCE: Facet.PROVINCE,
    FieldName.CITY: Facet.CITY,
    FieldName.COUNTY: Facet.COUNTY,
    FieldName.TOWNSHIP: Facet.TOWNSHIP,
    FieldName.TOPIC: Facet.TOPIC,
}


class Match(StrEnum):
    """Whether a hit must hold all terms, or any of them (questions in sentences)."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An engine tree, with notes on what was read otherwise than typed."""

    root: Node | None
    notes: tuple[str, ...]


def compile_query(parsed: ParsedQuery, match: Match, values_of: Callable[[Facet], Sequence[str]]) -> Compiled:
    """The engine tree of a parsed query.

    Args:
        parsed: what the parser understood.
        match: how terms are joined.
        values_of: the values of a facet that the index knows, so that 县:云阳 finds 云阳县.
    """
    if parsed.root is None:
        return Compiled(None, ())
    compiler = _Compiler(match, values_of)
    root = compiler.top(parsed.root)
    whole = normalize(parsed.text)
    # What was typed may stand in a report as it is, operators and all.
    is_one_term = isinstance(root, Literal) or (isinstance(root, Words) and root.norm == whole)
    if whole and not is_one_term:
        root = Or((Literal(whole), root))
    return Compiled(root, tuple(compiler.notes))


class _Compiler:
    def __init__(self, match: Match, values_of: Callable[[Facet], Sequence[str]]) -> None:
        self._match = match
        self._values_of = values_of
        self.notes: list[str] = []

    def top(self, node: Node) -> Node:
        """The root; with `--match any` its terms are joined by OR, fields and exclusions still hold."""
        if self._match is Match.ALL or not isinstance(node, And):
            return self.node(node)
        terms = [self.node(child) for child in node.children if not isinstance(child, Not | Field)]
        rest = [self.node(child) for child in node.children if isinstance(child, Not | Field)]
        joined = [Or(tuple(terms))] if terms else []
        return And((*joined, *rest))

    def node(self, node: Node) -> Node:
        match node:
            case And(children):
                return And(tuple(self.node(child) for child in children))
            case Or(children):
                return Or(tuple(self.node(child) for child in children))
            case Not(child):
                return Not(self.node(child))
            case Term(text, quoted):
                return self._term(text, quoted=quoted)
            case Field(name, value):
                return self._field(name, value)
            case _:
                return node

    def _term(self, text: str, *, quoted: bool) -> Node:
        norm = normalize(text)
        if quoted or not norm:
            return Literal(norm)
        found = tuple(dict.fromkeys(words(text)))
        if self._match is Match.ALL:
            return Words(norm, found)
        strong = tuple(word for word in found if word not in STOP_WORDS) or found
        return Words(norm, strong, any_word=True, weak=tuple(word for word in found if word not in strong))

    def _field(self, name: FieldName, value: str) -> Node:
        if name is FieldName.YEAR:
            return self._years(value)
        if name is FieldName.PART:
            return self._parts(value)
        if name in _FACET_OF:
            return self._named(_FACET_OF[name], value)
        return FieldHas(name, normalize(value))

    def _years(self, value: str) -> Node:
        years = _YEARS.fullmatch(normalize(value).removesuffix("年").removesuffix("年度"))
        if not years:
            self.notes.append(f"“{value}”不是四位年份，已当作普通文字查；年份写作 年:2024 或 年:2021-2024")
            return self._term(value, quoted=False)
        first, last = int(years[1]), int(years[2] or years[1])
        known = (year for year in self._values_of(Facet.YEAR) if year.isdigit() and first <= int(year) <= last)
        return FacetIs(Facet.YEAR, tuple(known) or (years[1],))

    def _parts(self, value: str) -> Node:
        norm = normalize(value)
        found = tuple(part.value for part, label in PART_LABELS.items() if norm == part.value or norm in label)
        return FacetIs(Facet.PART, found or (value,))

    def _named(self, facet: Facet, value: str) -> Node:
        """Values that equal what was typed, else those that contain it."""
        norm = normalize(value)
        known = self._values_of(facet)
        found = [name for name in known if normalize(name) == norm] or [
            name for name in known if norm in normalize(name)
        ]
        return FacetIs(facet, tuple(found) or (value,))
