"""Which known names look like one that nobody has? For pages that say 404 and help on."""

import difflib
from collections.abc import Iterable

MOST = 6
_RATIO = 0.5
_MAX_CHARS = 40


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names that contain the given one or stand in it, then names of nearly the same characters; at most six.

    >>> near_names("枫林", ["枫林镇", "柳溪乡", "枫溪镇"])
    ('枫林镇',)
    """
    name = name.strip()[:_MAX_CHARS]
    alike = [one for one in dict.fromkeys(known) if set(one) & set(name)]
    around = [one for one in alike if name in one or one in name]
    close = difflib.get_close_matches(name, alike, MOST, _RATIO)
    return tuple(dict.fromkeys((*sorted(around, key=len), *close)))[:MOST]
