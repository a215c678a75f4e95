"""Several processes read one corpus: together they make the index that one makes, whatever happens to some of them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.config import ClusterSettings
from fzsearch.engine import EmbeddedEngine
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.errors import ConfigError, EngineError, IndexLockedError
from fzsearch.ingest import pool
from fzsearch.query import Literal, Query
from fzsearch.service import Share, index_corpus, indexing, read_share
from tests.conftest import ROOT
from tests.generate import now
from tests.service.test_indexing import report

OF = 3


@pytest.fixture
def corpus(tmp_path):
    """Two texts of one township and year, one text in two files, a file without text, others."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(8):
        (folder / f"r{number}.txt").write_text(report(year=2016 + number, fact=f"事项{number}"), encoding="utf-8")
    (folder / "甲.txt").write_text(report(year=2016, fact="另一份"), encoding="utf-8")
    (folder / "copy.txt").write_text(report(year=2017, fact="事项1"), encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture
def place(tmp_path):
    return tmp_path / "index" / "shares"


@pytest.fixture
def engine(tmp_path):
    opened = EmbeddedEngine(tmp_path / "index", now)
    yield opened
    opened.close()


@pytest.fixture
def reads(monkeypatch):
    """The names of the files that children were asked to read."""
    seen: list[str] = []
    isolated = pool.run_isolated

    def noted(function, sources, **options):
        sources = list(sources)
        seen.extend(source.name for source in sources)
        return isolated(function, sources, **options)

    monkeypatch.setattr(indexing, "run_isolated", noted)
    return seen


def read_all(corpus, engine, place, numbers=range(1, OF + 1), **options):
    return [read_share(corpus, engine, Share(OF, number), place, workers=1, **options) for number in numbers]


def contents(engine):
    found = engine.search(Query(root=Literal("调解"), limit=None))
    catalogue = engine.state()
    return (
        engine.info().version, engine.info().counts, found.total, found.facets, {hit.id for hit in found.hits},
        [(one.key, one.files, one.report.warnings) for one in engine.reports()], catalogue,
    )  # fmt: skip


@given(st.integers(1, 50), st.text(min_size=1))
def test_every_file_belongs_to_one_share(of, path):
    assert sum(Share(of, number).has(path) for number in range(1, of + 1)) == 1


def test_shares_are_even_and_stay():
    counts = Counter(n for i in range(3000) for n in range(1, 4) if Share(3, n).has(f"甲县/{i}.docx"))

    assert all(900 < count < 1100 for count in counts.values())
    assert [Share(3, n).has("甲县/1.docx") for n in (1, 2, 3)] == [False, False, True]


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "1/0", "a/b", "1/3/4", "-1/3", "１/３", "1/99999"])
def test_what_is_no_share_is_told(text):
    with pytest.raises(ConfigError, match="2/3 这样"):
        Share.parse(text)


def test_the_index_equals_that_of_one_process(corpus, engine, place, tmp_path, reads):
    alone = EmbeddedEngine(tmp_path / "alone", now)
    index_corpus(corpus, alone, workers=1)
    reads.clear()

    done = read_all(corpus, engine, place)
    assert sorted(reads) == sorted(path.name for path in corpus.iterdir())
    assert sum(one.files for one in done) == sum(one.read for one in done) == 11
    assert [one.left for one in done] == [(Share(3, 2), Share(3, 3)), (Share(3, 3),), ()]
    summary = index_corpus(corpus, engine, workers=1, shares=place)

    assert len(reads) == 11
    assert summary.left == ()
    assert [file.path for file in summary.unreadable] == ["empty.txt"]
    assert contents(engine) == contents(alone)
    assert not place.exists()
    alone.close()


def test_what_was_not_read_ahead_is_read_and_told(corpus, engine, place, reads):
    read_all(corpus, engine, place, [2])
    ahead = len(reads)

    summary = index_corpus(corpus, engine, workers=1, shares=place)

    assert summary.left == (Share(3, 1), Share(3, 3))
    assert 0 < ahead < len(reads) == 11
    assert summary.reports.added == 9


def test_only_what_changed_is_read(corpus, engine, place, reads):
    index_corpus(corpus, engine, workers=1)
    (corpus / "r3.txt").write_text(report(year=2019, fact="改过"), encoding="utf-8")
    (corpus / "new.txt").write_text(report(year=2030), encoding="utf-8")
    reads.clear()

    done = read_all(corpus, engine, place)
    assert sum(one.read for one in done) == 2
    summary = index_corpus(corpus, engine, workers=1, shares=place)

    assert sorted(reads) == ["new.txt", "r3.txt"]
    assert (summary.reports.added, summary.reports.changed) == (1, 1)


def test_a_file_that_changed_meanwhile_or_other_rules_are_read_again(corpus, engine, place, reads, monkeypatch):
    read_all(corpus, engine, place)
    (corpus / "r3.txt").write_text(report(year=2019, fact="后来改的"), encoding="utf-8")
    reads.clear()
    index_corpus(corpus, engine, workers=1, shares=place)
    assert reads == ["r3.txt"]
    assert len(engine.search(Query(root=Literal("后来改的"), limit=None)).hits) == 1

    read_all(corpus, engine, place, full=True)
    (corpus / "topics.toml").write_text('[[topic]]\nname = "新主题"\ngroup = "其他"\npatterns = ["调解室"]\n')
    reads.clear()
    summary = index_corpus(corpus, engine, workers=1, shares=place)
    assert len(reads) == 11
    assert len(summary.left) == OF


def test_one_process_for_a_share(corpus, engine, place):
    place.mkdir(parents=True)
    with FileLock(place / "1-of-3.lock"), pytest.raises(IndexLockedError, match="第 1/3 组正由另一个进程读"):
        read_all(corpus, engine, place, [1])


def test_a_broken_share_is_told_and_the_index_stays(corpus, engine, place):
    index_corpus(corpus, engine, workers=1)
    before = engine.state()
    place.mkdir(parents=True, exist_ok=True)
    (place / "1-of-3.sqlite").write_bytes(b"no database at all, but long enough to be taken for one" * 20)

    for run in (lambda: index_corpus(corpus, engine, workers=1, shares=place), lambda: read_all(corpus, engine, place)):
        with pytest.raises(EngineError, match="删掉这个文件夹"):
            run()
    assert engine.state() == before


KILLED = """
import sys, time
from pathlib import Path
from fzsearch.engine import EmbeddedEngine
from fzsearch.service import Share, indexing, read_share, shares
shares._COMMIT_EVERY = 1
read = indexing.read_for_index
def slowly(*given, **named):
    time.sleep(0.3)
    return read(*given, **named)
indexing.read_for_index = slowly
corpus, index = map(Path, sys.argv[1:])
read_share(corpus, EmbeddedEngine(index, None), Share(1, 1), index / "shares", workers=1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_share_goes_on_after_a_kill(corpus, engine, place, reads):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    running = subprocess.Popen(
        [sys.executable, "-c", KILLED, corpus, place.parent], env=environment, start_new_session=True
    )
    while kept(place) < 3:
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    before = kept(place)

    done = read_share(corpus, engine, Share(1, 1), place, workers=1)

    assert done.left == ()
    assert 3 <= before < 11
    assert len(reads) == done.read == 11 - before
    assert index_corpus(corpus, engine, workers=1, shares=place).reports.added == 9
    assert len(reads) == 11 - before


def kept(place) -> int:
    try:
        db = sqlite3.connect(f"{(place / '1-of-1.sqlite').as_uri()}?mode=rw", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM files").fetchone()[0])
        finally:
            db.close()
    except sqlite3.OperationalError:  # not there yet
        return 0


@pytest.mark.cluster
def test_the_index_on_a_cluster_equals_that_of_one_process(corpus, nodes, place, tmp_path, reads):
    names = ("shares-together", "shares-alone")
    together, alone = (OpenSearchEngine(ClusterSettings(urls=nodes.urls, index=name, shards=2), now) for name in names)
    index_corpus(corpus, alone, workers=1)
    reads.clear()

    read_all(corpus, together, place)
    index_corpus(corpus, together, workers=1, shares=place)

    assert len(reads) == 11
    assert contents(together) == contents(alone)
    together.close()
    alone.close()


def test_nothing_else_in_the_folder_is_touched(corpus, engine, place):
    place.mkdir(parents=True)
    (place / "notes.txt").write_text("ours", encoding="utf-8")
    read_all(corpus, engine, place)

    index_corpus(corpus, engine, workers=1, shares=place)

    assert [path.name for path in place.iterdir()] == ["notes.txt"]
