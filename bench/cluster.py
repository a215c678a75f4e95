"""How does the engine on OpenSearch scale? An index is fed to clusters on this machine, which are asked sixty queries.

    python bench/cluster.py [--keep FOLDER] [--reports N] [--setups 1x1x0,3x3x0] [--rounds 2]

A setup is nodes x primary shards x replicas. FOLDER is one of `bench/run.py --keep`; its first N reports are fed as
they were read, so that no file is read again; all of them without N. Without FOLDER, N or 1,000 reports are generated
and indexed first. Writes `bench/CLUSTER.md`; what was measured of other sizes and setups stays in `bench/results/`.
Needs Java, as tests/cluster does.

Queries are asked of `SearchService`, as a page does: twenty hits with snippets, totals, seven facets with disjunctive
counts. Milliseconds are of the wall, for one client; beside them stands what the processors spent, ours and the
JVMs', which a busy machine does not change.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from cluster_asking import bodies_of, cpu_s, measure_clients, measure_kinds, measure_queries, measure_shares
from cluster_report import write_results
from ours import CLIENTS, in_fresh_process, measure_index, peak_mb
from queries import Asked, asked
from run import machine

from fzsearch.config import ClusterSettings
from fzsearch.engine import IndexedSection
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.engine.cluster_client import Cluster
from fzsearch.engine.cluster_documents import FORMAT, documents
from fzsearch.engine.generation import current_name
from fzsearch.engine.opened import Generation
from fzsearch.service import open_engine
from generate import generate

RESULTS = Path(__file__).with_name("results")
_ROOT = Path(__file__).parents[1]
_CALM_S = 300.0

Found = dict[str, Any]


# ---- feeding


def rows_of(index: Path, most: int | None = None) -> Iterator[IndexedSection]:
    """The sections of an embedded index as they were written, by report key; of at most so many reports."""
    opened = Generation(index, current_name(index))
    reports = len(opened.store.all_keys())
    yield from chain.from_iterable(map(opened.sections_of, range(min(reports, most or reports))))
    opened.close()


class _Feed:
    """Rows on their way, with the processor time that getting them took: it is no part of writing."""

    def __init__(self, rows: Iterator[IndexedSection]) -> None:
        self._rows = rows
        self.cpu_s, self.count = 0.0, 0

    def __iter__(self) -> Iterator[IndexedSection]:
        while True:
            began = time.thread_time()
            row = next(self._rows, None)
            self.cpu_s += time.thread_time() - began
            if row is None:
                return
            self.count += 1
            yield row


# ---- a cluster


@contextmanager
def local_cluster(nodes: int, port: int, heap_mb: int) -> Iterator[str]:
    """Nodes on this machine, a JVM each; gives their addresses."""
    sys.path.append(str(_ROOT))
    from tests.cluster.nodes import NoClusterError, Nodes  # noqa: PLC0415 - this folder is no package

    try:
        with Nodes(nodes, port, heap_mb) as running:
            yield running.urls
    except NoClusterError as problem:
        raise SystemExit(f"no cluster here: {problem}") from problem


def _memory(cluster: Cluster) -> list[Found]:
    """Of each node: MB of heap that outlived collections, most heap ever used, the limit, and all that is resident."""
    found = []
    for name, node in cluster.ask("GET", "/_nodes/stats/jvm,process")["nodes"].items():
        pid = cluster.ask("GET", f"/_nodes/{name}/process")["nodes"][name]["process"]["id"]
        status = Path(f"/proc/{pid}/status")
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
        pools, heap = node["jvm"]["mem"]["pools"], node["jvm"]["mem"]
        found.append({
            "old_mb": pools["old"]["used_in_bytes"] / 1e6,
            "peak_mb": sum(pool["peak_used_in_bytes"] for pool in pools.values()) / 1e6,
            "limit_mb": heap["heap_max_in_bytes"] / 1e6,
            "resident_mb": int(lines.get("VmRSS", "0").split()[0]) / 1024,
            "collecting_s": sum(one["collection_time_in_millis"] for one in node["jvm"]["gc"]["collectors"].values())
            / 1000,
        })  # fmt: skip
    return found


def _until_calm(cluster: Cluster, index: str) -> float:
    """Wait until nothing is merged any more; seconds."""
    began = time.perf_counter()
    while time.perf_counter() - began < _CALM_S:
        if not cluster.ask("GET", f"/{index}/_stats/merge")["_all"]["total"]["merges"]["current"]:
            break
        time.sleep(1)
    return time.perf_counter() - began


# ---- measuring


def measure_writing(engine: OpenSearchEngine, cluster: Cluster, index: Path, most: int | None) -> Found:
    """Write all rows: documents a second, and whose time it took."""
    feed = _Feed(rows_of(index, most))
    theirs = cpu_s(cluster)
    wall, cpu = time.perf_counter(), time.process_time()
    engine.replace_all(feed, _note(index))
    took = {
        "wall_s": time.perf_counter() - wall,
        "feed_s": feed.cpu_s,
        "ours_s": time.process_time() - cpu - feed.cpu_s,
        "theirs_s": cpu_s(cluster) - theirs,
    }
    name = cluster.settings.index
    took["merging_s"] = _until_calm(cluster, name)
    stats = cluster.ask("GET", f"/{name}/_stats")["_all"]["total"]
    took |= {
        "indexing_s": stats["indexing"]["index_time_in_millis"] / 1000,
        "refresh_s": stats["refresh"]["total_time_in_millis"] / 1000,
        "merge_s": stats["merges"]["total_time_in_millis"] / 1000,
        "flush_s": stats["flush"]["total_time_in_millis"] / 1000,
    }
    return took | {"documents": feed.count + engine.info().counts.reports, "shards": _shards(cluster, name)}


def _note(index: Path) -> str:
    engine = open_engine("whoosh", index)
    note = engine.state()
    engine.close()
    return note


def _shards(cluster: Cluster, name: str) -> list[Found]:
    listed = cluster.ask("GET", f"/_cat/shards/{name}", format="json", bytes="b", h="shard,prirep,docs,store,node")
    return [
        {"shard": int(one["shard"]), "primary": one["prirep"] == "p", "documents": int(one["docs"] or 0),
         "bytes": int(one["store"] or 0), "node": one["node"]}
        for one in listed
    ]  # fmt: skip


def packing_s(index: Path, reports: int = 500) -> float:
    """Processor time of making one document of a section and putting it into JSON."""
    rows = list(rows_of(index, reports))
    began = time.process_time()
    for _, _, document in documents(rows, "bench"):
        json.dumps(document, ensure_ascii=False)
    return (time.process_time() - began) / len(rows)


def measure(folder: Path, setup: str, options: argparse.Namespace) -> Found:
    """Everything of one setup."""
    nodes, shards, replicas = map(int, setup.split("x"))
    queries = asked(folder / "corpus")
    load = _Load()
    with load, local_cluster(nodes, options.port, options.heap_mb) as urls:
        settings = ClusterSettings(urls=urls, index="bench", shards=shards, replicas=replicas)
        engine, cluster = OpenSearchEngine(settings, lambda: datetime.now(UTC)), Cluster(settings)
        _tell(f"{setup}: writing")
        writing = measure_writing(engine, cluster, folder / "index", options.reports)
        _tell(f"{setup}: {writing['documents'] / writing['wall_s']:.0f} documents a second; asking")
        asking = measure_queries(engine, queries, options.rounds, lambda: cpu_s(cluster))
        _tell(f"{setup}: asking with {CLIENTS} clients")
        found = {
            "setup": setup,
            "sections": engine.info().counts.sections,
            "reports": engine.info().counts.reports,
            "writing": writing,
            "queries": asking,
            "clients": measure_clients(settings, queries, cluster),
            "shares": measure_shares(bodies_of(settings, queries), cluster),
            "kinds": measure_kinds(bodies_of(settings, queries), asking["kinds"], cluster),
            "memory": _memory(cluster),
        }
        engine.close()
        cluster.close()
    return found | {"load": load.mean, "heap_mb": options.heap_mb, "format": FORMAT} | _facts()


def measure_embedded(index: Path, queries: Sequence[Asked], rounds: int) -> Found:
    """The same queries of the index that is fed, on the same day."""
    load = _Load()
    with load:
        engine = open_engine("whoosh", index)
        found = measure_queries(engine, queries, rounds, lambda: 0.0)
        info = engine.info()
        engine.close()
    own = {"setup": "embedded", "sections": info.counts.sections, "reports": info.counts.reports, "queries": found}
    return own | {"peak_mb": peak_mb(), "packing_ms": packing_s(index) * 1000, "load": load.mean} | _facts()


class _Load:
    """The mean load of the machine, looked at every ten seconds."""

    def __init__(self) -> None:
        self._seen: list[float] = []
        self._done = threading.Event()

    def __enter__(self) -> None:
        self._looks = threading.Thread(target=self._look, daemon=True)
        self._looks.start()

    def _look(self) -> None:
        while True:
            self._seen.append(os.getloadavg()[0])
            if self._done.wait(10):
                return

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._looks.join()

    @property
    def mean(self) -> float:
        return statistics.fmean(self._seen)


def _facts() -> Found:
    command = f"python bench/cluster.py {' '.join(_without_paths(sys.argv[1:]))}".strip()
    return {"date": f"{datetime.now(UTC).date()}", "command": command, "machine": machine()}


def _without_paths(arguments: Sequence[str]) -> list[str]:
    return ["FOLDER" if before == "--keep" else one for before, one in zip(["", *arguments], arguments, strict=False)]


def _tell(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, help="a folder of bench/run.py --keep")
    parser.add_argument("--reports", type=int, help="how many are fed, or generated")
    parser.add_argument("--setups", default="1x1x0,3x3x0,3x3x1", help="nodes x primary shards x replicas")
    parser.add_argument("--rounds", type=int, default=2, help="warm rounds of each query")
    parser.add_argument("--heap-mb", type=int, default=1024)
    parser.add_argument("--port", type=int, default=9451)
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fzsearch-bench-") as temporary:
        folder = options.keep or Path(temporary)
        if options.keep is None:
            options.reports = options.reports or 1000
            _tell(f"generating and indexing {options.reports:,} reports")
            generate(folder / "corpus", options.reports)
            in_fresh_process(measure_index, folder / "corpus", folder / "index")
        if options.keep is None or options.reports is None:  # it is the same text
            _tell("asking the embedded index")
            queries = asked(folder / "corpus")
            _keep(in_fresh_process(measure_embedded, folder / "index", queries, options.rounds))
        for setup in options.setups.split(","):
            _keep(measure(folder, setup, options))
    print(write_results(RESULTS))


def _keep(found: Found) -> None:
    """Put a measurement in the place of the older one of its size and setup."""
    path = RESULTS / f"cluster-{found['reports']}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(known | {found["setup"]: found}), encoding="utf-8")


if __name__ == "__main__":
    main()
