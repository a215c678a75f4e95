"""Do the figures of a report agree? Rates worked out again, parts summed up, statements of one thing compared.

Facts in neutral words, both numbers shown, never a verdict: a difference may be a printing error, rounding or a meaning
that the words do not show.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fzsearch.figures.indicators import indicators
from fzsearch.model import Figure, Scope

_RATES = {"dispute_rate": ("disputes_out", "disputes_in")}
"""A rate with numerator and denominator."""

_ONCE = ("penalty_amount", "info_disclosed", "info_requests", "reconsideration", "litigation")
"""What a report has one number for; meetings, disputes and people are counted apart by kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Numbers that do not agree.

    Attributes:
        kind: "rate", "sum" or "twice".
        text: one neutral Chinese sentence with both numbers.
        figures: places of the figures among those of the report, in order.
    """

    kind: str
    text: str
    figures: tuple[int, ...]


def check_figures(figures: Sequence[Figure]) -> tuple[Finding, ...]:
    """What does not agree among the figures of one report, in the order of its text."""
    found = [*_rates(figures), *_sums(figures), *_twice(figures)]
    return tuple(sorted(found, key=lambda one: one.figures))


def _rates(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Rates against the last two numbers before them, in the same section, that they are made of."""
    for at, rate in enumerate(figures):
        if rate.indicator not in _RATES or rate.approx:
            continue
        pair = [_last(figures, name, at, rate) for name in _RATES[rate.indicator]]
        above, below = pair
        if above is None or below is None or not figures[below].value:
            continue
        if figures[above].approx or figures[below].approx or figures[above].value > figures[below].value:
            continue
        computed = figures[above].value / figures[below].value * 100
        if not _rounds_to(computed, rate.value):
            division = f"{figures[above].value:g} ÷ {figures[below].value:g}"
            text = f"文中写{rate.value:g}%，按文中数字 {division} 为 {computed:.2f}%"
            yield Finding(kind="rate", text=text, figures=tuple(sorted((above, below, at))))


def _last(figures: Sequence[Figure], indicator: str, before: int, near: Figure) -> int | None:
    """The last figure of an indicator before a place, in the same sentence or the one before it in the section."""
    for at in range(before - 1, max(-1, before - 4), -1):
        if figures[at].indicator == indicator and figures[at].section == near.section:
            return at
    return None


def _rounds_to(computed: float, written: float) -> bool:
    """Whether the written rate is the computed one, rounded or cut at as many decimals as were written."""
    shift = 10.0 ** len(f"{written:g}".partition(".")[2])
    return round(written * shift) in {math.floor(computed * shift), round(computed * shift)}


def _sums(figures: Sequence[Figure]) -> Iterator[Finding]:
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for at, figure in enumerate(figures):
        if figure.part_of is not None and figure.scope is Scope.PART and figure.indicator is None:
            parts[figure.part_of].append(at)
    for total, places in parts.items():
        values = [figures[at].value for at in places]
        is_exact = not any(figures[at].approx for at in (total, *places))
        # Two parts of many say nothing; a list that comes close to its total was meant to be whole.
        if is_exact and len(places) > 2 and 0.9 * figures[total].value <= sum(values) != figures[total].value:  # noqa: PLR2004
            listed = " + ".join(f"{value:g}" for value in values)
            text = f"文中写共{figures[total].value:g}{figures[total].unit}，所列各项 {listed} = {sum(values):g}"
            yield Finding(kind="sum", text=text, figures=(total, *places))


def _twice(figures: Sequence[Figure]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for at, figure in enumerate(figures):
        if (
            figure.indicator not in _ONCE
            or figure.scope is not Scope.WHOLE
            or figure.part_of is not None
            or figure.approx
        ):
            continue
        key = (figure.indicator, figure.unit)
        first = seen.setdefault(key, at)
        is_elsewhere = figures[first].sentence != figure.sentence
        if is_elsewhere and figures[first].value != figure.value and figures[first].label == figure.label:
            name = indicators()[figure.indicator].name
            text = f"{name}文中两处数字不同：{figures[first].value:g}{figure.unit}，{figure.value:g}{figure.unit}"
            yield Finding(kind="twice", text=text, figures=(first, at))
