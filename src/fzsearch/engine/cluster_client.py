"""How is a cluster talked to? Requests with retries, bulk writing, and every failure as one sentence.

The only module that imports opensearchpy. Passwords and keys go to the client library and nowhere else.
"""

import base64
import os
import random
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Event
from typing import Any, TypeVar
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
    SerializationError,
    SSLError,
    TransportError,
)
from opensearchpy.serializer import JSONSerializer

from fzsearch.config import ClusterSettings
from fzsearch.errors import ConfigError, EngineError, IndexMissingError

OLDEST = (3, 0)
"""The version of OpenSearch that is needed; 3.8 is what the tests run on."""

_Read = TypeVar("_Read")
_TIMEOUT_S = 30
_READING_S, _WRITING_S = 4.0, 120.0
"""How long a request is tried again: a reader gets a clear answer soon, a writer outlasts the loss of a node."""
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
_CHUNK_ACTIONS, _CHUNK_BYTES = 500, 4_000_000
_TOO_MANY = 429
_BUSY = {_TOO_MANY, 502, 503, 504}
_NODE_GONE = re.compile("node_(not_connected|disconnected|closed)|transport_exception")  # with status 500
_AGAIN_S = 5
_TOLD: tuple[tuple[type[OpenSearchException], str, int | None], ...] = (
    (AuthenticationException, "不接受这个用户名、密码或密钥；请核对后再试", None),
    (AuthorizationException, "不允许这个用户做这件事（{reason}）；请找集群管理员", None),
    (SSLError, "的证书不受信任；请用 --ca-file 给出证书", None),
    (ConnectionTimeout, "{seconds} 秒没有回答；请稍后再试", 2 * _AGAIN_S),
    (ConnectionError, "连不上；请确认它在运行、网址和端口没有写错", _AGAIN_S),
)
_TOO_MUCH_TO_COUNT = (
    "这次检索涉及的乡镇太多，超过 OpenSearch 一次能统计的上限；请集群管理员把 search.max_buckets 调大，如 200000"
)
_READ_ONLY = "OpenSearch 的磁盘快满了，索引已改为只读，这次没有写；请腾出空间再运行，检索不受影响"


_SURROGATE, _PRIVATE = re.compile("[\ud800-\udfff]"), re.compile("[\U0010f800-\U0010ffff]")
_BETWEEN = 0x10F800 - 0xD800


class _Json(JSONSerializer):
    """JSON in which half a character, which damaged PDFs hold and no UTF-8 can, travels as a private one and back."""

    def dumps(self, data: Any) -> Any:
        return _SURROGATE.sub(lambda found: chr(ord(found[0]) + _BETWEEN), super().dumps(data))

    def loads(self, s: str) -> Any:
        return super().loads(_PRIVATE.sub(lambda found: chr(ord(found[0]) - _BETWEEN), s))


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
        self._where, self._alias = "、".join(hosts), f"/{settings.index}/"
        # No retries there; these only say who is left out for a while: a node that hangs, none that says it is busy.
        options: dict[str, Any] = {"timeout": _TIMEOUT_S, "max_retries": 0, "retry_on_timeout": True}
        options["retry_on_status"] = ()
        if authorization := _authorization(settings):
            options["headers"] = {"Authorization": authorization}
        if settings.ca_file:
            try:
                ssl.create_default_context(cafile=settings.ca_file)
            except OSError as error:  # also what is no certificate
                raise ConfigError(f"证书文件 {settings.ca_file} 读不出；请核对 --ca-file，证书要 PEM 格式的") from error
            options["ca_certs"] = settings.ca_file
        self._connect = partial(OpenSearch, hosts, serializer=_Json(), **options)
        self._connected: tuple[int, OpenSearch] | None = None
        self._is_known = False

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
        if not self._is_known and path != "/":
            self._check_version()
            self._is_known = True
        end = time.monotonic() + patience_s
        for attempt in count(1):
            try:
                # A copy: the library takes out of it what is meant for itself (ignore, request_timeout, timeout).
                answer = self._client.transport.perform_request(method, path, params={**params}, body=body)
            except OpenSearchException as problem:
                # An index that has just been replaced may be gone between two steps of one search.
                is_replaced = isinstance(problem, NotFoundError) and attempt == 1 and path.startswith(self._alias)
                if time.monotonic() > end or not (is_replaced or _is_passing(problem)):
                    raise self._told(problem) from problem
            else:
                if not _is_partial(answer):
                    return answer
                if time.monotonic() > end:
                    raise self._incomplete()
            _pause(attempt)
        raise AssertionError("count does not end")

    def _check_version(self) -> None:
        """Nothing is asked of another product, or of a version that would answer in another way.

        Raises:
            EngineError: it is one.
        """
        try:
            version = self._ask("GET", "/", None, {}, _READING_S)["version"]
            distribution, number = str(version.get("distribution", "Elasticsearch")), str(version["number"])
        except (KeyError, TypeError, AttributeError, EngineError) as error:
            if isinstance(error.__cause__, AuthorizationException):  # may search, may not ask for that
                return
            if isinstance(error, EngineError) and not isinstance(error.__cause__, SerializationError | NotFoundError):
                raise
            raise EngineError(f"{self._where} 不是 OpenSearch；请核对网址") from error
        if distribution != "opensearch":
            raise EngineError(f"{self._where} 是 {distribution} {number}，不是 OpenSearch；请核对网址")
        if tuple(int(part) for part in re.findall(r"\d+", number)[:2]) < OLDEST:
            oldest = ".".join(str(part) for part in OLDEST)
            raise EngineError(f"{self._where} 是 OpenSearch {number}，要 {oldest} 或更新的；请升级集群")

    def create(self, index: str, body: Any) -> None:
        """Make an index unless it is there."""
        try:
            self.tell("PUT", f"/{index}", body)
        except EngineError as error:
            cause = error.__cause__
            if not isinstance(cause, TransportError) or cause.error != "resource_already_exists_exception":
                raise

    def remove(self, index: str) -> None:
        """Delete an index if it is there."""
        self.tell("DELETE", f"/{index}", ignore=404)

    def patiently(self, read: Callable[[], _Read], patience_s: float = _READING_S) -> _Read:
        """What several requests read, all of it tried again when one of them fails for a while."""
        end = time.monotonic() + patience_s
        for attempt in count(1):
            try:
                return read()
            except EngineError as error:
                if error.retry_after is None or time.monotonic() > end:
                    raise
            _pause(attempt)
        raise AssertionError("count does not end")

    def bulk(self, index: str, actions: Iterable[tuple[str, str, dict[str, Any]]]) -> int:
        """Write documents given as id, routing and content, and give how many.

        What a busy cluster refuses is sent again, slower each time; ids make that harmless.

        Raises:
            EngineError: names the documents that could not be written.
        """
        written, stopped = 0, Event()
        sent: Future[None] | None = None
        with ThreadPoolExecutor(1) as sender:  # the next portion is packed while this one is written
            try:
                for chunk in _chunks(actions, self._client.transport.serializer):
                    if sent is not None:
                        sent.result()
                    sent = sender.submit(self._write, index, chunk, stopped)
                    written += len(chunk)
                if sent is not None:
                    sent.result()
            except BaseException:  # also Ctrl-C: what a busy cluster refuses is not sent again
                stopped.set()
                raise
        return written

    def _write(self, index: str, chunk: list[tuple[str, str]], stopped: Event) -> None:
        end, most = time.monotonic() + _WRITING_S, len(chunk)
        for attempt in count(1):
            left: list[tuple[str, str]] = []
            for start in range(0, len(chunk), most):
                left += self._send(index, chunk[start : start + most])
            if not left or stopped.is_set():
                return
            if len(left) < len(chunk):
                end = time.monotonic() + _WRITING_S
            elif time.monotonic() > end:
                break
            chunk, most = left, max(1, most // 2)  # a cluster short of memory takes less at once
            _pause(attempt)
        raise EngineError(
            f"OpenSearch 一直忙，{len(chunk)} 段没有写进去（如 {chunk[0][0]}）；索引没有切换，请稍后重新运行",
            retry_after=12 * _AGAIN_S,
        )

    def _send(self, index: str, chunk: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Write documents; gives those that a busy cluster has not taken."""
        lines = "".join(lines for _, lines in chunk)
        answer = self.tell("POST", f"/{index}/_bulk?timeout=20s", lines, ignore=_TOO_MANY)
        if "items" not in answer:
            if "read-only" in str(answer):
                raise EngineError(_READ_ONLY)
            return chunk
        failed = {item["index"]["_id"]: item["index"] for item in answer["items"] if "error" in item["index"]}
        if any("read-only" in str(item["error"]) for item in failed.values()):
            raise EngineError(_READ_ONLY)
        busy = {
            name for name, item in failed.items() if item["status"] in _BUSY or _NODE_GONE.search(str(item["error"]))
        }
        if lasting := {name: item["error"] for name, item in failed.items() if name not in busy}:
            named = "；".join(f"{name}：{error.get('reason', error)}" for name, error in list(lasting.items())[:5])
            raise EngineError(f"OpenSearch 没有收下 {len(lasting)} 段（{named}）；索引没有切换，请处理后重新运行")
        return [one for one in chunk if one[0] in busy]

    def _told(self, problem: OpenSearchException) -> EngineError:
        if isinstance(problem, NotFoundError):
            name = self.settings.index
            command = f"fzsearch index 语料目录 --engine opensearch --index-name {name}"
            return IndexMissingError(f"OpenSearch 里还没有索引 {name}；请先运行 {command}")
        if _is_read_only(problem):
            return EngineError(_READ_ONLY)
        if _is_too_much_to_count(problem):
            return EngineError(_TOO_MUCH_TO_COUNT)
        status = problem.status_code if isinstance(problem, TransportError) else None
        if status == _TOO_MANY:
            return EngineError(f"OpenSearch（{self._where}）正忙，没有接下这次请求；请稍后再试", retry_after=_AGAIN_S)
        if status in _BUSY or _is_node_gone(problem):
            return self._incomplete()
        told, again_s = next(
            ((told, again_s) for kind, told, again_s in _TOLD if isinstance(problem, kind)),
            ("没能回答（{reason}）；请看集群的日志", None),
        )
        said = told.format(seconds=_TIMEOUT_S, reason=_reason(problem))
        return EngineError(f"OpenSearch（{self._where}）{said}", retry_after=again_s)

    def _incomplete(self) -> EngineError:
        return EngineError(
            f"OpenSearch 里索引 {self.settings.index} 有一部分暂时读不到，多半是有节点掉线；"
            "为免答错，这次没有回答，请稍后再试；一直这样，请集群管理员查看",
            retry_after=_AGAIN_S,
        )


def is_conflict(error: EngineError) -> bool:
    """Whether somebody else wrote the same document first."""
    return isinstance(error.__cause__, ConflictError)


def _authorization(settings: ClusterSettings) -> str:
    """What tells the cluster who asks; "" for nobody.

    Raises:
        ConfigError: a key that no request can carry; it is not shown.
    """
    if settings.api_key:
        if not re.fullmatch(r"[!-~]+", settings.api_key):
            raise ConfigError("FZSEARCH_API_KEY 里有空格、换行或中文；请核对密钥")
        return f"ApiKey {settings.api_key}"
    if settings.user:
        both = f"{settings.user}:{settings.password}".encode("utf-8", "surrogateescape")
        return f"Basic {base64.b64encode(both).decode()}"
    return ""


def _is_partial(answer: Any) -> bool:
    """Whether hits or counts of some shards are missing: a count without one shard would be a wrong count."""
    return isinstance(answer, dict) and "hits" in answer and bool(answer["timed_out"] or answer["_shards"]["failed"])


def _is_passing(problem: OpenSearchException) -> bool:
    if isinstance(problem, SSLError) or _is_read_only(problem) or _is_too_much_to_count(problem):
        return False
    if isinstance(problem, ConnectionError):
        return True
    return isinstance(problem, TransportError) and (problem.status_code in _BUSY or _is_node_gone(problem))


def _is_node_gone(problem: OpenSearchException) -> bool:
    """Whether one node could not reach another: the cluster says 500, but it soon knows and asks the others."""
    return isinstance(problem, TransportError) and bool(_NODE_GONE.search(f"{problem.error} {problem.info}"))


def _is_read_only(problem: OpenSearchException) -> bool:
    """Whether the disk is beyond its flood stage: the cluster says 429 or 403, but waiting does not help."""
    return isinstance(problem, TransportError) and "read-only" in _reason(problem)


def _is_too_much_to_count(problem: OpenSearchException) -> bool:
    """Whether an answer has more values than the cluster lets one have: it says 503, but waiting does not help."""
    return isinstance(problem, TransportError) and "too_many_buckets" in str(problem.info)


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
