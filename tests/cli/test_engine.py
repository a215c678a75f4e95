"""Which engine an index has, and what another one asked for does."""

import json

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from fzsearch.engine import IndexInfo
from fzsearch.query import Counts
from fzsearch.service.doctor import ONE_MACHINE_SECTIONS, Diagnosis

pytest.importorskip("tantivy", reason="tantivy 没有安装：pip install fzsearch[tantivy]")


def test_the_engine_stays_until_another_is_asked_for(corpus_dir, tmp_path):
    index = str(tmp_path / "index")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "--index", index])
        assert result.exit_code == 0, result.output
        return result.stdout

    def hits() -> list[str]:
        return sorted(hit["id"] for hit in json.loads(run("search", "枫桥经验", "--limit", "all", "--json"))["hits"])

    def keeps(*arguments: str) -> bool:
        return bool(json.loads(run("index", str(corpus_dir), "--json", *arguments))["reports"]["unchanged"])

    run("index", str(corpus_dir), "--engine", "tantivy")
    by_tantivy = hits()
    assert keeps()
    assert by_tantivy == hits() != []
    names = {path.name for path in (tmp_path / "index").rglob("segments.json")}
    run("index", str(corpus_dir), "--engine", "whoosh")
    assert hits() == by_tantivy
    assert names == {"segments.json"}
    assert next((tmp_path / "index").rglob("_MAIN_*.toc"))


@pytest.mark.parametrize(("engine", "sections", "told"), [
    ("whoosh", ONE_MACHINE_SECTIONS - 1, False), ("whoosh", ONE_MACHINE_SECTIONS, True),
    ("tantivy", ONE_MACHINE_SECTIONS, True), ("opensearch", ONE_MACHINE_SECTIONS, False),
])  # fmt: skip
def test_doctor_says_when_one_machine_is_outgrown(engine, sections, told):
    counts = Counts(sections=sections, reports=1, townships=1)
    info = IndexInfo(engine=engine, version="", built_at="", counts=counts)
    found = Diagnosis(info=info, damage=(), drift=None, unreadable=(), poor=(), duplicates=(), rivals=(), unsettled=())

    assert ("--engine opensearch" in (found.advice or "")) is told
    assert found.is_healthy
