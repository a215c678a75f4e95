"""Which options do several commands share, and what do they become?"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from fzsearch.config import SETTINGS, Settings, load_settings
from fzsearch.errors import QueryError
from fzsearch.model import PART_LABELS, Part
from fzsearch.query import Facet

Command = TypeVar("Command", bound=Callable[..., Any])

_HELP = {setting.name: setting.help for setting in SETTINGS}
_FILTER_HELP = {
    Facet.YEAR: "报告年度",
    Facet.PROVINCE: "省",
    Facet.CITY: "市",
    Facet.COUNTY: "县（市、区）",
    Facet.TOWNSHIP: "乡镇、街道，名称或 9 位代码",
    Facet.TOPIC: "主题",
    Facet.PART: "部分，如 measures 或 举措成效",
}
_PART_OF_LABEL = {label: part.value for part, label in PART_LABELS.items()}


def setting_option(name: str, **more: Any) -> Callable[[Command], Command]:
    """The flag of a setting, with the help of the settings table."""
    return click.option(f"--{name.replace('_', '-')}", default=None, help=_HELP[name], **more)


index_option = setting_option("index", metavar="DIR")


def filters_by(*facets: Facet) -> Callable[[Command], Command]:
    """The options of some filters, each repeatable."""

    def add(command: Command) -> Command:
        for facet in reversed(facets):
            text = f"只看这个{_FILTER_HELP[facet]}，可重复"
            command = click.option(f"--{facet.value}", multiple=True, metavar="值", help=text)(command)
        return command

    return add


filter_options = filters_by(*_FILTER_HELP)
"""--year --province --city --county --township --topic --part."""


json_option = click.option("--json", "output", flag_value="json", help="输出 JSON")
"""--json, as the parameter `output`."""


def table_options(command: Command) -> Command:
    """--json and --csv, as the parameter `output`."""
    return json_option(click.option("--csv", "output", flag_value="csv", help="输出 CSV")(command))


def filters_of(options: dict[str, tuple[str, ...]]) -> dict[Facet, tuple[str, ...]]:
    """The chosen filters, taken out of a command's options.

    Raises:
        QueryError: a year that is no number, a part that does not exist.
    """
    chosen = {facet: tuple(dict.fromkeys(options.pop(facet.value, ()))) for facet in Facet}
    for year in chosen[Facet.YEAR]:
        if not (year.isascii() and year.isdigit()):
            raise QueryError(f"年度要写四位数字，现在是“{year}”")
    chosen[Facet.PART] = tuple(_PART_OF_LABEL.get(part, part) for part in chosen[Facet.PART])
    for part in chosen[Facet.PART]:
        if part not in list(Part):
            raise QueryError(f"没有“{part}”这个部分；可用 {'、'.join(_PART_OF_LABEL)}")
    return {facet: values for facet, values in chosen.items() if values}


def limit_value(text: str) -> int | None:
    """A number of hits from 0 to 10,000, or None for "all".

    Raises:
        QueryError: anything else.
    """
    if text == "all":
        return None
    if text.isascii() and text.isdigit() and int(text) <= 10_000:  # noqa: PLR2004 - as the message says
        return int(text)
    raise QueryError(f"--limit 要是 0 到 10000 的整数或 all，现在是“{text}”")


def settings_of(**flags: object) -> Settings:
    """The settings of a command; flags that were not given are None."""
    return load_settings(None, **flags)
