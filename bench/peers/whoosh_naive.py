"""How fast is Whoosh as its tutorials use it? jieba's ChineseAnalyzer, texts stored, facets by `groupedby`."""

from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import Any

from jieba.analyse import ChineseAnalyzer
from peer import FACETS, TOP, Answer, Ask, Asked, Section, main
from whoosh import fields, index, query, sorting

_MEMORY_MB = 256


def build(source: Iterable[Section], folder: Path) -> None:
    """One index, in one process."""
    columns = {facet: fields.ID(sortable=True) for facet in FACETS if facet != "topic"}
    schema = fields.Schema(
        id=fields.ID(stored=True),
        body=fields.TEXT(stored=True, analyzer=ChineseAnalyzer()),
        topic=fields.KEYWORD(commas=True),
        **columns,
    )
    writer = index.create_in(folder, schema).writer(limitmb=_MEMORY_MB)
    for section in source:
        single = {facet: section[facet] for facet in columns}
        writer.add_document(id=section["id"], body=section["text"], topic=",".join(section["topic"]), **single)
    writer.commit()


def opened(folder: Path) -> Ask:
    """How the index is asked."""
    searcher = index.open_dir(folder).searcher()
    analyzer = ChineseAnalyzer()
    return lambda asked: _answer(searcher, analyzer, asked)


def _answer(searcher: Any, analyzer: Any, asked: Asked) -> Answer | None:
    cut = [[query.Term("body", token.text) for token in analyzer(term)] for term in asked["terms"]]
    if not all(cut):
        return None
    if asked["mode"] == "exact":
        text: Any = query.Phrase("body", [term.text for term in cut[0]])
    else:
        text = (query.Or if asked["mode"] == "or" else query.And)([query.And(terms) for terms in cut])
    filters = {
        facet: query.Or([query.Term(facet, value) for value in chosen]) for facet, chosen in asked["filters"].items()
    }
    everything = reduce(lambda one, other: one & other, filters.values(), text)
    found = _searched(searcher, everything, [facet for facet in FACETS if facet not in filters])
    counts = _counts(found)
    for facet in filters:
        others = reduce(lambda one, other: one & other, [q for name, q in filters.items() if name != facet], text)
        counts |= _counts(_searched(searcher, others, [facet]))
    return len(found), counts


def _searched(searcher: Any, wanted: Any, facets: list[str]) -> Any:
    groups = [sorting.FieldFacet(facet, allow_overlap=facet == "topic", maptype=sorting.Count) for facet in facets]
    return searcher.search(wanted, limit=TOP, groupedby=dict(zip(facets, groups, strict=True)))


def _counts(found: Any) -> dict[str, dict[str, int]]:
    return {facet: dict(found.groups(facet)) for facet in found.facet_names()}


if __name__ == "__main__":
    main(build, opened)
