"""What did people correct, and can it be used? Reads the values of sidecars; none of them can lose a report.

A value that cannot be used is left out, and a sentence says in which file and line it stands and what was expected.
Where a field stands in several sidecars, the TOML beside the file wins, then the CSV of the nearest folder.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from fzsearch.ingest.found import provenance
from fzsearch.ingest.places import PlaceList
from fzsearch.ingest.sidecar_files import FIELDS, Row, Sidecar, decoded, mistake
from fzsearch.ingest.sidecar_place import UnusableError, place_of
from fzsearch.model import Place, Provenance, Report

_LONGEST = 300
_FIRST_YEAR, _LAST_YEAR = 1949, 2099
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")  # Excel turns 2024-01-05 into 2024/1/5
_LIST_MARKS = re.compile(r"[；;、|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What people state about a report; None or empty where they state nothing.

    Attributes:
        topics: names of the vocabulary, to be added to what the text speaks of.
        provenance: for each value the sidecar's line.
        mistakes: Chinese sentences about values that could not be used.
    """

    title: str | None = None
    year: int | None = None
    place: Place | None = None
    doc_number: str | None = None
    issued: date | None = None
    source_url: str | None = None
    topics: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    signer: str | None = None
    provenance: tuple[Provenance, ...] = ()
    mistakes: tuple[str, ...] = ()

    def apply(self, report: Report) -> Report:
        """The report with these values in place of what was read; topics are left to the caller."""
        stated = {name: value for name in FIELDS if name != "topics" and (value := getattr(self, name))}
        kept = tuple(item for item in report.provenance if item.field.partition(".")[0] not in stated)
        return replace(
            report,
            **stated,
            provenance=(*self.provenance, *kept),
            warnings=(*report.warnings, *self.mistakes),
        )


NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value as it stands in a sidecar."""

    field: str
    value: object
    file: str
    line: int | None
    text: str


def read_corrections(sidecar: Sidecar, places: PlaceList, topic_names: Collection[str]) -> Corrections:
    """The corrections of one file. Never fails.

    Args:
        sidecar: what people wrote.
        places: where a place has to stand, unless its names are complete.
        topic_names: the vocabulary.
    """
    mistakes: list[str] = []
    entries: dict[str, _Entry] = {}
    tables = [_toml_entries(sidecar.toml, mistakes)] if sidecar.toml else []
    for entry in (entry for table in (*tables, *map(_row_entries, sidecar.rows)) for entry in table):
        entries.setdefault(entry.field, entry)
    values: dict[str, Any] = {}
    used: list[Provenance] = []
    checks = _checks(places, topic_names)
    for field in (field for field in FIELDS if field in entries):
        entry = entries[field]
        try:
            values[field] = checks[field](entry.value)
        except UnusableError as error:
            mistakes.append(mistake(entry.file, entry.line, str(error)))
            continue
        used += _provenance(entry, values[field]) if values[field] else ()
    return Corrections(**values, provenance=tuple(used), mistakes=tuple(mistakes))


def _provenance(entry: _Entry, value: object) -> Iterator[Provenance]:
    """One for each value; a place has its fields, as those read from a text have."""
    levels = ("county", "township") if isinstance(value, Place) else ()
    for field in [f"place.{level}" for level in levels] or [entry.field]:
        yield provenance(f"sidecar.{entry.field}", entry.text, entry.line, "sidecar", field)


def _row_entries(row: Row) -> Iterator[_Entry]:
    for column, cell in row.cells:
        if column in FIELDS:
            yield _Entry(column, cell, row.file, row.line, row.text)


def _toml_entries(toml: tuple[str, bytes], mistakes: list[str]) -> Iterator[_Entry]:
    """The values of a TOML file; empty ones, as a draft has them, count as not written."""
    file, content = toml
    text = decoded(content)
    if text is None:
        mistakes.append(mistake(file, None, "不是 UTF-8 文字，请另存为 UTF-8"))
        return
    text = text.replace("\r\n", "\n")
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        match = _TOML_LINE.search(str(error))
        at_end = len(text.rstrip().split("\n")) if "end of document" in str(error) else None
        expected = '不是有效的 TOML；每行应为 名称 = 值，文字加引号，如 title = "…"，年份不加，如 year = 2023'
        mistakes.append(mistake(file, int(match[1]) if match else at_end, expected))
        return
    lines = text.split("\n")
    for field, value in table.items():
        number = _line_of(field, lines)
        if field not in FIELDS:
            expected = f"不认识的项目“{field}”，没有读；可用 {'、'.join(FIELDS)}"
            mistakes.append(mistake(file, number, expected))
        elif value not in ("", [], {}) and not (isinstance(value, str) and not value.strip()):
            yield _Entry(field, value, file, number, lines[number - 1].strip() if number else "")


def _line_of(field: str, lines: Iterable[str]) -> int | None:
    """The line on which a field of a TOML file begins; tomllib does not tell."""
    begins = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(field)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), None)


def _checks(places: PlaceList, topic_names: Collection[str]) -> dict[str, Callable[[object], object]]:
    """How each field is read; each raises UnusableError."""
    return {
        "title": lambda value: _words("title", value),
        "year": _year,
        "place": lambda value: place_of(value, places),
        "doc_number": lambda value: _words("doc_number", value),
        "issued": _date,
        "source_url": _url,
        "topics": lambda value: _topics(value, topic_names),
        "issuers": lambda value: _list("issuers", value),
        "signer": lambda value: _words("signer", value),
    }


def _words(field: str, value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise UnusableError(f"{field} 应为一行文字（不超过 {_LONGEST} 字）")
    return text


def _year(value: object) -> int:
    text = _written(value, 20)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{4}", text) or not _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        raise UnusableError(f"year 应为报告所述的四位年份，如 2023，实际为“{text}”")
    return int(text)


def _written(value: object, limit: int) -> str:
    """A value as it stands in the file, cut."""
    try:
        return str(value).strip()[:limit]
    except ValueError:  # a number of more than 4,300 digits, written in hexadecimal
        return "…"


def _date(value: object) -> date:
    if type(value) is date:
        return value
    match = _DATE.fullmatch(_written(value, 30))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise UnusableError(f"issued 应为日期，如 2024-01-15，实际为“{_written(value, 30)}”")


def _url(value: object) -> str:
    text = _words("source_url", value)
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or re.search(r"[\s<>\"\\]", text):
        raise UnusableError(f"source_url 应为 http:// 或 https:// 开头的网址，实际为“{text[:60]}”")
    return text


def _list(field: str, value: object) -> tuple[str, ...]:
    """A list, or one text whose parts are separated by ；, 、 or |."""
    parts = value if isinstance(value, list) else _LIST_MARKS.split(value) if isinstance(value, str) else [None]
    return tuple(dict.fromkeys(_words(field, part) for part in parts if part != ""))


def _topics(value: object, names: Collection[str]) -> tuple[str, ...]:
    topics = _list("topics", value)
    for topic in topics:
        if topic not in names:
            near = difflib.get_close_matches(topic, list(names), n=3, cutoff=0.5)
            hint = f"，相近的有 {'、'.join(near)}" if near else ""
            raise UnusableError(f"topics 里的“{topic}”不在主题表里{hint}；新主题请先写进 topics.toml")
    return topics
