"""The page of figures, and figures on the page of a place."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.builders import build_engine
from tests.figures_data import FENGLIN, FIRST, LIUXI, REPORTS, SECOND, UNUSED, report
from tests.web.conftest import MakeClient, client_of
from tests.web.pages import get, number, strings, text_of


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over reports with figures."""
    engine = build_engine(tmp_path_factory.mktemp("figures") / "index", *REPORTS)
    yield client_of(engine)
    engine.close()


def test_without_an_indicator_all_are_offered_with_their_counts(stated: FlaskClient) -> None:
    page = get(stated, "/figures?year=2024")

    assert f"{FIRST.name}（7）" in text_of(page, "//select[@name='indicator']//option")
    assert f"{UNUSED.name}未见" in text_of(page, "//section//tr[td]")
    for link in page.xpath("//section//th/a"):
        shown = number(link.xpath("../../td")[0].text_content())
        assert f"写了 {shown} 个数字" in text_of(get(stated, link.get("href")), "//main")[0]


def test_an_indicator_has_distribution_ranking_course_and_sentences(stated: FlaskClient) -> None:
    page = get(stated, f"/figures?indicator={FIRST.id}")

    assert "3 个乡镇、街道的 5 份报告写了 9 个数字，其中 6 个可以比较（单位：件）" in text_of(page, "//main")[0]
    assert text_of(page, "//section[@aria-labelledby='f-year']/p[1]/a") == ["2023", "2022"]
    earlier = get(stated, strings(page, "//section[@aria-labelledby='f-year']/p[1]/a/@href")[0])
    assert text_of(earlier, "//h2")[0] == "2023 年度：分布和名次"
    ranking = "//section[@aria-labelledby='f-year']//tbody/tr"
    assert text_of(page, ranking) == [
        "1云门镇 县未定1,000件以上", "2枫林镇 青溪县99件", "2柳溪乡 青溪县99件", "4枫林镇 青溪县40余件",
    ]  # fmt: skip
    assert text_of(page, "//section[@aria-labelledby='f-years']//tbody/tr") == [
        "枫林镇 青溪县70件85件99件；40余件", "柳溪乡 青溪县——99件", "云门镇 县未定——1,000件以上",
    ]  # fmt: skip
    assert len(page.xpath("//section[@aria-labelledby='f-all']//tbody/tr")) == 9


def test_plot_has_a_mark_for_each_figure_and_hollow_ones_for_approximate(stated: FlaskClient) -> None:
    page = get(stated, f"/figures?indicator={FIRST.id}")
    plot = page.xpath("//section[@aria-labelledby='f-year']//svg")[0]

    assert len(plot.xpath(".//circle")) == 4
    assert len(plot.xpath(".//circle[@class='approx']")) == 2
    assert strings(plot, "./title/text()") == [f"{FIRST.name}，2024 年度"]
    assert "最大 1,000件以上（云门镇）" in text_of(plot, "./desc")[0]
    trend = page.xpath("//ul[@class='trends']/li/svg")
    assert [one.get("aria-label") for one in trend] == ["2022 年 70件，2023 年 85件，2024 年 99件，2024 年 40余件"]
    assert trend[0].xpath("./path/@d")[0].count("M") == 1  # 2024 has two values: no line leads there
    assert not page.xpath("//*[@style]")


def test_every_value_leads_to_its_sentence(stated: FlaskClient) -> None:
    for url in (f"/figures?indicator={FIRST.id}", "/place/990122101"):
        page = get(stated, url)
        rows = page.xpath("//table//a[contains(@href, '/r/') and contains(@href, '#h1')]")
        assert len(rows) >= 4
        for link in rows:
            marked = get(stated, link.get("href")).xpath("//mark[@id='h1']")[0].text_content()
            shown = link.text_content()
            assert shown == "有" or "".join(filter(str.isdigit, shown)) in marked


def test_what_is_not_compared_says_why(stated: FlaskClient) -> None:
    page = get(stated, f"/figures?indicator={FIRST.id}&year=2024&sort=value")
    remarks = text_of(page, "//section[@aria-labelledby='f-all']//tbody/tr/td[last()]")

    assert remarks == ["约数", "", "", "约数", "单位或报告的级别不同", "是另一个数的一部分", "村、社区"]


@pytest.mark.parametrize(
    ("sort", "first"), [("value", "1,000件以上"), ("place", "99件"), ("year", "1,000件以上")],
)  # fmt: skip
def test_the_list_is_sorted_by_its_headings(stated: FlaskClient, sort: str, first: str) -> None:
    page = get(stated, f"/figures?indicator={FIRST.id}&sort={sort}")
    rows = "//section[@aria-labelledby='f-all']//"

    assert text_of(page, f"{rows}tbody/tr[1]/td[2]") == [first]
    assert len(page.xpath(f"{rows}th[@aria-sort]")) == 1
    links = strings(page, f"{rows}thead//a/@href")
    assert len(links) == 2
    assert all(get(stated, link) is not None for link in links)


def test_filters_are_those_of_a_search_and_stay(stated: FlaskClient) -> None:
    page = get(stated, f"/figures?indicator={FIRST.name}&county=青溪县&topic=普法&year=2023&year=2024&q=办理")

    assert "2 个乡镇、街道的 3 份报告写了 7 个数字" in text_of(page, "//main")[0]
    assert strings(page, "//select[@name='county']/option[@selected]/@value") == ["青溪县"]
    hidden = page.xpath("//form[@class='pick']//input[@type='hidden']")
    assert {(one.get("name"), one.get("value")) for one in hidden} == {
        ("topic", "普法"), ("year", "2023"), ("year", "2024"),
    }  # fmt: skip
    assert "还有条件：年度 2023，年度 2024，主题 普法" in text_of(page, "//form[@class='pick']")[0]


def test_unknown_indicator_is_a_404_with_near_names(stated: FlaskClient) -> None:
    page = get(stated, f"/figures?indicator={FIRST.name[:-1]}&year=2024", status=404)

    assert any("year=2024" in link for link in strings(page, "//main//a/@href"))
    assert stated.get("/api/v1/figures?indicator=x").get_json()["error"]["code"] == "not_found"
    assert stated.get("/figures.csv?indicator=x").status_code == 404


@pytest.mark.parametrize("url", ["/figures?year=x", "/figures?sort=x", "/figures?page=0", "/api/v1/figures?limit=3"])
def test_values_that_cannot_be_used_are_refused(stated: FlaskClient, url: str) -> None:
    assert stated.get(url).status_code == 400


def test_nothing_found_is_said(stated: FlaskClient, make_client: MakeClient) -> None:
    assert "这个范围里没有报告写了这个数" in text_of(get(stated, f"/figures?indicator={UNUSED.id}"), "//main")[0]
    assert "没有这一页" in text_of(get(stated, f"/figures?indicator={FIRST.id}&page=9"), "//main")[0]
    empty = make_client()
    for url in ("/figures", f"/figures?indicator={FIRST.id}", "/figures.csv", "/api/v1/figures", "/figures?county=x"):
        assert empty.get(url).status_code == 200


def test_as_json_and_csv(stated: FlaskClient) -> None:
    shape = stated.get(f"/api/v1/figures?indicator={SECOND.id}").get_json()
    table = stated.get(f"/figures.csv?indicator={SECOND.name}")

    assert [one["value"] for one in shape["figures"]] == [26.0]
    assert table.get_data(as_text=True).count("\r\n") == 2
    assert "attachment" in table.headers["Content-Disposition"]


def test_many_figures_are_heaped_listed_by_pages_and_cut_with_notice(make_client: MakeClient) -> None:
    reports = [
        report(
            f"{code}-2024",
            2024,
            replace(LIUXI, township=f"乡{code}", code=str(code)),
            (FIRST, code % 70, "件", ""),
        )
        for code in range(990122001, 990122121)
    ]
    client = make_client(*reports)
    page = get(client, f"/figures?indicator={FIRST.id}")

    assert len(page.xpath("//svg[@class='plot']//circle")) == 120
    assert "另有 70 行没有列出" in text_of(page, "//main")[0]
    pages = [page]
    while onward := strings(pages[-1], "//a[@rel='next']/@href"):
        pages.append(get(client, onward[0]))
    assert [len(one.xpath("//section[@aria-labelledby='f-all']//tbody/tr")) for one in pages] == [50, 50, 20]


# ---- the page of a place


def test_place_shows_figures_over_time_and_which_contents_are_there(stated: FlaskClient) -> None:
    page = get(stated, f"/place/{FENGLIN.code}")

    assert text_of(page, "//section[@aria-labelledby='p-figures']//tbody/tr") == [f"{FIRST.name}70件85件99件；40余件"]
    assert text_of(page, "//section[@aria-labelledby='p-contents']//tbody/tr") == [
        "举措成效有有有", "不足原因未见未见未见", "第一责任人未见未见未见", "下步安排未见未见未见", "其他未见未见未见",
    ]  # fmt: skip
    link = strings(page, "//section[@aria-labelledby='p-figures']//th/a/@href")[0]
    assert "township=990122101" in link
    assert "4 个可以比较" in text_of(get(stated, link), "//main")[0]


def test_place_without_figures_and_contents_says_nothing_of_them(make_client: MakeClient) -> None:
    plain = report("990122101-2024", 2024, FENGLIN) | {"contents": ()}
    page = get(make_client(plain), "/place/990122101")

    assert not page.xpath("//section[@aria-labelledby='p-figures' or @aria-labelledby='p-contents']")
