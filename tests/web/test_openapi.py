"""The OpenAPI document against the running site: every route stands in it, every answer is what it says."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from markupsafe import escape
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from fzsearch.config import load_settings
from fzsearch.service import SearchService
from fzsearch.service.search_address import check_names
from fzsearch.web import create_app
from fzsearch.web.openapi import PARAMETERS, PREFIX, ROUTES, Route, document

BY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.endpoint)


@pytest.fixture(scope="module")
def site(service: SearchService, index_dir: Path) -> FlaskClient:
    """The site over the specimens."""
    return create_app(service, load_settings({}, index=index_dir)).test_client()


@pytest.fixture(scope="module")
def described(site: FlaskClient) -> Any:
    """Its document, read from it."""
    return schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", site.application)


def check_route(described: Any, route: Route, examples: int) -> None:
    """Ask with what the document allows, and with what it does not: no 500, no answer of another shape."""
    operation = described[PREFIX + route.path][method_of(route)]
    takes_wrong = route.names or route.is_draft
    for mode in GenerationMode if takes_wrong else (GenerationMode.POSITIVE,):

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def conforms(case: schemathesis.Case[Any]) -> None:
            if {"offset", "page"} <= set(case.query):  # either may stand, which no schema can say
                del case.query["page"]
            case.query = {name: _written(value) for name, value in case.query.items()}
            # Null for a list arrives as a word, and any word may be a name; what is refused is tested below.
            case.call_and_validate(excluded_checks=[negative_data_rejection])

        conforms()


def _written(value: Any) -> Any:
    """An integer as digits: to JSON Schema 10000.0 is one too, to addresses it is not."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def method_of(route: Route) -> str:
    return "POST" if route.is_draft else "GET"


@BY_ROUTE
def test_every_answer_conforms(described, route):
    check_route(described, route, examples=12)


@pytest.mark.slow
@BY_ROUTE
def test_every_answer_conforms_to_many_questions(described, route):
    check_route(described, route, examples=200)


def test_every_route_is_described_and_the_other_way_round(site):
    rules = {
        (rule.rule, method)
        for rule in site.application.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method.upper())
        for path, operations in site.get(f"{PREFIX}/openapi.json").json["paths"].items()
        for method in operations
    }

    assert {(route.rule, method_of(route)) for route in ROUTES} == rules
    assert {(PREFIX + route.path, method_of(route)) for route in ROUTES} == described


def test_the_help_names_every_route_and_parameter(site):
    """With examples that have an answer here."""
    page = site.get("/help").text.partition('id="api"')[2]

    for route in ROUTES:
        assert f"<code>{PREFIX}{escape(route.example or route.path)}</code>" in page
        assert escape(route.about) in page
    for name, parameter in PARAMETERS.items():
        assert f"<code>{name}</code></th><td>{parameter.about}" in page
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page.partition("<footer")[0])]
    assert len(links) > len([route for route in ROUTES if route.example])
    for link in links:
        assert site.get(link).status_code == 200, link


def test_the_document_is_a_valid_one(site):
    described = site.get(f"{PREFIX}/openapi.json").json

    assert described["openapi"] == "3.1.0"
    for schema in described["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    names = set(described["components"]["schemas"])
    assert {one.rpartition("/")[2] for one in _values_of(described, "$ref")} <= names
    assert all(parameter["description"] for parameter in _values_of(described, "parameters", flat=True))


def _values_of(tree: Any, name: str, *, flat: bool = False) -> Iterator[Any]:
    """Everything that stands under a name, at any depth."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        if key == name:
            yield from value if flat else (value,)
        yield from _values_of(value, name, flat=flat)


SEEN = (
    "/search?q=人民调解&limit=all", "/search?q=没有这几个字", "/reports?limit=all", "/reports/990122101-2024",
    "/reports/990122101-2024/sections/s1.2", "/figures", "/figures?indicator=legal_review", "/indicators?q=调解",
    "/coverage", "/topics", "/topics/人民调解", "/places?limit=all", "/places/枫林镇", "/places/青溪县",
    "/cite?address=990122101-2024/s1.2&style=ris", "/compare?old=990122101-2023&new=990122101-2024",
    "/overlap?limit=all", "/openapi.json",
)  # fmt: skip


@pytest.mark.parametrize("path", SEEN)
def test_nothing_is_given_that_is_not_described(site, path):
    """The document allows more keys, so that an answer can grow; what grows has to be described."""
    route = next(one for one in ROUTES if _fits(one, path.partition("?")[0]))
    _validate_strictly(site.get(PREFIX + path), route)


def test_a_checked_draft_holds_what_is_described(site):
    text = site.get(f"{PREFIX}/reports/990122101-2024/sections/s1.2").json["sections"][0]["text"]
    draft = f"“{text[5:40]}”，“没有人写过的话”，见 /r/990122101-2024/s1.2@00000000。"
    answer = site.post(f"{PREFIX}/check", data=draft.encode(), content_type="text/plain; charset=utf-8")

    assert [one["verdict"] for one in answer.json["quotations"]] == ["一致", "未找到"]
    assert answer.json["links"][0]["state"] == "已改动"
    _validate_strictly(answer, next(route for route in ROUTES if route.is_draft))


def _fits(route: Route, path: str) -> bool:
    wanted, given = route.path.split("/"), path.split("/")
    return len(wanted) == len(given) and all(w == g or w.startswith("{") for w, g in zip(wanted, given, strict=True))


def _validate_strictly(answer: Any, route: Route) -> None:
    assert answer.status_code == 200, answer.text
    schemas = {name: _closed(one) for name, one in document("")["components"]["schemas"].items()}
    wanted = {"$ref": f"#/components/schemas/{route.answer}", "components": {"schemas": schemas}}
    jsonschema_rs.validator_for(wanted, validate_formats=True).validate(answer.json)


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return closed | ({"additionalProperties": False} if schema.get("properties") else {})


# ---- wrong input


@BY_ROUTE
def test_every_wrong_parameter_is_refused(site, route):
    """An unknown one, and a wrong value of every known one that does not take any text."""
    path = PREFIX + route.path.format(key="990122101-2024", path="s1", name="枫林镇")
    known = {"address": "990122101-2024", "old": "990122101-2023", "new": "990122101-2024"}
    needed = {name: known[name] for name in route.required}
    wrong = {name: "十" for name in route.names if set(PARAMETERS[name].schema) & {"enum", "pattern", "anyOf"}}
    wrong |= {"yaer": "2024"} | ({"q": "长" * 501} if "q" in route.names else {})
    for name, value in wrong.items():
        answer = site.open(f"{path}?{urlencode(needed | {name: value})}", method=method_of(route))
        assert answer.status_code == 400, (name, answer.text)
        assert {"q": "检索词"}.get(name, name) in answer.json["error"]["message"]
    for name in needed:
        rest = {other: value for other, value in needed.items() if other != name}
        assert site.get(f"{path}?{urlencode(rest)}").json["error"]["message"] == f"缺少参数 {name}"


@BY_ROUTE
def test_every_other_method_is_refused_with_what_is_allowed(site, route):
    path = PREFIX + route.path.format(key="990122101-2024", path="s1", name="枫林镇")
    allowed = {"POST"} if route.is_draft else {"GET", "HEAD"}
    for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} - allowed:
        answer = site.open(path, method=method)
        assert answer.status_code == 405, method
        assert set(answer.headers["Allow"].split(", ")) == allowed
        if method != "HEAD":
            assert answer.json["error"]["code"] == "method_not_allowed"
    if "HEAD" in allowed:
        assert site.open(path, method="HEAD").data == b""


def test_names_of_parameters_are_those_of_the_site():
    from werkzeug.datastructures import MultiDict  # noqa: PLC0415

    for route in ROUTES:
        assert route.names <= set(PARAMETERS), route
        check_names(MultiDict(dict.fromkeys(route.names, "")), route.names)


@pytest.mark.parametrize(
    "path", ["/search?q=%FF", "/places/%FF", "/reports/%C3%28", "/topics/%00", "/cite?address=%B7%A8"]
)
def test_what_is_no_utf8_is_refused(site, path):
    assert site.get(PREFIX + path).status_code in {400, 404}


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ("“甲”", "text/plain", 200),
        ("“甲”", "text/plain; charset=utf-8", 200),
        ("", "text/plain", 200),
        ('{"text": "“甲”"}', "application/json", 200),
        ('{"text": "“\\ud800甲”"}', "application/json", 200),
        ("“甲”".encode("gb18030"), "text/plain", 400),
        ("“甲”".encode("gb18030"), "application/json", 400),
        ("“甲”", "application/json", 400),
        ('{"text": 1}', "application/json", 400),
        ('{"text": "甲", "more": 1}', "application/json", 400),
        ('["甲"]', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("“甲”", "text/html", 415),
        ("“甲”", "", 415),
        ("text=甲", "application/x-www-form-urlencoded", 415),
        (b"x" * 1_000_001, "text/plain", 413),
    ],
)
def test_drafts_of_every_kind(site, data, content_type, status):
    answer = site.post(f"{PREFIX}/check", data=data, content_type=content_type)

    assert answer.status_code == status, answer.text
    assert ("error" in answer.json) is (status != 200)


def test_a_draft_that_quotes_too_much_is_refused(site):
    answer = site.post(f"{PREFIX}/check", data="“甲”" * 1_001, content_type="text/plain")

    assert answer.status_code == 400
    assert "1001 处引文" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://evil.example", 400),
        ("null", 400),
        ("[", 400),
    ],
)
def test_pages_of_other_sites_send_nothing(site, origin, status):
    answer = site.post(f"{PREFIX}/check", data="“甲”", content_type="text/plain", headers={"Origin": origin})

    assert answer.status_code == status


def test_a_body_where_none_is_wanted_is_refused(site):
    answer = site.open(f"{PREFIX}/search", method="GET", data=b"x" * 65_537)

    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"
