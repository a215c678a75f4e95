"""What does an OpenSearch index hold? Its settings and mapping, one document for each section and for each report.

Words and pairs of characters come ready made, parted by single spaces: the cluster only splits at white space, so both
engines cut alike and no plugin is needed there. `pairs` holds every pair of neighbouring characters at successive
positions and the last character alone: a phrase of pairs is containment of two characters or more, a prefix that of
one.

All documents of a township lie on one shard (routing), so reports and townships can be counted exactly shard by shard.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from fzsearch.engine.facets import facet_values, township_identity
from fzsearch.engine.protocol import IndexedSection, StoredSection
from fzsearch.engine.records import record_from_json, record_to_json
from fzsearch.model import Figure, IndexedReport, Part, Scope, Section
from fzsearch.query import Facet

FORMAT = 1
"""Of the documents and of the mapping; another one is refused and built anew."""

Document = dict[str, Any]

_PAIRS = {"type": "text", "analyzer": "ready", "norms": True}
_EXACT = _PAIRS | {"norms": False}
_WORDS = {"type": "text", "analyzer": "ready", "index_options": "freqs"}
_KEYWORD = {"type": "keyword"}
_PROPERTIES = {
    "kind": _KEYWORD,
    "commit": _KEYWORD,
    "report": _KEYWORD,
    "order": {"type": "integer"},
    "report_no": {"type": "long", "index": False},
    "township_no": {"type": "long", "index": False},
    "hash": _KEYWORD,
    "heading": {"type": "keyword", "ignore_above": 1000},
    "digest": {"type": "keyword", "index": False},
    "words": _WORDS,
    "heading_words": _WORDS,
    "title_words": _WORDS,
    "pairs": _PAIRS,
    "heading_pairs": _EXACT,
    "title_pairs": _EXACT,
    "place_pairs": _EXACT,
    "number_pairs": _EXACT,
    "joined_pairs": _EXACT,
    "length": {"type": "integer", "index": False},
    "code": _KEYWORD,
    "year_number": {"type": "integer"},
    **{facet.value: _KEYWORD for facet in Facet},
    "figures": {"type": "nested", "properties": {"indicator": _KEYWORD}},
    "stored": {"type": "object", "enabled": False},
}
_NOT_KEPT = ["words", "*_words", "pairs", "*_pairs", "figures"]


def index_body(shards: int, replicas: int) -> Document:
    """Settings and mapping of a new index."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": "-1",  # what is written is seen when a commit ends, all at once
            # Slices of one shard would each count their own reports.
            "search.concurrent_segment_search.mode": "none",
            "analysis": {"analyzer": {"ready": {"type": "custom", "tokenizer": "whitespace"}}},
            "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"fzsearch": FORMAT},
            "_source": {"excludes": _NOT_KEPT},
            "properties": _PROPERTIES,
        },
    }


def pairs_of(norm: str) -> str:
    """Every pair of neighbouring characters, then the last character alone, parted by spaces."""
    return " ".join(norm[at : at + 2] for at in range(len(norm)))


def documents(rows: Iterable[IndexedSection], commit: str) -> Iterator[tuple[str, str, Document]]:
    """Id, routing and document of every section and every report; rows are grouped by report."""
    for _, group in groupby(rows, key=lambda row: row.report.key):
        sections = list(group)
        routing = routing_of(sections[0].report)
        shared = _shared(sections[0], commit)
        figures: dict[str, list[tuple[int, Figure]]] = {}
        for number, figure in enumerate(sections[0].report.report.figures):
            figures.setdefault(figure.section, []).append((number, figure))
        for row in sections:
            yield row.id, routing, shared | _section(row, figures.get(row.section.path, []))
        yield f"report:{sections[0].report.key}", routing, _report(sections, shared)


def routing_of(record: IndexedReport) -> str:
    """What decides the shard: the township, or the report where none is known."""
    return township_identity(record.report.place) or record.key


def _shared(row: IndexedSection, commit: str) -> Document:
    """What all documents of a report have."""
    place, year = row.report.report.place, row.report.report.year
    township = township_identity(place)
    shared = {
        "commit": commit,
        "report": row.report.key,
        "report_no": _number(row.report.key),
        "year_number": year or 0,
        "title_words": row.title_words,
        "title_pairs": pairs_of(row.title_norm),
        "place_pairs": [pairs_of(name) for name in row.places_norm.split("\n") if name],
        "number_pairs": pairs_of(row.doc_number_norm),
        **{facet.value: value for facet, value in facet_values(row.report).items()},
    }
    if township:
        shared["township_no"] = _number(township)
    if place.township and place.code:
        shared["code"] = place.code
    return shared


def _section(row: IndexedSection, figures: Sequence[tuple[int, Figure]]) -> Document:
    section = asdict(row.section) | {"part": row.section.part.value}
    return {
        "kind": "section",
        "order": row.order,
        "hash": row.hash,
        "part": row.section.part.value,
        "topic": list(row.section.topics),
        "heading": row.section.heading,
        "words": row.words,
        "heading_words": row.heading_words,
        "pairs": pairs_of(row.norm),
        "heading_pairs": pairs_of(row.heading_norm),
        "length": len(row.norm),
        "figures": [{"indicator": figure.indicator or ""} for _, figure in figures],
        "stored": {
            "section": section,
            "norm": row.norm,
            "figures": [asdict(figure) | {"scope": figure.scope.value, "number": number} for number, figure in figures],
        },
    }


def _report(rows: Sequence[IndexedSection], shared: Document) -> Document:
    record = record_to_json(rows[0].report)
    digest = hashlib.sha256(record.encode("utf-8", "surrogatepass"))
    for row in rows:
        digest.update(f"{row.id} {row.hash} {row.section.part} {' '.join(row.section.topics)}\n".encode())
    for figure in rows[0].report.report.figures:
        digest.update(json.dumps(asdict(figure), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    joined = "".join(row.norm for row in sorted(rows, key=lambda row: row.order))
    return shared | {
        "kind": "report",
        "order": -1,
        "digest": digest.hexdigest(),
        "joined_pairs": pairs_of(joined),
        "stored": {"record": record},
    }


def _number(name: str) -> int:
    """64 bits that tell a report or a township from all others."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)


def stored_record(source: Mapping[str, Any]) -> IndexedReport:
    """A report as it was written, without sections and figures."""
    return record_from_json(source["stored"]["record"])


def stored_section(source: Mapping[str, Any], section_id: str, record: IndexedReport) -> StoredSection:
    """A section as it was written."""
    return StoredSection(
        id=section_id, hash=source["hash"], section=section_of(source["stored"]["section"]), report=record
    )


def section_of(fields: Mapping[str, Any]) -> Section:
    """The section in the stored part of a document."""
    return Section(**{**fields, "part": Part(fields["part"]), "topics": tuple(fields["topics"])})


def stored_figures(source: Mapping[str, Any]) -> list[tuple[int, Figure]]:
    """The figures in the stored part of a document, with their places in the report."""
    return [
        (
            fields["number"],
            Figure(**{k: v for k, v in fields.items() if k != "number"} | {"scope": Scope(fields["scope"])}),
        )
        for fields in source["stored"]["figures"]
    ]
