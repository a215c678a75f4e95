"""Do the figures of a draft stand in the reports that it speaks of? By value, unit and what is counted; facts only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from fzsearch.analysis import normalize
from fzsearch.brief.surroundings import Basis, Span, Surroundings
from fzsearch.brief.verdict import Verdict
from fzsearch.engine import StoredFigure, StoredSection
from fzsearch.errors import NotFoundError, QueryError
from fzsearch.figures import find_figures, quantities
from fzsearch.model import Figure, IndexedReport, Part, Scope, Section
from fzsearch.numerals import fold
from fzsearch.query import Facet
from fzsearch.service.asking import SearchRequest
from fzsearch.service.nearest import pairs_of
from fzsearch.service.search import SearchService

MAX_SHOWN = 20
"""Statements shown of a figure that stands in many reports."""
_MOST_READ = 40
"""More reports than these are not read one by one, but searched."""
_SHORT_LABEL, _WORDS, _LEAD = 2, 4, 30
_CLAUSE = re.compile(r"[，。；、：！？,;:!?]")
_SPACE = re.compile(r"\s+")
_THOUSANDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A figure as a report states it, with the section that it stands in."""

    stored: StoredSection
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFigure:
    """A figure of a draft with what the reports state.

    Attributes:
        figure: as the finder reads it; its `start` and `end` are in the draft.
        sentence: where its sentence begins and ends in the draft.
        basis: what it was compared with.
        same: where it is stated, of at most 20 reports; `reports` says of how many.
        other: the statement of the same thing that comes closest, where none is the same.
    """

    figure: Figure
    sentence: Span
    basis: Basis
    same: tuple[Statement, ...] = ()
    reports: int = 0
    other: Statement | None = None

    @property
    def verdict(self) -> Verdict:
        """Several reports are several places; one report that states a figure twice is not."""
        if self.same:
            return Verdict.SAME if self.reports == 1 else Verdict.SEVERAL
        return Verdict.DIFFERENT if self.other else Verdict.MISSING


def draft_figures(text: str, covered: Sequence[Span]) -> tuple[Figure, ...]:
    """The figures of a draft in order, by the finder that reads reports; each line is read as a section of its own.

    A figure within a span of `covered` is left out: a quotation that stands word for word in a report vouches for what
    is in it, and counts of the corpus are counted again.
    """
    found, at = [], 0
    for line in text.split("\n"):
        kept = _said(line)
        text_of_line = "".join(line[place] for place in kept)
        section = Section(path="s1", level=1, marker=None, heading=None, part=Part.OTHER, text=text_of_line)
        found += [
            replace(one, start=at + kept[one.start], end=at + kept[one.end - 1] + 1) for one in find_figures([section])
        ]
        at += len(line) + 1
    return tuple(one for one in found if not is_within(one.start, one.end, covered))


def _said(line: str) -> list[int]:
    """The places of a line that are no white space: marks that were blanked out would part a number from its words.

    Space between two digits stays: 85 70起 are two numbers.
    """
    gaps = [gap.span() for gap in _SPACE.finditer(line)]
    dropped = {
        place
        for start, end in gaps
        for place in range(start, end)
        if not (line[start - 1 : start].isdigit() and line[end : end + 1].isdigit())
    }
    return [place for place in range(len(line)) if place not in dropped]


def not_compared(text: str, taken: Sequence[Span]) -> tuple[Span, ...]:
    """Numbers in digits with a unit that are no figures of a report: rules, changes, plans, slogans."""
    found = ((one.start, one.end) for one in quantities(fold(text)) if any(map(str.isdigit, one.number)))
    return tuple(span for span in found if not any(span[0] < end and start < span[1] for start, end in taken))


def is_within(start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether something lies inside one of the spans."""
    return any(low <= start and end <= high for low, high in spans)


class FigureCheck:
    """Compares the figures of one draft."""

    def __init__(self, service: SearchService, surroundings: Surroundings) -> None:
        self._service = service
        self._around = surroundings
        self._report = cache(self._read)

    def check(self, figure: Figure) -> CheckedFigure:
        """What the reports state of a figure.

        Raises:
            EngineError: the index cannot answer.
        """
        basis = self._around.basis_of(figure.start, figure.end)
        draft = _Stated.of(figure, self._around.text)
        is_few = basis.is_of_reports and len(basis.keys) <= _MOST_READ
        stated = self._of_reports(basis.keys) if is_few else self._in_corpus(draft, basis)
        alike = [(key, one) for key, figures in stated for one in draft.closest(figures)]
        same = [(key, one) for key, one in alike if draft.states_what(one)]
        other = max(alike, key=lambda pair: draft.likeness(pair[1]), default=None) if is_few and not same else None
        return CheckedFigure(
            figure=figure,
            sentence=self._around.sentence(figure.start),
            basis=basis,
            same=tuple(self._statements(same[:MAX_SHOWN])),
            reports=len({key for key, _ in same}),
            other=next(self._statements([other]), None) if other else None,
        )

    def _of_reports(self, keys: Iterable[str]) -> list[tuple[str, Sequence[Figure]]]:
        records = ((key, self._report(key)) for key in keys)
        return [(key, record.report.figures) for key, record in records if record]

    def _read(self, key: str) -> IndexedReport | None:
        try:
            return self._service.report(key)
        except NotFoundError:  # a new index since the look-up
            return None

    def _in_corpus(self, draft: "_Stated", basis: Basis) -> list[tuple[str, Sequence[Figure]]]:
        """Figures of all reports, or of many, in sections that write the number as the draft does, or with commas."""
        named = draft.figure.indicator
        words = "" if named else (draft.label or draft.phrase)
        filters = {Facet.YEAR: tuple(map(str, basis.years))} if basis.years else {}
        found: dict[str, StoredFigure] = {}
        for written in draft.written() if named or len(words) >= _SHORT_LABEL else ():
            text = f"“{written}”" + (f" “{words}”" if words else "")
            try:
                answer = self._service.figures(SearchRequest(text=text, filters=filters, limit=0), named)
            except QueryError:  # a label longer than any query
                continue
            found |= {one.id: one for one in answer.figures}
        by_report: dict[str, list[Figure]] = {}
        for one in found.values():
            if not basis.is_of_reports or one.report.key in basis.keys:
                by_report.setdefault(one.report.key, []).append(one.figure)
        return sorted(by_report.items())

    def _statements(self, found: Iterable[tuple[str, Figure]]) -> Iterator[Statement]:
        for key, figure in found:
            yield Statement(stored=self._service.section(f"{key}/{figure.section}"), figure=figure)


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure of a draft, ready to be compared; `label` and `phrase` are normalised.

    `phrase` is what stands before the quantity in its clause, or in its line where that says too little, with it.
    """

    figure: Figure
    label: str
    phrase: str
    number: str

    @classmethod
    def of(cls, figure: Figure, text: str) -> "_Stated":
        number = normalize(text[figure.start : figure.end])
        lead = text[text.rfind("\n", 0, figure.start) + 1 : figure.start][-_LEAD:]
        clause = normalize(_CLAUSE.split(lead)[-1])
        words = clause if len(clause) >= _WORDS else normalize(lead)
        return cls(figure, normalize(figure.label), words + number if len(words) >= _WORDS else "", number)

    def states_what(self, other: Figure) -> bool:
        """Whether value, unit and approximation are the same."""
        mine = self.figure
        return (mine.value, mine.unit, mine.approx) == (other.value, other.unit, other.approx)

    def closest(self, figures: Iterable[Figure]) -> list[Figure]:
        """Those of a report that count the same thing, if several by their indicator then those named most like it.

        One indicator may stand for 中心组学法6次 and 会前学法12次: what the draft calls 会前学法 is only the second.
        """
        alike = [(one, self._shared_name(one)) for one in figures if self._counts_what(one)]
        most = max((shared for _, shared in alike), default=0)
        return [one for one, shared in alike if shared == most or self._is_literal(one)]

    def _shared_name(self, other: Figure) -> int:
        return len(pairs_of(self.label) & pairs_of(normalize(other.label)))

    def _is_literal(self, other: Figure) -> bool:
        """Whether the words of the draft stand with the number in the sentence of a report."""
        return bool(self.phrase) and self.states_what(other) and self.phrase in normalize(other.sentence)

    def _counts_what(self, other: Figure) -> bool:
        """Whether a report's figure counts the same thing: by the draft's words with the number, or by indicator.

        Figures of villages and of the whole township count different things. Where one or both have no indicator, their
        labels decide: the same, or without any indicator one within the other.
        """
        mine, label = self.figure, normalize(other.label)
        if self._is_literal(other):
            return True
        if (mine.scope is Scope.VILLAGE) != (other.scope is Scope.VILLAGE):
            return False
        if mine.indicator and other.indicator:
            return mine.indicator == other.indicator
        if not self.label or not label:
            return False
        is_part = self.label in label or label in self.label
        is_free = not mine.indicator and not other.indicator
        return self.label == label or (is_free and is_part and min(len(label), len(self.label)) >= _SHORT_LABEL)

    def likeness(self, other: Figure) -> tuple[bool, bool, int]:
        """How close a statement of the same thing comes: value, unit, words that the sentences share."""
        mine = self.figure
        shared = len(pairs_of(normalize(mine.sentence)) & pairs_of(normalize(other.sentence)))
        return mine.value == other.value, mine.unit == other.unit, shared

    def written(self) -> Iterator[str]:
        """The quantity as the draft writes it, and without or with commas."""
        yield self.number
        plain = self.number.replace(",", "")
        if plain != self.number:
            yield plain
        elif self.figure.value >= _THOUSANDS and plain.startswith(digits := f"{self.figure.value:.0f}"):
            yield f"{self.figure.value:,.0f}{plain[len(digits) :]}"
