"""Citations, and the basket without script: adding, changing, undoing, sharing, exporting, and what is refused."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from fzsearch.brief import Basket, Choice, Heading, Line, pack_basket, unpack_basket, write_basket
from fzsearch.cite import STYLES
from fzsearch.web.security import POST_LIMITS
from tests.builders import build_engine
from tests.web.conftest import REPORTS, MakeClient, client_of
from tests.web.pages import get, strings, text_of

KEY = "990122101-2024"


def permalink(client: FlaskClient, path: str = "s1.1", key: str = KEY) -> str:
    """The permanent address of a section of the site."""
    (found,) = strings(get(client, f"/r/{key}"), f"//section[@id='{path}']/@data-address")
    return found


def post(client: FlaskClient, **fields: Any) -> html.HtmlElement:
    """The page that answers a form."""
    response = client.post("/brief", data=fields)
    assert response.status_code == 200, response.text
    return html.document_fromstring(response.get_data())


def kept(page: html.HtmlElement) -> dict[str, Any]:
    """The basket that a page holds."""
    (stored,) = strings(page, "//input[@name='basket']/@value")
    found: dict[str, Any] = json.loads(stored)
    return found


def stored(page: html.HtmlElement) -> str:
    return strings(page, "//input[@name='basket']/@value")[0]


def tags(page: html.HtmlElement) -> list[str]:
    """The states of the passages."""
    return text_of(page, "//li[contains(@class, 'is-passage')]//li[@class='dot']/span")


def said(page: html.HtmlElement) -> str:
    return " ".join(text_of(page, "//*[@id='said']"))


@pytest.fixture(scope="module")
def basket(client: FlaskClient) -> str:
    """A heading, a line, a whole section and a sentence."""
    address = permalink(client)
    items = (Heading("一、做法"), Line("自己的话。"), Choice(address), Choice(address, "全年调解纠纷85起"))
    return write_basket(Basket(title="摘编", search="/search?q=枫桥经验&year=2024", items=items))


# ---- citing


@pytest.mark.parametrize("style", STYLES)
def test_a_citation_is_plain_text_in_every_style(client: FlaskClient, style: str) -> None:
    response = client.get("/cite", query_string={"address": permalink(client), "style": style})

    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert "枫林镇2024年度法治政府建设情况的报告" in response.text


def test_the_page_of_citations_holds_every_style_and_says_that_links_are_relative(client: FlaskClient) -> None:
    page = get(client, f"/cite?address={permalink(client)}")

    assert len(text_of(page, "//div[@class='cite-box']//dd")) == len(STYLES)
    assert "GB/T 7714—2025" in text_of(page, "//dt")[0]
    assert "相对地址" in page.text_content()
    assert strings(page, "//a[@data-add]/@data-add") == [permalink(client)]


def test_with_a_base_address_links_are_whole(make_client: MakeClient) -> None:
    client = make_client(*REPORTS, base_url="http://10.0.0.8:8000")
    page = get(client, f"/cite?address={permalink(client)}")

    assert "http://10.0.0.8:8000/r/990122101-2024/s1.1@" in page.text_content()
    assert "相对地址" not in page.text_content()


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("address=/r/none-2024", 404, "没有"), ("address=/r/云门镇-2022", 404, "几份"), ("", 404, "没有"),
        (f"address=/r/{KEY}&style=mla", 400, "gbt2025"), (f"address=/r/{KEY}/s1@00000000", 200, "已改动"),
    ],
)  # fmt: skip
def test_citations_of_what_is_not_there_or_changed(client: FlaskClient, query: str, status: int, words: str) -> None:
    assert words in get(client, f"/cite?{query}", status).text_content()


@pytest.mark.parametrize("path", ["/search?q=枫桥", "/search?q=枫桥&group=report", "/r/990122101-2024?q=枫桥"])
def test_every_hit_and_section_offers_citing_and_adding(client: FlaskClient, path: str) -> None:
    page = get(client, path)
    places = page.xpath("//li[@class='hit'] | //div[contains(@class, 'text-body')]/section")

    assert places
    for place in places:
        assert place.xpath(".//a[@data-cite]/@href")[0].startswith("/cite?address=%2Fr%2F")
        link = place.xpath(".//a[@data-add]")[-1]
        assert tags(get(client, link.get("href"))) == ["一致"]


def test_paragraphs_of_a_section_are_cited_one_by_one(client: FlaskClient) -> None:
    link = strings(get(client, f"/r/{KEY}"), "//section[@id='s1.1']/a[contains(@class, 'par')]/@href")[1]
    page = get(client, link)

    assert strings(page, "//a[@data-add]/@data-add")[0].startswith(f"/r/{KEY}/s1.1/p2@")
    added = get(client, strings(page, "//a[@data-add]/@href")[0])
    assert text_of(added, "//blockquote") == ["在村口设议事亭。"]


# ---- the basket: what is shown


def test_a_basket_shows_text_place_year_state_and_citation(client: FlaskClient, basket: str) -> None:
    page = post(client, basket=basket)
    words = page.text_content()

    assert [strings(page, f"//*[@name='text-{n}']/@value") for n in (1,)] == [["一、做法"]]
    assert text_of(page, "//blockquote")[1] == "全年调解纠纷85起"
    for part in ("示例省", "枫林镇", "2024", "[R]. 2025-01-12.", permalink(client)):
        assert part in words
    assert tags(page) == ["一致", "一致"]
    assert kept(page)["items"][2]["was"].startswith("（一）坚持")


def test_what_changed_moved_or_went_is_told(client: FlaskClient) -> None:
    current = permalink(client)
    items = (
        Choice(f"/r/{KEY}/s1.1@00000000", was="（一）坚持“枫桥经验”。全年调解纠纷90起，普法26场次。"),
        Choice(f"/r/{KEY}/s9@{current[-8:]}"), Choice(f"/r/{KEY}/s99@00000000", "旧文"),
        Choice("/r/云门镇-2022/s1"), Choice(current, "改过的一句"), Choice("不是地址"),
    )  # fmt: skip
    page = post(client, basket=write_basket(Basket(items=items)))

    assert tags(page) == ["已改动", "已移动", "已移除", "多处", "与原文不符", "已移除"]
    assert text_of(page, "//del")
    assert text_of(page, "//ins")
    for number in (1, 2, 4):
        order = strings(page, f"//li[@id='i{number}']//button[contains(@value, ' /r/')]/@value")[0]
        page = post(client, basket=stored(page), do=order)
    assert tags(page) == ["一致", "一致", "已移除", "一致", "与原文不符", "已移除"]


# ---- the basket: what is changed


def test_orders_move_remove_and_insert(client: FlaskClient, basket: str) -> None:
    page = post(client, basket=basket, do="move 1 2")
    assert [next(iter(one)) for one in kept(page)["items"]] == ["line", "heading", "address", "address"]
    assert said(page) == "已把第 1 条移到第 2 条"
    assert strings(page, "//*[@autofocus]/@aria-label") == ["第 2 条下移"]
    page = post(client, basket=stored(page), do="remove 3")
    page = post(client, basket=stored(page), do="heading 1")
    assert strings(page, "//*[@autofocus]/@name") == ["text-1"]
    page = post(client, basket=stored(page), do="line 5")

    assert [next(iter(one)) for one in kept(page)["items"]] == ["heading", "line", "heading", "address", "line"]


def test_what_is_typed_is_kept_by_every_button(client: FlaskClient, basket: str) -> None:
    page = post(client, **{"basket": basket, "do": "move 1 2", "title": "新题", "text-1": "二、", "text-2": "甲\r\n乙"})

    assert kept(page)["title"] == "新题"
    assert kept(page)["items"][:2] == [{"line": "甲\n乙"}, {"heading": "二、"}]


def test_a_passage_can_be_cut_to_a_sentence_and_is_compared(client: FlaskClient, basket: str) -> None:
    page = post(client, basket=basket)
    whole = text_of(page, "//textarea[@name='text-3']")[0]
    same = post(client, **{"basket": stored(page), "text-3": kept(page)["items"][2]["was"].replace("\n", "\r\n")})
    cut = post(client, **{"basket": stored(page), "text-3": " 普法26场次。\r\n"})
    wrong = post(client, **{"basket": stored(page), "text-3": "普法27场次。"})

    assert "quote" not in kept(same)["items"][2]
    assert whole.startswith("（一）坚持")
    assert text_of(cut, "//li[@id='i3']//blockquote") == ["普法26场次。"]
    assert tags(wrong)[0] == "与原文不符"


def test_undo_leads_back_and_forth(client: FlaskClient, basket: str) -> None:
    first = stored(post(client, basket=basket))
    cleared = post(client, basket=first, do="clear")
    back = post(client, basket=stored(cleared), before=strings(cleared, "//input[@name='before']/@value")[0], do="undo")
    again = post(client, basket=stored(back), before=strings(back, "//input[@name='before']/@value")[0], do="undo")

    assert kept(cleared)["items"] == []
    assert stored(back) == first
    assert kept(again)["items"] == []
    assert said(post(client, basket=first, do="undo")) == "没有可撤销的"


def test_links_that_are_pasted_become_passages_once(client: FlaskClient, basket: str) -> None:
    other = permalink(client, "s2")
    page = post(client, basket=basket, do="add", links=f"见 http://10.0.0.8{other}，\n{permalink(client)}。")

    assert [one.get("address") for one in kept(page)["items"]][-1] == other
    assert len(kept(page)["items"]) == 5
    assert "形如" in said(post(client, basket=basket, do="add", links="没有链接"))


def test_an_address_without_the_hash_of_its_text_gets_it(client: FlaskClient) -> None:
    """Else nobody would ever know that the text changed."""
    page = get(client, f"/brief?add=/r/{KEY}/s1.1&add=/r/{KEY}&add=/r/云门镇-2022")
    found = [one["address"] for one in kept(page)["items"]]

    assert found[0] == permalink(client)
    assert re.fullmatch(f"/r/{KEY}@[0-9a-f]{{8}}", found[1])
    assert found[2] == "/r/云门镇-2022"


def test_a_link_adds_and_keeps_the_search(client: FlaskClient) -> None:
    page = get(client, strings(get(client, "/search?q=枫桥经验"), "//a[@data-add][contains(., '本页')]/@href")[0])

    assert len(kept(page)["items"]) == 3
    assert kept(page)["search"].startswith("/search?q=")
    assert page.xpath("//form[@data-incoming]")


@pytest.mark.parametrize(
    "order", ["move 9 1", "move 1 9", "move 1 0", "move 1 x", "remove 0", "keep 1 /r/x", "keep 3 x"]
)
def test_an_order_from_an_old_page_changes_nothing_and_says_so(client: FlaskClient, basket: str, order: str) -> None:
    first = stored(post(client, basket=basket))
    page = post(client, basket=first, do=order)

    assert stored(page) == first
    assert said(page)


@pytest.mark.parametrize("order", ["", "fly 1", "move", "move １ 2", "clear 1", "x" * 5000, "remove 99999"])
def test_an_unknown_order_is_refused(client: FlaskClient, basket: str, order: str) -> None:
    assert client.post("/brief", data={"basket": basket, "do": order}).status_code == 400


@pytest.mark.parametrize("sent", ["no json", "[]", '{"fzsearch":2,"items":[]}', '{"fzsearch":1,"items":[{"line":3}]}'])
def test_a_broken_basket_is_refused(client: FlaskClient, sent: str) -> None:
    assert client.post("/brief", data={"basket": sent}).status_code == 400
    assert client.post("/brief", data={"basket": "", "before": sent, "do": "undo"}).status_code == 400


# ---- sharing and files


def test_a_basket_travels_by_link_and_by_file(client: FlaskClient, basket: str) -> None:
    page = post(client, basket=basket)
    shared = get(client, strings(page, "//a[starts-with(@href, '/brief?basket=')]/@href")[0])
    file = client.post("/brief", data={"basket": stored(page), "do": "file"})
    opened = post(client, basket="", do="open", file=(BytesIO(file.data), "篮.json"))

    assert stored(shared) == stored(page) == stored(opened)
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert json.loads(file.data)["title"] == "摘编"
    assert all(one.xpath("//form[@data-incoming]") for one in (shared, opened))


def test_a_link_keeps_what_the_corpus_does_not_know_any_more(client: FlaskClient) -> None:
    items = (Choice(permalink(client)), Choice(f"/r/{KEY}/s1.1@00000000", was="旧的文字。"))
    page = post(client, basket=write_basket(Basket(items=items)))
    link = strings(page, "//a[starts-with(@href, '/brief?basket=')]/@href")[0]

    assert unpack_basket(link.partition("=")[2]).items == items
    assert stored(get(client, link)) == stored(page)


def test_a_file_that_is_no_basket_leaves_the_present_one(client: FlaskClient, basket: str) -> None:
    for data in (b"\x89PNG", b"{}", b""):
        page = post(client, basket=basket, do="open", file=(BytesIO(data), "x.json"))
        assert len(kept(page)["items"]) == 4
        assert "摘录篮文件" in said(page)
    assert "没有选文件" in said(post(client, basket=basket, do="open"))


def test_a_long_basket_is_no_link_and_says_so(client: FlaskClient) -> None:
    items = tuple(Line(f"{n}：{hash((n, 'x')):x}{hash((n, 'y')):x}") for n in range(500))
    page = post(client, basket=write_basket(Basket(items=items)))

    assert "存为文件发给别人" in page.text_content()
    assert not page.xpath("//a[starts-with(@href, '/brief?basket=')]")


@pytest.mark.parametrize("packed", ["x", "é", "eJyrVkrMSVWyUjI0AgAUxgNz", "%00", "A" * 9000])
def test_a_broken_link_is_refused(client: FlaskClient, packed: str) -> None:
    assert client.get("/brief", query_string={"basket": packed}).status_code == 400


def test_a_small_link_cannot_become_a_large_basket(client: FlaskClient) -> None:
    bomb = pack_basket(Basket(items=(Line("啊" * 20_000),) * 60))

    assert bomb is not None
    assert client.get("/brief", query_string={"basket": bomb}).status_code == 400


# ---- export


@pytest.mark.parametrize(("form", "begin"), [("docx", b"PK"), ("md", "# 摘编".encode()), ("txt", "摘编".encode())])
def test_exports_are_attachments_named_by_the_title(client: FlaskClient, basket: str, form: str, begin: bytes) -> None:
    response = client.post("/brief", data={"basket": basket, "do": f"export {form}", "title": "摘编/：<一>"})

    assert response.status_code == 200
    assert response.data.startswith(begin)
    assert f"%E6%91%98%E7%BC%96_%EF%BC%9A_%E4%B8%80.{form}" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"


def test_an_export_tells_search_version_day_and_what_changed(client: FlaskClient, basket: str) -> None:
    changed = re.sub("@[0-9a-f]{8}", "@00000000", basket, count=1).replace(
        "]}", ',{"address":"/r/x-2020/s1@00000000","quote":"旧"}]}'
    )
    text = client.post("/brief", data={"basket": changed, "do": "export txt"}).text

    for words in ("检索：枫桥经验（年度 2024）", "语料版本", "摘录日期", "已不在语料中", "改过", "相对地址"):
        assert words in text


# ---- limits


def test_a_form_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    response = client.post("/brief", data={"basket": "x" * POST_LIMITS["brief"]})

    assert response.status_code == 413
    assert "请分成几份" in response.text


def test_a_large_basket_is_taken(client: FlaskClient) -> None:
    items = tuple(Line("字" * 2_000) for _ in range(200))

    assert len(kept(post(client, basket=write_basket(Basket(items=items))))["items"]) == 200


def test_posting_is_allowed_for_the_basket_only(client: FlaskClient) -> None:
    assert client.post("/cite").status_code == 405
    assert client.post("/nothing").status_code == 405
    assert client.put("/brief").status_code == 405


def test_answers_are_never_taken_from_before(client: FlaskClient, basket: str) -> None:
    """They depend on what was sent, and on the day."""
    for response in (
        client.get("/brief"),
        client.post("/brief", data={"basket": basket}),
        client.get(f"/cite?address=/r/{KEY}"),
    ):
        assert "ETag" not in response.headers
        assert response.headers["Cache-Control"] == "no-cache"


# ---- whatever is sent


@pytest.fixture(scope="module")
def any_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("any")
    engine = build_engine(folder, *REPORTS)
    yield client_of(engine)
    engine.close()


_TEXT = st.text(max_size=30) | st.sampled_from(["<fzx>", "/r/990122101-2024/s1", "/r/", "“”", "\ud800", "\x00\x85"])
_ITEM = st.one_of(
    st.fixed_dictionaries({"heading": _TEXT}),
    st.fixed_dictionaries({"line": _TEXT}),
    st.fixed_dictionaries({"address": _TEXT | st.just(f"/r/{KEY}/s1.1")}, optional={"quote": _TEXT, "was": _TEXT}),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    items=st.lists(_ITEM, max_size=5),
    title=_TEXT,
    search=_TEXT,
    order=st.sampled_from(["save", "move 1 2", "remove 1", "export docx", "export md", "export txt", "file", "undo"]),
)
def test_any_basket_that_a_browser_can_hold_is_answered(
    any_client: FlaskClient, items: list[dict[str, str]], title: str, search: str, order: str
) -> None:
    sent = json.dumps({"fzsearch": 1, "title": title, "search": search, "items": items})
    response = any_client.post("/brief", data={"basket": sent, "do": order, "before": sent})

    assert response.status_code == 200
    if response.mimetype == "text/html":
        page = html.document_fromstring(response.get_data())
        assert not page.xpath("//fzx")
        assert stored(post(any_client, basket=stored(page))) == stored(page)
