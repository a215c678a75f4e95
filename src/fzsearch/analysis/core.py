"""When do two extractions of a text say the same? When their letters and numbers are equal and in the same order.

Two extractions of one report differ in white space, punctuation and page numbers. A measure of similarity would take a
sentence and its negation for one, so nothing is measured: one other digit or 不 makes another core. A footnote that
stands elsewhere, or a list number that one reader lost, does so too.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_DIGITS = 32
_PAGE_NUMBER = re.compile(r"[-‐-―－]+[0-9]{1,4}[-‐-―－]+|第[0-9]{1,4}页(?:[,，/]?共[0-9]{1,4}页)?")
_DASHES = re.compile(r"[-‐-―－~～]+")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[,.;:!?()\"、。《》](?=[^\W\d_])")  # most marks: none of them can stay
_NO_WORD = re.compile(r"[^\w%‰]|_")


def core_hash(lines: Iterable[str]) -> str:
    """A hash of the letters and numbers of normalised lines in order, without page numbers; 32 hex digits."""
    core = core_text("".join(line for line in lines if not _PAGE_NUMBER.fullmatch(line)))
    return hashlib.sha256(core.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def core_text(norm: str) -> str:
    """A normalised text without punctuation.

    What changes a number stays: any mark between two digits, a dash before a digit, %, and signs such as + and >.

    >>> core_text("(一)调解3,500起、占98.5%;不足。")
    '一调解3,500起占98.5%不足'
    """
    return _NO_WORD.sub(_kept, _BETWEEN_LETTERS.sub("", _DASHES.sub("-", norm)))


def _kept(match: re.Match[str]) -> str:
    char, text = match[0], match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    is_in_number = _is_digit(after) and (char == "-" or _is_digit(before))
    category = unicodedata.category(char)
    return char if is_in_number or category in {"Sm", "Sc"} or category[0] == "M" else ""


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"
