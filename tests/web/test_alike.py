"""Pages that put reports beside each other: the comparison of two, and shared wording."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from fzsearch.model import Level, Place
from tests.builders import build_engine
from tests.web.conftest import REPORTS, MakeClient, client_of
from tests.web.pages import get, strings, text_of

FENGLIN, LIUXI = (
    Place(province="示例省", city="云川市", county="青溪县", township=name, code=code)
    for name, code in (("枫林镇", "990122101"), ("柳溪乡", "990122201"))
)
STORY = "镇里在老茶馆设立了群众说事点，每逢赶场天就由两名专职调解员轮流坐堂，当天的事情当天说清，说不清的报司法所。"


def report(place: Place, year: int, *texts: str) -> Mapping[str, Any]:
    """A report with a part for each text."""
    parts = zip(("measures", "problems", "plan"), texts, strict=False)
    return {
        "key": f"{place.code}-{year}", "title": f"{place.township}{year}年度法治政府建设情况的报告", "year": year,
        "place": place, "file": f"{place.township}{year}.txt",
        "sections": [(f"s{n}", 1, None, None, part, text) for n, (part, text) in enumerate(parts, 1)],
    }  # fmt: skip


PAIR = (
    report(FENGLIN, 2023, f"全年受理矛盾纠纷127起。{STORY}严格落实学法制度。办好一件小事。", "力量不足。"),
    report(
        FENGLIN, 2024, f"全年受理矛盾纠纷131起。{STORY}严格落实学法制度。新建调解室两处。", "力量仍然不足。", "补人。"
    ),
    report(LIUXI, 2024, STORY.replace("老茶馆", "大榕树下").replace("两名", "三四名"), "经费不足。"),
)


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over three reports that have a story in common."""
    engine = build_engine(tmp_path_factory.mktemp("alike") / "index", *PAIR)
    yield client_of(engine)
    engine.close()


TWO_YEARS = "/compare?a=990122101-2023&b=990122101-2024"


# ---- two reports


def test_sentences_stand_beside_each_other_part_by_part(alike: FlaskClient) -> None:
    page = get(alike, TWO_YEARS)
    rows = [text_of(row, "./th | ./td") for row in page.xpath("//table[contains(@class, 'sides')]//tbody/tr")]

    assert text_of(page, "//h3") == ["举措成效", "不足原因", "下步安排"]
    assert rows[0] == ["改写", "2023 年度全年受理矛盾纠纷127起。 s1", "2024 年度全年受理矛盾纠纷131起。 s1"]
    assert rows[1][0] == "逐字相同"
    assert rows[1][1].startswith(STORY)
    assert ["新增", "没有", "2024 年度新建调解室两处。 s1"] in rows
    assert ["删去", "2023 年度办好一件小事。 s1", "没有"] in rows
    assert text_of(page, "//tbody//del") == ["127"]
    assert text_of(page, "//tbody//ins") == ["131", "仍然"]


def test_links_of_sentences_lead_to_their_sections(alike: FlaskClient) -> None:
    links = strings(get(alike, TWO_YEARS), "//table[contains(@class, 'sides')]//a/@href")

    assert {link.partition("#")[0] for link in links} == {"/r/990122101-2023", "/r/990122101-2024"}
    for link in set(links):
        assert get(alike, link).xpath(f"//section[@id='{link.partition('#')[2]}']")


def test_shares_make_a_whole_and_lead_to_their_sentences(alike: FlaskClient) -> None:
    page = get(alike, TWO_YEARS)
    whole = text_of(page, "//section[@aria-labelledby='c-shares']//tbody/tr[1]/td")
    links = strings(page, "//section[@aria-labelledby='c-shares']//tbody/tr[1]/td/a/@href")

    assert 98 <= sum(int(share.rstrip("%")) for share in whole) <= 102
    assert len(links) == 4
    for link, label in zip(links, ("逐字相同", "改写", "删去", "新增"), strict=True):
        shown = get(alike, link)
        assert set(text_of(shown, "//table[contains(@class, 'sides')]//tbody//th")) == {label}
        assert f"只看“{label}”" in text_of(shown, "//h2")[-1]


def test_figures_stand_side_by_side_and_lead_to_their_sentences(alike: FlaskClient) -> None:
    page = get(alike, TWO_YEARS)
    row = "//section[@aria-labelledby='c-figures']//tbody/tr[th='矛盾纠纷受理']"

    assert text_of(page, f"{row}/td") == ["127起", "131起", "+4 起"]
    for link in strings(page, f"{row}//a/@href"):
        assert get(alike, link).xpath("//mark[@id='h1']")


def test_two_townships_have_no_before_and_after(alike: FlaskClient) -> None:
    page = get(alike, "/compare?a=990122101-2024&b=990122201-2024")
    labels = set(text_of(page, "//table[contains(@class, 'sides')]//tbody//th"))

    assert labels == {"改写", "仅前份", "仅后份"}
    assert text_of(page, "//dl[@class='two']//dt") == ["前一份 · 枫林镇 2024 年度", "后一份 · 柳溪乡 2024 年度"]
    assert "删去" not in text_of(get(alike, "/compare?a=990122101-2024&b=990122101-2023"), "//main")[0]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("枫林镇 2023", "990122101-2023"), ("http://x.example/r/990122101-2023/s1@12345678", "990122101-2023"),
     ("枫林镇-2023", "990122101-2023"), ("青溪县 枫林 2023年度", "990122101-2023")],
)  # fmt: skip
def test_reports_are_named_by_place_address_or_old_key(alike: FlaskClient, typed: str, key: str) -> None:
    answer = alike.get("/compare", query_string={"a": typed, "b": "990122201-2024"})

    assert (answer.status_code, answer.location) == (302, f"/compare?a={key}&b=990122201-2024")


def test_without_reports_ready_pairs_are_offered(alike: FlaskClient) -> None:
    page = get(alike, "/compare")

    assert text_of(page, "//table//tbody//td//a") == ["2023 → 2024"]
    assert get(alike, strings(page, "//table//tbody//td//a/@href")[0]).xpath("//table[contains(@class, 'sides')]")
    assert {one.get("name") for one in page.xpath("//form[@class='pick']//input")} == {"a", "b"}


def test_with_one_report_others_worth_comparing_are_offered(alike: FlaskClient) -> None:
    page = get(alike, "/compare?a=990122101-2024")

    assert text_of(page, "//table//tbody/tr") == ["本乡镇2023", "同县同年柳溪乡 2024"]
    assert "a=990122101-2023&b=990122101-2024" in strings(page, "//table//tbody//a/@href")[0]  # the older one first
    assert strings(page, "//form[@class='pick']//input[@type='hidden']/@value") == ["990122101-2024"]


def test_a_name_that_fits_several_reports_is_a_choice(alike: FlaskClient) -> None:
    page = get(alike, "/compare?a=枫林镇&b=990122201-2024", status=300)

    assert text_of(page, "//table//tbody//td//a") == ["2023", "2024"]
    for link in strings(page, "//table//tbody//td//a/@href"):
        assert get(alike, link).xpath("//table[contains(@class, 'sides')]")


def test_a_key_of_two_texts_is_a_choice(make_client: MakeClient) -> None:
    page = get(make_client(*REPORTS), "/compare?a=990122101-2024&b=云门镇-2022", status=300)

    assert text_of(page, "//table//tbody//td//a") == ["2022 ~aaaa", "2022 ~bbbb"]


def test_the_same_report_twice_is_refused_with_others_to_choose(alike: FlaskClient) -> None:
    page = get(alike, "/compare?a=990122101-2023&b=枫林镇 2023", status=400)

    assert "同一份报告" in text_of(page, "//p[@role='note']")[0]
    assert text_of(page, "//table//tbody//td//a") == ["2024"]


def test_an_unknown_report_is_a_404_with_near_names(alike: FlaskClient) -> None:
    page = get(alike, "/compare?a=990122101-2023&b=枫林村", status=404)

    assert "没有找到“枫林村”的报告" in text_of(page, "//main")[0]
    assert get(alike, strings(page, "//section[@aria-labelledby='x-near']//a/@href")[0], status=300) is not None


@pytest.mark.parametrize("url", ["/compare?fate=x", "/compare?page=0", "/compare?a=x&a=y", f"/compare?a={'长' * 501}",
                                 "/overlap?sort=x", "/overlap?page=x", "/overlap.csv?sort=place", "/overlap?year=x",
                                 "/overlap/990122101-2024?page=x"])  # fmt: skip
def test_values_that_cannot_be_used_are_refused(alike: FlaskClient, url: str) -> None:
    assert alike.get(url).status_code == 400


def test_a_county_report_without_sections_or_figures_is_compared(make_client: MakeClient) -> None:
    county = Place(province="示例省", city="云川市", county="青溪县", code="990122")
    client = make_client(
        PAIR[0],
        {"key": "990122-2023", "year": 2023, "place": county, "level": Level.COUNTY, "title": None,
         "sections": [("s1", 1, None, None, "measures", "受理矛盾纠纷900起。")]},
        {"key": "990122301-2023", "year": 2023, "place": FENGLIN,
         "sections": [("s0", 0, None, None, "front", "　")]},
    )  # fmt: skip
    page = get(client, "/compare?a=990122101-2023&b=990122-2023")
    empty = get(client, "/compare?a=990122-2023&b=990122301-2023")

    assert text_of(page, "//tr[th='矛盾纠纷受理']/td") == ["127起", "900起", "报告的级别不同"]
    assert text_of(page, "//dl[@class='two']//dt")[1] == "后一份 · 青溪县 2023 年度"
    assert "仅前份" in text_of(empty, "//main")[0]
    assert get(client, "/overlap/990122301-2023") is not None


def test_a_long_comparison_has_pages(make_client: MakeClient) -> None:
    texts = {n: [f"第{at}项工作由{n}组办理。另有{at}件。" for at in range(500)] for n in (1, 2)}
    many = [
        {"key": f"99012210{n}-2023", "year": 2023, "place": FENGLIN,
         "sections": [(f"s{at}", 1, None, None, "measures", text) for at, text in enumerate(texts[n])]}
        for n in (1, 2)
    ]  # fmt: skip
    client = make_client(*many)
    page = get(client, "/compare?a=990122101-2023&b=990122102-2023")
    shown = "//table[contains(@class, 'sides')]//tbody/tr"

    assert len(page.xpath(shown)) == 150
    assert len(get(client, strings(page, "//a[@rel='next']/@href")[0]).xpath(shown)) == 150
    last = get(client, "/compare?a=990122101-2023&b=990122102-2023&page=7")
    assert len(last.xpath(shown)) == 100
    assert not last.xpath("//a[@rel='next']")
    assert "没有这一页" in text_of(get(client, "/compare?a=990122101-2023&b=990122102-2023&page=8"), "//main")[0]


# ---- shared wording


def test_reports_are_listed_with_shares_and_partners(alike: FlaskClient) -> None:
    page = get(alike, "/overlap?sort=place")
    rows = [text_of(row, "./th | ./td") for row in page.xpath("//table//tbody/tr")]

    assert [row[0] for row in rows] == ["枫林镇 2023 青溪县", "枫林镇 2024 青溪县", "柳溪乡 2024 青溪县"]
    assert rows[0][3].startswith("与 2024 逐句对照")
    assert rows[2][3] == "—"
    assert rows[2][4].startswith("与 枫林镇 202")
    for link in strings(page, "//table//tbody//a/@href"):
        assert alike.get(link).status_code == 200


def test_the_list_is_filtered_sorted_and_saved(alike: FlaskClient) -> None:
    page = get(alike, "/overlap?county=青溪县&year=2024&sort=elsewhere")

    assert len(page.xpath("//table//tbody/tr")) == 2
    assert len(page.xpath("//th[@aria-sort]")) == 1
    assert strings(page, "//select[@name='year']/option[@selected]/@value") == ["2024"]
    table = alike.get(strings(page, "//a[contains(@href, '.csv')]/@href")[0])
    assert table.mimetype == "text/csv"
    assert {line.split(",")[0] for line in table.text.splitlines()[1:]} == {"990122101-2024", "990122201-2024"}
    assert "没有这样的报告" in text_of(get(alike, "/overlap?county=无此县"), "//main")[0]
    assert "没有这一页" in text_of(get(alike, "/overlap?page=9"), "//main")[0]


def test_passages_stand_beside_those_of_other_reports(alike: FlaskClient) -> None:
    page = get(alike, "/overlap/990122201-2024")
    mine, theirs = text_of(page, "//article[@class='pass']//blockquote")

    assert f"{mine}。" == STORY.replace("老茶馆", "大榕树下").replace("两名", "三四名")
    assert "老茶馆" in theirs
    assert text_of(page, "//article//blockquote/em") == ["大榕树下", "三四", "老茶馆", "两"]
    assert "有改动 其他乡镇 · 见于另外 2 份报告" in text_of(page, "//article")[0]
    for link in strings(page, "//article//a/@href"):
        assert alike.get(link).status_code in {200, 302}


def test_set_phrases_are_told_apart(make_client: MakeClient) -> None:
    phrase = "坚持以习近平新时代中国特色社会主义思想为指导"
    places = [Place(county="青溪县", township=f"{n}号镇", code=f"99012210{n}") for n in range(8)]
    texts = ["甲乙丙丁", "戊己庚辛", "壬癸子丑", "寅卯辰巳", "午未申酉", "戌亥天地", "玄黄宇宙", "洪荒日月"]
    client = make_client(
        *(report(place, 2024, f"{text * 6}，{phrase}，{text * 6}") for place, text in zip(places, texts, strict=True))
    )
    page = get(client, "/overlap/990122100-2024")

    assert [phrase in text for text in text_of(page, "//section[@aria-labelledby='s-common']//tbody//td[1]")] == [True]
    assert text_of(page, "//section[@aria-labelledby='s-common']//tbody//td[2]") == ["7 份"]
    assert "没有 30 字以上" in text_of(page, "//main")[0]
    assert get(client, strings(page, "//section[@aria-labelledby='s-common']//tbody//a/@href")[0]) is not None


@pytest.mark.parametrize(("key", "status"), [("没有-2020", 404), ("枫林镇-2024", 302), ("%20", 404), ("a/b", 404)])
def test_an_unknown_report_has_no_passages(alike: FlaskClient, key: str, status: int) -> None:
    assert alike.get(f"/overlap/{key}").status_code == status


def test_an_empty_corpus_has_nothing_to_put_beside(make_client: MakeClient) -> None:
    client = make_client()

    assert "没有哪个乡镇有两年的报告" in text_of(get(client, "/compare"), "//main")[0]
    assert "没有这样的报告" in text_of(get(client, "/overlap"), "//main")[0]
    assert client.get("/overlap.csv").status_code == 200


# ---- ways in


def test_report_and_place_lead_to_comparison_and_shared_wording(alike: FlaskClient) -> None:
    links = strings(get(alike, "/r/990122101-2024"), "//nav[contains(@class, 'years')]//a/@href")

    assert TWO_YEARS in links
    assert {"/compare?a=990122101-2024", "/overlap/990122101-2024"} <= set(links)
    assert TWO_YEARS in strings(get(alike, "/place/990122101"), "//section[@aria-labelledby='p-years']//a/@href")
    assert not any("&b=" in link for link in strings(get(alike, "/r/990122101-2023"), "//nav//a/@href"))


def test_what_takes_long_is_said_and_there_when_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, may_go_on = build_engine(tmp_path / "index", *PAIR), threading.Event()
    overlaps = engine.overlaps
    monkeypatch.setattr(engine, "overlaps", lambda: may_go_on.wait(30) and overlaps())
    monkeypatch.setattr("fzsearch.web.alike._PATIENCE_S", 0.01)
    client = client_of(engine)

    for url in ("/overlap", "/overlap/990122101-2024"):
        waiting = client.get(url)
        assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "3")
        assert strings(html.document_fromstring(waiting.get_data()), "//meta[@http-equiv='refresh']/@content") == ["3"]
    may_go_on.set()
    assert client.get("/overlap.csv").status_code == 200  # this one waits
    monkeypatch.setattr("fzsearch.web.alike._PATIENCE_S", 30)
    assert client.get("/overlap").status_code == 200
    engine.close()
