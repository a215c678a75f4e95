"""`fzsearch cite`: how is a report or a section cited?"""

from datetime import date

import click

from fzsearch.cite import STYLES, cited, notes_on
from fzsearch.cli.options import index_option, setting_option, settings_of
from fzsearch.cli.output import say, service_of, today


@click.command()
@click.argument("key", metavar="KEY[/sPATH]")
@click.option("--style", type=click.Choice(list(STYLES)), default="gbt2025", help="引用格式，默认 GB/T 7714—2025")
@setting_option("base_url", metavar="URL")
@index_option
def cite(key: str, style: str, base_url: str | None, index: str | None) -> None:
    """给出一份报告或其中一段的引用；KEY 如 990122101-2024，段如 990122101-2024/s2.1。"""
    settings = settings_of(index=index, base_url=base_url)
    source, state = cited(service_of(index), key, date.fromisoformat(today()), settings.base_url)
    written = STYLES[style].write(source)
    say(written.replace("\r\n", "\n").rstrip("\n"))
    for note in notes_on(source, state, written, "设 --base-url 或 FZSEARCH_BASE_URL 后为完整网址"):
        click.echo(f"注意：{note}", err=True)
