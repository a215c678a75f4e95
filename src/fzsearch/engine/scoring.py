"""How well does a section answer a query? BM25F over words, pairs of characters and, for questions, single characters.

The score of a section is a sum over the distinct terms of the query:

    word       its frequencies in body, heading and report title, weighted and added (BM25F)
    pair       of successive characters of a leaf, in the body
    character  of a leaf of which any word will do (`--match any`), or the leaf itself where it is one character

    share(t) = idf(t) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length))
    idf(t)   = ln(1 + (n - df + 0.5) / (df + 0.5))

halved where the section is *bare*: nothing but its heading, or the title of its report. Bare sections count neither for
n and df nor for the average length: they would make every body seem long and every word rare. The best fifty hits are
then multiplied by 1 + 0.25 * nearness, the share of the words that stand close together, and ordered anew. Literal
hits stand above the others whatever their score: that is the sort order of `embedded`, not part of the score. Where the
constants come from is told in docs/RANKING.md; `bench/ranking.py` measures them.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.cache import ByteCache
from fzsearch.engine.exact import ExactLayer, Postings
from fzsearch.engine.facets import Mask
from fzsearch.engine.nearness import nearness
from fzsearch.engine.ranker import BODY, HEADING, TITLE, WordIndex
from fzsearch.engine.texts import Rows
from fzsearch.query import HitScore, Literal, Node, TermScore, Words, asked_leaves

B = 0.8
FIELD_WEIGHTS = {BODY: 1.0, HEADING: 1.5, TITLE: 0.5}
"""Weights of a word's frequencies; a heading is part of the body too, so it counts 2.5 in all."""
BARE = 0.5
"""Share of its score that a section keeps that is nothing but a heading or title."""
_MARKER_UNITS = 8
"""What may stand in a bare section besides its heading: （十二）, 。, 无。"""

NEAR = 0.25
"""How much words that all stand together gain."""
NEAR_HITS = 50
"""Hits that nearness is looked at for."""

Scores = NDArray[np.float32]
_CACHE_BYTES = 128 << 20
_IDF_BYTES = 8 << 20
_DENSE = 4
"""Adding to a quarter of the rows one by one costs as much as adding to all (measured)."""


class TermKind(StrEnum):
    """What of a query is looked up."""

    WORD = "word"
    PAIR = "pair"
    CHARACTER = "character"


K1 = {TermKind.WORD: 1.2, TermKind.PAIR: 1.2, TermKind.CHARACTER: 2.0}
"""How slowly frequencies wear off; single characters come up more often, and say less each time."""


@dataclass(frozen=True, slots=True)
class ScoredTerm:
    """One thing of the query that adds to scores."""

    kind: TermKind
    text: str


def terms_of(root: Node | None) -> tuple[ScoredTerm, ...]:
    """What a query is scored by, without repetition: words, then pairs, then characters."""
    leaves = [leaf for leaf in asked_leaves(root) if isinstance(leaf, Literal | Words)]
    by_kind = {
        TermKind.WORD: [word for leaf in leaves if isinstance(leaf, Words) for word in (*leaf.words, *leaf.weak)],
        TermKind.PAIR: [pair for leaf in leaves for pair in _pairs(leaf.norm)],
        TermKind.CHARACTER: [one for leaf in leaves for one in _characters(leaf)],
    }
    return tuple(ScoredTerm(kind, text) for kind, texts in by_kind.items() for text in dict.fromkeys(texts))


def _pairs(norm: str) -> Iterator[str]:
    """Pairs of successive characters; with punctuation only where there is nothing else."""
    pairs = [norm[at : at + 2] for at in range(len(norm) - 1)]
    yield from [pair for pair in pairs if pair.isalnum()] or pairs


def _characters(leaf: Literal | Words) -> Iterator[str]:
    if isinstance(leaf, Words) and leaf.any_word:
        yield from (one for one in leaf.norm if one.isalnum() and not one.isascii())
    elif len(leaf.norm) == 1:
        yield leaf.norm


@dataclass(frozen=True, slots=True)
class _Share:
    """What one term adds to the scores: to these rows, or, where it stands in many, to all (`rows` None)."""

    rows: Rows | None
    scores: Scores

    @property
    def size_bytes(self) -> int:
        return self.scores.nbytes + (0 if self.rows is None else self.rows.nbytes)


class Scorer:
    """Scores for the rows of one generation.

    `bare` marks the sections that are nothing but a heading or title.
    """

    def __init__(self, words: WordIndex, exact: ExactLayer, word_counts: NDArray[np.float32], bare: Mask) -> None:
        self._words = words
        self._exact = exact
        self._bare = bare
        self._is_full = np.ones_like(bare) if bare.all() else ~bare
        self._size = int(np.count_nonzero(self._is_full))
        self._word_norms = self._length_norms(word_counts)
        self._char_norms = self._length_norms(exact.lengths())
        self._idfs: ByteCache[tuple[type, str], float | None] = ByteCache(_IDF_BYTES, lambda _: 0)
        self._shares: ByteCache[ScoredTerm, _Share] = ByteCache(_CACHE_BYTES, lambda share: share.size_bytes)

    def scores(self, root: Node | None) -> Scores:
        """A score for every row, 0 where nothing of the query stands."""
        total = np.zeros(self._exact.size, np.float32)
        for term in terms_of(root):
            share = self._shares.get(term, partial(self._share, term))
            if share.rows is None:
                total += share.scores
            else:
                total[share.rows] += share.scores
        return total

    def _share(self, term: ScoredTerm) -> _Share:
        postings = self._postings(term)
        rows, tfs, k1 = postings.rows, postings.tfs, K1[term.kind]
        norms = self._word_norms if term.kind is TermKind.WORD else self._char_norms
        scores = (np.float32(self._idf(rows)) * tfs * (k1 + 1) / (tfs + k1 * norms[rows])).astype(np.float32)
        scores[self._bare[rows]] *= BARE
        if rows.size * _DENSE < self._exact.size:
            return _Share(rows, scores)
        dense = np.zeros(self._exact.size, np.float32)
        dense[rows] = scores
        return _Share(None, dense)

    def _idf(self, rows: Rows) -> float:
        found = np.count_nonzero(self._is_full[rows])
        return math.log1p((self._size - found + 0.5) / (found + 0.5))

    def _postings(self, term: ScoredTerm) -> Postings:
        if term.kind is not TermKind.WORD:
            return self._exact.gram(term.text)
        found = [(self._words.postings(field, term.text), weight) for field, weight in FIELD_WEIGHTS.items()]
        return _sum(((p.rows, p.tfs * np.float32(weight)) for p, weight in found), self._exact.size)

    def bring_near(self, root: Node | None, scores: Scores, rows: Rows) -> Mapping[int, float]:
        """Raise the scores of rows where the words of a query stand together; gives how near, where that was asked."""
        weights = self._asked_strings(root)
        if len(weights) <= 1:
            return {}
        near = {row: nearness(self._exact.text(row), weights) for row in rows.tolist()}
        scores[rows] *= 1 + NEAR * np.fromiter(near.values(), np.float32, len(near))
        return near

    def _asked_strings(self, root: Node | None) -> dict[str, float]:
        """The words and quoted strings of a query that stand somewhere, with their idf."""
        weights = {}
        for leaf in asked_leaves(root):
            literal = [leaf.norm] if isinstance(leaf, Literal) and leaf.norm else []
            for text in leaf.words if isinstance(leaf, Words) else literal:
                weight = self._idfs.get((type(leaf), text), partial(self._weight, text, is_word=not literal))
                if weight is not None:
                    weights[text] = weight
        return weights

    def _weight(self, text: str, *, is_word: bool) -> float | None:
        """The idf of a word or string; None where it stands nowhere."""
        rows = self._words.postings(BODY, text).rows if is_word else self._exact.find(text)
        return self._idf(rows) if rows.size else None

    def explain(self, root: Node | None, row: int, near: float | None) -> HitScore:
        """How the score of a row came about."""
        found = (self._term_score(term, row) for term in terms_of(root))
        return HitScore(
            terms=tuple(term for term in found if term),
            bare=BARE if self._bare[row] else 1.0,
            near=near,
            together=1 + NEAR * (near or 0.0),
        )

    def _term_score(self, term: ScoredTerm, row: int) -> TermScore | None:
        if term.kind is TermKind.WORD:
            fields = {field: self._words.postings(field, term.text) for field in FIELD_WEIGHTS}
        else:
            fields = {BODY: self._exact.gram(term.text)}
        frequencies = {field: tf for field, postings in fields.items() if (tf := _frequency(postings, row))}
        if not frequencies:
            return None
        tf = sum(FIELD_WEIGHTS[field] * times for field, times in frequencies.items())
        norm = float((self._word_norms if term.kind is TermKind.WORD else self._char_norms)[row])
        idf, k1 = self._idf(self._postings(term).rows), K1[term.kind]
        return TermScore(
            kind=term.kind.value,
            text=term.text,
            idf=idf,
            frequencies=frequencies,
            length=(norm - (1 - B)) / B,
            share=idf * tf * (k1 + 1) / (tf + k1 * norm),
        )

    def _length_norms(self, lengths: NDArray[np.float32]) -> Scores:
        average = float(lengths[self._is_full].mean()) if lengths.size else 0.0
        return ((1 - B) + B * lengths / max(average, 1.0)).astype(np.float32)


def bare_rows(lengths: Scores, heading_lengths: Rows, title_lengths: Rows, report_of_row: Rows) -> Mask:
    """The sections that are nothing but their heading or, the first of a report, its title; all lengths in units."""
    named = heading_lengths.copy()
    is_first = np.diff(report_of_row, prepend=-1) != 0
    named[is_first] = np.maximum(named[is_first], title_lengths[report_of_row[is_first]])
    return (named > 0) & (lengths <= named + _MARKER_UNITS)


def _frequency(postings: Postings, row: int) -> float:
    at = int(np.searchsorted(postings.rows, row))
    return float(postings.tfs[at]) if at < postings.rows.size and postings.rows[at] == row else 0.0


def _sum(parts: Iterable[tuple[Rows, NDArray[np.float32]]], size: int) -> Postings:
    dense = np.zeros(size, np.float32)
    for rows, tfs in parts:
        dense[rows] += tfs
    rows = np.flatnonzero(dense)
    return Postings(rows.astype(np.uint32), dense[rows])


def best_rows(rows: Rows, scores: Scores, wanted: int | None) -> Rows:
    """Rows by score, highest first, equal ones in their order; of many at least the first `wanted`."""
    found = scores[rows]
    if wanted is not None and wanted < rows.size:
        if wanted == 0:
            return rows[:0]
        last = np.partition(found, -wanted)[-wanted]
        rows, found = rows[found >= last], found[found >= last]
    return rows[np.argsort(-found, kind="stable")]
