"""How faithfully was a report read? Characters, paragraphs and sections against the reference.

The read text is aligned with the reference character by character, white space left aside; boundaries are compared as
offsets in the reference, so that one wrong character does not shift the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from fzsearch.ingest import read_report
from fzsearch.ingest.lines import clean_lines
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document
from tests.fidelity.reports import Reference


@dataclass(frozen=True)
class Counts:
    """Right, found and wanted boundaries."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is wanted that was found."""
        return self.right / self.wanted if self.wanted else 1.0


@dataclass(frozen=True)
class Fidelity:
    """The measures of one or more files.

    Attributes:
        errors: characters inserted, deleted or replaced; an upper bound of the Levenshtein distance.
        characters: length of the reference.
    """

    errors: int = 0
    characters: int = 0
    paragraphs: Counts = Counts()
    sections: Counts = Counts()

    def __add__(self, other: "Fidelity") -> "Fidelity":
        return Fidelity(
            self.errors + other.errors,
            self.characters + other.characters,
            self.paragraphs + other.paragraphs,
            self.sections + other.sections,
        )

    @property
    def error_rate(self) -> float:
        """Errors for each character of the reference."""
        return self.errors / max(self.characters, 1)


def measure(document: Document, reference: Reference, extra: Sequence[str], places: PlaceList) -> Fidelity:
    """Compare a read document with its report.

    Args:
        document: what the reader gave.
        reference: the report.
        extra: paragraphs that the converted file holds behind the report: notes, rows of a table.
        places: any list; sections do not depend on it.
    """
    wanted = [*reference.paragraphs, *extra]
    read = [line.text for line in clean_lines(document.lines)]
    alignment = _Alignment(_visible(wanted), _visible(read))
    sections = [section.text for section in read_report(document, places).sections]
    headed = [section.level > 0 for section in read_report(document, places).sections]
    starts = (start for start, is_headed in zip(_starts(sections), headed, strict=True) if is_headed)
    return Fidelity(
        alignment.errors,
        len(_visible(wanted)),
        _compared(alignment.mapped(_starts(read)), frozenset(_starts(wanted))),
        _compared(alignment.mapped(starts), reference.section_starts),
    )


def _compared(found: frozenset[int], wanted: frozenset[int]) -> Counts:
    return Counts(len(found & wanted), len(found), len(wanted))


def _visible(paragraphs: Iterable[str]) -> str:
    return "".join("".join(paragraphs).split())


def _starts(paragraphs: Iterable[str]) -> list[int]:
    starts, count = [], 0
    for paragraph in paragraphs:
        starts.append(count)
        count += len("".join(paragraph.split()))
    return starts


class _Alignment:
    """Where each character of a read text stands in the reference."""

    def __init__(self, wanted: str, read: str) -> None:
        self._blocks = [(0, 0, len(read))]
        self.errors = 0
        if wanted != read:
            codes = SequenceMatcher(None, wanted, read, autojunk=False).get_opcodes()
            self._blocks = [(i, j, j2 - j) for tag, i, _, j, j2 in codes if tag == "equal"]
            self.errors = sum(max(i2 - i, j2 - j) for tag, i, i2, j, j2 in codes if tag != "equal")

    def mapped(self, offsets: Iterable[int]) -> frozenset[int]:
        """The offsets in the reference; one inside an error becomes negative and matches nothing."""
        return frozenset(self._mapped(offset) for offset in offsets)

    def _mapped(self, offset: int) -> int:
        for wanted, read, length in self._blocks:
            if read <= offset < read + length:
                return wanted + offset - read
        return -1 - offset
