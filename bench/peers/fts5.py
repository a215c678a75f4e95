"""How fast is SQLite FTS5 over jieba words? Ranking by bm25(), facets in SQL."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cut import words
from peer import FACETS, TOP, Answer, Ask, Asked, Section, main

TOKENS, INDEXED = "unicode61", "words"
_ONE = tuple(facet for facet in FACETS if facet != "topic")


def build(source: Iterable[Section], folder: Path) -> None:
    """One table of texts, one of facets, one of topics."""
    make(source, folder, TOKENS, INDEXED)


def make(source: Iterable[Section], folder: Path, tokens: str, indexed: str) -> None:
    """The tables with a tokenizer over a field of the sections."""
    db = sqlite3.connect(folder / "index.db")
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    db.execute(f"CREATE VIRTUAL TABLE texts USING fts5(body, tokenize='{tokens}', detail=full)")
    db.execute(f"CREATE TABLE facets (row INTEGER PRIMARY KEY, id TEXT, {', '.join(_ONE)})")
    db.execute("CREATE TABLE topics (row INTEGER, topic TEXT)")
    for row, section in enumerate(source, 1):
        db.execute("INSERT INTO texts (rowid, body) VALUES (?, ?)", (row, section[indexed]))
        values = (row, section["id"], *(section[facet] for facet in _ONE))
        db.execute(f"INSERT INTO facets VALUES ({','.join('?' * len(values))})", values)  # noqa: S608 - only marks
        db.executemany("INSERT INTO topics VALUES (?, ?)", ((row, topic) for topic in section["topic"]))
    db.execute("INSERT INTO texts (texts) VALUES ('optimize')")
    db.execute("CREATE INDEX topics_by_row ON topics (row, topic)")
    db.commit()
    db.close()


def expression(query: Asked) -> str | None:
    """The query in the language of FTS5."""
    cut = [[f'"{word}"' for word in words(term)] for term in query["terms"]]
    if query["mode"] == "exact":
        return f'"{" ".join(words(query["terms"][0]))}"' if cut[0] else None
    return (" OR " if query["mode"] == "or" else " AND ").join(f"({' AND '.join(term)})" for term in cut)


def opened(folder: Path) -> Ask:
    """How the index is asked."""
    db = connected(folder)
    return lambda query: answer(db, expression(query), query["filters"])


def connected(folder: Path) -> sqlite3.Connection:
    """The index, open for reading."""
    db = sqlite3.connect(folder / "index.db")
    db.execute("PRAGMA temp_store=MEMORY")
    db.execute("CREATE TEMP TABLE hits (row INTEGER PRIMARY KEY)")
    return db


def answer(db: sqlite3.Connection, wanted: str | None, filters: dict[str, list[str]]) -> Answer | None:
    """The best hits, and all hits counted by facet; a facet ignores its own choice."""
    if wanted is None:
        return None
    db.execute("DELETE FROM hits")
    db.execute("INSERT INTO hits SELECT rowid FROM texts WHERE texts MATCH ?", (wanted,))
    where, values = _conditions(filters)
    best = (
        "SELECT f.id FROM texts JOIN facets f ON f.row = texts.rowid "  # noqa: S608 - only marks
        f"WHERE texts MATCH ? {where} ORDER BY bm25(texts) LIMIT {TOP}"
    )
    db.execute(best, (wanted, *values)).fetchall()
    count = f"SELECT count(*) FROM hits JOIN facets f USING (row) WHERE 1 {where}"  # noqa: S608
    total = db.execute(count, values).fetchone()[0]
    return total, {facet: _counts(db, facet, filters) for facet in FACETS}


def _counts(db: sqlite3.Connection, facet: str, filters: dict[str, list[str]]) -> dict[str, int]:
    where, values = _conditions({name: chosen for name, chosen in filters.items() if name != facet})
    tables = "hits JOIN facets f USING (row)" + (" JOIN topics t USING (row)" if facet == "topic" else "")
    column = "t.topic" if facet == "topic" else f"f.{facet}"
    return dict(db.execute(f"SELECT {column}, count(*) FROM {tables} WHERE 1 {where} GROUP BY 1", values))  # noqa: S608


def _conditions(filters: dict[str, list[str]]) -> tuple[str, list[Any]]:
    parts, values = "", []
    for facet, chosen in filters.items():
        marks = ",".join("?" * len(chosen))
        values += chosen
        if facet == "topic":
            parts += f" AND f.row IN (SELECT row FROM topics WHERE topic IN ({marks}))"  # noqa: S608
        else:
            parts += f" AND f.{facet} IN ({marks})"
    return parts, values


if __name__ == "__main__":
    main(build, opened)
