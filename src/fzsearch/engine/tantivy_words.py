"""In which sections does a word stand? Words in tantivy, a search library in Rust; the only module that knows it.

Each segment is a tantivy index of its own, so that finished ones are only linked. tantivy tells which documents hold a
term but not how often: a word that stands at least 2, 3, 5 or 8 times is indexed under further terms, from which the
frequency is read back (scores level off there). `row` orders what is found by document.
"""

import json
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from fzsearch.engine.arrays import load_array
from fzsearch.engine.exact import NO_POSTINGS, Postings
from fzsearch.engine.protocol import IndexedSection
from fzsearch.engine.ranker import BODY, DOC_ROWS, FIELDS, HEADING, TITLE

_SEGMENTS = "segments.json"
_ROW = "row"
_LEVELS = (2, 3, 5, 8)
_MARK = "\x02"  # in no word: those are letters and digits
_HEAP_BYTES = 256_000_000
_CACHED_WORDS = 1024


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field(_ROW, fast=True)
    return builder.build()


def _terms(words: str) -> str:
    found = Counter(words.split(" "))
    often = [f"{word}{_MARK}{level}" for word, tf in found.items() if tf > 1 for level in _LEVELS if tf >= level]
    return " ".join([*found, *often])


class WordsWriter:
    """Adds one segment to a new folder, or to one that holds finished segments."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._name = folder, secrets.token_hex(4)
        (folder / self._name).mkdir(parents=True)
        self._writer = tantivy.Index(_schema(), str(folder / self._name)).writer(_HEAP_BYTES, num_threads=1)
        self._documents = 0

    def add(self, item: IndexedSection) -> None:
        """Add a section."""
        document = tantivy.Document()
        for name, words in ((BODY, item.words), (HEADING, item.heading_words), (TITLE, item.title_words)):
            if words:
                document.add_text(name, _terms(words))
        document.add_unsigned(_ROW, self._documents)
        self._writer.add_document(document)
        self._documents += 1

    def commit(self, deleted: Sequence[Collection[int] | None]) -> None:
        """Write the segment; deleted documents are those that have no row, so only whole segments go."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        known = _segments(self._folder)
        for (name, _), documents in zip(known, deleted, strict=True):
            if documents is None:
                shutil.rmtree(self._folder / name)
        kept = [segment for segment, documents in zip(known, deleted, strict=True) if documents is not None]
        told = json.dumps([*kept, (self._name, self._documents)])
        (self._folder / _SEGMENTS).unlink(missing_ok=True)  # it may be linked to the generation before
        (self._folder / _SEGMENTS).write_text(told, encoding="ascii")

    def close(self) -> None:
        """Let go of files; without `commit` the folder is not usable afterwards."""
        # tantivy's writer lets go when nothing refers to it.
        self.__dict__.pop("_writer", None)


def _segments(folder: Path) -> list[tuple[str, int]]:
    """Name and number of documents of each finished segment."""
    path = folder / _SEGMENTS
    return [(name, count) for name, count in json.loads(path.read_text(encoding="ascii"))] if path.exists() else []


class WordIndex:
    """The words of all segments opened for reading; postings are kept once read."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._rows = load_array(folder / DOC_ROWS)
        self._segments: list[tuple[tantivy.Searcher, int]] = []
        first = 0
        for name, count in _segments(folder):
            index = tantivy.Index.open(str(folder / name))
            self._segments.append((index.searcher(), first))
            first += count
        self._lock = threading.Lock()
        self.postings = lru_cache(maxsize=_CACHED_WORDS)(self._postings)

    def _postings(self, field: str, word: str) -> Postings:
        """Rows whose field holds a word, with frequencies."""
        documents = self._holding(field, word)
        if not documents.size:
            return NO_POSTINGS
        tfs = np.ones(documents.size, np.float32)
        for level in _LEVELS:
            often = self._holding(field, f"{word}{_MARK}{level}")
            if not often.size:
                break
            tfs[np.searchsorted(documents, often)] = level
        rows = self._rows[documents]
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] >= 0]
        return Postings(rows[order], tfs[order])

    def _holding(self, field: str, term: str) -> NDArray[np.int64]:
        query = tantivy.Query.term_query(self._schema, field, term, "basic")
        found = [np.empty(0, np.int64)]
        for searcher, first in self._segments:
            count, everything = searcher.doc_freq(field, term), searcher.num_docs
            if 2 * count <= everything:
                found.append(_rows(searcher, query, count) + first)
                continue
            # Each hit that is handed to Python costs: of a word that most hold, those are asked for that do not.
            every, without = (tantivy.Occur.Must, tantivy.Query.all_query()), (tantivy.Occur.MustNot, query)
            mask = np.ones(everything, np.bool_)
            mask[_rows(searcher, tantivy.Query.boolean_query([every, without]), everything - count)] = False
            found.append(np.flatnonzero(mask) + first)
        return np.concatenate(found)

    def close(self) -> None:
        """Let go of files."""
        self._segments = []


def _rows(searcher: tantivy.Searcher, query: tantivy.Query, count: int) -> NDArray[np.int64]:
    """The documents that a query finds, so many, in order."""
    if not count:
        return np.empty(0, np.int64)
    hits = searcher.search(query, count, count=False, order_by_field=_ROW, order=tantivy.Order.Asc).hits
    return np.fromiter((row for row, _ in hits), np.int64, len(hits))
