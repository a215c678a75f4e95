"""How well are made-up reports read that no rule was written for?

What is asked for of unseen reports: township 97 %, county 95 % where the text decides it, wrong at most 1 %, year 99 %.
"""

from collections import Counter

import pytest

from fzsearch.ingest import read_report
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Report
from tests.ingest.imitation import Imitation, imitations

NUMBER = 600


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Imitation, Report]]:
    places = PlaceList.load()
    cases = list(imitations(seed=2026, number=NUMBER))
    return [(case, read_report(_document(case.text), places)) for case in cases]


def _document(text: str) -> Document:
    return Document(format=Format.TXT, lines=tuple(text.split("\n")))


@pytest.mark.parametrize(
    ("field", "least"),
    [
        ("level", 0.99), ("year", 0.99), ("title", 0.98), ("doc_number", 0.99), ("issued", 0.99), ("signer", 0.99),
        ("issuers", 0.98),
    ],
)  # fmt: skip
def test_metadata(pairs, field, least):
    wrong = [
        (case.style, getattr(case, field), found)
        for case, report in pairs
        if (found := getattr(report, field)) != getattr(case, field)
    ]

    assert len(wrong) <= (1 - least) * NUMBER, wrong


def test_township(pairs):
    wrong = [
        (case.place.names, report.place.names) for case, report in pairs if report.place.township != case.place.township
    ]

    assert len(wrong) <= 0.01 * NUMBER, wrong


def test_county(pairs):
    """A county is right, or left open; where the text leaves several units, the true one is among the candidates."""
    outcomes = Counter(_outcome(case, report) for case, report in pairs)
    decided = outcomes["right"] + outcomes["open"] + outcomes["wrong"]

    assert outcomes["right"] >= 0.98 * decided, outcomes
    assert outcomes["wrong"] + outcomes["guessed"] <= 0.005 * NUMBER, outcomes
    assert outcomes["undecided"] >= 10, outcomes


def _outcome(case: Imitation, report: Report) -> str:
    found = report.place
    if len(case.units) == 1:
        return "open" if found.county is None else "right" if found.code == case.place.code else "wrong"
    if found.county is not None:
        return "undecided" if found.code == case.place.code else "guessed"
    return "undecided" if case.place.code in {one.code for one in found.candidates} else "lost"
