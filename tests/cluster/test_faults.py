"""What happens when the cluster refuses, hangs, or somebody else writes? No wrong answer, one clear sentence."""

import threading
from dataclasses import replace

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine import cluster, cluster_client, cluster_lock
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.engine.cluster_query import search_body
from fzsearch.errors import ConfigError, EngineError, IndexLockedError, IndexMissingError, IndexOutdatedError
from fzsearch.query import Literal, Query, Sort
from tests.cluster.conftest import assert_whole
from tests.cluster.nodes import Nodes
from tests.generate import make_sections, now

pytestmark = pytest.mark.cluster


def test_a_read_only_cluster_is_told_and_keeps_answering(nodes, engine):
    sections = make_sections(5, reports=10)
    engine.replace_all(sections, "before")
    block = "index.blocks.read_only_allow_delete"  # what a disk beyond its flood stage brings
    (index,) = nodes.ask("GET", f"/_alias/{engine._alias}")
    nodes.ask("PUT", f"/{index}/_settings", {block: True})

    with pytest.raises(EngineError, match="磁盘快满了.*只读") as caught:
        engine.apply(make_sections(6, reports=2), (), "after")

    assert caught.value.retry_after is None
    assert engine.state() == "before"
    assert engine.search(Query(limit=0)).total.sections == len(sections)
    nodes.ask("PUT", f"/{index}/_settings", {block: None})
    engine.apply([], (), "after")
    assert engine.state() == "after"


def test_a_cluster_that_counts_too_few_values_is_told(nodes, engine):
    """No page of an answer is given without all its counts."""
    sections = make_sections(11, reports=20)
    engine.replace_all(sections, "")
    nodes.ask("PUT", "/_cluster/settings", {"transient": {"search.max_buckets": 9}})
    try:
        with pytest.raises(EngineError, match=r"请集群管理员把 search\.max_buckets 调大") as caught:
            engine.search(Query())
        assert caught.value.retry_after is None
    finally:
        nodes.ask("PUT", "/_cluster/settings", {"transient": {"search.max_buckets": None}})
    assert_whole(engine, sections)


def test_what_the_cluster_will_not_take_is_named(engine):
    sections = make_sections(7, reports=3)
    engine.replace_all(sections, "before")
    bad = [replace(row, order=2**40) if row.order == 0 else row for row in make_sections(8, reports=2)]

    with pytest.raises(EngineError, match=r"没有收下 2 段.*/s0"):
        engine.replace_all(bad, "after")

    assert engine.state() == "before"
    assert_whole(engine, sections)


def test_half_a_character_is_kept_and_found(engine):
    """Damaged PDFs hold them, and a terminal that speaks another encoding types them; UTF-8 has none."""
    rows = make_sections(20, reports=2)
    broken = replace(rows[0], norm="法\ud83d治\udc80", section=replace(rows[0].section, text="法\ud83d治\udc80"))
    engine.replace_all([broken, *rows[1:]], "note\udc80")

    for norm, is_there in (
        ("\ud83d", True),
        ("\ud83d治", True),
        ("治\udc80", True),
        ("\ud83e", False),
        ("\ufffd", False),
    ):
        found = {hit.id for hit in engine.search(Query(root=Literal(norm))).hits}
        assert found == ({broken.id} if is_there else set()), norm
    assert engine.sections([broken.id])[0].section == broken.section
    assert engine.state() == "note\udc80"


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
    with cluster_lock.writing(engine._cluster, engine._alias, now) as lease:
        monkeypatch.undo()
        other.apply([], (), "2")
        with pytest.raises(IndexLockedError):
            lease.renew()
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
    nodes.ask("POST", f"/{settings.index}/_update/meta?routing=note", {"doc": {"stored": {"format": 0}}})
    with pytest.raises(IndexOutdatedError, match="--full"):
        engine.info()


def test_a_node_that_hangs_is_told_and_left_out(nodes, engine, settings, monkeypatch):
    sections = make_sections(12, reports=5)
    engine.replace_all(sections, "")
    monkeypatch.setattr(cluster_client, "_TIMEOUT_S", 2)
    monkeypatch.setattr(cluster_client, "_READING_S", 0)
    monkeypatch.setattr(OpenSearchEngine, "_search", lambda self, _: self._cluster.ask("GET", "/_nodes/_local"))
    alone = OpenSearchEngine(replace(settings, urls=nodes.url("n2")), now)
    all_of_them = OpenSearchEngine(settings, now)
    body: dict[str, object] = {}
    for opened in (alone, all_of_them):
        opened._search(body)

    with nodes.hanging("n2"):
        with pytest.raises(EngineError, match="2 秒没有回答；请稍后再试") as caught:
            alone._search(body)
        assert caught.value.retry_after
        failures = 0
        for _ in range(8):
            try:
                all_of_them._search(body)
            except EngineError:
                failures += 1
        assert failures <= 1

    alone._search(body)
    monkeypatch.undo()
    assert_whole(engine, sections)


def test_what_a_busy_cluster_refuses_is_sent_in_smaller_portions(monkeypatch):
    """A real node that takes 200 kB at a time, then one that takes next to nothing."""
    sections = make_sections(13, reports=100)
    with Nodes(1, settings={"indexing_pressure.memory.limit": "200kb"}) as node:
        engine = OpenSearchEngine(ClusterSettings(urls=node.urls), now)
        engine.replace_all(sections, "")
        (stats,) = node.ask("GET", "/_nodes/stats/indexing_pressure")["nodes"].values()
        assert stats["indexing_pressure"]["memory"]["total"]["coordinating_rejections"] > 0
        assert_whole(engine, sections)
        monkeypatch.setattr(cluster_client, "_WRITING_S", 2)
        huge = [replace(row, norm=row.norm * 20_000) for row in make_sections(14, reports=1)[:1]]

        with pytest.raises(EngineError, match="一直忙，2 段没有写进去.*索引没有切换，请稍后重新运行") as caught:
            engine.replace_all(huge, "after")

        assert caught.value.retry_after
        assert_whole(engine, sections)
        engine.close()


def test_a_far_page_and_its_counts_are_of_one_state(engine, monkeypatch):
    monkeypatch.setattr(cluster, "_PAGE", 7)
    monkeypatch.setattr(cluster, "_WINDOW", 20)
    sections = make_sections(15, reports=30)
    engine.replace_all(sections, "")
    everything = engine.search(Query(limit=None))
    far = engine.search(Query(sort=Sort.YEAR, offset=25, limit=10))
    assert far.hits == engine.search(Query(sort=Sort.YEAR, limit=None)).hits[25:35]
    assert far.total == everything.total

    asked = search_body(Query(limit=None))
    pages = engine._pages(asked, engine._alias)
    first = next(pages)
    engine.apply([], [sections[0].report.key], "")
    hits = [hit["_id"] for page in (first, *pages) for hit in page["hits"]["hits"]]
    assert hits == [hit.id for hit in everything.hits]
    assert len(hits) == first["aggregations"]["total"]["doc_count"]
    assert len(engine.search(Query(limit=None)).hits) < len(hits)

    pages = engine._pages(asked, engine._alias)
    next(pages)
    engine.replace_all(sections, "")
    with pytest.raises(EngineError, match="请再试一次") as caught:
        list(pages)
    assert caught.value.retry_after == 1


def test_figures_whose_report_has_just_gone_are_asked_for_again(engine, monkeypatch):
    sections = make_sections(16, reports=12)
    engine.replace_all(sections, "")
    found = engine.figures(Query())
    records = engine._records

    def overtaken(keys):
        engine.apply([], [found[0].report.key], "")
        return records(keys)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_records", overtaken)
        with pytest.raises(EngineError, match="请再试一次") as caught:
            engine.figures(Query())

    assert caught.value.retry_after == 1
    assert 0 < len(engine.figures(Query())) < len(found)


def test_readers_see_one_index_or_the_next(engine, settings):
    """The index is replaced again and again under readers: every answer is whole, nobody is told that it is missing."""
    first, second = make_sections(18, reports=4), make_sections(19, reports=9)
    engine.replace_all(first, "")
    done, seen, failures = threading.Event(), set(), []
    reader = OpenSearchEngine(settings, now)

    def read():
        while not done.is_set():
            try:
                seen.add(reader.search(Query(limit=5)).total.sections)
                seen.add(len(reader.search(Query(limit=None)).hits))
            except EngineError as error:
                failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for sections in (second, first, second):
        engine.replace_all(sections, "")
    done.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert seen == {len(first), len(second)}
    reader.close()


def test_a_document_that_is_gone_stops_the_commit(engine, monkeypatch):
    """Whatever loses a document between its writing and the end: it is counted, and the old index stays."""
    sections = make_sections(16, reports=4)
    engine.replace_all(sections, "before")
    monkeypatch.setattr("fzsearch.engine.cluster_commit._PATIENCE_S", 4)
    written = engine._cluster.bulk

    def losing(index, actions):
        kept = list(actions)
        return written(index, kept[:-1]) + 1

    monkeypatch.setattr(engine._cluster, "bulk", losing)
    with pytest.raises(EngineError, match=r"写进 OpenSearch 的有 \d+ 份，数到 \d+ 份"):
        engine.replace_all(make_sections(17, reports=3), "after")

    assert engine.state() == "before"
    assert_whole(engine, sections)
