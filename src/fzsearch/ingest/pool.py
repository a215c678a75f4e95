"""How is each item worked on in a child process that may die, hang or eat memory without stopping the run?

A small pool of our own: the standard ones cannot kill one stuck task (ProcessPoolExecutor) or lose it when a child dies
(multiprocessing.Pool). Nothing is known here of files or reports.

Each child holds the item it works on and at most one more, sent ahead so that it never waits for the parent. Results
come in the order of the items.
"""

import contextlib
import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

from fzsearch.errors import ExtractError

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD_BYTES = 4_096  # what every platform's pipe takes without a reader: a larger item waits until the child is idle
_WINDOW_PER_WORKER = 64  # how far results may run ahead of the slowest item, so that memory stays bounded
_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 2.0
_READY, _DONE, _RETIRING = "ready", "done", "retiring"
_PR_SET_PDEATHSIG = 1  # prctl(2)
_RESAVE = "文件可能已损坏或过于复杂，请用 Word 或浏览器打开后另存为新文件"


def run_isolated(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int,
    timeout_s: float,
    memory_bytes: int,
) -> Iterator[tuple[Item, Result | ExtractError]]:
    """Apply a function to items in child processes.

    Args:
        function: importable by name; an ExtractError that it raises is its answer.
        items: taken one by one, as children become free.
        workers: number of children, at least 1.
        timeout_s: seconds an item may take on the clock.
        memory_bytes: address space that a child may use beyond what it had when it began; no limit where the
            platform has none (Windows, macOS).

    Yields:
        Each item with its result, in the order of `items`. An item whose child died, hung or ran out of memory, or
        whose function raised anything else, comes with an ExtractError.

    Raises:
        RuntimeError: a child died before it was ready.
    """
    pool = _Pool(_Job(function, memory_bytes), items, workers=max(workers, 1), timeout_s=timeout_s)
    try:
        yield from pool.run()
    finally:
        pool.stop()


@dataclass(frozen=True, slots=True)
class _Job(Generic[Item, Result]):
    """What a child needs to know."""

    function: Callable[[Item], Result]
    memory_bytes: int


class _Pool(Generic[Item, Result]):
    """Deals items to children and puts their answers in order."""

    def __init__(self, job: _Job[Item, Result], items: Iterable[Item], *, workers: int, timeout_s: float) -> None:
        self._job = job
        self._source = enumerate(items)
        self._waiting: deque[tuple[int, Item]] = deque()  # taken from the source, or given back by a lost child
        self._answers: dict[int, tuple[Item, Result | ExtractError]] = {}
        self._next = 0
        self._window = _WINDOW_PER_WORKER * workers
        self._worker_count = workers
        self._timeout_s = timeout_s
        self._children: list[_Child[Item, Result]] = []

    def run(self) -> Iterator[tuple[Item, Result | ExtractError]]:
        while self._peek() is not None or any(child.held for child in self._children):
            self._deal()
            self._listen()
            while self._next in self._answers:
                answer = self._answers.pop(self._next)
                self._next += 1
                yield answer

    def stop(self) -> None:
        """End all children: idle ones are let go, busy ones killed."""
        for child in self._children:
            child.stop()
        self._children.clear()

    def _peek(self) -> tuple[int, Item] | None:
        if not self._waiting:
            self._waiting.extend([taken] if (taken := next(self._source, None)) is not None else [])
        return self._waiting[0] if self._waiting else None

    def _deal(self) -> None:
        """Give every child an item, then one more each, while there are any and the window allows."""
        while len(self._children) < self._worker_count and self._peek() is not None:
            self._children.append(_Child(self._job, [child.connection for child in self._children]))
        for depth in (0, 1):
            for child in self._children:
                following = self._peek()
                if following is None or following[0] >= self._next + self._window:
                    return
                if child.is_ready and len(child.held) == depth and child.offer(*following, self._timeout_s):
                    self._waiting.popleft()

    def _listen(self) -> None:
        """Wait until some child answers, dies or is late."""
        late_s = min((child.deadline for child in self._children), default=0.0) - time.monotonic()
        watched = [thing for child in self._children for thing in (child.connection, child.process.sentinel)]
        timeout = None if late_s == float("inf") else max(late_s, 0.0)
        ready = wait(watched, timeout)
        for child in [*self._children]:
            if child.connection in ready or child.process.sentinel in ready:
                self._hear(child)
        for child in [child for child in self._children if child.deadline <= time.monotonic()]:
            self._lose(child, f"读取超过 {self._timeout_s:g} 秒仍未完成")

    def _hear(self, child: "_Child[Item, Result]") -> None:
        message = child.receive()
        if message is None:
            self._lose(child, f"读取进程意外退出（{child.exit_cause()}）")
            return
        kind, answer = message
        if kind == _READY:
            child.set_ready()
            return
        index, item = child.held.popleft()
        self._answers[index] = (item, answer)
        child.begin_next(self._timeout_s)
        if kind == _RETIRING:
            self._drop(child)

    def _lose(self, child: "_Child[Item, Result]", reason: str) -> None:
        """Blame the item in work for the loss of its child; the one sent ahead goes to another."""
        if not child.is_ready:
            raise RuntimeError(f"a worker process died before it was ready ({child.exit_cause()})")
        if child.held:
            index, item = child.held.popleft()
            self._answers[index] = (item, ExtractError(reason, _RESAVE))
        self._drop(child)

    def _drop(self, child: "_Child[Item, Result]") -> None:
        self._waiting.extendleft(reversed(child.held))
        child.kill()
        self._children.remove(child)


class _Child(Generic[Item, Result]):
    """One child process as the parent sees it."""

    def __init__(self, job: _Job[Item, Result], others: list[Connection]) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        self.process = _new_process(theirs, [self.connection, *others], job)
        with warnings.catch_warnings():
            # Python 3.12 warns of threads at a fork; ours are numpy's, which survive it, and the progress bar's, which
            # a child never touches. A spawned child would load the dictionaries again.
            warnings.simplefilter("ignore", DeprecationWarning)
            with _interrupts_held():
                self.process.start()
        theirs.close()
        self.held: deque[tuple[int, Item]] = deque()
        self.is_ready = False
        self.deadline = time.monotonic() + _START_TIMEOUT_S

    def set_ready(self) -> None:
        self.is_ready = True
        self.deadline = float("inf")

    def offer(self, index: int, item: Item, timeout_s: float) -> bool:
        """Send an item if the pipe takes it without waiting."""
        payload = pickle.dumps(item)
        if self.held and len(payload) > _AHEAD_BYTES:
            return False
        with contextlib.suppress(OSError):  # a child that has just died is noticed when listening
            self.connection.send_bytes(payload)
        if not self.held:
            self.deadline = time.monotonic() + timeout_s
        self.held.append((index, item))
        return True

    def begin_next(self, timeout_s: float) -> None:
        self.deadline = time.monotonic() + timeout_s if self.held else float("inf")

    def receive(self) -> tuple[str, Result | ExtractError] | None:
        """The next message, None where the child has died."""
        try:
            if not self.connection.poll():
                return None
            message: tuple[str, Result | ExtractError] = pickle.loads(self.connection.recv_bytes())  # noqa: S301
        except (EOFError, OSError):
            return None
        return message

    def exit_cause(self) -> str:
        self.process.join(_STOP_TIMEOUT_S)
        code = self.process.exitcode
        return f"信号 {-code}" if code is not None and code < 0 else f"退出码 {code}"

    def stop(self) -> None:
        if not self.held and self.is_ready:
            self.connection.close()
            self.process.join(_STOP_TIMEOUT_S)
        self.kill()

    def kill(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C waiting: a child that it met before it ignores it would print a traceback."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _new_process(theirs: Connection, inherited: list[Connection], job: _Job[Item, Result]) -> BaseProcess:
    """Fork on Linux, where children share what is loaded; elsewhere it is missing (Windows) or unsafe (macOS)."""
    if sys.platform == "linux":
        fork = multiprocessing.get_context("fork")
        return fork.Process(target=_serve, args=(theirs, inherited, job), daemon=True)
    else:  # noqa: RET505 - mypy takes what follows for unreachable otherwise
        spawn = multiprocessing.get_context("spawn")
        return spawn.Process(target=_serve, args=(theirs, [], job), daemon=True)


def _serve(connection: Connection, inherited: list[Connection], job: _Job[Item, Result]) -> None:
    """Main loop of a child: ends when the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # and a handler of the parent is not for the child
    if sys.platform == "linux":  # elsewhere a child ends after its item
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for other in inherited:  # else the parent's end stays open here and its death is never seen
        other.close()
    _limit_memory(job.memory_bytes)
    with contextlib.suppress(EOFError, OSError):
        connection.send_bytes(pickle.dumps((_READY, None)))
        while True:
            kind, payload = _answer(job, connection.recv_bytes())
            connection.send_bytes(payload)
            if kind == _RETIRING:
                return


def _answer(job: _Job[Item, Result], request: bytes) -> tuple[str, bytes]:
    """Work on one item; the answer is pickled here so that what cannot cross the border is an error of the item."""
    kind = _DONE
    try:
        payload = pickle.dumps((kind, job.function(pickle.loads(request))))  # noqa: S301
    except ExtractError as error:
        failure = error
    except MemoryError:
        kind = _RETIRING  # its memory may stay in pieces: the next item gets a fresh child
        failure = ExtractError(f"读取所需内存超过 {job.memory_bytes >> 20} MB 的限制", _RESAVE)
    except RecursionError:
        failure = ExtractError("文件的嵌套层次过深", _RESAVE)
    except Exception as error:  # the border of promise 5: no file can stop the run
        failure = ExtractError(f"读取程序出错（{type(error).__name__}）", "请另存为 .docx 或 .txt 后再试，并报告此问题")
    else:
        return kind, payload
    return kind, pickle.dumps((kind, failure))


def _limit_memory(memory_bytes: int) -> None:
    """Limit the address space to what is in use now and so many bytes more, where /proc tells the use."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not there on Windows

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + memory_bytes
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
