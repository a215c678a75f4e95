"""`fzsearch compare`: what did a report keep, change, drop and add, compared with another?"""

from collections.abc import Iterator

import click

from fzsearch.cli.options import index_option, json_option
from fzsearch.cli.output import answer, marked_runs, service_of
from fzsearch.service.comparison import Fate, Pair, PartComparison, compare_reports, comparison_shape, shares


@click.command()
@click.argument("old", metavar="KEY1")
@click.argument("new", metavar="KEY2")
@json_option
@index_option
def compare(old: str, new: str, index: str | None, output: str | None) -> None:
    """逐句比较两份报告：哪些照抄、改写、删去、新增；KEY 如 990122101-2023 和 990122101-2024。"""
    service = service_of(index)
    before, after = service.report(old), service.report(new)
    compared = compare_reports(before.report, after.report)
    answer(output, lambda: "\n".join(_lines(compared)), lambda: comparison_shape(before, after, compared))


def _lines(compared: tuple[PartComparison, ...]) -> Iterator[str]:
    for one in compared:
        yield f"== {one.part.label}：{_percentages(one.pairs)}"
        yield from (_line(pair) for pair in one.pairs if pair.fate is not Fate.KEPT)
        yield ""
    yield f"全文（按字数）：{_percentages([pair for one in compared for pair in one.pairs])}；照抄的句子未列出"


def _percentages(pairs: list[Pair] | tuple[Pair, ...]) -> str:
    return "，".join(f"{fate} {share:.0%}" for fate, share in shares(pairs).items())


def _line(pair: Pair) -> str:
    if pair.old and pair.new:
        old, new = map(marked_runs, pair.runs())
        return f"{pair.fate} {old}\n  →  {new}"
    sentence = pair.old or pair.new
    return f"{pair.fate} {sentence.text if sentence else ''}"
