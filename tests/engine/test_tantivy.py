"""What is different about an index whose words tantivy keeps, and that nothing else is."""

import sys

import pytest

from fzsearch.engine import EmbeddedEngine, generation, ranker
from fzsearch.errors import ConfigError, IndexOutdatedError
from fzsearch.query import Literal, Query, Words
from tests.generate import by_report, make_sections, now

pytest.importorskip("tantivy", reason="tantivy 没有安装：pip install fzsearch[tantivy]")
SECTIONS = make_sections(5, reports=8)
QUERY = Query(root=Words("枫桥经验", ("枫桥", "经验")), limit=None)


@pytest.fixture
def index(tmp_path):
    engine = EmbeddedEngine(tmp_path / "index", now, "tantivy")
    engine.replace_all(SECTIONS, "first")
    engine.close()
    return tmp_path / "index"


def test_readers_and_later_commits_go_by_the_engine_that_built_the_index(index):
    engine = EmbeddedEngine(index, now)
    assert engine.info().engine == "tantivy"
    engine.apply([], [SECTIONS[0].report.key], "second")
    assert engine.info().engine == "tantivy"
    engine.replace_all(SECTIONS, "third")
    assert engine.info().engine == "tantivy"


def test_the_other_engine_builds_the_same_index_anew(index):
    engine = EmbeddedEngine(index, now, "whoosh")
    before, hits = engine.info(), {hit.id for hit in engine.search(QUERY).hits}
    engine.replace_all(SECTIONS, "second")

    assert (before.engine, engine.info().engine) == ("tantivy", "whoosh")
    assert engine.info().version == before.version
    assert {hit.id for hit in engine.search(QUERY).hits} == hits


def test_reading_changes_no_file(index):
    files = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    reader = EmbeddedEngine(index, now)
    reader.search(QUERY)
    (items, *_) = (rows for _, rows in by_report(SECTIONS))
    reader.apply(items, (), "second")
    reader.search(QUERY)

    assert reader.check() == ()
    old = {path: data for path, data in files.items() if "gen-000001" in str(path)}
    assert {path: path.read_bytes() for path in old} == old


@pytest.mark.parametrize("pattern", ["words/*/*.term", "words/segments.json", "words/*/meta.json"])
def test_damaged_files_are_refused(index, pattern):
    (path,) = (index / generation.current_name(index)).glob(pattern)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x20
    path.write_bytes(data)

    with pytest.raises(IndexOutdatedError, match="重建"):
        EmbeddedEngine(index, now).search(Query(root=Literal("枫桥")))


def test_where_it_is_not_installed_that_is_said_with_a_remedy(index, monkeypatch):
    monkeypatch.setitem(sys.modules, "fzsearch.engine.tantivy_words", None)
    monkeypatch.delattr("fzsearch.engine.tantivy_words", raising=False)

    for ask in (lambda: EmbeddedEngine(index, now).search(Query()), lambda: ranker("tantivy")):
        with pytest.raises(ConfigError, match=r"pip install 'fzsearch\[tantivy\]'.*--engine whoosh"):
            ask()


def test_an_unknown_engine_is_refused():
    with pytest.raises(ConfigError, match="没有名为“lucene”的引擎；现有：whoosh、tantivy"):
        ranker("lucene")
