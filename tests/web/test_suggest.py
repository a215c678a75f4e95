"""What do browsers and programs get while somebody types?"""

import pytest
from flask.testing import FlaskClient


def test_the_api_tells_kind_and_sections(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest", query_string={"q": "枫桥"}).get_json()

    assert answer["query"] == "枫桥"
    first = answer["suggestions"][0]
    assert set(first) == {"text", "query", "kind", "sections", "correction"}
    assert (first["query"], first["kind"], first["correction"]) == ("主题:枫桥经验", "topic", False)
    assert first["sections"] > 0


def test_address_bars_get_opensearch_suggestions(client: FlaskClient) -> None:
    answer = client.get("/suggest", query_string={"q": "枫桥"})

    assert answer.mimetype == "application/x-suggestions+json"
    typed, queries, about = answer.get_json(force=True)
    assert typed == "枫桥"
    assert queries[0] == "主题:枫桥经验"
    assert len(about) == len(queries)
    assert about[0].startswith("主题 · ")


@pytest.mark.parametrize("path", ["/suggest", "/api/v1/suggest"])
@pytest.mark.parametrize(
    "typed", ["", " ", "的" * 500, "“", "\\", "%00", "*(", "\ud800".encode("utf-8", "replace").decode()]
)
def test_anything_may_be_typed(client: FlaskClient, path: str, typed: str) -> None:
    assert client.get(path, query_string={"q": typed}).status_code == 200


def test_a_parameter_with_a_typing_error_is_refused(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?Q=x").status_code == 400
