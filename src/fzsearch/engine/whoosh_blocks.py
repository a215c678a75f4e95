"""Which documents does a Whoosh posting list hold? Whole blocks at once, instead of one posting after another.

Whoosh decodes each posting in Python: two method calls and a branch for every document (measured at 180,000 sections:
5 times slower than this). A block of its posting file is a pickle of (gaps between document numbers, frequencies, ...);
numpy adds the gaps up. That needs private attributes of its matcher: where one is missing, the public way is gone.
"""

# ruff: noqa: SLF001 - private attributes are what this module is about

from typing import Any

import numpy as np
from numpy.typing import NDArray

Decoded = tuple[NDArray[np.int64], NDArray[np.float32]]
_PRIVATE = ("_baseoffset", "_read_data", "_goto", "_nextoffset", "_lastblock", "_blocklength", "_byteids")


def decode(matcher: Any) -> Decoded:
    """Document numbers, ascending, and frequencies of a matcher that stands on its first posting.

    Where blocks can be read, documents that were deleted are among them.
    """
    inner = getattr(matcher, "child", matcher)  # what hides deleted documents from the public way
    if all(hasattr(inner, name) for name in _PRIVATE) and not inner._byteids:
        return _blocks(inner)
    return _one_by_one(matcher)


def _one_by_one(matcher: Any) -> Decoded:
    documents, frequencies = [], []
    while matcher.is_active():
        documents.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return np.array(documents, np.int64), np.array(frequencies, np.float32)


def _blocks(matcher: Any) -> Decoded:
    gaps: list[int] = []
    frequencies: list[float] = []
    lengths: list[int] = []
    matcher._goto(matcher._baseoffset)
    while True:
        matcher._read_data()
        found, weights = matcher._data[:2]
        gaps += found
        frequencies += weights if isinstance(weights, tuple) else [1.0 if weights is None else weights] * len(found)
        lengths.append(len(found))
        if matcher._lastblock:
            break
        matcher._goto(matcher._nextoffset)
    # Gaps begin anew in each block: what came before it is taken off again.
    summed = np.cumsum(np.array(gaps, np.int64))
    before = np.concatenate([[0], summed[np.cumsum(lengths)[:-1] - 1]])
    return summed - np.repeat(before, lengths), np.array(frequencies, np.float32)
