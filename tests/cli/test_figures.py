"""`fzsearch figures` as people and programs use it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from tests.builders import build_engine
from tests.figures_data import FIRST, REPORTS, SECOND


@pytest.fixture(scope="module")
def stated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures") / "index"
    build_engine(folder, *REPORTS).close()
    return folder


def run(folder, *arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["figures", *arguments, "--index", str(folder)])
    assert result.exit_code == status, result.output
    return result.output


def test_without_an_indicator_counts_are_listed(stated):
    lines = run(stated, "--year", "2024").splitlines()

    assert f"{FIRST.group}  {FIRST.name}：7 个" in lines
    assert lines[-1] == "不属于任何指标：1 个"


def test_an_indicator_is_listed_with_its_sentences(stated):
    text = run(stated, "--indicator", FIRST.name, "--county", "青溪县")

    assert "8 个数字，4 份报告，2 个乡镇；逐个列出，不相加" in text
    assert "40余件  示例省 云川市 青溪县 枫林镇 2024\n   “全年”办理40件余，次序1。\n   /r/990122101-2024/s1@" in text
    assert "12件（村、社区）" in text


def test_json_and_csv_hold_the_same_figures(stated):
    shape = json.loads(run(stated, "--json", "--query", "“办理26场次”"))
    rows = list(csv.DictReader(io.StringIO(run(stated, "--csv").lstrip("\ufeff"))))

    assert [one["indicator"] for one in shape["figures"]] == [FIRST.id, SECOND.id]
    assert shape["query"] == "“办理26场次”"
    assert len(rows) == sum(len(one["figures"]) for one in REPORTS)


def test_an_unknown_indicator_is_said(stated):
    assert "没有名为“无此”的指标" in run(stated, "--indicator", "无此", status=2)
