"""What may a person be about to type? Topics, places, headings and phrases of the corpus that go on from what is there.

By characters or pinyin initials, what begins so before what holds it, frequent ones first. Where nothing goes on from
it: what differs by one character. Suggestions never change what a query matches.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from fzsearch.analysis import normalize
from fzsearch.analysis.initials import initials
from fzsearch.query import UNSETTLED, Facet, FacetCount

MOST = 8
_MOST_ENTRIES = 40_000
_MAX_CHARS = 30
_CORRECTED_CHARS = range(2, 13)
_PHRASE_CHARS = range(2, 17)
_OFTEN = 2
_CLAUSES = re.compile(r"[\s，、；：。！？,;:!?“”\"'‘’《》〈〉（）()【】\[\]]+")
_FIELDS = {
    Facet.TOPIC: "主题",
    Facet.TOWNSHIP: "镇",
    Facet.COUNTY: "县",
    Facet.CITY: "市",
    Facet.PROVINCE: "省",
}
_CONFUSED = {"法制": "法治", "法致": "法治", "枫侨": "枫桥", "按排": "安排", "布署": "部署"}
"""Taken for each other so often that the other is worth a suggestion where the corpus has it."""


class Kind(StrEnum):
    """Where a suggestion comes from."""

    TOPIC = "topic"
    PLACE = "place"
    HEADING = "heading"
    PHRASE = "phrase"


KIND_LABELS = {Kind.TOPIC: "主题", Kind.PLACE: "地方", Kind.HEADING: "标题", Kind.PHRASE: "常用语"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that can be suggested.

    Attributes:
        text: as it is shown; `query` as it is asked for.
        sections: how many sections it finds where that is known beforehand, else None.
        weight: how often the corpus has it; decides the order.
    """

    text: str
    query: str
    kind: Kind
    weight: int
    sections: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One line under the search box.

    Attributes:
        query: the whole text to ask for.
        sections: how many sections it would find, literally for headings and phrases; None beside other terms.
        is_correction: whether it is not what was begun, but nearly.
    """

    text: str
    query: str
    kind: Kind
    sections: int | None
    is_correction: bool


def suggestion_label(one: Suggestion) -> str:
    """What it is and how many sections it finds, in Chinese."""
    count = "" if one.sections is None else f" · {one.sections:,} 段"
    return f"{KIND_LABELS[one.kind]}{count}"


class Suggester:
    """Suggestions from one state of an index.

    `headings` are how many sections have each heading, `facets` the names that sections are counted by.
    """

    def __init__(self, headings: Mapping[str, int], facets: Mapping[Facet, Iterable[FacetCount]]) -> None:
        entries = sorted((*_names(facets), *_phrases(headings)), key=lambda one: (-one.weight, one.text))
        first = {(normalize(one.text), one.sections is None): one for one in reversed(entries[:_MOST_ENTRIES])}
        self._entries = list(reversed(first.values()))
        self._norms = [normalize(one.text) for one in self._entries]
        self._by_text = _Lines(self._norms)
        self._by_initials = _Lines([initials(norm) for norm in self._norms])
        self._near: dict[str, list[int]] = defaultdict(list)
        for number, norm in enumerate(self._norms):
            if len(norm) in _CORRECTED_CHARS:
                for key in _shortened(norm):
                    self._near[key].append(number)

    def completions(self, typed: str) -> list[Entry]:
        """What goes on from what was typed, at most eight."""
        norm = normalize(typed)
        if not norm or len(norm) > _MAX_CHARS:
            return []
        found = self._by_text.holding(norm)
        if norm.isascii() and norm.isalpha():
            found += self._by_initials.holding(norm)
        return [self._entries[number] for number in dict.fromkeys(found)][:MOST]

    def corrections(self, typed: str) -> list[Entry]:
        """Names and phrases that differ by one character, at most eight."""
        norm = normalize(typed)
        if len(norm) not in _CORRECTED_CHARS:
            return []
        numbers = sorted({number for key in _shortened(norm) for number in self._near.get(key, ())})
        near = (number for number in numbers if self._norms[number] != norm and _is_near(norm, self._norms[number]))
        return [self._entries[number] for number in near][:MOST]


class _Lines:
    """Texts joined into one string, which is looked through faster than each by itself."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n" + "\n".join(texts) + "\n"
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=1))[:-1]

    def holding(self, part: str) -> list[int]:
        """The numbers of texts that begin with a string, then of those that hold it; at most eight of each."""
        return [*self._found("\n" + part), *self._found(part)]

    def _found(self, part: str) -> Iterator[int]:
        at, wanted = self._joined.find(part), MOST
        while at >= 0 and wanted:
            number = bisect_right(self._starts, at + 1) - 1
            yield number
            at, wanted = self._joined.find(part, self._joined.index("\n", at + 1)), wanted - 1


def _names(facets: Mapping[Facet, Iterable[FacetCount]]) -> Iterator[Entry]:
    for facet, field in _FIELDS.items():
        kind = Kind.TOPIC if facet is Facet.TOPIC else Kind.PLACE
        for one in facets.get(facet, ()):
            if one.value != UNSETTLED:
                quoted = f"“{one.value}”" if _CLAUSES.search(one.value) else one.value
                query = f"{field}:{quoted}"
                yield Entry(text=one.value, query=query, kind=kind, weight=one.count, sections=one.count)


def _phrases(headings: Mapping[str, int]) -> Iterator[Entry]:
    """Headings that fit into a line, and the clauses that several of them have."""
    clauses: Counter[str] = Counter()
    for heading, count in headings.items():
        parts = [part for part in _CLAUSES.split(heading) if len(part) in _PHRASE_CHARS]
        for part in parts:
            clauses[part] += count
        if len(heading) <= _MAX_CHARS and [heading] != parts:
            yield Entry(text=heading, query=f"“{heading}”", kind=Kind.HEADING, weight=count)
    for clause, count in clauses.items():
        if count >= _OFTEN:
            yield Entry(text=clause, query=clause, kind=Kind.PHRASE, weight=count)


def _shortened(norm: str) -> set[str]:
    """The string, and what is left of it without each of its characters."""
    return {norm, *(norm[:at] + norm[at + 1 :] for at in range(len(norm)))}


def _is_near(one: str, other: str) -> bool:
    """Whether one character more, less, other, or two changed about, makes a string of the other."""
    begin = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if one[begin : begin + 2] == other[begin : begin + 2][::-1] and one[begin + 2 :] == other[begin + 2 :]:
        return True
    return one[begin + 1 :] in {other[begin:], other[begin + 1 :]} or one[begin:] == other[begin + 1 :]


def suggestions(
    typed: str, suggester: Suggester, count: Callable[[str], int], *, most: int = MOST
) -> tuple[Suggestion, ...]:
    """What may be meant by what was typed so far; its last term is gone on from, what stands before it is kept.

    Args:
        typed: the text of the search box.
        suggester: suggests entries.
        count: how many sections contain a normalised string.
        most: how many at most.
    """
    *before, last = typed.split() or [""]
    head = " ".join(before)
    both = [(entry, True) for entry in _unconfused(last, count)]
    both += [(entry, False) for entry in suggester.completions(last)] or [
        (entry, True) for entry in suggester.corrections(last)
    ]
    return tuple(
        Suggestion(
            text=entry.text,
            query=f"{head} {entry.query}" if head else entry.query,
            kind=entry.kind,
            sections=None if head else count(normalize(entry.text)) if entry.sections is None else entry.sections,
            is_correction=is_correction,
        )
        for entry, is_correction in both[:most]
    )


def corrections(term: str, suggester: Suggester, count: Callable[[str], int]) -> list[str]:
    """What the corpus has that differs from a term by little: confused words first; `count` as above."""
    return [entry.text for entry in (*_unconfused(term, count), *suggester.corrections(term))]


def _unconfused(typed: str, count: Callable[[str], int]) -> Iterator[Entry]:
    """What was typed with words that are often confused the other way, where the corpus has that."""
    for wrong, right in _CONFUSED.items():
        text = typed.replace(wrong, right)
        if text != typed and count(normalize(text)):
            yield Entry(text=text, query=text, kind=Kind.PHRASE, weight=0)
