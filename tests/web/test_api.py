"""The HTTP API: names and shapes of the command line."""

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from fzsearch.engine import EmbeddedEngine
from tests.web.conftest import client_of


def search(client: FlaskClient, *pairs: tuple[str, str]) -> Any:
    response = client.get(f"/api/v1/search?{urlencode(pairs)}")
    assert response.status_code == 200, response.text
    return response.get_json()


def test_search_has_the_shape_of_the_command_line(client: FlaskClient) -> None:
    found = search(client, ("q", "枫桥经验"), ("year", "2024"))

    assert list(found) == ["query", "filters", "took_ms", "total", "exact", "hits", "facets", "notes"]
    assert found["filters"] == {"year": [2024]}
    assert found["exact"] == {"sections": 1, "reports": 1, "townships": 1}
    assert found["hits"][0]["id"] == "990122101-2024/s1.1"
    assert "<mark>枫桥经验</mark>" in found["hits"][0]["snippet"]
    assert found["hits"][0]["report"]["place"]["code"] == "990122101"
    assert {"value": "2024", "count": 2, "selected": True} in found["facets"]["year"]


@pytest.mark.parametrize(("limit", "count"), [("0", 0), ("3", 3), ("10000", 8), ("all", 8)])
def test_search_limit(client: FlaskClient, limit: str, count: int) -> None:
    assert len(search(client, ("limit", limit))["hits"]) == count


def test_search_without_query_is_in_order_of_key_and_path(client: FlaskClient) -> None:
    ids = [hit["id"] for hit in search(client, ("limit", "all"))["hits"]]

    assert ids[:5] == [
        "990122101-2023/s1", "990122101-2024/s0", "990122101-2024/s1", "990122101-2024/s1.1", "990122101-2024/s2",
    ]  # fmt: skip
    assert [hit["id"] for hit in search(client, ("offset", "2"), ("limit", "1"))["hits"]] == [ids[2]]


def test_search_filters_are_joined_by_or_inside_and_by_and_across(client: FlaskClient) -> None:
    found = search(client, ("year", "2023"), ("year", "2024"), ("part", "plan"), ("part", "problems"), ("limit", "all"))

    assert [hit["id"] for hit in found["hits"]] == ["990122101-2024/s2", "石桥镇-2023/s1"]


def test_search_sort_and_match(client: FlaskClient) -> None:
    by_year = search(client, ("q", "调解"), ("sort", "year"))["hits"]
    any_word = search(client, ("q", "议事亭在哪里 社区"), ("match", "any"))["hits"]

    assert [hit["report"]["year"] for hit in by_year] == [2024, 2023]
    assert {hit["id"] for hit in any_word} >= {"990122101-2024/s1.1", "石桥镇-2023/s1"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/search?year=abc", 400, "bad_request"),
        ("/api/v1/search?yaer=2024", 400, "bad_request"),
        ("/api/v1/search?limit=10001", 400, "bad_request"),
        (f"/api/v1/search?q={'x' * 501}", 400, "bad_request"),
        ("/api/v1/reports/none-2024", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        (f"/api/v1/search?q={'x' * 20000}", 414, "too_long"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, path: str, status: int, code: str) -> None:
    response = client.get(path)

    assert response.status_code == status
    assert list(response.get_json()) == ["error"]
    assert response.get_json()["error"]["code"] == code
    assert response.get_json()["error"]["message"]


def test_other_methods_are_refused_with_what_is_allowed(client: FlaskClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = client.open("/api/v1/search", method=method)
        assert response.status_code == 405
        assert response.get_json()["error"]["code"] == "method_not_allowed"
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_report_is_given_with_its_sections(client: FlaskClient) -> None:
    found = client.get("/api/v1/reports/石桥镇-2023").get_json()

    assert found["key"] == "石桥镇-2023"
    assert [section["path"] for section in found["sections"]] == ["s1"]
    assert len(found["place"]["candidates"]) == 2


def test_health_of_an_open_index(client: FlaskClient) -> None:
    found = client.get("/healthz").get_json()

    assert found["ok"] is True
    assert found["counts"] == {"sections": 8, "reports": 5, "townships": 3}
    assert len(found["version"]) == 8


def test_without_an_index_the_api_is_unavailable(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "none", lambda: pytest.fail("no clock needed"))
    client = client_of(engine)

    for path in ("/healthz", "/api/v1/search?q=普法", "/api/v1/reports/a-2024"):
        response = client.get(path)
        assert response.status_code == 503
        assert response.get_json()["error"]["code"] == "unavailable"
    assert client.get("/healthz").get_json()["ok"] is False
