"""Permanent addresses through the site, while files are edited, moved, renamed, added and settled."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.test import TestResponse

from fzsearch.engine import EmbeddedEngine
from fzsearch.service import index_corpus
from tests.generate import now
from tests.service.test_indexing import report as report_text
from tests.web.conftest import MakeClient, client_of

PLACES = "code,province,city,county,township,note\n990122109,示例省,云川市,示例县,云山镇,虚构\n"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def page_of(response: TestResponse) -> Any:
    """An answer as a document."""
    return html.document_fromstring(response.get_data())


class Site:
    """A corpus folder with its index and its site."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.corpus.mkdir()
        self.engine = EmbeddedEngine(self.index, now)
        self.client = client_of(self.engine, corpus=str(self.corpus))

    def write(self, name: str, text: str) -> None:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *, full: bool = False) -> None:
        index_corpus(self.corpus, self.engine, workers=2, full=full)

    def addresses(self) -> dict[str, str]:
        """The permanent address of every report, section and paragraph, by what it is called without hash."""
        found: dict[str, str] = {}
        for record in self.engine.reports():
            page = page_of(self.client.get(f"/r/{record.key}"))
            links = [str(link) for link in page.xpath("//a[@rel='bookmark']/@href")]
            found |= {unquote(link).rpartition("@")[0]: link for link in links}
        return found

    def states(self, addresses: dict[str, str]) -> dict[str, str]:
        return {name: self.state(link) for name, link in addresses.items()}

    def state(self, link: str) -> str:
        """The state that the page shows; its JSON must say the same."""
        response = self.client.get(link)
        told = self.client.get(f"{link}.json")
        match response.status_code:
            case 200 | 404 | 300:
                page = page_of(response)
                tags = page.xpath("//div[contains(@class, 'landing')]//span[contains(@class, 'tag')]/text()")
                state = str(tags[0]) if tags else "一致"
            case 302:
                state = "已移动" if "was=" in response.location else "一致"
                assert self.client.get(response.location.partition("#")[0]).status_code == 200
            case _:
                pytest.fail(f"{link}: {response.status_code}")
        if state == "已移动":
            assert told.status_code == 302
            assert self.client.get(told.location).get_json()["state"] == "一致"
        else:
            assert told.get_json()["state"] == state
        return state

    def end(self, link: str) -> str:
        """Where a link ends, with its anchor."""
        response = self.client.get(link)
        location = response.location or link
        return re.sub(r"\?[^#]*", "", unquote(location))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.write("2023/云山.txt", report_text())
    made.write("2024/云山.txt", report_text(year=2024, fact="扩建调解室", count=40))
    made.run()
    yield made
    made.engine.close()


def all_same(states: dict[str, str]) -> bool:
    return set(states.values()) == {"一致"}


# ---- a corpus that changes


@pytest.mark.parametrize("full", [False, True])
def test_links_stay_when_files_move_and_the_index_is_rebuilt(site: Site, full: bool) -> None:
    before = site.addresses()
    (site.corpus / "2023/云山.txt").rename(site.corpus / "改名 (1).txt")
    site.write("副本/云山.txt", report_text())
    site.run(full=full)

    assert len(before) == 14
    assert all_same(site.states(before))


@pytest.mark.parametrize("full", [False, True])
def test_an_edit_changes_its_section_and_its_report_only(site: Site, full: bool) -> None:
    before = site.addresses()
    site.write("2023/云山.txt", report_text(count=36))
    site.run(full=full)
    states = site.states(before)

    assert {name for name, state in states.items() if state != "一致"} == {"/r/云山镇-2023", "/r/云山镇-2023/s1.1"}
    assert states["/r/云山镇-2023/s1.1"] == states["/r/云山镇-2023"] == "已改动"


def test_sections_that_change_places_are_followed(site: Site) -> None:
    before = site.addresses()
    text = report_text().replace("（一）深化", "（零）深化")
    first, second = (re.search(rf"（{n}）[^\n]*\n", text) for n in "零二")
    assert first
    assert second
    swapped = text.replace(first[0], "§").replace(second[0], first[0]).replace("§", second[0])
    site.write("2023/云山.txt", swapped.replace("（零）", "（一）"))
    site.run()

    assert site.state(before["/r/云山镇-2023/s1.1"]) == "已移动"
    assert site.end(before["/r/云山镇-2023/s1.1"]) == "/r/云山镇-2023#s1.2"
    page = site.client.get(site.client.get(before["/r/云山镇-2023/s1.1"]).location.partition("#")[0]).text
    assert "已移动：您打开的地址是 /r/云山镇-2023/s1.1@" in page


def test_a_settled_place_is_followed_from_its_name_to_its_code_and_back(site: Site) -> None:
    by_name = site.addresses()
    site.write("places.csv", PLACES)
    site.run()
    by_code = site.addresses()

    assert set(site.states(by_name).values()) == {"已移动"}
    assert site.end(by_name["/r/云山镇-2023/s1.1"]) == "/r/990122109-2023#s1.1"
    assert site.end("/r/云山镇-2023/s1.1/p1") == "/r/990122109-2023#s1.1/p1"
    assert site.end("/r/云山镇-2023") == "/r/990122109-2023"
    assert all_same(site.states(by_code))
    (site.corpus / "places.csv").unlink()
    site.run()
    states = site.states(by_code)  # no list knows the code any more: only texts tell, and bare headings say nothing
    assert set(states.values()) == {"已移动", "已移除"}
    assert states["/r/990122109-2023/s2"] == states["/r/990122109-2023/s1.2"] == "已移动"
    assert all_same(site.states(by_name))


def test_a_rival_makes_the_bare_key_a_choice_and_leaves_again(site: Site) -> None:
    alone = site.addresses()
    site.write("2023/另一份.txt", report_text(fact="另一份报告", count=1))
    site.run()
    with_rival = site.addresses()

    assert site.state("/r/云山镇-2023") == "多处"
    assert site.state(alone["/r/云山镇-2023"]) == "已移动"
    assert site.state(alone["/r/云山镇-2023/s1.1"]) == "已移动"
    assert site.state(alone["/r/云山镇-2023/s2"]) == "多处"  # both have it, word for word
    choice = page_of(site.client.get(alone["/r/云山镇-2023/s2"]))
    assert [site.state(str(link)) for link in choice.xpath("//main//li/a/@href")] == ["一致", "一致"]
    (site.corpus / "2023/另一份.txt").unlink()
    site.run()
    own = site.engine.report("云山镇-2023")
    assert own
    for name, link in with_rival.items():
        if f"~{own.text_hash[:4]}" in name:
            assert site.state(link) == "已移动"
    assert all_same(site.states(alone))


def test_what_is_gone_offers_other_years_and_nearest_sections(site: Site) -> None:
    before = site.addresses()
    (site.corpus / "2023/云山.txt").unlink()
    site.write("2024/云山.txt", report_text(year=2024, fact="扩建调解室", count=40).replace("（二）", "").strip())
    site.run()
    gone = site.client.get(before["/r/云山镇-2023"])
    section = site.client.get(before["/r/云山镇-2024/s1.2"])

    assert gone.status_code == section.status_code == 404
    assert 'href="/r/%E4%BA%91%E5%B1%B1%E9%95%87-2024"' in gone.text
    page = page_of(section)
    links = [str(link) for link in page.xpath("//section[h2[@id='l-near']]//a/@href")]
    assert links
    assert all(site.state(link) == "一致" for link in links)


def test_a_pasted_quotation_is_compared_with_the_text_of_today(site: Site) -> None:
    before = site.addresses()["/r/云山镇-2023/s1.1"]
    site.write("2023/云山.txt", report_text(count=36))
    site.run()
    page = page_of(site.client.get(before, query_string={"old": "全年调处纠纷35起"}))
    literal = site.client.get(before, query_string={"old": "全年 调处纠纷"}).text
    nothing = site.client.get(before, query_string={"old": "zzzz"}).text

    assert page.xpath("//del/text()") == ["35"]
    assert page.xpath("//ins/text()") == ["36"]
    assert "一字不差" in literal
    assert "没有相同之处" in nothing
    assert site.client.get(before, query_string={"old": "汉" * 2000}).status_code == 200
    assert site.client.get(before, query_string={"old": "汉" * 2001}).status_code == 400


def test_a_report_that_changed_finds_the_section_of_a_quotation(site: Site) -> None:
    before = site.addresses()["/r/云山镇-2023"]
    site.write("2023/云山.txt", report_text(count=36))
    site.run()
    page = page_of(site.client.get(before, query_string={"old": "全年调处纠纷35起"}))

    assert page.xpath("//a[@rel='bookmark']/text()")[0].startswith("/r/云山镇-2023/s1.1@")


# ---- one site that stands still


def address_of(client: FlaskClient, section_id: str) -> str:
    hits = client.get("/api/v1/search?limit=all").get_json()["hits"]
    return str(next(hit["url"] for hit in hits if hit["id"] == section_id))


def test_section_address_leads_to_its_anchor_without_a_note(client: FlaskClient) -> None:
    response = client.get(address_of(client, "石桥镇-2023/s1"))

    assert response.status_code == 302
    assert response.location == "/r/%E7%9F%B3%E6%A1%A5%E9%95%87-2023#s1"


def test_section_address_keeps_the_query_and_paragraph(client: FlaskClient) -> None:
    response = client.get("/r/990122101-2024/s1.1/p2?q=议事亭")

    assert response.location == "/r/990122101-2024?q=%E8%AE%AE%E4%BA%8B%E4%BA%AD#s1.1/p2"
    page = page_of(client.get(response.location.partition("#")[0]))
    assert page.xpath("//p[@id='s1.1/p2']")


@pytest.mark.parametrize("change", [str.upper, lambda a: a + "/", lambda a: quote(a, safe="/@"), lambda a: a + "。"])
def test_addresses_are_tolerant(client: FlaskClient, change) -> None:
    address = address_of(client, "990122101-2024/s1.1").removeprefix("/r/")

    assert client.get(f"/r/{change(address)}").location == "/r/990122101-2024#s1.1"


def test_note_about_an_address_cannot_be_made_up(client: FlaskClient) -> None:
    own = address_of(client, "990122101-2024/s1.1").removeprefix("/r/")
    for was in ("胡说@00000000", "胡说", own, "<b>@12345678", "990122101-2024/s1.1@00000000"):
        assert "已移动" not in client.get("/r/990122101-2024", query_string={"was": was}).text


_PIECES = st.sampled_from(
    ["990122101-2024", "云门镇-2022", "石桥镇-2023", "doc-", "~", "@", "/", "s1", ".1", "/p", "00000000", ".json",
     ".md", ".txt", "%", "%25", "%ff", "\x00", "\u202e", "<b>", HOSTILE, "?", "#", "\n", "..", "\\", "𠮷", " ", "。"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=8).map("".join), st.text(max_size=20))
def test_any_address_is_answered_with_escaped_html(client: FlaskClient, address: str, old: str) -> None:
    url = f"/r/{quote(address, safe='/@~', errors='replace')}"
    response = client.get(url, query_string={"old": old + HOSTILE, "was": address}, base_url="http://localhost")

    assert response.status_code in {200, 300, 302, 308, 400, 404}
    if response.mimetype == "text/html" and response.status_code not in {302, 308}:
        page = page_of(response)
        assert not page.xpath("//script[not(@src)] | //img | //b[not(ancestor::nav)] | //@onerror | //@style")
        assert "\x00" not in response.text
    elif response.mimetype == "application/json":
        json.loads(response.text)


# ---- representations


TYPES = {"json": "application/json", "md": "text/markdown", "txt": "text/plain"}


@pytest.mark.parametrize("form", TYPES)
def test_representations_have_type_charset_and_etag(client: FlaskClient, form: str) -> None:
    for address in ("990122101-2024", "990122101-2024/s1.1", "990122101-2024/s1.1/p1"):
        response = client.get(f"/r/{address}.{form}")
        again = client.get(f"/r/{address}.{form}", headers={"If-None-Match": response.headers["ETag"]})

        assert response.headers["Content-Type"] == f"{TYPES[form]}; charset=utf-8"
        assert again.status_code == 304


def test_every_link_to_a_representation_works(client: FlaskClient) -> None:
    page = page_of(client.get("/r/990122101-2024"))
    links = page.xpath("//*[@rel='alternate'][contains(@href, '/r/')]")

    assert {link.get("type") for link in page.xpath("//head/link[@rel='alternate']")} >= set(TYPES.values())
    assert len(links) == 3 * (2 + 4)
    for link in links:
        response = client.get(link.get("href"))
        assert (response.status_code, response.mimetype) == (200, link.get("type"))


def test_text_is_the_unchanged_text(client: FlaskClient) -> None:
    sections = client.get("/api/v1/reports/990122101-2024").get_json()["sections"]
    for section in sections:
        assert client.get(f"/r/990122101-2024/{section['path']}.txt").text == section["text"]

    assert client.get("/r/990122101-2024.txt").text == "\n".join(section["text"] for section in sections)
    assert client.get("/r/990122101-2024/s1.1/p2.txt").text == "在村口设议事亭。"


def test_json_names_address_hash_and_state(client: FlaskClient) -> None:
    url = address_of(client, "990122101-2024/s1.1")
    section = client.get(f"{url}.json").get_json()
    report = client.get("/r/990122101-2024.json").get_json()
    changed = client.get("/r/990122101-2024/s1.1@00000000.json").get_json()

    assert (section["id"], section["url"], section["hash"]) == ("990122101-2024/s1.1", url, url[-8:])
    assert (section["state"], section["report"]["key"]) == ("一致", "990122101-2024")
    assert (report["id"], report["url"]) == ("990122101-2024", f"/r/990122101-2024@{report['hash']}")
    assert report["text_hash"].startswith(report["hash"])
    assert (changed["state"], changed["url"]) == ("已改动", url)


def test_plain_text_of_a_changed_address_is_refused_with_the_new_one(client: FlaskClient) -> None:
    response = client.get("/r/990122101-2024/s1.1@00000000.txt")

    assert response.status_code == 404
    assert address_of(client, "990122101-2024/s1.1") in response.text


def test_markdown_reads_back_as_the_text(make_client: MakeClient) -> None:
    texts = (
        "一、*要点*与<b>\n1. 第一\n# 不是标题\n- 不是列表 [链接](x) `码` 3~5 | 甲\\乙",
        "二、其他\n　　缩进的一段。",
    )
    sections = [(f"s{n}", 1, t[:2], t[2:].split("\n")[0], "other", t) for n, t in enumerate(texts, 1)]
    client = make_client({"key": "甲镇-2024", "title": "报告<标题>", "sections": sections})
    lines = client.get("/r/甲镇-2024.md").text.splitlines()
    unescaped = [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line) for line in lines]

    assert unescaped[0] == "# 报告<标题>"
    body = [line.removeprefix("> ").removeprefix("## ") for line in unescaped[1:-2] if line not in {"", ">"}]
    assert body == [line.strip() for text in texts for line in text.split("\n")]
    assert re.fullmatch(
        r"——《报告<标题>》，甲镇-2024，<http://localhost/r/\S+@[0-9a-f]{8}>，语料版本 \w{8}，一致", unescaped[-1]
    )


# ---- the page of a report


def test_steps_lead_from_section_to_section_without_script(client: FlaskClient) -> None:
    page = page_of(client.get("/r/990122101-2024?q=纠纷 或 好经验"))
    steps = [
        [str(link) for link in section.xpath("./div[contains(@class, 'take')]/span/a/@href")]
        for section in page.xpath("//div[@class='text-body']/section")
    ]

    assert steps == [[], [], ["#h1", "#h2"], ["#h1", "#h2"]]


def test_copy_buttons_hold_address_and_text(client: FlaskClient) -> None:
    page = page_of(client.get("/r/990122101-2024"))
    copies = page.xpath("//section[@id='s1.1']//@data-copy")

    assert copies[0] == address_of(client, "990122101-2024/s1.1")
    assert copies[1] == client.get("/r/990122101-2024/s1.1.txt").text


def test_report_leads_to_the_other_years_of_its_township(client: FlaskClient) -> None:
    page = page_of(client.get("/r/990122101-2024"))

    assert page.xpath("//nav[contains(@class, 'years')]/a/@href")[0] == "/r/990122101-2023"
    assert page.xpath("//nav[contains(@class, 'years')]/*[@aria-current]/text()") == ["2024 年度"]


def test_ambiguity_says_enough_while_closed_and_lists_evidence(client: FlaskClient) -> None:
    page = page_of(client.get("/r/石桥镇-2023"))
    note = page.xpath("//details[@id='amb']")[0]

    assert note.get("open") is None
    assert note.xpath("./summary")[0].text_content().startswith("县未定：云川市青溪县，或平州市临河县。")
