"""Pages that compare places: coverage and figures."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from fzsearch.engine import EmbeddedEngine
from fzsearch.service.catalogue import Catalogue
from fzsearch.service.coverage import REGION_FACETS
from tests.builders import build_sections
from tests.generate import now
from tests.service.test_coverage import ADDED, FILES, REPORTS
from tests.web.conftest import MakeClient, client_of
from tests.web.pages import get, strings, text_of


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over the region that the tests of the service construct."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("region") / "index", now)
    rows = sorted(build_sections(*REPORTS), key=lambda row: row.report.key)
    engine.replace_all(rows, Catalogue(rules="", files=FILES, places=ADDED).to_json())
    yield client_of(engine)
    engine.close()


# ---- coverage


def test_coverage_has_a_cell_for_every_township_and_year(region: FlaskClient) -> None:
    page = get(region, "/coverage?county=青溪县")

    assert text_of(page, "//thead[1]/tr[1]/th")[:5] == ["乡镇、街道", "2022", "2023", "2024", "有/应有"]
    assert [text_of(row, "./*") for row in page.xpath("//tbody/tr[td]")[:4]] == [
        ["枫林镇", "4-01", "4-02 晚于 4 月 1 日", "2 份", "3/3"],
        ["云门镇", "缺", "有", "读不出", "1/3"],
        ["大石镇", "读不出", "缺", "缺", "0/3"],
        ["石桥镇", "缺", "有 县未定", "缺", "0/3"],
    ]
    assert text_of(page, "//tfoot//td") == ["2/5", "2/5", "1/5", "5/15"]
    assert "5 个乡镇、街道，应有 15 份，有 5 份（其中晚 1），县未定 1，读不出 2，缺 7" in text_of(page, "//main")[0]
    assert text_of(page, "//section[@id='unread']//tbody//th") == ["990122102_2024.pdf", "青溪县/大石镇2022年.pdf"]


def test_links_of_a_coverage_lead_to_reports_and_townships(region: FlaskClient) -> None:
    page = get(region, "/coverage?county=青溪县")
    links = strings(page, "//table[contains(@class, 'matrix')]//a/@href")

    assert "/r/990122101-2022" in links
    assert len([link for link in links if link == "/place/990122101"]) == 2  # the township, and its two reports of 2024
    for link in links:
        assert link == "#unread" or region.get(link).status_code == 200


@pytest.mark.parametrize(
    ("only", "townships"),
    [("late", ["枫林镇"]), ("unsettled", ["石桥镇"]), ("unreadable", ["云门镇", "大石镇"]), ("all", None)],
)
def test_only_leaves_out_townships_but_not_from_the_totals(region, only, townships) -> None:
    page = get(region, f"/coverage?county=青溪县&only={only}")

    if townships:
        assert text_of(page, "//tbody//th[@scope='row'][../td]")[: len(townships)] == townships
    assert text_of(page, "//tfoot//td")[-1] == "5/15"


def test_a_large_region_is_shown_by_counties_that_lead_on(region: FlaskClient) -> None:
    page = get(region, "/coverage?province=重庆市&year=2024")
    links = strings(page, "//tbody//th/a/@href")

    assert len(links) > 30
    assert "按县列出" in text_of(page, "//main")[0]
    assert "云阳县" in text_of(get(region, next(link for link in links if "%E4%BA%91%E9%98%B3" in link)), "//main")[0]


def test_a_region_is_chosen_step_by_step(region: FlaskClient) -> None:
    page = get(region, "/coverage?province=示例省&city=平州市")

    assert text_of(page, "//select[@name='city']/option") == ["全部", "云川市", "平州市"]
    assert text_of(page, "//select[@name='county']/option") == ["全部", "临河县"]
    assert strings(page, "//option[@selected]/text()") == ["示例省", "平州市", "全部乡镇"]


@pytest.mark.parametrize("url", ["/coverage?county=无此县", "/coverage?year=2024", "/coverage?county=临河县"])
def test_any_region_is_answered(region: FlaskClient, url: str) -> None:
    assert text_of(get(region, url), "//h1") == ["收齐情况"]


def test_coverage_refuses_what_it_does_not_know(region: FlaskClient) -> None:
    assert region.get("/coverage?year=abc").status_code == 400
    assert region.get("/coverage?only=x").status_code == 400
    many = "&".join(f"year={year}" for year in range(1900, 2000))
    most = "&".join(f"province={name}" for name in ("四川省", "河南省", "湖南省", "河北省", "山东省", "广东省"))
    assert region.get(f"/coverage?{most}&{many}").status_code == 400
    assert region.get("/coverage.csv?township=x").status_code == 400
    assert region.get("/api/v1/coverage?q=x").status_code == 400


def test_coverage_as_csv_and_json(region: FlaskClient) -> None:
    table = region.get("/coverage.csv?county=青溪县")
    shape = region.get("/api/v1/coverage?county=青溪县").get_json()

    assert table.mimetype == "text/csv"
    assert "attachment" in table.headers["Content-Disposition"]
    assert table.get_data(as_text=True).count("\r\n") == 1 + 15
    assert shape["total"] | {"late": 1} == shape["total"]
    assert set(shape["filters"]) <= {facet.value for facet in REGION_FACETS}


def test_coverage_of_an_empty_corpus(make_client: MakeClient) -> None:
    client = make_client()

    assert "没有能确定年度和县的报告" in text_of(get(client, "/coverage"), "//main")[0]
    assert client.get("/coverage.csv").status_code == 200
