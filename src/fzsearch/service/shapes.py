"""What do answers look like as JSON? The shapes that the command line and the HTTP API share; they are contracts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from fzsearch.engine import StoredFigure
from fzsearch.figures import Finding, check
from fzsearch.model import Content, Figure, IndexedReport, Place, Provenance, Report, Section
from fzsearch.query import UNSETTLED, Counts, Facet, FacetCount
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.coverage import Cell, Coverage, notes, totals
from fzsearch.service.doctor import Diagnosis, unsettled_fields
from fzsearch.service.explain import Explanation
from fzsearch.service.figures import FigureAnswer
from fzsearch.service.indexing import IndexSummary
from fzsearch.service.marks import Mark, Piece
from fzsearch.service.search import Passage, SearchPage

Json = dict[str, Any]


def place_shape(place: Place) -> Json:
    """A place; `candidates` holds such objects where the text does not decide."""
    return {
        "province": place.province,
        "city": place.city,
        "county": place.county,
        "township": place.township,
        "code": place.code,
        "candidates": [place_shape(candidate) for candidate in place.candidates],
    }


def counts_shape(counts: Counts) -> Json:
    """The three numbers of a total."""
    return {"sections": counts.sections, "reports": counts.reports, "townships": counts.townships}


def snippet_html(snippet: Iterable[Piece]) -> str:
    """A snippet as HTML: text escaped, literal matches in <mark>, words of loose ones in <mark class="loose">."""
    opening = {Mark.LITERAL: "<mark>", Mark.LOOSE: '<mark class="loose">'}
    return "".join(
        escape(piece.text) if piece.mark is None else f"{opening[piece.mark]}{escape(piece.text)}</mark>"
        for piece in snippet
    )


def hit_shape(hit: Passage) -> Json:
    """One hit of a search."""
    section, record = hit.stored.section, hit.stored.report
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
            "place": place_shape(record.report.place),
        },
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
        "total": counts_shape(page.total),
        "exact": counts_shape(page.exact),
        "hits": [hit_shape(hit) for hit in page.hits],
        "facets": facets_shape(page.facets),
        "notes": [*page.notes, *(explanation_notes(page.explanation) if page.explanation else ())],
    }


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


def section_shape(section: Section) -> Json:
    """A section as `parse` shows it."""
    return {
        "path": section.path,
        "level": section.level,
        "marker": section.marker,
        "heading": section.heading,
        "part": section.part.value,
        "text": section.text,
        "topics": list(section.topics),
    }


def figure_shape(figure: Figure) -> Json:
    """A quantity with its sentence."""
    return {
        "indicator": figure.indicator,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "approx": figure.approx,
        "snippet": figure.snippet,
        "section": figure.section,
        "sentence": figure.sentence,
        "scope": figure.scope.value,
        "part_of": figure.part_of,
    }


def finding_shape(finding: Finding) -> Json:
    """Numbers of a report that differ; `figures` are places in its list of figures."""
    return {
        "kind": finding.kind,
        "message": finding.message,
        "figures": list(finding.figures),
        "sections": list(finding.sections),
        "sentences": list(finding.sentences),
    }


def figures_shape(answer: FigureAnswer) -> Json:
    """The figures that answer a question."""
    indicator = answer.indicator
    return {
        "query": answer.text,
        "filters": filters_shape(answer.filters),
        "indicator": indicator
        and {"id": indicator.id, "name": indicator.name, "group": indicator.group, "units": list(indicator.units)},
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
        "report": {
            "key": one.report.key,
            "title": one.report.report.title,
            "year": one.report.report.year,
            "place": place_shape(one.report.report.place),
        },
    }


def content_shape(content: Content) -> Json:
    """A statutory content that is there, with the sentence that shows it."""
    return {
        "part": content.part.value,
        "section": content.section,
        "sentence": content.sentence,
        "rule": content.rule,
    }


def coverage_shape(found: Coverage) -> Json:
    """What the corpus has of a region, township by township and year by year."""
    return {
        "filters": filters_shape(found.filters),
        "version": found.info.version,
        "years": list(found.years),
        "total": asdict(totals(cell for row in found.rows for cell in row.cells)),
        "townships": [
            {"place": place_shape(row.place), "years": [_cell_shape(cell) for cell in row.cells]} for row in found.rows
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


def provenance_shape(item: Provenance) -> Json:
    """Where a value was read."""
    return {"field": item.field, "rule": item.rule, "source": item.source, "line": item.line, "text": item.text}


def report_shape(report: Report) -> Json:
    """A report as `parse` shows it; None means that the report does not say."""
    return {
        "title": report.title,
        "year": report.year,
        "level": report.level.value,
        "place": place_shape(report.place),
        "issuers": list(report.issuers),
        "doc_number": report.doc_number,
        "issued": report.issued.isoformat() if report.issued else None,
        "signer": report.signer,
        "sections": [section_shape(section) for section in report.sections],
        "figures": [figure_shape(figure) for figure in report.figures],
        "findings": [finding_shape(finding) for finding in check(report.figures)],
        "contents": [content_shape(content) for content in report.contents],
        "provenance": [provenance_shape(item) for item in report.provenance],
        "warnings": list(report.warnings),
    }


def record_shape(record: IndexedReport) -> Json:
    """A report of the index as `show` gives it: what was read, with key and files."""
    files = [
        {"path": f.shown, "format": f.format.value, "size_bytes": f.size_bytes, "sha256": f.sha256}
        for f in record.files
    ]
    return {"key": record.key, "text_hash": record.text_hash, "files": files, **report_shape(record.report)}


def unreadable_shape(file: FileRecord) -> Json:
    """A file that could not be read, or only poorly, with what to do."""
    return {"file": file.shown, "reason": file.reason, "remedy": file.remedy}


def summary_shape(summary: IndexSummary) -> Json:
    """The outcome of indexing."""
    counts = summary.reports
    return {
        "reports": {
            "added": counts.added,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "removed": counts.removed,
        },
        "sections": summary.sections,
        "unreadable": [unreadable_shape(file) for file in summary.unreadable],
        "poor": [unreadable_shape(file) for file in summary.poor],
        "took_s": summary.took_s,
    }


def diagnosis_shape(found: Diagnosis) -> Json:
    """What doctor found; `drift` is null where no corpus was compared."""
    drift = found.drift
    return {
        "healthy": found.is_healthy,
        "index": {"version": found.info.version, "built_at": found.info.built_at, **counts_shape(found.info.counts)},
        "damage": list(found.damage),
        "drift": drift
        and {
            "new": list(drift.new),
            "changed": list(drift.changed),
            "deleted": list(drift.deleted),
            "rules_changed": drift.rules_changed,
        },
        "unreadable": [unreadable_shape(file) for file in found.unreadable],
        "poor": [unreadable_shape(file) for file in found.poor],
        "sidecar_mistakes": list(found.mistakes),
        "duplicates": [{"key": r.key, "files": [file.shown for file in r.files]} for r in found.duplicates],
        "rivals": [{"key": r.key, "file": r.files[0].shown} for r in found.rivals],
        "unsettled": [
            {"key": r.key, "file": r.files[0].shown, "missing": list(unsettled_fields(r))} for r in found.unsettled
        ],
    }
