"""Which reports share wording, how much, with whom, and in which passages: their own other years, or other townships?

How likeness is told apart from set phrases is said in `engine/overlap.py`. Shares are facts about two texts: who wrote
first is not known here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fzsearch.analysis import normalize, normalize_with_offsets
from fzsearch.engine import Engine, Overlap, SharedRun, StoredSection
from fzsearch.engine.facets import township_identity
from fzsearch.model import Place
from fzsearch.service.differences import MAX_CHARS, Comparison, compare
from fzsearch.service.nearest import pairs_of
from fzsearch.service.places import Entry

SHORT = 30
"""Characters; a shorter passage is told by its words alone, not beside the other one."""
_ENDS, _NEAR_END, _PUNCTUATION = "。；！？\n", 12, "。；！？，、：）”\n"
"""A passage that begins or ends so near the end of a sentence is shown with it."""
_STRAY = 5
"""Fewer characters of a sentence at the end of a run belong to it by chance."""
_ENOUGH, _TRIED = 0.5, 4
"""Share of a passage's pairs of characters that a partner's section must hold to be shown beside it; else so many of
its pieces are looked up in all reports."""
_DIGITS = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Partner:
    """A report that shares wording, and which share of the first report's text it is.

    `is_own` None: of a township of the same name, and whether it is the same one is not settled.
    """

    entry: Entry
    share: float
    is_own: bool | None

    @property
    def relation(self) -> str:
        """Whether it is of the same township."""
        return {True: "本乡镇", False: "其他乡镇", None: "同名乡镇"}[self.is_own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """One report: shares of its text from 0 to 1, and the reports that share most of it, best first."""

    entry: Entry
    copied: float
    common: float
    partners: tuple[Partner, ...]

    @property
    def elsewhere(self) -> float:
        """The share with the report of another township that shares most."""
        return max((one.share for one in self.partners if one.is_own is False), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedPassage:
    """A passage that another report holds too, and where.

    Attributes:
        stored: the section that it stands in; `start` and `end` bound it in the section's text.
        other: the section of another report that comes closest; None for a short passage, and where none was found.
        found: both wordings beside each other, this report's as the older one; None without `other`.
        least, most: how many other reports hold what stands in it, digits not counted.
    """

    stored: StoredSection
    start: int
    end: int
    least: int
    most: int
    other: StoredSection | None = None
    found: Comparison | None = None

    @property
    def text(self) -> str:
        """The passage as this report has it."""
        return self.stored.section.text[self.start : self.end].strip()


def find_copying(overlaps: Iterable[Overlap], entries: Iterable[Entry]) -> tuple[Copying, ...]:
    """All reports, those that share most with others first."""
    by_key = {entry.key: entry for entry in entries}
    found = [
        Copying(
            entry=by_key[one.key],
            copied=one.copied,
            common=one.common,
            partners=tuple(_partner(by_key[one.key], by_key[key], share) for key, share in one.partners),
        )
        for one in overlaps
        if one.key in by_key and all(key in by_key for key, _ in one.partners)  # else a new index since
    ]
    return tuple(sorted(found, key=lambda one: (-one.copied, one.entry.key)))


def _partner(entry: Entry, other: Entry, share: float) -> Partner:
    return Partner(other, share, is_same_township(entry.place, other.place))


def is_same_township(one: Place, other: Place) -> bool | None:
    """Whether two places are one township; None where they have one name and only the code could tell."""
    if township_identity(one) == township_identity(other):
        return bool(one.township)
    if one.township == other.township and not (one.code and other.code):
        return None
    return False


def copying_shape(one: Copying) -> dict[str, Any]:
    """One report as JSON."""
    return {
        "key": one.entry.key,
        "title": one.entry.title,
        "copied": one.copied,
        "common": one.common,
        "partners": [
            {"key": partner.entry.key, "share": partner.share, "same_township": partner.is_own}
            for partner in one.partners
        ],
    }


# ---- passages


class SharedPassages:
    """The passages of one report that others hold too; what stands beside one is looked up when it is asked for."""

    def __init__(
        self, engine: Engine, stored: Sequence[StoredSection], runs: Sequence[SharedRun], copying: Copying
    ) -> None:
        """Take the report's sections, the runs of it that others hold, and its partners."""
        self._engine, self._copying = engine, copying
        sections = {one.id: one for one in stored}
        placed = [_placed(sections[run.section_id], run) for run in runs if run.section_id in sections]
        copied = [one for one, run in zip(placed, runs, strict=False) if not run.is_common]
        self.long = tuple(one for one in copied if len(one.text) >= SHORT)
        self.short = tuple(one for one in copied if 0 < len(one.text) < SHORT)
        phrases = [one for one, run in zip(placed, runs, strict=False) if run.is_common]
        by_text = {normalize(one.text): one for one in sorted(phrases, key=lambda one: one.most) if one.text}
        self.phrases = tuple(reversed(by_text.values()))

    def beside(self, passage: CopiedPassage) -> CopiedPassage:
        """A passage with the one of another report that comes closest."""
        other = self._closest(passage)
        if other is None:
            return passage
        found = compare(passage.text[:MAX_CHARS], other.section.text)
        return replace(passage, other=other, found=found)

    def _closest(self, passage: CopiedPassage) -> StoredSection | None:
        wanted = _pairs(passage.text)
        likeness = {key: len(wanted & pairs) for key, pairs in self._pairs.items()}
        best = max(likeness, key=lambda key: likeness[key], default=None)  # of equals the better partner's
        if best is not None and likeness[best] >= _ENOUGH * len(wanted):
            return self._sections[best]
        return self._holding(passage.text, passage.stored.report.key)

    @cached_property
    def _sections(self) -> Mapping[str, StoredSection]:
        """All sections of the partners, best partner first."""
        found = (self._sections_of(partner.entry.key) for partner in self._copying.partners)
        return {one.id: one for sections in found for one in sections}

    @cached_property
    def _pairs(self) -> Mapping[str, set[str]]:
        return {key: _pairs(one.section.text) for key, one in self._sections.items()}

    def _sections_of(self, key: str) -> tuple[StoredSection, ...]:
        record = self._engine.report(key)
        return self._engine.sections([f"{key}/{one.path}" for one in record.report.sections]) if record else ()

    def _holding(self, text: str, own: str) -> StoredSection | None:
        """A section of any other report that holds one of the longest pieces without digits."""
        pieces = _DIGITS.sub(" ", normalize(text)).split()
        for piece in sorted(pieces, key=len, reverse=True)[:_TRIED]:
            keys = self._engine.reports_holding(piece)
            sections = (one for key in keys if key != own for one in self._sections_of(key))
            found = next((one for one in sections if piece in normalize(one.section.text)), None)
            if found:
                return found
        return None


def _pairs(text: str) -> set[str]:
    """The pairs of characters of a text; all numbers are one."""
    return pairs_of(_DIGITS.sub("0", normalize(text)))


def _placed(stored: StoredSection, run: SharedRun) -> CopiedPassage:
    """A run in the text as it stands, with the rest of a sentence where little is missing, without marks around."""
    text = stored.section.text
    start, end = normalize_with_offsets(text).span(run.start, run.end)
    if not run.is_common:
        start, end = _without_ends(text, start, end)
        before = max((text.rfind(char, max(0, start - _NEAR_END), start) for char in _ENDS), default=-1)
        start = before + 1 if before >= 0 else 0 if start <= _NEAR_END else start
        after = [at for char in _ENDS if (at := text.find(char, end - 1, end + _NEAR_END)) >= 0]
        end = min(after) if after else len(text) if len(text) - end <= _NEAR_END else end
    start += len(text[start:end]) - len(text[start:end].lstrip(_PUNCTUATION))
    end = start + len(text[start:end].rstrip(_PUNCTUATION))
    return CopiedPassage(stored=stored, start=start, end=end, least=run.least - 1, most=run.most - 1)


def _without_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """A run without the last characters of a sentence before it, and the first ones of a sentence after it."""
    head = max(text.rfind(char, start, start + _STRAY) for char in _ENDS)
    tail = [at for char in _ENDS if (at := text.find(char, end - _STRAY, end)) >= 0]
    return head + 1 if head >= 0 else start, min(tail) if tail else end
