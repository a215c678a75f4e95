"""The HTTP API: names and shapes of the command line."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from fzsearch.cli import main
from fzsearch.engine import EmbeddedEngine
from fzsearch.web.openapi import PREFIX, ROUTES
from tests.web.conftest import FENGLIN, REPORTS, MakeClient, client_of


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


def test_without_an_index_the_api_is_unavailable(tmp_path) -> None:
    engine = EmbeddedEngine(tmp_path / "none", lambda: pytest.fail("no clock needed"))
    client = client_of(engine)

    for path in ("/api/v1/search?q=普法", "/api/v1/reports/a-2024"):
        response = client.get(path)
        assert response.status_code == 503
        assert response.get_json()["error"]["code"] == "unavailable"


# ---- reports, places, and what the command line gives too


def get(client: FlaskClient, path: str, **parameters: str) -> Any:
    response = client.get(f"/api/v1{path}?{urlencode(parameters)}")
    assert response.status_code == 200, response.text
    return response.get_json()


@pytest.mark.parametrize("query", [{}, {"q": "枫桥"}, {"part": "plan"}, {"q": "调解", "year": "2023"}, {"q": "没有"}])
def test_reports_are_those_that_a_search_finds_something_in(client: FlaskClient, query: dict[str, str]) -> None:
    hits, reports = get(client, "/search", **query, limit="all"), get(client, "/reports", **query, limit="all")
    keys = [one["key"] for one in reports["reports"]]

    assert keys == sorted({hit["report"]["key"] for hit in hits["hits"]})
    assert reports["total"] == hits["total"]
    assert len(keys) == reports["total"]["reports"]


def test_reports_come_in_pages(client: FlaskClient) -> None:
    everything = get(client, "/reports", limit="all")["reports"]

    assert get(client, "/reports", limit="2", page="2")["reports"] == everything[2:4]
    assert get(client, "/reports", limit="2", offset="3")["reports"] == everything[3:5]
    assert get(client, "/reports", limit="0")["reports"] == []
    assert everything[1]["issued"] == "2025-01-12"
    assert everything[2]["unsettled"] == ["县"]


def test_a_section_comes_with_its_report(client: FlaskClient) -> None:
    whole, one = get(client, "/reports/990122101-2024"), get(client, "/reports/990122101-2024/sections/s1.1")

    assert [section["path"] for section in one["sections"]] == ["s1.1"]
    assert one == whole | {"sections": [whole["sections"][2]]}
    for path in ("s9", "s1.1/p1", "S1", "s1@00000000", "%20"):
        assert client.get(f"/api/v1/reports/990122101-2024/sections/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "townships", "counties"),
    [
        ("枫林镇", ["990122101"], []),
        ("990122101", ["990122101"], []),
        ("石桥镇", ["石桥镇"], []),
        ("青溪县", [], ["青溪县"]),
        ("990122", [], ["青溪县"]),
    ],
)
def test_places_by_name_and_code(client: FlaskClient, name: str, townships: list[str], counties: list[str]) -> None:
    found = get(client, f"/places/{name}")

    assert [one["id"] for one in found["townships"]] == townships
    assert [one["name"] for one in found["counties"]] == counties


def test_places_of_one_name_are_all_given(make_client: MakeClient) -> None:
    other = {
        **REPORTS[1],
        "key": "990221101-2023",
        "place": {**asdict(FENGLIN), "code": "990221101", "county": "临河县"},
    }
    found = get(make_client(*REPORTS, other), "/places/枫林镇")

    assert [one["place"]["county"] for one in found["townships"]] == ["青溪县", "临河县"]


def test_an_unknown_place_is_a_404_with_names_like_it(client: FlaskClient) -> None:
    answer = client.get("/api/v1/places/枫林")

    assert answer.status_code == 404
    assert "是不是 枫林镇" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["枫林镇", "云门镇", "石桥镇"]),
        ({"county": "青溪县"}, ["枫林镇"]),
        ({"county": "未定"}, ["云门镇", "石桥镇"]),
        ({"year": "2023"}, ["枫林镇", "石桥镇"]),
        ({"year": "2022", "county": "青溪县"}, []),
    ],
)
def test_places_of_a_region(client: FlaskClient, filters: dict[str, str], names: list[str]) -> None:
    found = get(client, "/places", **filters)

    assert [one["name"] for one in found["townships"]] == names
    assert found["total"] == {"townships": len(names)}


def test_indicators_count_their_figures(client: FlaskClient) -> None:
    for query in ({}, {"q": "枫桥"}, {"year": "2023"}):
        counted = get(client, "/indicators", **query)
        figures = get(client, "/figures", **query)["figures"]
        assert sum(one["figures"] for one in counted["indicators"]) + counted["others"] == len(figures)
        for one in counted["indicators"]:
            assert one["figures"] == len([figure for figure in figures if figure["indicator"] == one["id"]])


def test_what_is_cited_may_be_written_in_three_ways(client: FlaskClient) -> None:
    url = get(client, "/cite", address="990122101-2024/s1.1")["url"]
    for address in (url, url.removeprefix("/r/"), f"http://fz.example{url}"):
        cited = get(client, "/cite", address=address, style="plain")
        assert cited["text"] == f"《枫林镇2024年度法治政府建设情况的报告》“（一）坚持“枫桥经验””部分，{url}"
        assert (cited["state"], cited["notes"]) == ("一致", ["链接是站内相对地址；网站设了 base_url 才是完整网址"])
    assert get(client, "/cite", address="990122101-2024/s1.1@00000000")["state"] == "已改动"
    for address in ("none-2024", "990122101-2024/s9", "云门镇-2022", "/", "@"):
        assert client.get(f"/api/v1/cite?{urlencode({'address': address})}").status_code == 404


def test_citations_are_of_today_and_never_kept(client: FlaskClient) -> None:
    assert "ETag" not in client.get("/api/v1/cite?address=990122101-2024").headers


def test_links_of_citations_begin_with_the_base_url(make_client: MakeClient) -> None:
    cited = get(make_client(*REPORTS, base_url="http://fz.example"), "/cite", address="990122101-2024", style="plain")

    assert "，http://fz.example/r/990122101-2024@" in cited["text"]
    assert cited["notes"] == []


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/reports/990122101-2024", ["show", "990122101-2024"]),
        ("/reports/990122101-2024/sections/s1.2", ["show", "990122101-2024/s1.2"]),
        ("/compare?old=990122101-2023&new=990122101-2024", ["compare", "990122101-2023", "990122101-2024"]),
        ("/coverage?county=青溪县", ["coverage", "--county", "青溪县"]),
        ("/topics?year=2024", ["topics", "--year", "2024"]),
        ("/figures?indicator=legal_review", ["figures", "--indicator", "legal_review"]),
    ],
)
def test_the_command_line_gives_the_same(app: Flask, index_dir: Path, path: str, arguments: list[str]) -> None:
    printed = CliRunner().invoke(main, [*arguments, "--json", "--index", str(index_dir)])

    assert app.test_client().get(f"/api/v1{path}").get_json() == json.loads(printed.stdout)


@pytest.mark.parametrize("address", ["990122101-2024", "990122101-2024/s1.2"])
def test_markdown_is_the_same_but_for_the_address(app: Flask, index_dir: Path, address: str) -> None:
    printed = CliRunner().invoke(main, ["show", address, "--md", "--index", str(index_dir)]).stdout

    assert app.test_client().get(f"/r/{address}.md").text.replace("<http://localhost/", "</") == printed


def test_a_draft_is_checked_as_on_the_command_line(app: Flask, index_dir: Path, tmp_path: Path) -> None:
    draft = tmp_path / "a.md"
    draft.write_text("据“枫桥经验”，又“没有人写过的话”，见 /r/990122101-2024。", encoding="utf-8")
    printed = CliRunner().invoke(main, ["brief", "check", str(draft), "--json", "--index", str(index_dir)])
    answer = app.test_client().post("/api/v1/check", json={"text": draft.read_text(encoding="utf-8")})

    assert answer.get_json() == json.loads(printed.stdout)


def test_overlap_is_paged_and_may_be_of_one_report(app: Flask, index_dir: Path) -> None:
    printed = json.loads(CliRunner().invoke(main, ["overlap", "--json", "--index", str(index_dir)]).stdout)
    client = app.test_client()

    assert get(client, "/overlap", limit="all") == {"total": {"reports": 18}, "reports": printed}
    assert get(client, "/overlap", limit="4", page="2")["reports"] == printed[4:8]
    assert [one["key"] for one in get(client, "/overlap", key="990122101-2024")["reports"]] == ["990122101-2024"]
    assert client.get("/api/v1/overlap?key=none").status_code == 404


def test_without_an_index_every_route_but_the_document_is_unavailable(tmp_path: Path) -> None:
    client = client_of(EmbeddedEngine(tmp_path / "none", lambda: pytest.fail("no clock needed")))
    needed = {"address": "a", "old": "a", "new": "b"}
    for route in ROUTES:
        address = PREFIX + route.path.format(key="a", path="s1", name="b")
        query = urlencode({name: needed[name] for name in route.required})
        answer = client.open(f"{address}?{query}", method="POST" if route.is_draft else "GET", data="“甲”",
                             content_type="text/plain")  # fmt: skip
        assert answer.status_code == (200 if route.endpoint == "api_openapi" else 503), route.endpoint
        if route.endpoint != "api_openapi":
            assert answer.get_json()["error"]["code"] == "unavailable"


def test_a_foreign_host_gets_the_shape_of_errors(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "bad_request"
