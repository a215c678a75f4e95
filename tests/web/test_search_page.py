"""Facets, histogram, grouping, pages and exports of a search: every number is what its link finds."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fzsearch.model import RECOGNISED, Place, Provenance
from fzsearch.query import Facet
from fzsearch.service.asking import Group, SearchRequest
from fzsearch.web.params import search_url
from tests.web.conftest import MakeClient
from tests.web.pages import counted, get, number, strings, text_of

QUERIES = [
    {"q": "枫桥经验"},
    {"q": "法治 建设", "year": "2024"},
    {"q": "", "county": "青溪县"},
    {"q": "调解", "township": "枫林镇", "topic": "人民调解"},
]


@pytest.mark.parametrize("asked", QUERIES)
def test_counts_of_options_equal_a_search_for_that_option_alone(app: Flask, asked: dict[str, str]) -> None:
    client = app.test_client()
    page = get(client, f"/search?{urlencode(asked)}")
    labels = page.xpath("//aside[@id='facets']//label")
    assert len(labels) > 10
    for label in labels[::3]:
        box = label.xpath("input")[0]
        alone = {**asked, box.get("name"): box.get("value")}
        assert counted(client, f"/search?{urlencode(alone)}")["sections"] == number(
            label.xpath("span[@class='count']")[0].text_content()
        )


def test_totals_of_the_page_are_those_of_the_api(app: Flask) -> None:
    client = app.test_client()
    page = get(client, "/search?q=枫桥经验")
    api = client.get("/api/v1/search?q=枫桥经验").get_json()

    for row, kind in ((1, "exact"), (2, "total")):
        shown = list(map(number, text_of(page, f"//table[@class='totals']//tbody/tr[{row}]/td")))
        assert shown == [api[kind][name] for name in ("townships", "reports", "sections")]


def test_columns_of_the_histogram_equal_a_search_for_that_year(app: Flask) -> None:
    client = app.test_client()
    for column in get(client, "/search?q=枫桥经验").xpath("//ol[@class='hist']/li/a"):
        assert counted(client, column.get("href"))["sections"] == number(column.xpath("span[@class='num']")[0].text)


def test_nothing_found_offers_no_button_without_choices(app: Flask) -> None:
    client = app.test_client()
    button = "//aside[@id='facets']//button | //main//a[@href='#facets']"
    assert not get(client, "/search?q=龘靐齉爩").xpath(button)
    assert get(client, "/search?q=龘靐齉爩&year=2023").xpath(button)  # the chosen year can be taken back
    assert get(client, "/search?q=法治").xpath(button)


def test_selected_options_are_always_in_sight(app: Flask) -> None:
    topics = [one["value"] for one in app.test_client().get("/api/v1/search").get_json()["facets"]["topic"]]
    page = get(app.test_client(), f"/search?{urlencode({'topic': topics[-1]})}")
    box = page.xpath(f"//input[@type='checkbox'][@name='topic'][@value='{topics[-1]}']")[0]

    assert box.get("checked") is not None
    assert not [one for one in box.iterancestors("details") if one.get("open") is None]


def test_topics_stand_under_their_groups(app: Flask) -> None:
    page = get(app.test_client(), "/search")
    groups = text_of(page, "//p[@class='grp']")

    assert {"党的领导", "行政执法"} <= set(groups)


# ---- places


def nodes(page, xpath: str = "//ul[@class='tree']") -> list[str]:
    return [text.split(" 段")[0] for text in text_of(page, f"{xpath}/li/label")]


def test_places_hang_below_each_other(app: Flask) -> None:
    page = get(app.test_client(), "/search")
    below = "//ul[@class='tree']//label[input[@value='%s']]/following-sibling::*//label"

    assert "枫林镇" in "".join(text_of(page, below % "青溪县"))
    assert "青溪县" in "".join(text_of(page, below % "云川市"))
    assert "云川市" in "".join(text_of(page, below % "示例省"))


def test_a_name_of_several_places_says_whose_it_is(make_client: MakeClient) -> None:
    def a_report(number: int, **place: Any) -> dict[str, object]:
        return {"key": f"k{number}", "place": Place(**place), "sections": [("s1", 1, None, None, "other", "正文")]}

    client = make_client(
        a_report(1, province="甲省", city="甲市", county="白云区", township="太平镇", code="110000001"),
        a_report(2, province="乙省", city="乙市", county="白云区", township="太平镇", code="220000001"),
        a_report(3, province="重庆市", city="重庆市", county="沙区", township="南镇", code="500000001"),
        a_report(4, township="太平镇"),
    )
    page = get(client, "/search")
    labels = "".join(text_of(page, "//ul[@class='tree']//label"))

    assert "白云区（乙市、甲市）2" in labels
    assert "太平镇（县未定、白云区）3" in labels
    assert labels.count("重庆市") == 1
    assert "县未定1" in labels


def test_levels_with_too_many_places_wait_for_a_choice(make_client: MakeClient) -> None:
    def a_report(number: int) -> dict[str, object]:
        place = Place(province=f"{number % 3}省", county=f"{number % 9}县", township=f"{number}镇")
        return {"key": f"k{number:03}", "place": place, "sections": [("s1", 1, None, None, "other", "正文")]}

    client = make_client(*map(a_report, range(180)))
    everything, one_county = get(client, "/search"), get(client, "/search?county=4县")

    assert "先选大的" in text_of(everything, "//aside")[0]
    assert not everything.xpath("//input[@name='township']")
    assert len(one_county.xpath("//input[@name='township']")) == 20


# ---- groups, sizes, pages


def test_grouping_by_report_keeps_the_hits_and_their_order(app: Flask) -> None:
    client = app.test_client()
    flat, grouped = get(client, "/search?q=调解&limit=20"), get(client, "/search?q=调解&limit=20&group=report")
    hrefs = strings(flat, "//li[@class='hit']//h3/a/@href")
    first_of_groups = strings(grouped, "//section[@class='of-report']//li[@class='hit'][1]//h4/a/@href")
    reports = list(dict.fromkeys(href.partition("?")[0] for href in hrefs))

    assert len(reports) > 1
    assert [href.partition("?")[0] for href in first_of_groups] == reports
    found = strings(grouped, "//li[@class='hit']//h4/a/@href")
    assert {href.replace("&group=report", "") for href in found} == set(hrefs)


def test_grouping_stays_in_the_links(app: Flask) -> None:
    page = get(app.test_client(), "/search?q=调解&group=report&limit=20")
    ways = strings(page, "//ol[@class='hist']//a/@href | //nav[@class='pages']/a/@href")

    assert ways
    assert all("group=report" in url and "limit=20" in url for url in ways)
    assert page.xpath("//form[@aria-label='筛选']/input[@name='group']/@value") == ["report"]


def test_first_last_previous_and_next_page(app: Flask) -> None:
    request = SearchRequest(text="法治")
    total = counted(app.test_client(), search_url(request))["sections"]
    page = get(app.test_client(), "/search?q=法治&page=2")
    last = -(-total // 10)

    assert strings(page, "//a[@rel='first']/@href") == strings(page, "//a[@rel='prev']/@href") == [search_url(request)]
    assert strings(page, "//a[@rel='next']/@href")[0].endswith("page=3")
    assert strings(page, "//a[@rel='last']/@href")[0].endswith(f"page={last}")


# ---- exports, labels, nothing found


def test_csv_holds_all_hits_and_says_what_was_asked(app: Flask) -> None:
    client = app.test_client()
    url = strings(get(client, "/search?q=枫桥经验&year=2024&page=1&group=report"), "//a[contains(., 'CSV')]/@href")[0]
    response = client.get(url)
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))
    hits = client.get("/api/v1/search?q=枫桥经验&year=2024&limit=all").get_json()["hits"]

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert [row["id"] for row in rows] == [hit["id"] for hit in hits]
    assert {row["query"] for row in rows} == {"枫桥经验"}
    assert {row["filters"] for row in rows} == {"year=2024"}


def test_a_hit_from_a_scan_says_so(make_client: MakeClient) -> None:
    scan = {"key": "k", "title": "甲", "sections": [("s1", 1, None, None, "other", "调解")]}
    found = (Provenance(field="text", rule=RECOGNISED, source="text", text="第 1 页"),)

    assert "OCR 识别" in text_of(get(make_client({**scan, "provenance": found}), "/search?q=调解"), "//main")[0]
    assert "OCR" not in text_of(get(make_client(scan), "/search?q=调解"), "//main")[0]


def test_csv_has_no_formula(make_client: MakeClient) -> None:
    client = make_client(
        {"key": "k", "title": "=1+1", "sections": [("s1", 1, None, None, "other", "@SUM(A1)")], "file": "=x.txt"}
    )
    (row,) = csv.DictReader(io.StringIO(client.get("/search.csv").text.lstrip("\ufeff")))

    assert (row["title"], row["text"], row["file"]) == ("'=1+1", "'@SUM(A1)", "'=x.txt")


@pytest.mark.parametrize("query", ["yaer=2024", "year=abc", "limit=-1", "group=report"])
def test_csv_refuses_what_it_does_not_know(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search.csv?{query}").status_code == 400


def test_json_link_gives_the_hits_of_the_page(app: Flask) -> None:
    client = app.test_client()
    page = get(client, "/search?q=调解&page=2&group=report")
    found = client.get(strings(page, "//a[contains(., 'JSON')]/@href")[0]).get_json()

    assert len(found["hits"]) == len(page.xpath("//li[@class='hit']"))


def test_hits_found_by_title_say_so(client: FlaskClient) -> None:
    labels = text_of(get(client, "/search?q=石桥镇 枫桥经验"), "//span[@class='tag dash']")

    assert labels == ["非逐字：报告标题或地名含“石桥镇”"]


def test_nothing_found_offers_any_word_and_no_filters(client: FlaskClient) -> None:
    page = get(client, search_url(SearchRequest(text="议事亭 社区", filters={Facet.PART: ("measures",)})))
    links = dict(zip(text_of(page, "//main//li/a"), strings(page, "//main//li/a/@href"), strict=True))

    assert counted(client, links["改为有任一词即可"])["sections"] > 0
    assert links["去掉全部筛选再查"] == search_url(SearchRequest(text="议事亭 社区"))


def test_fields_alone_are_not_labelled(client: FlaskClient) -> None:
    assert "逐字" not in "".join(text_of(get(client, "/search?q=年:2024"), "//li[@class='hit']"))


def test_group_of_a_request_is_named_in_its_address() -> None:
    assert search_url(SearchRequest(group=Group.REPORT)) == "/search?group=report"
