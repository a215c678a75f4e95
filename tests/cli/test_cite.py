"""`fzsearch cite` on the specimens: every style, sections, and wrong keys."""

import json

import pytest
from click.testing import CliRunner

from fzsearch.cite import STYLES
from fzsearch.cli import main

KEY = "990122101-2024"


@pytest.fixture(scope="module")
def cite(corpus_dir, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("cite") / "index")
    assert CliRunner().invoke(main, ["index", str(corpus_dir), "--index", folder]).exit_code == 0

    def invoke(*arguments: str):
        return CliRunner().invoke(main, ["cite", *arguments, "--index", folder])

    return invoke


@pytest.mark.parametrize("style", STYLES)
def test_every_style_names_the_report(cite, style):
    result = cite(KEY, "--style", style)

    assert result.exit_code == 0
    assert "枫林镇人民政府关于2024年度法治政府建设情况的报告" in result.stdout
    assert "\ufffd" not in result.stdout


def test_links_are_relative_until_a_base_is_set(cite):
    relative = cite(f"{KEY}/s1.2", "--style", "plain")
    whole = cite(f"{KEY}/s1.2", "--style", "plain", "--base-url", "http://10.0.0.8:8000/")

    assert f"，/r/{KEY}/s1.2@" in relative.stdout
    assert "相对地址" in relative.stderr
    assert f"，http://10.0.0.8:8000/r/{KEY}/s1.2@" in whole.stdout
    assert whole.stderr == ""


def test_a_section_is_named(cite):
    assert "“（二）" in cite(f"{KEY}/s1.2", "--style", "gongwen").stdout
    assert "（二）" in json.loads(cite(f"{KEY}/s1.2", "--style", "csl-json").stdout)[0]["note"]


def test_a_changed_text_is_told(cite):
    result = cite(f"{KEY}/s1.2@00000000")

    assert result.exit_code == 0
    assert "已不同" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([f"{KEY}/s99"], "没有"),
        (["没有这份-2020"], "没有"),
        ([KEY, "--base-url", "10.0.0.8"], "http://"),
        ([KEY, "--style", "apa"], "--style"),
    ],
)
def test_mistakes_get_one_sentence(cite, arguments, words):
    result = cite(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("fzsearch: ")
    assert words in result.stderr
