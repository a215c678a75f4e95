"""What does a file say: its text, its sections and what is known of it?

The way from a file to a report. Nothing here knows of an index, of words or of a query.
"""

from fzsearch.ingest.bundle import file_bytes, file_sha256, open_member, split_member
from fzsearch.ingest.convert import with_conversions
from fzsearch.ingest.extract import MAX_BYTES, read_document
from fzsearch.ingest.extract.soffice import find_soffice
from fzsearch.ingest.files import FoundFile, walk
from fzsearch.ingest.lines import NumberedLine, clean_lines
from fzsearch.ingest.metadata import read_metadata
from fzsearch.ingest.outline import Outline, read_outline
from fzsearch.ingest.parts import assign_parts
from fzsearch.ingest.place_evidence import find_place
from fzsearch.ingest.places import PlaceList, lies_in
from fzsearch.ingest.pool import run_isolated
from fzsearch.ingest.sidecar import NO_CORRECTIONS, Corrections, read_corrections
from fzsearch.ingest.sidecar_draft import draft_sidecar
from fzsearch.ingest.sidecar_files import NO_SIDECAR, Sidecar, sidecar_of, sidecars_of
from fzsearch.ingest.title import find_title
from fzsearch.ingest.year import find_report_year
from fzsearch.model import Document, Provenance, Report, Section, shown_path

__all__ = [
    "MAX_BYTES", "NO_CORRECTIONS", "NO_SIDECAR", "Corrections", "FoundFile", "PlaceList", "Sidecar", "draft_sidecar",
    "file_bytes", "file_sha256", "find_soffice", "lies_in", "open_member", "read_corrections", "read_document",
    "read_report", "run_isolated", "sidecar_of", "sidecars_of", "split_member", "walk", "with_conversions",
]  # fmt: skip

_MAX_TEXT = 80


def read_report(
    document: Document, places: PlaceList, *, path: str = "", corrections: Corrections = NO_CORRECTIONS
) -> Report:
    """The report that a document holds; topics and figures are still empty.

    Never fails: a document that is no report has sections and little else.

    Args:
        document: what the file says.
        places: the list of places.
        path: folders and name of the file, relative to the corpus: weak evidence of the place.
        corrections: what people state; their values replace what was read.
    """
    lines = clean_lines(document.lines)
    page = dict(document.page) | ({"file": shown_path(path)} if path else {})
    title = find_title(lines, page)
    outline = read_outline(lines, title.lines if title else ())
    by_number = {line.number: line for line in lines}
    first_lines = [by_number[number] for number in outline.first_lines]
    year = find_report_year(title, _front(lines, outline), _first_level(outline, first_lines))
    reported = corrections.year or (year.value if year else None)
    sections, part_provenance = _with_parts(outline, first_lines, reported)
    metadata = read_metadata(lines, title, page)
    place, place_provenance = find_place(
        lines, title.text if title else None, title.lines if title else (), page, places
    )
    known = [found.provenance for found in (title, year) if found]
    report = Report(
        title=title.text if title else None,
        year=year.value if year else None,
        place=place,
        issuers=metadata.issuers,
        doc_number=metadata.doc_number,
        issued=metadata.issued,
        signer=metadata.signer,
        sections=sections,
        source_url=metadata.source_url,
        provenance=(*known, *metadata.provenance, *place_provenance, *part_provenance),
        warnings=document.warnings,
    )
    return corrections.apply(report)


def _front(lines: tuple[NumberedLine, ...], outline: Outline) -> list[NumberedLine]:
    """The lines before the first heading."""
    end = next((n for n, section in zip(outline.first_lines, outline.sections, strict=True) if section.level), None)
    return [line for line in lines if end is None or line.number < end]


def _first_level(outline: Outline, first_lines: list[NumberedLine]) -> list[tuple[NumberedLine, Section]]:
    pairs = zip(first_lines, outline.sections, strict=True)
    return [(line, section) for line, section in pairs if section.level == 1]


def _with_parts(
    outline: Outline, first_lines: list[NumberedLine], year: int | None
) -> tuple[tuple[Section, ...], list[Provenance]]:
    """The sections with their parts, and for each the rule and the words that decided it."""
    sections, provenance = [], []
    for (section, rule), line in zip(assign_parts(outline.sections, year), first_lines, strict=True):
        sections.append(section)
        text = line.text.strip()[:_MAX_TEXT]
        field = f"part:{section.path}"
        provenance.append(Provenance(field=field, rule=rule, source="text", line=line.number, text=text))
    return tuple(sections), provenance
