"""The page /check: what it finds, and what it says to wrong input."""

import html
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from fzsearch.config import load_settings
from fzsearch.service import SearchService, open_engine
from fzsearch.web import create_app
from tests.ole_writer import write_ole

DRAFT = "枫林镇2024年“全年调解纠纷85起，普法26场次”，“把枫桥经验做进杜区”。调解纠纷84起。\n见 /r/990122101-2023。"


def post(client: FlaskClient, draft: str = "", file: bytes | None = None, name: str = "稿.docx", **headers: str):
    data: dict[str, object] = {"draft": draft}
    if file is not None:
        data["file"] = (io.BytesIO(file), name)
    return client.post("/check", data=data, headers=headers)


def verdicts(html: str) -> list[str]:
    return re.findall(r'<li class="is-\w+"><div><span class="tag[^"]*">([^<]+)', html)


def test_the_form_says_that_nothing_is_kept(client: FlaskClient) -> None:
    page = client.get("/check")

    assert page.status_code == 200
    assert "核完即弃" in page.text
    assert "逐一与语料对照" in page.text


def test_findings_stand_in_the_order_of_the_draft(client: FlaskClient) -> None:
    page = post(client, DRAFT)

    assert page.status_code == 200
    assert verdicts(page.text) == ["一致", "有出入", "有出入", "一致"]
    assert page.text.index("85起") < page.text.index("<del>杜</del>") < page.text.index("<del>84起</del>")
    assert "<ins>85起</ins>" in page.text
    assert 'href="/r/990122101-2024/s1.1@' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.headers


@pytest.mark.parametrize("name", ["稿.txt", "稿.md", "没有后缀"])
def test_a_file_is_checked_like_what_is_pasted(client: FlaskClient, name: str) -> None:
    page = post(client, file=DRAFT.encode("gb18030"), name=name)

    assert verdicts(page.text) == ["一致", "有出入", "有出入", "一致"]
    assert name in page.text


@pytest.mark.parametrize(
    ("draft", "file", "words"),
    [
        ("", None, "没有收到稿件"),
        (" \n", None, "没有收到稿件"),
        ("", b"", "里没有文字"),
        ("", b"\x89PNG\r\n\x1a\n\0\0" * 50, "读不出"),
        ("", b"PK\x03\x04 broken", "读不出"),
        ("", write_ole({"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"y" * 5000}), "密码"),
        ("稿" * 200_001, None, "最多 200,000 字"),
    ],
    ids=["nothing", "blanks", "empty file", "picture", "broken", "encrypted", "too long"],
)
def test_wrong_input_gets_one_sentence_and_the_form(
    client: FlaskClient, draft: str, file: bytes | None, words: str
) -> None:
    page = post(client, draft, file)

    assert page.status_code == 400
    assert words in page.text
    assert 'name="draft"' in page.text


def test_what_is_too_large_is_refused_with_its_size(client: FlaskClient) -> None:
    page = client.post("/check", data={"draft": DRAFT}, environ_overrides={"CONTENT_LENGTH": str(50 * 2**20)})

    assert page.status_code == 413
    assert "50.0 MB，最多 8 MB" in page.text


def test_other_sites_cannot_send_drafts(client: FlaskClient) -> None:
    assert post(client, DRAFT, Origin="http://evil.example").status_code == 400
    assert post(client, DRAFT, Origin="null").status_code == 400
    assert post(client, DRAFT, Origin="http://localhost").status_code == 200
    assert client.put("/check").status_code == 405


def test_a_hostile_draft_stays_text(client: FlaskClient) -> None:
    hostile = (
        '“<script>fzx</script>”<img src=x onerror=fzx>85起</textarea><fzx>\x00\x1b /r/"><fzx> 5个镇（/search?q=<fzx>)'
    )
    page = post(client, hostile)

    assert page.status_code == 200
    assert not {"<fzx", "<script>", "<img"} & set(re.findall(r"<(?:fzx|script>|img)", page.text))


def test_without_an_index_the_page_says_so(tmp_path: Path) -> None:
    settings = load_settings({}, index=tmp_path / "none")
    client = create_app(SearchService(open_engine("whoosh", settings.index)), settings).test_client()

    form, answer = client.get("/check"), client.post("/check", data={"draft": DRAFT})

    assert form.status_code == 200
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "fzsearch index" in answer.text
    assert DRAFT.split("\n", maxsplit=1)[0] in html.unescape(answer.text), "the draft is still in the form"
