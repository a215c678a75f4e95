"""What stands in a file of topics? TOML to topics; a mistake is told with its line and what was expected."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fzsearch.analysis.normalize import normalize
from fzsearch.errors import CorpusError
from fzsearch.model import Topic

_LISTS = ("patterns", "unless", "near", "examples", "counter_examples")
_FIELDS = ("name", "group", "about", *_LISTS)
_HEAD = re.compile(r"\s*\[\[\s*topic\s*\]\]")

Check = Callable[[Topic], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One [[topic]] of a file: its values, its number, and its lines from the head on, empty where not found."""

    fields: Mapping[str, object]
    file: str
    number: int
    first: int
    lines: Sequence[str]

    def mistake(self, text: str, field: str = "") -> CorpusError:
        """What is wrong, at the line of the field, else of the head."""
        starts = (at for at, line in enumerate(self.lines) if re.match(rf'\s*"?{re.escape(field)}"?\s*=', line))
        line = f" 第 {self.first + next(starts, 0)} 行" if self.lines else ""
        name = self.fields.get("name")
        title = f"“{name}”" if isinstance(name, str) else ""
        return CorpusError(f"{self.file}{line}（第 {self.number} 个主题{title}）：{text}")

    def word(self, key: str) -> str:
        """A text that is not empty."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.mistake(f"{key} 应为非空文字，实际为 {value!r}", key)
        return value.strip()

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts that are not empty; nothing where it is left out."""
        values = self.fields.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and normalize(value) for value in values):
            raise self.mistake(f'{key} 应为非空文字的列表，如 ["说法一", "说法二"]', key)
        return tuple(values)


def read_topics(path: Path) -> str:
    """The text of a user's file.

    Raises:
        CorpusError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{path} 不是 UTF-8 编码；请另存为 UTF-8 后再试") from exc


def parse_topics(text: str, file: str, check: Check | None = None) -> dict[str, Topic]:
    """The topics of one file by name, in order.

    Args:
        text: the file.
        file: how messages name it.
        check: tells the field of a topic that contradicts its patterns, and how; None leaves that out.

    Raises:
        CorpusError: a mistake; names file, line and what was expected.
    """
    topics: dict[str, Topic] = {}
    for entry in _entries(text, file):
        topic = _topic(entry)
        if topic.name in topics:
            raise entry.mistake(f"名称“{topic.name}”重复；同一文件中每个名称只能出现一次", "name")
        if check is not None and (wrong := check(topic)):
            raise entry.mistake(wrong[1], wrong[0])
        topics[topic.name] = topic
    return topics


def _entries(text: str, file: str) -> list[_Entry]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise CorpusError(f"{file} 不是有效的 TOML：{exc}") from exc
    if other := sorted(set(values) - {"topic"}):
        raise CorpusError(f"{file}：不认识的项目 {'、'.join(other)}；每个主题以 [[topic]] 开头，项目写在它下面")
    found = values.get("topic", [])
    if not isinstance(found, list):
        raise CorpusError(f"{file}：主题应写成 [[topic]]（双重方括号）")
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    heads = [*heads, len(lines)] if len(heads) == len(found) else [0] * (len(found) + 1)
    entries = []
    for number, fields in enumerate(found, 1):
        if not isinstance(fields, Mapping):
            raise CorpusError(f"{file} 第 {number} 个主题：应写成 [[topic]] 加 name、group、patterns")
        first, last = heads[number - 1 : number + 1]
        entries.append(_Entry(fields, file, number, first + 1, lines[first:last]))
    return entries


def _topic(entry: _Entry) -> Topic:
    if unknown := [key for key in entry.fields if key not in _FIELDS]:
        raise entry.mistake(f"不认识的项目 {'、'.join(unknown)}；可用 {'、'.join(_FIELDS)}", unknown[0])
    name, group = entry.word("name"), entry.word("group")
    about = entry.word("about") if "about" in entry.fields else ""
    lists = {key: entry.words(key) for key in _LISTS}
    if not lists["patterns"]:
        raise entry.mistake("patterns 不能为空，至少写一个说法", "patterns")
    return Topic(name=name, group=group, about=about, **lists)
