"""How is a report record written to disk and read back? JSON without its sections and figures.

Its provenance is three quarters of a record and shown only with the report itself: a *short* record has of it only what
says that a text was recognised.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from sys import intern
from typing import Any

from fzsearch.model import (
    RECOGNISED,
    Content,
    Format,
    IndexedReport,
    Level,
    Part,
    Place,
    Provenance,
    Report,
    SourceFile,
)


def record_to_json(record: IndexedReport) -> str:
    """The record without its sections and figures; the same record always gives the same bytes."""
    fields = asdict(replace(record, report=replace(record.report, sections=(), figures=())))
    del fields["report"]["sections"], fields["report"]["figures"]
    issued = record.report.issued
    fields["report"]["issued"] = issued.isoformat() if issued else None
    return _json(fields)


def short_record(record: IndexedReport) -> IndexedReport:
    """A record without sections, figures and most of its provenance."""
    told = tuple(item for item in record.report.provenance if item.rule == RECOGNISED)
    return replace(record, report=replace(record.report, sections=(), figures=(), provenance=told))


def provenance_to_json(items: Iterable[Provenance]) -> str:
    """The provenance of a report."""
    return _json(
        [
            {"field": item.field, "rule": item.rule, "source": item.source, "line": item.line, "text": item.text}
            for item in items
        ]
    )


def provenance_from_json(text: str) -> tuple[Provenance, ...]:
    """What `provenance_to_json` wrote."""
    return _provenance(json.loads(text))


def _json(fields: object) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A file name that is not UTF-8 holds lone surrogates, which only escapes can store.
    return text if text.isascii() or _is_storable(text) else json.dumps(fields, sort_keys=True, separators=(",", ":"))


def _is_storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def record_from_json(text: str) -> IndexedReport:
    """The record that `record_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    return IndexedReport(
        key=fields["key"],
        text_hash=fields["text_hash"],
        report=_report(fields["report"]),
        files=tuple(SourceFile(**{**file, "format": Format(file["format"])}) for file in fields["files"]),
    )


def _report(fields: dict[str, Any]) -> Report:
    return Report(
        title=fields["title"],
        year=fields["year"],
        place=_place(fields["place"]),
        issuers=tuple(fields["issuers"]),
        doc_number=fields["doc_number"],
        issued=date.fromisoformat(fields["issued"]) if fields["issued"] else None,
        signer=fields["signer"],
        sections=(),
        source_url=fields["source_url"],
        level=Level(fields["level"]),
        contents=tuple(Content(**{**content, "part": Part(content["part"])}) for content in fields["contents"]),
        provenance=_provenance(fields["provenance"]),
        warnings=tuple(fields["warnings"]),
    )


def _provenance(items: Iterable[dict[str, Any]]) -> tuple[Provenance, ...]:
    """Texts repeat in a report, all else from report to report: each is kept once, which takes half the memory."""
    texts: dict[str, str] = {}
    return tuple(
        Provenance(
            field=intern(item["field"]),
            rule=intern(item["rule"]),
            source=intern(item["source"]),
            line=item["line"],
            text=texts.setdefault(item["text"], item["text"]),
        )
        for item in items
    )


def _place(fields: dict[str, Any]) -> Place:
    return Place(**{**fields, "candidates": tuple(_place(candidate) for candidate in fields["candidates"])})
