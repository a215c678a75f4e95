"""In which sections does a word stand? The Whoosh index of jieba words, by section; the only module that knows Whoosh.

Lean on purpose (measured: 2 to 3 times cheaper to build): three fields of words with frequencies, nothing stored, no
positions; texts, facets and exact matching are elsewhere. Sections are keyed by our own row numbers, never by Whoosh's
document numbers, which move with every commit: `doc_rows.npy` maps them. Stock classes only, because Whoosh pickles the
schema. What is used behaves alike in whoosh 2.7.4 and whoosh3.
"""

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, index
from whoosh.columns import VarBytesColumn
from whoosh.reading import TermNotFound

from fzsearch.engine.exact import NO_POSTINGS, Postings
from fzsearch.engine.protocol import IndexedSection

BODY, HEADING, TITLE = "body", "heading", "title"
_DOC_ROWS = "doc_rows.npy"
_MEMORY_MB = 256
_CACHED_WORDS = 2048


def _schema() -> Any:
    words = {name: fields.KEYWORD(scorable=True) for name in (BODY, HEADING, TITLE)}
    # A column alone: the id is never searched for, only read back to number the rows.
    return fields.Schema(section=fields.COLUMN(VarBytesColumn()), report=fields.ID(), **words)


def link_words(source: Path, target: Path) -> None:
    """Put a finished Whoosh folder under a second name; its files never change, so links are enough."""
    target.mkdir()
    for path in source.iterdir():
        if path.name == _DOC_ROWS or path.name.endswith("LOCK"):
            continue
        try:
            os.link(path, target / path.name)
        except OSError:  # a file system without links
            (target / path.name).write_bytes(path.read_bytes())


class WordsWriter:
    """Writes one commit into a new or linked Whoosh folder."""

    def __init__(self, folder: Path) -> None:
        is_new = not folder.exists()
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._index = index.create_in(folder, _schema()) if is_new else index.open_dir(folder)
        self._writer = self._index.writer(limitmb=_MEMORY_MB)

    def delete(self, report_key: str) -> None:
        """Delete the sections that a report had before this commit."""
        self._writer.delete_by_term("report", report_key)

    def add(self, item: IndexedSection) -> None:
        """Add a section."""
        # Words never hold white space, so the stock KEYWORD analyzer gives them back as they are.
        self._writer.add_document(
            section=item.id.encode("utf-8"),
            report=item.report.key,
            body=item.words,
            heading=item.heading_words,
            title=item.title_words,
        )

    def cancel(self) -> None:
        """Give up, also after a commit that failed; the folder is not usable afterwards. Never fails."""
        # Closing what a full disk broke, whoosh 2.7.4 raises OSError, ValueError or a bare Exception: what counts is
        # the error that led here.
        with suppress(Exception):
            self._writer.cancel()
        self._index.close()

    def commit(self) -> None:
        """Write everything; the folder holds no lock afterwards."""
        self._writer.commit()
        self._index.close()
        for lock in self._folder.glob("*LOCK"):
            lock.unlink()


def write_doc_rows(folder: Path, row_of_id: Mapping[str, int]) -> None:
    """Write the row of every Whoosh document; -1 for deleted ones."""
    opened = index.open_dir(folder)
    reader = opened.reader()
    try:
        rows = np.full(reader.doc_count_all(), -1, np.int64)
        if rows.size:
            column = reader.column_reader("section")
            for document in reader.all_doc_ids():
                rows[document] = row_of_id[column[document].decode("utf-8")]
    finally:
        reader.close()
        opened.close()
    np.save(folder / _DOC_ROWS, rows)


class WordIndex:
    """The words opened for reading; each thread has a Whoosh reader of its own, postings are shared once decoded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._doc_rows = np.load(folder / _DOC_ROWS)
        self._local = threading.local()
        self._opened: list[Any] = []
        self.postings = lru_cache(maxsize=_CACHED_WORDS)(self._postings)

    def _reader(self) -> Any:
        # One reader shared by threads gives exceptions and wrong results in every Whoosh (MEASURED-engines §5).
        reader = getattr(self._local, "reader", None)
        if reader is None:
            opened = index.open_dir(self._folder)
            reader = self._local.reader = opened.reader()
            self._opened += [reader, opened]
        return reader

    def _postings(self, field: str, word: str) -> Postings:
        """Rows whose field holds a word, with frequencies."""
        documents, frequencies = [], []
        try:
            matcher = self._reader().postings(field, word)
        except TermNotFound:
            return NO_POSTINGS
        while matcher.is_active():
            documents.append(matcher.id())
            frequencies.append(matcher.weight())
            matcher.next()
        rows = self._doc_rows[np.array(documents, np.int64)]
        order = np.argsort(rows)
        alive = order[rows[order] >= 0]
        return Postings(rows[alive], np.array(frequencies, np.float32)[alive])

    def close(self) -> None:
        """Close the readers of all threads."""
        while self._opened:
            self._opened.pop().close()

    def __del__(self) -> None:
        # A generation that was replaced is closed when its last reader lets go of it.
        self.close()
