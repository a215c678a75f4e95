"""Where does a quotation stand in the corpus, word for word, and where almost?

A quotation is compared with the continuous text of each report, across headings and sections, by its normalised form.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from fzsearch.analysis import normalize, normalize_with_offsets
from fzsearch.engine import Engine, StoredSection
from fzsearch.service.differences import Change, Comparison, compare
from fzsearch.service.nearest import pairs_of

MAX_REPORTS = 20
"""Reports in which the places of a quotation are looked up; a set phrase stands in thousands."""
_CANDIDATES, _COMPARED = 8, 3
"""Sections that come close, and those of them that are compared character by character."""
_ALIKE = 0.6
"""Share of a quotation's characters that have to stand in a passage, in order, for it to be a wording of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A passage that holds a quotation, or comes close to it.

    Attributes:
        stored: the section that it begins in.
        text: the passage as the report has it.
        old, new: where the wordings differ, run by run; empty where it is the same.
    """

    stored: StoredSection
    text: str
    old: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the corpus holds of a quotation.

    Attributes:
        literal: every passage that is the quotation, by report key and place, in the first 20 reports that hold it.
        reports: how many reports hold it.
        alike: the passage whose wording is closest, only where `literal` is empty and one is close enough.
        nearest: the section that shares most characters with it, where nothing else was found: a hint for people.
    """

    literal: tuple[Source, ...] = ()
    reports: int = 0
    alike: Source | None = None
    nearest: StoredSection | None = None


def find_quotation(engine: Engine, quotation: str) -> Found:
    """Look a quotation up; only its first 2,000 characters count where there is nothing literal.

    Raises:
        EngineError: the index cannot answer.
    """
    norm = normalize(quotation)
    if not norm:
        return Found()
    keys = engine.reports_holding(norm)
    literal = tuple(source for key in keys[:MAX_REPORTS] for source in _sources(engine, key, norm))
    if literal:
        return Found(literal=literal, reports=len(keys))
    texts = [(one, _with_neighbours(engine, one)) for one in engine.sections(engine.nearest(norm, _CANDIDATES))]
    pairs = pairs_of(norm)
    texts.sort(key=lambda pair: -sum(one in pair[1] for one in pairs))
    compared = [_compared(one, text, quotation) for one, text in texts[:_COMPARED]]
    best = max(compared, key=lambda pair: pair[0], default=None)
    if best is None:
        return Found()
    return Found(alike=best[1]) if best[0] >= _ALIKE else Found(nearest=best[1].stored)


def _sources(engine: Engine, key: str, norm: str) -> list[Source]:
    """Where a report holds a normalised string: the first place in each section that it begins in."""
    record = engine.report(key)
    if record is None:  # a new index since the look-up
        return []
    texts = [section.text for section in record.report.sections]
    norms = [normalize(text) for text in texts]
    ends = list(accumulate(map(len, norms)))
    whole, found = "".join(norms), dict[str, Source]()
    at = whole.find(norm)
    while at >= 0:
        first, last = bisect_right(ends, at), bisect_left(ends, at + len(norm))
        path = record.report.sections[first].path
        if path not in found:
            text = "\n".join(texts[first : last + 1])
            before = ends[first] - len(norms[first])
            start, end = normalize_with_offsets(text).span(at - before, at - before + len(norm))
            stored = engine.sections([f"{key}/{path}"])
            found |= {path: Source(stored=stored[0], text=text[start:end])} if stored else {}
        at = whole.find(norm, at + len(norm))
    return [*found.values()]


def _with_neighbours(engine: Engine, one: StoredSection) -> str:
    """The text of a section and of those beside it: a quotation may cross their borders."""
    record = engine.report(one.report.key)
    if record is None:  # a new index since the look-up
        return one.section.text
    sections = record.report.sections
    at = next((number for number, section in enumerate(sections) if section.path == one.section.path), 0)
    return "\n".join(section.text for section in sections[max(0, at - 1) : at + 2])


def _compared(one: StoredSection, text: str, quotation: str) -> tuple[float, Source]:
    """How alike a text is, from 0 to 1, with the passage of it that comes closest."""
    found = compare(quotation, text)
    return _likeness(found), Source(
        stored=one, text="".join(run.text for run in found.new), old=found.old, new=found.new
    )


def _likeness(found: Comparison) -> float:
    kept = sum(len(normalize(run.text)) for run in found.old if not run.kind)
    whole = sum(len(normalize(run.text)) for run in found.old)
    return kept / whole if whole else 0.0
