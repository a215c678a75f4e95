"""Who may write into a cluster's index? One process at a time, by a lease that a dead one loses."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from fzsearch.engine.cluster_client import Cluster, is_conflict
from fzsearch.engine.protocol import IndexedSection
from fzsearch.errors import EngineError, IndexLockedError, IndexMissingError

LEASE_S = 120
"""A writer renews its lease at least every quarter of this; after it, another may take over."""

Renew = Callable[[Iterable[IndexedSection]], Iterator[IndexedSection]]


@contextmanager
def writing(cluster: Cluster, name: str, now: Callable[[], datetime]) -> Iterator[Renew]:
    """Hold the lease on a name; gives a function that renews it while items pass through.

    Raises:
        IndexLockedError: somebody else holds it.
    """
    lease = _Lease(cluster, f"/{name}-lock/_doc/writer", now().isoformat(timespec="seconds"))
    lease.take()

    def renewed(items: Iterable[IndexedSection]) -> Iterator[IndexedSection]:
        last = time.monotonic()
        for item in items:
            if time.monotonic() - last > LEASE_S / 4:
                last = time.monotonic()
                lease.write()
            yield item

    try:
        yield renewed
    finally:
        lease.give_back()


class _Lease:
    """A document that says until when somebody writes; every change names the state that it replaces."""

    def __init__(self, cluster: Cluster, path: str, since: str) -> None:
        self._cluster, self._path, self._since = cluster, path, since
        self._held: dict[str, int] = {}

    def take(self) -> None:
        try:
            self.write(op_type="create")
        except IndexLockedError:
            there = self._cluster.tell("GET", self._path)
            if there["_source"]["until"] > time.time():
                raise
            self._held = {"if_seq_no": there["_seq_no"], "if_primary_term": there["_primary_term"]}
            self.write()

    def write(self, **params: str) -> None:
        lease = {"until": time.time() + LEASE_S, "since": self._since}
        try:
            done = self._cluster.tell("PUT", self._path, lease, **params, **self._held)
        except EngineError as error:
            raise self._lost() if is_conflict(error) else error from error
        self._held = {"if_seq_no": done["_seq_no"], "if_primary_term": done["_primary_term"]}

    def give_back(self) -> None:
        try:
            self._cluster.tell("DELETE", self._path, **self._held)
        except EngineError as error:
            if not is_conflict(error) and not isinstance(error, IndexMissingError):
                raise

    def _lost(self) -> IndexLockedError:
        return IndexLockedError(
            f"另一个 fzsearch index 正在写 OpenSearch 的这个索引；请等它结束，若它已中断，{LEASE_S} 秒后再试"
        )
