"""What do answers look like as JSON? The shapes that the command line and the HTTP API share; they are contracts.

Places, counts, sections, contents and provenance go out whole, by `asdict`: their fields are the contract.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from fzsearch.engine import StoredFigure
from fzsearch.figures import Indicator, check, indicators
from fzsearch.model import Figure, IndexedReport, Report, Section
from fzsearch.query import UNSETTLED, Facet, FacetCount
from fzsearch.service.asking import Passage, SearchPage, SearchRequest
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.coverage import Cell, Coverage, notes, totals
from fzsearch.service.doctor import Diagnosis, unsettled_fields
from fzsearch.service.explain import Explanation
from fzsearch.service.figures import FigureAnswer
from fzsearch.service.indexing import IndexSummary
from fzsearch.service.marks import Mark, Piece
from fzsearch.service.shares import ShareSummary
from fzsearch.service.suggest import Suggestion

Json = dict[str, Any]


def snippet_html(snippet: Iterable[Piece]) -> str:
    """A snippet as HTML: text escaped, literal matches in <mark>, words of loose ones in <mark class="loose">."""
    opening = {Mark.LITERAL: "<mark>", Mark.LOOSE: '<mark class="loose">'}
    return "".join(
        escape(piece.text) if piece.mark is None else f"{opening[piece.mark]}{escape(piece.text)}</mark>"
        for piece in snippet
    )


def hit_shape(hit: Passage) -> Json:
    """One hit of a search; `explain` only where it was asked for."""
    section, record = hit.stored.section, hit.stored.report
    explained = {"explain": asdict(hit.why)} if hit.why else {}
    return {
        "id": hit.stored.id,
        "url": hit.url,
        "score": hit.score,
        "exact": hit.exact,
        "heading": section.heading,
        "part": section.part.value,
        "topics": list(section.topics),
        "text": section.text,
        "snippet": snippet_html(hit.snippet),
        "report": {
            "key": record.key,
            "title": record.report.title,
            "year": record.report.year,
            "file": record.files[0].shown,
            "place": asdict(record.report.place),
        },
        **explained,
    }


def filters_shape(filters: Mapping[Facet, Sequence[str]]) -> Json:
    """Chosen filters; years as numbers."""
    return {
        facet.value: [int(value) if facet is Facet.YEAR and value.isdigit() else value for value in values]
        for facet, values in filters.items()
        if values
    }


def facets_shape(facets: Mapping[Facet, Sequence[FacetCount]]) -> Json:
    """Facet counts; what is not known has no value and is left out."""
    return {
        facet.value: [
            {"value": one.value, "count": one.count, "selected": one.selected}
            for one in facets.get(facet, ())
            if one.value != UNSETTLED or one.selected
        ]
        for facet in (Facet.YEAR, Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP, Facet.TOPIC, Facet.PART)
    }


def search_shape(page: SearchPage) -> Json:
    """The answer to a search."""
    return {
        "query": page.request.text,
        "filters": filters_shape(page.request.filters),
        "took_ms": page.took_ms,
        "total": asdict(page.total),
        "exact": asdict(page.exact),
        "hits": [hit_shape(hit) for hit in page.hits],
        "facets": facets_shape(page.facets),
        "notes": notes_shape(page),
    }


def notes_shape(page: SearchPage) -> list[str]:
    """What was said of a query, and why it found nothing."""
    return [*page.notes, *(explanation_notes(page.explanation) if page.explanation else ())]


def explanation_notes(explanation: Explanation) -> list[str]:
    """Why nothing was found, as Chinese sentences."""
    notes = [
        f"单查“{term.text.strip('“”')}”：全部语料 {term.everywhere} 段，加上筛选 {term.filtered} 段"
        for term in explanation.terms
    ]
    notes += [
        f"去掉筛选 {one.facet.value}={'、'.join(one.values)}，有 {one.sections} 段" for one in explanation.filters
    ]
    return notes + ([f"语料里有相近的名称：{'、'.join(explanation.near)}"] if explanation.near else [])


def suggestions_shape(typed: str, found: Sequence[Suggestion]) -> Json:
    """Suggestions for what was typed; `sections` is null where other terms stand before the suggested one."""
    return {
        "query": typed,
        "suggestions": [
            {
                "text": one.text,
                "query": one.query,
                "kind": one.kind.value,
                "sections": one.sections,
                "correction": one.is_correction,
            }
            for one in found
        ],
    }


def figure_shape(figure: Figure) -> Json:
    """A quantity with its sentence; where it stands in its section is for marking it only."""
    return {name: value for name, value in asdict(figure).items() if name not in {"start", "end"}}


def indicators_shape(request: SearchRequest, counts: Mapping[str | None, int]) -> Json:
    """All indicators with how many figures each has in the sections asked for; `others` are of no indicator."""
    known = [_indicator_shape(one) | {"figures": counts.get(one.id, 0)} for one in indicators()]
    filters = filters_shape(request.filters)
    return {"query": request.text, "filters": filters, "indicators": known, "others": counts.get(None, 0)}


def _indicator_shape(one: Indicator) -> Json:
    return {"id": one.id, "name": one.name, "group": one.group, "units": list(one.units)}


def figures_shape(answer: FigureAnswer) -> Json:
    """The figures that answer a question."""
    return {
        "query": answer.text,
        "filters": filters_shape(answer.filters),
        "indicator": answer.indicator and _indicator_shape(answer.indicator),
        "total": {"figures": len(answer.figures), "reports": answer.reports, "townships": answer.townships},
        "figures": [_stored_figure_shape(one) for one in answer.figures],
        "notes": list(answer.notes),
    }


def _stored_figure_shape(one: StoredFigure) -> Json:
    """A figure of an index; `url` is the permanent address of the section that it stands in."""
    return {
        "id": one.id,
        **figure_shape(one.figure),
        "url": f"/r/{one.section_id}@{one.section_hash}",
        "report": head_shape(one.report),
    }


def head_shape(record: IndexedReport) -> Json:
    """Which report something stands in."""
    report = record.report
    return {"key": record.key, "title": report.title, "year": report.year, "place": asdict(report.place)}


def coverage_shape(found: Coverage) -> Json:
    """What the corpus has of a region, township by township and year by year."""
    return {
        "filters": filters_shape(found.filters),
        "version": found.info.version,
        "years": list(found.years),
        "total": asdict(totals(cell for row in found.rows for cell in row.cells)),
        "townships": [
            {"place": asdict(row.place), "years": [_cell_shape(cell) for cell in row.cells]} for row in found.rows
        ],
        "notes": list(notes(found)),
    }


def _cell_shape(cell: Cell) -> Json:
    return {
        "year": cell.year,
        "state": cell.state.value,
        "issued": cell.issued.isoformat() if cell.issued else None,
        "late": cell.is_late,
        "reports": [{"key": one.key, "url": f"/r/{one.key}", "title": one.title} for one in cell.entries],
        "files": [file.shown for file in cell.files],
    }


def report_shape(report: Report) -> Json:
    """A report as `parse` shows it; None means that the report does not say."""
    return {
        "title": report.title,
        "year": report.year,
        "level": report.level.value,
        "place": asdict(report.place),
        "issuers": list(report.issuers),
        "doc_number": report.doc_number,
        "issued": report.issued.isoformat() if report.issued else None,
        "signer": report.signer,
        "sections": [asdict(section) for section in report.sections],
        "figures": [figure_shape(figure) for figure in report.figures],
        "findings": [asdict(finding) for finding in check(report.figures)],
        "contents": [asdict(content) for content in report.contents],
        "provenance": [asdict(item) for item in report.provenance],
        "warnings": list(report.warnings),
    }


def record_shape(record: IndexedReport) -> Json:
    """A report of the index as `show` gives it: what was read, with key and files."""
    files = [
        {"path": f.shown, "format": f.format.value, "size_bytes": f.size_bytes, "sha256": f.sha256}
        for f in record.files
    ]
    return {"key": record.key, "text_hash": record.text_hash, "files": files, **report_shape(record.report)}


def shown_shape(record: IndexedReport, sections: Iterable[Section]) -> Json:
    """A report of which only some sections are given."""
    return {**record_shape(record), "sections": [asdict(section) for section in sections]}


def unreadable_shape(file: FileRecord) -> Json:
    """A file that could not be read, or only poorly, with what to do."""
    return {"file": file.shown, "reason": file.reason, "remedy": file.remedy}


def summary_shape(summary: IndexSummary) -> Json:
    """The outcome of indexing."""
    return {
        "reports": asdict(summary.reports),
        "sections": summary.sections,
        "unreadable": [unreadable_shape(file) for file in summary.unreadable],
        "poor": [unreadable_shape(file) for file in summary.poor],
        "took_s": summary.took_s,
    }


def share_shape(summary: ShareSummary) -> Json:
    """The outcome of reading a share of a corpus."""
    return {
        "shard": str(summary.share),
        "files": summary.files,
        "read": summary.read,
        "left": [str(share) for share in summary.left],
        "took_s": summary.took_s,
    }


def diagnosis_shape(found: Diagnosis) -> Json:
    """What doctor found; `drift` is null where no corpus was compared."""
    return {
        "healthy": found.is_healthy,
        "advice": found.advice,
        "index": {"version": found.info.version, "built_at": found.info.built_at, **asdict(found.info.counts)},
        "damage": list(found.damage),
        "drift": asdict(found.drift) if found.drift else None,
        "unreadable": [unreadable_shape(file) for file in found.unreadable],
        "poor": [unreadable_shape(file) for file in found.poor],
        "sidecar_mistakes": list(found.mistakes),
        "duplicates": [{"key": r.key, "files": [file.shown for file in r.files]} for r in found.duplicates],
        "rivals": [{"key": r.key, "file": r.files[0].shown} for r in found.rivals],
        "unsettled": [
            {"key": r.key, "file": r.files[0].shown, "missing": list(unsettled_fields(r))} for r in found.unsettled
        ],
    }
