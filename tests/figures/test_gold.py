"""Are the figures of the five real reports those that people read in them?

`expected.json` holds what is expected of all five as facts (value, unit, indicator, section), without a sentence of
theirs; two of them are also held against the hand annotations.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from fzsearch.figures import check_figures
from fzsearch.service import parse_file
from tests.conftest import ROOT

SHARED = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared"))
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
NUMBERS = sorted(EXPECTED)

pytestmark = pytest.mark.skipif(
    not (SHARED / "reports").is_dir(), reason=f"no real reports in {SHARED}; set FZSEARCH_SHARED"
)


@pytest.fixture(scope="module")
def figures():
    return {n: parse_file(next((SHARED / "reports").glob(f"{n}_*.txt"))).figures for n in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_all_facts_are_read_and_no_others(figures, number):
    read = [[one.value, one.unit, one.approx, one.indicator, one.section] for one in figures[number]]

    assert read == EXPECTED[number]


@pytest.mark.parametrize("number", ["000", "002"])
def test_hand_annotations(figures, number):
    gold = json.loads((SHARED / "gold" / f"{number}.figs.json").read_text(encoding="utf-8"))
    read = Counter((one.value, one.unit, one.approx) for one in figures[number])
    wanted = Counter((one["value"], one["unit"], one["approx"]) for one in gold)
    found = (read & wanted).total()
    named = Counter((one.value, one.unit, one.indicator) for one in figures[number] if one.indicator)
    gold_named = Counter((one["value"], one["unit"], one["indicator"]) for one in gold if one["indicator"])
    right = (named & gold_named).total()

    assert found / read.total() >= 0.97
    assert found / wanted.total() >= 0.95
    assert right / named.total() >= 0.90
    assert right / gold_named.total() >= 0.90


def test_what_does_not_agree_in_them(figures):
    found = {number: [one.kind for one in check_figures(figures[number])] for number in NUMBERS}

    assert found == {"000": [], "001": [], "002": [], "003": ["rate"], "004": ["twice"]}
