"""In which sections does a word stand? The Whoosh index of jieba words, by section, opened for reading.

Lean on purpose (measured: 2 to 3 times cheaper to build): three fields of words with frequencies, nothing stored, no
positions; texts, facets and exact matching are elsewhere. Sections are keyed by our own row numbers, never by Whoosh's
document numbers, which move with every commit: `doc_rows.npy` maps them. Stock classes only, because Whoosh pickles the
schema. What is used behaves alike in whoosh 2.7.4 and whoosh3.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index
from whoosh.reading import TermNotFound

from fzsearch.engine.arrays import load_array
from fzsearch.engine.cache import ByteCache
from fzsearch.engine.exact import NO_POSTINGS, Postings
from fzsearch.engine.ranker import DOC_ROWS
from fzsearch.engine.whoosh_blocks import Decoded, decode

_CACHE_BYTES = 32 << 20


class WordIndex:
    """The words opened for reading; postings are kept once decoded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._opened: list[Any] = []
        self._opened_by = 0
        self._doc_rows = load_array(folder / DOC_ROWS)
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
