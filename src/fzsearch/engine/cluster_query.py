"""How is an engine tree asked of OpenSearch? Queries, orders and counts as JSON, with the meaning of `query.tree`.

Every tree gives two queries, the loose and the literal one. Hits are scored by BM25 over words and pairs; literal ones
get so much more that they stand above all others.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fzsearch.query import (
    And,
    Facet,
    FacetIs,
    FieldHas,
    FieldName,
    Literal,
    Node,
    Not,
    Or,
    Query,
    Sort,
    Words,
    asked_leaves,
)

Asked = dict[str, Any]

LITERAL_BONUS = 100_000.0
"""More than any BM25 score; a float still tells scores 0.01 apart above it."""

MAX_VALUES = 65_535
"""Values of a facet; more than the 40,000 townships of the country, and what search.max_buckets is in a new cluster.

All facets of an answer together, all and literal matches, may not have more values than that setting; the cluster
refuses the question then, and `cluster_client` says so."""

_MOST_WORDS, _MOST_PAIRS = 150, 400  # a cluster takes 1,024 clauses, words have three fields
_FIELD_WEIGHTS = {"words": 1.0, "heading_words": 1.5, "title_words": 0.5}
_EVERYTHING: Asked = {"match_all": {}}
_NOTHING: Asked = {"match_none": {}}

# Sets of one shard; no two shards share a township or a report.
_COUNT = {
    "init_script": "state.r = new HashSet(); state.t = new HashSet();",
    "map_script": "state.r.add(doc['report_no'].value); "
    "if (doc['township_no'].size() > 0) { state.t.add(doc['township_no'].value) }",
    "combine_script": "return [state.r.size(), state.t.size()]",
    "reduce_script": "long r = 0; long t = 0; "
    "for (s in states) { if (s != null) { r += s[0]; t += s[1]; } } return [r, t]",
}


def contains(field: str, norm: str) -> Asked:
    """Documents whose text, as pairs in a field, contains a string; all for the empty one."""
    if not norm:
        return _EVERYTHING
    if len(norm) == 1:
        return {"prefix": {field: {"value": norm, "rewrite": "constant_score"}}}
    pairs = [norm[at : at + 2] for at in range(len(norm) - 1)]
    if len(pairs) == 1:
        return {"term": {field: pairs[0]}}
    return {"match_phrase": {field: {"query": " ".join(pairs)}}}


def loose(node: Node | None) -> Asked:
    """The sections that a tree matches."""
    match node:
        case And(children):
            return _all([loose(child) for child in children])
        case Or(children):
            return _any([loose(child) for child in children])
        case Words(norm, words, any_word):
            ways = [contains(field, norm) for field in ("pairs", "title_pairs", "place_pairs")]
            if any_word:
                ways += [contains("pairs", part) for part in node.parts]
            elif words:
                ways.append(_all([{"term": {"words": word}} for word in words]))
            return _any(ways)
        case _:
            return literal(node)


def literal(node: Node | None) -> Asked:
    """The sections that a tree matches literally.

    Raises:
        TypeError: a typed leaf (Term, Field) that was not compiled.
    """
    match node:
        case None:
            return _EVERYTHING
        case And(children) | Or(children):
            found = [literal(child) for child in children]
            return _all(found) if isinstance(node, And) else _any(found)
        case Not(child):
            return {"bool": {"must_not": [literal(child)]}}
        case Literal(norm) | Words(norm=norm):
            return contains("pairs", norm)
        case FieldHas(name, norm):
            fields = ("number_pairs",) if name is FieldName.DOC_NUMBER else ("title_pairs", "heading_pairs")
            return _any([contains(field, norm) for field in fields])
        case FacetIs(facet, values):
            return _has(facet, values)
        case _:
            raise TypeError(f"not an engine tree: {node!r}")


def _all(queries: Sequence[Asked]) -> Asked:
    return {"bool": {"filter": list(queries)}}


def _any(queries: Sequence[Asked]) -> Asked:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else _NOTHING


def _has(facet: Facet, values: Sequence[str]) -> Asked:
    has: Asked = {"terms": {facet.value: list(values)}}
    codes = [value for value in values if value.isascii() and value.isdigit()]
    return _any([has, {"terms": {"code": codes}}]) if facet is Facet.TOWNSHIP and codes else has


def filters_of(chosen: Mapping[Facet, tuple[str, ...]], without: Facet | None = None) -> Asked:
    """Sections with a chosen value of every facet but one."""
    return _all([_has(facet, values) for facet, values in chosen.items() if values and facet is not without])


def sections_of(query: Query) -> Asked:
    """The sections of a query that its filters leave, without scores."""
    return _all([{"term": {"kind": "section"}}, loose(query.root), filters_of(query.filters)])


def search_body(query: Query) -> Asked:
    """A whole question: hits in their order, totals, facets; without `from` and `size`."""
    matching: list[Asked] = [{"term": {"kind": "section"}}, loose(query.root)]
    asked: Asked = {"filter": matching, "should": [_literal_mark(query.root)]}
    if query.sort is Sort.RELEVANCE and query.root is not None:
        asked["should"] += _scored(query.root)
    return {
        "query": {"bool": asked},
        "post_filter": filters_of(query.filters),
        "sort": _order(query),
        "track_scores": True,
        "track_total_hits": True,
        "_source": False,
        "aggs": _counts(query),
    }


def _literal_mark(root: Node | None) -> Asked:
    return {"constant_score": {"filter": literal(root), "boost": LITERAL_BONUS, "_name": "literal"}}


def _scored(root: Node) -> Iterable[Asked]:
    leaves = [leaf for leaf in asked_leaves(root) if isinstance(leaf, Literal | Words)]
    found = dict.fromkeys(word for leaf in leaves if isinstance(leaf, Words) for word in (*leaf.words, *leaf.weak))
    for word in list(found)[:_MOST_WORDS]:
        for field, weight in _FIELD_WEIGHTS.items():
            yield {"term": {field: {"value": word, "boost": weight}}}
    for pair in distinct_pairs([leaf.norm for leaf in leaves])[:_MOST_PAIRS]:
        yield {"term": {"pairs": {"value": pair}}}


def distinct_pairs(norms: Iterable[str]) -> list[str]:
    """The different pairs of characters of some strings, in order."""
    return list(dict.fromkeys(norm[at : at + 2] for norm in norms for at in range(len(norm) - 1)))


def _order(query: Query) -> list[Asked]:
    ties: list[Asked] = [{"report": "asc"}, {"order": "asc"}]
    if query.sort is Sort.YEAR:
        return [{"year_number": "desc"}, *ties]
    if query.sort is Sort.PLACE:
        places = [{facet.value: "asc"} for facet in (Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP)]
        return [*places, {"year_number": "desc"}, *ties]
    return [{"_score": "desc"}, *ties] if query.root is not None else ties


def _counts(query: Query) -> Asked:
    """Totals and facets of all matches, and below `literal` those of the literal ones, where they may differ.

    Asked so, the cluster looks for the literal ones once; within each value it would for every facet again.
    """
    counted: Asked = {"total": {"filter": filters_of(query.filters), "aggs": {"of": {"scripted_metric": _COUNT}}}}
    for facet in Facet:
        values = {"terms": {"field": facet.value, "size": MAX_VALUES}}
        counted[facet.value] = {"filter": filters_of(query.filters, without=facet), "aggs": {"values": values}}
    exactly = literal(query.root)
    return counted if exactly == loose(query.root) else counted | {"literal": {"filter": exactly, "aggs": counted}}


def totals_body() -> Asked:
    """The totals of everything."""
    counted = {"total": {"filter": _EVERYTHING, "aggs": {"of": {"scripted_metric": _COUNT}}}}
    return {"query": {"term": {"kind": "section"}}, "size": 0, "track_total_hits": True, "aggs": counted}


def figure_counts_body(query: Query) -> Asked:
    """How many figures of each indicator the sections of a query hold."""
    terms = {"terms": {"field": "figures.indicator", "size": MAX_VALUES}}
    return {
        "query": sections_of(query),
        "size": 0,
        "aggs": {"figures": {"nested": {"path": "figures"}, "aggs": {"indicators": terms}}},
    }


def figures_query(query: Query, indicator: str | None) -> Asked:
    """The sections of a query that hold figures, of one indicator or of any."""
    wanted = (
        {"exists": {"field": "figures.indicator"}} if indicator is None else {"term": {"figures.indicator": indicator}}
    )
    return _all([sections_of(query), {"nested": {"path": "figures", "query": wanted}}])


def headings_body() -> Asked:
    """How many sections have each heading."""
    counted = {"headings": {"terms": {"field": "heading", "size": MAX_VALUES}}}
    return {"query": {"term": {"kind": "section"}}, "size": 0, "aggs": counted}


def nearest_body(norm: str, limit: int) -> Asked:
    """The sections that hold most of the different pairs of a string, the first thousand of them."""
    pairs = distinct_pairs([norm])[:1000]
    each = [{"constant_score": {"filter": {"term": {"pairs": pair}}}} for pair in pairs] or [contains("pairs", norm)]
    return {
        "query": {"bool": {"filter": [{"term": {"kind": "section"}}], "should": each, "minimum_should_match": 1}},
        "sort": [{"_score": "desc"}, {"length": "asc"}, {"report": "asc"}, {"order": "asc"}],
        "size": limit,
        "_source": False,
    }
