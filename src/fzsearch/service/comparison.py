"""What did a report keep, change, drop and add, compared with another? Sentence by sentence, part by part.

A sentence is kept where its normal form is the same. Of the others, those that share most pairs of characters are one
sentence in two wordings; what finds no partner was dropped or is new. Shares are of characters of the normal form.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from fzsearch.analysis import normalize
from fzsearch.model import IndexedReport, Part, Report
from fzsearch.service.differences import Change, compare_whole
from fzsearch.service.figures import FigurePair, figure_pairs
from fzsearch.service.nearest import pairs_of

_SENTENCE = re.compile(r"[^。！？；!?;\n]*(?:[。！？；!?;]+[”’」』）)]*|\n|$)")
_ALIKE = 0.5
"""Dice coefficient of the pairs of characters from which two sentences count as wordings of one: below it, the pairs
that people would call a change and those that share only set phrases mix (looked at on the specimens, 2026-11)."""


class Fate(StrEnum):
    """What became of a sentence from the first report to the second."""

    KEPT = "照抄"
    CHANGED = "改写"
    DROPPED = "删去"
    NEW = "新增"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the section that it stands in."""

    text: str
    norm: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence in both reports; `old` is None for a new one, `new` for a dropped one."""

    fate: Fate
    old: Sentence | None
    new: Sentence | None

    def runs(self) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Both wordings with what differs marked; empty where one is missing. Not free: only for what is shown."""
        return compare_whole(self.old.text, self.new.text) if self.old and self.new else ((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartComparison:
    """One statutory part in both reports: pairs in the order of the second, dropped ones where they stood."""

    part: Part
    pairs: tuple[Pair, ...]


def shares(pairs: Sequence[Pair]) -> Mapping[Fate, float]:
    """Characters of each fate among all; a sentence that stands in both counts once, by its longer wording."""
    counted: Counter[Fate] = Counter()
    for pair in pairs:
        counted[pair.fate] += max(len(one.norm) for one in (pair.old, pair.new) if one)
    whole = counted.total()
    return {fate: counted[fate] / whole if whole else 0.0 for fate in Fate}


def compare_reports(old: Report, new: Report) -> tuple[PartComparison, ...]:
    """Two reports, part against part, in the order of the parts; parts that neither has are left out."""
    before, after = _by_part(old), _by_part(new)
    compared = [PartComparison(part=part, pairs=tuple(_aligned(before[part], after[part]))) for part in Part]
    return tuple(one for one in compared if one.pairs)


def comparison_shape(old: IndexedReport, new: IndexedReport, compared: Sequence[PartComparison]) -> dict[str, Any]:
    """A comparison as JSON: shares by fate, every pair with its sections, figures side by side; a contract."""
    return {
        "old": old.key,
        "new": new.key,
        "shares": _shares_shape([pair for one in compared for pair in one.pairs]),
        "parts": [
            {
                "part": one.part.value,
                "shares": _shares_shape(one.pairs),
                "pairs": [
                    {"fate": pair.fate.name.lower(), "old": _sentence_shape(pair.old), "new": _sentence_shape(pair.new)}
                    for pair in one.pairs
                ],
            }
            for one in compared
        ],
        "figures": [_figures_shape(pair) for pair in figure_pairs(old, new)],
    }


def _figures_shape(pair: FigurePair) -> dict[str, Any]:
    sides = {"old": pair.old, "new": pair.new}
    return {
        "indicator": pair.indicator.id,
        "name": pair.indicator.name,
        **{
            side: [
                {"value": one.value, "unit": one.unit, "approx": one.approx, "section": one.section} for one in found
            ]
            for side, found in sides.items()
        },
        "difference": pair.difference,
        "unit": pair.unit,
    }


def _shares_shape(pairs: Sequence[Pair]) -> dict[str, float]:
    return {fate.name.lower(): round(share, 4) for fate, share in shares(pairs).items()}


def _sentence_shape(sentence: Sentence | None) -> dict[str, str] | None:
    return {"text": sentence.text, "section": sentence.section} if sentence else None


def sentences(text: str, section: str) -> Iterator[Sentence]:
    """The sentences of a text; ends with 。！？； or at a line's end."""
    for found in _SENTENCE.finditer(text):
        norm = normalize(found[0])
        if norm:
            yield Sentence(found[0].strip(), norm, section)


def _by_part(report: Report) -> defaultdict[Part, list[Sentence]]:
    parts: defaultdict[Part, list[Sentence]] = defaultdict(list)
    for section in report.sections:
        parts[section.part] += sentences(section.text, section.path)
    return parts


def _aligned(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Pair]:
    partner = _same(old, new)
    partner |= _alike(old, new, partner)
    taken = set(partner.values())
    at = 0
    for number, sentence in enumerate(new):
        match = partner.get(number)
        if match is not None:
            while at < match:  # what was dropped before this one
                if at not in taken:
                    yield Pair(fate=Fate.DROPPED, old=old[at], new=None)
                at += 1
            at = max(at, match + 1)
        yield Pair(fate=Fate.NEW, old=None, new=sentence) if match is None else _pair(old[match], sentence)
    yield from (Pair(fate=Fate.DROPPED, old=old[n], new=None) for n in range(at, len(old)) if n not in taken)


def _pair(old: Sentence, new: Sentence) -> Pair:
    return Pair(fate=Fate.KEPT if old.norm == new.norm else Fate.CHANGED, old=old, new=new)


def _same(old: Sequence[Sentence], new: Sequence[Sentence]) -> dict[int, int]:
    """Places in `new` with the place of the same sentence in `old`, each used once, in order."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, sentence in enumerate(old):
        places[sentence.norm].append(number)
    found = {}
    for number, sentence in enumerate(new):
        if places[sentence.norm]:
            found[number] = places[sentence.norm].pop(0)
    return found


def _alike(old: Sequence[Sentence], new: Sequence[Sentence], known: Mapping[int, int]) -> dict[int, int]:
    """The same for sentences in two wordings, the most alike first."""
    taken = set(known.values())
    left = {number: pairs_of(one.norm) for number, one in enumerate(old) if number not in taken}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, pairs in left.items():
        for pair in pairs:
            places[pair].append(place)
    holding = {pair: np.array(found) for pair, found in places.items()}
    sizes = np.array([len(left.get(number, ())) for number in range(len(old))])
    candidates = []
    for number, sentence in enumerate(new):
        pairs = pairs_of(sentence.norm) if number not in known else set()
        if held := [holding[pair] for pair in pairs if pair in holding]:
            likeness = 2 * np.bincount(np.concatenate(held), minlength=len(old)) / (len(pairs) + sizes)
            alike = np.flatnonzero(likeness >= _ALIKE).tolist()
            candidates += [(float(likeness[place]), -abs(number - place), number, place) for place in alike]
    found: dict[int, int] = {}
    for _, _, number, place in sorted(candidates, reverse=True):
        if number not in found and place in left:
            found[number] = place
            del left[place]
    return found
