"""`fzsearch brief`: does a briefing note say what the reports say?"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click

from fzsearch.brief import (
    CheckedDraft,
    CheckedFigure,
    CheckedQuotation,
    Note,
    Verdict,
    build_note,
    check_draft,
    note_docx,
    note_markdown,
    note_text,
    read_basket,
    read_draft,
)
from fzsearch.brief.sentences import (
    UNCHECKED_RULE,
    basis_words,
    count_words,
    draft_runs,
    figure_words,
    statement_runs,
)
from fzsearch.brief.shapes import checked_shape
from fzsearch.cite.reference import section_name
from fzsearch.cli.options import index_option, json_option, setting_option, settings_of
from fzsearch.cli.output import answer, bytes_of, marked_runs, service_of, today
from fzsearch.engine import StoredSection
from fzsearch.errors import ConfigError, CorpusError, os_reason
from fzsearch.service.asking import section_url

EXIT_FOUND = 4
_SHOWN = 5
"""Places listed of what stands in many."""


@click.group()
def brief() -> None:
    """简报：由摘录生成，核对稿件里的引文、数字、计数和链接。"""


@brief.command()
@click.argument("file", metavar="FILE")
@json_option
@index_option
def check(file: str, index: str | None, output: str | None) -> None:
    """核稿：稿件 FILE（docx、md、txt、html、pdf）里的引文、数字、计数、链接逐一与语料对照；有不一致的退出码为 4。"""
    path = Path(file)
    checked = check_draft(service_of(index), read_draft(bytes_of(path), path.name))
    answer(output, lambda: "\n".join(_lines(checked)), lambda: checked_shape(checked))
    if not checked.is_clean:
        sys.exit(EXIT_FOUND)


_WRITERS: dict[str, Callable[[Note], str | bytes]] = {".docx": note_docx, ".md": note_markdown, ".txt": note_text}


@brief.command()
@click.argument("basket", metavar="BASKET.json")
@click.option("-o", "--output", required=True, metavar="FILE", help="写到哪里；后缀 .docx、.md 或 .txt；不覆盖已有的")
@setting_option("base_url", metavar="URL")
@index_option
def build(basket: str, output: str, base_url: str | None, index: str | None) -> None:
    """把摘录篮 BASKET.json 写成简报：公文版式的 Word、Markdown 或纯文本，每处摘录带注和链接。"""
    target = Path(output)
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        raise ConfigError(f"-o 的后缀要是 {'、'.join(_WRITERS)}，现在是“{target.name}”")
    settings = settings_of(index=index, base_url=base_url)
    chosen = read_basket(bytes_of(Path(basket)), Path(basket).name)
    note = build_note(service_of(index), chosen, date.fromisoformat(today()), settings.base_url)
    written = write(note)
    try:
        with target.open("xb") as file:
            file.write(written.encode() if isinstance(written, str) else written)
    except FileExistsError as error:
        raise CorpusError(f"已有 {target}，没有改动；请换一个文件名") from error
    except OSError as error:
        raise CorpusError(f"写不了 {target}（{os_reason(error)}）；请检查文件夹的权限和磁盘空间") from error
    for warning in note.warnings:
        click.echo(f"注意：{warning}", err=True)


def _lines(checked: CheckedDraft) -> Iterator[str]:
    if not any((checked.quotations, checked.figures, checked.counts, checked.links)):
        yield "稿中没有引号里的话、带单位的数字，也没有本站的链接"
    for number, one in enumerate(checked.quotations, 1):
        yield f"{number}. {one.verdict}：“{one.quotation.text.strip()}”"
        yield from (f"   {line}" for line in _sources(one))
    for figure in checked.figures:
        quantity = checked.text[figure.figure.start : figure.figure.end]
        yield f"数字 {figure.verdict}：{quantity}（{marked_runs(draft_runs(figure, checked.text))}）"
        yield from (f"   {line}" for line in _statements(figure))
    for count in checked.counts:
        yield f"计数 {count.verdict}：{count.count.text}（{count.url}）"
        yield f"   {count_words(count)}"
    for link in checked.links:
        yield f"链接 {link.resolution.state}：{link.url}"
    if checked.unchecked:
        numbers = "、".join(checked.text[start:end] for start, end in checked.unchecked)
        yield f"没有核对的数：{numbers}（{UNCHECKED_RULE}）"
    for name, found in (("引文", checked.quotations), ("数字", checked.figures), ("计数", checked.counts)):
        verdicts = Counter(one.verdict for one in found)
        if verdicts:
            counted = "，".join(f"{verdict} {verdicts[verdict]}" for verdict in Verdict if verdicts[verdict])
            yield f"{name} {verdicts.total()} 处：{counted}（语料版本 {checked.version}；相似不算一致）"


def _statements(one: CheckedFigure) -> Iterator[str]:
    yield basis_words(one.basis)
    if words := figure_words(one):
        yield words
    for found in one.same[:_SHOWN]:
        yield f"出处 {_place(found.stored)}"
    if one.other:
        yield f"原文 {marked_runs(statement_runs(one.other))}"
        yield f"出处 {_place(one.other.stored)}"


def _sources(one: CheckedQuotation) -> Iterator[str]:
    found = one.found
    if one.verdict is Verdict.SEVERAL:
        yield f"{len(found.literal)} 处都有这句，请注明引自哪一处"
    yield from (f"出处 {_place(source.stored)}" for source in found.literal[:_SHOWN])
    if len(found.literal) > _SHOWN:
        yield f"其余 {len(found.literal) - _SHOWN} 处见 --json"
    if found.alike:
        yield f"稿  {marked_runs(found.alike.old)}"
        yield f"原文 {marked_runs(found.alike.new)}"
        yield f"出处 {_place(found.alike.stored)}"
    if found.nearest:
        yield f"语料中没有这句话；字面最近的是 {section_url(found.nearest)}，只供查找，不作依据"


def _place(stored: StoredSection) -> str:
    return f"《{stored.report.report.title or stored.report.key}》{section_name(stored.section)} {section_url(stored)}"
