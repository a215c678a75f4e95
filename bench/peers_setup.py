"""Where do the peers live, and how are they run? In an environment of their own, so that fzsearch depends on none."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = Path(__file__).parents[1] / "build" / "bench-peers"
REQUIREMENTS = ("jieba==0.42.1", "setuptools==80.9.0", "tantivy==0.26.0", "whoosh==2.7.4")
PEERS = {"tantivy": "tantivy_words.py", "fts5": "fts5.py", "trigram": "trigram.py", "whoosh": "whoosh_naive.py"}
MOST_REPORTS = {"fts5": 10_000, "trigram": 10_000, "whoosh": 10_000}
"""Beyond so many reports indexing or asking takes hours; naive Whoosh takes some twenty minutes for so many."""
_SCRIPTS = Path(__file__).with_name("peers")
_PYTHON = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"


def make_environment() -> None:
    """Make the environment, once for each list of requirements."""
    made = ENVIRONMENT / "made.json"
    if made.exists() and json.loads(made.read_text()) == list(REQUIREMENTS):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
    pip = [str(_PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, *REQUIREMENTS], check=True)
    made.write_text(json.dumps(REQUIREMENTS))


def cut(sections: Path, words: Path) -> dict[str, Any]:
    """Write the sections with their words; what jieba costs."""
    return _run("cut.py", str(sections), str(words))


def build(peer: str, sections: Path, folder: Path) -> dict[str, Any]:
    """Index the sections; what it costs, without jieba where words come ready."""
    return _run(PEERS[peer], "build", str(sections), str(folder))


def ask(peer: str, folder: Path, queries: Path, rounds: int) -> dict[str, Any]:
    """Ask the queries; milliseconds of each."""
    return _run(PEERS[peer], "ask", str(folder), str(queries), str(rounds))


def _run(script: str, *arguments: str) -> dict[str, Any]:
    command = [str(_PYTHON), "-W", "ignore", str(_SCRIPTS / script), *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
