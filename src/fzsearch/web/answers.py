"""What do the answers of the HTTP API hold, field by field? A table, and the JSON schemas that are made of it.

The table says what `service/shapes.py` and its neighbours give; that they do is tested against the running site.
"""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import EnumType
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from fzsearch.brief import Verdict
from fzsearch.figures import Finding
from fzsearch.model import Content, Format, Level, Part, Place, Provenance, Scope, Section
from fzsearch.query import Counts
from fzsearch.service.comparison import Fate
from fzsearch.service.coverage import State, Totals
from fzsearch.service.links import LinkState
from fzsearch.service.suggest import Kind

Json = dict[str, Any]
_SIMPLE: Mapping[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    None: {"type": "null"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
}
_ANY_OBJECT: Json = {}
_SHARES = {fate.name.lower(): float for fate in Fate}
_FATE = Literal["kept", "changed", "dropped", "new"]
_REPORT = {"key": str, "title": str | None, "year": int | None, "place": Place}
_INDICATOR = {"id": str, "name": str, "group": str, "units": list[str]}
_FIGURE = {
    "indicator": str | None, "label": str, "value": float, "unit": str, "approx": str, "snippet": str, "section": str,
    "sentence": str, "scope": Scope, "part_of": int | None,
}  # fmt: skip
_FACETS = {name: ["FacetValue"] for name in ("year", "province", "city", "county", "township", "part")}
_ASKED = {"query": str, "filters": "Filters"}

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "Error": {"error": {"code": str, "message": str}},
    "Filters": {
        "province?": list[str], "city?": list[str], "county?": list[str], "township?": list[str],
        "year?": list[int | str], "topic?": list[str], "part?": list[str],
    },
    "FacetValue": {"value": str, "count": int, "selected": bool},
    "Hit": {
        "id": str, "url": str, "score": float, "exact": bool, "heading": str | None, "part": Part, "topics": list[str],
        "text": str, "snippet": str, "report": {**_REPORT, "file": str},
    },
    "Search": {
        **_ASKED, "took_ms": float, "total": Counts, "exact": Counts, "hits": ["Hit"],
        "facets": {**_FACETS, "topic": ["FacetValue"]}, "notes": list[str],
    },
    "Suggestions": {"query": str, "suggestions": ["Suggestion"]},
    "Suggestion": {"text": str, "query": str, "kind": Kind, "sections": int | None, "correction": bool},
    "ReportEntry": {
        **_REPORT, "url": str, "level": Level, "issued": date | None, "file": str, "unsettled": list[str],
    },
    "ReportList": {**_ASKED, "total": Counts, "reports": ["ReportEntry"], "notes": list[str]},
    "File": {"path": str, "format": Format, "size_bytes": int, "sha256": str},
    "Figure": _FIGURE,
    "Report": {
        **_REPORT, "text_hash": str, "files": ["File"], "level": Level, "issuers": list[str],
        "doc_number": str | None, "issued": date | None, "signer": str | None, "sections": [Section],
        "figures": ["Figure"], "findings": [Finding], "contents": [Content], "provenance": [Provenance],
        "warnings": list[str],
    },
    "Indicators": {**_ASKED, "indicators": [{**_INDICATOR, "figures": int}], "others": int},
    "Figures": {
        **_ASKED, "indicator": (_INDICATOR, None), "total": {"figures": int, "reports": int, "townships": int},
        "figures": [{"id": str, **_FIGURE, "url": str, "report": _REPORT}], "notes": list[str],
    },
    "CoverageCell": {
        "year": int, "state": State, "issued": date | None, "late": bool | None,
        "reports": [{"key": str, "url": str, "title": str | None}], "files": list[str],
    },
    "Coverage": {
        "filters": "Filters", "version": str, "years": list[int], "total": Totals,
        "townships": [{"place": Place, "years": ["CoverageCell"]}], "notes": list[str],
    },
    "Topics": {
        "filters": "Filters",
        "topics": [{"group": str, "name": str, "sections": int, "reports": int, "townships": int}],
    },
    "Topic": {
        "topic": {
            "name": str, "group": str, "about": str, "patterns": list[str], "unless": list[str], "near": list[str],
            "examples": list[str], "counter_examples": list[str],
        },
        "total": Counts, "facets": _FACETS, "with": [{"name": str, "sections": int}], "hits": ["Hit"],
        "years": [{"year": int | None, "sections": int, "reports": int, "all_reports": int}],
    },
    "Township": {
        "id": str, "name": str, "place": Place, "years": list[int], "gaps": list[int],
        "reports": [{"key": str, "url": str, "year": int | None, "title": str | None}],
    },
    "County": {"code": str | None, "name": str, "path": list[str], "townships": [{"id": str, "name": str}]},
    "Places": {"filters": "Filters", "total": {"townships": int}, "townships": ["Township"]},
    "PlacesNamed": {"townships": ["Township"], "counties": ["County"]},
    "Citation": {"address": str, "url": str, "state": LinkState, "style": str, "text": str, "notes": list[str]},
    "Comparison": {
        "old": str, "new": str, "shares": _SHARES,
        "parts": [{"part": Part, "shares": _SHARES, "pairs": ["Pair"]}], "figures?": [_ANY_OBJECT],
    },
    "Pair": {"fate": _FATE, "old": ("Sentence", None), "new": ("Sentence", None)},
    "Sentence": {"text": str, "section": str},
    "Overlaps": {"total": {"reports": int}, "reports": ["Overlap"]},
    "Overlap": {
        "key": str, "title": str | None, "copied": float, "common": float,
        "partners": [{"key": str, "share": float, "same_township": bool | None}],
    },
    "Checked": {
        "version": str, "clean?": bool, "links": [{"url": str, "state": LinkState}],
        "figures?": [_ANY_OBJECT], "counts?": [_ANY_OBJECT], "unchecked?": [_ANY_OBJECT],
        "quotations": [
            {
                "text": str, "verdict": Verdict, "matches": [{"id": str, "url": str, "text": str}], "reports": int,
                "nearest": ({"id": str, "url": str}, None), "start?": int, "end?": int,
            }
        ],
    },
}  # fmt: skip
"""A name stands for another entry of the table, [x] for a list of x, (x, None) for x or null, name? may be missing."""


def reference(name: str) -> Json:
    """A schema that stands under its name in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> Json:
    """The schemas of all answers, and of the dataclasses that they hold, by name."""
    found: Json = {}
    for name, answer in ANSWERS.items():
        found[name] = _schema(answer, found)
    return dict(sorted(found.items()))


def _schema(kind: Any, found: Json) -> Json:  # noqa: ANN401 - a type, or one of the notations of the table
    """The schema of one value; dataclasses on the way are put into `found`."""
    if isinstance(kind, str) or is_dataclass(kind):
        return reference(_name(kind, found))
    if isinstance(kind, Mapping):
        return _object(kind, found)
    if isinstance(kind, list) or get_origin(kind) in {list, tuple}:
        (item, *_) = kind if isinstance(kind, list) else get_args(kind)
        return {"type": "array", "items": _schema(item, found)}
    if isinstance(kind, tuple | UnionType):
        options = kind if isinstance(kind, tuple) else get_args(kind)
        return {"anyOf": [_schema(one, found) for one in options]}
    if get_origin(kind) is Literal or isinstance(kind, EnumType):
        return {"type": "string", "enum": [str(one) for one in get_args(kind) or kind]}
    return _SIMPLE[kind]


def _name(kind: Any, found: Json) -> str:  # noqa: ANN401 - a name, or a dataclass
    if isinstance(kind, str):
        return kind
    name: str = kind.__name__
    if name not in found:
        found[name] = {}  # it may hold itself
        found[name] = _object(get_type_hints(kind), found)
    return name


def _object(named: Mapping[str, Any], found: Json) -> Json:
    return {
        "type": "object",
        "required": [name for name in named if not name.endswith("?")],
        "properties": {name.rstrip("?"): _schema(kind, found) for name, kind in named.items()},
    }
