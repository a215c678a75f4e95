"""Who keeps the words of sections, so that they can be ranked? Whoosh, or tantivy in half the space.

Everything else of an index (texts, exact matching, facets, figures) is the same with both.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fzsearch.engine.exact import Postings
from fzsearch.engine.protocol import IndexedSection
from fzsearch.errors import ConfigError

WHOOSH, TANTIVY = "whoosh", "tantivy"
RANKERS = (WHOOSH, TANTIVY)
BODY, HEADING, TITLE = FIELDS = ("body", "heading", "title")
DOC_ROWS = "doc_rows.npy"
"""In a folder of words: the row of every document, -1 where it counts no more. Documents are numbered segment by
segment, in each in the order in which sections were added."""


class WordsWriter(Protocol):
    """Adds one segment of words to a new folder, or to one that holds finished segments."""

    def add(self, item: IndexedSection) -> None:
        """Add a section."""
        ...

    def commit(self, deleted: Sequence[Collection[int] | None]) -> None:
        """Write the segment.

        `deleted` has the documents of each older segment that are deleted now or were before; None: the segment goes.
        """
        ...

    def close(self) -> None:
        """Let go of files; without `commit` the folder is not usable afterwards."""
        ...


class WordIndex(Protocol):
    """The words of all segments opened for reading; safe to use from several threads."""

    def postings(self, field: str, word: str) -> Postings:
        """Rows whose field holds a word, with frequencies."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


@dataclass(frozen=True, slots=True)
class Ranker:
    """How words are written to a folder and read from it."""

    write: Callable[[Path], WordsWriter]
    read: Callable[[Path], WordIndex]


def ranker(name: str) -> Ranker:
    """The ranker of that name.

    Raises:
        ConfigError: there is none of that name, or it is not installed.
    """
    if name == WHOOSH:
        from fzsearch.engine import whoosh_words, whoosh_writer  # noqa: PLC0415 - only one of the two is loaded

        return Ranker(whoosh_writer.WordsWriter, whoosh_words.WordIndex)
    if name != TANTIVY:
        raise ConfigError(f"没有名为“{name}”的引擎；现有：{'、'.join(RANKERS)}")
    try:
        from fzsearch.engine import tantivy_words  # noqa: PLC0415 - optional
    except ImportError:
        remedy = "请安装：pip install 'fzsearch[tantivy]'；或改用默认引擎重建：fzsearch index 语料目录 --engine whoosh"
        raise ConfigError(f"tantivy 引擎没有安装；{remedy}") from None
    return Ranker(tantivy_words.WordsWriter, tantivy_words.WordIndex)
