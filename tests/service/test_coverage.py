"""Which townships and years are there: a constructed region, counted again by hand and by brute force."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import QueryError
from fzsearch.ingest import PlaceList
from fzsearch.model import Level, Place
from fzsearch.query import Facet
from fzsearch.service.catalogue import Catalogue, FileRecord
from fzsearch.service.coverage import Cell, State, notes, totals
from fzsearch.service.named_files import named_file
from fzsearch.service.search import SearchService
from fzsearch.service.shapes import coverage_shape
from fzsearch.service.tables import coverage_csv
from tests.builders import build_sections
from tests.generate import now


def place(name: str, number: int) -> Place:
    return Place(province="示例省", city="云川市", county="青溪县", township=name, code=f"9901221{number:02}")


FENGLIN, YUNMEN, DASHI, SHIQIAO = (
    place(name, number) for number, name in enumerate(("枫林镇", "云门镇", "大石镇", "石桥镇"), 1)
)
OTHER_SHIQIAO = Place(province="示例省", city="平州市", county="临河县", township="石桥镇", code="990221107")
FARM = place("青溪农场", 9)


def report(key: str, year: int | None, where: Place, **more: Any) -> dict[str, Any]:
    return {"key": key, "year": year, "place": where, "sections": [("s1", 1, None, None, "other", key)], **more}


REPORTS = (
    report("990122101-2022", 2022, FENGLIN, issued=date(2023, 4, 1)),
    report("990122101-2023", 2023, FENGLIN, issued=date(2024, 4, 2)),
    report("990122101-2024~aaaa", 2024, FENGLIN, issued=date(2025, 5, 1)),
    report("990122101-2024~bbbb", 2024, FENGLIN, issued=date(2025, 2, 1), title="=cmd()"),
    report("990122102-2023", 2023, YUNMEN),
    report("石桥镇-2023", 2023, Place(township="石桥镇", candidates=(SHIQIAO, OTHER_SHIQIAO))),
    report("云外镇-2022", 2022, Place(province="示例省", city="云川市", county="青溪县", township="云外镇")),
    report("青溪县-2022", 2022, Place(province="示例省", city="云川市", county="青溪县"), level=Level.COUNTY),
    report("990122103-2023", 2023, DASHI, level=Level.OTHER),
)
PATHS = ("青溪县/大石镇2022年.pdf", "云门镇/2023.pdf", "=大石镇.pdf", "石桥镇2024.pdf", "990122102_2024.pdf")
FILES = tuple(
    FileRecord(path=path, size_bytes=1, mtime_ns=1, sha256=path, reason="扫描件", remedy="换") for path in PATHS
)
ADDED = (FENGLIN, YUNMEN, DASHI, SHIQIAO, OTHER_SHIQIAO, FARM)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("coverage") / "index", now)
    rows = sorted(build_sections(*REPORTS), key=lambda row: row.report.key)
    engine.replace_all(rows, Catalogue(rules="", files=FILES, places=ADDED).to_json())
    yield SearchService(engine)
    engine.close()


def test_a_corpus_too_large_for_one_answer_is_refused_there_and_nowhere_else(service, monkeypatch):
    monkeypatch.setattr("fzsearch.service.coverage.MAX_CELLS", 1)
    with pytest.raises(QueryError, match="请少选几个地区或年度"):
        service.coverage({})

    service.warm_up()  # a site over such a corpus starts


def states(service: SearchService, **region: str) -> dict[str, str]:
    """A letter for each cell of every township: P, late L, U, R, M."""
    found = service.coverage({Facet(name): (value,) for name, value in region.items()})
    letters = {State.PRESENT: "P", State.UNSETTLED: "U", State.UNREADABLE: "R", State.MISSING: "M"}
    return {
        str(row.place.township): "".join("L" if cell.is_late else letters[cell.state] for cell in row.cells)
        for row in found.rows
    }


def test_every_township_of_the_list_has_a_row_and_every_year_a_state(service: SearchService) -> None:
    """Also a township that only the corpus knows; no farm, no county, no department."""
    assert states(service, county="青溪县") == {
        "枫林镇": "PLP", "云门镇": "MPR", "大石镇": "RMM", "石桥镇": "MUM", "云外镇": "PMM",
    }  # fmt: skip


def test_without_a_region_the_counties_of_the_corpus_are_shown(service: SearchService) -> None:
    found = service.coverage({})

    assert [county.path for county in found.counties] == [("示例省", "云川市", "青溪县")]
    assert found.years == (2022, 2023, 2024)


def test_a_region_without_reports_is_all_missing(service: SearchService) -> None:
    assert states(service, county="临河县", year="2023") == {"石桥镇": "U"}
    rows = states(service, province="重庆市", county="云阳县", year="2024")
    assert len(rows) == len(PlaceList().counties["重庆市", "重庆市", "云阳县"]) > 30
    assert set(rows.values()) == {"M"}
    assert states(service, county="云阳县") == dict.fromkeys(rows, "")


def test_late_compares_the_earliest_date_with_the_first_of_april(service: SearchService) -> None:
    cells = service.coverage({Facet.COUNTY: ("青溪县",)}).rows[0].cells

    assert [(cell.issued, cell.is_late) for cell in cells] == [
        (date(2023, 4, 1), False), (date(2024, 4, 2), True), (date(2025, 2, 1), False),
    ]  # fmt: skip


def test_totals_are_a_recount(service: SearchService) -> None:
    found = service.coverage({Facet.PROVINCE: ("示例省",)})
    cells = [cell for row in found.rows for cell in row.cells]
    total = totals(cells)
    keys = {one.key for cell in cells for one in cell.entries if cell.state is State.PRESENT}

    assert keys == {one["key"] for one in REPORTS if one["place"].county and one["place"].township} - {"990122103-2023"}
    assert (total.expected, total.present) == (6 * 3, 5)
    assert total.expected == total.present + total.unsettled + total.unreadable + total.missing
    assert (total.late, total.undated) == (1, 2)
    assert total.unreadable == 2
    assert totals([Cell(year=2024, state=State.MISSING)]).missing == 1


def test_a_township_that_was_stated_without_its_code_is_the_one_of_the_list(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "index", now)
    stated = report("枫林镇-2024", 2024, replace(FENGLIN, code=None))
    engine.replace_all(build_sections(stated), Catalogue(rules="", places=ADDED).to_json())
    found = states(SearchService(engine), county="青溪县")
    engine.close()

    assert found == {"枫林镇": "P", "云门镇": "M", "大石镇": "M", "石桥镇": "M"}


def test_an_unknown_region_is_said(service: SearchService) -> None:
    found = service.coverage({Facet.COUNTY: ("青溪",)})

    assert found.rows == ()
    assert "没有这样的省、市、县" in notes(found)[0]
    assert any("2 个读不出的文件" in note for note in notes(found))
    assert any("有 1 份报告的县未定" in note for note in notes(found))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("青溪县/大石镇2022年.pdf", ("990122103", 2022)),
        ("990122102_2024.pdf", ("990122102", 2024)),
        ("云阳县/2023/双江街道.doc", ("500235001", 2023)),
        ("双江街道2023.doc", None),  # there are several
        ("青溪县大石镇.pdf", None),  # no year
        ("青溪县/大石镇2022-2023.pdf", None),  # two years
        ("青溪县/大石镇20220105.pdf", None),  # a day
        ("青溪县/大石镇枫林镇2022.pdf", None),  # two townships
        ("临河县/大石镇2022.pdf", None),  # none there
        ("2023.pdf", None),
    ],
)
def test_a_file_is_told_by_its_name_alone(path: str, expected: tuple[str, int] | None) -> None:
    file = FileRecord(path=path, size_bytes=1, mtime_ns=1, sha256="0", reason="扫描件", remedy="换")
    found = named_file(file, PlaceList(ADDED))

    assert (found and (found.code, found.year)) == expected


def test_table_has_a_row_for_every_cell_with_version_and_day(service: SearchService) -> None:
    found = service.coverage({Facet.COUNTY: ("青溪县",)})
    rows = list(csv.DictReader(io.StringIO(coverage_csv(found, "2026-11-20").lstrip("\ufeff"))))

    assert len(rows) == 5 * 3
    assert {(row["filters"], row["corpus_version"], row["exported"]) for row in rows} == {
        ("county=青溪县", service.info().version, "2026-11-20")
    }
    assert [row["late"] for row in rows[:4]] == ["不晚于4月1日", "晚于4月1日", "不晚于4月1日", ""]
    assert rows[2]["reports"] == "990122101-2024~aaaa、990122101-2024~bbbb"


def test_table_holds_no_formula(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "index", now)
    bad = Place(province="=1+1", city=None, county="@县", township="+镇")
    engine.replace_all(build_sections(report("-x", 2024, bad)), Catalogue(rules="").to_json())
    text = coverage_csv(SearchService(engine).coverage({}), "2026-11-20").lstrip("\ufeff")
    engine.close()

    assert [cell[:2] for cell in next(iter(csv.reader(text.splitlines()[1:])))[:4]] == ["'=", "", "'@", "'+"]


def test_json_says_what_the_rows_say(service: SearchService) -> None:
    shape = coverage_shape(service.coverage({Facet.COUNTY: ("青溪县",), Facet.YEAR: ("2023",)}))

    assert shape["filters"] == {"county": ["青溪县"], "year": [2023]}
    assert shape["total"]["present"] == 2
    assert [one["years"][0]["state"] for one in shape["townships"]] == [
        "present", "present", "missing", "unsettled", "missing",
    ]  # fmt: skip


def test_an_empty_corpus_answers(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "index", now)
    engine.replace_all([], "")
    found = SearchService(engine).coverage({})
    engine.close()

    assert (found.rows, found.years) == ((), ())
