"""What does an answer of OpenSearch say, in the words of the protocol?"""

from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import Any

import numpy as np

from fzsearch.engine.cluster_query import LITERAL_BONUS
from fzsearch.engine.facets import Counted, FacetCounts
from fzsearch.query import Counts, Facet, Hit, Query, SearchResult, Sort


def result_of(counted: Mapping[str, Any], found: Iterable[Mapping[str, Any]], query: Query) -> SearchResult:
    """What was counted and found for a query, see `cluster_query.search_body`."""
    literal = counted.get("literal", counted)
    has_score = query.sort is Sort.RELEVANCE and query.root is not None
    return SearchResult(
        hits=tuple(_hit_of(one, has_score=has_score) for one in found),
        total=totals_of(counted["total"]),
        exact=totals_of(literal["total"]),
        facets=FacetCounts(_facet_of(facet, counted, literal, query.filters.get(facet, ())) for facet in Facet),
    )


def _hit_of(found: Mapping[str, Any], *, has_score: bool) -> Hit:
    is_exact = "literal" in found.get("matched_queries", ())
    score = (found["_score"] or 0.0) - (LITERAL_BONUS if is_exact else 0.0)
    return Hit(id=found["_id"], score=round(score, 2) if has_score else 0.0, exact=is_exact)


def totals_of(counted: Mapping[str, Any]) -> Counts:
    """The three numbers of a counted set."""
    reports, townships = counted["of"]["value"]
    return Counts(sections=counted["doc_count"], reports=reports, townships=townships)


def _facet_of(facet: Facet, loosely: Mapping[str, Any], literally: Mapping[str, Any], chosen: Sequence[str]) -> Counted:
    found, literal = _counts_of(loosely[facet.value]), _counts_of(literally[facet.value])
    values = sorted(found, reverse=True) if facet is Facet.YEAR else sorted(found, key=lambda one: (-found[one], one))
    counts = np.array([(found[one], literal.get(one, 0)) for one in values], np.int64).reshape(-1, 2)
    return Counted(facet, np.array(values, object), counts[:, 0], counts[:, 1], tuple(chosen))


def _counts_of(counted: Mapping[str, Any]) -> dict[str, int]:
    return {intern(one["key"]): one["doc_count"] for one in counted["values"]["buckets"]}
