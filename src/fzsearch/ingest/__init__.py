"""What does a file say: its text, its sections and what is known of it?

The way from a file to a report. Nothing here knows of an index, of words or of a query.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from fzsearch.ingest.breaks import mended
from fzsearch.ingest.bundle import file_bytes, file_content, file_sha256, member_path, open_member, split_member
from fzsearch.ingest.contents import find_contents
from fzsearch.ingest.convert import with_conversions
from fzsearch.ingest.extract import MAX_BYTES, read_document
from fzsearch.ingest.extract.ocr import engine_name
from fzsearch.ingest.extract.recognised import EMPTY_SHELF, Shelf
from fzsearch.ingest.extract.soffice import find_soffice
from fzsearch.ingest.files import FoundFile, stamps, walk
from fzsearch.ingest.found import provenance
from fzsearch.ingest.level import find_level, place_of_level
from fzsearch.ingest.lines import NumberedLine, clean_lines
from fzsearch.ingest.metadata import read_metadata
from fzsearch.ingest.outline import read_outline
from fzsearch.ingest.parts import assign_parts
from fzsearch.ingest.place_evidence import find_place
from fzsearch.ingest.places import PlaceList, lies_in
from fzsearch.ingest.pool import run_isolated
from fzsearch.ingest.recognise import PageProgress, read_recognised
from fzsearch.ingest.scratch import scratch_folder
from fzsearch.ingest.sidecar import NO_CORRECTIONS, Corrections, read_corrections
from fzsearch.ingest.sidecar_draft import draft_sidecar
from fzsearch.ingest.sidecar_files import NO_SIDECAR, Sidecar, decoded, sidecar_of, sidecars_of
from fzsearch.ingest.title import find_title
from fzsearch.ingest.year import find_report_year
from fzsearch.ingest.zones import table_of_contents
from fzsearch.model import RECOGNISED, Document, Part, Provenance, Report, Section, shown_path

__all__ = [
    "EMPTY_SHELF", "MAX_BYTES", "NO_CORRECTIONS", "NO_SIDECAR", "Corrections", "FoundFile", "PageProgress", "PlaceList",
    "Shelf", "Sidecar", "decoded", "draft_sidecar", "engine_name", "file_bytes", "file_content", "file_sha256",
    "find_soffice", "lies_in", "member_path", "open_member", "read_corrections", "read_document", "read_recognised",
    "read_report", "run_isolated", "scratch_folder", "sidecar_of", "sidecars_of", "split_member", "stamps", "walk",
    "with_conversions",
]  # fmt: skip


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
    lines = mended(clean_lines(document.lines))
    page = dict(document.page) | ({"file": shown_path(path)} if path else {})
    toc = table_of_contents([line.text for line in lines])
    title = find_title([line for index, line in enumerate(lines) if index not in toc], page)
    outline = read_outline(lines, title.lines if title else ())
    year = find_report_year(title, _front(lines, outline), outline)
    reported = corrections.year or (year.value if year else None)
    sections, part_provenance = _with_parts(outline, reported)
    metadata = read_metadata(lines, title, page)
    stated = {found.provenance.field: found.value for found in metadata}
    place, place_provenance = find_place(
        lines, title.text if title else None, title.lines if title else (), page, places
    )
    level, level_provenance = find_level(title, stated.get("issuers", ()), place, lines)
    known = [found.provenance for found in (title, year) if found]
    if document.recognised:
        known.append(provenance(RECOGNISED, f"第 {'、'.join(map(str, document.recognised))} 页"))
    report = Report(
        title=title.text if title else None,
        year=year.value if year else None,
        level=level,
        place=place_of_level(level, place, place_provenance),
        issuers=stated.get("issuers", ()),
        doc_number=stated.get("doc_number"),
        issued=stated.get("issued"),
        signer=stated.get("signer"),
        sections=sections,
        contents=find_contents(sections, reported),
        source_url=stated.get("source_url"),
        provenance=(
            *known,
            *(found.provenance for found in metadata),
            level_provenance,
            *place_provenance,
            *part_provenance,
        ),
        warnings=(*document.warnings, *_warnings(outline, sections)),
    )
    return corrections.apply(report)


def _warnings(outline: Sequence[tuple[NumberedLine, Section]], sections: tuple[Section, ...]) -> Iterator[str]:
    """A second report in the file has its own title as a section."""
    for (line, _), section in zip(outline, sections, strict=True):
        if section.level and section.part is Part.FRONT:
            title = f"《{section.heading}》"
            yield f"第 {line.number} 行起像是另一份报告{title}；标题、年度和地方只按第一份读，请分成两个文件"


def _front(lines: tuple[NumberedLine, ...], outline: Sequence[tuple[NumberedLine, Section]]) -> list[NumberedLine]:
    """The lines before the first heading."""
    end = next((line for line, section in outline if section.level), None)
    return list(takewhile(lambda line: line is not end, lines))


def _with_parts(
    outline: Sequence[tuple[NumberedLine, Section]], year: int | None
) -> tuple[tuple[Section, ...], list[Provenance]]:
    """The sections with their parts, and for each the rule and the words that decided it."""
    sections, known = [], []
    judged = assign_parts([section for _, section in outline], year)
    for (line, _), (section, rule) in zip(outline, judged, strict=True):
        sections.append(section)
        known.append(provenance(rule, line.text.strip(), line.number, field=f"part:{section.path}"))
    return tuple(sections), known
