"""`fzsearch index --shard`: what people are told, and that the site's index is that of one run."""

import json

from click.testing import CliRunner

from fzsearch.cli import main
from tests.service.test_indexing import report


def run(*arguments):
    return CliRunner().invoke(main, ["index", *map(str, arguments), "--workers", "1"])


def test_shares_are_read_then_written(tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(4):
        (corpus / f"{number}.txt").write_text(report(year=2020 + number), encoding="utf-8")

    first = run(corpus, "--index", index, "--shard", "1/2")
    assert first.exit_code == 0
    assert "第 1/2 组读好了" in first.stdout
    assert "还差第 2/2 组；都读好后，不带 --shard 再运行一次" in first.stdout
    assert not (index / "CURRENT").exists()

    early = run(corpus, "--index", index)
    assert "第 2/2 组没有先读好" in early.stdout
    (corpus / "4.txt").write_text(report(year=2030), encoding="utf-8")
    second = json.loads(run(corpus, "--index", index, "--shard", "2/2", "--json").stdout)
    assert second["shard"] == "2/2"
    assert second["left"] == ["1/2"]

    assert "新增 1" in run(corpus, "--index", index).stdout
    assert "没有变化" in run(corpus, "--index", index).stdout


def test_wrong_use_is_told(tmp_path):
    for arguments, said in ((["--shard", "3/2"], "2/3 这样"), (["--shard", "1/2", "--watch"], "--watch")):
        done = run(tmp_path, "--index", tmp_path / "index", *arguments)
        assert done.exit_code == 2
        assert said in done.stderr
        assert not (tmp_path / "index" / "CURRENT").exists()
