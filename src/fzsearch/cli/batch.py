"""`fzsearch search --batch`: what do many queries find? A table of queries, asked one after another."""

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from fzsearch.cli import render
from fzsearch.cli.options import filters_of
from fzsearch.cli.output import bytes_of, print_json, say, today
from fzsearch.errors import ConfigError, QueryError
from fzsearch.ingest import decoded
from fzsearch.model import without_controls
from fzsearch.query import FACET_LABELS, Facet
from fzsearch.service import SearchPage, SearchRequest, SearchService, shapes, tables

QUERY_NAMES = ("查询", "query", "检索词")
_FACET_OF = {name: facet for facet in Facet for name in (facet.value, FACET_LABELS[facet])}
_VALUES = re.compile(r"[、，,；;]")


@dataclass(frozen=True, slots=True)
class Row:
    """One query with the line of the table that it begins on, or what is wrong there."""

    line: int
    request: SearchRequest | None
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The queries of a table in order, and the columns that hold neither queries nor filters."""

    rows: Sequence[Row]
    unused: Sequence[str] = ()


@dataclass(slots=True)
class Outcome:
    """What came of a table: the queries that found nothing, and the lines with mistakes."""

    nothing: list[Row] = field(default_factory=list)
    bad: list[Row] = field(default_factory=list)


def read_queries(path: Path, common: SearchRequest) -> Table:
    """The queries of a CSV, UTF-8 or GB18030, in order; blank lines are left out.

    With a heading of columns, that of 查询 or query (else the first) holds queries, those named like filters hold
    filters, several values parted by 、; others are not looked at. Without one every line is a query.

    Args:
        path: the table.
        common: what all queries share; filters of the table come before its filters.

    Raises:
        CorpusError: the file cannot be read.
        ConfigError: it is no text, or holds nothing.
    """
    text = decoded(bytes_of(path))
    if text is None:
        raise ConfigError(f"{path} 不是 UTF-8，也不是 GB18030 编码；在 Excel 里请另存为“CSV UTF-8（逗号分隔）”")
    records = list(_records(text))
    if not records:
        raise ConfigError(f"{path} 里没有检索词；每行写一条")
    names = [cell.strip().lower() for cell in records[0][1]]
    known = {*QUERY_NAMES, *_FACET_OF}
    if names[0] not in QUERY_NAMES and not set(names[1:]) & known:
        return Table([_row(line, cells, [QUERY_NAMES[0]], common) for line, cells in records])
    if not set(names) & set(QUERY_NAMES) and names[0] not in known:
        names[0] = QUERY_NAMES[0]
    rows = [_row(line, cells, names, common) for line, cells in records[1:]]
    return Table(rows, [name for name in names if name and name not in known])


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV that hold anything, with the number of the line that each begins on."""
    reader, line = csv.reader(io.StringIO(text, newline="")), 1
    csv.field_size_limit(
        max(csv.field_size_limit(), len(text))
    )  # a quotation mark that is never closed makes one long cell: a long query
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _row(line: int, cells: Sequence[str], names: Sequence[str], common: SearchRequest) -> Row:
    if any(cell.strip() for cell in cells[len(names) :]):
        rest = "其他列要写表头" if len(names) == 1 else f"表头只有 {len(names)} 列"
        return Row(line, None, f"有 {len(cells)} 格，{rest}；检索词里有逗号时要加引号")
    texts: list[str] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(names, cells, strict=False):
        if name in QUERY_NAMES:
            texts.append(cell)
        elif facet := _FACET_OF.get(name):
            chosen[facet.value] = tuple(value.strip() for value in _VALUES.split(cell) if value.strip())
    try:
        filters = {**common.filters, **filters_of(chosen)}
    except QueryError as error:
        return Row(line, None, str(error))
    return Row(line, replace(common, text="".join(texts[:1]).strip(), filters=filters))


def run_batch(service: SearchService, table: Table, output: str | None) -> bool:
    """Ask all queries and print what they find; whether all could be asked.

    A line with a mistake is told on stderr and does not stop the others.

    Raises:
        EngineError: the index cannot answer.
    """
    outcome, version = Outcome(), service.info().version
    answers = _answers(service, table.rows, outcome)
    _PRINTERS[output](answers, outcome, version)
    if table.unused:
        click.echo(without_controls(f"没有用到的列：{'、'.join(table.unused)}"), err=True)
    for row in outcome.bad:
        click.echo(without_controls(f"fzsearch: 第 {row.line} 行：{row.mistake}"), err=True)
    if output and outcome.nothing:
        click.echo(without_controls("\n".join(_nothing_lines(outcome))), err=True)
    return not outcome.bad


def _answers(service: SearchService, rows: Sequence[Row], outcome: Outcome) -> Iterator[tuple[int, SearchPage]]:
    for row in tqdm(rows, unit="条", desc="检索", disable=not sys.stderr.isatty() or sys.stdout.isatty(), leave=False):
        if row.request is None:
            outcome.bad.append(row)
            continue
        try:
            page = service.search(row.request)
        except QueryError as error:
            outcome.bad.append(replace(row, mistake=str(error)))
            continue
        if not page.total.sections:
            outcome.nothing.append(row)
        yield row.line, page


def _nothing_lines(outcome: Outcome) -> Iterator[str]:
    yield f"没有命中的有 {len(outcome.nothing)} 条："
    yield from (f"  第 {row.line} 行：{_asked(row.request)}" for row in outcome.nothing if row.request)


def _asked(request: SearchRequest) -> str:
    chosen = tables.filters_text(request.filters)
    return f"{request.text or '（全部）'}{f'（{chosen}）' if chosen else ''}"


Answers = Iterator[tuple[int, SearchPage]]


def _print_text(answers: Answers, outcome: Outcome, version: str) -> None:
    count = 0
    for line, page in answers:
        count += 1
        say(f"第 {line} 行：{_asked(page.request)}")
        say(f"  逐字命中 {render.counts_text(page.exact)}；全部命中 {render.counts_text(page.total)}")
        for number, hit in enumerate(page.hits, 1):
            say("\n".join(f"  {one}" for one in render.hit_lines(number, hit)))
    say(f"\n共 {count} 条检索，语料版本 {version}")
    if outcome.nothing:
        say("\n".join(_nothing_lines(outcome)))


def _print_csv(answers: Answers, _outcome: Outcome, version: str) -> None:
    for part in tables.batch_csv(answers, version, today()):
        click.echo(part, nl=False)


def _print_json(answers: Answers, outcome: Outcome, version: str) -> None:
    found = [_answer_shape(line, page) for line, page in answers]
    nothing = [{"line": row.line, "query": row.request.text} for row in outcome.nothing if row.request]
    bad = [{"line": row.line, "message": row.mistake} for row in outcome.bad]
    print_json({"version": version, "queries": found, "nothing": nothing, "bad": bad})


def _answer_shape(line: int, page: SearchPage) -> dict[str, Any]:
    return {
        "line": line,
        "query": page.request.text,
        "filters": shapes.filters_shape(page.request.filters),
        "total": asdict(page.total),
        "exact": asdict(page.exact),
        "hits": [shapes.hit_shape(hit) for hit in page.hits],
        "notes": shapes.notes_shape(page),
    }


_PRINTERS: Mapping[str | None, Callable[[Answers, Outcome, str], None]] = {
    None: _print_text,
    "csv": _print_csv,
    "json": _print_json,
}
