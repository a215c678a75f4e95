"""Where does a quotation stand in the corpus, word for word, and where almost?

A quotation is compared with the continuous text of each report, across headings and sections, by its normalised form.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.analysis import normalize, normalize_with_offsets
from fzsearch.engine import Engine, StoredSection
from fzsearch.service.differences import Change, Comparison, compare

_CANDIDATES = 8
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
        literal: every passage that is the quotation, by report key and place.
        alike: the passage whose wording is closest, only where `literal` is empty and one is close enough.
        nearest: the section that shares most characters with it, where nothing else was found: a hint for people.
    """

    literal: tuple[Source, ...] = ()
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
    literal = tuple(source for key in engine.reports_holding(norm) for source in _sources(engine, key, norm))
    if literal:
        return Found(literal=literal)
    ids = engine.nearest(norm, _CANDIDATES)
    compared = [_compared(engine, one, quotation) for one in engine.sections(ids)]
    best = max(compared, key=lambda pair: pair[0], default=None)
    if best is None:
        return Found()
    return Found(alike=best[1]) if best[0] >= _ALIKE else Found(nearest=best[1].stored)


def _sources(engine: Engine, key: str, norm: str) -> list[Source]:
    record = engine.report(key)
    if record is None:  # a new index since the look-up
        return []
    paths = [section.path for section in record.report.sections]
    stored = engine.sections([f"{key}/{path}" for path in paths])
    text, starts = _joined(stored)
    sources: dict[str, Source] = {}
    for start, end in normalize_with_offsets(text).find_all(norm):
        section = stored[max(at for at, first in enumerate(starts) if first <= start)]
        sources.setdefault(section.id, Source(stored=section, text=text[start:end]))
    return [*sources.values()]


def _joined(stored: Sequence[StoredSection]) -> tuple[str, list[int]]:
    """The continuous text of sections, and where each begins."""
    starts, at = [], 0
    for one in stored:
        starts.append(at)
        at += len(one.section.text) + 1
    return "\n".join(one.section.text for one in stored), starts


def _compared(engine: Engine, one: StoredSection, quotation: str) -> tuple[float, Source]:
    """How alike a section is, with its neighbours because a quotation may cross their borders; from 0 to 1."""
    record = engine.report(one.report.key)
    sections = record.report.sections if record else (one.section,)
    at = next((number for number, section in enumerate(sections) if section.path == one.section.path), 0)
    text = "\n".join(section.text for section in sections[max(0, at - 1) : at + 2]) if record else one.section.text
    found = compare(quotation, text)
    return _likeness(found), Source(
        stored=one, text="".join(run.text for run in found.new), old=found.old, new=found.new
    )


def _likeness(found: Comparison) -> float:
    kept = sum(len(normalize(run.text)) for run in found.old if not run.kind)
    whole = sum(len(normalize(run.text)) for run in found.old)
    return kept / whole if whole else 0.0
