"""What happens when a node dies, the cluster refuses, or somebody else writes? No wrong answer, one clear sentence."""

import json
import threading
import time
import urllib.request
from dataclasses import replace

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine import cluster_lock
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.errors import ConfigError, EngineError, IndexLockedError, IndexMissingError, IndexOutdatedError
from fzsearch.query import Literal, Query
from tests.generate import make_sections, now
from tests.oracle import Oracle

pytestmark = pytest.mark.cluster


def ask(nodes, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    address = nodes.url(nodes.names[0]) + path
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own cluster
        return json.load(answer)


def assert_whole(engine, sections):
    """Every section is there, once, and a question gets the right answer."""
    oracle = Oracle(sections)
    assert sorted(hit.id for hit in engine.search(Query(limit=None)).hits) == sorted(oracle.by_id)
    found = engine.search(Query(root=Literal("枫桥"), limit=None))
    assert {hit.id for hit in found.hits} == oracle.sets(Literal("枫桥"))[1]
    assert engine.info().counts == oracle.counts(set(oracle.by_id))
    assert engine.check() == ()


def test_no_section_is_lost_when_a_node_dies_while_indexing(nodes, engine):
    sections = make_sections(3, reports=400)

    def slowly():
        for number, row in enumerate(sections):
            if number == len(sections) // 2:
                nodes.kill("n1")
            yield row

    engine.replace_all(slowly(), "note")

    assert_whole(engine, sections)
    assert engine.state() == "note"
    nodes.start("n1")
    nodes.wait(3)
    assert_whole(engine, sections)


def test_searching_goes_on_when_a_node_dies(nodes, engine):
    """Four threads ask all the time: an answer is right or a clear error, and errors end by themselves."""
    sections = make_sections(4, reports=100)
    engine.replace_all(sections, "")
    tree = Literal("枫桥")
    right = Oracle(sections).counts(Oracle(sections).sets(tree)[1])
    killed_at, answers, failures, wrong = [0.0], [], [], []
    done = threading.Event()

    def search():
        while not done.is_set():
            try:
                found = engine.search(Query(root=tree)).total
            except EngineError as error:
                failures.append((time.monotonic() - killed_at[0], str(error)))
            else:
                answers.append(time.monotonic())
                if found != right:
                    wrong.append(found)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    killed_at[0] = time.monotonic()
    nodes.kill("n2")
    time.sleep(15)
    done.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert max(answers) > killed_at[0] + 10
    assert all("OpenSearch" in said for _, said in failures)
    assert max((when for when, _ in failures), default=0) < 12
    nodes.start("n2")
    nodes.wait(3)


def test_a_read_only_cluster_is_told_and_keeps_answering(nodes, engine):
    sections = make_sections(5, reports=10)
    engine.replace_all(sections, "before")
    block = "index.blocks.read_only_allow_delete"  # what a disk beyond its flood stage brings
    (index,) = ask(nodes, "GET", f"/_alias/{engine._alias}")
    ask(nodes, "PUT", f"/{index}/_settings", {block: True})

    with pytest.raises(EngineError, match="只读"):
        engine.apply(make_sections(6, reports=2), (), "after")

    assert engine.state() == "before"
    assert engine.search(Query(limit=0)).total.sections == len(sections)
    ask(nodes, "PUT", f"/{index}/_settings", {block: None})
    engine.apply([], (), "after")
    assert engine.state() == "after"


def test_what_the_cluster_will_not_take_is_named(engine):
    sections = make_sections(7, reports=3)
    engine.replace_all(sections, "before")
    bad = [replace(row, order=2**40) if row.order == 0 else row for row in make_sections(8, reports=2)]

    with pytest.raises(EngineError, match=r"没有收下 2 段.*/s0"):
        engine.replace_all(bad, "after")

    assert engine.state() == "before"
    assert_whole(engine, sections)


def test_two_writers_do_not_meet(engine, settings, monkeypatch):
    other = OpenSearchEngine(settings, now)
    engine.replace_all(make_sections(9, reports=2), "")

    def while_writing():
        with pytest.raises(IndexLockedError, match="正在写"):
            other.apply([], (), "")
        yield from make_sections(9, reports=2)

    engine.replace_all(while_writing(), "1")
    assert engine.state() == "1"
    monkeypatch.setattr(cluster_lock, "LEASE_S", -1)  # a writer that died long ago
    with cluster_lock.writing(engine._cluster, engine._alias, now):
        monkeypatch.undo()
        other.apply([], (), "2")
    assert engine.state() == "2"
    other.close()


def test_a_commit_that_was_cut_off_is_repaired_by_the_next(engine):
    first, second = make_sections(10, reports=6), make_sections(11, reports=6)
    engine.replace_all(first, "first")

    def cut_off():
        yield from second[: len(second) // 2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.apply(cut_off(), (), "second")
    assert engine.state() == "first"
    assert engine.check() == ("上一次写入没有完成；请重新运行 fzsearch index",)

    keys = {row.report.key for row in first}
    engine.apply(second, keys, "second")
    assert_whole(engine, second)


def test_every_way_to_fail_says_what_to_do(nodes, engine, settings):
    with pytest.raises(IndexMissingError, match="fzsearch index 语料目录 --engine opensearch"):
        engine.search(Query())
    nobody = OpenSearchEngine(ClusterSettings(urls="http://127.0.0.1:9"), now)
    with pytest.raises(EngineError, match="连不上"):
        nobody.search(Query())
    for urls, said in (("ftp://x", "http"), ("", "FZSEARCH_URL"), ("http://me:secret@x:1", "不要写用户名和密码")):
        with pytest.raises(ConfigError, match=said) as caught:
            OpenSearchEngine(ClusterSettings(urls=urls), now)
        assert "secret" not in str(caught.value)
    assert "hidden" not in repr(ClusterSettings(urls="http://x:1", user="me", password="hidden", api_key="hidden"))  # noqa: S106
    engine.replace_all([], "")
    ask(nodes, "POST", f"/{settings.index}/_update/meta?routing=note", {"doc": {"stored": {"format": 0}}})
    with pytest.raises(IndexOutdatedError, match="--full"):
        engine.info()
