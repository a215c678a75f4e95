"""Where marks stand: inside the drawing, in the order of values, one for each figure."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.web.plots import LEFT, RIGHT, TREND_HEIGHT, TREND_WIDTH, WIDTH, Point, dot_plot, trends

VALUES = st.one_of(st.integers(0, 10**9).map(float), st.integers(0, 10**6).map(lambda value: value / 100))
POINT = st.builds(Point, st.integers(0, 60).map(str), VALUES, st.booleans(), st.integers(2015, 2026))
POINTS = st.lists(POINT, min_size=1, max_size=120)


@settings(max_examples=150, deadline=None)
@given(POINTS)
def test_marks_stand_inside_and_in_order(points: list[Point]) -> None:
    plot = dot_plot(points)

    assert all(plot.left - 9 <= dot.x <= WIDTH - RIGHT + 9 and 0 <= dot.y <= plot.height for dot in plot.dots)
    assert [tick.at for tick in plot.ticks] == sorted({tick.at for tick in plot.ticks})
    assert len(plot.dots) == len(points) or plot.each > 1
    if plot.left == LEFT:
        by_value = sorted(zip(points, plot.dots, strict=True), key=lambda pair: pair[0].value)
        assert [dot.x for _, dot in by_value] == sorted(dot.x for dot in plot.dots)
        assert len(plot.labels) == len({point.row for point in points})


@settings(max_examples=100, deadline=None)
@given(POINTS)
def test_courses_stay_inside(points: list[Point]) -> None:
    for row, trend in trends(points).items():
        assert len(trend.dots) == sum(point.row == row for point in points)
        assert all(0 <= dot.x <= TREND_WIDTH and 0 <= dot.y <= TREND_HEIGHT for dot in trend.dots)


def test_a_line_joins_only_years_next_to_each_other_with_one_value() -> None:
    values = [(2020, 1.0), (2021, 2.0), (2023, 3.0), (2024, 4.0), (2024, 5.0), (2025, 6.0)]
    trend = trends([Point("甲", value, False, year) for year, value in values])["甲"]

    assert trend.path.count("L") == 1
    assert trends([]) == {}


def test_values_far_apart_stand_by_powers_of_ten() -> None:
    plot = dot_plot([Point("甲", 3.0, False), Point("乙", 9000.0, True)])

    assert plot.is_log
    assert [tick.label for tick in plot.ticks] == ["1", "10", "100", "1,000", "10,000"]
    assert [label.label for label in plot.labels] == ["乙", "甲"]
