"""Pages of places and topics, and of what could not be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from fzsearch.engine import EmbeddedEngine
from fzsearch.model import Place, Topic
from fzsearch.service.catalogue import Catalogue, FileRecord
from fzsearch.web.params import place_url, topic_url
from tests.builders import build_sections
from tests.generate import now
from tests.web.conftest import FENGLIN, REPORTS, MakeClient, client_of
from tests.web.pages import counted, get, number, strings, text_of

OTHER_FENGLIN = Place(province="示例省", city="平州市", county="临河县", township="枫林镇", code="990221101")
TOPICS = (
    Topic(name="枫桥经验", group="化解", patterns=("枫桥经验",), unless=("枫桥经验馆",), about="就地化解矛盾。",
          near=("群众路线",), examples=("学枫桥经验",), counter_examples=("到枫桥镇",)),
    Topic(name="a/b", group="自己的", patterns=("议事亭",)),
)  # fmt: skip
UNREADABLE = tuple(
    FileRecord(path=path, size_bytes=1, mtime_ns=1, sha256=path, reason="扫描件<b>", remedy="换成有文字的版本")
    for path in ("乙/扫描.pdf", "甲/扫描.pdf")
)

POOR = FileRecord(
    path="丙/模糊.pdf", size_bytes=1, mtime_ns=1, sha256="c", text_hash="c", reason="第 2 页<b>", remedy="请核对原件"
)


def a_report(key: str, year: int | None, place: Place) -> dict[str, object]:
    return {"key": key, "year": year, "place": place, "sections": [("s1", 1, None, None, "measures", f"{key}的正文")]}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The reports of the other tests with a vocabulary, unreadable files and a township of the same name."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("browse") / "index", now)
    reports = (*REPORTS, a_report("990122101-2020", 2020, FENGLIN), a_report("990221101-2024", 2024, OTHER_FENGLIN))
    mistakes = ("x.toml：<b>旁边没有文件",)
    note = Catalogue(rules="", files=(*UNREADABLE, POOR), topics=TOPICS, stray_mistakes=mistakes).to_json()
    engine.replace_all(sorted(build_sections(*reports), key=lambda row: row.report.key), note)
    yield client_of(engine)
    engine.close()


# ---- places


def test_place_lists_reports_by_year_and_says_which_are_missing(known: FlaskClient) -> None:
    page = get(known, "/place/990122101")

    assert text_of(page, "//h1") == ["枫林镇"]
    assert text_of(page, "//section[@aria-labelledby='p-years']//tbody/tr") == [
        "2024枫林镇2024年度法治政府建设情况的报告与 2023 比较", "2023枫林镇2023年度法治政府建设情况的报告与 2020 比较",
        "2022缺", "2021缺", "2020a.txt",
    ]  # fmt: skip
    assert "首末年之间缺 2021、2022 年度" in text_of(page, "//main")[0]


def test_cells_of_a_place_equal_the_counts_of_the_engine(app: Flask) -> None:
    """Every number of the matrices is what its link finds."""
    client = app.test_client()
    for code in ("990122101", "990122201"):
        page = get(client, f"/place/{code}")
        cells = page.xpath("//section[starts-with(@aria-labelledby, 'p-m')]//td/a")
        assert len(cells) > 20
        for cell in cells[::7]:
            assert counted(client, cell.get("href"))["sections"] == number(cell.text_content())
        assert counted(client, strings(page, "//main//li/a[starts-with(., '全部')]/@href")[0])["sections"] == sum(
            map(number, text_of(page, "//section[@aria-labelledby='p-m1']//tbody/tr/td[last()]"))
        ) + number_of_front(client, code)


def number_of_front(client: FlaskClient, code: str) -> int:
    return counted(client, f"/search?township={code}&part=front")["sections"]


def test_place_by_name_leads_to_its_code_or_offers_a_choice(known: FlaskClient) -> None:
    page = get(known, place_url("枫林镇"))

    assert strings(page, "//main//li/a/@href") == ["/place/990122101", "/place/990221101"]
    assert "示例省 云川市 青溪县 枫林镇" in text_of(page, "//main")[0]
    assert get(known, place_url("石桥镇")).xpath("//h1")[0].text == "石桥镇"


def test_place_without_a_sure_county_shows_its_candidates(known: FlaskClient) -> None:
    text = text_of(get(known, place_url("石桥镇")), "//main")[0]

    assert "县未定，2 处候选" in text
    assert "990122105" in text
    assert "990221107" in text


def test_county_shows_its_townships_with_their_years(known: FlaskClient) -> None:
    page = get(known, "/place/990122")

    assert text_of(page, "//h1") == ["青溪县"]
    assert text_of(page, "//thead//th") == ["乡镇、街道", "2020", "2021", "2022", "2023", "2024"]
    assert [cell[:1] for cell in text_of(page, "//tbody/tr[1]/*")] == ["枫", "有", "缺", "缺", "有", "有"]


def test_county_by_name_leads_to_its_code(known: FlaskClient) -> None:
    assert known.get(place_url("临河县")).location == "/place/990221"


def test_unknown_place_is_a_404_with_near_names(known: FlaskClient) -> None:
    page = get(known, place_url("石桥乡"), status=404)

    assert place_url("石桥镇") in strings(page, "//main//a/@href")


# ---- topics


def test_topics_are_listed_by_group_also_those_of_nobody(known: FlaskClient) -> None:
    page = get(known, "/topic/")

    assert text_of(page, "//caption") == ["化解（段）", "自己的（段）", "未分组（段）"]
    assert text_of(page, "//tbody/tr") == ["枫桥经验2", "a/b未见", "人民调解2"]


def test_topic_says_what_it_means(known: FlaskClient) -> None:
    text = text_of(get(known, topic_url("枫桥经验")), "//main")[0]

    for said in (
        "就地化解矛盾。", "算谈到枫桥经验 ", "在这些词里的不算枫桥经验馆", "相近说法，不计入群众路线",
        "例句“学枫桥经验”", "反例，不算“到枫桥镇”",
    ):  # fmt: skip
        assert said in text
    assert "2 个乡镇的 2 份报告（全部 7 份）谈到，共 2 段" in text


def test_topic_of_nobody_and_with_a_slash_has_a_page(known: FlaskClient) -> None:
    assert "语料里没有一段谈到" in text_of(get(known, topic_url("a/b")), "//main")[0]


def test_bars_of_a_topic_equal_the_counts_of_the_engine(app: Flask) -> None:
    client = app.test_client()
    page = get(client, topic_url("枫桥经验"))
    rows = page.xpath("//table[contains(@class, 'bars')][caption[not(contains(., '一起'))]]//tr[td]")

    assert len(rows) > 5
    for row in rows:
        shown = row.xpath(".//td[@class='n']")[-1].text_content()
        assert counted(client, row.xpath(".//a/@href")[0])["sections"] == number(shown)
    both = {r.xpath("th")[0].text_content(): number(r.xpath("td")[1].text_content()) for r in companions(page)}
    for name, count in both.items():
        found = client.get("/api/v1/search", query_string={"topic": name, "limit": "all"}).get_json()["hits"]
        assert sum("枫桥经验" in hit["topics"] for hit in found) == count


def test_years_of_a_topic_are_reports_of_all_reports(known: FlaskClient) -> None:
    rows = text_of(get(known, topic_url("枫桥经验")), "//table[contains(@class, 'by-year')]/tbody/tr")

    assert rows == ["20200 / 10%0", "20220 / 20%0", "20231 / 250%1", "20241 / 250%1"]


def test_what_is_marked_is_what_counts(known: FlaskClient) -> None:
    page = get(known, topic_url("枫桥经验"))

    assert set(text_of(page, "//li[@class='hit']//mark")) == {"枫桥经验"}
    assert counted(known, strings(page, "//a[. = '在检索中打开']/@href")[0])["sections"] == 2


def companions(page):
    return page.xpath("//table[caption[contains(., '一起')]]//tr[td]")


def test_best_passages_of_a_topic_speak_of_it(app: Flask) -> None:
    page = get(app.test_client(), topic_url("枫桥经验"))

    assert len(page.xpath("//li[@class='hit']")) == 10
    assert all("#枫桥经验" in topics or "枫桥经验" in topics for topics in text_of(page, "//ul[@class='topics']"))


def test_unknown_topic_is_a_404_with_near_names(known: FlaskClient) -> None:
    page = get(known, topic_url("枫桥"), status=404)

    assert topic_url("枫桥经验") in strings(page, "//main//a/@href")


# ---- what could not be read


def test_unreadable_files_stand_in_order_with_reason_and_remedy(known: FlaskClient) -> None:
    page = get(known, "/unreadable")

    assert text_of(page, "//main/div/div[@class='scroll']//tbody/tr") == [
        "乙/扫描.pdf扫描件<b>换成有文字的版本", "甲/扫描.pdf扫描件<b>换成有文字的版本",
    ]  # fmt: skip
    assert "共 2 个" in text_of(page, "//main")[0]


def test_corrections_that_were_not_used_are_told(known: FlaskClient) -> None:
    assert text_of(get(known, "/unreadable"), "//section[@id='mistakes']//li") == ["x.toml：<b>旁边没有文件"]


def test_files_read_poorly_stand_apart(known: FlaskClient, make_client: MakeClient) -> None:
    page = get(known, "/unreadable")

    assert text_of(page, "//section[@id='poor']//tbody/tr") == ["丙/模糊.pdf第 2 页<b>请核对原件"]
    assert text_of(get(make_client(REPORTS[1]), "/unreadable"), "//section[@id='poor']") == []


def test_reports_that_are_not_settled_are_linked(known: FlaskClient) -> None:
    rows = text_of(get(known, "/unreadable"), "//section[@id='unsettled']//tbody/tr")

    assert rows[-1].startswith("石桥镇2023年法治政府建设报告县2 处")
    assert len(rows) == 3


def test_nothing_unreadable_is_said(make_client: MakeClient) -> None:
    text = text_of(get(make_client(REPORTS[1]), "/unreadable"), "//main")[0]

    assert "没有：语料里的文件都读出来了" in text
    assert "没有：每份报告的年度、乡镇和县都已确定" in text


def test_first_page_counts_what_is_lacking(known: FlaskClient) -> None:
    text = text_of(get(known, "/"), "//main")[0]

    assert "青溪县 枫林镇 缺 2021、2022" in text
    assert "读不出 2 个文件" in text
    assert "县未定 3 份报告" in text


# ---- hostile names


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(alphabet="<>\"'&/\\.%\x00\u202e#?;枫林镇{}", max_size=20))
def test_any_name_in_an_address_is_answered(known: FlaskClient, name: str) -> None:
    for url in (place_url(name), topic_url(name)):
        response = known.get(url)
        assert response.status_code < 500
        if response.mimetype == "text/html" and response.status_code == 404:
            page = html.document_fromstring(response.get_data())
            assert text_of(page, "//h1") == ["没有这一页"]
            assert not page.xpath("//script[not(starts-with(@src, '/static/'))]")


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    engine = EmbeddedEngine(tmp_path / "index", now)
    place = Place(province=bad, county=bad, township=bad)
    report = a_report("x-2024", 2024, place) | {"title": bad, "file": "a.txt"}
    report["sections"] = [("s1", 1, None, bad, "measures", bad, [bad])]
    topic = Topic(name=bad, group=bad, patterns=(bad,), unless=(bad + bad,))
    engine.replace_all(build_sections(report), Catalogue(rules="", topics=(topic,)).to_json())
    client = client_of(engine)
    plain = (
        "/",
        "/topic/",
        "/unreadable",
        "/search?group=report",
        "/help",
        "/coverage",
        "/figures",
        "/compare",
        "/overlap",
        "/overlap/x-2024",
    )
    for url in (*plain, topic_url(bad), place_url(bad)):
        page = get(client, url)
        assert not page.xpath("//img"), url
    assert not get(client, topic_url(bad + "x"), status=404).xpath("//img")
    engine.close()
