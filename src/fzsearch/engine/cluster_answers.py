"""What does an answer of OpenSearch say, in the words of the protocol?"""

from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import Any

from fzsearch.engine.cluster_query import LITERAL_BONUS
from fzsearch.engine.facets import in_order
from fzsearch.query import Counts, Facet, FacetCount, Hit, Query, SearchResult, Sort


def result_of(counted: Mapping[str, Any], found: Iterable[Mapping[str, Any]], query: Query) -> SearchResult:
    """What was counted and found for a query, see `cluster_query.search_body`."""
    literal = counted.get("literal", counted)
    has_score = query.sort is Sort.RELEVANCE and query.root is not None
    return SearchResult(
        hits=tuple(_hit_of(one, has_score=has_score) for one in found),
        total=totals_of(counted["total"]),
        exact=totals_of(literal["total"]),
        facets={facet: _facet_of(facet, counted, literal, query.filters.get(facet, ())) for facet in Facet},
    )


def _hit_of(found: Mapping[str, Any], *, has_score: bool) -> Hit:
    is_exact = "literal" in found.get("matched_queries", ())
    score = (found["_score"] or 0.0) - (LITERAL_BONUS if is_exact else 0.0)
    return Hit(id=found["_id"], score=round(score, 2) if has_score else 0.0, exact=is_exact)


def totals_of(counted: Mapping[str, Any]) -> Counts:
    """The three numbers of a counted set."""
    reports, townships = counted["of"]["value"]
    return Counts(sections=counted["doc_count"], reports=reports, townships=townships)


def _facet_of(
    facet: Facet, loosely: Mapping[str, Any], literally: Mapping[str, Any], chosen: Sequence[str]
) -> tuple[FacetCount, ...]:
    """Also the chosen values that nothing has."""
    count, literal = _counts_of(loosely[facet.value]), _counts_of(literally[facet.value])
    values = dict.fromkeys([*count, *chosen])
    return in_order(facet, [
        FacetCount(value=value, count=count.get(value, 0), literal=literal.get(value, 0), selected=value in chosen)
        for value in values
    ])  # fmt: skip


def _counts_of(counted: Mapping[str, Any]) -> dict[str, int]:
    return {intern(one["key"]): one["doc_count"] for one in counted["values"]["buckets"]}
