"""What are the sections and reports of a generation? SQLite files seen as one, a connection for each thread."""

import hashlib
import json
import re
import sqlite3
import threading
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from fzsearch.engine.protocol import IndexedSection, StoredFigure, StoredSection
from fzsearch.engine.records import (
    provenance_from_json,
    provenance_to_json,
    record_from_json,
    record_to_json,
    short_record,
)
from fzsearch.model import Figure, IndexedReport, Part, Scope, Section

FILE_NAME = "store.sqlite"
_TABLES = """
PRAGMA page_size = 16384;  -- of smaller pages a sixth stays empty
CREATE TABLE reports (key TEXT NOT NULL, title_norm TEXT NOT NULL, places_norm TEXT NOT NULL,
  doc_number_norm TEXT NOT NULL, digest TEXT NOT NULL, record BLOB NOT NULL, provenance BLOB NOT NULL,
  words NOT NULL);
CREATE TABLE topics (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE sections (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, report_key TEXT NOT NULL, place_in_report INTEGER NOT NULL,
  hash TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL, marker TEXT, heading TEXT, part TEXT NOT NULL,
  heading_norm TEXT NOT NULL, topics BLOB NOT NULL, text BLOB NOT NULL
);
-- A label, snippet or sentence is where it begins in the text of its section, or, should it not stand there, itself.
CREATE TABLE figure_facts (
  id INTEGER PRIMARY KEY, row INTEGER NOT NULL, number INTEGER NOT NULL, indicator TEXT, value REAL NOT NULL,
  unit TEXT NOT NULL, approx TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, scope TEXT, part_of INTEGER,
  label NOT NULL, label_size INTEGER NOT NULL, snippet NOT NULL, snippet_size INTEGER NOT NULL,
  sentence NOT NULL, sentence_size INTEGER NOT NULL
);
CREATE VIEW figures AS
  SELECT figure_facts.*, report_key, path, hash, text FROM figure_facts JOIN sections USING (row);
"""
_INDEXES = """
CREATE UNIQUE INDEX reports_by_key ON reports (key, digest);
CREATE UNIQUE INDEX sections_by_id ON sections (id);
CREATE INDEX sections_of_report ON sections (report_key, place_in_report);
CREATE INDEX sections_with_hash ON sections (hash);
CREATE INDEX figures_of_section ON figure_facts (row);
"""
_DIGEST_DIGITS = 16
_CACHED_RECORDS = 8192
"""Short ones: reading takes a page of figures, which speaks of thousands, longer than all else."""
_VIEWED = ("reports", "sections", "figures")
_FIGURE_COLUMNS = (
    "report_key, number, hash, text, indicator, value, unit, approx, path, start, end, scope, part_of, "
    "label, label_size, snippet, snippet_size, sentence, sentence_size"
)
_SECTION_COLUMNS = "report_key, id, hash, text, store, topics, path, level, marker, heading, part"
_BETWEEN_WORDS = re.compile(r"[^\w+#&.%\-]+")
_WINDOW_BITS, _TABLE_LEVEL = 13, 6
_TOPIC_TYPE = "H"


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
        self._topics: dict[str, int] = {}

    def add(self, items: Sequence[IndexedSection]) -> list[int]:
        """Add a report, all of its sections; gives the section of each of its figures."""
        first, row_of = items[0], {item.section.path: self._rows + at for at, item in enumerate(items)}
        record, key, told = record_to_json(short_record(first.report)), first.report.key, first.report.report.figures
        provenance = provenance_to_json(first.report.report.provenance)
        text_of = {item.section.path: item.section.text for item in items}
        facts = [_section_values(item) for item in items]
        figures = [(number, *_figure_values(one, text_of[one.section])) for number, one in enumerate(told)]
        described = repr(
            (record, provenance, [(item.section.text, item.section.topics) for item in items], facts, figures)
        )
        described += repr([one.section for one in told])
        digest = hashlib.sha256(described.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_DIGITS]
        sections = [
            (self._rows + at, *values, self._topic_numbers(item.section.topics), _packed(item.section.text))
            for at, (values, item) in enumerate(zip(facts, items, strict=True))
        ]
        numbered = [
            (self._figures + at, row_of[one.section], *values)
            for at, (values, one) in enumerate(zip(figures, told, strict=True))
        ]
        self._rows += len(sections)
        self._figures += len(numbered)
        self._insert("sections", sections)
        self._insert("figure_facts", numbered)
        words = [first.title_words, *(text for item in items for text in (item.words, item.heading_words))]
        norms = [first.title_norm, *(text for item in items for text in (item.norm, item.heading_norm))]
        report = (key, first.title_norm, first.places_norm, first.doc_number_norm, digest)
        self._insert("reports", [(*report, _packed(record), _packed(provenance), _packed_words(words, norms))])
        return [row for _, row, *_ in numbered]

    def _topic_numbers(self, topics: Iterable[str]) -> bytes:
        return array(_TOPIC_TYPE, [self._topics.setdefault(name, len(self._topics)) for name in topics]).tobytes()

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608

    def close(self) -> None:
        """Give up; the file is not usable afterwards."""
        self._db.close()

    def finish(self) -> None:
        """Write what speeds up reading, and close."""
        self._insert("topics", [(number, name) for name, number in self._topics.items()])
        with closing(self._db) as db:
            db.executescript(_INDEXES)
            db.commit()


def _section_values(item: IndexedSection) -> tuple[Any, ...]:
    section = item.section
    return (
        item.id, item.report.key, item.order, item.hash, section.path, section.level, section.marker, section.heading,
        section.part.value, item.heading_norm,
    )  # fmt: skip


def _figure_values(figure: Figure, text: str) -> tuple[Any, ...]:
    def where(quoted: str) -> tuple[str | int, int]:
        at = text.find(quoted, max(0, figure.start - len(quoted)))  # most stand right before the number
        return (at, len(quoted)) if at >= 0 else (quoted, 0)

    return (
        figure.indicator, figure.value, figure.unit, figure.approx, figure.start, figure.end,
        None if figure.scope is Scope.WHOLE else figure.scope.value, figure.part_of,
        *where(figure.label), *where(figure.snippet), *where(figure.sentence),
    )  # fmt: skip


def _packed(text: str) -> bytes:
    return _compressed(text.encode("utf-8"))


def _compressed(data: bytes) -> bytes:
    # As small as by `zlib.compress` in half the time: of sections most is spent on clearing zlib's tables.
    packing = zlib.compressobj(wbits=_WINDOW_BITS, memLevel=_TABLE_LEVEL)
    return packing.compress(data) + packing.flush()


def _unpacked(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8")


def _packed_words(words: Sequence[str], norms: Sequence[str]) -> bytes | str:
    """Words, parted by spaces, as their lengths: they stand in normalised texts; should they not, as they are."""
    try:
        if all(text.replace(" ", "") == _BETWEEN_WORDS.sub("", norm) for text, norm in zip(words, norms, strict=True)):
            return _compressed(b"\0".join(bytes(map(len, text.split(" "))) if text else b"" for text in words))
    except ValueError:  # one longer than a byte can tell
        pass
    return "\0".join(words)


def _unpacked_words(packed: bytes | str, norms: Sequence[str]) -> list[str]:
    if isinstance(packed, str):
        return packed.split("\0")
    return [
        " ".join(letters[end - length : end] for length, end in zip(lengths, accumulate(lengths), strict=True))
        for lengths, letters in zip(
            zlib.decompress(packed).split(b"\0"), (_BETWEEN_WORDS.sub("", norm) for norm in norms), strict=True
        )
    ]


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
        self._record = lru_cache(maxsize=_CACHED_RECORDS)(self._read_record)
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

    def words(self, key: str, norms: Sequence[str]) -> list[str]:
        """The words of a report as they were added: of its title, then of body and heading of each section in order.

        `norms` are the normalised forms of these.
        """
        return _unpacked_words(
            self._db().execute("SELECT words FROM reports WHERE key = ?", (key,)).fetchone()[0], norms
        )

    def sections(self, ids: Sequence[str]) -> tuple[StoredSection, ...]:
        """Sections by id, in that order, unknown ones left out."""
        db = self._db()
        query = f"SELECT {_SECTION_COLUMNS} FROM sections WHERE id = ?"  # noqa: S608 - no input in it
        found = (db.execute(query, (section_id,)).fetchone() for section_id in ids)
        return tuple(
            StoredSection(id=row[1], hash=row[2], section=self._section(row), report=self._record(row[0]))
            for row in found
            if row
        )

    def with_hash(self, text_hash: str) -> tuple[str, ...]:
        """The ids of the sections whose text has a hash, in row order."""
        query = "SELECT id FROM sections WHERE hash = ? ORDER BY report_key, place_in_report"
        return tuple(row[0] for row in self._db().execute(query, (text_hash,)))

    def report(self, key: str) -> IndexedReport | None:
        """A whole report, or None."""
        found = self._db().execute("SELECT record, provenance FROM reports WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        record = _full_record(*found)
        query = f"SELECT {_SECTION_COLUMNS} FROM sections WHERE report_key = ? ORDER BY place_in_report"  # noqa: S608
        sections = tuple(self._section(row) for row in self._db().execute(query, (key,)))
        query = f"SELECT {_FIGURE_COLUMNS} FROM figures WHERE report_key = ? ORDER BY number"  # noqa: S608
        figures = tuple(_figure(row, _unpacked(row[3])) for row in self._db().execute(query, (key,)))
        return replace(record, report=replace(record.report, sections=sections, figures=figures))

    def figures(self, ids: Sequence[int]) -> tuple[StoredFigure, ...]:
        """The figures of these numbers of the table, in that order."""
        query = f"SELECT id, {_FIGURE_COLUMNS} FROM figures WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
        unpacked = lru_cache(maxsize=1)(_unpacked)  # figures of one section follow each other
        by_id = {
            number: StoredFigure(
                figure=_figure(row, unpacked(row[3])), number=row[1], section_hash=row[2], report=self._record(row[0])
            )
            for number, *row in self._db().execute(query, (json.dumps(ids),))
        }
        return tuple(by_id[one] for one in ids)

    def reports(self) -> tuple[IndexedReport, ...]:
        """All records by key, without sections and figures."""
        found = self._db().execute("SELECT record, provenance FROM reports ORDER BY key")
        return tuple(_full_record(*row) for row in found)

    def short_reports(self) -> Iterator[IndexedReport]:
        """All short records by key, one after the other."""
        for row in self._db().execute("SELECT record FROM reports ORDER BY key"):
            yield record_from_json(_unpacked(row[0]))

    def names(self) -> list[str]:
        """Normalised title, places and document number of every report, by key, one after the other."""
        query = "SELECT title_norm, places_norm, doc_number_norm FROM reports ORDER BY key"
        return [name for row in self._db().execute(query) for name in row]

    def names_of(self, key: str) -> tuple[str, str, str]:
        """Normalised title, places and document number of a report."""
        query = "SELECT title_norm, places_norm, doc_number_norm FROM reports WHERE key = ?"
        title, places, doc_number = self._db().execute(query, (key,)).fetchone()
        return title, places, doc_number

    def heading_norms(self, key: str) -> list[str]:
        """The normalised heading of every section of a report, in order."""
        query = "SELECT heading_norm FROM sections WHERE report_key = ? ORDER BY place_in_report"
        return [row[0] for row in self._db().execute(query, (key,))]

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
        return record_from_json(_unpacked(row[0]))

    @cached_property
    def _topics(self) -> list[list[str]]:
        """The names of the topics of each store, by number."""
        return [
            [row[0] for row in self._db().execute(f"SELECT name FROM part{number}.topics ORDER BY number")]  # noqa: S608
            for number in range(len(self._parts))
        ]

    def _section(self, row: Sequence[Any]) -> Section:
        text, store, topics, path, level, marker, heading, part = row[3:]
        return Section(
            path=path,
            level=level,
            marker=marker,
            heading=heading,
            part=Part(part),
            text=_unpacked(text),
            topics=tuple(map(self._topics[store].__getitem__, array(_TOPIC_TYPE, topics))),
        )


def _attach(db: sqlite3.Connection, parts: Sequence[StoredPart]) -> None:
    db.execute("CREATE TEMP TABLE dead (part INTEGER, key TEXT)")
    for number, part in enumerate(parts):
        db.execute(f"ATTACH ? AS part{number}", (f"{part.path.absolute().as_uri()}?mode=ro&immutable=1",))
        db.executemany("INSERT INTO dead VALUES (?, ?)", ((number, key) for key in part.dead))
    for name in _VIEWED:
        column = "key" if name == "reports" else "report_key"
        alive = f" WHERE {column} NOT IN (SELECT key FROM dead WHERE part = "  # noqa: S608
        selects = [
            f"SELECT *, {number} AS store FROM part{number}.{name}{f'{alive}{number})' if part.dead else ''}"  # noqa: S608
            for number, part in enumerate(parts)
        ]
        db.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL '.join(selects)}")


def _full_record(record: bytes, provenance: bytes) -> IndexedReport:
    short = record_from_json(_unpacked(record))
    return replace(short, report=replace(short.report, provenance=provenance_from_json(_unpacked(provenance))))


def _figure(row: Sequence[Any], text: str) -> Figure:
    indicator, value, unit, approx, section, start, end, scope, part_of, *quoted = row[4:]
    label, snippet, sentence = (
        text[where : where + size] if isinstance(where, int) else where
        for where, size in zip(quoted[::2], quoted[1::2], strict=True)
    )
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
        scope=Scope(scope or Scope.WHOLE),
        part_of=part_of,
    )
