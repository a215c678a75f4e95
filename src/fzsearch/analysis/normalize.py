"""When are two strings the same text? Normalisation with a map back to the source.

One function serves index and query alike. It works character by character, so that
``normalize(a + b) == normalize(a) + normalize(b)``: a string cut out of a text is always found in that text.
Whole-string NFKC would compose across the cut. Folded away: compatibility forms (full width, ①), radicals, case, all
white space and invisible characters, traditional forms, and the difference between quote marks. Nothing else: 法治 and
法制 stay apart.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress, repeat

from fzsearch.resources import LOOKALIKES, data_text

QUOTES = "\"'“”„‟″‘’‚‛′「」『』〝〞〟﹁﹂﹃﹄`´«»‹›"
"""Every quote form; all become the ASCII double quote."""


@cache
def _traditional() -> dict[str, str]:
    """The pairs of `resources/traditional.txt`; its header names source and licence."""
    lines = (line for line in data_text("traditional.txt").splitlines() if not line.startswith("#"))
    pairs = "".join(lines)
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _is_dropped(char: str) -> bool:
    # Cf holds what nobody can see: zero-width spaces, soft hyphens, direction marks, byte order marks.
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}


def _fold(char: str) -> str:
    """What one character becomes: usually one character, nothing for white space, several for ㈠ or ㎡."""
    if char in QUOTES:  # before NFKC, which would tear ´ and ″ apart
        return '"'
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    plain = (LOOKALIKES.get(part, part) for part in folded if not _is_dropped(part))
    simple = "".join(_traditional().get(part, part) for part in plain)
    return "".join('"' if part in QUOTES else part for part in simple)


class _Folding(dict[int, str]):
    """A translation table that fills itself; texts use few different characters."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDING = _Folding()


def normalize(text: str) -> str:
    """The normalised form of a text; may be empty.

    >>> normalize("法 治（２０２４）「樞紐」")
    '法治(2024)"枢纽"'
    >>> normalize("顺着") == normalize("順著")
    False
    """
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised text with the way back.

    Attributes:
        text: the normalised form.
        offsets: for each character of `text` the index of the source character that it came from; not decreasing.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source range of `text[start:end]`, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def find_all(self, norm: str) -> list[tuple[int, int]]:
        """Source ranges of all non-overlapping places of a normalised string, in order; none for the empty string."""
        found = []
        at = self.text.find(norm) if norm else -1
        while at >= 0:
            found.append(self.span(at, at + len(norm)))
            at = self.text.find(norm, at + len(norm))
        return found


def normalize_with_offsets(text: str) -> Normalized:
    """The normalised form together with the source index of each of its characters."""
    # Twenty hits of a page come through here: no step of Python for each character.
    parts = list(map(_FOLDING.__getitem__, map(ord, text)))
    norm, sources = "".join(parts), range(len(parts))
    if len(norm) == len(parts) - parts.count(""):  # no character became several
        return Normalized(norm, tuple(compress(sources, parts)))
    return Normalized(norm, tuple(chain.from_iterable(map(repeat, sources, map(len, parts)))))
