"""Are the sections of constructed layouts found, each with its place, number, heading and part?

Each layout is a trap of DOMAIN §3 or MEASURED-reading §3, or was seen in other reports; the words are our own.
"""

import pytest

from fzsearch.ingest import read_report
from fzsearch.ingest.lines import ARTEFACT
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Report
from tests.ingest.layouts import Expected, Layout, read_layouts, visible

LAYOUTS = read_layouts()


@pytest.fixture(scope="module")
def places() -> PlaceList:
    return PlaceList.load()


def read(layout: Layout, places: PlaceList) -> Report:
    return read_report(Document(format=Format.TXT, lines=tuple(layout.text.split("\n"))), places)


def found_sections(report: Report) -> list[Expected]:
    found, start = [], 0
    for section in report.sections:
        if section.level:
            found.append(Expected(start, section.path, section.marker, section.heading, section.part.value))
        start += len(visible(section.text))
    return found


def _param(layout: Layout):
    marks = [pytest.mark.xfail(reason=layout.reason, strict=True)] if layout.reason else []
    return pytest.param(layout, id=layout.name, marks=marks)


@pytest.mark.parametrize("layout", [_param(layout) for layout in LAYOUTS])
def test_layout(layout, places):
    report = read(layout, places)

    assert found_sections(report) == list(layout.sections)
    assert visible("".join(section.text for section in report.sections)) == visible(ARTEFACT.sub("", layout.text))


def test_boundaries_over_all_layouts(places):
    """The measure of MEASURED-reading §3: a first try on such structures had precision .983 and recall .879."""
    expected = {(layout.name, section.start) for layout in LAYOUTS for section in layout.sections}
    found = {(layout.name, section.start) for layout in LAYOUTS for section in found_sections(read(layout, places))}

    assert len(LAYOUTS) >= 100
    assert len(expected & found) / len(found) >= 0.99
    assert len(expected & found) / len(expected) >= 0.99


def test_a_second_report_in_the_file_is_told(places):
    told = {layout.name: read(layout, places).warnings for layout in LAYOUTS}

    assert "第 9 行起像是另一份报告《白桦乡2024年法治政府建设情况报告》" in told.pop("two reports in one file")[0]
    assert not any(told.values())


def test_blank_lines_and_indents_part_paragraphs_of_broken_lines(places):
    counts = {
        layout.name: read(layout, places).sections[1].text.count("\n") for layout in LAYOUTS if "edge" in layout.name
    }

    assert counts == {
        "lines broken at the edge of a page": 0,
        "lines broken at the edge of a page, blank lines between paragraphs": 2,
    }
