"""Running the site on a socket."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fzsearch.config import load_settings
from fzsearch.errors import ConfigError
from fzsearch.service.search import SearchService
from fzsearch.web.server import serve
from tests.builders import build_engine
from tests.web.conftest import REPORTS


class Stop(Exception):  # noqa: N818 - no error: it ends the server of a test
    """Raised by an announcement to end a server before it runs."""


def test_serve_announces_its_address_and_closes(tmp_path: Path) -> None:
    announced = []

    def announce(address: str) -> None:
        announced.append(address)
        raise Stop

    engine = build_engine(tmp_path, *REPORTS)
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(Stop):
            serve(SearchService(engine), load_settings({}, host=host, port=0), announce)
    engine.close()

    assert all(address.startswith("http://") for address in announced)
    assert not announced[0].endswith(":0/")


def test_serve_on_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    engine = build_engine(tmp_path, *REPORTS)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="请换地址或端口"):
            serve(SearchService(engine), load_settings({}, port=taken.getsockname()[1]), print)
    engine.close()


def test_serve_answers_several_readers_at_once(tmp_path: Path) -> None:
    """Every thread of the server has its own connection to the store."""
    engine = build_engine(tmp_path, *REPORTS)
    reached = threading.Event()
    address = []

    def announce(url: str) -> None:
        address.append(url)
        reached.set()

    settings = load_settings({}, port=0)
    threading.Thread(target=serve, args=(SearchService(engine), settings, announce), daemon=True).start()
    assert reached.wait(20)
    answers: list[int] = []

    def read() -> None:
        for _ in range(5):
            with urllib.request.urlopen(f"{address[0]}api/v1/search?limit=all") as response:  # noqa: S310 - our own
                answers.append(json.load(response)["total"]["sections"])

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)

    assert answers == [8] * 30


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /search?q=" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"400"),
        (b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", b"405"),
    ],
    ids=["long address", "long headers", "large body", "foreign host", "post"],
)
def test_serve_refuses_what_is_too_much(served: tuple[str, int], request_bytes: bytes, status: bytes) -> None:
    with socket.create_connection(served, timeout=20) as connection:
        connection.sendall(request_bytes)
        first = connection.recv(100)

    assert first.split()[1] == status


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """Where the site of an invented corpus listens, as long as the tests run."""
    reached = threading.Event()
    address: list[str] = []

    def announce(url: str) -> None:
        address.append(url)
        reached.set()

    service = SearchService(build_engine(tmp_path_factory.mktemp("served"), *REPORTS))
    threading.Thread(target=serve, args=(service, load_settings({}, port=0), announce), daemon=True).start()
    assert reached.wait(20)
    found = urlsplit(address[0])
    return str(found.hostname), int(found.port or 0)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_several_processes_answer_and_end_together(tmp_path: Path, end: signal.Signals) -> None:
    build_engine(tmp_path, *REPORTS).close()
    command = [sys.executable, "-m", "fzsearch", "serve", "--index", str(tmp_path), "--port", "0", "--processes", "3"]
    site = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = site.stderr.readline() if site.stderr else ""
        address = line[line.index("http") :].split()[0]
        children = [int(pid) for pid in Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: totals(address), range(40)))
        site.send_signal(end)
        status = site.wait(20)
        rest = [pid for pid in children if wait_until_gone(pid)]
    finally:
        site.kill()
        site.communicate()

    assert len(children) == 2
    assert found == [8] * 40
    assert status == (-signal.SIGKILL if end is signal.SIGKILL else 0)
    assert rest == []


def totals(address: str) -> int:
    """The sections that a site holds."""
    with urllib.request.urlopen(f"{address}api/v1/search?limit=0") as response:  # noqa: S310 - our own
        return int(json.load(response)["total"]["sections"])


def wait_until_gone(pid: int, seconds: float = 20) -> bool:
    """Whether a process still runs after some time."""
    until = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return is_running(pid)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
