"""What is alive, what is ready, and what the site still shows while its engine is away."""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from fzsearch.config import ClusterSettings, load_settings
from fzsearch.engine import EmbeddedEngine
from fzsearch.service import SearchService, open_engine
from fzsearch.web import create_app
from fzsearch.web.openapi import PREFIX
from tests.builders import build_engine
from tests.web.conftest import REPORTS, Client, MakeClient, client_of

SHOWN = (
    "/", "/help", "/check", "/brief", "/opensearch.xml", f"{PREFIX}/openapi.json", "/static/style.css", "/healthz",
)  # fmt: skip
"""What is there whatever becomes of the engine."""
VALUES = {"address": "990122101-2024/s1", "key": "990122101-2024", "path": "s1", "name": "枫林镇", "number": 1}
BASKET = {"fzsearch": 1, "items": [{"address": "/r/990122101-2024/s1"}]}


@pytest.fixture(scope="module")
def away() -> Iterator[FlaskClient]:
    """A client of the site over a cluster at a port where nobody listens."""
    pytest.importorskip("opensearchpy")
    with socket.socket() as held:  # bound, but nobody listens
        held.bind(("127.0.0.1", 0))
        where = ClusterSettings(urls=f"http://127.0.0.1:{held.getsockname()[1]}")
        engine = open_engine("opensearch", Path("index"), where)
        service = SearchService(engine)
        app = create_app(service, load_settings({}))
        app.test_client_class = Client
        yield app.test_client()
        if service._standing._asking:  # its log must not be written while other tests run: CPython's ast is not safe
            service._standing._asking.join(60)
        engine.close()


def every_route(client: FlaskClient) -> list[tuple[str, str]]:
    """Method and an address of everything that the site answers."""
    adapter = client.application.url_map.bind("localhost")
    found = []
    for rule in client.application.url_map.iter_rules():
        if rule.endpoint != "static":
            url = adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
            found += [(method, url) for method in sorted({"GET", "POST"} & (rule.methods or set()))]
    return found


def test_every_route_is_decided_while_the_engine_is_away(away: FlaskClient) -> None:
    routes = every_route(away)
    assert len(routes) > 40
    for method, url in routes:
        answer = away.open(url, method=method, data={"draft": "“甲”", "basket": json.dumps(BASKET)})
        if url in SHOWN and method == "GET":
            assert answer.status_code == 200, url
        else:
            assert (method, url, answer.status_code) == (method, url, 503)
            assert int(answer.headers["Retry-After"]) > 0, url
            assert answer.headers["Cache-Control"] == "no-store", url
        assert "ETag" not in answer.headers, url


@pytest.mark.parametrize("url", SHOWN)
def test_what_needs_no_engine_is_shown_without_one(away: FlaskClient, url: str) -> None:
    assert away.get(url).status_code == 200


def test_the_first_page_says_that_searching_has_to_wait(away: FlaskClient) -> None:
    page = away.get("/").text

    assert "暂时不能检索" in page
    assert "连不上" in page
    assert 'name="q"' in page
    assert "fzsearch index" not in page, "no advice that does not help"


def test_a_refused_page_leads_back_to_itself_and_to_the_log(away: FlaskClient) -> None:
    answer = away.get("/search?q=普法&year=2024")

    assert f'href="/search?q={quote("普法")}&amp;year=2024">再试一次' in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_the_api_says_it_in_its_shape(away: FlaskClient) -> None:
    answer = away.get(f"{PREFIX}/search?q=普法")

    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "unavailable"
    assert "连不上" in answer.get_json()["error"]["message"]


def test_a_draft_and_a_basket_are_not_lost(away: FlaskClient) -> None:
    checked = away.post("/check", data={"draft": "全年调解纠纷85起"})
    saved = away.post("/brief", data={"do": "file", "basket": json.dumps(BASKET)})

    assert checked.status_code == 503
    assert "全年调解纠纷85起</textarea>" in checked.text
    assert saved.status_code == 200
    assert saved.get_json()["items"][0]["address"] == "/r/990122101-2024/s1"


def test_an_address_without_a_page_stays_a_404(away: FlaskClient) -> None:
    assert away.get("/nothing").status_code == 404


# ---- /healthz and /readyz


def test_ready_with_an_open_index(client: FlaskClient) -> None:
    found = client.get("/readyz").get_json()

    assert found["ok"] is True
    assert [one["ok"] for one in found["checks"].values()] == [True, True, True]
    assert found["counts"] == {"sections": 8, "reports": 5, "townships": 3}
    assert len(found["version"]) == 8
    assert client.get("/healthz").get_json()["ok"] is True


def test_not_ready_while_the_engine_is_away(away: FlaskClient) -> None:
    answer = away.get("/readyz")
    checks = answer.get_json()["checks"]

    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert int(answer.headers["Retry-After"]) > 0
    assert [one["ok"] for one in checks.values()] == [False, None, None]
    assert "连不上" in checks["engine"]["message"]


def test_not_ready_without_an_index_or_with_one_of_another_format(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(*REPORTS)
    opened = client.get("/readyz").status_code
    (manifest,) = (tmp_path / "index").glob("gen-*/manifest.json")
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"format": ', '"format": 9'), encoding="utf-8")
    other = client_of(EmbeddedEngine(tmp_path / "index", lambda: pytest.fail("no clock needed"))).get("/readyz")
    missing = client_of(EmbeddedEngine(tmp_path / "none", lambda: pytest.fail("no clock needed"))).get("/readyz")

    assert (opened, client.get("/readyz").status_code) == (200, 200), "what is open stays open"
    for answer, failed in ((other, "version"), (missing, "index")):
        checks = answer.get_json()["checks"]
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert [name for name, one in checks.items() if one["ok"] is False] == [failed]
        assert "fzsearch index" in checks[failed]["message"]


def test_a_folder_that_vanishes_and_comes_back(tmp_path: Path) -> None:
    folder, hidden = tmp_path / "index", tmp_path / "hidden"
    engine = build_engine(folder, *REPORTS)
    client = client_of(engine, index=folder)
    before = client.get("/search?q=普法").status_code
    shutil.move(folder, hidden)
    gone = {url: client.get(url).status_code for url in ("/search?q=普法", "/r/990122101-2024", "/readyz", *SHOWN)}
    notice = client.get("/").text
    shutil.move(hidden, folder)
    after = client.get("/search?q=普法").status_code
    engine.close()

    assert (before, after) == (200, 200)
    assert gone == {"/search?q=普法": 503, "/r/990122101-2024": 503, "/readyz": 503} | dict.fromkeys(SHOWN, 200)
    assert f"fzsearch index 语料目录 --index {folder}" in notice
