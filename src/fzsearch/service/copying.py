"""Which reports share wording, how much, and with whom: their own earlier years, or other townships?

How likeness is told apart from set phrases is said in `engine/overlap.py`. Shares are facts about two texts: who wrote
first is not known here.
"""

from dataclasses import dataclass
from typing import Any

from fzsearch.engine import Engine
from fzsearch.model import IndexedReport


@dataclass(frozen=True, slots=True)
class Partner:
    """A report that shares wording, and which share of the first report's text it is."""

    record: IndexedReport
    share: float
    is_own: bool

    @property
    def relation(self) -> str:
        """Whether it is of the same township."""
        return "本乡镇" if self.is_own else "其他乡镇"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """One report: shares of its text from 0 to 1, and the reports that share most of it, best first."""

    record: IndexedReport
    copied: float
    common: float
    partners: tuple[Partner, ...]


def find_copying(engine: Engine) -> tuple[Copying, ...]:
    """All reports, those that share most with others first.

    Raises:
        EngineError: the index cannot answer.
    """
    overlaps = engine.overlaps()
    records = {record.key: record for record in engine.reports()}
    found = [
        Copying(
            record=records[one.key],
            copied=one.copied,
            common=one.common,
            partners=tuple(_partner(records[one.key], records[key], share) for key, share in one.partners),
        )
        for one in overlaps
    ]
    return tuple(sorted(found, key=lambda one: (-one.copied, one.record.key)))


def _partner(record: IndexedReport, other: IndexedReport, share: float) -> Partner:
    own, theirs = record.report.place, other.report.place
    same_code = own.code is not None and own.code == theirs.code
    same_name = own.code is None and own.township is not None and own.township == theirs.township
    return Partner(other, share, same_code or same_name)


def copying_shape(one: Copying) -> dict[str, Any]:
    """One report as JSON."""
    return {
        "key": one.record.key,
        "title": one.record.report.title,
        "copied": one.copied,
        "common": one.common,
        "partners": [
            {"key": partner.record.key, "share": partner.share, "same_township": partner.is_own}
            for partner in one.partners
        ],
    }
