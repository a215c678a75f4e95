"""`fzsearch search --batch` on the specimens: tables as people save them, and with mistakes."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fzsearch.cli import main
from fzsearch.cli.batch import read_queries
from fzsearch.service import SearchRequest

TABLE = "序号,查询,year,主题\n1,枫桥经验,2024,\n2,没有人写的话,,\n3,“人民调解”,2023、2024,人民调解\n"


@pytest.fixture
def batch(index_dir, tmp_path):
    def run(table: str | bytes, *arguments: str, status: int = 0):
        path = tmp_path / "queries.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        result = CliRunner().invoke(main, ["search", "--batch", str(path), "--index", str(index_dir), *arguments])
        assert result.exit_code == status, result.output
        return result

    return run


def rows_of(result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))


def alone(index_dir, *arguments: str):
    return json.loads(CliRunner().invoke(main, ["search", *arguments, "--json", "--index", str(index_dir)]).stdout)


def test_every_query_gets_what_it_would_get_alone(batch, index_dir):
    found = json.loads(batch(TABLE, "--json", "--limit", "all").stdout)
    single = alone(index_dir, "枫桥经验", "--year", "2024", "--limit", "all")

    assert [one["line"] for one in found["queries"]] == [2, 3, 4]
    for name in ("query", "filters", "total", "exact", "hits", "notes"):
        assert found["queries"][0][name] == single[name]
    assert found["queries"][2]["filters"] == {"topic": ["人民调解"], "year": [2023, 2024]}
    assert found["nothing"] == [{"line": 3, "query": "没有人写的话"}]
    assert found["bad"] == []


def test_text_gives_numbers_top_hits_and_what_was_not_found(batch):
    result = batch(TABLE)

    assert "第 2 行：枫桥经验（year=2024）\n  逐字命中 " in result.stdout
    assert result.stdout.count("  1. ") == 2
    assert "  2. " not in result.stdout
    assert result.stdout.endswith("没有命中的有 1 条：\n  第 3 行：没有人写的话\n")
    assert "没有用到的列：序号" in result.stderr


def test_csv_has_a_row_for_every_hit_and_one_for_a_query_without(batch, index_dir):
    rows = rows_of(batch(TABLE, "--csv", "--limit", "3"))

    assert [row["line"] for row in rows] == ["2", "2", "2", "3", "4", "4", "4"]
    assert rows[0]["exact_sections"] == str(alone(index_dir, "枫桥经验", "--year", "2024")["exact"]["sections"])
    assert (rows[3]["id"], rows[3]["all_sections"], rows[3]["query"]) == ("", "0", "没有人写的话")
    assert rows[4]["url"].startswith("/r/")
    assert all(row["corpus_version"] and row["exported"] for row in rows)


def test_what_was_not_found_goes_to_stderr_beside_a_table(batch):
    for output in ("--csv", "--json"):
        assert "没有命中的有 1 条：\n  第 3 行：没有人写的话" in batch(TABLE, output).stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_tables_as_they_are_saved(batch, encoding, line_end):
    result = batch(TABLE.replace("\n", line_end).encode(encoding), "--json")

    assert [(one["line"], one["query"]) for one in json.loads(result.stdout)["queries"]] == [
        (2, "枫桥经验"), (3, "没有人写的话"), (4, "“人民调解”"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        ("枫桥经验\n普法\n", [("枫桥经验", {}), ("普法", {})]),
        ("\n\n枫桥经验\n\n\n普法", [("枫桥经验", {}), ("普法", {})]),
        ("query\n普法\n", [("普法", {})]),
        ("关键词,年度\n普法,2024\n", [("普法", {"year": ["2024"]})]),
        ("年度,部分\n2024,举措成效、plan\n", [("", {"year": ["2024"], "part": ["measures", "plan"]})]),
        ('"普法,调解"\n', [("普法,调解", {})]),
        ("县, 查询 ,YEAR\n青溪县,普法,\n", [("普法", {"county": ["青溪县"]})]),
    ],
)
def test_headings_tell_what_columns_hold(tmp_path, table, asked):
    path = tmp_path / "a.csv"
    path.write_text(table, encoding="utf-8")
    rows = read_queries(path, SearchRequest()).rows

    requests = [row.request for row in rows if row.request]
    assert [(one.text, {facet.value: list(v) for facet, v in one.filters.items()}) for one in requests] == asked


def test_filters_of_the_table_come_before_those_of_the_command(batch):
    found = json.loads(batch("查询,year\n普法,2023\n普法,\n", "--year", "2024", "--part", "plan", "--json").stdout)

    assert [one["filters"] for one in found["queries"]] == [
        {"year": [2023], "part": ["plan"]}, {"year": [2024], "part": ["plan"]},
    ]  # fmt: skip


def test_lines_with_mistakes_are_named_and_do_not_stop_the_others(batch):
    table = f'查询,year,部分\n普法,二三,\n{"长" * 501},,\n普法,,结论\n普法,,,多\n"跨\n行",,\n调解,2024,\n'
    result = batch(table, "--json", status=2)
    found = json.loads(result.stdout)

    assert [one["line"] for one in found["queries"]] == [6, 8]
    assert [one["line"] for one in found["bad"]] == [2, 3, 4, 5]
    for line, words in ((2, "二三"), (3, "501"), (4, "结论"), (5, "表头只有 3 列")):
        assert f"fzsearch: 第 {line} 行：" in result.stderr
        assert words in result.stderr


def test_without_headings_a_second_cell_is_a_mistake_not_left_out(batch):
    result = batch("普法,调解\n枫桥经验\n", status=2)

    assert "第 1 行：有 2 格，其他列要写表头；检索词里有逗号时要加引号" in result.stderr
    assert "第 2 行：枫桥经验" in result.stdout


def test_a_quotation_mark_that_is_never_closed(batch):
    result = batch('查询\n"普法' + "\n调解" * 50_000, status=2)

    assert "第 2 行：检索词有" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["普法"], "只写一样"),
        (["--md"], "不能与"),
        (["--offset", "3"], "不能与"),
        (["--limit", "x"], "--limit"),
    ],
)
def test_what_does_not_go_together(batch, arguments, words):
    assert words in batch(TABLE, *arguments, status=2).stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "没有检索词"), (b"\n , \n", "没有检索词"), (b"\xff\xfe\x00", "另存为“CSV UTF-8"), (None, "打不开")],
)
def test_tables_that_cannot_be_read(index_dir, tmp_path, data, words):
    path = tmp_path / "a.csv"
    if data is not None:
        path.write_bytes(data)
    result = CliRunner().invoke(main, ["search", "--batch", str(path), "--index", str(index_dir)])

    assert result.exit_code == 2
    assert words in result.stderr


def test_neither_query_nor_table(index_dir):
    result = CliRunner().invoke(main, ["search", "--index", str(index_dir)])

    assert result.exit_code == 2
    assert "QUERY" in result.stderr


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    st.one_of(st.binary(max_size=60), st.text(alphabet='查询year年,"\n\r\t、普法2024\x00', max_size=60).map(str.encode))
)
def test_any_file_is_read_or_refused_with_a_sentence(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    result = CliRunner().invoke(main, ["search", "--batch", str(path), "--index", str(tmp_path / "none")])

    assert result.exit_code in {1, 2}  # 1: there is no index
    assert result.stderr.startswith("fzsearch: ")
    assert isinstance(result.exception, SystemExit)
