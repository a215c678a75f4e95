"""A run that is stopped while it reads leaves no process behind, and the next one goes on and clears up after it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bad_corpus import rtf, text
from tests.conftest import ROOT
from tests.ingest.extract.test_office import needs_soffice

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc; signals of POSIX")

FILES = 12
SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # what starts the tests may ignore it
from fzsearch.service import indexing
read = indexing.read_for_index
def slowly(*given, **named):
    print("reading", file=sys.stderr, flush=True)
    time.sleep(float(sys.argv[-1]))
    return read(*given, **named)
indexing.read_for_index = slowly
from fzsearch.cli import main
sys.argv.append(sys.argv.pop(1))
main(sys.argv[1:-1])
"""


class Place:
    """A corpus, its index and the folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.index, self.scratch = folder / "corpus", folder / "index", folder / "tmp"
        self.corpus.mkdir()
        self.scratch.mkdir()

    def start(self, seconds: float) -> "subprocess.Popen[bytes]":
        """A run that takes so long for each file."""
        command = [sys.executable, "-c", SLOW, str(seconds), "index", str(self.corpus), "--index", str(self.index)]
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self.environment(),
            start_new_session=True,
        )

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(self.scratch)}

    def finish(self) -> dict[str, int]:
        command = [sys.executable, "-m", "fzsearch", "index", str(self.corpus), "--index", str(self.index), "--json"]
        done = subprocess.run(command, capture_output=True, env=self.environment(), timeout=120, check=True)
        counts: dict[str, int] = json.loads(done.stdout)["reports"]
        return counts

    def processes(self) -> list[int]:
        """Those that have to do with this place."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = (entry / "cmdline").read_bytes()
            except OSError:  # it has just ended
                continue
            if os.fsencode(self.corpus.parent) in told:
                found.append(int(entry.name))
        return found

    def is_left_alone(self, within_s: float = 10.0) -> bool:
        end = time.monotonic() + within_s
        while self.processes() and time.monotonic() < end:
            time.sleep(0.1)
        return not self.processes()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_stopped_while_reading(place, sent):
    for number in range(FILES):
        (place.corpus / f"{number}.txt").write_text(text(number), encoding="utf-8")
    with place.start(seconds=60) as run:
        assert run.stderr is not None
        assert run.stderr.readline() == b"reading\n"
        if sent == signal.SIGINT:
            os.killpg(run.pid, sent)
        else:
            run.send_signal(sent)
        told = run.stderr.read().decode()  # ends when the last child has

    assert "Traceback" not in told
    assert place.is_left_alone()
    assert (list(place.scratch.iterdir()) == []) == (sent == signal.SIGINT)
    assert place.finish() == {"added": FILES, "changed": 0, "unchanged": 0, "removed": 0}
    assert list(place.scratch.iterdir()) == []


@needs_soffice
def test_killed_while_libreoffice_converts(place):
    for number in range(FILES):
        (place.corpus / f"{number}.rtf").write_bytes(rtf(number))
    with place.start(seconds=0) as run:
        while run.poll() is None and not any("soffice" in told for told in map(program, place.processes())):
            time.sleep(0.02)
        run.kill()

    assert run.returncode == -signal.SIGKILL
    assert place.is_left_alone()
    assert list(place.scratch.iterdir())
    assert place.finish()["added"] == FILES
    assert list(place.scratch.iterdir()) == []


def program(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[0].decode()
    except OSError:
        return ""
