"""Whatever stands in a corpus, a file name or an address: is it ever more than text? And does the site only read?"""

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fzsearch.config import load_settings
from fzsearch.engine import EmbeddedEngine
from fzsearch.model import Place
from fzsearch.service import SearchService, index_corpus, open_engine
from fzsearch.web import create_app
from fzsearch.web.files import CONTENT_TYPES
from fzsearch.web.security import POST_LIMITS
from tests.builders import build_engine
from tests.web.conftest import REPORTS, client_of

HOSTILE = (
    "<img src=x onerror=fzx>", '"><fzx onmouseover="fzx', "'><fzx x='", "</title><fzx>", "<script>fzx</script>",
    "</script><fzx>", "<!-- fzx", "--><fzx>", "]]><fzx>", "&lt;fzx&gt;", "&#60;fzx&#62;", "<svg onload=fzx>",
    "javascript:fzx", "{{ 7*7 }}{% fzx %}", "</mark><fzx>", "＜fzx＞", '"onfocus=fzx autofocus x="',
)  # fmt: skip
"""What turns into elements, attributes or comments wherever it is not escaped."""

HOSTILE_PLACE = "990122101"
_DECEIVING = st.text(alphabet="<>&\"'/=!-; \n{}%#`\\:xb法治", min_size=1, max_size=12)


def hostile_report(text: str, key: str = "990122101-2024") -> dict[str, Any]:
    """A report in which everything that a report can say is this text."""
    line = text.replace("\n", " ")
    return {
        "key": key, "title": line, "year": 2024, "issuers": (line,), "doc_number": line, "signer": line,
        "warnings": (line,), "file": f"{line.replace('/', '_')}.txt",
        "place": Place(province=line, city=line, county=line, township=line, code=HOSTILE_PLACE),
        "sections": [
            ("s0", 0, None, None, "front", f"{text}\n法治"),
            ("s1", 1, "一、", line, "measures", f"一、{line}\n法治{text}", [line]),
        ],
    }  # fmt: skip


def addresses(key: str = "990122101-2024", text: str = "法治", topic: str = "枫桥经验") -> list[str]:
    """Every kind of page about one report, asked for with one text."""
    one = quote(key)
    q = quote(text, safe="")
    return [
        "/", "/search", f"/search?q={q}", f"/search?q={q}&match=any&sort=place", f"/search?topic={q}&county={q}&q=法治",
        f"/search?q={q}&group=report", f"/search?year={q}", f"/r/{one}", f"/r/{one}?q={q}", f"/r/{one}?was={q}",
        f"/r/{one}/s1@00000000", f"/r/{one}/s99@00000000?q={q}", f"/r/{one}@00000000", f"/r/{q}", f"/r/{one}/{q}",
        f"/cite?address={q}", f"/cite?address=/r/{one}/s1", f"/brief?add={q}&from={q}", f"/brief?add=/r/{one}/s1",
        f"/place/{HOSTILE_PLACE}", f"/place/{q}", "/topic/", f"/topic/{q}", f"/topic/{quote(topic, safe='')}",
        "/unreadable", "/help", f"/{q}", f"/file/{one}/9", "/compare", f"/compare?a={q}", f"/compare?a={one}&b={q}",
        f"/compare?a={one}&b={one}", "/overlap", f"/overlap?county={q}", f"/overlap/{one}", f"/overlap/{q}",
    ]  # fmt: skip


def parsed(html: str) -> Any:
    """A page as a browser would read it; Any, since the types of lxml know too little about its elements."""
    return lxml.html.document_fromstring(html)


def skeleton(html: str) -> set[str]:
    """Which elements, attributes and comments a page has, and where its links and forms lead."""
    found = set()
    for node in parsed(html).iter():
        if not isinstance(node.tag, str):
            found.add(f"comment {node.text}")
            continue
        found |= {node.tag, *(f"{node.tag} {name}" for name in node.attrib)}
        for name in ("href", "src", "action"):
            parts = urlsplit(node.get(name, ""))
            found |= {f"leads to {parts.scheme}:{parts.netloc}"} if parts.scheme or parts.netloc else set()
    return found


def pages(client: FlaskClient, *paths: str) -> Iterator[str]:
    for path in paths:
        response = client.get(path, base_url="http://localhost", follow_redirects=True)
        assert response.status_code < 500, path
        if response.mimetype == "text/html":
            yield response.text


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The elements and attributes of the pages of harmless indexes."""
    found = {"ins", "del"}  # which texts are shown as a difference depends on what they are like
    indexes: tuple[tuple[Mapping[str, Any], ...], ...] = (REPORTS, (hostile_report("法治"),))
    for number, reports in enumerate(indexes):
        engine = build_engine(tmp_path_factory.mktemp(f"harmless{number}"), *reports)
        client = client_of(engine)
        for text in ("法治", "枫桥 -x", "没有这个", "“法治", "a或b 年:2024"):
            for html in pages(client, *addresses(text=text), "/r/云门镇-2022", "/r/石桥镇-2023", "/search?page=9"):
                found |= skeleton(html)
        engine.close()
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(st.sampled_from(HOSTILE), _DECEIVING.map(lambda text: f"法治{text}")))
def test_no_text_of_a_corpus_becomes_more_than_text(
    tmp_path_factory: pytest.TempPathFactory, harmless: set[str], text: str
) -> None:
    engine = build_engine(tmp_path_factory.mktemp("hostile"), hostile_report(text), *REPORTS[1:])
    try:
        for html in pages(client_of(engine), *addresses(text=text, topic=text.replace("\n", " "))):
            assert skeleton(html) <= harmless
    finally:
        engine.close()


@pytest.fixture(scope="module")
def reading_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over ordinary reports, for addresses that nobody foresaw."""
    engine = build_engine(tmp_path_factory.mktemp("reading"), *REPORTS)
    yield client_of(engine)
    engine.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(st.sampled_from(HOSTILE), _DECEIVING))
def test_no_text_of_an_address_becomes_more_than_text(
    reading_client: FlaskClient, harmless: set[str], text: str
) -> None:
    for html in pages(reading_client, *addresses(text=text)):
        assert skeleton(html) <= harmless


def test_hostile_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    """Escaped once, not twice and not away."""
    for number, text in enumerate(HOSTILE):
        engine = build_engine(tmp_path / str(number), hostile_report(text))
        (html,) = pages(client_of(engine), "/r/990122101-2024")
        engine.close()

        assert text in parsed(html).text_content()


def test_hostile_file_names_are_shown_as_they_are(tmp_path: Path, harmless: set[str]) -> None:
    """Through the real reader: files that can be read, and files that cannot, which have a page of their own."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    names = [text.replace("/", "_") for text in HOSTILE]
    for number, name in enumerate(names):
        (corpus / f"{name}{number}.txt").write_text(f"{name}镇2024年法治政府建设报告\n一、{name}\n{name}", "utf-8")
        (corpus / f"{name}{number}.pdf").write_bytes(b"%PDF-1.4 nothing")
    engine = open_engine("whoosh", tmp_path / "index")
    index_corpus(corpus, engine, workers=2)
    client = create_app(SearchService(engine), load_settings({}, corpus=str(corpus))).test_client()
    keys = [record.key for record in engine.reports()]
    for html in pages(client, "/", "/search", "/unreadable", *(f"/r/{quote(key, safe='')}" for key in keys)):
        assert {one for one in skeleton(html) if "fzx" in one or one.startswith(("comment", "leads to"))} == set()
    shown = parsed(client.get("/unreadable").text).text_content()
    engine.close()

    assert [name for name in names if name not in shown] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet="./\\%\x00~a@:#?2e -s1；é\u202e", max_size=40))
def test_any_path_is_answered_without_failing(client: FlaskClient, path: str) -> None:
    for prefix in (
        "/r/",
        "/r/990122101-2024/s1",
        "/file/990122101-2024/",
        "/static/",
        "/place/",
        "/topic/",
        "/overlap/",
    ):
        response = client.get(prefix + path, base_url="http://localhost")
        assert response.status_code < 500
        assert b"root:" not in response.data


@pytest.mark.parametrize("up", ["..", "%2e%2e", "..%2f", "..\\", "%2e%2e%2f", "....//", "%00"])
@pytest.mark.parametrize("prefix", ["/static/", "/file/990122101-2024/", "/r/", "/place/", "/topic/", "/overlap/"])
def test_no_path_leads_out_of_the_site(client: FlaskClient, prefix: str, up: str) -> None:
    for depth in range(1, 7):
        response = client.get(f"{prefix}{'/'.join([up] * depth)}/pyproject.toml", base_url="http://localhost")
        assert response.status_code in {300, 308, 400, 404}
        assert b"build-system" not in response.data


def test_every_route_only_reads(client: FlaskClient) -> None:
    for rule in client.application.url_map.iter_rules():
        allowed = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if rule.endpoint in POST_LIMITS else set())
        assert (rule.methods or set()) <= allowed, rule
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        assert client.open("/search", method=method).status_code == 405


def test_a_session_opens_no_connection(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is not the network; everything else fails the test, names that would be looked up included."""
    reached: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        reached.append(args)
        raise OSError("no network in this test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for text in ("枫桥经验", "http://example.invalid/x", "没有这个"):
        assert list(pages(client, *addresses(text=text), "/healthz", "/api/v1/search?limit=all"))

    assert reached == []


def test_pages_name_no_other_host(client: FlaskClient) -> None:
    for html in pages(client, *addresses()):
        assert not {one for one in skeleton(html) if one.startswith("leads to")}


def test_scripts_and_style_are_ours(client: FlaskClient) -> None:
    for html in pages(client, *addresses()):
        page = parsed(html)
        scripts = [urlsplit(node.get("src") or "").path for node in page.iter("script")]
        assert scripts == ["/static/app.js", "/static/basket.js", "/static/suggest.js"]
        assert [urlsplit(str(href)).path for href in page.xpath("//link[@rel='stylesheet']/@href")] == [
            "/static/style.css"
        ]
        assert not page.xpath("//@style | //style | //script/text() | //@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("name", [f"报告.{one.value}" for one in CONTENT_TYPES])
def test_downloads_are_attachments_that_nothing_renders(tmp_path: Path, name: str) -> None:
    """`nosniff` and a fixed type; HTML never under its own type."""
    (tmp_path / name).write_bytes(b"<html><script>fzx</script>")
    engine: EmbeddedEngine = build_engine(tmp_path / "index", {**REPORTS[1], "file": name})
    response = client_of(engine, corpus=str(tmp_path)).get("/file/990122101-2023/1")
    engine.close()

    assert response.status_code == 200
    assert response.mimetype in set(CONTENT_TYPES.values()) - {"text/html"}
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
