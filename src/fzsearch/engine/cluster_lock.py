"""Who may write into a cluster's index? One process at a time, by a lease that a dead one loses."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from fzsearch.engine.cluster_client import Cluster, is_conflict
from fzsearch.engine.protocol import IndexedSection
from fzsearch.errors import EngineError, IndexLockedError

LEASE_S = 120
"""A writer renews its lease at least every quarter of this; after it, another may take over."""

Renew = Callable[[Iterable[IndexedSection]], Iterator[IndexedSection]]


@contextmanager
def writing(cluster: Cluster, name: str, now: Callable[[], datetime]) -> Iterator[Renew]:
    """Hold the lease on a name; gives a function that renews it while items pass through.

    Raises:
        IndexLockedError: somebody else holds it.
    """
    path, owner = f"/{name}-lock", uuid.uuid4().hex

    def lease() -> dict[str, object]:
        return {"owner": owner, "until": time.time() + LEASE_S, "since": now().isoformat(timespec="seconds")}

    _take(cluster, path, lease())

    def renewed(items: Iterable[IndexedSection]) -> Iterator[IndexedSection]:
        last = time.monotonic()
        for item in items:
            if time.monotonic() - last > LEASE_S / 4:
                last = time.monotonic()
                cluster.tell("PUT", f"{path}/_doc/writer", lease())
            yield item

    try:
        yield renewed
    finally:
        cluster.tell("DELETE", f"{path}/_doc/writer")


def _take(cluster: Cluster, path: str, lease: dict[str, object]) -> None:
    try:
        cluster.tell("PUT", f"{path}/_create/writer", lease)
    except EngineError as error:
        if not is_conflict(error):
            raise
        held = cluster.tell("GET", f"{path}/_doc/writer")
        if held["_source"]["until"] > time.time():
            raise IndexLockedError(
                f"另一个 fzsearch index 正在写 OpenSearch 的这个索引（从 {held['_source']['since']} 起）；请等它结束，"
                f"若它已中断，{LEASE_S} 秒后再试"
            ) from error
        number, term = held["_seq_no"], held["_primary_term"]
        cluster.tell("PUT", f"{path}/_doc/writer", lease, if_seq_no=number, if_primary_term=term)
