"""The commands as people and programs use them: output, JSON shapes, exit statuses, messages for mistakes."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from fzsearch.service.tables import safe_cell


@pytest.fixture(scope="module")
def built(corpus_dir, tmp_path_factory):
    """An index of the specimens, made by the command."""
    folder = tmp_path_factory.mktemp("cli") / "index"
    result = CliRunner().invoke(main, ["index", str(corpus_dir), "--index", str(folder), "--workers", "2", "--json"])
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.fixture
def run(built):
    def invoke(*arguments: str, status: int = 0):
        result = CliRunner().invoke(main, [*arguments, "--index", str(built[0])])
        assert result.exit_code == status, result.output
        return result

    return invoke


def json_of(result):
    return json.loads(result.stdout)


PLACE = {"province", "city", "county", "township", "code", "candidates"}


def test_index_json_has_the_contract_shape(built):
    summary = built[1]

    assert set(summary) == {"reports", "sections", "unreadable", "poor", "took_s"}
    assert summary["reports"] == {"added": 18, "changed": 0, "unchanged": 0, "removed": 0}
    assert summary["unreadable"] == []


def test_explain_tells_how_scores_came_about(run):
    hit = json_of(run("search", "人民调解 培训", "--explain", "--json"))["hits"][0]
    text = run("search", "人民调解 培训", "--explain", "--limit", "1").stdout

    why = hit["explain"]
    total = sum(term["share"] for term in why["terms"]) * why["bare"] * why["together"]
    assert total == pytest.approx(hit["score"], abs=1e-3)
    assert set(why["terms"][0]) == {"kind", "text", "idf", "frequencies", "length", "share"}
    assert "得分 = 各项之和" in text
    assert "词“调解”" in text or "词“人民调解”" in text
    assert f"得分 {hit['score']:.2f}"[:-1] in text


def test_search_json_has_the_contract_shape(run):
    page = json_of(run("search", "枫桥经验", "--year", "2024", "--json"))

    assert list(page) == ["query", "filters", "took_ms", "total", "exact", "hits", "facets", "notes"]
    assert page["query"] == "枫桥经验"
    assert page["filters"] == {"year": [2024]}
    assert set(page["total"]) == set(page["exact"]) == {"sections", "reports", "townships"}
    assert set(page["facets"]) == {"year", "province", "city", "county", "township", "topic", "part"}
    hit = page["hits"][0]
    assert set(hit) == {"id", "url", "score", "exact", "heading", "part", "topics", "text", "snippet", "report"}
    assert set(hit["report"]) == {"key", "title", "year", "file", "place"}
    assert set(hit["report"]["place"]) == PLACE
    assert hit["url"].startswith(f"/r/{hit['id']}@")
    assert "<mark>枫桥经验</mark>" in hit["snippet"]
    assert {"value": "2024", "count": page["total"]["sections"], "selected": True} in page["facets"]["year"]
    assert page["total"]["reports"] == 6


def test_facet_values_are_never_the_unknown(run):
    page = json_of(run("search", "", "--json", "--limit", "0"))

    assert page["hits"] == []
    assert all(one["value"] != "未定" for counts in page["facets"].values() for one in counts)


def test_an_empty_query_lists_all_sections_in_order(run):
    page = json_of(run("search", "", "--json", "--limit", "all"))
    ids = [hit["id"] for hit in page["hits"]]

    assert len(ids) == page["total"]["sections"] == page["exact"]["sections"]
    assert [i.split("/")[0] for i in ids] == sorted(i.split("/")[0] for i in ids)


def test_filters_of_one_facet_add_up_and_of_two_narrow(run):
    def total(*filters):
        return json_of(run("search", "法治", *filters, "--json"))["total"]["sections"]

    one, other = total("--township", "枫林镇"), total("--township", "大石镇")
    assert total("--township", "枫林镇", "--township", "大石镇") == one + other
    assert total("--township", "990122101") == one
    assert 0 < total("--township", "枫林镇", "--part", "举措成效") < one


def test_pages_follow_each_other(run):
    first = json_of(run("search", "法治", "--json", "--limit", "3"))["hits"]
    second = json_of(run("search", "法治", "--json", "--limit", "3", "--offset", "3"))["hits"]
    both = json_of(run("search", "法治", "--json", "--limit", "6"))["hits"]

    assert first + second == both


def test_search_as_text_csv_and_markdown(run):
    text = run("search", "合法性审查", "--limit", "2").stdout
    rows = list(csv.reader(io.StringIO(run("search", "合法性审查", "--csv", "--limit", "all").stdout.lstrip("\ufeff"))))
    markdown = run("search", "合法性审查", "--md", "--limit", "1", "--year", "2023").stdout

    assert "逐字命中" in text
    assert "【合法性审查】" in text
    assert rows[0][:3] == ["id", "url", "exact"]
    assert all("合法性审查" in row[rows[0].index("text")] for row in rows[1:] if row[2] == "逐字")
    assert "# 检索：合法性审查" in markdown
    assert "year=2023" in markdown
    assert "语料版本" in markdown


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM", "\tx"])
def test_cells_are_never_formulas(cell):
    assert safe_cell(cell) == "'" + cell
    assert safe_cell(None) == ""


def test_zero_hits_are_explained(run):
    text = run("search", "枫桥经念", "--year", "2023").stdout

    assert "没有命中" in text
    assert "相近" in text
    assert "去掉筛选 year=2023" in text


def test_parse_json_has_the_contract_shape(corpus_dir):
    file = next(corpus_dir.rglob("云门镇2022*.docx"))
    result = CliRunner().invoke(main, ["parse", str(file), "--json"])
    report = json.loads(result.stdout)

    assert result.exit_code == 0
    assert list(report) == [
        "title", "year", "level", "place", "issuers", "doc_number", "issued", "signer", "sections", "figures",
        "findings", "contents", "provenance", "warnings",
    ]  # fmt: skip
    assert set(report["place"]) == PLACE
    assert list(report["sections"][0]) == ["path", "level", "marker", "heading", "part", "text", "topics"]
    assert report["place"]["county"] == "青溪县"


def test_parse_as_text_names_the_source_of_every_value(corpus_dir):
    file = next(corpus_dir.rglob("*.txt"))
    text = CliRunner().invoke(main, ["parse", str(file)]).stdout

    assert "标题：" in text
    assert "文中第" in text


def test_parse_as_text_tells_the_contents(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(
        "沙市镇2022年法治政府建设报告\n一、主要举措\n完成巡查12次。但仍存在人手偏紧的不足。", encoding="utf-8"
    )

    text = CliRunner().invoke(main, ["parse", str(file)]).stdout

    assert "举措成效：有，s1（标题）：主要举措" in text
    assert "不足原因：有，s1（文中一句）：但仍存在人手偏紧的不足。" in text
    assert "未见：第一责任人、下步安排、其他" in text


def test_parse_as_text_lists_figures_and_what_differs(tmp_path):
    file = tmp_path / "沙市镇.txt"
    file.write_text("沙市镇2022年法治政府建设报告\n一、情况\n排查纠纷80起，化解70起，化解率95%。", encoding="utf-8")
    text = CliRunner().invoke(main, ["parse", str(file)]).stdout

    assert "数字：排查纠纷80起（s1）" in text
    assert "数字核对：化解率写 95%，按 70/80 计算为 87.50%（s1）" in text


def test_write_sidecar_writes_a_draft_once_and_says_where(tmp_path):
    file = tmp_path / "沙市镇.txt"
    file.write_text("沙市镇2022年法治政府建设报告\n一、情况\n做了很多工作。", encoding="utf-8")
    first = CliRunner().invoke(main, ["parse", str(file), "--write-sidecar", "--json"])
    draft = (tmp_path / "沙市镇.txt.toml").read_text(encoding="utf-8")
    second = CliRunner().invoke(main, ["parse", str(file), "--write-sidecar"])

    assert first.exit_code == 0
    assert json.loads(first.stdout)["year"] == 2022
    assert str(tmp_path / "沙市镇.txt.toml") in first.stderr
    assert "500235123 重庆市 云阳县 沙市镇" in draft
    assert second.exit_code == 2
    assert "已有" in second.stderr
    assert (tmp_path / "沙市镇.txt.toml").read_text(encoding="utf-8") == draft
    assert sorted(path.name for path in tmp_path.iterdir()) == ["沙市镇.txt", "沙市镇.txt.toml"]


def test_a_bad_sidecar_is_told_by_index_doctor_and_parse(tmp_path):
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    (corpus / "a.txt").write_text("甲镇2023年法治政府建设报告\n一、情况\n做了很多工作。", encoding="utf-8")
    (corpus / "topics.toml").write_text("", encoding="utf-8")
    (corpus / "reports.csv").write_text("# 更正\nfile,year\na.txt,去年\n", encoding="utf-8")
    runner = CliRunner()
    sentence = "reports.csv 第 3 行：year 应为报告所述的四位年份，如 2023，实际为“去年”"
    text = runner.invoke(main, ["index", str(corpus), "--index", index])
    as_json = runner.invoke(main, ["index", str(corpus), "--index", index, "--json"])
    found = runner.invoke(main, ["doctor", "--index", index])

    assert (text.exit_code, as_json.exit_code) == (0, 0)
    assert f"更正有误、没有采用（1）：\n  {sentence}" in text.stdout
    assert sentence in as_json.stderr
    assert set(json.loads(as_json.stdout)) == {"reports", "sections", "unreadable", "poor", "took_s"}
    assert sentence in found.stdout
    assert sentence in runner.invoke(main, ["parse", str(corpus / "a.txt")]).stdout


@pytest.mark.parametrize("output", ["--json", "--md", "--txt", None])
def test_show_gives_a_report_and_a_section(run, output):
    flags = [output] if output else []
    key = json_of(run("search", "枫桥经验", "--json", "--limit", "1"))["hits"][0]["id"]
    whole = run("show", key.split("/")[0], *flags).stdout
    section = run("show", key, *flags).stdout

    assert "枫桥经验" in section
    assert len(section) < len(whole)


def test_show_takes_an_address_with_hash(run):
    hit = json_of(run("search", "枫桥经验", "--json", "--limit", "1"))["hits"][0]

    assert run("show", hit["url"].removeprefix("/r/"), "--txt").stdout.strip() == hit["text"].strip()


def test_doctor_compares_index_and_corpus(run, corpus_dir):
    found = json_of(run("doctor", "--corpus", str(corpus_dir), "--json"))

    assert found["healthy"] is True
    assert found["drift"] == {"new": [], "changed": [], "deleted": [], "rules_changed": False}
    assert "索引与语料一致" in run("doctor", "--corpus", str(corpus_dir)).stdout
    assert {report["key"].split("-")[0] for report in found["unsettled"]} == {"石桥镇"}


def test_doctor_lists_drift_and_unreadable_files(tmp_path):
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    (corpus / "a.txt").write_text("甲镇2023年法治政府建设报告\n一、情况\n做了很多工作。", encoding="utf-8")
    (corpus / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    runner = CliRunner()
    strict = runner.invoke(main, ["index", str(corpus), "--index", index, "--strict"])
    (corpus / "a.txt").unlink()
    (corpus / "b.txt").write_text("乙镇2023年法治政府建设报告\n一、情况\n做了一些工作。", encoding="utf-8")
    found = runner.invoke(main, ["doctor", "--index", index, "--corpus", str(corpus)])

    assert strict.exit_code == 3
    assert "bad.pdf" in strict.stdout
    assert "语料里新增、还没有索引（1）" in found.stdout
    assert "语料里已删（1）" in found.stdout
    assert "读不出的文件（1）" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["search", "法", "--index", "nowhere"], 1, "nowhere/ 里没有索引"),
        (["search", "法" * 501], 2, "最多 500 个"),
        (["search", "法", "--year", "去年"], 2, "四位数字"),
        (["search", "法", "--limit", "-1"], 2, "--limit"),
        (["search", "法", "--sort", "x"], 2, "sort"),
        (["show", "没有这份-2020"], 2, "没有编号为"),
        (["index", "no/such/folder"], 2, "no/such/folder"),
        (["parse", "no-such-file.txt"], 2, "no-such-file.txt"),
        (["serve", "--port", "http"], 2, "port"),
        (["serve", "--processes", "0"], 2, "processes"),
        (["nothing"], 2, "nothing"),
    ],
)
def test_mistakes_get_one_sentence_and_the_right_status(built, tmp_path, monkeypatch, arguments, status, message):
    monkeypatch.chdir(tmp_path)
    if "--index" not in arguments and arguments[0] in {"search", "show"}:
        arguments = [*arguments, "--index", str(built[0])]
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == status
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_file_cannot_steer_the_terminal(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("甲镇2023年法治政府建设报告\n一、情况\n\x1b[31m红字\x07", encoding="utf-8")

    assert "\x1b" not in CliRunner().invoke(main, ["parse", str(file)]).stdout
    assert "\x07" not in CliRunner().invoke(main, ["parse", str(file)]).stdout


def test_results_go_to_stdout_and_messages_to_stderr(run):
    result = run("show", "没有", status=2)

    assert result.stdout == ""
    assert result.stderr.startswith("fzsearch: ")


@pytest.mark.parametrize("other", ["--strict", "--json"])
def test_watch_does_not_go_with_what_speaks_once_at_the_end(runner, corpus_dir, tmp_path, other):
    result = runner.invoke(main, ["index", str(corpus_dir), "--index", str(tmp_path / "i"), "--watch", other])

    assert result.exit_code == 2
    assert "--watch" in result.stderr
    assert not (tmp_path / "i").exists()
