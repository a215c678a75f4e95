"""One line for every request, without what people typed; who asked, told by a trusted proxy only."""

import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fzsearch.config import load_settings
from fzsearch.errors import ConfigError
from fzsearch.web.access_log import logged, open_log
from tests.web.conftest import MakeClient

FIELDS = ["time", "id", "client", "method", "route", "path", "status", "bytes", "ms"]


class Logged:
    """A site whose log is kept here."""

    def __init__(self, app: Flask, **settings: object) -> None:
        self._written: list[bytes] = []
        self._app = app
        self._wsgi = logged(app.wsgi_app, load_settings({}, **settings), self._written.append)

    def open(self, path: str, **sent: Any) -> dict[str, Any]:
        """Ask for an address; gives its line."""
        before, self._app.wsgi_app = self._app.wsgi_app, self._wsgi  # type: ignore[assignment, method-assign]
        try:
            self._app.test_client().open(path, **sent).close()
        finally:
            self._app.wsgi_app = before  # type: ignore[method-assign]
        (line,) = self._written[-1].splitlines()
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def text(self) -> str:
        """All of it."""
        return b"".join(self._written).decode()


@pytest.fixture
def site(client: FlaskClient) -> Logged:
    return Logged(client.application)


def test_a_line_tells_what_was_asked_and_how_it_went(site: Logged) -> None:
    line = site.open("/r/990122101-2024?q=枫桥")

    assert list(line) == FIELDS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", line["time"])
    assert (line["method"], line["route"], line["path"]) == ("GET", "/r/<path:address>", "/r/990122101-2024")
    assert (line["status"], line["client"]) == (200, "127.0.0.1")
    assert line["bytes"] > 1000
    assert line["ms"] > 0


@pytest.mark.parametrize(
    ("path", "status", "route", "shown"),
    [
        ("/search?q=张三", 200, "/search", "/search"),
        ("/nothing/张三", 404, "", None),
        ("/topic/张三", 404, "/topic/<path:name>", None),
        ("/search?year=张三", 400, "/search", None),
        ("/place/枫林镇", 302, "/place/<path:name>", quote("/place/枫林镇")),
    ],
)
def test_what_people_type_is_not_written(site: Logged, path: str, status: int, route: str, shown: str | None) -> None:
    line = site.open(path)

    assert (line["status"], line["route"], line["path"]) == (status, route, shown)
    assert "张三" not in site.text
    assert quote("张三") not in site.text


TYPED = st.text(alphabet="张三李四信访0123456789 /%?#&=\"'\\\n\x00é", min_size=1).map(lambda text: f"秘{text}密")
ASKED = (
    "/search?q={}", "/search.csv?q={}", "/suggest?q={}", "/feed?q={}", "/api/v1/search?q={}", "/cite?address={}",
    "/brief?add={}", "/compare?a={}", "/r/990122101-2024?q={}", "/{}", "/place/{}", "/topic/{}", "/r/{}", "/overlap/{}",
    "/api/v1/places/{}", "/api/v1/topics/{}", "/api/v1/check", "/check", "/brief",
)  # fmt: skip


@examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TYPED)
def test_no_text_reaches_the_log_by_any_road(client: FlaskClient, text: str) -> None:
    site = Logged(client.application)
    secret = quote(text, safe="")
    for path in ASKED:
        site.open(path.format(secret), headers={"Host": "localhost"})
        site.open("/search", headers={"Host": "localhost", "Referer": f"http://localhost/search?q={secret}"})
    for path in ("/check", "/brief"):
        site.open(path, method="POST", data={"draft": text, "basket": text})

    assert not [word for word in (text, secret, "秘", quote("秘")) if word in site.text]


def test_texts_are_written_when_they_are_asked_for(client: FlaskClient) -> None:
    site = Logged(client.application, log_texts="1")
    found, missing = site.open(f"/search?q={quote('张三')}"), site.open("/nothing/张三?x=1")

    assert found["query"] == f"q={quote('张三')}"
    assert (missing["path"], missing["query"]) == (quote("/nothing/张三"), "x=1")


@pytest.mark.parametrize("status", [304, 200])
def test_bytes_are_those_of_the_body(site: Logged, client: FlaskClient, status: int) -> None:
    first = client.get("/help")
    tag = {"If-None-Match": first.headers["ETag"]} if status == 304 else {}

    assert site.open("/help", headers=tag)["bytes"] == (0 if status == 304 else len(first.data))
    assert site.open("/help", method="HEAD")["bytes"] == 0


def test_a_failure_is_written_with_its_path_and_its_number(make_client: MakeClient, monkeypatch) -> None:
    client = make_client()
    monkeypatch.setattr("fzsearch.web.views.home_page", lambda _: 1 / 0)
    site = Logged(client.application)
    line = site.open("/")

    assert (line["status"], line["path"]) == (500, "/")


def test_the_number_comes_from_the_proxy_only_where_there_is_one(client: FlaskClient) -> None:
    given_number = {"X-Request-ID": "0123456789abcdef0123456789abcdef"}
    alone, behind = Logged(client.application), Logged(client.application, trusted_proxy="127.0.0.1")

    assert behind.open("/help", headers=given_number)["id"] == given_number["X-Request-ID"]
    assert alone.open("/help", headers=given_number)["id"] != given_number["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", behind.open("/help", headers={"X-Request-ID": 'x" <script>'})["id"])


# ---- where it goes


def test_a_file_gets_whole_lines_behind_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"
    path.write_text("before\n", encoding="utf-8")
    for number in (1, 2):
        write = open_log(load_settings({}, access_log=path))
        assert write is not None
        write(f"line {number}\n".encode())

    assert path.read_text(encoding="utf-8") == "before\nline 1\nline 2\n"


def test_no_log_unless_it_is_asked_for() -> None:
    assert open_log(load_settings({})) is None


def test_a_log_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="访问日志 .*请换一个文件"):
        open_log(load_settings({}, access_log=tmp_path / "none" / "access.jsonl"))


def test_a_full_disk_does_not_take_the_site_down(client: FlaskClient) -> None:
    def full(_: bytes) -> None:
        raise OSError(28, "No space left on device")

    site = logged(client.application.wsgi_app, load_settings({}), full)
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/help", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
    }  # fmt: skip
    site(environ, lambda line, *_: status.append(line))  # type: ignore[arg-type]

    assert status == ["200 OK"]


@pytest.mark.parametrize("value", ["proxy", "10.0.0.0/8", "127.0.0.1,10.0.0.1"])
def test_a_proxy_is_named_by_one_address(value: str) -> None:
    with pytest.raises(ConfigError, match="trusted_proxy"):
        load_settings({}, trusted_proxy=value)
