"""`fzsearch brief check` on drafts about the specimens: what it prints, its JSON, exit statuses."""

import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main


@pytest.fixture(scope="module")
def index(corpus_dir, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("brief") / "index")
    assert CliRunner().invoke(main, ["index", str(corpus_dir), "--index", folder]).exit_code == 0
    return folder


@pytest.fixture
def check(index, tmp_path):
    def run(draft: str | bytes, *flags: str, name: str = "稿.md"):
        file = tmp_path / name
        file.write_bytes(draft.encode() if isinstance(draft, str) else draft)
        return CliRunner().invoke(main, ["brief", "check", str(file), *flags, "--index", index])

    return run


@pytest.fixture(scope="module")
def passage(index):
    hits = CliRunner().invoke(main, ["search", "标题:合法性审查 年:2024", "--json", "--index", index]).stdout
    hit = json.loads(hits)["hits"][0]
    return hit, hit["text"].split("\n")[-1][:40]


def test_a_true_draft_is_clean(check, passage):
    hit, words = passage
    result = check(f"该镇提出“{words}”，见 {hit['url']}。")

    assert result.exit_code == 0, result.output
    assert "1. 一致" in result.stdout
    assert "链接 一致" in result.stdout
    assert hit["url"] in result.stdout


def test_a_changed_draft_shows_both_wordings(check, passage):
    hit, words = passage
    result = check(f"该镇提出“{words[:10]}不{words[10:]}”。")

    assert result.exit_code == 4
    assert "有出入" in result.stdout
    assert "[-不-]" in result.stdout
    assert hit["url"] in result.stdout


def test_json_has_the_contract_shape(check, passage):
    hit, words = passage
    result = check(f"“{words}”，“{words}”，“没有任何报告写过的一句胡话”，/r/没有-2020", "--json")
    checked = json.loads(result.stdout)

    assert result.exit_code == 4
    assert [one["verdict"] for one in checked["quotations"]] == ["一致", "一致", "未找到"]
    assert checked["quotations"][0]["matches"] == [{"id": hit["id"], "url": hit["url"], "text": words}]
    assert checked["links"] == [{"url": "/r/没有-2020", "state": "已移除"}]


def test_figures_and_counts_decide_the_exit_status_too(check):
    true = "枫林镇2024年完成合法性审查46件。（[18份报告](/search)）"
    clean, figure, count = check(true), check(true.replace("46", "47")), check(true.replace("18", "17"))

    assert (clean.exit_code, figure.exit_code, count.exit_code) == (0, 4, 4), clean.output
    assert "数字 一致：46件" in clean.stdout
    assert "[-47件-]" in figure.stdout
    assert "[+46件+]" in figure.stdout
    assert "现在逐字命中 18 份报告，全部命中 18 份报告" in count.stdout


def test_json_of_figures_and_counts(check):
    result = check("枫林镇2024年完成合法性审查47件，同比增长5%。（[１８份报告](/search)）", "--json")
    checked = json.loads(result.stdout)
    (figure,), (count,) = checked["figures"], checked["counts"]

    assert (figure["text"], figure["value"], figure["unit"], figure["indicator"]) == ("47件", 47, "件", "legal_review")
    assert figure["verdict"] == "有出入"
    assert figure["compared"]["by"] == "地名"
    assert figure["compared"]["reports"] == ["990122101-2024"]
    assert figure["matches"][0]["value"] == 46
    assert figure["matches"][0]["url"].startswith("/r/990122101-2024/s1.2@")
    assert (count["said"], count["what"], count["found"]) == (18, "reports", {"exact": 18, "all": 18})
    assert count["verdict"] == "一致"
    assert [one["text"] for one in checked["unchecked"]] == ["5%"]
    assert checked["clean"] is False


def test_drafts_without_quotations_and_empty_ones_say_so(check):
    assert "没有引号里的话" in check("只有正文。").stdout
    assert check("").exit_code == 0


@pytest.mark.parametrize(("draft", "words"), [(b"\x89PNG\r\n\x1a\n\0", "图片"), (b"%PDF-1.4 broken", "PDF")])
def test_what_cannot_be_read_gets_one_sentence(check, draft, words):
    result = check(draft, name="稿.docx")

    assert result.exit_code == 2
    assert result.stderr.startswith("fzsearch: 稿.docx 读不出")
    assert words in result.stderr


@pytest.mark.parametrize(("name", "reason"), [("没有.docx", "文件已不在"), (".", "这是文件夹")])
def test_a_file_that_cannot_be_opened(index, name, reason):
    result = CliRunner().invoke(main, ["brief", "check", name, "--index", index])

    assert result.exit_code == 2
    assert f"打不开 {name}（{reason}）" in result.stderr
