"""Which figures do reports state? The command `fzsearch figures`."""

from functools import partial

import click

from fzsearch.cli.options import filter_options, filters_of, index_option, table_options
from fzsearch.cli.output import answer, say, service_of, today
from fzsearch.cli.render import place_text
from fzsearch.engine import StoredFigure
from fzsearch.figures import indicators
from fzsearch.service import SearchRequest, SearchService, shapes, tables
from fzsearch.service.figures import SCOPE_LABELS, FigureAnswer, value_text

_HELP = "列出报告里的数字，每个都带原句；不写 --indicator 就列出各指标有多少个（--json、--csv 是全部数字）。"


@click.command(help=_HELP)
@click.option("--indicator", metavar="名称", help="只看这个指标")
@click.option("--query", "text", default="", metavar="QUERY", help="只看含这些字的段落里的，写法同检索")
@filter_options
@table_options
@index_option
def figures(
    indicator: str | None, text: str, output: str | None, index: str | None, **filters: tuple[str, ...]
) -> None:
    """Figures with their sentences, or how many there are of each indicator."""
    service = service_of(index)
    request = SearchRequest(text=text.encode("utf-8", "replace").decode(), filters=filters_of(filters))
    if output is None and indicator is None:
        say(_counts_text(service, request))
        return
    found = service.figures(request, indicator)
    csv = partial(tables.figures_csv, found, service.info().version, today())
    answer(output, lambda: _text(found), lambda: shapes.figures_shape(found), csv)


def _counts_text(service: SearchService, request: SearchRequest) -> str:
    counts = service.figure_counts(request)
    lines = [f"{one.group}  {one.name}：{counts.get(one.id, 0)} 个" for one in indicators()]
    return "\n".join([*lines, f"不属于任何指标：{counts.get(None, 0)} 个"])


def _text(answer: FigureAnswer) -> str:
    head = f"{len(answer.figures)} 个数字，{answer.reports} 份报告，{answer.townships} 个乡镇；逐个列出，不相加"
    return "\n".join([head, *(f"注：{note}" for note in answer.notes), *map(_line, answer.figures)])


def _line(one: StoredFigure) -> str:
    figure, report = one.figure, one.report.report
    scope = SCOPE_LABELS[figure.scope] or ("其中一部分" if figure.part_of is not None else "")
    value = f"{value_text(figure)}{f'（{scope}）' if scope else ''}"
    where = f"{place_text(report.place)} {report.year or '年度未知'}"
    return f"\n{value}  {where}\n   {figure.sentence.strip()}\n   /r/{one.section_id}@{one.section_hash}"
