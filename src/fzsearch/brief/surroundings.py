"""Which reports does a sentence of a draft speak of? Links, quotations, places and years around it; nothing is guessed.

The nearest evidence counts, looked for in this order:

1. a link to a report in the sentence (or alone behind it, or in its note), unless a place is named in between;
2. the quotation that it stands in, where that is like the wording of one report;
3. a place named in the sentence: the nearest before, else the first behind, with the year nearest to it;
4. a quotation in the sentence that stands in one report only;
5. the last link or place before it in the paragraph, else the last such quotation, else a link behind it there;
6. a place in the nearest heading above, or in the title;
7. nothing: the whole corpus, of the year that is named, if one is.

Names in a row (枫林镇、柳溪乡) count together. 全县 and 各乡镇 at the head of a clause lead back to the whole corpus. A
township that is named and has no report leads to no report at all, never to others.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from fzsearch.brief.draft import Link
from fzsearch.ingest import PlaceList
from fzsearch.model import Place
from fzsearch.numerals import find_years
from fzsearch.service.places import Entry

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?|[。！？!?；;]")
_ROW = re.compile(r"[\s、和与及,，]*(?:以及)?")
_EVERYWHERE = re.compile(r"(?<![^，,。；;：:、\s])(?:全[县市区省州盟旗](?!民)|各(?:乡镇|镇街|镇|乡|县|街道))")
_TOWNSHIP = ("镇", "乡", "街道", "苏木")
_HEADING_CHARS, _TAIL_CHARS = 40, 8
_MARK_AT_END = re.compile(r"[。！？；，,：:;!?]$")
_PAUSE, _PAUSES = 10, re.compile(r"[，,；;、。]")


class Evidence(StrEnum):
    """What tells which reports a figure of a draft is compared with."""

    LINK = "链接"
    QUOTATION = "引文"
    PLACE = "地名"
    CORPUS = "全部语料"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The reports that a figure is compared with, and why.

    Attributes:
        words: what the draft has that tells: an address, a quotation, names; "" for nothing.
        years: the years that were named, in order; () where none was.
        keys: the reports, in order; for `CORPUS` empty: all reports of these years.
        other: the place that the sentence names, where its link leads to a report of another one; else "".
    """

    evidence: Evidence
    words: str = ""
    years: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    other: str = ""

    @property
    def is_of_reports(self) -> bool:
        """Whether certain reports are meant, perhaps none, rather than the whole corpus."""
        return self.evidence is not Evidence.CORPUS


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a draft, from `start` to `end`, that lead to one report: a link or a quotation.

    A quotation that is only like a wording is not `sure`: it tells of what stands in it, and of nothing beside it.
    """

    start: int
    end: int
    words: str
    key: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Row:
    """Names or years in a row; `values` empty for 全县."""

    start: int
    end: int
    words: str
    values: tuple[str, ...]


def nearest(places: Iterable[tuple[int, int, Link]], start: int, end: int, text: str) -> Link | None:
    """The link that stands nearest to some words, where a mark between them counts as far as ten characters."""

    def distance(place: tuple[int, int, Link]) -> int:
        gap = text[end : place[0]] if place[0] >= end else text[place[1] : start]
        return len(gap) + _PAUSE * len(_PAUSES.findall(gap))

    return min(places, key=distance, default=(0, 0, None))[2]


Span = TypeVar("Span", Named, _Row)


class Surroundings:
    """The evidence in one draft."""

    def __init__(
        self,
        text: str,
        entries: Sequence[Entry],
        places: PlaceList,
        links: Sequence[Named],
        quotations: Sequence[Named],
    ) -> None:
        """Take stock of a draft.

        Args:
            text: the draft without addresses and marks (`without_marks`).
            entries: all reports.
            places: names that are places.
            links: links to reports where they are cited, in order.
            quotations: quotations that stand in one report only, or come close to one, in order.
        """
        self.text = text
        self._reports = _Reports(entries)
        self._links, self._holding = links, quotations
        self._quotations = [one for one in quotations if one.sure]
        mentioned = ((one.start, one.end, one.name) for one in places.mentions(text))
        named = [one for one in mentioned if self._reports.knows(one[2]) or one[2].endswith(_TOWNSHIP)]
        everywhere = [(one.start(), one.end(), "") for one in _EVERYWHERE.finditer(text)]
        self._places = _rows(text, sorted(named + everywhere))
        self._years = _rows(text, [(start, end, str(year)) for year, start, end in find_years(text)])
        self._sentences = [(one.end() - len(one[0].lstrip()), one.end()) for one in _SENTENCE.finditer(text)]
        self._starts = [start for start, _ in self._sentences]

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence that holds a place begins and ends."""
        number = bisect_right(self._starts, at) - 1
        return self._sentences[number] if number >= 0 else (0, len(self.text))

    def paragraph(self, at: int) -> tuple[int, int]:
        """Where the line that holds a place begins and ends."""
        end = self.text.find("\n", at)
        return self.text.rfind("\n", 0, at) + 1, end if end >= 0 else len(self.text)

    def reach(self, at: int) -> tuple[int, int]:
        """The sentence of a place, with a link or a mark that stands alone behind it."""
        start, end = self.sentence(at)
        end += len(self.text[end:]) - len(self.text[end:].lstrip(" "))
        behind = self.sentence(end)[1]
        is_tail = end < behind and len("".join(self.text[end:behind].split())) <= _TAIL_CHARS
        return start, behind if is_tail and "\n" not in self.text[end:behind] else end

    def basis_of(self, start: int, end: int) -> Basis:
        """The reports that words of the draft, from start to end, speak of."""
        found = self._in_sentence(start, end) or self._in_paragraph(start, end)
        if found is None:
            place = self._in_headings(self._places, self.paragraph(start)[0])
            found = self._of_place(place, start, end) if place else None
        return found or Basis(evidence=Evidence.CORPUS, years=self._years_at(start, end))

    def _in_sentence(self, start: int, end: int) -> Basis | None:
        first, last = self.reach(start)
        links = [one for one in self._links if first <= one.start < last and self._are_joined(one, start, end)]
        last = self.sentence(start)[1]
        place = self._place_before(first, start) or _behind(self._places, end, last)
        if links:
            link = min(links, key=lambda one: max(one.start - end, start - one.end))
            basis = _of(Evidence.LINK, link)
            is_other = place and place.values and link.key not in self._reports.of(place.values, (), ())
            return replace(basis, other=place.words) if place and is_other else basis
        inside = next((one for one in self._holding if one.start <= start and end <= one.end), None)
        if inside:
            return _of(Evidence.QUOTATION, inside)
        quoted = _before(self._quotations, first, start) or _behind(self._quotations, end, last)
        if place:
            return self._of_place(place, start, end)
        return _of(Evidence.QUOTATION, quoted) if quoted else None

    def _place_before(self, low: int, end: int) -> _Row | None:
        """The last place before some words: 柳溪乡地处青溪县西北部 still speaks of the township."""
        near = [row for row in self._places if not self._reports.are_wide(row.values)]
        return _before(near, low, end) or _before(self._places, low, end)

    def _are_joined(self, link: Named, start: int, end: int) -> bool:
        """Whether no place is named between some words and a link."""
        low, high = min(end, link.end), max(start, link.start)
        return not any(low <= row.start < high for row in self._places)

    def _in_paragraph(self, start: int, end: int) -> Basis | None:
        low, high = self.paragraph(start)
        link, place = _before(self._links, low, start), _before(self._places, low, start)
        if place and (link is None or link.start < place.start):
            return self._of_place(place, start, end)
        quoted = None if link else _before(self._quotations, low, start)
        if quoted:
            return _of(Evidence.QUOTATION, quoted)
        link = link or _behind(self._links, end, high)
        return _of(Evidence.LINK, link) if link else None

    def _of_place(self, place: _Row, start: int, end: int) -> Basis:
        years = self._years_at(start, end)
        if not place.values:
            return Basis(evidence=Evidence.CORPUS, words=place.words, years=years)
        low, high = self.paragraph(place.start)
        context = {name for row in self._places if low <= row.start < high for name in row.values}
        keys = self._reports.of(place.values, context, years)
        return Basis(evidence=Evidence.PLACE, words=place.words, years=years, keys=keys)

    def _years_at(self, start: int, end: int) -> tuple[int, ...]:
        first, last = self.sentence(start)
        low, _ = self.paragraph(start)
        row = _before(self._years, first, start) or _behind(self._years, end, last) or _before(self._years, low, start)
        row = row or self._in_headings(self._years, low)
        return tuple(map(int, row.values)) if row else ()

    def _in_headings(self, rows: Sequence[_Row], before: int) -> _Row | None:
        """The last names or years in the nearest heading above a paragraph, else in the first line."""
        for low, high in (self._heading_above(before), self._title()):
            found = _before(rows, low, high)
            if found and high <= before:
                return found
        return None

    def _heading_above(self, before: int) -> tuple[int, int]:
        end = before - 1
        while end > 0:
            start = self.text.rfind("\n", 0, end) + 1
            if _is_heading(self.text[start:end]):
                return start, end
            end = start - 1
        return 0, 0

    def _title(self) -> tuple[int, int]:
        start = len(self.text) - len(self.text.lstrip())
        end = self.paragraph(start)[1]
        return (start, end) if _is_heading(self.text[start:end]) else (0, 0)


def _is_heading(line: str) -> bool:
    """Whether a line is short and ends in no mark."""
    said = line.strip()
    return 0 < len(said) <= _HEADING_CHARS and not _MARK_AT_END.search(said)


class _Reports:
    """The reports of a corpus by the names of their places."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._townships: dict[str, list[Entry]] = {}
        self._superiors: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.place.township:
                self._townships.setdefault(entry.place.township, []).append(entry)
            for name in _superiors(entry.place):
                self._superiors.setdefault(name, []).append(entry)

    def knows(self, name: str) -> bool:
        """Whether any report is of a place of that name."""
        return name in self._townships or name in self._superiors

    def are_wide(self, names: Sequence[str]) -> bool:
        """Whether names are those of counties and the like, and of no township."""
        return bool(names) and all(name in self._superiors and name not in self._townships for name in names)

    def of(self, names: Sequence[str], context: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        """Keys of the reports of these townships or, where none is a township, of all that lies in these places.

        Namesakes are told apart by a county or city in `context`, where it tells.
        """
        townships = [name for name in names if name not in self._superiors or name in self._townships]
        found = [entry for name in townships for entry in self._townships.get(name, ())]
        if not townships:
            found = [entry for name in names for entry in self._superiors[name]]
        elif len({entry.place for entry in found}) > 1:
            told = [entry for entry in found if set(_superiors(entry.place)) & set(context)]
            found = told or found
        return tuple(sorted({entry.key for entry in found if not years or entry.year in years}))


def _superiors(place: Place) -> list[str]:
    """Names of province, city and county, of all candidates where it is not settled."""
    every = (place, *place.candidates)
    return [name for one in every for name in (one.province, one.city, one.county) if name]


def _rows(text: str, found: Sequence[tuple[int, int, str]]) -> list[_Row]:
    """Names that follow each other with nothing but 、 or 和 between them, as one."""
    rows: list[_Row] = []
    for start, end, name in found:
        values = (name,) if name else ()
        last = rows[-1] if rows else None
        if last and last.values and values and _ROW.fullmatch(text, last.end, start):
            rows[-1] = _Row(last.start, end, text[last.start : end], (*last.values, name))
        elif not last or start >= last.end:
            rows.append(_Row(start, end, text[start:end], values))
    return rows


def _before(spans: Sequence[Span], low: int, end: int) -> Span | None:
    return next((one for one in reversed(spans) if low <= one.start and one.end <= end), None)


def _behind(spans: Sequence[Span], start: int, high: int) -> Span | None:
    return next((one for one in spans if start <= one.start < high), None)


def _of(evidence: Evidence, named: Named) -> Basis:
    return Basis(evidence=evidence, words=named.words, keys=(named.key,))
