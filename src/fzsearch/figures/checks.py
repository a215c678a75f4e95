"""Do the figures of a report agree? Arithmetic and comparison only: both numbers are shown, nothing is judged."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fzsearch.model import Figure, Scope

_SHARE = re.compile(r"占比|占")
_STEM = re.compile(r"(..)率$")
_ROUNDING, _NEAR = 0.5, 20
_TELLING = 4
"""Shorter labels (化解, 办结) do not tell that two figures count the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Numbers of a report that can be computed from each other, or stand twice, and differ.

    Attributes:
        kind: "rate", "sum" or "repeat".
        message: one neutral Chinese sentence with all numbers.
        figures: places of the figures among those of the report, in order.
        sentences, sections: the sentences and section paths that they stand in, without repetition.
    """

    kind: str
    message: str
    figures: tuple[int, ...]
    sentences: tuple[str, ...]
    sections: tuple[str, ...]


def check(figures: Sequence[Figure]) -> tuple[Finding, ...]:
    """What differs, rates first, then sums, then repetitions; approximate figures (余, 以上) are left out.

    A rate differs when it is not the quotient rounded to the places that the report gives. Parts differ from their
    total when there are two or more and they stand for a whole list. A repetition is the same indicator with the same
    label, unit and scope.
    """
    return (*_rates(figures), *_sums(figures), *_repetitions(figures))


def number_text(value: float) -> str:
    """A number as people write it: 12, 99.9.

    >>> number_text(12.0), number_text(99.9)
    ('12', '99.9')
    """
    return f"{value:.0f}" if value == int(value) else f"{value:.6f}".rstrip("0")


def _finding(kind: str, message: str, places: Sequence[int], figures: Sequence[Figure]) -> Finding:
    chosen = [figures[place] for place in sorted(places)]
    return Finding(
        kind=kind,
        message=message,
        figures=tuple(sorted(places)),
        sentences=tuple(dict.fromkeys(one.sentence for one in chosen)),
        sections=tuple(dict.fromkeys(one.section for one in chosen)),
    )


def _rates(figures: Sequence[Figure]) -> Iterator[Finding]:
    for place, rate in enumerate(figures):
        pair = _share(figures, place) or _quotient(figures, place)
        if rate.unit != "%" or rate.approx or not pair:
            continue
        over, under = (figures[one] for one in pair)
        if not _agrees(figures, pair, rate):
            computed = over.value / under.value
            stated = f"{number_text(over.value)}/{number_text(under.value)}"
            message = f"{rate.label or '比例'}写 {number_text(rate.value)}%，按 {stated} 计算为 {computed:.2%}"
            yield _finding("rate", message, (*pair, place), figures)


def _places(value: float) -> int:
    return len(number_text(value).partition(".")[2])


def _share(figures: Sequence[Figure], place: int) -> tuple[int, int] | None:
    """其中村级229起，占比85%: the part before it and its total."""
    part = place - 1
    if part < 0 or not _SHARE.search(figures[place].label) or figures[part].sentence != figures[place].sentence:
        return None
    total = figures[part].part_of
    return (part, total) if total is not None and _is_exact(figures[part]) and _is_exact(figures[total]) else None


def _quotient(figures: Sequence[Figure], place: int) -> tuple[int, int] | None:
    """受理35宗，结案34宗，结案率97%: the figure named like the rate, and the first of its unit in the sentence.

    None where any earlier figure of that unit gives the stated rate: which one is meant the words do not tell.
    """
    rate = figures[place]
    stem = _STEM.search(rate.label)
    near = [i for i in range(max(0, place - _NEAR), place) if figures[i].sentence == rate.sentence]
    over = next((i for i in reversed(near) if stem and stem[1] in figures[i].label and figures[i].unit != "%"), None)
    if over is None or not _is_exact(figures[over]):
        return None
    under = [i for i in near if i < over and figures[i].unit == figures[over].unit and _is_exact(figures[i])]
    if not under or any(_agrees(figures, (over, one), rate) for one in under):
        return None
    return over, under[0]


def _agrees(figures: Sequence[Figure], pair: tuple[int, int], rate: Figure) -> bool:
    computed = figures[pair[0]].value / figures[pair[1]].value * 100
    return abs(computed - rate.value) <= _ROUNDING / 10.0 ** _places(rate.value) + 1e-9


def _is_exact(figure: Figure) -> bool:
    return not figure.approx and figure.value > 0


def _sums(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Two or more parts of a total; 其中 with one part names an example, not all."""
    lists: dict[int, list[int]] = {}
    for place, one in enumerate(figures):
        if one.part_of is not None:
            lists.setdefault(one.part_of, []).append(place)
    for place, parts in lists.items():
        total = figures[place]
        added = sum(figures[i].value for i in parts)
        if len(parts) > 1 and added != total.value and not any(figures[i].approx for i in (place, *parts)):
            shown = "＋".join(number_text(figures[i].value) for i in parts)
            stated = f"{total.label or '合计'}写 {number_text(total.value)}{total.unit}"
            message = f"{stated}，所列各项 {shown} 合计 {number_text(added)}"
            yield _finding("sum", message, (place, *parts), figures)


def _repetitions(figures: Sequence[Figure]) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str, Scope], int] = {}
    for place, figure in enumerate(figures):
        if not figure.indicator or len(figure.label) < _TELLING or figure.part_of is not None or figure.approx:
            continue
        key = (figure.indicator, figure.label, figure.unit, figure.scope)
        first = figures[seen.setdefault(key, place)]
        if first.value != figure.value and first.section != figure.section:
            numbers = "和 ".join(f"{number_text(one.value)}{one.unit}（{one.section}）" for one in (first, figure))
            yield _finding("repeat", f"{figure.label}在两处写法不同：{numbers}", (seen[key], place), figures)
