"""How do commands print, and which index do they ask?"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import click

from fzsearch.cli.options import settings_of
from fzsearch.errors import CorpusError, os_reason
from fzsearch.model import without_controls
from fzsearch.service import SearchService, open_engine
from fzsearch.service.differences import Change


def say(text: str) -> None:
    """Print text for people; what would steer the terminal is taken out."""
    click.echo(without_controls(text))


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def answer(
    output: str | None, text: Callable[[], str], shape: Callable[[], object], csv: Callable[[], str] = str
) -> None:
    """Print an answer as --json and --csv say, else as text; only the form that is wanted is made."""
    if output == "json":
        print_json(shape())
    elif output == "csv":
        click.echo(csv(), nl=False)
    else:
        say(text())


_RUN_MARKS = {"": ("", ""), "at": ("", ""), "del": ("[-", "-]"), "ins": ("[+", "+]")}


def marked_runs(runs: Iterable[Change]) -> str:
    """A wording on one line, with [-what only it has-] and [+what is new+]."""
    return "".join(f"{_RUN_MARKS[run.kind][0]}{run.text}{_RUN_MARKS[run.kind][1]}" for run in runs).replace("\n", " ")


def bytes_of(path: Path) -> bytes:
    """What is in a file that a command names.

    Raises:
        CorpusError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"打不开 {path}（{os_reason(error)}）；请核对路径和权限") from error


def today() -> str:
    """The date that stands in exports, ISO 8601, in local time."""
    return datetime.now().astimezone().date().isoformat()


def service_of(index: str | None) -> SearchService:
    """The service of the index that a command names, None for the setting's.

    Raises:
        ConfigError: a setting has a mistake.
    """
    settings = settings_of(index=index)
    return SearchService(open_engine(None, settings.index, settings.cluster))
