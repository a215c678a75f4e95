"""How fast is SQLite FTS5 over trigrams? Every term as a substring; nothing shorter than three characters."""

from collections.abc import Iterable
from pathlib import Path

from fts5 import answer, connected, make
from peer import Ask, Asked, Section, main

_SHORTEST = 3


def build(source: Iterable[Section], folder: Path) -> None:
    """The same tables, over the texts themselves."""
    make(source, folder, "trigram", "text")


def expression(query: Asked) -> str | None:
    """The query in the language of FTS5."""
    if any(len(term) < _SHORTEST for term in query["terms"]):
        return None
    return (" OR " if query["mode"] == "or" else " AND ").join(f'"{term}"' for term in query["terms"])


def opened(folder: Path) -> Ask:
    """How the index is asked."""
    db = connected(folder)
    return lambda query: answer(db, expression(query), query["filters"])


if __name__ == "__main__":
    main(build, opened)
