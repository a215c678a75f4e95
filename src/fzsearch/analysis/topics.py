"""Which topics does a text speak of?

A topic is found by containment of its patterns in the normalised text, never by words of a segmenter, so that a reader
can see why. The vocabulary comes with the program (``resources/topics.toml``); ``corpus/topics.toml`` extends it.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from fzsearch.analysis.normalize import normalize
from fzsearch.errors import CorpusError
from fzsearch.model import Topic
from fzsearch.resources import data_text

_FIELDS = {"name", "group", "patterns", "unless"}


class TopicVocabulary:
    """The topics in file order, ready to be matched."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self._exceptions = [_exceptions(topic) for topic in self.topics]
        self._by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for position, topic in enumerate(self.topics):
            for pattern in _shortest(map(normalize, topic.patterns)):
                self._by_start[pattern[0]].append((pattern, position))

    @classmethod
    def load(cls, user_file: Path | None = None) -> "TopicVocabulary":
        """The packaged topics; those of a user's file replace the ones of the same name or follow at the end.

        A file that does not exist changes nothing.

        Raises:
            CorpusError: the user's file cannot be used; names file, entry and what was expected.
        """
        topics = _parsed(data_text("topics.toml"), "topics.toml")
        if user_file is not None and user_file.exists():
            topics |= _parsed(_read(user_file), str(user_file))
        return cls(topics.values())

    def match(self, normalized: str) -> tuple[str, ...]:
        """Names of the topics, in vocabulary order, of which a pattern stands outside every `unless` word.

        Args:
            normalized: text that has been through `normalize`.
        """
        # Only patterns whose first character occurs are looked for: that halves the time.
        starts = self._by_start.keys() & set(normalized)
        tried = (item for start in starts for item in self._by_start[start])
        found = {position for pattern, position in tried if pattern in normalized}
        return tuple(self.topics[i].name for i in sorted(found) if _stands_alone(self._exceptions[i], normalized))


def _shortest(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns without those that contain another one and therefore add nothing."""
    unique = tuple(dict.fromkeys(patterns))
    return tuple(one for one in unique if not any(other in one for other in unique if other != one))


def _exceptions(topic: Topic) -> re.Pattern[str] | None:
    """A regex whose group 1 takes the patterns outside every `unless` word; None for a topic without such words."""
    if not topic.unless:
        return None
    patterns = _shortest(map(normalize, topic.patterns))
    unless = [normalize(word) for word in topic.unless]
    hidden = "|".join(_around(word, pattern) for word in unless for pattern in patterns if pattern in word)
    return re.compile(f"(?:{hidden})|({'|'.join(map(re.escape, patterns))})")


def _around(word: str, pattern: str) -> str:
    """A regex at the pattern's own place that says: here it is part of the longer word."""
    before, after = (re.escape(part) for part in word.split(pattern, 1))
    behind = f"(?<={before})" if before else ""
    return f"{behind}{re.escape(pattern)}" + (f"(?={after})" if after else "")


def _stands_alone(exceptions: re.Pattern[str] | None, text: str) -> bool:
    return exceptions is None or any(match[1] for match in exceptions.finditer(text))


def _read(user_file: Path) -> str:
    try:
        return user_file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{user_file} 不是 UTF-8 编码；请另存为 UTF-8 后再试") from exc


def _parsed(text: str, where: str) -> dict[str, Topic]:
    """The topics of one file by name, in order."""
    try:
        entries = tomllib.loads(text).get("topic", [])
    except tomllib.TOMLDecodeError as exc:
        raise CorpusError(f"{where} 不是有效的 TOML：{exc}") from exc
    if not isinstance(entries, list):
        raise CorpusError(f"{where}：主题应写成 [[topic]]（双重方括号）")
    topics: dict[str, Topic] = {}
    for number, entry in enumerate(entries, 1):
        topic = _topic(entry, f"{where} 第 {number} 个主题")
        if topic.name in topics:
            raise CorpusError(f"{where} 第 {number} 个主题：名称“{topic.name}”重复；同一文件中每个名称只能出现一次")
        topics[topic.name] = topic
    return topics


def _topic(entry: object, where: str) -> Topic:
    if not isinstance(entry, Mapping):
        raise CorpusError(f"{where}：应写成 [[topic]] 加 name、group、patterns")
    if unknown := sorted(set(entry) - _FIELDS):
        raise CorpusError(f"{where}：不认识的项目 {'、'.join(unknown)}；可用 name、group、patterns、unless")
    name, group = _words(entry, "name", where), _words(entry, "group", where)
    patterns, unless = _list(entry, "patterns", f"{where}“{name}”"), _list(entry, "unless", f"{where}“{name}”")
    if not patterns:
        raise CorpusError(f"{where}“{name}”：patterns 不能为空，至少写一个说法")
    needless = [word for word in unless if not any(normalize(pattern) in normalize(word) for pattern in patterns)]
    if needless:
        raise CorpusError(f"{where}“{name}”：unless 中的“{needless[0]}”应是包含某个说法的更长的词")
    return Topic(name=name, group=group, patterns=patterns, unless=unless)


def _words(entry: Mapping[str, object], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{where}：{key} 应为非空文字，实际为 {value!r}")
    return value.strip()


def _list(entry: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and normalize(value) for value in values):
        raise CorpusError(f'{where}：{key} 应为非空文字的列表，如 ["说法一", "说法二"]')
    return tuple(values)
