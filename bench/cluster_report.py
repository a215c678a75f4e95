"""What do the measurements of the cluster say? Tables of every size that was measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plots import quantile

Run = Mapping[str, Any]
EMBEDDED = "embedded"

_READING = """A setup is nodes x primary shards x replicas, each node a JVM of its own on this one machine, which
they share with the client. Load is how many processes wanted its processors: nodes and clients alone make it 3 to
6 on two of them; where it is higher, the machine did other work too and wall times tell little. Milliseconds of the
processor hardly depend on it; one core's rate is worked out of them. In a short run they still hold the compiling
that each JVM does for itself, three times on three nodes. A query is what a page asks: parsed, twenty hits with
snippets, three totals, seven facets with disjunctive counts and literal counts, over HTTP in three requests and some
small ones. Documents are sections and reports; each report is also one document, of all its pairs. Cold is the first
time that a query is asked after writing, when much of the JVMs' code is not compiled yet; warm is the better of the
following times, each with one hit more, so that nothing is remembered; again is the same question once more."""


def write_results(folder: Path) -> str:
    """Write `CLUSTER.md` beside the folder of measurements; the text."""
    sizes = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("cluster-*.json")]
    sizes.sort(key=lambda runs: _first(runs)["sections"])
    text = "\n\n".join(["# The engine on OpenSearch, measured", _READING, *map(_size, sizes)]) + "\n"
    folder.parent.joinpath("CLUSTER.md").write_text(text, encoding="utf-8")
    return text


def _first(runs: Mapping[str, Run]) -> Run:
    return next(iter(runs.values()))


def _size(runs: Mapping[str, Run]) -> str:
    clusters = [run for setup, run in runs.items() if setup != EMBEDDED]
    head = f"## {_first(runs)['reports']:,} reports, {_first(runs)['sections']:,} sections"
    made = {
        f"`{run['command']}`, {run['date']}, {run['machine']}"
        + (f", heap of a node {run['heap_mb']} MB" if "heap_mb" in run else "")
        for run in runs.values()
    }
    parts = [head, "\n".join(f"- {one}" for one in sorted(made)), _asking(runs)]
    if clusters:
        parts += [_writing(clusters), _storing(clusters), _shares(clusters), *map(_kinds, clusters)]
    return "\n\n".join(filter(None, parts))


def _table(columns: str, rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {columns} |", "|" + "---|" * (columns.count("|") + 1)]
    return "\n".join([*lines, *(f"| {' | '.join(cells)} |" for cells in rows)])


def _times(ms: Sequence[float]) -> str:
    return f"{quantile(ms, 0.5):.0f} / {quantile(ms, 0.95):.0f}"


def _asking(runs: Mapping[str, Run]) -> str:
    rows = []
    for setup, run in runs.items():
        asked, clients = run["queries"], run.get("clients")
        spent = [f"{asked['ours_ms']:.0f}", "–", "–", "–", "–"]
        if clients:
            ours, theirs = clients["ours_ms"], clients["theirs_ms"]
            core = f"{ours:.0f} + {theirs:.0f} = {1000 / (ours + theirs):.1f} a second"
            spent[1:] = [f"{asked['theirs_ms']:.0f}", f"{clients['rate']:.1f}", _times(clients["ms"]), core]
        cold = _times(asked["cold"]) if asked["cold"] else "–"
        again = _times(asked["again"]) if asked.get("again") else "–"
        rows.append([setup, cold, _times(asked["warm"]), again, *spent, f"{run['load']:.0f}"])
    return _table(
        "setup | cold p50 / p95, ms | warm p50 / p95, ms | again p50 / p95, ms | ours, processor ms "
        "| JVMs', processor ms | 8 clients: a second | p50 / p95, ms "
        "| processor ms, ours + JVMs', = one core's rate | load",
        rows,
    )


def _writing(runs: Sequence[Run]) -> str:
    rows = []
    for run in runs:
        found = run["writing"]
        count = found["documents"]
        ours, theirs = (found[name] * 1000 / count for name in ("ours_s", "theirs_s"))
        inside = [f"{found[name]:.0f}" for name in ("indexing_s", "refresh_s", "merge_s", "flush_s")]
        rows.append([
            run["setup"], f"{count:,}", f"{count / found['wall_s']:.0f}", f"{ours:.2f}", f"{theirs:.2f}",
            f"{1000 / (ours + theirs):.0f}", f"{theirs / (ours + theirs):.0%}", " / ".join(inside),
            f"{found['merging_s']:.0f}", f"{run['load']:.0f}",
        ])  # fmt: skip
    return _table(
        "writing | documents | a second, wall | ours, processor ms each | JVMs' | one core's rate | JVMs' part "
        "| threads' s: indexing / refresh / merge / flush | s until nothing merged | load",
        rows,
    )


def _storing(runs: Sequence[Run]) -> str:
    rows = []
    for run in runs:
        primaries = [shard for shard in run["writing"]["shards"] if shard["primary"]]
        every = sum(shard["bytes"] for shard in run["writing"]["shards"])
        sizes = [shard["bytes"] / 1e6 for shard in primaries]
        memory = run["memory"]
        cells = [f"{max(node[name] for node in memory):.0f}" for name in ("old_mb", "peak_mb", "resident_mb")]
        own = sum(shard["bytes"] for shard in primaries) / run["sections"]
        rows.append([
            run["setup"], f"{own:,.0f}", f"{every / 1e6:,.0f}", f"{min(sizes):,.0f} to {max(sizes):,.0f}", *cells,
            f"{sum(node['collecting_s'] for node in memory):.0f}",
        ])  # fmt: skip
    return _table(
        "stored | bytes a section, primaries | MB in all | MB a primary shard | heap that stays, MB a node at most "
        "| peak | resident | s of collecting, all nodes",
        rows,
    )


def _shares(runs: Sequence[Run]) -> str:
    labels = list(runs[0]["shares"])
    rows = [[run["setup"], *(f"{run['shares'][label]:.0f}" for label in labels)] for run in runs]
    return _table(f"JVMs' processor ms of a query that asks for | {' | '.join(labels)}", rows)


def _kinds(run: Run) -> str:
    """Empty where it was not measured."""
    rows = [
        [kind, f"{found['matched']:,.0f}", f"{found['theirs_ms']:.0f}"] for kind, found in run.get("kinds", {}).items()
    ]
    return _table(f"{run['setup']}: kind of query | sections matched | JVMs' processor ms", rows) if rows else ""
