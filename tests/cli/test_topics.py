"""`fzsearch topics`: the list, one topic, and trying one's own."""

import csv
import io
import json
import shutil
import tomllib

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from fzsearch.model import Topic
from fzsearch.query import Counts
from fzsearch.service.tables import topics_csv
from fzsearch.service.topic_facts import TopicRow


@pytest.fixture(scope="module")
def index_dir(corpus_dir, tmp_path_factory):
    """An index of the specimens."""
    folder = tmp_path_factory.mktemp("topics") / "index"
    assert CliRunner().invoke(main, ["index", str(corpus_dir), "--index", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def run(index_dir):
    def invoke(*arguments: str, status: int = 0):
        result = CliRunner().invoke(main, ["topics", *arguments, "--index", str(index_dir)])
        assert result.exit_code == status, result.output
        return result

    return invoke


def test_list_names_groups_and_topics_with_counts(run):
    lines = run().stdout.splitlines()

    assert lines[0] == "党的领导"
    assert "社会矛盾纠纷行政预防调处化解" in lines
    assert "  枫桥经验：7 个乡镇 · 15 份报告 · 21 段" in lines
    assert any(line.endswith("：未见") for line in lines)


def test_list_as_json_and_csv_say_the_same_under_filters(run):
    shape = json.loads(run("--year", "2024", "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run("--year", "2024", "--csv").stdout.removeprefix("\ufeff"))))

    assert shape["filters"] == {"year": [2024]}
    assert set(shape["topics"][0]) == {"group", "name", "sections", "reports", "townships"}
    assert [(row["topic"], int(row["sections"])) for row in rows] == [
        (one["name"], one["sections"]) for one in shape["topics"]
    ]
    assert {row["filters"] for row in rows} == {"year=2024"}
    assert all(row["corpus_version"] and row["exported"] for row in rows)


def test_cells_of_topics_are_no_formulas():
    row = TopicRow(Topic(name="=1+1", group="@x", patterns=("a",)), Counts(sections=1, reports=1, townships=1))

    assert "'@x,'=1+1,1,1,1," in topics_csv([row], {}, "v", "2026-11-20")


def test_show_explains_a_topic(run):
    text = run("show", "合法性审查").stdout

    for said in (
        "合法性审查（行政决策制度）：",
        "算谈到：合法性审查、合法性审核",
        "相近说法，不计入：",
        "反例，不算：",
        "【合法性审查】",
    ):
        assert said in text
    shape = json.loads(run("show", "合法性审查", "--limit", "2", "--json").stdout)
    assert set(shape) == {"topic", "total", "years", "facets", "with", "hits"}
    assert sum(year["sections"] for year in shape["years"]) == shape["total"]["sections"]
    assert len(shape["hits"]) == 2
    assert "topic" not in shape["facets"]
    assert "合法性审查" not in {one["name"] for one in shape["with"]}


def test_show_of_an_unknown_topic_names_near_ones(run):
    result = run("show", "枫桥", status=2)

    assert "没有名为“枫桥”的主题，是不是 枫桥经验" in result.stderr


def test_try_says_what_would_match_and_what_to_paste(run):
    text = run("try", "合同…审查，审合同", "--unless", "村合同审查", "--name", "把关").stdout

    assert text.startswith("会命中 ")
    assert "已有主题“合法性审查”含其中" in text
    assert "【审合同】" in text
    pasted = tomllib.loads(text[text.index("[[topic]]") :])["topic"]
    assert pasted == [
        {"name": "把关", "group": "自己的", "patterns": ["合同…审查", "审合同"], "unless": ["村合同审查"]}
    ]


def test_pasted_entry_finds_what_the_trial_said(run, corpus_dir, tmp_path):
    shape = json.loads(run("try", "调解…起", "--json").stdout)
    corpus = tmp_path / "corpus"
    shutil.copytree(corpus_dir, corpus)
    (corpus / "topics.toml").write_text(shape["toml"], encoding="utf-8")
    folder = str(tmp_path / "index")
    assert CliRunner().invoke(main, ["index", str(corpus), "--index", folder]).exit_code == 0
    rows = json.loads(CliRunner().invoke(main, ["topics", "--json", "--index", folder]).stdout)["topics"]

    assert rows[-1] == {"group": "自己的", "name": "调解…起", **shape["total"]}
    assert shape["total"]["sections"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("try", ","), "没有可试的说法"),
        (("try", "湿地", "--unless", "草原"), "unless 中的“草原”"),
        (("try", "湿地…"), "两边都要有文字"),
        (("try",), "缺少参数"),
        (("--year", "去年"), "年度要写四位数字"),
        (("--year", "2024", "try", "湿地"), "选项要写在 try 之后"),
    ],
)
def test_mistakes_are_one_sentence(run, arguments, message):
    result = run(*arguments, status=2)

    assert message in result.stderr
    assert result.stderr.count("\n") == 1
