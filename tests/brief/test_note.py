"""Does a basket become a note whose quotations are true, whose links open and which Word can open?"""

import io
import json
import shutil
import subprocess
import zipfile
from datetime import date

import pytest
from lxml import etree

from fzsearch.analysis import normalize
from fzsearch.brief import Quoted, build_note, check_draft, note_docx, note_markdown, note_text, read_basket, read_draft
from fzsearch.errors import CorpusError
from fzsearch.service import SearchRequest

TODAY = date(2026, 11, 20)
BASE = "http://10.0.0.8:8000"


@pytest.fixture(scope="module")
def hits(service):
    return service.search(SearchRequest(text="枫桥经验", limit=3)).hits


@pytest.fixture(scope="module")
def basket(hits):
    sentence = hits[2].stored.section.text.split("\n")[-1][:40]
    items = [
        {"heading": "一、做法 & <举措>"},
        {"line": "自己写的一句。\n第二行"},
        *({"address": hit.url} for hit in hits[:2]),
        {"address": f"{BASE}{hits[2].url}", "quote": sentence},
    ]
    stored = {"fzsearch": 1, "title": "“枫桥经验”摘编", "search": "/search?q=枫桥经验", "items": items}
    return read_basket(json.dumps(stored).encode(), "篮.json")


@pytest.fixture(scope="module")
def note(service, basket):
    return build_note(service, basket, TODAY, BASE)


@pytest.mark.parametrize("suffix", [".md", ".docx", ".txt"])
def test_a_note_is_true_when_checked(service, note, suffix):
    written = {".md": note_markdown(note).encode(), ".docx": note_docx(note), ".txt": note_text(note).encode()}[suffix]
    checked = check_draft(service, read_draft(written, f"简报{suffix}"))

    assert checked.is_clean
    quoted = [normalize(one.quotation.text) for one in checked.quotations]
    assert {normalize(one.wording) for one in note.blocks if isinstance(one, Quoted)} <= set(quoted)
    assert [link.resolution.state.value for link in checked.links] == ["一致"] * 3


def word_text(note):
    with zipfile.ZipFile(io.BytesIO(note_docx(note))) as archive:
        parts = [etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "footnotes")]
    return "".join(str(run) for part in parts for run in part.itertext())


@pytest.mark.parametrize("write", [note_markdown, note_text, word_text])
def test_every_form_holds_every_passage_and_reference(note, hits, write):
    text = write(note)

    assert all(f"{BASE}{hit.url}" in text for hit in hits)
    assert text.replace("\\", "").count("[R") == len(hits)
    for words in ("自己写的一句。", "2026-11-20", "语料版本", "一、做法 & <举措>"):
        assert words in text.replace("\\", "")


def test_footnotes_are_real_and_numbered(note):
    with zipfile.ZipFile(io.BytesIO(note_docx(note))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        footnotes = etree.fromstring(archive.read("word/footnotes.xml"))
    space = {"w": document.nsmap["w"]}
    identity = f"{{{space['w']}}}id"
    referenced = [one.get(identity) for one in document.iterfind(".//w:footnoteReference", space)]

    assert referenced == ["2", "3", "4"]
    assert [one.get(identity) for one in footnotes.iterfind("w:footnote", space)] == ["0", "1", *referenced]


def test_the_same_note_gives_the_same_bytes(service, basket, note):
    assert note_docx(build_note(service, basket, TODAY, BASE)) == note_docx(note)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(note, tmp_path):
    (tmp_path / "note.docx").write_bytes(note_docx(note))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "note.docx")], check=True, timeout=120, capture_output=True
    )
    text = read_draft((tmp_path / "note.pdf").read_bytes(), "note.pdf")

    assert "自己写的一句。" in text
    assert "摘编" in text
    assert BASE in text.replace("\n", "")


def test_what_is_gone_or_changed_is_told(service, hits):
    items = [{"address": "/r/没有-2020/s1@00000000", "quote": "旧文"}, {"address": hits[0].url, "quote": "改过的话"}]
    gone = read_basket(json.dumps({"fzsearch": 1, "items": items}).encode(), "篮.json")
    note = build_note(service, gone, TODAY)

    assert [warning.split("：")[0] for warning in note.warnings] == ["第 1 条注", "第 2 条注"]
    assert "相对地址" in note_text(note)
    assert "已不在语料中" in note_markdown(note)


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("no json", "不是 JSON"),
        ([], "不是摘录篮"),
        ({"fzsearch": 2, "items": []}, "fzsearch"),
        ({"fzsearch": 1, "items": [{"address": "/r/x", "heading": "y"}]}, "第 1 条"),
        ({"fzsearch": 1, "items": [{"line": "好"}, {"line": 3}]}, "第 2 条"),
        ({"fzsearch": 1, "items": [{"line": "x"}] * 501}, "最多 500"),
    ],
)
def test_bad_baskets_get_one_sentence(stored, words):
    data = stored if isinstance(stored, str) else json.dumps(stored)
    with pytest.raises(CorpusError, match=words):
        read_basket(data.encode(), "篮.json")


def test_text_that_xml_cannot_hold_is_replaced(service):
    odd = read_basket(json.dumps({"fzsearch": 1, "title": "a\x00\x0b\ud800", "items": []}).encode(), "篮.json")
    with zipfile.ZipFile(io.BytesIO(note_docx(build_note(service, odd, TODAY)))) as archive:
        assert etree.fromstring(archive.read("word/document.xml")) is not None
