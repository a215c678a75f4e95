"""Which rows does an engine tree match, literally and loosely? The meaning that `query.tree` defines, on row masks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.cache import ByteCache
from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.facets import Facets, Mask
from fzsearch.engine.ranker import BODY, WordIndex
from fzsearch.engine.texts import Rows, Texts
from fzsearch.query import And, FacetIs, FieldHas, FieldName, Literal, Node, Not, Or, Words

_Bits = NDArray[np.uint8]
_CACHE_BYTES = 16 << 20
_TITLE, _PLACES, _DOC_NUMBER = range(3)
NAMES = 3
"""Names that a report is found by."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The two sets of a node; `literal` lies inside `loose`."""

    loose: Mask
    literal: Mask


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates trees on one generation; what leaves match is kept, for those who ask again with other choices.

    Attributes:
        names: normalised title, places and document number of each report, in the order that `facets.report_of_row`
            numbers; three texts for each.
        headings: the normalised heading of every row.
    """

    exact: ExactLayer
    words: WordIndex
    facets: Facets
    names: Texts
    headings: Texts
    _leaves: ByteCache[Node, tuple[_Bits, ...]] = field(default_factory=lambda: ByteCache(_CACHE_BYTES, _size_of))

    def matches(self, node: Node) -> Matches:
        """The rows of a node.

        Raises:
            TypeError: a typed leaf (Term, Field) that was not compiled.
        """
        match node:
            case And(children) | Or(children):
                found = [self.matches(child) for child in children]
                join = np.logical_and if isinstance(node, And) else np.logical_or
                return Matches(reduce(join, [m.loose for m in found]), reduce(join, [m.literal for m in found]))
            case Not(child):
                return _same(~self.matches(child).literal)
            case Literal() | Words() | FieldHas():
                known = self._leaves.get(node, lambda: tuple(map(np.packbits, self._leaf(node))))
                masks = [np.unpackbits(bits, count=self.exact.size).view(np.bool_) for bits in known]
                return Matches(masks[0], masks[-1])
            case FacetIs(facet, values):
                return _same(self.facets.mask(facet, values))
            case _:
                raise TypeError(f"not an engine tree: {node!r}")

    def _leaf(self, node: Literal | Words | FieldHas) -> tuple[Mask, ...]:
        """The loose rows and the literal ones, or both at once."""
        match node:
            case Literal(norm):
                return (self._contains(norm),)
            case FieldHas(name, norm):
                return (self._field(name, norm),)
            case Words():
                return self._words(node)

    def _contains(self, norm: str) -> Mask:
        return self._mask(self.exact.find(norm))

    def _words(self, node: Words) -> tuple[Mask, Mask]:
        literal = self._contains(node.norm)
        loose = literal | self._of_reports(node.norm, _TITLE, _PLACES)
        if node.any_word:
            for part in node.parts:
                loose[self.exact.find(part)] = True
        elif node.words:
            loose |= reduce(np.logical_and, [self._mask(self.words.postings(BODY, one).rows) for one in node.words])
        return loose, literal

    def _mask(self, rows: Rows) -> Mask:
        mask = np.zeros(self.exact.size, np.bool_)
        mask[rows] = True
        return mask

    def _of_reports(self, norm: str, *fields: int) -> Mask:
        """The rows of the reports of which one of these fields contains a string."""
        found = self.names.find(norm)
        reports = np.zeros(self.names.size // NAMES, np.bool_)
        reports[found[np.isin(found % NAMES, fields)] // NAMES] = True
        return self.facets.of_reports(reports)

    def _field(self, name: FieldName, norm: str) -> Mask:
        if name is FieldName.DOC_NUMBER:
            return self._of_reports(norm, _DOC_NUMBER)
        return self._mask(self.headings.find(norm)) | self._of_reports(norm, _TITLE)


def _size_of(found: tuple[_Bits, ...]) -> int:
    return sum(bits.nbytes for bits in found)


def _same(mask: Mask) -> Matches:
    return Matches(mask, mask)


def within(found: Matches, masks: Iterable[Mask]) -> Matches:
    """The matches that stand in all masks."""
    chosen = list(masks)
    if not chosen:
        return found
    mask = reduce(np.logical_and, chosen)
    loose = found.loose & mask
    return Matches(loose, loose if found.literal is found.loose else found.literal & mask)
