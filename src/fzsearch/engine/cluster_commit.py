"""Is everything of a commit there? Copies before the first document is written, a count of all before anybody sees it.

A document that a shard has taken stands in all copies of the shard that are in place. As long as there is one copy
only, it dies with its node: so nothing is written before every copy that the nodes can hold is in place.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence

from fzsearch.engine.cluster_client import Cluster
from fzsearch.engine.cluster_query import Asked
from fzsearch.errors import EngineError

_PATIENCE_S = 120.0
_KEYS_AT_ONCE = 5_000


def wait_for_copies(cluster: Cluster, index: str) -> None:
    """Wait until every copy of every shard is in place, or as many as there are nodes to hold them.

    Raises:
        EngineError: after two minutes they are not.
    """
    end = _end()
    while True:
        health = cluster.tell("GET", f"/_cluster/health/{index}", level="indices")
        shards = health["indices"][index]
        copies = min(shards["number_of_replicas"] + 1, max(1, health["number_of_data_nodes"]))
        if shards["active_shards"] >= shards["number_of_shards"] * copies:
            return
        if time.monotonic() > end:
            raise EngineError(
                f"OpenSearch 没能在 {_PATIENCE_S:.0f} 秒内放好索引 {index} 的 {copies} 份副本，所以还没有写；"
                "多半是磁盘快满或有节点掉线，请集群管理员查看后重新运行"
            )
        time.sleep(random.uniform(0.1, 0.3))  # noqa: S311 - spreads requests, keeps no secret


def settle(
    cluster: Cluster, index: str, commit: str, written: int, renew: Callable[[], None], replaced: Sequence[str] = ()
) -> None:
    """Make a commit visible: delete what it replaces of these reports, count what it has written, over all shards.

    `renew` is called before each step: whoever has lost the lease changes nothing more.

    Raises:
        EngineError: something is missing, or something old is still there.
    """
    ours = {"bool": {"filter": [{"terms": {"kind": ["section", "report"]}}, {"term": {"commit": commit}}]}}
    end = _end()
    while True:
        for old in _stale(replaced, commit):
            # A conflict is a document that this commit has already replaced.
            path = f"/{index}/_delete_by_query"
            renew()
            cluster.tell("POST", path, {"query": old}, conflicts="proceed", request_timeout=600)
        renew()
        is_seen = not cluster.tell("POST", f"/{index}/_refresh")["_shards"]["failed"]
        found = _count(cluster, index, ours)
        left = sum(_count(cluster, index, old) for old in _stale(replaced, commit))
        if is_seen and found == written and not left:
            return
        if time.monotonic() > end:
            raise EngineError(
                f"写进 OpenSearch 的有 {written:,} 份，数到 {found:,} 份，该删的还剩 {left:,} 份；"
                "这次写入不算数，请看集群的日志后重新运行 fzsearch index"
            )
        time.sleep(1)


def _stale(replaced: Sequence[str], commit: str) -> Iterator[Asked]:
    """What stands in these reports and is not of this commit, in portions."""
    for start in range(0, len(replaced), _KEYS_AT_ONCE):
        reports = {"terms": {"report": list(replaced[start : start + _KEYS_AT_ONCE])}}
        yield {"bool": {"filter": [reports], "must_not": [{"term": {"commit": commit}}]}}


def _count(cluster: Cluster, index: str, query: Asked) -> int:
    body = {"query": query, "size": 0, "track_total_hits": True}
    answer = cluster.tell("POST", f"/{index}/_search", body, allow_partial_search_results="false")
    return int(answer["hits"]["total"]["value"])


def _end() -> float:
    return time.monotonic() + _PATIENCE_S
