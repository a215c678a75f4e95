"""Where do the marks of a plot stand? Coordinates of SVG drawings, as attributes, so that no inline style is needed."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fzsearch.service.figures import number_text

WIDTH, LEFT, RIGHT = 720, 150, 24
ROW_HEIGHT, DOT_STEP, STACK_HEIGHT = 24, 9, 180
TREND_WIDTH, TREND_HEIGHT, TREND_EDGE = 160, 56, 8
MAX_NAMED_ROWS = 40
_MIN_LOG_RATIO = 200
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """A value to plot: of which row, in which column (a year); whether the report says it is approximate."""

    row: str
    value: float
    is_approx: bool
    column: int = 0


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark; hollow where it is approximate."""

    x: float
    y: float
    is_approx: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Places by value: a named line for each where they are few, else dots heaped by value.

    `each` is how many figures a heaped dot stands for; `left` where the drawing of dots begins.
    """

    height: int
    left: int
    is_log: bool
    ticks: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    each: int = 1


@dataclass(frozen=True, slots=True)
class Trend:
    """The years of one place: a broken line through the years that have one value, and all values as dots."""

    path: str
    dots: tuple[Dot, ...]


def dot_plot(points: Sequence[Point]) -> DotPlot:
    """The distribution of values, largest at the top; at least one point."""
    rows = list(dict.fromkeys(point.row for point in sorted(points, key=lambda point: -point.value)))
    is_named = len(rows) <= MAX_NAMED_ROWS
    axis = _Axis([point.value for point in points], LEFT if is_named else RIGHT, WIDTH - RIGHT)
    if not is_named:
        return _heaped(points, axis)
    y_of = {row: ROW_HEIGHT * number + ROW_HEIGHT / 2 for number, row in enumerate(rows)}
    return DotPlot(
        height=ROW_HEIGHT * len(rows),
        left=LEFT,
        is_log=axis.is_log,
        ticks=axis.ticks,
        labels=tuple(Tick(y, row) for row, y in y_of.items()),
        dots=tuple(Dot(axis.at(point.value), y_of[point.row], point.is_approx) for point in points),
    )


def _heaped(points: Iterable[Point], axis: "_Axis") -> DotPlot:
    """Dots of nearly the same value one above the other; several figures a dot where the heaps are too high."""
    columns = Counter((round(axis.at(point.value) / DOT_STEP), point.is_approx) for point in points)
    heights: Counter[int] = Counter()
    for (column, _), count in columns.items():
        heights[column] += count
    each = math.ceil(max(heights.values()) * DOT_STEP / STACK_HEIGHT)
    placed: Counter[int] = Counter()
    dots = []
    for (column, is_approx), count in sorted(columns.items()):
        for _ in range(math.ceil(count / each)):
            dots.append(Dot(column * DOT_STEP, STACK_HEIGHT - DOT_STEP * (placed[column] + 0.5), is_approx))
            placed[column] += 1
    return DotPlot(STACK_HEIGHT, RIGHT, axis.is_log, axis.ticks, (), tuple(dots), each)


class _Axis:
    """Values to places between two edges; by powers of ten where they are very far apart."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        least, most = min(values), max(values)
        self.is_log = least > 0 and most / least >= _MIN_LOG_RATIO
        self._edges = first, last
        if self.is_log:
            powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
            marks = [10.0**power for power in powers]
        else:
            marks = _round_marks(0.0 if least < most / 2 or least == most else least, most)
        self._low, self._high = self._scaled(marks[0]), self._scaled(marks[-1])
        self.ticks = tuple(Tick(self.at(mark), number_text(mark)) for mark in marks)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def at(self, value: float) -> float:
        first, last = self._edges
        share = (self._scaled(value) - self._low) / (self._high - self._low)
        return round(first + share * (last - first), 1)


def _round_marks(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`.

    >>> _round_marks(0, 288)
    [0.0, 100.0, 200.0, 300.0]
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / _TICKS))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * _TICKS >= span)
    first = math.floor(low / step)
    last = max(math.ceil(round(high / step, 9)), first + 1)
    return [round(number * step, 10) for number in range(first, last + 1)]


def trends(points: Iterable[Point]) -> Mapping[str, Trend]:
    """The course of every row over the columns, all on one scale from 0; a line never crosses a gap."""
    points = tuple(points)
    if not points:
        return {}
    columns = sorted({point.column for point in points})
    most = max(point.value for point in points) or 1.0
    width, height = TREND_WIDTH - 2 * TREND_EDGE, TREND_HEIGHT - 2 * TREND_EDGE
    span = (columns[-1] - columns[0]) or 1

    def dot(point: Point) -> Dot:
        x = TREND_EDGE + width * (point.column - columns[0]) / span
        return Dot(round(x, 1), round(TREND_HEIGHT - TREND_EDGE - height * point.value / most, 1), point.is_approx)

    rows: dict[str, list[Point]] = {}
    for point in points:
        rows.setdefault(point.row, []).append(point)
    return {row: Trend(_line(found, dot), tuple(map(dot, found))) for row, found in rows.items()}


def _line(points: Sequence[Point], dot: Callable[[Point], Dot]) -> str:
    counts = Counter(point.column for point in points)
    single = sorted((point for point in points if counts[point.column] == 1), key=lambda point: point.column)
    pairs = pairwise(single)
    joined = ((dot(a), dot(b)) for a, b in pairs if b.column == a.column + 1)
    return "".join(f"M{a.x} {a.y}L{b.x} {b.y}" for a, b in joined)
