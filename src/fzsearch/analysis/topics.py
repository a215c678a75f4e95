"""Which topics does a text speak of, and where?

A topic is found by containment of its patterns in the normalised text, never by words of a segmenter, so that a reader
can see why. The vocabulary comes with the program (``resources/topics.toml``); ``corpus/topics.toml`` extends it.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fzsearch.analysis.normalize import normalize
from fzsearch.analysis.topic_file import parse_topics, read_topics
from fzsearch.model import Topic
from fzsearch.resources import data_text

GAP = "…"
"""In a pattern: some characters may stand between."""
GAP_CHARS = 12
"""How many at most. In five real reports 32 of 387 matches need a gap, all right; 24 adds a wrong one."""
_BETWEEN = rf"[^,.;:!?。]{{0,{GAP_CHARS}}}?"  # normalised text has these in their ASCII forms


_compiled = cache(re.compile)
"""Most texts need few of the patterns, and all 900 take a tenth of a second."""


class _Pattern(NamedTuple):
    pieces: tuple[str, ...]
    regex: str

    def may_stand(self, normalized: str) -> bool:
        """Whether its ends are there; containment costs a tenth of a search by pattern, so it is asked first."""
        return self.pieces[-1] in normalized and self.pieces[0] in normalized


class TopicRule:
    """When a text speaks of one topic: a pattern stands there that does not lie inside an `unless` word."""

    def __init__(self, topic: Topic) -> None:
        different = dict.fromkeys(pattern_pieces(pattern) for pattern in topic.patterns)
        self.patterns = tuple(_Pattern(pieces, _BETWEEN.join(map(re.escape, pieces))) for pieces in different)
        unless = map(normalize, topic.unless)
        self._unless = [(word, f"(?=({re.escape(word)}))") for word in unless]

    def places(self, normalized: str) -> Iterator[tuple[int, int]]:
        """Where patterns count in a normalised text, pattern by pattern; end excluded."""
        unless = [pattern for word, pattern in self._unless if word in normalized]
        hidden = [match.span(1) for pattern in unless for match in _compiled(pattern).finditer(normalized)]
        for pattern in self.patterns:
            if not pattern.may_stand(normalized):
                continue
            for match in _compiled(pattern.regex).finditer(normalized):
                if not any(start <= match.start() and match.end() <= end for start, end in hidden):
                    yield match.span()

    def speaks(self, normalized: str, among: Sequence[_Pattern] | None = None) -> bool:
        """Whether any pattern counts; `among` are those of which the first piece stands in the text, None for all."""
        if any(word in normalized for word, _ in self._unless):
            return any(True for _ in self.places(normalized))
        return any(
            pattern.may_stand(normalized)
            and (len(pattern.pieces) == 1 or _compiled(pattern.regex).search(normalized) is not None)
            for pattern in (self.patterns if among is None else among)
        )


def pattern_pieces(pattern: str) -> tuple[str, ...]:
    """The normalised parts of a pattern between its gaps; an empty part is a mistake.

    >>> pattern_pieces("枫桥…经验"), pattern_pieces("法律 顾問")
    (('枫桥', '经验'), ('法律顾问',))
    """
    return tuple(normalize(piece) for piece in re.split(f"{GAP}+", pattern))


_Beginning = tuple[str, int, tuple[_Pattern, ...]]
"""The first piece of patterns, the number of their rule, and they themselves."""


class TopicVocabulary:
    """The topics in file order, ready to be matched."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self._rules = [TopicRule(topic) for topic in self.topics]
        self._starts = _Starts(self._rules)

    @classmethod
    def load(cls, user_file: Path | None = None) -> "TopicVocabulary":
        """The packaged topics; those of a user's file replace the ones of the same name or follow at the end.

        A file that does not exist changes nothing.

        Raises:
            CorpusError: the user's file cannot be used; names file, line and what was expected.
        """
        topics = parse_topics(data_text("topics.toml"), "topics.toml")
        if user_file is not None and user_file.exists():
            topics |= parse_topics(read_topics(user_file), str(user_file), check)
        return cls(topics.values())

    def match(self, normalized: str) -> tuple[str, ...]:
        """`match_all` of one text."""
        return self.match_all([normalized])[0]

    def match_all(self, normalized: Sequence[str]) -> list[tuple[str, ...]]:
        """For each text, names of the topics, in vocabulary order, of which a pattern stands outside `unless` words.

        Args:
            normalized: texts that have been through `normalize`, at best all of a report.
        """
        return [
            tuple(
                self.topics[number].name for number in sorted(begun) if self._rules[number].speaks(text, begun[number])
            )
            for text, begun in zip(normalized, self._starts.begun(normalized), strict=True)
        ]


class _Starts:
    """Which patterns begin in which texts? Told by their first two UTF-16 units, for all texts at once."""

    def __init__(self, rules: Sequence[TopicRule]) -> None:
        patterns = sorted(
            ((pattern.pieces[0], number, pattern) for number, rule in enumerate(rules) for pattern in rule.patterns),
            key=operator.itemgetter(0, 1),
        )
        self._short: list[_Beginning] = []
        by_pair: defaultdict[int, list[_Beginning]] = defaultdict(list)
        for (first, number), equal in groupby(patterns, key=operator.itemgetter(0, 1)):
            units = _units(first)
            to = by_pair[int(_pairs(units[:1], units[1:2])[0])] if units.size > 1 else self._short
            to.append((first, number, tuple(pattern for _, _, pattern in equal)))
        self._pairs = np.array(sorted(by_pair), np.uint32)
        self._beginnings = [by_pair[pair] for pair in self._pairs.tolist()]
        self._begins, self._goes_on = np.zeros((2, 1 << 16), np.bool_)
        self._begins[self._pairs >> 16] = self._goes_on[self._pairs & 0xFFFF] = True

    def begun(self, texts: Sequence[str]) -> list[dict[int, tuple[_Pattern, ...]]]:
        """For each text the patterns whose first piece stands in it, by the number of their rule."""
        found: list[dict[int, tuple[_Pattern, ...]]] = [{} for _ in texts]
        for place, beginnings in self._tried(texts):
            for first, number, patterns in beginnings:
                if first in texts[place]:
                    found[place][number] = found[place].get(number, ()) + patterns
        return found

    def _tried(self, texts: Sequence[str]) -> Iterator[tuple[int, list[_Beginning]]]:
        """Numbers of texts with what is worth looking for in them, no pair of both twice."""
        each = [_units(text) for text in ("", *texts)]
        units, ends = np.concatenate(each), np.cumsum([one.size for one in each[1:]])
        spots = np.flatnonzero(self._begins[units[:-1]] & self._goes_on[units[1:]])  # few, and quickly told
        pairs = _pairs(units[spots], units[spots + 1])
        places = np.searchsorted(self._pairs, pairs)
        is_pair = self._pairs[np.minimum(places, self._pairs.size - 1)] == pairs
        numbers = np.searchsorted(ends, spots[is_pair], side="right")
        for number, place in {*zip(numbers.tolist(), places[is_pair].tolist(), strict=True)}:
            yield number, self._beginnings[place]
        if self._short:
            yield from ((number, self._short) for number in range(len(texts)))


def _units(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _pairs(firsts: NDArray[np.uint16], seconds: NDArray[np.uint16]) -> NDArray[np.uint32]:
    return np.left_shift(firsts, 16, dtype=np.uint32) | seconds


def check(topic: Topic) -> tuple[str, str] | None:
    """The first thing in a topic that contradicts its patterns: the field, and what is wrong as a Chinese sentence."""
    if any("" in pattern_pieces(pattern) for pattern in topic.patterns):
        return "patterns", f"“{GAP}”的两边都要有文字"
    rule, bare = TopicRule(topic), TopicRule(Topic(name="", group="", patterns=topic.patterns))
    for word in topic.unless:
        if not bare.speaks(normalize(word)):
            return "unless", f"unless 中的“{word}”应是包含某个说法的更长的词"
    for text in topic.examples:
        if not rule.speaks(normalize(text)):
            return "examples", f"例句“{text}”没有命中任何说法；请改例句，或在 patterns 中加上它的说法"
    for field, texts in (("near", topic.near), ("counter_examples", topic.counter_examples)):
        for text in texts:
            if rule.speaks(normalize(text)):
                return field, f"{field} 中的“{text}”会被算进去；请改它，或把误中的词写进 unless"
    return None
