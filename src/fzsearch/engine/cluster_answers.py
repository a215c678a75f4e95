"""What does an answer of OpenSearch say, in the words of the protocol?"""

from collections.abc import Mapping, Sequence
from typing import Any

from fzsearch.engine.cluster_query import LITERAL_BONUS
from fzsearch.engine.facets import in_order
from fzsearch.query import Counts, Facet, FacetCount, Hit


def hit_of(found: Mapping[str, Any], *, has_score: bool) -> Hit:
    """One hit."""
    is_exact = "literal" in found.get("matched_queries", ())
    score = (found["_score"] or 0.0) - (LITERAL_BONUS if is_exact else 0.0)
    return Hit(id=found["_id"], score=round(score, 2) if has_score else 0.0, exact=is_exact)


def totals_of(counted: Mapping[str, Any]) -> Counts:
    """The three numbers of a counted set."""
    reports, townships = counted["of"]["value"]
    return Counts(sections=counted["doc_count"], reports=reports, townships=townships)


def facet_of(facet: Facet, counted: Mapping[str, Any], chosen: Sequence[str]) -> tuple[FacetCount, ...]:
    """The values of a facet that were counted, in their order, and the chosen ones."""
    buckets = {one["key"]: one for one in counted["values"]["buckets"]}
    found = [
        FacetCount(value=value, count=one["doc_count"], literal=one["literal"]["doc_count"], selected=value in chosen)
        for value, one in buckets.items()
    ]
    found += [FacetCount(value=value, count=0, literal=0, selected=True) for value in chosen if value not in buckets]
    return in_order(facet, found)
