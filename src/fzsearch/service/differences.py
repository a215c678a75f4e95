"""How does a text differ from an older wording of it? Character by character, at the place where it stands."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from fzsearch.analysis import normalize, normalize_with_offsets

MAX_CHARS = 2_000
"""Of an older wording; more is not compared."""

_LEAST_SLACK = 120
_CONTEXT = 40
_SHORT = 2
_NEAR = 10
_IN_NUMBER, _DECIMALS = re.compile(r"\d\."), re.compile(r"\.\d")

Block = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A run of characters; `kind` is "", "del" (in the older wording only) or "ins" (in the newer only).

    "at" is what is spoken of, where two wordings are not compared.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two wordings beside each other.

    Attributes:
        old: the older one, whole; its changed runs are "del".
        new: the part of the newer text where it stands, with a little before and after; its changed runs are "ins".
            Empty where the two have nothing in common.
        is_literal: whether the older wording stands in the text as it is, but for what normalisation folds.
    """

    old: tuple[Change, ...]
    new: tuple[Change, ...]
    is_literal: bool


def compare(old: str, text: str) -> Comparison:
    """An older wording, of at most 2,000 characters, and the text that it may come from.

    The pieces of `old` join to the older wording, those of `new`, without …, to a part of the text.
    """
    old = old[:MAX_CHARS].strip()
    found = normalize_with_offsets(text).find_all(normalize(old)) if normalize(old) else []
    if found:
        start, end = found[0]
        return Comparison(old=_runs(old), new=_with_context(text, start, end, _runs(text[start:end])), is_literal=True)
    folded = _folded(old)
    start, end = _window(folded, _folded(text))
    blocks = _blocks(folded, _folded(text[start:end]))
    if not blocks:
        return Comparison(old=_runs(old, "del"), new=(), is_literal=False)
    # What stands before the first and after the last likeness was not part of the wording: context, not insertion.
    first, last = blocks[0], blocks[-1]
    low = max(first[1] - first[0], 0)
    high = min(last[1] + last[2] + len(old) - last[0] - last[2], end - start)
    moved = [(a, b - low, size) for a, b, size in blocks]
    window = text[start + low : start + high]
    deleted, inserted = _marked(old, window, moved)
    new = _with_context(text, start + low, start + high, inserted)
    return Comparison(old=deleted, new=new, is_literal=False)


def compare_whole(old: str, new: str) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Two wordings of one passage, both whole, with everything marked that only one has.

    More than 2,000 characters are not compared: then all of both is marked.
    """
    folded = _folded(old), _folded(new)
    return _marked(old, new, _blocks(*folded) if max(len(old), len(new)) <= MAX_CHARS else [])


def _folded(text: str) -> str:
    """The text with every character in its normal form where that is one character: of the same length."""
    if text.isascii():
        return text.lower()
    forms = {char: normalize(char) for char in set(text)}
    return "".join(forms[char] if len(forms[char]) == 1 else char for char in text)


def _window(old: str, text: str) -> tuple[int, int]:
    """Where in a long text the wording stands: around the longest run that both share."""
    # `autojunk`, on by default, stays on: where frequent characters may begin a likeness, 2,000 times 的 takes minutes.
    longest = SequenceMatcher(None, old, text).find_longest_match()
    slack = max(_LEAST_SLACK, len(old) // 2)
    start = longest.b - longest.a - slack
    return max(0, start), min(len(text), start + len(old) + 2 * slack)


def _blocks(old: str, new: str) -> list[Block]:
    """What both share, in order; single characters that only happen to be alike are left out."""
    matcher = SequenceMatcher(None, old, new)
    blocks = [(one.a, one.b, one.size) for one in matcher.get_matching_blocks() if one.size]
    kept: list[Block] = []
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if block[2] > _SHORT or _is_near(kept[-1] if kept else None, block) or _is_near(block, after):
            kept.append(block)
    return [whole for block in kept if (whole := _whole_numbers(block, old, new))[2]]


def _whole_numbers(block: Block, old: str, new: str) -> Block:
    """The block without what is only a part of a number in either text: 10 against 12 differ as a whole."""
    a, b, size = block
    while size and (_splits_number(old, a) or _splits_number(new, b)):
        a, b, size = a + 1, b + 1, size - 1
    while size and (_splits_number(old, a + size) or _splits_number(new, b + size)):
        size -= 1
    return a, b, size


def _splits_number(text: str, at: int) -> bool:
    """Whether a border before this place would stand within a number such as 97.6."""
    before, after = text[:at][-2:], text[at : at + 2]
    if before[-1:] == ".":
        return _IN_NUMBER.match(before) is not None and after[:1].isdecimal()
    return before[-1:].isdecimal() and (after[:1].isdecimal() or _DECIMALS.match(after) is not None)


def _is_near(first: Block | None, second: Block | None) -> bool:
    """Whether two blocks follow each other closely in both texts."""
    if first is None or second is None:
        return False
    return second[0] - first[0] - first[2] <= _SHORT and second[1] - first[1] - first[2] <= _NEAR


def _marked(old: str, new: str, blocks: list[Block]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    deleted, inserted = [], []
    at_old = at_new = 0
    for a, b, size in (*blocks, (len(old), len(new), 0)):
        deleted += [Change(old[at_old:a], "del"), Change(old[a : a + size])]
        inserted += [Change(new[at_new:b], "ins"), Change(new[b : b + size])]
        at_old, at_new = a + size, b + size
    return tuple(one for one in deleted if one.text), tuple(one for one in inserted if one.text)


def _runs(text: str, kind: str = "") -> tuple[Change, ...]:
    return (Change(text, kind),) if text else ()


def _with_context(text: str, start: int, end: int, middle: tuple[Change, ...]) -> tuple[Change, ...]:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    lead = ("…" if start > _CONTEXT else "") + before
    tail = after + ("…" if end + _CONTEXT < len(text) else "")
    return (*_runs(lead), *middle, *_runs(tail))
