"""Which rows does an engine tree match, literally and loosely? The meaning that `query.tree` defines, on row masks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.facets import Facets, Mask
from fzsearch.engine.ranker import BODY, WordIndex
from fzsearch.engine.store import ReportNorms
from fzsearch.query import And, FacetIs, FieldHas, FieldName, Literal, Node, Not, Or, Words


@dataclass(frozen=True, slots=True)
class Matches:
    """The two sets of a node; `literal` lies inside `loose`."""

    loose: Mask
    literal: Mask


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates trees on one generation.

    Attributes:
        norms: normalised fields of each report, in the order that `facets.report_of_row` numbers.
        heading_norms: gives the normalised heading of every row; called only for 标题:.
    """

    exact: ExactLayer
    words: WordIndex
    facets: Facets
    norms: Sequence[ReportNorms]
    heading_norms: Callable[[], Sequence[str]]

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
            case Literal(norm):
                return _same(self._contains(norm))
            case Words():
                return self._words(node)
            case FieldHas(field, norm):
                return _same(self._field(field, norm))
            case FacetIs(facet, values):
                return _same(self.facets.mask(facet, values))
            case _:
                raise TypeError(f"not an engine tree: {node!r}")

    def _contains(self, norm: str) -> Mask:
        mask = np.zeros(self.exact.size, np.bool_)
        mask[self.exact.find(norm)] = True
        return mask

    def _words(self, node: Words) -> Matches:
        literal = self._contains(node.norm)
        loose = literal | self._of_reports(node.norm, lambda report: (report.title, report.places))
        found = [self._with_word(word) for word in node.words]
        if found:
            loose |= reduce(np.logical_or if node.any_word else np.logical_and, found)
        return Matches(loose, literal)

    def _with_word(self, word: str) -> Mask:
        mask = np.zeros(self.exact.size, np.bool_)
        mask[self.words.postings(BODY, word).rows] = True
        return mask

    def _of_reports(self, norm: str, fields: Callable[[ReportNorms], tuple[str, ...]]) -> Mask:
        has = (any(norm in text for text in fields(report)) for report in self.norms)
        return np.fromiter(has, np.bool_, len(self.norms))[self.facets.report_of_row]

    def _field(self, field: FieldName, norm: str) -> Mask:
        if field is FieldName.DOC_NUMBER:
            return self._of_reports(norm, lambda report: (report.doc_number,))
        headings = self.heading_norms()
        in_heading = np.fromiter((norm in heading for heading in headings), np.bool_, len(headings))
        return in_heading | self._of_reports(norm, lambda report: (report.title,))


def _same(mask: Mask) -> Matches:
    return Matches(mask, mask)
