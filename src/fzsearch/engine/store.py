"""What are the sections and reports of a generation? SQLite files seen as one, a connection for each thread."""

import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Sequence
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
PRAGMA page_size = 16384;  -- of smaller pages a sixth stays empty
CREATE TABLE reports (key TEXT NOT NULL, title_norm TEXT NOT NULL, places_norm TEXT NOT NULL,
  doc_number_norm TEXT NOT NULL, digest TEXT NOT NULL, record BLOB NOT NULL, words BLOB NOT NULL);
CREATE TABLE sections (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, report_key TEXT NOT NULL, place_in_report INTEGER NOT NULL,
  hash TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL, marker TEXT, heading TEXT, part TEXT NOT NULL,
  topics TEXT NOT NULL, heading_norm TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE figure_facts (
  id INTEGER PRIMARY KEY, row INTEGER NOT NULL, number INTEGER NOT NULL, indicator TEXT, label TEXT NOT NULL,
  value REAL NOT NULL, unit TEXT NOT NULL, approx TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  snippet NOT NULL, snippet_size INTEGER NOT NULL, sentence NOT NULL, sentence_size INTEGER NOT NULL,
  scope TEXT NOT NULL, part_of INTEGER
);
-- A snippet or sentence is where it begins in the text of its section, or, should it not stand there, itself.
CREATE VIEW figures AS SELECT
  figure_facts.id, report_key, number, sections.id AS section_id, indicator, label, value, unit, approx,
  CASE WHEN typeof(snippet) = 'text' THEN snippet ELSE substr(text, snippet + 1, snippet_size) END AS snippet,
  path AS section, start, end,
  CASE WHEN typeof(sentence) = 'text' THEN sentence ELSE substr(text, sentence + 1, sentence_size) END AS sentence,
  scope, part_of
FROM figure_facts JOIN sections USING (row);
"""
_INDEXES = """
CREATE UNIQUE INDEX reports_by_key ON reports (key, digest);
CREATE UNIQUE INDEX sections_by_id ON sections (id);
CREATE INDEX sections_of_report ON sections (report_key, place_in_report);
CREATE INDEX sections_with_hash ON sections (hash);
CREATE INDEX figures_of_section ON figure_facts (row);
"""
_DIGEST_DIGITS = 16
_VIEWED = ("reports", "sections", "figures")
_FIGURE_COLUMNS = (
    "indicator, label, value, unit, approx, snippet, section, start, end, sentence, scope, part_of, number, report_key"
)
_SECTION_COLUMNS = "id, hash, path, level, marker, heading, part, text, topics, report_key"


class StoreWriter:
    """Writes the store file of a new part; sections are numbered in the order in which they come."""

    def __init__(self, path: Path, first_figure: int) -> None:
        self._db = sqlite3.connect(path)
        # The file is synced as a whole afterwards: journalling would only cost time.
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_TABLES)
        self._rows = 0
        self._figures = first_figure

    def add(self, items: Sequence[IndexedSection]) -> list[tuple[int, int, str | None]]:
        """Add a report, all of its sections.

        Returns:
            Section, number in the table and indicator of each of its figures.
        """
        first, row_of = items[0], {item.section.path: self._rows + at for at, item in enumerate(items)}
        sections = [_section_values(self._rows + at, item) for at, item in enumerate(items)]
        text_of = {item.section.path: item.section.text for item in items}
        figures = [
            (self._figures + number, row_of[one.section], number, *_figure_values(one, text_of[one.section]))
            for number, one in enumerate(first.report.report.figures)
        ]
        self._rows += len(sections)
        self._figures += len(figures)
        self._db.executemany("INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", sections)
        self._db.executemany(
            "INSERT INTO figure_facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", figures
        )
        record, key = record_to_json(first.report), first.report.key
        words = [first.title_words, *((item.words, item.heading_words) for item in items)]
        packed = [zlib.compress(text.encode("utf-8"), 1) for text in (record, json.dumps(words, ensure_ascii=False))]
        sections_of_figures = [one.section for one in first.report.report.figures]
        told = repr((record, [row[1:] for row in sections], [row[2:] for row in figures], sections_of_figures))
        digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_DIGITS]
        norms = (first.title_norm, first.places_norm, first.doc_number_norm)
        self._db.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *norms, digest, *packed))
        return [(figure[1], figure[0], figure[3]) for figure in figures]

    def close(self) -> None:
        """Give up; the file is not usable afterwards."""
        self._db.close()

    def finish(self) -> None:
        """Write what speeds up reading, and close."""
        with closing(self._db) as db:
            db.executescript(_INDEXES)
            db.commit()


def _section_values(row: int, item: IndexedSection) -> tuple[Any, ...]:
    section = item.section
    return (
        row, item.id, item.report.key, item.order, item.hash, section.path, section.level, section.marker,
        section.heading, section.part.value, json.dumps(section.topics, ensure_ascii=False), item.heading_norm,
        section.text,
    )  # fmt: skip


def _figure_values(figure: Figure, text: str) -> tuple[Any, ...]:
    def where(quoted: str) -> tuple[str | int, int]:
        # Most stand right before the number; SQLite ends texts at U+0000.
        at = text.find(quoted, max(0, figure.start - len(quoted))) if "\0" not in text else -1
        return (at, len(quoted)) if at >= 0 else (quoted, 0)

    return (
        figure.indicator, figure.label, figure.value, figure.unit, figure.approx, figure.start, figure.end,
        *where(figure.snippet), *where(figure.sentence), figure.scope.value, figure.part_of,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One file of a store, and the keys of its reports that newer files replace or that were deleted."""

    path: Path
    dead: tuple[str, ...] = ()


class Store:
    """The parts of a store opened for reading as one; safe to use from several threads.

    Every connection sees views over all parts in the place of the tables.
    """

    def __init__(self, parts: Sequence[StoredPart]) -> None:
        self._parts = parts
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._record = lru_cache(maxsize=1024)(self._read_record)
        self._all_keys: list[str] | None = None

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = sqlite3.connect("file::memory:", uri=True, check_same_thread=False)
            self._opened.append(db)
            _attach(db, self._parts)
        return db

    def ids(self, places: Iterable[tuple[int, int]]) -> list[str]:
        """The section ids of rows, given as part and row in it, in that order."""
        db = self._db()
        return [
            db.execute(f"SELECT id FROM part{part}.sections WHERE row = ?", (row,)).fetchone()[0]  # noqa: S608
            for part, row in places
        ]

    def keys(self, numbers: Sequence[int]) -> list[str]:
        """The keys of reports by their number in the order of keys."""
        keys = self.all_keys() if numbers else []
        return [keys[number] for number in numbers]

    def all_keys(self) -> list[str]:
        """The keys of all reports, in order."""
        if self._all_keys is None:
            self._all_keys = [row[0] for row in self._db().execute("SELECT key FROM reports ORDER BY key")]
        return self._all_keys

    def digests(self) -> list[str]:
        """For each report, in order of keys, what differs whenever anything of it does."""
        return [row[0] for row in self._db().execute("SELECT digest FROM reports ORDER BY key")]

    def next_figure(self) -> int:
        """A number that no figure has yet."""
        asked = (f"SELECT max(id) FROM part{number}.figure_facts" for number in range(len(self._parts)))  # noqa: S608
        found = [self._db().execute(query).fetchone()[0] for query in asked]
        return max((int(last) + 1 for last in found if last is not None), default=0)

    def words(self, key: str) -> tuple[str, list[tuple[str, str]]]:
        """The words of a report's title, and of body and heading of each section in order, as they were added."""
        packed = self._db().execute("SELECT words FROM reports WHERE key = ?", (key,)).fetchone()[0]
        title, *sections = json.loads(zlib.decompress(packed))
        return title, [(body, heading) for body, heading in sections]

    def records(self) -> list[str]:
        """All records as they are stored, by key."""
        found = self._db().execute("SELECT record FROM reports ORDER BY key")
        return [zlib.decompress(row[0]).decode("utf-8") for row in found]

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

    def reports(self) -> tuple[IndexedReport, ...]:
        """All records by key, without sections and figures."""
        return tuple(record_from_json(record) for record in self.records())

    def names(self) -> list[str]:
        """Normalised title, places and document number of every report, by key, one after the other."""
        query = "SELECT title_norm, places_norm, doc_number_norm FROM reports ORDER BY key"
        return [name for row in self._db().execute(query) for name in row]

    def names_of(self, key: str) -> tuple[str, str, str]:
        """Normalised title, places and document number of a report."""
        query = "SELECT title_norm, places_norm, doc_number_norm FROM reports WHERE key = ?"
        title, places, doc_number = self._db().execute(query, (key,)).fetchone()
        return title, places, doc_number

    def heading_norms(self, key: str | None = None) -> list[str]:
        """The normalised heading of every row, or of those of one report."""
        # Not one query for both: with "?1 IS NULL OR" SQLite reads all sections for every report.
        where, given = ("", ()) if key is None else (" WHERE report_key = ?", (key,))
        query = f"SELECT heading_norm FROM sections{where} ORDER BY report_key, place_in_report"  # noqa: S608
        return [row[0] for row in self._db().execute(query, given)]

    def headings(self) -> dict[str, int]:
        """How many sections have each heading."""
        query = "SELECT heading, count(*) FROM sections WHERE heading IS NOT NULL GROUP BY heading"
        return dict(self._db().execute(query))

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
        return record_from_json(zlib.decompress(row[0]).decode("utf-8"))


def _attach(db: sqlite3.Connection, parts: Sequence[StoredPart]) -> None:
    db.execute("CREATE TEMP TABLE dead (part INTEGER, key TEXT)")
    for number, part in enumerate(parts):
        db.execute(f"ATTACH ? AS part{number}", (f"{part.path.absolute().as_uri()}?mode=ro&immutable=1",))
        db.executemany("INSERT INTO dead VALUES (?, ?)", ((number, key) for key in part.dead))
    for name in _VIEWED:
        column = "key" if name == "reports" else "report_key"
        alive = f" WHERE {column} NOT IN (SELECT key FROM dead WHERE part = "  # noqa: S608
        selects = [
            f"SELECT * FROM part{number}.{name}{f'{alive}{number})' if part.dead else ''}"  # noqa: S608
            for number, part in enumerate(parts)
        ]
        db.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL '.join(selects)}")


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
