"""What is an indicator, and which one does a quantity belong to? Rules stand in resources/indicators.toml."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fzsearch.resources import data_text

_FAR = 16
"""Words further from a quantity than this, in characters, do not name it (measured on the annotated reports)."""
_GAP = "[^,。;:!?、\n]{0,12}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A quantity that reports can be compared by: fixed id, Chinese name and group, and the units it is counted in."""

    id: str
    name: str
    group: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a quantity, folded.

    Attributes:
        before: what leads to it in its own clause, after the quantity before it.
        after: what follows in its own clause, up to the next quantity.
        sentence: the whole sentence.
        lead: what stands before it in the sentence, for a clause that names nothing (共计50716元); "" if it names.
    """

    before: str
    after: str
    sentence: str
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    indicator: Indicator
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@cache
def _table() -> tuple[tuple[str, ...], tuple[_Rule, ...]]:
    raw = tomllib.loads(data_text("indicators.toml"))
    return tuple(raw["units"]), tuple(_rule(entry) for entry in raw["indicator"])


def _rule(entry: dict[str, str | list[str]]) -> _Rule:
    named = Indicator(
        id=str(entry["id"]), name=str(entry["name"]), group=str(entry["group"]), units=tuple(entry["units"])
    )
    before, after, needs, unless = (_pattern(entry.get(side, ())) for side in ("before", "after", "with", "unless"))
    return _Rule(indicator=named, before=before, after=after, needs=needs, unless=unless)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Words with a gap first, then longer ones, so that the longest is taken where several begin together."""
    ordered = sorted(words, key=lambda word: ("…" in word, len(word)), reverse=True)
    return re.compile("|".join(word.replace("…", _GAP) for word in ordered)) if ordered else None


def indicators() -> tuple[Indicator, ...]:
    """All indicators, in the order of the table."""
    return tuple(rule.indicator for rule in _table()[1])


def units() -> tuple[str, ...]:
    """The units that make a number a quantity, longest first."""
    return tuple(sorted(_table()[0], key=len, reverse=True))


@cache
def _rules_for(unit: str) -> tuple[_Rule, ...]:
    return tuple(rule for rule in _table()[1] if unit in rule.indicator.units)


def indicator_of(unit: str, context: Context) -> str | None:
    """The id of the indicator whose word stands nearest to the quantity, the longest of the nearest; None without one.

    Words of the own clause come first; only where it names nothing do words further ahead in the sentence count.
    """
    for before, after in ((context.before, context.after), (context.lead, "")):
        scores = [
            (score, rule.indicator.id)
            for rule in _rules_for(unit)
            if (score := _score(rule, before, after)) and _allows(rule, before, after, context.sentence)
        ]
        if scores:
            return max(scores, key=lambda pair: pair[0])[1]
    return None


def _allows(rule: _Rule, before: str, after: str, sentence: str) -> bool:
    if rule.unless and (rule.unless.search(before) or rule.unless.search(after)):
        return False
    return not rule.needs or bool(rule.needs.search(sentence))


def _score(rule: _Rule, before: str, after: str) -> tuple[int, int] | None:
    """Nearness (0 touches, less is further) and length of the nearest word; None without any."""
    found: list[tuple[int, int]] = []
    for near in rule.before.finditer(before) if rule.before else ():
        found = [(near.end() - len(before), near.end() - near.start())]  # the last one is the nearest
    if rule.after and after and (match := rule.after.search(after)):
        found.append((-match.start(), match.end() - match.start()))
    if not found:
        return None
    best = max(found)
    return best if best[0] >= -_FAR else None
