"""What happens when a node is killed? No document is lost, no answer is wrong, and it is over by itself in seconds."""

import itertools
import threading
import time
from dataclasses import replace

import pytest

from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.errors import EngineError
from fzsearch.query import Literal, Query
from tests.cluster.conftest import assert_whole
from tests.generate import make_sections, now
from tests.oracle import Oracle

pytestmark = pytest.mark.cluster


def holder(nodes, index, kind):
    """A node that holds a copy of a shard: p for the primary, r for a replica."""
    copies = nodes.ask("GET", f"/_cat/shards/{index}-2*?format=json")
    return next(one["node"] for one in copies if one["prirep"] == kind and one["state"] == "STARTED")


@pytest.mark.parametrize("verb", ["replace_all", "apply"])
@pytest.mark.parametrize("kind", ["p", "r"])
def test_no_section_is_lost_when_a_node_dies_while_indexing(nodes, engine, settings, verb, kind):
    """The node that takes the writes, or the one that copies them, dies half way; with 3 nodes it may also be the
    cluster manager.
    """
    sections = make_sections(3, reports=400)
    if verb == "apply":
        engine.replace_all(sections[: len(sections) // 3], "before")
    dead = []

    def slowly():
        for number, row in enumerate(sections):
            if number == len(sections) // 2:
                dead.append(nodes.without(holder(nodes, settings.index, kind)))
                dead[0].__enter__()
            yield row

    try:
        if verb == "apply":
            engine.apply(slowly(), (), "note")
        else:
            engine.replace_all(slowly(), "note")
        assert_whole(engine, sections)
        assert engine.state() == "note"
    finally:
        dead[0].__exit__(None, None, None)
    assert_whole(engine, sections)


def test_nothing_is_written_before_all_copies_are_in_place(nodes, engine, settings):
    """What stands in one copy dies with its node: this is how a run failed, once in five, when one died."""
    allocation = "cluster.routing.allocation.enable"
    nodes.ask("PUT", "/_cluster/settings", {"transient": {allocation: "primaries"}})
    later = threading.Timer(3, nodes.ask, ("PUT", "/_cluster/settings", {"transient": {allocation: None}}))
    later.start()
    states: list[str] = []

    def watched():
        states.extend(one["state"] for one in nodes.ask("GET", f"/_cat/shards/{settings.index}*?format=json"))
        yield from make_sections(3, reports=2)

    engine.replace_all(watched(), "")
    later.join()

    assert states == ["STARTED"] * 4  # two of the index, two of the lock


def test_searching_goes_on_when_a_node_dies(nodes, engine, settings):
    """Four threads ask all the time: an answer is right or a clear error, and errors end by themselves."""
    sections = make_sections(4, reports=100)
    engine.replace_all(sections, "")
    tree = Literal("枫桥")
    right = Oracle(sections).counts(Oracle(sections).sets(tree)[1])
    killed_at, answers, failures, wrong = [0.0], [], [], []
    done, limits = threading.Event(), itertools.count(10)  # no question twice: answers are remembered

    def search():
        while not done.is_set():
            try:
                found = engine.search(Query(root=tree, limit=next(limits))).total
            except EngineError as error:
                failures.append((time.monotonic() - killed_at[0], error))
            else:
                answers.append(time.monotonic())
                if found != right:
                    wrong.append(found)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    name = holder(nodes, settings.index, "p")
    killed_at[0] = time.monotonic()
    with nodes.without(name):
        time.sleep(15)
        done.set()
        for thread in threads:
            thread.join()
        print(f"\n{len(answers)} answers, {len(failures)} failures, the last {failures[-1:]} after {name} died")

        assert wrong == []
        assert max(answers) > killed_at[0] + 10
        assert all("OpenSearch" in str(error) and error.retry_after for _, error in failures)
        assert max((when for when, _ in failures), default=0) < 12


def test_an_index_with_a_shard_missing_answers_nothing(nodes, settings):
    """Red: three shards without replicas, and the node of one is gone. Every question would get too small an answer."""
    engine = OpenSearchEngine(replace(settings, shards=3, replicas=0), now)
    sections = make_sections(5, reports=30)
    engine.replace_all(sections, "")
    assert_whole(engine, sections)
    asked = {
        "a page": lambda: engine.search(Query(root=Literal("枫桥"))),
        "all": lambda: engine.search(Query(limit=None)),
        "a far page": lambda: engine.search(Query(offset=20_000, limit=10)),
        "sections": lambda: engine.sections([row.id for row in sections]),
        "reports": engine.reports,
        "headings": engine.headings,
        "holding": lambda: engine.holding("枫桥"),
        "figures": lambda: engine.figures(Query()),
        "counts of figures": lambda: engine.figure_counts(Query()),
    }

    with nodes.without(holder(nodes, settings.index, "p")):
        for name, ask in asked.items():
            with pytest.raises(EngineError, match="暂时读不到.*为免答错，这次没有回答") as caught:
                ask()
            assert caught.value.retry_after, name
        with pytest.raises(EngineError):
            engine.check()

    assert_whole(engine, sections)
    engine.close()
