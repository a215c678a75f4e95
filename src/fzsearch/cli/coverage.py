"""Which townships and years does the corpus hold, which not? The command `fzsearch coverage`."""

import click

from fzsearch.cli.options import filters_by, filters_of, index_option, table_options
from fzsearch.cli.output import answer, service_of, today
from fzsearch.query import Facet
from fzsearch.service import shapes, tables
from fzsearch.service.coverage import Coverage, Row, notes, totals

_HELP = "看一个地区收齐了没有：哪个乡镇、哪一年的报告在语料里；不写地区就看语料里有报告的各县。"


@click.command(help=_HELP)
@filters_by(Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.YEAR)
@table_options
@index_option
def coverage(output: str | None, index: str | None, **filters: tuple[str, ...]) -> None:
    """Township by year: present, not settled, unreadable, missing."""
    found = service_of(index).coverage(filters_of(filters))
    answer(
        output, lambda: _text(found), lambda: shapes.coverage_shape(found), lambda: tables.coverage_csv(found, today())
    )


def _text(found: Coverage) -> str:
    """A line for every township."""
    total = totals(cell for row in found.rows for cell in row.cells)
    lines = [
        f"{len(found.rows)} 个乡镇、街道，应有 {total.expected} 份",
        f"有 {total.present}（晚 {total.late}）；县未定 {total.unsettled}",
        f"读不出 {total.unreadable}，缺 {total.missing}",
    ]
    for county in found.counties:
        lines += ["", " ".join(dict.fromkeys(filter(None, county.path))), *map(_line, county.rows)]
    return "\n".join([*lines, "", *(f"注：{note}。" for note in notes(found))])


def _line(row: Row) -> str:
    cells = (f"{one.year} {one.state.label}{'（晚）' if one.is_late else ''}" for one in row.cells)
    return f"  {row.place.township}：{'，'.join(cells)}"
