"""How do hits go into a spreadsheet? CSV that the command line and the site share; no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from fzsearch.engine import StoredFigure
from fzsearch.figures import indicators
from fzsearch.model import Place
from fzsearch.query import Facet
from fzsearch.service.asking import Passage, SearchPage
from fzsearch.service.copying import Copying
from fzsearch.service.coverage import Cell, Coverage
from fzsearch.service.figures import FigureAnswer, is_whole
from fzsearch.service.topic_facts import Filters, TopicRow

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets do not read UTF-8."""

HEADINGS = (
    "id", "url", "exact", "score", "province", "city", "county", "township", "code", "year", "title", "part",
    "heading", "topics", "text", "file", "query", "filters", "corpus_version", "exported",
)  # fmt: skip
BATCH_HEADINGS = (
    "line", "exact_sections", "exact_reports", "exact_townships", "all_sections", "all_reports", "all_townships",
    *HEADINGS,
)  # fmt: skip
TOPIC_HEADINGS = ("group", "topic", "sections", "reports", "townships", "filters", "corpus_version", "exported")
COVERAGE_HEADINGS = (
    "province", "city", "county", "township", "code", "year", "state", "issued", "late", "reports", "files", "filters",
    "corpus_version", "exported",
)  # fmt: skip
FIGURE_HEADINGS = (
    "id", "url", "province", "city", "county", "township", "code", "year", "title", "indicator", "indicator_name",
    "label", "value", "unit", "approx", "scope", "part_of", "comparable", "sentence", "query", "filters",
    "corpus_version", "exported",
)  # fmt: skip
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
    asked = (page.request.text, filters_text(page.request.filters), version, today)
    return csv_text([HEADINGS, *((*_cells(hit), *asked) for hit in page.hits)])


def batch_csv(answers: Iterable[tuple[int, SearchPage]], version: str, today: str) -> Iterator[str]:
    """The hits of many searches as CSV, piece by piece; a search without hits has a row without one.

    Every row begins with the line of the query and its totals.
    """
    yield csv_text([BATCH_HEADINGS])
    for line, page in answers:
        totals = (line, *asdict(page.exact).values(), *asdict(page.total).values())
        asked = (page.request.text, filters_text(page.request.filters), version, today)
        cells = [_cells(hit) for hit in page.hits] or [("",) * (len(HEADINGS) - len(asked))]
        yield csv_text([(*totals, *one, *asked) for one in cells]).removeprefix(BYTE_ORDER_MARK)


def copying_csv(found: Sequence[Copying], version: str, today: str) -> str:
    """Reports that share wording: a row for each of their partners, one without for a report that has none."""
    headings = (
        "key", "title", "copied", "common", "partner", "share", "relation",
        "province", "city", "county", "township", "code", "year", "corpus_version", "exported",
    )  # fmt: skip
    rows = [
        (one.entry.key, one.entry.title, one.copied, one.common, *partner, *_place_cells(one.entry.place),
         one.entry.year, version, today)
        for one in found
        for partner in [(p.entry.key, str(p.share), p.relation) for p in one.partners] or [("", "", "")]
    ]  # fmt: skip
    return csv_text([headings, *rows])


def figures_csv(answer: FigureAnswer, version: str, today: str) -> str:
    """Figures as CSV, a row for each; nothing is added up.

    `comparable` says 是 for figures of the whole township that are part of no other one.
    """
    asked = (answer.text, filters_text(answer.filters), version, today)
    return csv_text([FIGURE_HEADINGS, *((*_figure_cells(one), *asked) for one in answer.figures)])


def _figure_cells(one: StoredFigure) -> tuple[object, ...]:
    figure, report = one.figure, one.report.report
    known = next((one for one in indicators() if one.id == figure.indicator), None)
    return (
        one.id, f"/r/{one.section_id}@{one.section_hash}", *_place_cells(report.place), report.year, report.title,
        figure.indicator, known and known.name, figure.label, f"{figure.value:.12g}", figure.unit, figure.approx,
        figure.scope.value, figure.part_of, "是" if is_whole(figure) else "否", figure.sentence,
    )  # fmt: skip


def coverage_csv(found: Coverage, today: str) -> str:
    """Every township and year of a coverage as CSV; every row says of which version of the corpus, and when."""
    asked = (filters_text(found.filters), found.info.version, today)
    rows = ((*_place_cells(row.place), *_coverage_cells(cell), *asked) for row in found.rows for cell in row.cells)
    return csv_text([COVERAGE_HEADINGS, *rows])


def _coverage_cells(cell: Cell) -> tuple[object, ...]:
    late = {True: "晚于4月1日", False: "不晚于4月1日", None: None}[cell.is_late]
    keys, files = "、".join(one.key for one in cell.entries), "、".join(file.shown for file in cell.files)
    return (cell.year, cell.state.label, cell.issued, late, keys, files)


def _place_cells(place: Place) -> tuple[object, ...]:
    return (place.province, place.city, place.county, place.township, place.code)


def _cells(hit: Passage) -> tuple[object, ...]:
    section, record = hit.stored.section, hit.stored.report
    report, place = record.report, record.report.place
    return (
        hit.stored.id, hit.url, "逐字" if hit.exact else "非逐字", hit.score, *_place_cells(place), report.year,
        report.title, section.part.label, section.heading, "、".join(section.topics), section.text,
        record.files[0].shown,
    )  # fmt: skip


def topics_csv(rows: Iterable[TopicRow], filters: Filters, version: str, today: str) -> str:
    """Topics with their three numbers as CSV; the rest as for hits."""
    asked = (filters_text(filters), version, today)
    cells = (
        (row.topic.group, row.topic.name, row.counts.sections, row.counts.reports, row.counts.townships, *asked)
        for row in rows
    )
    return csv_text([TOPIC_HEADINGS, *cells])


def filters_text(filters: Mapping[Facet, Sequence[str]]) -> str:
    """Chosen filters in one cell."""
    return "；".join(f"{facet.value}={'、'.join(values)}" for facet, values in filters.items() if values)
