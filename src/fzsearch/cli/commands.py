"""The commands of `fzsearch`: index, search, parse, show, serve, doctor; others have modules of their own.

Results on stdout, progress and warnings on stderr. Exit status: 0 done, 1 failure, 2 wrong use or bad input, 3 done but
some files could not be read and --strict was given, 4 `brief check` found anything but 一致 and 多处.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from fzsearch import __version__
from fzsearch.cli import render
from fzsearch.cli.batch import read_queries, run_batch
from fzsearch.cli.brief import brief
from fzsearch.cli.cite import cite
from fzsearch.cli.compare import compare
from fzsearch.cli.coverage import coverage
from fzsearch.cli.figures import figures
from fzsearch.cli.mistakes import usage_text
from fzsearch.cli.options import (
    filter_options,
    filters_of,
    index_option,
    json_option,
    limit_value,
    setting_option,
    settings_of,
    table_options,
)
from fzsearch.cli.output import answer, print_json, say, service_of, today
from fzsearch.cli.overlap import overlap
from fzsearch.cli.topics import topics
from fzsearch.errors import ConfigError, EngineError, FzsearchError, UserError
from fzsearch.model import IndexedReport, Section, shown_path, without_controls
from fzsearch.query import Sort
from fzsearch.service import (
    ENGINES,
    RECOGNISED_FOLDER,
    SHARES_FOLDER,
    IndexSummary,
    Match,
    SearchRequest,
    SearchService,
    Share,
    diagnose,
    engine_in,
    index_corpus,
    open_engine,
    parse_file,
    read_share,
    remember,
    shapes,
    tables,
    watch_corpus,
    write_sidecar,
)
from fzsearch.service.addresses import Address
from fzsearch.service.markdown import markdown_of

EXIT_FAILURE, EXIT_USER, EXIT_UNREADABLE = 1, 2, 3


class _Group(click.Group):
    """The one place where errors become messages and exit statuses."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            help_command = f"{error.ctx.command_path if error.ctx else 'fzsearch'} --help"
            click.echo(f"fzsearch: {usage_text(error)}；用法见 {help_command}", err=True)
            ctx.exit(EXIT_USER)
        except FzsearchError as error:
            click.echo(f"fzsearch: {error}", err=True)
            ctx.exit(EXIT_USER if isinstance(error, UserError) else EXIT_FAILURE)
        except BrokenPipeError:  # the reader of our output went away
            sys.stderr.close()
            ctx.exit(EXIT_FAILURE)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fzsearch")
def main() -> None:
    """乡镇、街道法治政府建设年度报告全文检索。"""


@main.command()
@click.argument("corpus", metavar="CORPUS")
@index_option
@click.option("--engine", type=click.Choice(ENGINES), help="用哪种引擎；不写则沿用索引原来的，新索引用 whoosh")
@setting_option("url", metavar="URL")
@setting_option("index_name", metavar="NAME")
@setting_option("shards", metavar="N")
@setting_option("replicas", metavar="N")
@setting_option("ca_file", metavar="FILE")
@setting_option("workers", metavar="N")
@click.option("--full", is_flag=True, help="全部重读重建")
@click.option("--strict", is_flag=True, help="有文件读不出时退出码为 3")
@click.option("--shard", metavar="I/N", help="只读语料 N 组里的第 I 组，先不写索引，见上")
@click.option("--watch", is_flag=True, help="一直看着语料，几秒内跟上增删改，每次更新说一行；Ctrl-C 结束")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def index(
    corpus: str,
    index: str | None,
    engine: str | None,
    shard: str | None,
    *,
    full: bool,
    strict: bool,
    watch: bool,
    as_json: bool,
    **flags: str | None,
) -> None:
    """为语料目录 CORPUS 建立或更新索引；没有变化就什么也不写。

    语料很大时，可以由几个进程（也可以在几台机器上，共用语料目录和索引目录）分组来读：各运行 --shard 1/3、--shard 2/3、
    --shard 3/3，文件按路径分组；都读好后，不带 --shard 再运行一次，定编号、写索引，结果与一个进程做的一样。读一组时索引
    不变；中断了再运行同一组，读过的不再读；没有读好的组由最后那一次自己读。
    """
    if watch and (strict or as_json or shard):
        raise ConfigError("--watch 一直运行，不能与 --strict、--json、--shard 同用；请去掉其中之一")
    settings = settings_of(index=index, **flags)
    opened = open_engine(engine, settings.index, settings.cluster)
    full = full or (engine is not None and engine != engine_in(settings.index, settings.cluster))
    recognised = settings.index / RECOGNISED_FOLDER
    shares = settings.index / SHARES_FOLDER
    run = partial(index_corpus, Path(corpus), opened, workers=settings.workers, recognised=recognised, shares=shares)
    try:
        if shard:
            read = partial(read_share, Path(corpus), opened, Share.parse(shard), shares, recognised=recognised)
            with _progress_bar() as progress:
                done = read(workers=settings.workers, full=full, progress=progress)
            print_json(shapes.share_shape(done)) if as_json else say(render.share_text(done))
            return
        if watch:
            _watch(Path(corpus), run, full=full)
            return
        with _progress_bar() as progress:
            summary = run(full=full, progress=progress)
    finally:
        opened.close()
    remember(engine, settings.index, settings.cluster)
    if as_json:
        print_json(shapes.summary_shape(summary))
        for sentence in summary.mistakes:
            click.echo(without_controls(f"更正有误：{sentence}"), err=True)
    else:
        say(render.summary_text(summary))
    if strict and summary.unreadable:
        sys.exit(EXIT_UNREADABLE)


def _watch(corpus: Path, run: Callable[..., IndexSummary], *, full: bool) -> None:
    """Index, then follow the corpus until Ctrl-C or a request to end."""
    text = render.summary_text

    def commit_line(summary: IndexSummary) -> str:
        return f"{_now()} {render.commit_text(summary)}"

    def tell(summary: IndexSummary) -> None:
        nonlocal text
        say(text(summary))
        text = commit_line

    def warn(sentence: str) -> None:
        click.echo(without_controls(f"{_now()} fzsearch: {sentence}"), err=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _progress_bar() as progress:
            watch_corpus(corpus, run, full=full, progress=progress, tell=tell, warn=warn)
    except KeyboardInterrupt:
        click.echo("已停止；索引停在最近一次更新", err=True)


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def _progress_bar() -> Any:
    """Shows files read or pages recognised, rate and remaining time, on a terminal only."""
    bar = tqdm(total=0, unit="份", desc="读取", disable=not sys.stderr.isatty(), dynamic_ncols=True, leave=False)

    def progress(done: int, total: int, unit: str) -> None:
        if unit != getattr(bar, "unit", unit):  # a bar that is not shown has none
            bar.unit = unit
            bar.reset()
            bar.set_description("文字识别" if unit == "页" else "读取")
        bar.total = total
        bar.n = done
        bar.refresh() if done == 0 else bar.update(0)
        if unit == "份" and total and done == total:
            bar.set_description("写入索引")

    try:
        yield progress
    finally:
        bar.close()


@main.command()
@click.argument("query", metavar="[QUERY]", required=False)
@click.option("--batch", metavar="QUERIES.csv", help="查一张表里的许多检索词，见上")
@filter_options
@click.option(
    "--match", type=click.Choice([m.value for m in Match]), default="all", help="每个词都要有，或有任一词（整句提问）"
)
@click.option("--limit", metavar="N|all", help="最多给几段，默认 10；--batch 时每条检索默认 1")
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="从第几段之后开始")
@click.option(
    "--sort", type=click.Choice([s.value for s in Sort]), default="relevance", help="按相关度、年度或地方排序"
)
@click.option("--explain", is_flag=True, help="每段说明得分怎样算出（按相关度排序时；终端和 JSON）")
@table_options
@click.option("--md", "output", flag_value="md", help="输出 Markdown")
@index_option
def search(
    query: str | None, batch: str | None, match: str, limit: str | None, offset: int, sort: str, output: str | None,
    index: str | None, *, explain: bool, **filters: Any,
) -> None:  # fmt: skip
    """检索；QUERY 的写法见网站的帮助页，空串列出全部。

    --batch 一次查许多条，每条给出逐字和全部的三个数和首条命中，最后列出没有命中的。表是 CSV（UTF-8 或 GB18030）：
    每行一条；或者第一行写列名，“查询”列是检索词，列名是 year、省、主题 等的是这一条的筛选（比命令行上的优先），
    几个值用“、”隔开。有错的行逐行说明，不影响其他行，退出码为 2。
    """
    if (query is None) == (batch is None) or (batch and (output == "md" or offset)):
        raise ConfigError("要写 QUERY，或者 --batch 和一张表，只写一样；--batch 不能与 --md、--offset 同用")
    request = SearchRequest(
        text=(query or "").encode("utf-8", "replace").decode(),  # arguments that are not UTF-8 hold lone surrogates
        filters=filters_of(filters),
        match=Match(match),
        sort=Sort(sort),
        offset=offset,
        limit=limit_value(limit or ("1" if batch else "10")),
        explain=explain,
    )
    service = service_of(index)
    if batch:
        sys.exit(0 if run_batch(service, read_queries(Path(batch), request), output) else EXIT_USER)
    page = service.search(request)
    when = service.info().version, today()
    if output == "md":
        click.echo(render.search_markdown(page, *when))
    else:
        csv = partial(tables.search_csv, page, *when)
        answer(output, lambda: render.search_text(page), lambda: shapes.search_shape(page), csv)


@main.command()
@click.argument("file", metavar="FILE")
@json_option
@click.option("--write-sidecar", "writes_sidecar", is_flag=True, help="在文件旁写一份更正草稿 FILE.toml，不覆盖已有的")
def parse(file: str, output: str | None, *, writes_sidecar: bool) -> None:
    """看一个文件是怎样读的：标题、年度、地方、各段、主题，以及每个值的出处。"""
    with _progress_bar() as progress:
        report = parse_file(Path(file), progress=lambda done, total: progress(done, total, "页"))
    if writes_sidecar:
        target = write_sidecar(Path(file), report)
        click.echo(f"更正草稿已写到 {shown_path(str(target))}；填好后运行 fzsearch index", err=True)
    answer(output, lambda: render.report_text(report), lambda: shapes.report_shape(report))


@main.command()
@click.argument("key", metavar="KEY[/sPATH]")
@json_option
@click.option("--md", "output", flag_value="md", help="输出 Markdown")
@click.option("--txt", "output", flag_value="txt", help="输出纯文本（原文）")
@index_option
def show(key: str, output: str | None, index: str | None) -> None:
    """显示一份报告或其中一段；KEY 如 990122101-2024，段如 990122101-2024/s2.1。"""
    service = service_of(index)
    key, _, path = key.partition("@")[0].partition("/")
    record = service.report(key)
    sections = (service.section(f"{key}/{path}").section,) if path else record.report.sections
    if output == "md":
        found = service.resolve(Address(key=key, path=path))
        click.echo(markdown_of(record, found, settings_of().base_url + found.target, service.info().version), nl=False)
    elif output == "txt":
        click.echo("\n".join(section.text for section in sections))
    else:
        answer(output, lambda: _shown_text(record, sections), lambda: shapes.shown_shape(record, sections))


def _shown_text(record: IndexedReport, sections: Sequence[Section]) -> str:
    if len(sections) == len(record.report.sections):
        return f"{record.key}：{'、'.join(file.shown for file in record.files)}\n{render.report_text(record.report)}"
    return "\n\n".join(render.section_text(section) for section in sections)


@main.command()
@index_option
@setting_option("host")
@setting_option("port", metavar="N")
@setting_option("corpus", metavar="DIR")
@setting_option("threads", metavar="N")
@setting_option("processes", metavar="N")
@setting_option("hosts", metavar="NAMES")
@setting_option("base_url", metavar="URL")
@setting_option("trusted_proxy", metavar="ADDRESS")
@setting_option("access_log", metavar="FILE")
@setting_option("log_texts", metavar="0|1")
def serve(**flags: str | None) -> None:
    """启动网站；只读，默认只在本机 127.0.0.1:8000。"""
    from fzsearch.web.server import serve as serve_site  # noqa: PLC0415 - other commands need not load Flask

    settings = settings_of(**flags)
    service = SearchService(open_engine(None, settings.index, settings.cluster))
    try:
        service.warm_up()  # a missing index is said here, not on the first page
    except EngineError as error:
        if error.retry_after is None:
            raise
        click.echo(f"fzsearch: {error}；网站照常开启，检索引擎恢复后自动可用", err=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: requests are answered first
    serve_site(service, settings, lambda address: click.echo(f"法治报告检索：{address} （按 Ctrl-C 停止）", err=True))


@main.command()
@index_option
@setting_option("corpus", metavar="DIR")
@json_option
def doctor(index: str | None, corpus: str | None, output: str | None) -> None:
    """体检：索引与语料是否一致、哪些文件读不出、重复的和信息不全的报告。"""
    settings = settings_of(index=index, corpus=corpus)
    found = diagnose(open_engine(None, settings.index, settings.cluster), settings.corpus)
    answer(output, lambda: render.diagnosis_text(found), lambda: shapes.diagnosis_shape(found))
    if found.damage:
        sys.exit(EXIT_FAILURE)


for command in (brief, cite, compare, coverage, figures, overlap, topics):
    main.add_command(command)
