"""In which sections does a word stand? The Whoosh index of jieba words, by section; the only module that knows Whoosh.

Lean on purpose (measured: 2 to 3 times cheaper to build): three fields of words with frequencies, nothing stored, no
positions; texts, facets and exact matching are elsewhere. Sections are keyed by our own row numbers, never by Whoosh's
document numbers, which move with every commit: `doc_rows.npy` maps them. Stock classes only, because Whoosh pickles the
schema. What is used behaves alike in whoosh 2.7.4 and whoosh3.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, index
from whoosh.columns import VarBytesColumn
from whoosh.reading import TermNotFound

from fzsearch.engine.cache import ByteCache
from fzsearch.engine.exact import NO_POSTINGS, Postings
from fzsearch.engine.protocol import IndexedSection
from fzsearch.engine.whoosh_blocks import Decoded, decode

BODY, HEADING, TITLE = "body", "heading", "title"
_DOC_ROWS = "doc_rows.npy"
_MEMORY_MB = 256
_CACHE_BYTES = 32 << 20


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
    """The words opened for reading; postings are kept once decoded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._opened: list[Any] = []
        self._opened_by = 0
        self._doc_rows = np.load(folder / _DOC_ROWS)
        self._decoded: ByteCache[tuple[str, str], Postings] = ByteCache(
            _CACHE_BYTES, lambda found: found.rows.nbytes + found.tfs.nbytes
        )

    def postings(self, field: str, word: str) -> Postings:
        """Rows whose field holds a word, with frequencies."""
        return self._decoded.get((field, word), lambda: self._postings(field, word))

    def _postings(self, field: str, word: str) -> Postings:
        # One reader for all threads, used by one at a time: unlocked it gives exceptions and wrong results in every
        # Whoosh (MEASURED-engines §5), and a reader for each thread is opened and held as often as there are threads.
        with self._lock:
            if self._opened_by != os.getpid():  # a forked server must not move the place in its parent's files
                opened = index.open_dir(self._folder)
                self._opened, self._opened_by = [opened, opened.reader()], os.getpid()
            found = [
                (documents + offset, tfs)
                for reader, offset in self._opened[-1].leaf_readers()
                for documents, tfs in _decoded(reader, field, word)
            ]
        if not found:
            return NO_POSTINGS
        rows = self._doc_rows[np.concatenate([documents for documents, _ in found])]
        order = np.argsort(rows)
        alive = order[rows[order] >= 0]
        return Postings(rows[alive].astype(np.uint32), np.concatenate([tfs for _, tfs in found])[alive])

    def close(self) -> None:
        """Close the reader."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()

    def __del__(self) -> None:
        # A generation that was replaced is closed when its last reader lets go of it.
        self.close()


def _decoded(reader: Any, field: str, word: str) -> Iterator[Decoded]:
    """The postings of one segment, if it has the word."""
    try:
        matcher = reader.postings(field, word)
    except TermNotFound:
        return
    yield decode(matcher)
