"""How is a cluster talked to? Wrong settings, other products, old versions, busy ones, forked processes."""

import json
import multiprocessing
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine import cluster_client
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.engine.cluster_client import Cluster
from fzsearch.errors import ConfigError, EngineError
from fzsearch.query import Query
from tests.generate import now

RIGHT = '{"version": {"distribution": "opensearch", "number": "3.8.0"}}'


@contextmanager
def server(front_page, status=200, kind="application/json", others=(404, "{}")):
    """A server that answers `/` with something, and everything else with one thing; gives its address and its log."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            seen.append(self.path)
            answered, body = (status, front_page) if self.path == "/" else others
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(answered)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - called by these names

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as opened:
        thread = threading.Thread(target=opened.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{opened.server_address[1]}", seen
        finally:
            opened.shutdown()
            thread.join()


def search(address):
    engine = OpenSearchEngine(ClusterSettings(urls=address), now)
    try:
        return engine.search(Query())
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("page", "status", "kind", "said"),
    [
        ('{"version": {"number": "8.15.0"}}', 200, "application/json", "是 Elasticsearch 8.15.0，不是 OpenSearch"),
        (RIGHT.replace("3.8", "2.11"), 200, "application/json", "是 OpenSearch 2.11.0，要 3.0 或更新的；请升级集群"),
        ("[]", 200, "application/json", "不是 OpenSearch；请核对网址"),
        ('{"hello": 1}', 200, "application/json", "不是 OpenSearch；请核对网址"),
        ("<html>nginx</html>", 200, "text/html", "不是 OpenSearch；请核对网址"),
        ("{", 200, "application/json", "不是 OpenSearch；请核对网址"),
        ("", 404, "text/html", "不是 OpenSearch；请核对网址"),
    ],
)
def test_another_product_or_an_old_version_is_asked_nothing(page, status, kind, said):
    with server(page, status, kind) as (address, seen):
        for _ in range(2):
            with pytest.raises(EngineError, match=said) as caught:
                search(address)
            assert caught.value.retry_after is None

    assert set(seen) == {"/"}


def test_who_may_not_ask_for_the_version_may_still_search():
    with server("{}", 403) as (address, seen), pytest.raises(EngineError, match="还没有索引"):
        search(address)

    assert len(seen) == 3  # asked again: an index may have been replaced at that moment


@pytest.mark.parametrize(
    ("status", "said"), [(429, "正忙，没有接下这次请求；请稍后再试"), (503, "暂时读不到"), (502, "暂时读不到")]
)
def test_a_busy_cluster_is_asked_again_for_some_seconds(monkeypatch, status, said):
    monkeypatch.setattr(cluster_client, "_READING_S", 0.3)
    with server(RIGHT, others=(status, "{}")) as (address, seen), pytest.raises(EngineError, match=said) as caught:
        search(address)

    assert caught.value.retry_after
    assert len(seen) > 2


def test_part_of_an_answer_is_no_answer(monkeypatch):
    monkeypatch.setattr(cluster_client, "_READING_S", 0.3)
    part = '{"timed_out": false, "_shards": {"total": 3, "failed": 1}, "hits": {"hits": []}, "aggregations": {}}'
    with server(RIGHT, others=(200, part)) as (address, _), pytest.raises(EngineError, match="为免答错，这次没有回答"):
        search(address)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"api_key": "hidden\n"}, "FZSEARCH_API_KEY 里有空格、换行或中文"),
        ({"api_key": "hidden 密钥"}, "FZSEARCH_API_KEY"),
        ({"ca_file": "nowhere.pem"}, "证书文件 nowhere.pem 读不出"),
        ({"ca_file": __file__}, "读不出；请核对 --ca-file，证书要 PEM 格式的"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong, said):
    with pytest.raises(ConfigError, match=said) as caught:
        OpenSearchEngine(ClusterSettings(urls="https://127.0.0.1:9", **wrong), now)

    assert "hidden" not in str(caught.value)


class _TellsPort(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept

    def do_GET(self) -> None:
        body = json.dumps({"port": self.client_address[1]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _TellsPort)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Cluster(ClusterSettings(urls=f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(sys.platform != "linux", reason="forks, as the site does with several processes")
def test_a_forked_process_has_connections_of_its_own(cluster: Cluster) -> None:
    """Two processes on one connection read the answers to each other's questions."""
    context = multiprocessing.get_context("fork")
    before, told = cluster.ask("GET", "/")["port"], context.SimpleQueue()
    child = context.Process(target=lambda: told.put([cluster.ask("GET", "/")["port"] for _ in range(2)]))
    child.start()
    first, second = told.get()
    child.join(20)

    assert first == second != before
    assert cluster.ask("GET", "/")["port"] == before
    cluster.close()
