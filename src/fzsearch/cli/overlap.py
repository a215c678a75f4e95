"""`fzsearch overlap`: which reports share wording, and with whom?"""

from collections.abc import Iterator, Sequence
from functools import partial

import click

from fzsearch.cli.options import index_option, table_options
from fzsearch.cli.output import answer, service_of, today
from fzsearch.service.copying import Copying, copying_shape
from fzsearch.service.tables import copying_csv


@click.command()
@click.argument("key", metavar="[KEY]", required=False)
@table_options
@index_option
def overlap(key: str | None, output: str | None, index: str | None) -> None:
    """雷同：每份报告有多少文字与其他报告逐字相同（数字不计），多数报告都写的套话另算；给了 KEY 只看这一份。"""
    service = service_of(index)
    found = service.copying()
    if key is not None:
        wanted = service.report(key).key
        found = tuple(one for one in found if one.entry.key == wanted)
    csv = partial(copying_csv, found, service.info().version, today())
    answer(output, lambda: "\n".join(_lines(found)), lambda: [*map(copying_shape, found)], csv)


def _lines(found: Sequence[Copying]) -> Iterator[str]:
    for one in found:
        title = one.entry.title or ""
        yield f"{one.copied:.0%} 与其他报告相同，另有套话 {one.common:.0%}：{one.entry.key} {title}"
        for partner in one.partners:
            yield f"    {partner.share:.0%} {partner.relation} {partner.entry.key}"
    yield "相同：16 字以上相同的文字所占比例，数字不计，其间改动不超过 8 字的连着算；谁先写的，这里不判断。"
    yield "逐句对照：fzsearch compare KEY1 KEY2"
