"""What is a report called in links? Keys by place, year and text; never by the order of files (DESIGN §5).

A path counts only as evidence of the place: a key by name (沙市镇-2022) becomes a key by code (500235123-2022) when a
folder's name or a sidecar settles the place, and back when that is taken away. Links follow it either way.
"""

from collections import defaultdict
from collections.abc import Mapping

from fzsearch.model import Level, Report

_SHORT, _LONG = 4, 8


def base_key(report: Report) -> str | None:
    """`<place>-<year>`: the division code when it is certain, else the township's name; None without place or year.

    None also for what departments report and for other texts: they must not share the key of their government's report.
    """
    place = report.place
    if report.level in {Level.DEPARTMENT, Level.OTHER}:
        return None
    name = place.code or place.township
    return f"{name}-{report.year}" if name and report.year else None


def assign_keys(base_of_text: Mapping[str, str | None]) -> dict[str, str]:
    """A unique key for every text.

    Args:
        base_of_text: base keys (or None) by SHA-256 of the text, 64 hex digits.

    >>> assign_keys({"aa11" * 16: "云门镇-2023", "bb22" * 16: "云门镇-2023"})["bb22" * 16]
    '云门镇-2023~bb22'
    """
    texts_of: dict[str | None, list[str]] = defaultdict(list)
    for text_hash, base in base_of_text.items():
        texts_of[base].append(text_hash)
    keys = {}
    for base, texts in texts_of.items():
        if base is not None and len(texts) == 1:
            keys[texts[0]] = base
            continue
        prefix, length = ("doc-", _LONG) if base is None else (f"{base}~", _SHORT)
        keys |= {text: prefix + short for text, short in _shortened(texts, length).items()}
    return keys


def _shortened(texts: list[str], length: int) -> dict[str, str]:
    """The first digits of each hash; more of them, for all, as long as two are alike."""
    while len({text[:length] for text in texts}) < len(texts):
        length += _SHORT
    return {text: text[:length] for text in texts}
