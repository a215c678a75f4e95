"""Which sections come closest to one that is gone? By their place in the report, and by their words where known."""

import re
from collections.abc import Sequence

from fzsearch.analysis import normalize
from fzsearch.engine import StoredSection
from fzsearch.service.paragraphs import heading_end

MOST = 5
_PATH = re.compile(r"s(\d{1,6}(?:\.\d{1,6})*)", re.ASCII | re.IGNORECASE)
_ENOUGH = 0.3
"""Share of the pairs of characters of a text that a section must hold to count as alike."""


def nearest_sections(stored: Sequence[StoredSection], path: str, text: str = "") -> tuple[StoredSection, ...]:
    """At most five sections of a report.

    Args:
        stored: its sections.
        path: the path that is gone, or anything that holds one.
        text: what stood there, "" where that is not known; sections that are like it come first.
    """
    likeness = {one.id: _likeness(one, text) for one in stored}
    alike = [one for one in stored if likeness[one.id] >= _ENOUGH]
    alike.sort(key=lambda one: -likeness[one.id])
    found = _PATH.search(path)
    wanted = [int(part) for part in found[1].split(".")] if found else []
    beside = sorted(stored, key=lambda one: _distance(one.section.path, wanted)) if wanted else list(stored)
    return tuple({one.id: one for one in (*alike, *beside)}.values())[:MOST]


def alike(stored: Sequence[StoredSection], text: str) -> StoredSection | None:
    """The section that holds most of a text, None where none holds enough of it."""
    best = max(stored, key=lambda one: _likeness(one, text), default=None)
    return best if best is not None and _likeness(best, text) >= _ENOUGH else None


def _likeness(one: StoredSection, text: str) -> float:
    """How much of a text stands in a section, or of its heading in the text; from 0 to 1."""
    wanted = pairs_of(normalize(text))
    if not wanted:
        return 0.0
    heading = pairs_of(normalize(one.section.text[: heading_end(one.section)]))
    in_heading = len(heading & wanted) / len(heading) if heading else 0.0
    return max(len(wanted & pairs_of(normalize(one.section.text))) / len(wanted), in_heading * 0.9)


def pairs_of(norm: str) -> set[str]:
    """The different pairs of characters of a normalised text."""
    return {norm[at : at + 2] for at in range(len(norm) - 1)}


def _distance(path: str, wanted: Sequence[int]) -> tuple[int, int, int]:
    """How far a path is from another: levels not shared, steps at the first level that differs, depth."""
    parts = [int(part) for part in path.removeprefix("s").split(".")]
    shared = 0
    while shared < min(len(parts), len(wanted)) and parts[shared] == wanted[shared]:
        shared += 1
    steps = abs(parts[shared] - wanted[shared]) if shared < min(len(parts), len(wanted)) else 0
    return len(wanted) - shared, steps, len(parts)
