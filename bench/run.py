"""How fast is it, beside others? Generated reports are indexed and searched by fzsearch and by its peers, in one run.

    python bench/run.py [--reports 1000] [--peers tantivy,fts5] [--keep FOLDER] [--rounds 3]

Peers are tantivy, fts5, trigram and whoosh (naive), or none; one that would take hours at a size is left out and named,
unless the folder has its index already. Writes `bench/RESULTS.md` and plots; what was measured at other sizes stays in
`bench/results/`, and all show it. With --keep the corpus, the index and those of the peers are kept in a folder with
what building them cost, and used again if they are there. Engines are asked in turns, so that a busy minute of the
machine strikes all of them.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ours
from peers_setup import MOST_REPORTS, PEERS, ask, build, cut, make_environment
from queries import asked, substrings, typed
from report import write_results
from reword import reword

from generate import generate

RESULTS = Path(__file__).with_name("results")
SECOND = "fzsearch, tantivy"
OURS = {"fzsearch": "index", SECOND: "index-tantivy"}
"""Our own engines with their folders; the second has the words of the first in tantivy, where that is installed."""
TURNS = 2
SUBSTRINGS = 200


def measure(folder: Path, reports: int, wanted: list[str], rounds: int) -> dict[str, Any]:
    """Everything that is measured at one size, in a folder that keeps corpus, indexes and what building them cost."""
    corpus, index, facts = folder / "corpus", folder / "index", folder / "built.json"
    built: dict[str, Any] = json.loads(facts.read_text()) if facts.exists() else {}
    if not corpus.exists():
        _tell("generating")
        generate(corpus, reports)
    if not (index / "CURRENT").exists():
        _tell("indexing with fzsearch")
        built["fzsearch"] = ours.in_fresh_process(ours.measure_index, corpus, index)
        facts.write_text(json.dumps(built))
        shutil.rmtree(folder / OURS[SECOND], ignore_errors=True)
    if not (folder / OURS[SECOND] / "CURRENT").exists() and find_spec("tantivy"):
        _tell("giving the words to tantivy")
        built[SECOND] = ours.in_fresh_process(reword, index, folder / OURS[SECOND], "tantivy")
        facts.write_text(json.dumps(built))
    peers = [one for one in wanted if one in built or reports <= MOST_REPORTS.get(one, reports)]
    for peer in peers:
        _build_peer(folder, peer, built)
        facts.write_text(json.dumps(built))
    found: dict[str, Any] = {"reports": reports, "peers": peers, "built": built}
    found["left_out"] = [one for one in wanted if one not in peers]
    found |= ours.in_fresh_process(ours.measure_size, index)
    found["text_mb"] = sum(path.stat().st_size for path in corpus.iterdir()) / 1e6
    return found | _searched(folder, peers, rounds)


def _available(peers: list[str]) -> list[str]:
    """The peers, or none of them where their environment cannot be made, as without network."""
    try:
        make_environment()
    except subprocess.CalledProcessError:
        _tell("the environment of the peers cannot be made (pip needs network): measuring without them")
        return []
    return peers


def _build_peer(folder: Path, peer: str, built: dict[str, Any]) -> None:
    sections, words = folder / "sections.jsonl", folder / "words.jsonl"
    if not sections.exists():
        ours.in_fresh_process(ours.write_sections, folder / "index", sections)
    if "jieba" not in built:
        _tell("cutting into words for the peers")
        built["jieba"] = cut(sections, words)
    if peer not in built:
        _tell(f"indexing with {peer}")
        built[peer] = build(peer, words, folder / peer)


def _searched(folder: Path, peers: list[str], rounds: int) -> dict[str, Any]:
    """Queries in turns, then what only fzsearch is asked."""
    corpus, index = folder / "corpus", folder / "index"
    queries = asked(corpus)
    listed = folder / "queries.json"
    listed.write_text(json.dumps([asdict(one) for one in queries], ensure_ascii=False), encoding="utf-8")
    own = [name for name, index_name in OURS.items() if (folder / index_name).exists()]
    engines: dict[str, Any] = {name: [] for name in (*own, *peers)}
    for turn in range(TURNS):
        for engine, turns in engines.items():
            _tell(f"asking {engine}, turn {turn + 1} of {TURNS}")
            if engine in own:
                turns.append(ours.in_fresh_process(ours.measure_queries, folder / OURS[engine], queries, rounds))
            else:
                turns.append(ask(engine, folder / engine, listed, rounds))
    _tell("asking for substrings, over HTTP")
    return {
        "kinds": [one.kind for one in queries],
        "engines": {engine: _merged(turns) for engine, turns in engines.items()},
        "reading": ours.in_fresh_process(ours.measure_reading, corpus),
        "substrings": ours.in_fresh_process(ours.measure_substrings, index, substrings(corpus, SUBSTRINGS)),
        "first_query": ours.measure_first_query(index, queries),
        "other_pages": ours.measure_other_pages(index),
        "suggestions": ours.measure_suggestions(index, typed()),
        "pages": {str(count): ours.measure_pages(index, queries, count) for count in (1, 2)},
    }


def _merged(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """The better turn of every query: what disturbs a machine only ever adds."""
    found: dict[str, Any] = {"totals": turns[0]["totals"], "peak_mb": max(turn["peak_mb"] for turn in turns)}
    for name in {"cold", "warm", "again"} & set(turns[0]):
        columns = zip(*(turn[name] for turn in turns), strict=True)
        found[name] = [None if None in times else min(times) for times in columns]
    return found


def machine() -> str:
    """The class of this machine, not its name."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    memory = f", {pages / 2**30:.0f} GB memory" if pages else ""
    return (
        f"{os.cpu_count()} cores{memory}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def _tell(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--peers", default="tantivy,fts5", help=f"any of {','.join(PEERS)}, or none")
    parser.add_argument("--keep", type=Path, help="a folder for corpus and indexes")
    parser.add_argument("--rounds", type=int, default=3, help="warm rounds of each query")
    options = parser.parse_args()
    peers = [name for name in options.peers.split(",") if name and name != "none"]
    unknown = set(peers) - set(PEERS)
    if unknown:
        parser.error(f"no such peers: {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    with tempfile.TemporaryDirectory(prefix="fzsearch-bench-") as temporary:
        folder = options.keep or Path(temporary)
        found = measure(folder, options.reports, _available(peers) if peers else [], options.rounds)
    command = f"python bench/run.py --reports {options.reports} --peers {options.peers}"
    found |= {"date": f"{datetime.now(UTC).date()}", "command": command, "machine": machine()}
    found["load"] = statistics.fmean(os.getloadavg()) if hasattr(os, "getloadavg") else 0.0
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{options.reports}.json").write_text(json.dumps(found), encoding="utf-8")
    print(write_results(RESULTS))


if __name__ == "__main__":
    main()
