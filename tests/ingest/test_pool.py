import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest.pool import _Job, _new_process, run_isolated

MEGABYTE = 1 << 20


def behave(order: object) -> object:
    """Do what the order says; anything else is given back."""
    match order:
        case "die":
            os._exit(7)
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "eat":
            return bytes(800 * MEGABYTE)
        case "refuse":
            raise ExtractError("读不了", "换一个")
        case "fail":
            raise KeyError(order)
        case "recurse":
            return behave_deep(0)
        case "unpicklable":
            return lambda: None
    return order


def behave_deep(depth: int) -> int:
    return behave_deep(depth + 1)


def run(items: Iterable[Any], *, workers: int = 2, timeout_s: float = 20.0) -> list[tuple[Any, Any]]:
    limits = {"workers": workers, "memory_bytes": 200 * MEGABYTE}
    return list(run_isolated(behave, items, timeout_s=timeout_s, **limits))


def test_results_come_in_the_order_of_items():
    assert run(range(500)) == [(number, number) for number in range(500)]


def test_no_items_start_no_child():
    assert run([]) == []


def test_extract_error_crosses_unchanged():
    ((_, error),) = run(["refuse"])

    assert isinstance(error, ExtractError)
    assert (error.reason, error.remedy) == ("读不了", "换一个")


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("die", "退出码 7"),
        pytest.param("crash", "信号 9", marks=pytest.mark.skipif(sys.platform == "win32", reason="no signals")),
        ("fail", "KeyError"),
        ("recurse", "嵌套"),
        ("unpicklable", "读取程序出错"),
        pytest.param("eat", "200 MB", marks=pytest.mark.skipif(sys.platform != "linux", reason="no limit there")),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_bad_item_costs_nothing_but_itself(order, reason, workers):
    answers = run(["a", order, "b", "c", order, "d"], workers=workers)

    assert [answer for _, answer in answers if not isinstance(answer, ExtractError)] == ["a", "b", "c", "d"]
    assert all(reason in answer.reason and answer.remedy for _, answer in answers if isinstance(answer, ExtractError))


def test_hanging_item_is_given_up():
    started = time.monotonic()

    answers = dict(run(["a", "hang", "b", "c"], timeout_s=0.5))

    assert time.monotonic() - started < 10
    assert "0.5 秒" in answers.pop("hang").reason
    assert answers == {"a": "a", "b": "b", "c": "c"}


def test_large_items_and_results_pass():
    large = [bytes([number]) * (3 * MEGABYTE) for number in range(8)]

    assert [answer for _, answer in run(large)] == large


@pytest.mark.skipif(sys.platform != "linux", reason="a spawned child does not see the patch")
def test_child_that_cannot_begin_is_an_error(monkeypatch):
    monkeypatch.setattr("fzsearch.ingest.pool._limit_memory", lambda _: os._exit(3))

    with pytest.raises(RuntimeError, match="before it was ready"):
        run(["a"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a child is not forked")
def test_child_of_a_parent_that_is_gone_ends_without_a_word(capfd):
    """The parent may be killed between the fork and the first answer."""
    parents, theirs = multiprocessing.Pipe()
    parents.close()
    child = _new_process(theirs, [], _Job(os_pid, 200 * MEGABYTE))
    child.start()
    child.join(20)

    assert not child.is_alive()
    assert capfd.readouterr().err == ""


def test_leaving_early_ends_the_children():
    answers = run_isolated(os_pid, range(1_000), workers=2, timeout_s=20, memory_bytes=200 * MEGABYTE)
    _, pid = next(answers)
    assert isinstance(answers, Generator)
    assert isinstance(pid, int)
    answers.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def os_pid(_item: int) -> int:
    return os.getpid()


SCRIPT = """
import signal, sys, time
from fzsearch.ingest.pool import run_isolated

# A job started in the background of a shell inherits an ignored Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

def work(item):
    print(item, flush=True)
    time.sleep(float(sys.argv[1]))

if __name__ == "__main__":
    list(run_isolated(work, ["on", "on"], workers=2, timeout_s=60, memory_bytes=1 << 28))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("sent", "item_s"), [(signal.SIGINT, 60), (signal.SIGKILL, 1)])
def test_children_end_with_their_parent(tmp_path, sent, item_s):
    """Ctrl-C reaches the group and kills at once; after kill -9 of the parent a child ends with its item.

    The pipe of stdout closes when the last child has ended.
    """
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, str(script), str(item_s)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        started = time.monotonic()
        if sent == signal.SIGINT:
            os.killpg(parent.pid, sent)
        else:
            parent.send_signal(sent)
        parent.stdout.read()

    assert time.monotonic() - started < 30
