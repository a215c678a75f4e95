"""How a cluster is talked to, against a server that tells who asks."""

import json
import multiprocessing
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("opensearchpy")

from fzsearch.config import ClusterSettings
from fzsearch.engine.cluster_client import Cluster


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
