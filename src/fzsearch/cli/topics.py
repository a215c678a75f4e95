"""Which topics are there, what does one mean, and what would one of my own match? `fzsearch topics`."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import click

from fzsearch.cli import render
from fzsearch.cli.options import filter_options, filters_of, index_option, json_option, table_options
from fzsearch.cli.output import answer, service_of, today
from fzsearch.errors import QueryError
from fzsearch.model import Topic
from fzsearch.query import UNSETTLED
from fzsearch.service import Passage, tables, topic_passages, topic_shapes
from fzsearch.service.topic_facts import TopicFacts, TopicRow
from fzsearch.service.topic_trial import Trial, topic_toml

DEFAULT_GROUP = "自己的"
MAX_OVERLAP = 8


@click.group(invoke_without_command=True)
@filter_options
@table_options
@index_option
@click.pass_context
def topics(ctx: click.Context, /, output: str | None, index: str | None, **filters: Any) -> None:
    """主题：列出全部及其段数、报告数、乡镇数；show 看一个，try 试自己的说法。"""
    if command := ctx.invoked_subcommand:
        if output or index or any(filters.values()):
            raise QueryError(f"选项要写在 {command} 之后；哪些可用，见 fzsearch topics {command} --help")
        return
    chosen = filters_of(filters)
    service = service_of(index)
    rows = service.topic_rows(chosen)
    csv = partial(tables.topics_csv, rows, chosen, service.info().version, today())
    answer(output, lambda: "\n".join(_row_lines(rows)), lambda: topic_shapes.topic_rows_shape(rows, chosen), csv)


def _row_lines(rows: Sequence[TopicRow]) -> Iterator[str]:
    group = None
    for row in rows:
        if row.topic.group != group:
            group = row.topic.group
            yield group
        yield f"  {row.topic.name}：{render.counts_text(row.counts) if row.counts.sections else '未见'}"


@topics.command()
@click.argument("name", metavar="NAME")
@click.option("--limit", type=click.IntRange(0, 100), default=5, metavar="N", help="最多给几段，默认 5")
@json_option
@index_option
def show(name: str, limit: int, index: str | None, output: str | None) -> None:
    """看一个主题：指什么，哪些说法算、哪些不算，各年多少，最相关的段落。"""
    service = service_of(index)
    facts = service.topic(name, limit)
    hits = service.best_of(facts)
    answer(output, lambda: "\n".join(_facts_lines(facts, hits)), lambda: topic_shapes.topic_facts_shape(facts, hits))


def _facts_lines(facts: TopicFacts, hits: Sequence[Passage]) -> Iterator[str]:
    topic = facts.topic
    yield f"{topic.name}（{topic.group}）：{topic.about or '没有写定义'}"
    for label, texts in (
        ("算谈到", topic.patterns),
        ("只在这些词里的不算", topic.unless),
        ("相近说法，不计入", topic.near),
        ("例句", topic.examples),
        ("反例，不算", topic.counter_examples),
    ):
        if texts:
            yield f"  {label}：{'、'.join(texts)}"
    yield f"谈到的有 {render.counts_text(facts.total)}"
    yield from (
        f"  {_year(one.year)}：{one.reports}/{one.all_reports} 份报告，{one.sections} 段" for one in facts.years
    )
    for number, hit in enumerate(hits, 1):
        yield from ("", *render.hit_lines(number, hit))


@topics.command("try")
@click.argument("patterns", metavar="说法[,说法…]", nargs=-1, required=True)
@click.option("--unless", multiple=True, metavar="词[,词…]", help="例外：比说法长的词，里面的不算；可重复")
@click.option("--name", metavar="名称", help="写进 TOML 的名称，默认用第一个说法")
@click.option(
    "--group", "group_name", default=DEFAULT_GROUP, metavar="分组", help=f"写进 TOML 的分组，默认“{DEFAULT_GROUP}”"
)
@filter_options
@click.option("--limit", type=click.IntRange(0, 100), default=5, metavar="N", help="最多给几段样例，默认 5")
@json_option
@index_option
def attempt(
    patterns: tuple[str, ...], unless: tuple[str, ...], name: str | None, group_name: str, limit: int,
    index: str | None, output: str | None, **filters: Any,
) -> None:  # fmt: skip
    """试自己的主题：这些说法会命中什么，与哪些主题重叠，并给出可以粘贴进 topics.toml 的写法。

    说法中的“…”表示中间可隔开至多 12 个字，不跨标点，如 合同…审查。
    """
    chosen, words = filters_of(filters), _words(patterns)
    topic = Topic(name=name or "".join(words[:1]), group=group_name, patterns=words, unless=_words(unless))
    trial = service_of(index).try_topic(topic, chosen, limit)
    hits = topic_passages(topic, trial.best)
    answer(output, lambda: "\n".join(_trial_lines(trial, hits)), lambda: topic_shapes.trial_shape(trial, hits))


def _words(values: Sequence[str]) -> tuple[str, ...]:
    """What stands between commas, without repetition."""
    parts = (part.strip() for value in values for part in value.replace("，", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _trial_lines(trial: Trial, hits: Sequence[Passage]) -> Iterator[str]:
    yield f"会命中 {render.counts_text(trial.total)}"
    yield from (f"  {_year(year)}：{reports} 份报告，{sections} 段" for year, sections, reports in trial.years)
    for name, count in trial.overlap[:MAX_OVERLAP]:
        yield f"已有主题“{name}”含其中 {count} 段"
    if rest := trial.overlap[MAX_OVERLAP:]:
        yield f"另有 {len(rest)} 个主题也有重叠，都不超过 {rest[0][1]} 段"
    for number, hit in enumerate(hits, 1):
        yield from ("", *render.hit_lines(number, hit))
    yield from (
        "",
        "要用它，把下面几行写进语料目录的 topics.toml，再运行 fzsearch index：",
        "",
        topic_toml(trial.topic),
    )


def _year(value: str) -> str:
    return "年度未定" if value == UNSETTLED else f"{value} 年"
