"""How is a real OpenSearch cluster started on this machine? One JVM for each node, so that a node can be killed.

    python -m tests.cluster.nodes [--nodes 3] [--port 9251]

runs until Ctrl-C. Every cluster has a name of its own, and takes free ports unless told: two of them on one machine
never join. Needs Java 21 or newer and, the first time, Maven with a repository; jars go to build/cluster/lib.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
JARS = HERE.parent.parent / "build" / "cluster" / "lib"
OLDEST_JAVA = 21
_START_S = 480.0  # ten seconds each on a machine that has nothing else to do
_TRANSPORT = 100  # so much above the HTTP port of a node


class NoClusterError(Exception):
    """No cluster can be started here; the message says why."""


def find_java() -> Path:
    """A Java that is new enough.

    Raises:
        NoClusterError: none.
    """
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, Path("/usr/lib/jvm").glob("*"))]
    found = [Path(home, "bin", "java") for home in homes if home] + [Path(shutil.which("java") or "java")]
    versions = {java: _java_version(java) for java in found if java.is_file()}
    best = max(versions, key=lambda java: versions[java], default=None)
    if best is None or versions[best] < OLDEST_JAVA:
        raise NoClusterError(f"no Java {OLDEST_JAVA} or newer here (found: {sorted(versions.values()) or 'none'})")
    return best


def _java_version(java: Path) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', told)
    return int(match[1]) if match else 0


def fetch_jars() -> Path:
    """The folder with the jars of a node, fetched the first time.

    Raises:
        NoClusterError: Maven or its repository is missing.
    """
    if not (JARS / "fetched").exists():
        maven = shutil.which("mvn")
        if maven is None:
            raise NoClusterError("Maven (mvn) is not installed, so OpenSearch cannot be fetched")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(HERE / "pom.xml", folder)
            command = [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={JARS}"]
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
            )
        if done.returncode:
            first = next((line for line in done.stdout.splitlines() if "ERROR" in line), done.stderr[:300])
            raise NoClusterError(f"Maven could not fetch OpenSearch: {first[:300]}")
        (JARS / "fetched").touch()
    return JARS


def free_ports(count: int) -> int:
    """The first of some ports in a row that are free, and as many above for the transport between nodes.

    They lie below those that the system gives to outgoing connections, so that a killed node finds its own again.
    """
    for first in random.sample(range(11_000, 32_000, 2 * _TRANSPORT), 100):
        with ExitStack() as opened:
            try:
                for port in (first + number + above for number in range(count) for above in (0, _TRANSPORT)):
                    opened.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    raise NoClusterError("no free ports on this machine")


class Nodes:
    """A cluster of some nodes on 127.0.0.1; a context manager."""

    def __init__(
        self, count: int = 3, port: int | None = None, heap_mb: int = 512, settings: Mapping[str, str] | None = None
    ) -> None:
        """Nothing is started yet; `settings` are more settings of every node, by their names in OpenSearch."""
        self._java, self._jars = find_java(), fetch_jars()
        self._folder = Path(tempfile.mkdtemp(prefix="fzsearch-cluster-"))
        self._heap_mb = heap_mb
        self._settings = [f"{name}={value}" for name, value in (settings or {}).items()]
        first = free_ports(count) if port is None else port
        self._ports = {f"n{number}": first + number for number in range(count)}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def urls(self) -> str:
        """The addresses of all nodes, parted by commas."""
        return ",".join(self.url(name) for name in self._ports)

    @property
    def names(self) -> Sequence[str]:
        """The names of all nodes, also of killed ones."""
        return list(self._ports)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What a running node answers to a request with JSON."""
        data = None if body is None else json.dumps(body).encode()
        address, kind = self.url(next(iter(self._running))) + path, {"Content-Type": "application/json"}
        request = urllib.request.Request(address, data, kind, method=method)  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
            return json.load(answer)

    def url(self, name: str) -> str:
        """The address of a node."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def start(self, name: str) -> None:
        """Start a node; it is not waited for."""
        members = ",".join(f"{one}=127.0.0.1:{port + _TRANSPORT}" for one, port in self._ports.items())
        log = (self._folder / f"{name}.log").open("ab")
        self._running[name] = subprocess.Popen(
            [
                self._java, f"-Xmx{self._heap_mb}m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "-cp", f"{self._jars}/*", HERE / "Node.java", name, self._folder / name,
                str(self._ports[name]), str(self._ports[name] + _TRANSPORT), members, self._folder.name,
                *self._settings,
            ],
            stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()

    def kill(self, name: str) -> None:
        """Kill a node as a power cut would."""
        node = self._running.pop(name)
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(node.pid, signal.SIGKILL)
        node.communicate()

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Kill a node; afterwards start it again and wait until all nodes have all copies."""
        self.kill(name)
        try:
            yield
        finally:
            self.start(name)
            self.wait(len(self._ports))

    @contextmanager
    def hanging(self, name: str) -> Iterator[None]:
        """A node that takes connections and answers nothing, for a while."""
        os.killpg(self._running[name].pid, signal.SIGSTOP)
        while not _is_stopped(self._running[name].pid):  # on a busy machine it still answers for a moment
            time.sleep(0.01)
        try:
            yield
        finally:
            os.killpg(self._running[name].pid, signal.SIGCONT)
            self.wait(len(self._ports))

    def wait(self, count: int, status: str = "green") -> None:
        """Wait for so many nodes and a health.

        Raises:
            NoClusterError: it took too long, or a node has ended.
        """
        path = f"/_cluster/health?wait_for_nodes={count}&wait_for_status={status}&timeout=5s"
        end = time.monotonic() + _START_S
        while time.monotonic() < end:
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise NoClusterError(f"node {name} ended; its log: {self.log(name)[-2000:]}")
                try:
                    with urllib.request.urlopen(self.url(name) + path, timeout=10) as answer:  # noqa: S310 - our own
                        if not json.load(answer)["timed_out"]:
                            return
                except OSError:
                    time.sleep(0.5)
        logs = "\n".join(f"{name}: {self.log(name)[-1000:]}" for name in self._running)
        raise NoClusterError(f"no cluster of {count} nodes after {_START_S:.0f} s; the ends of their logs:\n{logs}")

    def log(self, name: str) -> str:
        """What a node has printed."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> "Nodes":
        for name in self._ports:
            self.start(name)
        try:
            self.wait(len(self._ports))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._running):
            self.kill(name)
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_stopped(pid: int) -> bool:
    """Whether all threads of a process are stopped."""
    states = (path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{pid}/task").glob("*/stat"))
    return all(state == "T" for state in states)


def main() -> None:
    """Run a cluster until Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--port", type=int, default=9251)
    parser.add_argument("--heap-mb", type=int, default=512)
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell has put it into the background
        signal.signal(number, signal.default_int_handler)
    try:
        with Nodes(chosen.nodes, chosen.port, chosen.heap_mb) as nodes:
            print(f"OpenSearch runs at {nodes.urls}; Ctrl-C ends it", flush=True)
            signal.pause()
    except NoClusterError as problem:
        parser.exit(1, f"no cluster here: {problem}\n")
    except KeyboardInterrupt:
        print("ended")


if __name__ == "__main__":
    main()
