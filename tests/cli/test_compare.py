"""`fzsearch compare` on the specimens."""

import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main


@pytest.fixture(scope="module")
def compare(corpus_dir, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("compare") / "index")
    assert CliRunner().invoke(main, ["index", str(corpus_dir), "--index", folder]).exit_code == 0
    return lambda *arguments: CliRunner().invoke(main, ["compare", *arguments, "--index", folder])


def test_two_years_of_a_township(compare):
    result = compare("990122101-2023", "990122101-2024")

    assert result.exit_code == 0
    assert "== 举措成效：照抄" in result.stdout
    assert "[-5-]" in result.stdout
    assert "[+6+]" in result.stdout
    assert "全文（按字数）" in result.stdout


def test_json_holds_every_sentence(compare):
    compared = json.loads(compare("990122101-2023", "990122101-2024", "--json").stdout)

    assert (compared["old"], compared["new"]) == ("990122101-2023", "990122101-2024")
    assert sum(compared["shares"].values()) == pytest.approx(1, abs=0.001)
    assert {pair["fate"] for part in compared["parts"] for pair in part["pairs"]} == {
        "kept",
        "changed",
        "dropped",
        "new",
    }


def test_a_report_against_itself_is_kept(compare):
    assert json.loads(compare("990122101-2023", "990122101-2023", "--json").stdout)["shares"]["kept"] == 1


def test_an_unknown_key_gets_one_sentence(compare):
    result = compare("990122101-2023", "没有-2020")

    assert result.exit_code == 2
    assert "没有编号为" in result.stderr
