"""Do the words of a query stand together? The largest share of them, by idf, that a stretch of text holds."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping

STRETCH = 60
"""Characters; two clauses of a report."""


def nearness(text: str, weights: Mapping[str, float]) -> float:
    """The largest share of the weights of strings that begin within 60 characters of each other, from 0 to 1.

    >>> nearness("司法所" + "组织" * 40 + "调解", {"司法所": 3.0, "调解": 1.0})
    0.75
    """
    held: Counter[str] = Counter()
    window: deque[tuple[int, str]] = deque()
    best = now = 0.0
    for at, string in sorted(_places(text, weights)):
        now += 0 if held[string] else weights[string]
        held[string] += 1
        window.append((at, string))
        while window[0][0] < at - STRETCH:
            left = window.popleft()[1]
            held[left] -= 1
            now -= 0 if held[left] else weights[left]
        best = max(best, now)
    return best / sum(weights.values()) if weights else 0.0


def _places(text: str, strings: Mapping[str, float]) -> Iterator[tuple[int, str]]:
    for string in strings:
        at = text.find(string)
        while at >= 0:
            yield at, string
            at = text.find(string, at + 1)
