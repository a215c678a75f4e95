"""Do the tables of the benchmark say what was measured? Its parts are small programs, kept outside the package."""

import importlib
import json
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


RUN = {
    "reports": 10_000,
    "sections": 190_000,
    "date": "2026-01-02",
    "command": "python bench/run.py",
    "machine": "2 cores",
    "load": 1.0,
    "peers": ["fts5"],
    "left_out": ["whoosh"],
    "kinds": ["common", "one character"],
    "engines": {
        "fzsearch": {"cold": [10.0, 300.0], "warm": [2.0, 4.0], "again": [1.0, 1.0], "peak_mb": 100},
        "fts5": {"cold": [30.0, None], "warm": [20.0, None], "peak_mb": 50},
    },
    "built": {
        "fzsearch": {"all_s": 100.0, "all_cpu_s": 180.0, "one_s": 1.0, "peak_mb": 900.0, "disk_mb": 70.0},
        "jieba": {"cpu_s": 90.0},
        "fts5": {"cpu_s": 10.0, "disk_mb": 5.0, "peak_mb": 9.0},
    },
    "text_mb": 20.0,
    "disk_mb": 75.0,
    "reading": {"ms": 24.0, "figures": 0.3},
    "substrings": [1.0, 2.0],
    "first_query": 50.0,
    "other_pages": {"/": [1.0], "/coverage": [2.0]},
    "suggestions": {"one client, new server": [1.0, 2.0]},
    "pages": {"1": {"ms": [1.0], "memory": {}}, "2": {"ms": [1.0], "memory": {"rss": 600.0, "own": 90.0}}},
}
"""What one run finds, made up: the query of one character is one that the peer does not answer."""


def test_results_tell_targets_ratios_and_what_was_left_out(bench, tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    for reports in (1_000, 10_000):
        (folder / f"{reports}.json").write_text(json.dumps(RUN | {"reports": reports}), encoding="utf-8")

    lines = bench("report").write_results(folder).splitlines()

    assert "| query, warm p95, times fts5's | 0.1 | 0.2 | **not met** |" in lines
    assert "| query, cold p95, ms | 250 | 300 | **not met** |" in lines
    assert "| index, s wall on all cores, times jieba and FTS5 on one | 1.5 | 1 | met |" in lines
    assert "| FTS5 over words | 100 (90 jieba) |  | 1.80 | 1.00 | 5 | 0.2 | 9 |" in lines
    assert "| index, s of the processors | 180.0 | 180.0 | × 1.0 |" in lines
    assert sum("Left out: naive Whoosh" in line for line in lines) == 2
    assert sum(line.startswith("| target") for line in lines) == 1
    assert (folder / "growth.svg").read_text(encoding="utf-8").endswith("</svg>\n")
