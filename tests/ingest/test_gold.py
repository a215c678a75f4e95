"""How well are the five hand-annotated reports read?

They are kept outside the project: `FZSEARCH_SHARED` names the folder with `reports/` and `gold/`.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fzsearch.ingest import read_report
from fzsearch.ingest.lines import ARTEFACT
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Report, Section

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared"))
NUMBERS = ("000", "001", "002", "003", "004")

pytestmark = pytest.mark.skipif(
    not (SHARED / "gold").is_dir(),
    reason=f"the annotated reports are not in {SHARED}; FZSEARCH_SHARED names the folder that has gold/ and reports/",
)


@dataclass(frozen=True)
class Case:
    """One report as read, its gold nodes that are sections (DESIGN §4), and where each section begins."""

    report: Report
    meta: dict[str, Any]
    nodes: dict[int, dict[str, Any]]
    sections: dict[int, Section]

    @property
    def shared_starts(self) -> list[int]:
        return sorted(self.nodes.keys() & self.sections.keys())


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    places = PlaceList.load()
    return {number: read_case(number, places) for number in NUMBERS}


def read_case(number: str, places: PlaceList) -> Case:
    meta = json.loads((SHARED / "gold" / f"{number}.meta.json").read_text(encoding="utf-8"))
    gold = json.loads((SHARED / "gold" / f"{number}.sections.json").read_text(encoding="utf-8"))
    with (SHARED / "reports" / meta["file"]).open(encoding="utf-8", newline="") as file:
        text = file.read()
    report = read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places)
    nodes = {node["start"]: node for node in gold["sections"] if is_section(node, gold["sections"])}
    return Case(
        report=report, meta=meta, nodes=nodes, sections=dict(zip(starts(text, report), numbered(report), strict=True))
    )


def is_section(node: dict[str, Any], nodes: list[dict[str, Any]]) -> bool:
    """Levels 1 to 3, and 一是 paragraphs whose parent has no headed children (gold/README)."""
    siblings = [other for other in nodes if other["parent_start"] == node["parent_start"]]
    return node["level"] <= 3 or (node["marker"] == "shi_par" and all(other["level"] > 3 for other in siblings))


def numbered(report: Report) -> list[Section]:
    return [section for section in report.sections if section.level]


def starts(text: str, report: Report) -> list[int]:
    """Offsets of the sections in the unmodified text, found by counting visible characters."""
    filler = ARTEFACT.sub(lambda match: " " * len(match[0]), text)
    visible = [offset for offset, char in enumerate(filler) if not char.isspace()]
    found, count = [], 0
    for section in report.sections:
        if section.level:
            found.append(visible[count])
        count += len("".join(section.text.split()))
    assert count == len(visible)
    return found


def test_boundaries(cases):
    gold = {(number, start) for number, case in cases.items() for start in case.nodes}
    found = {(number, start) for number, case in cases.items() for start in case.sections}

    assert len(gold & found) / len(found) >= 0.98
    assert len(gold & found) / len(gold) >= 0.98


def test_nesting(cases):
    for number, case in cases.items():
        start_of = {section.path: start for start, section in case.sections.items()}
        for start in case.shared_starts:
            parent = case.sections[start].path.rpartition(".")[0]
            assert start_of.get(parent) == case.nodes[start]["parent_start"], (number, start)


def test_headings(cases):
    pairs = [
        (case.nodes[start]["heading"], case.sections[start].heading)
        for case in cases.values()
        for start in case.shared_starts
    ]

    assert sum(gold == found for gold, found in pairs) / len(pairs) >= 0.98


def test_parts(cases):
    for number, case in cases.items():
        for start in case.shared_starts:
            assert case.sections[start].part == case.nodes[start]["kind"], (number, start)


@pytest.mark.parametrize("number", NUMBERS)
def test_metadata(cases, number):
    report, meta = cases[number].report, cases[number].meta

    assert report.title == meta["title"]
    assert report.year == meta["report_year"]
    assert report.doc_number == meta["doc_no"]
    assert (report.issued.isoformat() if report.issued else None) == meta["issue_date"]
    assert report.signer == meta["signer"]
    assert list(report.issuers) == meta["issuing_body"]
