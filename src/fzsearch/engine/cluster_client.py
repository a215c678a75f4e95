"""How is a cluster talked to? Requests with retries, bulk writing, and every failure as one sentence.

The only module that imports opensearchpy. Passwords and keys go to the client library and nowhere else.
"""

import os
import random
import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConflictError,
    ConnectionError,
    ConnectionTimeout,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)

from fzsearch.config import ClusterSettings
from fzsearch.errors import ConfigError, EngineError, IndexMissingError

_TIMEOUT_S = 30
_READING_S, _WRITING_S = 4.0, 120.0
"""How long a request is tried again: a reader gets a clear answer soon, a writer outlasts the loss of a node."""
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
_CHUNK_ACTIONS, _CHUNK_BYTES = 500, 4_000_000
_BUSY = {429, 502, 503, 504}
_TOLD: tuple[tuple[type[OpenSearchException], str], ...] = (
    (AuthenticationException, "不接受这个用户名、密码或密钥；请核对后再试"),
    (AuthorizationException, "不允许这个用户做这件事（{reason}）；请找集群管理员"),
    (SSLError, "的证书不受信任；请用 --ca-file 给出证书"),
    (ConnectionTimeout, "{seconds} 秒没有回答；请稍后再试"),
    (ConnectionError, "连不上；请确认它在运行、网址和端口没有写错"),
)


class Cluster:
    """A cluster, and what can be asked of it; safe to use from several threads."""

    def __init__(self, settings: ClusterSettings) -> None:
        """Nothing is asked yet.

        Raises:
            ConfigError: an address that cannot be used.
        """
        self.settings = settings
        hosts = [url.strip() for url in settings.urls.split(",") if url.strip()]
        for host in hosts:
            parts = urlsplit(host)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ConfigError(f"OpenSearch 的网址要以 http:// 或 https:// 开头，现在是“{_without_secret(host)}”")
            if parts.username or parts.password:
                raise ConfigError("OpenSearch 的网址里不要写用户名和密码；请用环境变量 FZSEARCH_PASSWORD")
        if not hosts:
            raise ConfigError("没有给 OpenSearch 的网址；请用 --url 或环境变量 FZSEARCH_URL")
        self._where = "、".join(hosts)
        options: dict[str, Any] = {"timeout": _TIMEOUT_S, "max_retries": 0, "retry_on_timeout": False}
        if settings.api_key:
            options["headers"] = {"Authorization": f"ApiKey {settings.api_key}"}
        elif settings.user:
            options["http_auth"] = (settings.user, settings.password)
        if settings.ca_file:
            options["ca_certs"] = settings.ca_file
        self._connect = partial(OpenSearch, hosts, **options)
        self._connected: tuple[int, OpenSearch] | None = None

    @property
    def _client(self) -> OpenSearch:
        """Connections of this process: on those of a forked one it would read the answers to other questions."""
        if self._connected is None or self._connected[0] != os.getpid():
            self._connected = (os.getpid(), self._connect())
        return self._connected[1]

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """One request that reads, tried again for some seconds while the cluster is busy or a node is gone.

        Raises:
            IndexMissingError: no such index, or no such document in it.
            EngineError: what else went wrong, in one sentence.
        """
        return self._ask(method, path, body, params, _READING_S)

    def tell(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """The same for one that writes, which has more patience; it must not matter whether it is done twice."""
        return self._ask(method, path, body, params, _WRITING_S)

    def _ask(self, method: str, path: str, body: Any, params: dict[str, Any], patience_s: float) -> Any:
        end = time.monotonic() + patience_s
        for attempt in count(1):
            try:
                return self._client.transport.perform_request(method, path, params=params or None, body=body)
            except OpenSearchException as problem:
                if time.monotonic() > end or not _is_passing(problem):
                    raise self._told(problem) from problem
            _pause(attempt)
        raise AssertionError("count does not end")

    def bulk(self, index: str, actions: Iterable[tuple[str, str, dict[str, Any]]]) -> int:
        """Write documents given as id, routing and content, and give how many.

        What a busy cluster refuses is sent again, slower each time; ids make that harmless.

        Raises:
            EngineError: names the documents that could not be written.
        """
        written = 0
        for chunk in _chunks(actions, self._client.transport.serializer):
            written += len(chunk)
            self._write(index, chunk)
        return written

    def _write(self, index: str, chunk: list[tuple[str, str]]) -> None:
        end = time.monotonic() + _WRITING_S
        for attempt in count(1):
            answer = self.tell("POST", f"/{index}/_bulk", "".join(lines for _, lines in chunk))
            failed = {
                item["index"]["_id"]: item["index"]["error"] for item in answer["items"] if "error" in item["index"]
            }
            busy = {item["index"]["_id"] for item in answer["items"] if item["index"]["status"] in _BUSY}
            if lasting := {name: error for name, error in failed.items() if name not in busy}:
                named = "；".join(f"{name}：{error.get('reason', error)}" for name, error in list(lasting.items())[:5])
                raise EngineError(f"OpenSearch 没有收下 {len(lasting)} 段（{named}）；索引没有切换，请处理后重新运行")
            chunk = [one for one in chunk if one[0] in busy]
            if not chunk:
                return
            if time.monotonic() > end:
                break
            _pause(attempt)
        raise EngineError(
            f"OpenSearch 一直忙，{len(chunk)} 段没有写进去（如 {chunk[0][0]}）；索引没有切换，请稍后重新运行"
        )

    def _told(self, problem: OpenSearchException) -> EngineError:
        if isinstance(problem, NotFoundError):
            name = self.settings.index
            command = f"fzsearch index 语料目录 --engine opensearch --index-name {name}"
            return IndexMissingError(f"OpenSearch 里还没有索引 {name}；请先运行 {command}")
        if _is_read_only(problem):
            return EngineError("OpenSearch 的磁盘快满了，索引已改为只读，这次没有写；请腾出空间再运行，检索不受影响")
        told = next((told for kind, told in _TOLD if isinstance(problem, kind)), "没能回答（{reason}）；请看集群的日志")
        return EngineError(f"OpenSearch（{self._where}）" + told.format(seconds=_TIMEOUT_S, reason=_reason(problem)))


def is_conflict(error: EngineError) -> bool:
    """Whether somebody else wrote the same document first."""
    return isinstance(error.__cause__, ConflictError)


def _is_passing(problem: OpenSearchException) -> bool:
    if isinstance(problem, SSLError) or _is_read_only(problem):
        return False
    if isinstance(problem, ConnectionError):
        return True
    return isinstance(problem, TransportError) and problem.status_code in _BUSY


def _is_read_only(problem: OpenSearchException) -> bool:
    """Whether the disk is beyond its flood stage: the cluster says 429 or 403, but waiting does not help."""
    return isinstance(problem, TransportError) and "read-only" in _reason(problem)


def _reason(problem: OpenSearchException) -> str:
    if isinstance(problem, TransportError):
        info = problem.info if isinstance(problem.info, dict) else {}
        error = info.get("error")
        causes = error.get("root_cause") or [error] if isinstance(error, dict) else []
        return str(causes[0].get("reason") if causes else problem.error)[:300]
    return str(problem)[:300]


def _pause(attempt: int) -> None:
    longest = min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)
    time.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - spreads retries, keeps no secret


def _chunks(actions: Iterable[tuple[str, str, dict[str, Any]]], serializer: Any) -> Iterator[list[tuple[str, str]]]:
    """Portions of id and lines of a bulk request."""
    chunk: list[tuple[str, str]] = []
    size = 0
    for name, routing, document in actions:
        head = serializer.dumps({"index": {"_id": name, "routing": routing}})
        lines = f"{head}\n{serializer.dumps(document)}\n"
        if chunk and (len(chunk) >= _CHUNK_ACTIONS or size + len(lines) > _CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append((name, lines))
        size += len(lines)
    if chunk:
        yield chunk


def _without_secret(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
