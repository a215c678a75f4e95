"""Are the figures of the five real reports read? Texts and annotations are kept outside: see FZSEARCH_SHARED."""

import json
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fzsearch.figures import check, find_figures
from fzsearch.ingest import PlaceList, read_document, read_report
from fzsearch.model import Figure

GOLDEN = Path(__file__).parent / "golden"
NUMBERS = ("000", "001", "002", "003", "004")


@cache
def read(shared: Path, number: str) -> tuple[Figure, ...]:
    file = next((shared / "reports").glob(f"{number}_*"))
    return find_figures(read_report(read_document(file.read_bytes(), file.name, None), PlaceList.load()).sections)


@pytest.mark.parametrize("number", NUMBERS)
def test_figures_are_as_annotated_by_hand(shared_dir, number):
    """Value, unit, 余, indicator, scope and total of each, checked by eye against the text; no words of the reports."""
    expected = json.loads((GOLDEN / f"{number}.json").read_text(encoding="utf-8"))

    found = read(shared_dir, number)

    assert [
        [one.section, one.value, one.unit, one.approx, one.indicator, one.scope.value, one.part_of] for one in found
    ] == expected


def test_gold_annotations_are_met(shared_dir):
    """Aims: value and unit P .97, R .95; indicator P and R .90, on the reports with annotations by someone else."""
    stated = right = found = named = meant = agreed = 0
    for path in sorted((shared_dir / "gold").glob("*.figs.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        figures = read(shared_dir, path.name[:3])
        pairs = aligned(gold, figures)
        required = [i for i, one in enumerate(gold) if not one["optional"]]
        stated, right = stated + len(required), right + sum(i in pairs for i in required)
        found += len(figures)
        named += sum(one.indicator is not None for one in figures)
        meant += sum(one["indicator"] is not None for one in gold)
        agreed += sum(gold[i]["indicator"] == figures[j].indicator is not None for i, j in pairs.items())

    assert right / found >= 0.97
    assert right / stated >= 0.95
    assert agreed / named >= 0.9
    assert agreed / meant >= 0.9


def aligned(gold: list[dict[str, Any]], figures: tuple[Figure, ...]) -> dict[int, int]:
    """Both lists are in the order of the text, so equal values and units in the same order are the same quantity."""
    left = [(float(one["value"]), one["unit"]) for one in gold]
    right = [(one.value, one.unit) for one in figures]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def test_the_rate_that_does_not_agree_is_shown_with_both_numbers(shared_dir):
    (finding,) = check(read(shared_dir, "003"))

    assert finding.kind == "rate"
    assert finding.message == "化解率写 99.9%，按 545/546 计算为 99.82%"
    assert finding.sections == ("s1.7",)


def test_parts_that_add_up_give_no_finding(shared_dir):
    assert check(read(shared_dir, "002")) == ()
