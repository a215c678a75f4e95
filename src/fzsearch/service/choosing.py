"""Which report does a person mean by a key, an address, or a place and a year? And which are worth comparing?"""

import re
from collections.abc import Iterator
from itertools import pairwise

from fzsearch.service.copying import is_same_township
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry, Township

_ADDRESS = re.compile(r"^(?:https?://[^/]*)?/r/")
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")


def key_of(typed: str) -> str:
    """What may be a key in what was typed: an address, pasted whole, loses all that stands before it."""
    return _ADDRESS.sub("", typed.strip())


def find_reports(overview: Overview, typed: str) -> tuple[Entry, ...]:
    """The reports that may be meant, in the order of keys: the one of that key, else all that hold every word.

    A word is looked for in key, title and names of places; a year alone only means that year.
    """
    typed = key_of(typed)
    known = next((entry for entry in overview.entries if entry.key == typed), None)
    words = typed.split()
    if known or not words:
        return (known,) if known else ()
    return tuple(entry for entry in overview.entries if all(_holds(entry, word) for word in words))


def _holds(entry: Entry, word: str) -> bool:
    year = _YEAR.fullmatch(word)
    if year:
        return entry.year == int(year[1])
    return any(word in text for text in (entry.key, entry.title or "", *entry.place.names))


def successive(township: Township) -> tuple[tuple[Entry, Entry], ...]:
    """The reports of a township, each with the one of the year before it that the corpus has, newest first."""
    dated = [entry for entry in township.entries if entry.year]
    return tuple((before, after) for before, after in reversed([*pairwise(dated)]) if before.year != after.year)


def worth_comparing(overview: Overview, key: str) -> Iterator[tuple[str, tuple[tuple[Entry, Entry], ...]]]:
    """Pairs of one report and another, under what they have in common; of one township the older one first."""
    own = next((entry for entry in overview.entries if entry.key == key), None)
    if own is None:
        return
    others = [entry for entry in overview.entries if entry.key != key and entry.level is own.level]
    same = [entry for entry in others if is_same_township(entry.place, own.place)]
    ordered = sorted(same, key=lambda entry: (-(entry.year or 0), entry.key))
    yield "本乡镇", tuple((one, own) if (one.year or 0) < (own.year or 0) else (own, one) for one in ordered)
    near = [entry for entry in others if own.place.county and entry.place.county == own.place.county]
    yield "同县同年", tuple((own, entry) for entry in near if entry.year == own.year and entry not in same)
