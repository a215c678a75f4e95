"""Which topics does a text speak of, and where?

A topic is found by containment of its patterns in the normalised text, never by words of a segmenter, so that a reader
can see why. The vocabulary comes with the program (``resources/topics.toml``); ``corpus/topics.toml`` extends it.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from fzsearch.analysis.normalize import normalize
from fzsearch.analysis.topic_file import parse_topics, read_topics
from fzsearch.model import Topic
from fzsearch.resources import data_text

GAP = "…"
"""In a pattern: some characters may stand between."""
GAP_CHARS = 12
"""How many at most. In five real reports 32 of 387 matches need a gap, all right; 24 adds a wrong one."""
_BETWEEN = rf"[^,.;:!?。]{{0,{GAP_CHARS}}}?"  # normalised text has these in their ASCII forms


class TopicRule:
    """When a text speaks of one topic: a pattern stands there that does not lie inside an `unless` word."""

    def __init__(self, topic: Topic) -> None:
        self.pieces = tuple(dict.fromkeys(pattern_pieces(pattern) for pattern in topic.patterns))
        self._patterns = [(pieces, re.compile(_BETWEEN.join(map(re.escape, pieces)))) for pieces in self.pieces]
        unless = map(normalize, topic.unless)
        self._unless = [(word, re.compile(f"(?=({re.escape(word)}))")) for word in unless]
        self.is_plain = not topic.unless and all(len(pieces) == 1 for pieces in self.pieces)

    def places(self, normalized: str) -> Iterator[tuple[int, int]]:
        """Where patterns count in a normalised text, pattern by pattern; end excluded."""
        # Containment is asked first: it costs a tenth of a search by pattern.
        unless = [pattern for word, pattern in self._unless if word in normalized]
        hidden = [match.span(1) for pattern in unless for match in pattern.finditer(normalized)]
        for pieces, pattern in self._patterns:
            if pieces[0] not in normalized or pieces[-1] not in normalized:
                continue
            for match in pattern.finditer(normalized):
                if not any(start <= match.start() and match.end() <= end for start, end in hidden):
                    yield match.span()

    def speaks(self, normalized: str) -> bool:
        """Whether any pattern counts."""
        return any(True for _ in self.places(normalized))


def pattern_pieces(pattern: str) -> tuple[str, ...]:
    """The normalised parts of a pattern between its gaps; an empty part is a mistake.

    >>> pattern_pieces("枫桥…经验"), pattern_pieces("法律 顾問")
    (('枫桥', '经验'), ('法律顾问',))
    """
    return tuple(normalize(piece) for piece in re.split(f"{GAP}+", pattern))


class TopicVocabulary:
    """The topics in file order, ready to be matched."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self._rules = [TopicRule(topic) for topic in self.topics]
        self._by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for position, rule in enumerate(self._rules):
            for first in dict.fromkeys(pieces[0] for pieces in rule.pieces):
                self._by_start[first[:2]].append((first, position))

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
        """Names of the topics, in vocabulary order, of which a pattern stands outside every `unless` word.

        Args:
            normalized: text that has been through `normalize`.
        """
        # Only patterns whose first two characters occur together are looked for: that saves most of the time.
        starts = self._by_start.keys() & {*normalized, *map(operator.add, normalized, normalized[1:])}
        tried = (item for start in starts for item in self._by_start[start])
        found = {position for first, position in tried if first in normalized}
        rules = self._rules
        return tuple(self.topics[i].name for i in sorted(found) if rules[i].is_plain or rules[i].speaks(normalized))


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
