"""What does asking a cluster cost? Sixty queries of one client and of eight, by what they ask for and by kind."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ours import CLIENTS, TOP, in_fresh_process
from queries import Asked

from fzsearch.config import ClusterSettings
from fzsearch.engine import Engine
from fzsearch.engine.cluster_client import Cluster
from fzsearch.engine.cluster_query import search_body
from fzsearch.query import Facet, Query, parse_query
from fzsearch.service import Match, SearchRequest, SearchService, open_engine
from fzsearch.service.compile import compile_query

_PROCESSES = 2
_LOOK_S = 1.1  # monitor.process.refresh_interval and some more

Found = dict[str, Any]


def cpu_s(cluster: Cluster) -> float:
    """Processor time of all nodes so far; they look once a second."""
    time.sleep(_LOOK_S)
    nodes = cluster.ask("GET", "/_nodes/stats/process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)) / 1000


def _request(one: Asked) -> SearchRequest:
    chosen = {Facet(name): values for name, values in one.filters.items()}
    return SearchRequest(text=one.typed, filters=chosen, limit=TOP)


def _ask(service: SearchService, request: SearchRequest) -> float:
    began = time.perf_counter()
    for hit in service.search(request).hits:
        _ = hit.snippet
    return (time.perf_counter() - began) * 1000


def measure_queries(engine: Engine, queries: Sequence[Asked], rounds: int, theirs: Callable[[], float]) -> Found:
    """One client: milliseconds of the wall, and of the processors for a query, ours and the cluster's."""
    service = SearchService(engine)
    service.warm_up()
    requests = [_request(one) for one in queries]
    cold = [_ask(service, request) for request in requests]
    ours_s, theirs_s = time.process_time(), theirs()
    # One hit more each time: answers are remembered, as `again` shows.
    times = [[_ask(service, replace(one, limit=TOP + 1 + turn)) for one in requests] for turn in range(rounds)]
    asked_often = len(requests) * rounds
    spent = (time.process_time() - ours_s, theirs() - theirs_s)
    return {
        "kinds": [one.kind for one in queries],
        "cold": cold,
        "warm": [min(turns) for turns in zip(*times, strict=True)],
        "again": [_ask(service, request) for request in requests],
        "ours_ms": spent[0] * 1000 / asked_often,
        "theirs_ms": spent[1] * 1000 / asked_often,
    }


def measure_clients(settings: ClusterSettings, queries: Sequence[Asked], cluster: Cluster) -> Found:
    """Eight clients, four threads in each of two processes: all queries once a client, and how many a second."""
    theirs = cpu_s(cluster)
    began = time.perf_counter()
    with ThreadPoolExecutor(_PROCESSES) as pool:
        each = [pool.submit(in_fresh_process, _clients, settings, queries, number) for number in range(_PROCESSES)]
        found = [one.result() for one in each]
    whole_s = time.perf_counter() - began
    took = [ms for part in found for ms in part["ms"]]
    rates = [len(part["ms"]) / part["wall_s"] for part in found]
    return {"ms": took, "rate": sum(rates), "whole_s": whole_s, "ours_ms": sum(part["cpu_s"] for part in found)
            * 1000 / len(took), "theirs_ms": (cpu_s(cluster) - theirs) * 1000 / len(took)}  # fmt: skip


def _clients(settings: ClusterSettings, queries: Sequence[Asked], number: int) -> Found:
    service = SearchService(open_engine("opensearch", Path(), settings))
    service.warm_up()
    requests = [_request(one) for one in queries]
    threads = CLIENTS // _PROCESSES

    def client(at: int) -> list[float]:
        start = (number * threads + at) * len(requests) // CLIENTS  # each begins elsewhere
        own = [replace(one, limit=TOP + at) for one in requests]  # nobody profits from what another has asked
        return [_ask(service, request) for request in own[start:] + own[:start]]

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        took = [ms for found in pool.map(client, range(threads)) for ms in found]
    return {"ms": took, "wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu}


def bodies_of(settings: ClusterSettings, queries: Sequence[Asked]) -> list[Found]:
    """What the cluster is asked for each query."""
    service = SearchService(open_engine("opensearch", Path(), settings))
    bodies = []
    for one in queries:
        request = _request(one)
        root = compile_query(parse_query(request.text), Match.ALL, service.values).root
        bodies.append(search_body(Query(root=root, filters=request.filters, limit=TOP)) | {"size": TOP})
    return bodies


def _spent(cluster: Cluster, bodies: Sequence[Found], times: int = 1) -> tuple[float, float]:
    """Milliseconds of the cluster's processors for each body, and sections that each matches."""
    began, matched = cpu_s(cluster), 0
    path = f"/{cluster.settings.index}/_search"
    for body in [*bodies] * times:
        answer = cluster.ask("POST", path, body, search_type="dfs_query_then_fetch")
        matched += answer["hits"]["total"]["value"]
    count = len(bodies) * times
    return (cpu_s(cluster) - began) * 1000 / count, matched / count


def measure_shares(bodies: Sequence[Found], cluster: Cluster) -> dict[str, float]:
    """Milliseconds of the cluster's processors for a query, of whole bodies and of bodies that ask for less."""
    counted = {facet.value for facet in Facet}
    kept: dict[str, Callable[[str], bool]] = {
        "hits, facets, totals": lambda _name: True,
        "hits, totals": lambda name: name not in counted,
        "hits, facets": lambda name: name in counted,
        "hits": lambda _name: False,
    }
    return {
        label: _spent(cluster, [body | {"aggs": _kept(body["aggs"], keeps)} for body in bodies])[0]
        for label, keeps in kept.items()
    }


def _kept(aggs: Found, keeps: Callable[[str], bool]) -> Found:
    kept = {name: agg for name, agg in aggs.items() if keeps(name) and name != "literal"}
    return kept | {"literal": aggs["literal"] | {"aggs": kept}} if kept and "literal" in aggs else kept


def measure_kinds(bodies: Sequence[Found], kinds: Sequence[str], cluster: Cluster) -> dict[str, Found]:
    """By kind of query, asked three times: milliseconds of the cluster's processors, and sections matched."""
    found = {}
    for kind in dict.fromkeys(kinds):
        own = [body for body, its in zip(bodies, kinds, strict=True) if its == kind]
        spent, matched = _spent(cluster, own, times=5)
        found[kind] = {"theirs_ms": spent, "matched": matched}
    return found
