"""Which indicator does a quantity belong to? The table `resources/indicators.toml` tells; this reads and applies it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fzsearch.figures.quantities import Quantity
from fzsearch.resources import data_text

_GAP = "[^，。；]{0,8}"
_NEAR_AFTER = 14
_UNNAMED = re.compile(r"(?:共|共计|累计|合计|总计|总|计|金额|涉及金额|金额共计|涉案金额)?")
_ADRIFT = 30
"""How far a word may stand before a number: further away it speaks of something else."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An entry of the table; patterns are regular expressions made of its words."""

    id: str
    name: str
    group: str
    units: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@cache
def indicators() -> Mapping[str, Indicator]:
    """The indicators by id, in the order of the table."""
    entries = tomllib.loads(data_text("indicators.toml"))["indicator"]
    return {entry["id"]: _indicator(entry) for entry in entries}


def _indicator(entry: Mapping[str, object]) -> Indicator:
    def words(field: str) -> re.Pattern[str] | None:
        found = entry.get(field)
        if not isinstance(found, list) or not found:
            return None
        ordered = sorted(map(str, found), key=len, reverse=True)
        return re.compile("|".join(_GAP.join(map(re.escape, word.split("…"))) for word in ordered))

    units, before = entry["units"], words("words")
    if before is None or not isinstance(units, list):
        raise ValueError(f"indicators.toml: {entry['id']} needs words and units")
    return Indicator(
        str(entry["id"]),
        str(entry["name"]),
        str(entry["group"]),
        frozenset(units),
        before,
        words("after"),
        words("unless"),
    )


def find_indicator(quantity: Quantity, before: str, after: str, sentence_before: str) -> tuple[str | None, str]:
    """The indicator of a quantity, and the words that named it.

    The word nearest to the number decides, the longer one of two that end alike; what stands behind the number counts
    where it begins there. Only a number that its clause does not name (共计50716元) is told by the clause before.

    Args:
        quantity: what was counted.
        before: its clause up to the number.
        after: what follows the unit in the sentence.
        sentence_before: the sentence up to the clause.
    """
    after = after[:_NEAR_AFTER]
    best = max(_candidates(quantity, before, after), default=None)
    if best is None and _UNNAMED.fullmatch(before):
        best = max(_candidates(quantity, sentence_before + before, after), default=None)
    return (best[2], best[3]) if best else (None, "")


def _candidates(quantity: Quantity, before: str, after: str) -> list[tuple[int, int, str, str]]:
    """Fitting indicators as (minus the distance, length of the words, id, words)."""
    found = []
    clause = before[-_ADRIFT:] + "｜" + re.split("[，。；、]", after)[0]
    for one in indicators().values():
        if quantity.unit not in one.units or (one.unless and one.unless.search(clause)):
            continue
        named = [m for m in one.before.finditer(before) if len(before) - m.end() <= _ADRIFT]
        if named:
            last = max(named, key=lambda m: (m.end(), m.end() - m.start()))
            found.append((last.end() - len(before), last.end() - last.start(), one.id, last[0]))
        follows = one.after.match(after) if one.after else None
        if follows:
            found.append((1, follows.end(), one.id, follows[0]))
    return found
