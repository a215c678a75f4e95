"""How well does a section answer a query? BM25F over words and over character pairs, added up.

For each distinct word w of the query, with its frequencies in body, heading and report title weighted and added:

    idf(w) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length))

and the same for each distinct pair of characters over the normalised text (single characters for terms of one
character). Words and pairs together beat either alone (shared/ranking: nDCG@10 .464 against .446 and .450). k1 and b
are the usual 1.2 and 0.75 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, §3). Literal hits
stand above the others whatever their score: that is the sort order of `embedded`, not part of the score.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.cache import ByteCache
from fzsearch.engine.exact import ExactLayer, Postings
from fzsearch.engine.ranker import BODY, HEADING, TITLE, WordIndex
from fzsearch.engine.texts import Rows
from fzsearch.query import Literal, Node, Words, asked_leaves

K1 = 1.2
B = 0.75
FIELD_WEIGHTS = {BODY: 1.0, HEADING: 1.5, TITLE: 0.5}
"""Weights of a word's frequencies; a heading is part of the body too, so it counts 2.5 in all."""

Scores = NDArray[np.float32]
_CACHE_BYTES = 128 << 20
_DENSE = 4
"""Adding to a quarter of the rows one by one costs as much as adding to all (measured)."""


def grams(norm: str) -> tuple[str, ...]:
    """The distinct pairs of characters of a string, or its only character."""
    return tuple(dict.fromkeys(norm[i : i + 2] for i in range(len(norm) - 1))) if len(norm) > 1 else (norm,) * len(norm)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one word or gram adds to the scores: to these rows, or, where it stands in many, to all (`rows` None)."""

    rows: Rows | None
    scores: Scores

    @property
    def size_bytes(self) -> int:
        return self.scores.nbytes + (0 if self.rows is None else self.rows.nbytes)


class Scorer:
    """Scores for the rows of one generation."""

    def __init__(self, words: WordIndex, exact: ExactLayer, word_counts: NDArray[np.float32]) -> None:
        self._words = words
        self._exact = exact
        self._word_norms = _length_norms(word_counts)
        self._char_norms = _length_norms(exact.lengths())
        self._shares: ByteCache[tuple[str, str], _Share] = ByteCache(_CACHE_BYTES, lambda share: share.size_bytes)

    def scores(self, root: Node | None) -> Scores:
        """A score for every row, 0 where nothing of the query stands."""
        total = np.zeros(self._exact.size, np.float32)
        leaves = [leaf for leaf in asked_leaves(root) if isinstance(leaf, Literal | Words)]
        for word in dict.fromkeys(word for leaf in leaves if isinstance(leaf, Words) for word in leaf.words):
            self._add(total, "word", word)
        for gram in dict.fromkeys(gram for leaf in leaves for gram in grams(leaf.norm)):
            self._add(total, "gram", gram)
        return total

    def _add(self, total: Scores, kind: str, text: str) -> None:
        share = self._shares.get((kind, text), lambda: self._share(kind, text))
        if share.rows is None:
            total += share.scores
        else:
            total[share.rows] += share.scores

    def _share(self, kind: str, text: str) -> _Share:
        if kind == "word":
            return self._of_postings(self._word_postings(text), self._word_norms)
        return self._of_postings(self._exact.gram(text), self._char_norms)

    def _word_postings(self, word: str) -> Postings:
        found = [(self._words.postings(field, word), weight) for field, weight in FIELD_WEIGHTS.items()]
        return _sum(((p.rows, p.tfs * np.float32(weight)) for p, weight in found), self._exact.size)

    def _of_postings(self, postings: Postings, norms: Scores) -> _Share:
        rows, tfs, size = postings.rows, postings.tfs, self._exact.size
        idf = np.float32(np.log1p((size - rows.size + 0.5) / (rows.size + 0.5)))
        scores = (idf * tfs * (K1 + 1) / (tfs + K1 * norms[rows])).astype(np.float32)
        if rows.size * _DENSE < size:
            return _Share(rows, scores)
        dense = np.zeros(size, np.float32)
        dense[rows] = scores
        return _Share(None, dense)


def _length_norms(lengths: NDArray[np.float32]) -> Scores:
    average = float(lengths.mean()) if lengths.size else 0.0
    return ((1 - B) + B * lengths / max(average, 1.0)).astype(np.float32)


def _sum(parts: Iterable[tuple[Rows, NDArray[np.float32]]], size: int) -> Postings:
    dense = np.zeros(size, np.float32)
    for rows, tfs in parts:
        dense[rows] += tfs
    rows = np.flatnonzero(dense)
    return Postings(rows.astype(np.uint32), dense[rows])
