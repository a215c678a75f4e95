"""Who may write into a cluster's index? One process at a time, by a lease that a dead one loses."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from fzsearch.engine.cluster_client import Cluster, is_conflict
from fzsearch.engine.cluster_commit import wait_for_copies
from fzsearch.engine.protocol import IndexedSection
from fzsearch.errors import EngineError, IndexLockedError, IndexMissingError

LEASE_S = 120
"""A writer renews its lease at least every quarter of this; after it, another may take over."""

_LOCK = {"settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}


@contextmanager
def writing(cluster: Cluster, name: str, now: Callable[[], datetime]) -> Iterator["Lease"]:
    """Hold the lease on a name.

    Raises:
        IndexLockedError: somebody else holds it.
    """
    cluster.create(f"{name}-lock", _LOCK)
    wait_for_copies(cluster, f"{name}-lock")
    lease = Lease(cluster, f"/{name}-lock/_doc/writer", now().isoformat(timespec="seconds"))
    lease.take()
    try:
        yield lease
    finally:
        lease.give_back()


class Lease:
    """A document that says until when somebody writes; every change names the state that it replaces."""

    def __init__(self, cluster: Cluster, path: str, since: str) -> None:
        self._cluster, self._path, self._since = cluster, path, since
        self._owner = uuid.uuid4().hex
        self._held: dict[str, int] = {}

    def renewing(self, items: Iterable[IndexedSection]) -> Iterator[IndexedSection]:
        """Renew the lease while items pass through."""
        last = time.monotonic()
        for item in items:
            if time.monotonic() - last > LEASE_S / 4:
                last = time.monotonic()
                self.renew()
            yield item

    def take(self) -> None:
        """Become the writer; a lease that has run out may be taken over.

        Raises:
            IndexLockedError: somebody else is it.
        """
        try:
            self.renew(op_type="create")
        except IndexLockedError:
            there = self._cluster.tell("GET", self._path)
            if there["_source"]["until"] > time.time():
                raise
            self._held = {"if_seq_no": there["_seq_no"], "if_primary_term": there["_primary_term"]}
            self.renew()

    def renew(self, **params: str) -> None:
        """Stay the writer; to be asked before what others see is changed.

        Raises:
            IndexLockedError: somebody else has taken over.
        """
        lease = {"until": time.time() + LEASE_S, "since": self._since, "owner": self._owner}
        try:
            done = self._cluster.tell("PUT", self._path, lease, **params, **self._held)
        except EngineError as error:
            if not is_conflict(error):
                raise
            done = self._written()  # the answer to the first try was lost, the second met our own
            if done is None:
                raise IndexLockedError(
                    f"另一个 fzsearch index 正在写 OpenSearch 的这个索引；请等它结束，若它已中断，{LEASE_S} 秒后再试"
                ) from error
        self._held = {"if_seq_no": done["_seq_no"], "if_primary_term": done["_primary_term"]}

    def _written(self) -> Any:
        """The lease that is there, if it is ours."""
        try:
            there = self._cluster.tell("GET", self._path)
        except IndexMissingError:
            return None
        return there if there["_source"].get("owner") == self._owner else None

    def give_back(self) -> None:
        """Let others write."""
        try:
            self._cluster.tell("DELETE", self._path, **self._held)
        except EngineError as error:
            if not is_conflict(error) and not isinstance(error, IndexMissingError):
                raise
