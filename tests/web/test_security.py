"""Hosts, methods, headers, downloads."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fzsearch.config import load_settings
from fzsearch.web.security import CSP, HEADERS, is_known_host
from tests.web.conftest import REPORTS, MakeClient

ROUTES = (
    "/", "/search", "/search?q=枫桥", "/search?year=abc", "/help", "/r/990122101-2024", "/r/none-2024",
    "/r/云门镇-2022", "/r/990122101-2024/s1.1", "/r/990122101-2024/s9", "/file/990122101-2024/1",
    "/file/990122101-2024/7", "/healthz",
    "/api/v1/search", "/api/v1/search?year=abc", "/api/v1/reports/990122101-2024", "/static/style.css",
    "/static/none.css", "/nothing", "/static/../../../pyproject.toml",
)  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_has_the_headers(client: FlaskClient, route: str, method: str) -> None:
    response = client.open(route, method=method)

    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["Content-Security-Policy"] == CSP
    assert "Set-Cookie" not in response.headers
    assert response.status_code == 405 if method == "POST" else response.status_code < 500


def test_an_unforeseen_error_is_a_page_with_the_headers(make_client: MakeClient, monkeypatch) -> None:
    client = make_client(*REPORTS)
    monkeypatch.setattr("fzsearch.web.views.home_page", lambda _: 1 / 0)
    response = client.get("/")

    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == CSP
    assert "ZeroDivisionError" not in response.text


def test_pages_use_nothing_that_the_policy_forbids(client: FlaskClient) -> None:
    for route in (route for route in ROUTES if not route.startswith("/file/")):
        body = client.get(route).text
        ours = sum(body.count(f'<script src="/static/{name}.js?v=') for name in ("app", "suggest"))
        assert body.count("<script") == ours
        assert " style=" not in body
        assert "http://" not in body.replace("http://www.w3.org/", "")


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("127.0.0.1", True), ("127.0.0.1:8000", True), ("localhost:8000", True), ("LOCALHOST", True),
        ("[::1]:8000", True),
        ("evil.example", False), ("127.0.0.1.evil.example", False), ("evil.example:8000", False), ("", False),
        ("10.0.0.7", False), ("[::1", False), ("localhost@evil.example", False),
    ],
)  # fmt: skip
def test_hosts_of_a_local_server(host: str, is_known: bool) -> None:
    assert is_known_host(host, load_settings({})) is is_known


def test_hosts_of_a_server_for_others() -> None:
    bound = load_settings({}, host="10.0.0.7", hosts="fz.office, fz2.office")
    everywhere = load_settings({}, host="0.0.0.0")  # noqa: S104

    assert all(is_known_host(host, bound) for host in ("10.0.0.7:8000", "fz.office", "FZ2.office:80", "localhost"))
    assert not is_known_host("10.0.0.8", bound)
    assert is_known_host("10.0.0.8:8000", everywhere)
    assert not is_known_host("evil.example", everywhere)


def test_a_foreign_host_gets_no_content(client: FlaskClient) -> None:
    response = client.get("/search?q=枫桥", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "枫桥" not in response.text


# ---- downloads


def test_file_is_an_attachment_of_a_fixed_type(client: FlaskClient) -> None:
    text, page = client.get("/file/990122101-2024/1"), client.get("/file/石桥镇-2023/1")

    assert (text.mimetype, page.mimetype) == ("text/plain", "application/octet-stream")
    assert text.get_data().decode() == "<script>alert('原文')</script>"
    assert all(r.headers["Content-Disposition"].startswith("attachment;") for r in (text, page))


@pytest.mark.parametrize("path", ["/file/990122101-2024/0", "/file/990122101-2024/2", "/file/x/1"])
def test_file_that_is_not_there_is_a_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_file_needs_a_corpus(make_client: MakeClient) -> None:
    client = make_client(*REPORTS)

    assert client.get("/file/990122101-2024/1").status_code == 404
    assert "/file/" not in client.get("/r/990122101-2024").text


@pytest.mark.parametrize("path", ["../secret.txt", "link.txt", "a/../../secret.txt", "folder.txt"])
def test_file_outside_of_the_corpus_is_never_sent(make_client: MakeClient, tmp_path: Path, path: str) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "folder.txt").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    client = make_client({**REPORTS[1], "file": path}, corpus=str(corpus))

    assert client.get("/file/990122101-2023/1").status_code == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet="./\\%\x00~a@:#?2e -s1", max_size=30))
def test_any_path_is_answered_without_failing(client: FlaskClient, path: str) -> None:
    for prefix in ("/", "/r/", "/r/990122101-2024/", "/file/", "/file/990122101-2024/", "/static/", "/api/v1/reports/"):
        assert client.get(prefix + path, base_url="http://localhost").status_code < 500
