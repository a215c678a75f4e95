"""What are the sections and reports of a generation? A SQLite file, one connection for each thread."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from fzsearch.engine.protocol import IndexedSection, StoredFigure, StoredSection
from fzsearch.engine.records import record_from_json, record_to_json
from fzsearch.model import Figure, IndexedReport, Part, Scope, Section

FILE_NAME = "store.sqlite"
_TABLES = """
CREATE TABLE reports (key TEXT PRIMARY KEY, record TEXT NOT NULL, title_norm TEXT NOT NULL, places_norm TEXT NOT NULL,
  doc_number_norm TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sections (
  id TEXT PRIMARY KEY, report_key TEXT NOT NULL, place_in_report INTEGER NOT NULL, hash TEXT NOT NULL,
  path TEXT NOT NULL, level INTEGER NOT NULL, marker TEXT, heading TEXT, part TEXT NOT NULL, text TEXT NOT NULL,
  topics TEXT NOT NULL, heading_norm TEXT NOT NULL, word_count INTEGER NOT NULL
);
CREATE INDEX sections_of_report ON sections (report_key, place_in_report);
CREATE INDEX sections_with_hash ON sections (hash);
CREATE TABLE figures (
  id INTEGER PRIMARY KEY, report_key TEXT NOT NULL, number INTEGER NOT NULL, section_id TEXT NOT NULL, indicator TEXT,
  label TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL, approx TEXT NOT NULL, snippet TEXT NOT NULL,
  section TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, sentence TEXT NOT NULL, scope TEXT NOT NULL,
  part_of INTEGER
);
CREATE INDEX figures_of_report ON figures (report_key, number);
CREATE TABLE rows (row INTEGER PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE note (state TEXT NOT NULL);
"""
_FIGURE_COLUMNS = (
    "indicator, label, value, unit, approx, snippet, section, start, end, sentence, scope, part_of, number, report_key"
)
_SECTION_COLUMNS = "id, hash, path, level, marker, heading, part, text, topics, report_key"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the arrays of a generation are made of, one for each row."""

    id: str
    report_key: str
    part: str
    topics: tuple[str, ...]
    word_count: int
    hash: str


class StoreWriter:
    """Writes a new or copied store file that nobody reads yet."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._db = sqlite3.connect(path)
        # The file is synced as a whole afterwards: journalling would only cost time.
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        if is_new:
            self._db.executescript(_TABLES)

    def delete(self, report_key: str) -> None:
        """Delete a report with its sections; nothing happens where there is none."""
        self._db.execute("DELETE FROM sections WHERE report_key = ?", (report_key,))
        self._db.execute("DELETE FROM figures WHERE report_key = ?", (report_key,))
        self._db.execute("DELETE FROM reports WHERE key = ?", (report_key,))

    def add_report(self, item: IndexedSection) -> None:
        """Add the report that a section belongs to, with its figures."""
        record, key = record_to_json(item.report), item.report.key
        values = (key, record, item.title_norm, item.places_norm, item.doc_number_norm)
        self._db.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?)", values)
        self._db.executemany(
            "INSERT INTO figures VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    key, number, f"{key}/{one.section}", one.indicator, one.label, one.value, one.unit, one.approx,
                    one.snippet, one.section, one.start, one.end, one.sentence, one.scope.value, one.part_of,
                )
                for number, one in enumerate(item.report.report.figures)
            ),
        )  # fmt: skip

    def add(self, item: IndexedSection) -> None:
        """Add a section."""
        section = item.section
        self._db.execute(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.id, item.report.key, item.order, item.hash, section.path, section.level, section.marker,
                section.heading, section.part.value, section.text, json.dumps(section.topics, ensure_ascii=False),
                item.heading_norm, len(item.words.split()),
            ),
        )  # fmt: skip

    def close(self) -> None:
        """Give up; the file is not usable afterwards."""
        self._db.close()

    def finish(self, state: str) -> list[RowFacts]:
        """Number all rows anew by report key and place in the report, keep the note, close.

        Returns:
            The facts of every row, in row order.
        """
        with closing(self._db) as db:
            db.execute("DELETE FROM rows")
            numbered = "SELECT row_number() OVER (ORDER BY report_key, place_in_report) - 1, id FROM sections"
            db.execute(f"INSERT INTO rows {numbered}")
            db.execute("DELETE FROM note")
            db.execute("INSERT INTO note VALUES (?)", (state,))
            db.commit()
            found = db.execute(
                "SELECT id, report_key, part, topics, word_count, hash FROM sections "
                "ORDER BY report_key, place_in_report"
            )
            return [
                RowFacts(section_id, key, part, tuple(json.loads(topics)), count, text_hash)
                for section_id, key, part, topics, count, text_hash in found
            ]


class Store:
    """A store opened for reading; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._record = lru_cache(maxsize=1024)(self._read_record)

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            self._opened.append(db)
        return db

    def ids(self, rows: Sequence[int]) -> list[str]:
        """The section ids of rows, in that order."""
        db = self._db()
        return [db.execute("SELECT id FROM rows WHERE row = ?", (row,)).fetchone()[0] for row in rows]

    def keys(self, numbers: Sequence[int]) -> list[str]:
        """The keys of reports by their number in the order of keys."""
        keys = [row[0] for row in self._db().execute("SELECT key FROM reports ORDER BY key")] if numbers else []
        return [keys[number] for number in numbers]

    def all_ids(self) -> list[str]:
        """The section ids of all rows, in row order."""
        return [row[0] for row in self._db().execute("SELECT id FROM rows ORDER BY row")]

    def records(self) -> list[str]:
        """All records as they are stored, by key."""
        return [row[0] for row in self._db().execute("SELECT record FROM reports ORDER BY key")]

    def sections(self, ids: Sequence[str]) -> tuple[StoredSection, ...]:
        """Sections by id, in that order, unknown ones left out."""
        db = self._db()
        query = f"SELECT {_SECTION_COLUMNS} FROM sections WHERE id = ?"  # noqa: S608 - no input in it
        found = (db.execute(query, (section_id,)).fetchone() for section_id in ids)
        return tuple(
            StoredSection(id=row[0], hash=row[1], section=_section(row[2:9]), report=self._record(row[9]))
            for row in found
            if row
        )

    def with_hash(self, text_hash: str) -> tuple[str, ...]:
        """The ids of the sections whose text has a hash, in row order."""
        query = "SELECT id FROM sections WHERE hash = ? ORDER BY report_key, place_in_report"
        return tuple(row[0] for row in self._db().execute(query, (text_hash,)))

    def report(self, key: str) -> IndexedReport | None:
        """A whole report, or None."""
        try:
            record = self._record(key)
        except KeyError:
            return None
        query = f"SELECT {_SECTION_COLUMNS} FROM sections WHERE report_key = ? ORDER BY place_in_report"  # noqa: S608
        sections = tuple(_section(row[2:9]) for row in self._db().execute(query, (key,)))
        query = f"SELECT {_FIGURE_COLUMNS} FROM figures WHERE report_key = ? ORDER BY number"  # noqa: S608
        figures = tuple(_figure(row) for row in self._db().execute(query, (key,)))
        return replace(record, report=replace(record.report, sections=sections, figures=figures))

    def figures(self, ids: Sequence[int]) -> tuple[StoredFigure, ...]:
        """The figures of these numbers of the table, in that order."""
        query = (
            f"SELECT {_FIGURE_COLUMNS}, figures.id, (SELECT hash FROM sections WHERE id = section_id) "  # noqa: S608
            "FROM figures WHERE id IN (SELECT value FROM json_each(?))"
        )
        found = self._db().execute(query, (json.dumps(ids),))
        by_id = {
            row[-2]: StoredFigure(
                figure=_figure(row), number=row[12], section_hash=row[-1], report=self._record(row[13])
            )
            for row in found
        }
        return tuple(by_id[one] for one in ids)

    def figure_facts(self) -> list[tuple[int, str, str | None]]:
        """Number in the table, section and indicator of every figure, by report key and number in the report."""
        query = "SELECT id, section_id, indicator FROM figures ORDER BY report_key, number"
        return list(self._db().execute(query))

    def figure_lines(self) -> Iterator[str]:
        """All that is known of every figure, a line each, by report key and number in the report."""
        query = f"SELECT {_FIGURE_COLUMNS} FROM figures ORDER BY report_key, number"  # noqa: S608
        return map(repr, self._db().execute(query))

    def reports(self) -> tuple[IndexedReport, ...]:
        """All records by key, without sections and figures."""
        return tuple(record_from_json(record) for record in self.records())

    def names(self) -> list[str]:
        """Normalised title, places and document number of every report, by key, one after the other."""
        query = "SELECT title_norm, places_norm, doc_number_norm FROM reports ORDER BY key"
        return [name for row in self._db().execute(query) for name in row]

    def heading_norms(self) -> list[str]:
        """The normalised heading of every row."""
        return [
            row[0]
            for row in self._db().execute("SELECT heading_norm FROM sections ORDER BY report_key, place_in_report")
        ]

    def headings(self) -> dict[str, int]:
        """How many sections have each heading."""
        query = "SELECT heading, count(*) FROM sections WHERE heading IS NOT NULL GROUP BY heading"
        return dict(self._db().execute(query))

    def state(self) -> str:
        """The caller's note."""
        return str(self._db().execute("SELECT state FROM note").fetchone()[0])

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._opened:
            self._opened.pop().close()

    def __del__(self) -> None:
        self.close()

    def _read_record(self, key: str) -> IndexedReport:
        row = self._db().execute("SELECT record FROM reports WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return record_from_json(row[0])


def _section(row: Sequence[str]) -> Section:
    path, level, marker, heading, part, text, topics = row
    return Section(
        path=path,
        level=int(level),
        marker=marker,
        heading=heading,
        part=Part(part),
        text=text,
        topics=tuple(json.loads(topics)),
    )


def _figure(row: Sequence[Any]) -> Figure:
    indicator, label, value, unit, approx, snippet, section, start, end, sentence, scope, part_of = row[:12]
    return Figure(
        indicator=indicator,
        label=label,
        value=value,
        unit=unit,
        approx=approx,
        snippet=snippet,
        section=section,
        start=start,
        end=end,
        sentence=sentence,
        scope=Scope(scope),
        part_of=part_of,
    )
