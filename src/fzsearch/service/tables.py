"""How do hits go into a spreadsheet? CSV that the command line and the site share; no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from fzsearch.query import Facet
from fzsearch.service.copying import Copying
from fzsearch.service.search import Passage, SearchPage
from fzsearch.service.topic_facts import Filters, TopicRow

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets do not read UTF-8."""

HEADINGS = (
    "id", "url", "exact", "score", "province", "city", "county", "township", "code", "year", "title", "part",
    "heading", "topics", "text", "file", "query", "filters", "corpus_version", "exported",
)  # fmt: skip
TOPIC_HEADINGS = ("group", "topic", "sections", "reports", "townships", "filters", "corpus_version", "exported")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection: a leading quote mark)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def search_csv(page: SearchPage, version: str, today: str) -> str:
    """Hits as CSV; every row says what was asked, of which version of the corpus, and when.

    Args:
        page: the answer.
        version: of the index.
        today: ISO date.
    """
    asked = (page.request.text, _filters_text(page.request.filters), version, today)
    return csv_text([HEADINGS, *((*_cells(hit), *asked) for hit in page.hits)])


def copying_csv(found: Sequence[Copying], version: str, today: str) -> str:
    """Reports that share wording: a row for each of their partners, one without for a report that has none."""
    headings = ("key", "title", "copied", "common", "partner", "share", "relation", "corpus_version", "exported")
    rows = [
        (one.record.key, one.record.report.title, one.copied, one.common, *partner, version, today)
        for one in found
        for partner in [(p.record.key, str(p.share), p.relation) for p in one.partners] or [("", "", "")]
    ]
    return csv_text([headings, *rows])


def _cells(hit: Passage) -> tuple[object, ...]:
    section, record = hit.stored.section, hit.stored.report
    report, place = record.report, record.report.place
    return (
        hit.stored.id, hit.url, "逐字" if hit.exact else "非逐字", hit.score, place.province, place.city,
        place.county, place.township, place.code, report.year, report.title, section.part.label,
        section.heading, "、".join(section.topics), section.text, record.files[0].shown,
    )  # fmt: skip


def topics_csv(rows: Iterable[TopicRow], filters: Filters, version: str, today: str) -> str:
    """Topics with their three numbers as CSV; the rest as for hits."""
    asked = (_filters_text(filters), version, today)
    cells = (
        (row.topic.group, row.topic.name, row.counts.sections, row.counts.reports, row.counts.townships, *asked)
        for row in rows
    )
    return csv_text([TOPIC_HEADINGS, *cells])


def _filters_text(filters: Mapping[Facet, Sequence[str]]) -> str:
    return "；".join(f"{facet.value}={'、'.join(values)}" for facet, values in filters.items() if values)
