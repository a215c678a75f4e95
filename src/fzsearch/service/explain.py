"""Why was nothing found? What each term alone would find, which filter excludes hits, and near terms."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fzsearch.analysis import normalize
from fzsearch.engine import Engine
from fzsearch.query import Facet, FieldHas, Literal, Node, Or, ParsedQuery, Query, Term, Words, asked_leaves

_NEAR = 5
_NEAR_RATIO = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAlone:
    """Sections that one term alone would find, with the filters and without; `text` can be typed as a query."""

    text: str
    filtered: int
    everywhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutFilter:
    """Sections that would be found if the choice in one facet were dropped."""

    facet: Facet
    values: tuple[str, ...]
    sections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why nothing was found; `near` are names and topics of the index that look like what was typed."""

    terms: tuple[TermAlone, ...]
    filters: tuple[WithoutFilter, ...]
    near: tuple[str, ...]


def explain(
    engine: Engine,
    parsed: ParsedQuery,
    root: Node | None,
    filters: Mapping[Facet, tuple[str, ...]],
    values_of: Callable[[Facet], Sequence[str]],
    corrections: Callable[[str], Sequence[str]],
) -> Explanation:
    """The explanation of an answer without hits.

    `values_of` gives the names of the index, `corrections` what in it differs little from a term.
    """

    def count(node: Node | None, chosen: Mapping[Facet, tuple[str, ...]]) -> int:
        return engine.search(Query(root=node, filters=chosen, limit=0)).total.sections

    terms = tuple(
        TermAlone(text=_typeable(leaf), filtered=count(leaf, filters), everywhere=count(leaf, {}))
        for leaf in _leaves(root)
    )
    dropped = tuple(
        WithoutFilter(
            facet=facet, values=values, sections=count(root, {f: v for f, v in filters.items() if f != facet})
        )
        for facet, values in filters.items()
        if values
    )
    return Explanation(terms=terms, filters=dropped, near=_near(parsed, values_of, corrections))


def _leaves(root: Node | None) -> list[Literal | Words | FieldHas]:
    """The asked-for leaves, without repetition; the whole input tried literally (the root's first child) is none."""
    if isinstance(root, Or) and isinstance(root.children[0], Literal):
        root = root.children[1]

    found = (leaf for leaf in asked_leaves(root) if isinstance(leaf, Literal | Words | FieldHas))
    return list(dict.fromkeys(found))


def _typeable(leaf: Literal | Words | FieldHas) -> str:
    if isinstance(leaf, FieldHas):
        return f"{leaf.field.value}:{leaf.norm}"
    return f"“{leaf.norm}”" if isinstance(leaf, Literal) else leaf.norm


def _near(
    parsed: ParsedQuery, values_of: Callable[[Facet], Sequence[str]], corrections: Callable[[str], Sequence[str]]
) -> tuple[str, ...]:
    names = [name for facet in (Facet.TOPIC, Facet.TOWNSHIP, Facet.COUNTY, Facet.CITY) for name in values_of(facet)]
    by_norm = {normalize(name): name for name in names}
    terms = [leaf.text for leaf in asked_leaves(parsed.root) if isinstance(leaf, Term)]
    found = [text for term in terms for text in corrections(term)]
    for term in terms:
        close = difflib.get_close_matches(normalize(term), by_norm, _NEAR, _NEAR_RATIO)
        found += [by_norm[norm] for norm in close]
    return tuple(dict.fromkeys(found))[:_NEAR]
