"""The pages, as a reader's browser gets them."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from fzsearch.engine import EmbeddedEngine
from fzsearch.query import Facet
from fzsearch.service.asking import SearchRequest
from fzsearch.web.params import search_url
from tests.builders import build_engine, build_sections
from tests.web.conftest import REPORTS, MakeClient, client_of

_HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x00\u202e{{7*7}}&amp;</mark>"


def get(client: FlaskClient, url: str, status: int = 200) -> html.HtmlElement:
    response = client.get(url)
    assert response.status_code == status, response.text
    return html.document_fromstring(response.get_data())


def text_of(page: html.HtmlElement, xpath: str) -> list[str]:
    return [re.sub(r"\s+", " ", found.text_content()).strip() for found in page.xpath(xpath)]


def strings(page: html.HtmlElement, xpath: str) -> list[str]:
    found: Any = page.xpath(xpath)
    return [str(one) for one in found]


def search(text: str = "", **filters: str) -> str:
    return search_url(SearchRequest(text=text, filters={Facet(k): (v,) for k, v in filters.items()}))


# ---- first page


def test_home_counts_what_the_corpus_holds(client: FlaskClient) -> None:
    page = get(client, "/")

    assert "3 个乡镇、街道的 5 份报告，共 8 段" in page.text_content()
    assert text_of(page, "//ol[@class='hist']//span[@class='num']") == ["2", "2", "1"]
    assert "县未定" in page.text_content()


def test_every_link_of_every_page_works(client: FlaskClient) -> None:
    seen: set[str] = set()
    left = ["/", "/search", search("枫桥经验"), search("枫桥经验", year="1999"), "/r/990122101-2024?q=调解"]
    while left and len(seen) < 400:
        url = left.pop()
        seen.add(url)
        response = client.get(url)
        assert response.status_code in {200, 300, 302}, url
        if response.mimetype == "text/html" and response.status_code == 200:
            links = strings(html.document_fromstring(response.get_data()), "//a/@href | //link/@href")
            fresh = {link.partition("#")[0] for link in links} - seen - {""}
            left += sorted(link for link in fresh if link not in left)
    assert len(seen) > 100


def test_anchors_of_a_report_exist(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024?q=调解")
    ids = page.xpath("//@id")

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//a/@href") if link.startswith("#")} <= set(ids)


def test_home_without_reports_says_what_to_do(make_client: MakeClient) -> None:
    assert "语料里还没有报告" in get(make_client(), "/").text_content()


# ---- results


def test_search_shows_totals_of_literal_and_of_all_hits(client: FlaskClient) -> None:
    page = get(client, search("枫桥经验"))

    assert text_of(page, "//table[@class='totals']//tr[@class='lead']/td") == ["2", "2", "2"]
    assert text_of(page, "//table[@class='totals']//tbody/tr[2]/td") == ["2", "2", "3"]


def test_search_labels_hits_that_are_not_literal(client: FlaskClient) -> None:
    labels = [
        crumbs.rpartition("· ")[2] for crumbs in text_of(get(client, search("枫桥经验")), "//li[@class='hit']//ol")
    ]

    assert [label.endswith("逐字") and "非" not in label for label in labels] == [True, True, False]
    assert labels[2].endswith("非逐字：有“枫桥”“经验”两词，但不相连")


def test_search_marks_what_was_asked_for(client: FlaskClient) -> None:
    page = get(client, search("枫桥经验"))

    assert text_of(page, "//article[.//h3[@id='hit-1']]//mark") == ["枫桥经验"]
    assert "枫桥" in text_of(page, "//mark[@class='loose']")


def test_search_links_heading_and_permanent_address(client: FlaskClient) -> None:
    page = get(client, search("议事亭"))

    assert page.xpath("//h3/a/@href") == ["/r/990122101-2024?q=%E8%AE%AE%E4%BA%8B%E4%BA%AD#s1.1"]
    assert re.fullmatch(r"/r/990122101-2024/s1\.1@[0-9a-f]{8}", page.xpath("//a[@rel='bookmark']/@href")[0])


def test_search_facets_keep_the_query_and_count_sections(client: FlaskClient) -> None:
    page = get(client, search("调解", year="2024"))
    form = page.xpath("//aside[@id='facets']/form")[0]

    assert form.xpath("./input[@type='hidden'][@name='q']/@value") == ["调解"]
    assert form.xpath(".//input[@name='year'][@checked]/@value") == ["2024"]
    assert text_of(form, ".//label[input[@name='year']]") == ["20241 段", "20231 段"]


def test_search_constraint_bar_takes_each_condition_away(client: FlaskClient) -> None:
    page = get(client, search("枫桥经验 调解", year="2024"))

    assert text_of(page, "//a[@class='chip']") == [f"{x}（去掉这个条件）" for x in ("枫桥经验", "调解", "2024")]
    assert page.xpath("//a[@class='chip']/@href") == [
        search("调解", year="2024"), search("枫桥经验", year="2024"), search("枫桥经验 调解"),
    ]  # fmt: skip


def test_search_without_hits_explains_and_offers_links(client: FlaskClient) -> None:
    page = get(client, search("枫桥经验 普法", year="2023"))

    assert text_of(page, "//h1") == ["没有一段同时满足这些条件"]
    assert page.xpath("//a[text()='1 段']/@href") == [
        search("枫桥经验", year="2023"), search("普法"), search("枫桥经验 普法"),
    ]  # fmt: skip


def test_search_beyond_the_last_page_says_so(client: FlaskClient) -> None:
    page = get(client, "/search?page=9")

    assert "这一页没有段落：全部命中只有 8 段" in page.text_content()
    assert page.xpath("//a[@rel='prev']/@href") == ["/search"]


def test_search_pages_through_all_sections_once(client: FlaskClient) -> None:
    url, found = "/search?limit=3", []
    while url:
        page = get(client, url)
        found += page.xpath("//h3/a/@href")
        url = next(iter(page.xpath("//a[@rel='next']/@href")), "")

    assert len(found) == len(set(found)) == 8


def test_search_notes_what_was_read_otherwise(client: FlaskClient) -> None:
    assert "引号" in "".join(text_of(get(client, search("“枫桥")), "//p[@role='note']"))


@pytest.mark.parametrize("query", ["q=" + "法" * 501, "year=abc", "part=x", "sort=x", "page=0", "q=a&q=b", "limit=all"])
def test_search_with_bad_parameters_is_a_friendly_400(client: FlaskClient, query: str) -> None:
    page = get(client, f"/search?{query}", status=400)

    assert text_of(page, "//h1") == ["这个请求读不懂"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="枫桥()（）“”\"'|-:：或非 OR年县\x00\u202e<&", max_size=40)))
def test_search_for_any_text_answers(client: FlaskClient, text: str) -> None:
    for path in ("/search", "/api/v1/search", "/r/990122101-2024"):
        response = client.get(path, query_string={"q": text})

        assert response.status_code in {200, 400}
        if response.mimetype == "text/html":
            page = html.document_fromstring(response.get_data())
            assert not page.xpath("//script[not(starts-with(@src, '/static/'))] | //@onerror | //@onload | //@style")


# ---- a report


def test_report_shows_every_character_of_its_sections(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024?q=枫桥经验 调解")
    squeezed = re.sub(r"\s", "", "".join(page.xpath("//div[@class='text-body']")[0].itertext()))

    for _, _, _, _, _, text, *_ in REPORTS[0]["sections"]:
        assert re.sub(r"\s", "", text) in re.sub(r"s\d(\.\d)?(?=\D)", "", squeezed)


def test_report_outline_counts_matches_and_leads_through_them(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024?q=枫桥经验")

    assert text_of(page, "//nav[@class='outline']//b") == ["命中 1 处", "命中 2 处"]
    assert page.xpath("//nav[@class='jump']//ol//a/@href") == ["#h1"]
    assert text_of(page, "//mark[@id='h1']") == ["枫桥经验"]
    assert "逐字 1 处，非逐字 2 处" in page.text_content()


def test_report_leads_back_to_the_same_results(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024?q=枫桥经验&year=2024&sort=year")

    assert page.xpath("//a[text()='回到结果']/@href") == [search("枫桥经验", year="2024") + "&sort=year"]


def test_report_shows_where_values_were_read_and_what_is_missing(client: FlaskClient) -> None:
    text = " ".join(text_of(get(client, "/r/990122101-2024"), "//div[@class='aside']"))

    assert "正文，第 1 行" in text
    assert "year.title" in text
    assert "发文字号 文中未见" in text
    assert "举措成效有s1 标题" in text
    assert "下步安排未见" in text


def test_report_quotes_the_sentence_that_shows_a_content(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024")

    row = "//section[@aria-labelledby='a-part']//tr[th='不足原因']"
    assert text_of(page, row) == ["不足原因有s2 文中一句学“枫桥”不够，好经验少。"]
    assert page.xpath(f"{row}//a/@href") == ["#s2"]


def test_report_lists_its_figures_with_links_to_their_sections(client: FlaskClient) -> None:
    page = get(client, "/r/990122101-2024")
    rows = page.xpath("//section[@aria-labelledby='a-fig']//tr[td]")

    assert [text.strip() for text in rows[0].xpath("./*//text()") if text.strip()] == ["矛盾纠纷受理", "85起", "s1.1"]
    assert all(page.xpath(f"//section[@id='{row.xpath('.//a')[0].get('href')[1:]}']") for row in rows)


def test_report_of_an_ambiguous_place_lists_the_candidates(client: FlaskClient) -> None:
    page = get(client, "/r/石桥镇-2023")

    assert text_of(page, "//details[@id='amb']//tbody/tr/td") == ["990122105", "990221107"]
    assert "县未定，2 处候选" in page.text_content()


def test_report_shows_warnings_of_its_file(client: FlaskClient) -> None:
    assert "第 3 页读得不好" in get(client, "/r/990122101-2024").text_content()


def test_report_that_is_unknown_is_a_404(client: FlaskClient) -> None:
    assert "没有编号为“无此镇-2024”的报告" in get(client, "/r/无此镇-2024", status=404).text_content()


def test_key_of_several_reports_opens_a_choice(client: FlaskClient) -> None:
    page = get(client, "/r/云门镇-2022", status=300)
    links = page.xpath("//main//li/a/@href")

    assert len(links) == 2
    assert [client.get(link).status_code for link in links] == [200, 200]


# ---- hostile texts


def test_hostile_texts_stay_texts(make_client: MakeClient) -> None:
    client = make_client(
        {
            "key": "甲镇-2024", "title": f"标题{_HOSTILE}", "year": 2024,
            "place": {"township": _HOSTILE, "county": _HOSTILE},
            "file": f"{_HOSTILE.replace('/', '')}.txt", "issuers": (_HOSTILE,), "warnings": (_HOSTILE,),
            "sections": [("s1", 1, "一、", _HOSTILE, "measures", f"一、{_HOSTILE}\n正文{_HOSTILE}", [_HOSTILE])],
        }
    )  # fmt: skip
    for url in (
        "/",
        search(_HOSTILE),
        search("alert", topic=_HOSTILE, county=_HOSTILE),
        "/r/甲镇-2024?q=alert",
        "/help",
    ):
        body = client.get(url).text
        page = html.document_fromstring(body.encode())
        assert not page.xpath("//script[not(starts-with(@src, '/static/'))] | //img | //@onerror"), url
        assert "\x00" not in body
        assert "<script>" not in body
    assert "<script>alert(1)</script>" in get(client, "/r/甲镇-2024").text_content()


# ---- no index, several versions


def test_pages_without_an_index_say_which_command_to_run(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "none", lambda: pytest.fail("no clock needed"))
    client = client_of(engine, index=str(tmp_path / "none"))

    for url, status in (("/", 200), ("/search?q=普法", 503), ("/r/甲镇-2024", 503), ("/r/甲镇-2024/s1", 503)):
        page = get(client, url, status=status)
        assert text_of(page, "//pre") == [f"fzsearch index 语料目录 --index {tmp_path / 'none'}"]
        assert "索引没有打开" in page.text_content()


def test_pages_are_not_sent_again_while_the_index_is_the_same(tmp_path) -> None:
    engine = build_engine(tmp_path, REPORTS[0])
    client = client_of(engine)
    tag = client.get("/search").headers["ETag"]
    same = client.get("/search", headers={"If-None-Match": tag}).status_code
    engine.replace_all(build_sections(*REPORTS), state="")

    assert same == 304
    assert client.get("/search", headers={"If-None-Match": tag}).status_code == 200
    engine.close()
