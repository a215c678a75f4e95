"""`fzsearch overlap` on the specimens."""

import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main


@pytest.fixture(scope="module")
def overlap(corpus_dir, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("overlap") / "index")
    assert CliRunner().invoke(main, ["index", str(corpus_dir), "--index", folder]).exit_code == 0
    return lambda *arguments: CliRunner().invoke(main, ["overlap", *arguments, "--index", folder])


def test_reports_are_listed_most_shared_first(overlap):
    found = json.loads(overlap("--json").stdout)
    shares = [one["copied"] for one in found]

    assert len(found) == 18
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= one["copied"] + one["common"] <= 1 for one in found)


def test_a_township_repeats_itself_more_than_others(overlap):
    (one,) = json.loads(overlap("990122101-2024", "--json").stdout)

    assert one["partners"][0]["key"] == "990122101-2023"
    assert one["partners"][0]["same_township"]


def test_text_and_csv(overlap):
    assert "本乡镇 990122101-2023" in overlap("990122101-2024").stdout
    table = overlap("--csv").stdout
    assert table.splitlines()[0].lstrip("\ufeff").startswith("key,title,copied")
    assert "990122101-2024" in table


def test_an_unknown_key_gets_one_sentence(overlap):
    result = overlap("没有-2020")

    assert result.exit_code == 2
    assert "没有编号为" in result.stderr
