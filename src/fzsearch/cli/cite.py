"""`fzsearch cite`: how is a report or a section cited?"""

from datetime import date

import click

from fzsearch.cite import STYLES, reference_of
from fzsearch.cli.options import index_option, setting_option, settings_of
from fzsearch.cli.output import say, service_of, today
from fzsearch.errors import NotFoundError
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState


@click.command()
@click.argument("key", metavar="KEY[/sPATH]")
@click.option("--style", type=click.Choice(list(STYLES)), default="gbt2025", help="引用格式，默认 GB/T 7714—2025")
@setting_option("base_url", metavar="URL")
@index_option
def cite(key: str, style: str, base_url: str | None, index: str | None) -> None:
    """给出一份报告或其中一段的引用；KEY 如 990122101-2024，段如 990122101-2024/s2.1。"""
    settings = settings_of(index=index, base_url=base_url)
    found = service_of(index).resolve(parse_address(key.removeprefix("/r/")))
    if found.state is LinkState.SEVERAL:
        raise NotFoundError(f"{key} 指向几份报告：{'、'.join(rival.key for rival in found.rivals)}；请写其中一个")
    if found.record is None or found.state is LinkState.REMOVED:
        raise NotFoundError(f"没有 {key} 这份报告或这一段；用 fzsearch search 查到的 id 引用")
    source = reference_of(
        found.record,
        found.target,
        date.fromisoformat(today()),
        section=found.section.section if found.section else None,
        base_url=settings.base_url,
    )
    written = STYLES[style].write(source)
    say(written.replace("\r\n", "\n").rstrip("\n"))
    if found.state is LinkState.CHANGED:
        click.echo("注意：这一段的文字与所给链接已不同，引用的是现在的文字", err=True)
    if not settings.base_url and source.link in written:
        click.echo("链接是站内相对地址；设 --base-url 或 FZSEARCH_BASE_URL 后为完整网址", err=True)
