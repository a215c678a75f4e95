"""How fast is tantivy over jieba words? Facets by its own aggregations over fast fields; no snippets."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from cut import words
from peer import FACETS, TOP, Answer, Ask, Asked, Section, main

_MEMORY_BYTES = 256 << 20
_MOST_VALUES = 65_000


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace")
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(source: Iterable[Section], folder: Path) -> None:
    """One index, written by one thread, merged by its own policy."""
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_MEMORY_BYTES, 1)
    for section in source:
        document = tantivy.Document()
        document.add_text("body", section["words"])
        document.add_text("id", section["id"])
        for facet in FACETS:
            for value in section[facet] if facet == "topic" else [section[facet]]:
                document.add_text(facet, value)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def opened(folder: Path) -> Ask:
    """How the index is asked."""
    index = tantivy.Index.open(str(folder))
    schema, searcher = index.schema, index.searcher()
    return lambda query: _answer(schema, searcher, query)


def _answer(schema: Any, searcher: Any, query: Asked) -> Answer | None:
    text = _text(schema, query)
    if text is None:
        return None
    filters = {facet: _any(schema, facet, chosen) for facet, chosen in query["filters"].items()}
    everything = _all([text, *filters.values()])
    found = searcher.search(everything, limit=TOP)
    for _, address in found.hits:
        searcher.doc(address)["id"]
    shared = _aggregated(searcher, everything, [facet for facet in FACETS if facet not in filters])
    for facet in filters:
        others = _all([text, *(one for name, one in filters.items() if name != facet)])
        shared |= _aggregated(searcher, others, [facet])
    return found.count, shared


def _aggregated(searcher: Any, query: Any, facets: list[str]) -> dict[str, dict[str, int]]:
    asked = {facet: {"terms": {"field": facet, "size": _MOST_VALUES}} for facet in facets}
    found = searcher.aggregate(query, asked)
    return {facet: {one["key"]: one["doc_count"] for one in found[facet]["buckets"]} for facet in facets}


def _text(schema: Any, query: Asked) -> Any:
    cut = [words(term) for term in query["terms"]]
    if query["mode"] == "exact":
        if len(cut[0]) > 1:
            return tantivy.Query.phrase_query(schema, "body", list(enumerate(cut[0])))
        return _term(schema, "body", cut[0][0]) if cut[0] else None
    terms = [_all([_term(schema, "body", word) for word in term]) for term in cut]
    if query["mode"] == "or":
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
    return _all(terms)


def _term(schema: Any, field: str, value: str) -> Any:
    return tantivy.Query.term_query(schema, field, value, index_option="freq" if field == "body" else "basic")


def _any(schema: Any, facet: str, chosen: list[str]) -> Any:
    found = tantivy.Query.boolean_query([(tantivy.Occur.Should, _term(schema, facet, value)) for value in chosen])
    return tantivy.Query.const_score_query(found, 0.0)


def _all(queries: list[Any]) -> Any:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in queries])


if __name__ == "__main__":
    main(build, opened)
