"""`fzsearch brief`: does a briefing note say what the reports say?"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from fzsearch.brief import CheckedDraft, CheckedQuotation, Verdict, check_draft, read_draft
from fzsearch.brief.shapes import checked_shape
from fzsearch.cite.reference import section_name
from fzsearch.cli.options import index_option
from fzsearch.cli.output import print_json, say, service_of
from fzsearch.errors import CorpusError
from fzsearch.service.differences import Change
from fzsearch.service.quotations import Source
from fzsearch.service.search import section_url

EXIT_FOUND = 4
_MARKS = {"": ("", ""), "del": ("[-", "-]"), "ins": ("[+", "+]")}


@click.group()
def brief() -> None:
    """简报：核对稿件里的引文和链接。"""


@brief.command()
@click.argument("file", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@index_option
def check(file: str, index: str | None, *, as_json: bool) -> None:
    """核稿：稿件 FILE（docx、md、txt、html、pdf）里的每处引文、每条链接与语料对照；有不一致的退出码为 4。"""
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"打不开 {path}（{error.strerror}）；请核对路径和权限") from error
    checked = check_draft(service_of(index), read_draft(data, path.name))
    if as_json:
        print_json(checked_shape(checked))
    else:
        say("\n".join(_lines(checked)))
    if not checked.is_clean:
        sys.exit(EXIT_FOUND)


def _lines(checked: CheckedDraft) -> Iterator[str]:
    if not checked.quotations and not checked.links:
        yield "稿中没有引号里的话，也没有本站的链接"
    for number, one in enumerate(checked.quotations, 1):
        yield f"{number}. {one.verdict}：“{one.quotation.text.strip()}”"
        yield from (f"   {line}" for line in _sources(one))
    for link in checked.links:
        yield f"链接 {link.resolution.state}：{link.url}"
    verdicts = Counter(one.verdict for one in checked.quotations)
    if checked.quotations:
        counted = "，".join(f"{verdict} {verdicts[verdict]}" for verdict in Verdict if verdicts[verdict])
        yield f"引文 {len(checked.quotations)} 处：{counted}（语料版本 {checked.version}；相似不算一致）"


def _sources(one: CheckedQuotation) -> Iterator[str]:
    found = one.found
    if one.verdict is Verdict.SEVERAL:
        yield f"{len(found.literal)} 处都有这句，请注明引自哪一处"
    yield from (f"出处 {_named(source)}" for source in found.literal)
    if found.alike:
        yield f"稿  {_marked(found.alike.old)}"
        yield f"原文 {_marked(found.alike.new)}"
        yield f"出处 {_named(found.alike)}"
    if found.nearest:
        yield f"语料中没有这句话；字面最近的是 {section_url(found.nearest)}，只供查找，不作依据"


def _named(source: Source) -> str:
    stored = source.stored
    return f"《{stored.report.report.title or stored.report.key}》{section_name(stored.section)} {section_url(stored)}"


def _marked(runs: Iterable[Change]) -> str:
    return "".join(f"{_MARKS[run.kind][0]}{run.text}{_MARKS[run.kind][1]}" for run in runs).replace("\n", " ")
