"""What do the measurements say? Tables and a plot of all sizes that were measured."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Run = dict[str, Any]
PLOT = "latency.svg"
_COLOURS = {"fzsearch": "#0b5fff", "tantivy": "#d9480f", "fts5": "#2b8a3e", "trigram": "#868e96", "whoosh": "#9c36b5"}
_NAMES = {
    "fts5": "FTS5 over words",
    "trigram": "FTS5 trigram",
    "whoosh": "naive Whoosh",
    "tantivy": "tantivy over words",
}


def write_results(folder: Path) -> str:
    """Write `RESULTS.md` beside the folder of measurements, and the plot into it; the text."""
    runs = sorted((json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("[0-9]*.json")), key=_reports)
    text = "\n\n".join(["# Measured", _READING, *map(_run, runs), _growth(runs)]) + "\n"
    folder.parent.joinpath("RESULTS.md").write_text(text, encoding="utf-8")
    folder.joinpath(PLOT).write_text(_plot(runs), encoding="utf-8")
    return text


_READING = """Times of queries are milliseconds of the processor, spent by the thread that asks: the top 20 and the
counts of seven facets, each ignoring its own choice; fzsearch also parses what was typed and makes snippets. Cold is
the first time that a process asks a query (files are in the memory of the system), warm the median of the following
times, each for one hit more, so that no answer is remembered. Engines were asked in turns; of two turns the better one
counts. Ratios are fzsearch's warm time over the peer's on the queries that both answer, of pairs the middle one: below
1 fzsearch is faster. Words cut by jieba do not find every substring: what the peers answer is less than what fzsearch
answers."""


def _reports(run: Run) -> int:
    return int(run["reports"])


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as this share of all."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]


def _run(run: Run) -> str:
    head = f"## {run['reports']:,} reports, {run['sections']:,} sections"
    facts = f"{run['date']}, `{run['command']}`, {run['machine']}, load {run['load']:.1f}."
    return "\n\n".join([head, facts, _engines(run), _kinds(run), _indexing(run), _http(run)])


def _engines(run: Run) -> str:
    lines = [
        "| engine | answered | cold p50 | p95 | warm p50 | p95 | ratio of p50 | of p95 | of pairs | peak MB |",
        "|" + "---|" * 10,
    ]
    own = run["engines"]["fzsearch"]
    for engine, found in run["engines"].items():
        cold, warm = ([one for one in found[name] if one is not None] for name in ("cold", "warm"))
        ratios = ["", "", ""] if engine == "fzsearch" else _ratios(own["warm"], found["warm"])
        times = [f"{quantile(values, share):.1f}" for values in (cold, warm) for share in (0.5, 0.95)]
        cells = [_NAMES.get(engine, engine), str(len(warm)), *times, *ratios, f"{found['peak_mb']:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratios(own: Sequence[float], others: Sequence[float | None]) -> list[str]:
    """Ours over the peer's: of the p50, of the p95, and the middle of the ratios of single queries."""
    pairs = [(mine, other) for mine, other in zip(own, others, strict=True) if other]
    mine, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    found = [quantile(mine, share) / quantile(theirs, share) for share in (0.5, 0.95)]
    return [f"{one:.2f}" for one in (*found, quantile([one / other for one, other in pairs], 0.5))]


def _kinds(run: Run) -> str:
    engines = run["engines"]
    lines = [f"| warm p50 / p95 | n | {' | '.join(_NAMES.get(one, one) for one in engines)} |"]
    lines.append("|" + "---|" * (len(engines) + 2))
    for kind in dict.fromkeys(run["kinds"]):
        at = [number for number, one in enumerate(run["kinds"]) if one == kind]
        cells = [kind, str(len(at))]
        for found in engines.values():
            times = [found["warm"][number] for number in at if found["warm"][number] is not None]
            cells.append(f"{quantile(times, 0.5):.1f} / {quantile(times, 0.95):.1f}" if times else "–")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _indexing(run: Run) -> str:
    lines = ["| index | s | MB on disk | × text | peak MB |", "|---|---|---|---|---|"]
    text_mb, index = run["text_mb"], run.get("index")
    took = f"{index['all_s']:.0f} wall, all processors" if index else "–"
    peak = f"{index['peak_mb']:.0f}" if index else "–"
    lines.append(f"| fzsearch | {took} | {run['disk_mb']:.0f} | {run['disk_mb'] / text_mb:.1f} | {peak} |")
    if index:
        lines.append(f"| one report changed | {index['one_s']:.1f} wall | | | |")
    built = run.get("built", {})
    for peer in run["peers"]:
        facts, jieba_s = built[peer], built["jieba"]["cpu_s"] if peer in {"fts5", "tantivy"} else 0.0
        took = f"{jieba_s + facts['cpu_s']:.0f} processor, one core" + (f" ({jieba_s:.0f} jieba)" if jieba_s else "")
        size = f"{facts['disk_mb']:.0f} | {facts['disk_mb'] / text_mb:.1f} | {facts['peak_mb']:.0f}"
        lines.append(f"| {_NAMES[peer]} | {took} | {size} |")
    return "\n".join(lines)


def _http(run: Run) -> str:
    lines = ["| fzsearch | p50 | p95 |", "|---|---|---|"]
    rows = {"the same question again, answer remembered": run["engines"]["fzsearch"]["again"]}
    rows["random substrings of 1 to 12 characters, all sections counted, cold"] = run["substrings"]
    for processes, found in run["pages"].items():
        rows[f"pages, 8 clients, {processes} server process{'es' if processes != '1' else ''}, wall"] = found["ms"]
    lines += [f"| {name} | {quantile(took, 0.5):.1f} | {quantile(took, 0.95):.1f} |" for name, took in rows.items()]
    rows = {
        f"{name}, one client, the second time, wall ({len(took)})": took for name, took in run["other_pages"].items()
    }
    lines += [f"| {name} | {quantile(took, 0.5):.1f} | {quantile(took, 0.95):.1f} |" for name, took in rows.items()]
    lines.append(f"| first page of a new server that says it is ready, wall | {run['first_query']:.0f} | |")
    memory = run["pages"]["2"]["memory"]
    if memory:
        lines.append(
            f"| memory of one of two processes, resident; its own, MB | {memory['rss']:.0f} | {memory['own']:.0f} |"
        )
    return "\n".join(lines)


def _growth(runs: Sequence[Run]) -> str:
    lines = ["## Growth", f"![Warm latency by size](results/{PLOT})", ""]
    lines += [
        "| reports | fzsearch warm p50 / p95 | cold p95 | index s | MB | peers measured |",
        "|---|---|---|---|---|---|",
    ]
    for run in runs:
        own, index = run["engines"]["fzsearch"], run.get("index")
        times = (
            f"{quantile(own['warm'], 0.5):.1f} / {quantile(own['warm'], 0.95):.1f} | {quantile(own['cold'], 0.95):.0f}"
        )
        took = f"{index['all_s']:.0f}" if index else "–"
        lines.append(
            f"| {run['reports']:,} | {times} | {took} | {run['disk_mb']:.0f} | {', '.join(run['peers']) or 'none'} |"
        )
    return "\n".join(lines)


# ---- plot

_WIDTH, _HEIGHT, _LEFT, _TOP, _ROW = 760, 60, 190, 40, 22
_LEAST_MS, _MOST_MS = 0.1, 10_000.0


def _plot(runs: Sequence[Run]) -> str:
    """A bar from p50 to p95 of warm queries for every engine and size, on a logarithmic axis of milliseconds."""
    rows = [(run, engine) for run in runs for engine in run["engines"]]
    height = _TOP + _ROW * len(rows) + _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
        "<style>text { font-size: 12px }</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20">Top 20 and seven facets, warm: from p50 to p95, ms of the processor</text>',
    ]
    for power in range(-1, 5):
        x = _x(10.0**power)
        parts.append(f'<path d="M{x:.0f} {_TOP - 8}V{height - 40}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 22}" text-anchor="middle">{10.0**power:g}</text>')
    for number, (run, engine) in enumerate(rows):
        warm = [one for one in run["engines"][engine]["warm"] if one is not None]
        begin, end, y = _x(quantile(warm, 0.5)), _x(quantile(warm, 0.95)), _TOP + _ROW * number
        label = f"{_NAMES.get(engine, engine)}, {run['reports']:,}"
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        bar = f'x="{begin:.1f}" y="{y + 2}" width="{max(2.0, end - begin):.1f}" height="{_ROW - 8}"'
        parts.append(f'<rect {bar} fill="{_COLOURS[engine]}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(ms: float) -> float:
    share = math.log10(min(max(ms, _LEAST_MS), _MOST_MS) / _LEAST_MS) / math.log10(_MOST_MS / _LEAST_MS)
    return _LEFT + share * (_WIDTH - _LEFT - 30)
