"""Do the tables of the benchmark say what was measured? Its parts are small programs, kept outside the package."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bench(monkeypatch):
    """Imports a module of bench/."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    return importlib.import_module


def test_quantiles_are_measured_values(bench):
    quantile = bench("plots").quantile

    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.95) == 4.0


@pytest.mark.parametrize(
    ("points", "ratio"),
    [([(1_000, 2.0), (10_000, 20.0)], 10.0), ([(100, 3.0), (1_000, 5.0), (10_000, 12.0)], 2.0), ([(1_000, 2.0)], None)],
    ids=["two sizes", "only first and last count", "one size says nothing"],
)
def test_growth_is_told_for_tenfold(bench, points, ratio):
    assert bench("report").tenfold(points) == pytest.approx(ratio)


def test_texts_are_typed_key_by_key(bench):
    typed = bench("queries").typed()

    assert typed[:4] == ("枫", "枫桥", "枫桥经", "枫桥经验")
    assert not any(text.endswith(" ") for text in typed)
