"""Feeds as RFC 4287 wants them, and the OpenSearch description."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fzsearch.config import load_settings
from fzsearch.service.search import SearchService
from fzsearch.web import create_app
from fzsearch.web.params import FEED_LIMIT
from fzsearch.web.security import HEADERS
from tests.builders import build_engine
from tests.web.conftest import FENGLIN, REPORTS, MakeClient

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
IRI = re.compile(r"(?:https?://|urn:uuid:)[!-~]+")
RELATIONS = {"alternate", "self", "next", "previous"}


def feed_of(client: FlaskClient, address: str, **headers: str) -> Any:
    """A feed that keeps the rules of RFC 4287; numbers are its sections."""
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed: Any = etree.fromstring(response.data)
    assert feed.tag == f"{ATOM}feed"  # 4.1.1
    _check_element(feed, {"title": (1, 1), "subtitle": (0, 1), "id": (1, 1), "updated": (1, 1), "author": (1, None),
                          "link": (1, None), "entry": (0, None)})  # fmt: skip
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    for entry in feed.findall(f"{ATOM}entry"):  # 4.1.2
        _check_element(entry, {"title": (1, 1), "id": (1, 1), "updated": (1, 1), "published": (0, 1), "link": (1, 1),
                               "author": (0, None), "category": (0, None), "summary": (1, 1)})  # fmt: skip
        assert entry.find(f"{ATOM}link").get("rel") == "alternate"  # there is no content
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return feed


def _check_element(element: Any, allowed: dict[str, tuple[int, int | None]]) -> None:
    names = [child.tag.removeprefix(ATOM) for child in element]
    for name in {*names, *allowed}:
        least, most = allowed[name]
        assert least <= names.count(name) <= (names.count(name) if most is None else most), name
    for child in element:
        name = child.tag.removeprefix(ATOM)
        if name == "id":  # 4.2.6
            assert IRI.fullmatch(child.text), child.text
        if name in {"updated", "published"}:  # 3.3
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", child.text)
            assert datetime.fromisoformat(child.text).tzinfo
        if name == "author":  # 3.2
            assert [one.tag for one in child] == [f"{ATOM}name"]
            assert child[0].text.strip()
        if name == "link":  # 4.2.7
            assert IRI.fullmatch(child.get("href"))
            assert child.get("rel") in RELATIONS
        if name == "category":  # 4.2.2
            assert child.get("term")
        if name == "summary":  # 3.1.1.2: escaped markup, none of it as elements
            assert child.get("type") == "html"
            assert len(child) == 0


def titles(feed: Any) -> list[str]:
    return [one.text for one in feed.findall(f"{ATOM}entry/{ATOM}title")]


def links(feed: Any) -> dict[str, str]:
    return {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}


def test_newest_reports_come_first(client: FlaskClient) -> None:
    """枫林镇 2024 has a date in 2025, the others stand at the end of their years."""
    feed = feed_of(client, "/feed?q=枫桥")

    assert titles(feed) == [
        "枫林镇 2024：（一）坚持“枫桥经验”",
        "枫林镇 2024：二、存在不足",
        "石桥镇 2023：一、下步打算",
    ]
    assert [one.text for one in feed.iter(f"{ATOM}updated")] == [
        "2025-01-12T00:00:00+08:00", "2025-01-12T00:00:00+08:00", "2025-01-12T00:00:00+08:00",
        "2023-12-31T00:00:00+08:00",
    ]  # fmt: skip
    assert [one.text for one in feed.iter(f"{ATOM}published")] == ["2025-01-12T00:00:00+08:00"] * 2
    assert feed[0].text == "枫桥 · 法治报告检索"
    assert "<mark>枫桥经验</mark>" not in feed.find(f"{ATOM}entry/{ATOM}summary").text
    assert "<mark>枫桥</mark>经验" in feed.find(f"{ATOM}entry/{ATOM}summary").text


def test_entries_lead_to_permanent_addresses(client: FlaskClient) -> None:
    for entry in feed_of(client, "/feed").findall(f"{ATOM}entry"):
        address = urlsplit(entry.find(f"{ATOM}link").get("href"))
        assert client.get(address.path, follow_redirects=True).status_code == 200
        assert re.search(r"@[0-9a-f]{8}$", address.path)


def test_filters_and_links(client: FlaskClient) -> None:
    feed = feed_of(client, "/feed?year=2023&match=any&q=调解")

    assert titles(feed) == ["枫林镇 2023：一、主要举措"]
    assert feed.find(f"{ATOM}subtitle").text == "年度 2023"
    assert links(feed)["self"] == f"http://localhost/feed?q={quote('调解')}&year=2023&match=any"
    assert links(feed)["alternate"] == f"http://localhost/search?q={quote('调解')}&year=2023&match=any"


def test_links_begin_with_the_base_url_where_there_is_one(make_client: MakeClient) -> None:
    whole = feed_of(make_client(*REPORTS, base_url="https://fz.example/a/"), "/feed?q=枫桥")

    assert links(whole)["self"].startswith("https://fz.example/a/feed?q=")
    assert whole.find(f"{ATOM}entry/{ATOM}link").get("href").startswith("https://fz.example/a/r/990122101-2024/s1.1@")


def test_a_foreign_host_makes_no_links(client: FlaskClient) -> None:
    for path in ("/feed", "/opensearch.xml"):
        response = client.get(path, headers={"Host": "evil.example"})
        assert response.status_code == 400
        assert 'href="http://evil' not in response.text


def test_the_same_corpus_gives_the_same_bytes(tmp_path: Path) -> None:
    found = set()
    for name in ("one", "other"):
        engine = build_engine(tmp_path / name, *REPORTS)
        found.add(create_app(SearchService(engine), load_settings({})).test_client().get("/feed").data)
        engine.close()

    assert len(found) == 1


def test_ids_name_the_text_not_the_site(make_client: MakeClient, client: FlaskClient) -> None:
    changed = {**REPORTS[4], "sections": [("s1", 1, None, None, "other", "云门镇的第二份报告，改过了。")]}
    others = make_client(*REPORTS[:4], changed, base_url="http://elsewhere")

    before, after = (
        [one.text for one in feed_of(one, "/feed").findall(f"{ATOM}entry/{ATOM}id")] for one in (client, others)
    )

    assert before[:-1] == after[:-1]
    assert before[-1] != after[-1]


def test_pages_of_a_long_feed_lead_to_each_other(make_client: MakeClient) -> None:
    text = [(f"s{n}", 1, None, None, "other", f"第{n}段普法。") for n in range(1, 2 * FEED_LIMIT + 2)]
    client = make_client({"key": "甲镇-2024", "year": 2024, "place": FENGLIN, "sections": text})
    pages = [feed_of(client, f"/feed?q=普法&page={number}") for number in (1, 2, 3)]
    ids = [one.text for page in pages for one in page.findall(f"{ATOM}entry/{ATOM}id")]

    assert len(ids) == len(set(ids)) == 2 * FEED_LIMIT + 1
    assert [set(links(page)) - {"self", "alternate"} for page in pages] == [
        {"next"}, {"next", "previous"}, {"previous"},
    ]  # fmt: skip
    assert links(pages[1])["previous"] == links(pages[0])["self"]
    assert links(pages[1])["next"] == links(pages[2])["self"]
    assert len({page.find(f"{ATOM}id").text for page in pages}) == 1


def test_a_search_that_finds_nothing_yet_can_be_subscribed_to(client: FlaskClient) -> None:
    feed = feed_of(client, "/feed?q=还没有人写过")

    assert titles(feed) == []
    assert feed.find(f"{ATOM}updated").text == "2025-01-12T00:00:00+08:00"
    assert 'href="/feed?q=' in client.get("/search?q=还没有人写过").text


def test_a_known_feed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/feed?q=枫桥")
    again = client.get("/feed?q=枫桥", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/feed?q=枫桥", "/feed?page=0", "/opensearch.xml"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_has_the_headers_of_the_site(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method)

    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.status_code == 405 if method == "POST" else response.status_code in {200, 400}


@pytest.mark.parametrize("query", ["sort=year", "yaer=2024", "year=abc", "page=0", f"q={'x' * 501}", "q=a&q=b"])
def test_wrong_parameters_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/feed?{query}").status_code == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.text(max_size=40), st.text(max_size=10))
def test_any_query_gives_a_feed(client: FlaskClient, query: str, topic: str) -> None:
    feed_of(client, f"/feed?q={quote(query)}&topic={quote(topic)}")


def test_texts_that_xml_cannot_hold(make_client: MakeClient) -> None:
    text = "普法\x00\x0b\ufffe\uffff<b>&amp;]]>"
    client = make_client(
        {"key": "甲-2024", "title": text, "issuers": (text,), "file": "a.txt",
         "sections": [("s1", 1, "一、", text, "other", text, [text])]}
    )  # fmt: skip
    feed = feed_of(client, "/feed?q=普法\ufffe")

    assert len(titles(feed)) <= 1
    assert "&lt;b&gt;&amp;amp;]]&gt;" in feed_of(client, "/feed").find(f"{ATOM}entry/{ATOM}summary").text


def test_results_name_their_feed_and_every_page_the_search(client: FlaskClient) -> None:
    page = client.get("/search?q=枫桥&year=2024&page=2&sort=year&group=report").text
    address = f"/feed?q={quote('枫桥')}&amp;year=2024"

    assert f'<link rel="alternate" href="{address}" type="application/atom+xml"' in page
    assert f'<a href="{address}">订阅' in page
    for path in ("/", "/help", "/search", "/nothing"):
        assert '<link rel="search" href="/opensearch.xml"' in client.get(path).text


# ---- OpenSearch


def description_of(client: FlaskClient) -> Any:
    response = client.get("/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    return etree.fromstring(response.data)


def test_opensearch_description(client: FlaskClient) -> None:
    described = description_of(client)
    templates = {one.get("type"): one.get("template") for one in described.findall(f"{OPENSEARCH}Url")}
    image = urlsplit(described.find(f"{OPENSEARCH}Image").text)

    assert described.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 0 < len(described.find(f"{OPENSEARCH}ShortName").text) <= 16
    assert 0 < len(described.find(f"{OPENSEARCH}Description").text) <= 1024
    assert client.get(f"{image.path}?{image.query}").status_code == 200
    for content_type in ("text/html", "application/atom+xml", "application/x-suggestions+json"):
        address = templates[content_type].replace("{searchTerms}", quote("枫桥"))
        assert client.get(address).status_code == 200


def test_opensearch_needs_no_index(tmp_path: Path) -> None:
    engine = build_engine(tmp_path / "a")
    engine.close()
    client = create_app(SearchService(engine), load_settings({}, index=tmp_path / "none")).test_client()

    assert client.get("/opensearch.xml").status_code == 200
    assert date(2025, 1, 12).isoformat() not in client.get("/feed").text
