"""Is every basket that a browser can hold answered, and never more than text?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.builders import build_engine
from tests.web.conftest import REPORTS, client_of
from tests.web.test_citing import KEY, post, stored


@pytest.fixture(scope="module")
def any_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("any")
    engine = build_engine(folder, *REPORTS)
    yield client_of(engine)
    engine.close()


_TEXT = st.text(max_size=30) | st.sampled_from(["<fzx>", "/r/990122101-2024/s1", "/r/", "“”", "\ud800", "\x00\x85"])
_ITEM = st.one_of(
    st.fixed_dictionaries({"heading": _TEXT}),
    st.fixed_dictionaries({"line": _TEXT}),
    st.fixed_dictionaries({"address": _TEXT | st.just(f"/r/{KEY}/s1.1")}, optional={"quote": _TEXT, "was": _TEXT}),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    items=st.lists(_ITEM, max_size=5),
    title=_TEXT,
    search=_TEXT,
    order=st.sampled_from(["save", "move 1 2", "remove 1", "export docx", "export md", "export txt", "file", "undo"]),
)
def test_any_basket_that_a_browser_can_hold_is_answered(
    any_client: FlaskClient, items: list[dict[str, str]], title: str, search: str, order: str
) -> None:
    sent = json.dumps({"fzsearch": 1, "title": title, "search": search, "items": items})
    response = any_client.post("/brief", data={"basket": sent, "do": order, "before": sent})

    assert response.status_code == 200
    if response.mimetype == "text/html":
        page = html.document_fromstring(response.get_data())
        assert not page.xpath("//fzx")
        assert stored(post(any_client, basket=stored(page))) == stored(page)
