"""In which sections does a word stand? The Whoosh index of jieba words, by section, opened for reading.

Lean on purpose (measured: 2 to 3 times cheaper to build): three fields of words with frequencies, nothing stored, no
positions; texts, facets and exact matching are elsewhere. Sections are keyed by our own row numbers, never by Whoosh's
document numbers, which move with every commit: `doc_rows.npy` maps them. Stock classes only, because Whoosh pickles the
schema. What is used behaves alike in whoosh 2.7.4 and whoosh3.
"""

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index
from whoosh.reading import TermNotFound

from fzsearch.engine.exact import NO_POSTINGS, Postings
from fzsearch.engine.ranker import DOC_ROWS

_CACHED_WORDS = 2048


class WordIndex:
    """The words opened for reading; each thread has a Whoosh reader of its own, postings are shared once decoded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._doc_rows = np.load(folder / DOC_ROWS)
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
