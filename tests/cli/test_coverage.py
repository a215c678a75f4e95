"""`fzsearch coverage` as people and programs use it."""

import csv
import io
import json

from click.testing import CliRunner

from fzsearch.cli import main


def run(index_dir, *arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["coverage", *arguments, "--index", str(index_dir)])
    assert result.exit_code == status, result.output
    return result.output


def test_coverage_says_what_is_there_and_what_not(index_dir):
    text = run(index_dir, "--county", "青溪县", "--year", "2023")

    assert "6 个乡镇、街道，应有 6 份" in text
    assert "  石桥镇：2023 县未定" in text
    assert "不等于没有公布" in text


def test_coverage_as_json_and_csv(index_dir):
    shape = json.loads(run(index_dir, "--county", "青溪县", "--json"))
    rows = list(csv.DictReader(io.StringIO(run(index_dir, "--county", "青溪县", "--csv").lstrip("\ufeff"))))

    assert list(shape) == ["filters", "version", "years", "total", "townships", "notes"]
    assert len(rows) == shape["total"]["expected"]
    assert sum(row["state"] == "有" for row in rows) == shape["total"]["present"] > 10


def test_coverage_of_an_unknown_place_or_year(index_dir):
    assert "没有这样的省、市、县" in run(index_dir, "--county", "无此县")
    assert "年度要写四位数字" in run(index_dir, "--year", "x", status=2)
