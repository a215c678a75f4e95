"""What could not be read or used, and what is not settled? Files, corrections, reports with what is missing."""

from collections import Counter
from dataclasses import dataclass

from fzsearch.service.catalogue import FileRecord
from fzsearch.service.overview import Overview
from fzsearch.web.hits import Link
from fzsearch.web.params import report_url


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """A report of which something is not settled, in Chinese; `candidates` counts the places that remain."""

    report: Link
    missing: str
    candidates: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadablePage:
    """Everything that the template shows; `reasons` counts `files` by reason, most first; `poor` were read in part."""

    files: tuple[FileRecord, ...]
    poor: tuple[FileRecord, ...]
    reasons: tuple[tuple[str, int], ...]
    mistakes: tuple[str, ...]
    unsettled: tuple[UnsettledRow, ...]


def unreadable_page(overview: Overview) -> UnreadablePage:
    """The page for what an index holds."""
    return UnreadablePage(
        files=overview.unreadable,
        poor=overview.poor,
        reasons=tuple(Counter(file.reason or "" for file in overview.unreadable).most_common()),
        mistakes=overview.mistakes,
        unsettled=tuple(
            UnsettledRow(
                Link(entry.title or entry.key, report_url(entry.key)),
                "、".join(entry.missing),
                len(entry.place.candidates),
                entry.file,
            )
            for entry in overview.unsettled
        ),
    )
