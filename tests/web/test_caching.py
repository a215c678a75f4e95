"""What a browser may keep: pages by generation, static files by content."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from fzsearch.web.caching import STATIC_TYPES
from tests.builders import build_engine, build_sections
from tests.web.conftest import REPORTS, MakeClient, client_of

PAGES = (
    "/",
    "/search",
    "/search?q=枫桥",
    "/help",
    "/r/990122101-2024?q=枫桥",
    "/unreadable",
    "/topic/",
    "/api/v1/search",
)
STATIC = Path(__file__).parents[2] / "src/fzsearch/web/static"


@pytest.mark.parametrize("path", PAGES)
def test_a_known_page_is_answered_before_the_work(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    first = client.get(path)
    with monkeypatch.context() as patched:
        for endpoint in client.application.view_functions:
            patched.setitem(client.application.view_functions, endpoint, lambda **_: pytest.fail("work was done"))
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-cache"
    assert again.data == b""


def test_another_generation_is_another_answer(tmp_path: Path) -> None:
    engine = build_engine(tmp_path, *REPORTS[:1])
    client = client_of(engine)
    first = client.get("/search")
    engine.replace_all(build_sections(*REPORTS), state="")
    again = client.get("/search", headers={"If-None-Match": first.headers["ETag"]})
    engine.close()

    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


def test_another_start_of_the_program_is_another_answer(make_client: MakeClient, client: FlaskClient) -> None:
    known = make_client(*REPORTS).get("/help").headers["ETag"]

    assert client.get("/help", headers={"If-None-Match": known}).status_code == 200


def test_an_index_switched_while_a_page_is_made_gives_no_etag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = build_engine(tmp_path, *REPORTS[:1])
    client = client_of(engine)
    search = engine.search

    def switching(query):
        engine.replace_all(build_sections(*REPORTS), state="")
        return search(query)

    monkeypatch.setattr(engine, "search", switching)
    response = client.get("/search")
    engine.close()

    assert response.status_code == 200
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", ["/nothing", "/r/none-2024", "/search?year=abc", "/healthz"])
def test_errors_and_health_are_never_known_already(client: FlaskClient, path: str) -> None:
    for known in ("*", client.get("/healthz").headers.get("ETag", "x")):
        response = client.get(path, headers={"If-None-Match": known})
        assert response.status_code != 304
        assert "ETag" not in response.headers


def test_a_foreign_host_is_refused_whatever_it_knows(client: FlaskClient) -> None:
    known = client.get("/").headers["ETag"]

    assert client.get("/", headers={"Host": "evil.example", "If-None-Match": known}).status_code == 400


@pytest.mark.parametrize("name", ["style.css", "app.js", "suggest.js", "icon.svg"])
def test_static_files_are_kept_for_a_year_under_the_address_of_their_content(client: FlaskClient, name: str) -> None:
    page = client.get("/help").text
    address = next(part for part in page.split('"') if part.startswith(f"/static/{name}?v="))
    kept, other, bare = (client.get(path) for path in (address, f"/static/{name}?v=00000000", f"/static/{name}"))

    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert [other.headers["Cache-Control"], bare.headers["Cache-Control"]] == ["no-cache", "no-cache"]
    assert kept.headers["Content-Type"] == STATIC_TYPES[Path(name).suffix]
    assert kept.data == (STATIC / name).read_bytes()


def test_every_static_file_has_a_fixed_type() -> None:
    assert {path.suffix for path in STATIC.iterdir()} <= set(STATIC_TYPES)
