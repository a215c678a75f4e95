"""What do the measurements say? Tables and a plot of all sizes that were measured."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from plots import GROWTH, NAMES, PLOT, growth_plot, latency_plot, quantile
from targets import targets

Run = dict[str, Any]


def write_results(folder: Path) -> str:
    """Write `RESULTS.md` beside the folder of measurements, and the plot into it; the text."""
    runs = sorted((json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("[0-9]*.json")), key=_reports)
    text = "\n\n".join(["# Measured", _READING, *map(_run, runs), _growth(runs)]) + "\n"
    folder.parent.joinpath("RESULTS.md").write_text(text, encoding="utf-8")
    folder.joinpath(PLOT).write_text(latency_plot(runs), encoding="utf-8")
    folder.joinpath(GROWTH).write_text(growth_plot([(run["reports"], grown(run)) for run in runs]), encoding="utf-8")
    return text


_READING = """Times of queries are milliseconds of the processor, spent by the thread that asks: the top 20 and the
counts of seven facets, each ignoring its own choice; fzsearch also parses what was typed and makes snippets. Cold is
the first time that a process asks a query (files are in the memory of the system), warm the median of the following
times, each for one hit more, so that no answer is remembered. Engines were asked in turns; of two turns the better one
counts. Ratios are fzsearch's warm time over the peer's on the queries that both answer, of pairs the middle one: below
1 fzsearch is faster. Words cut by jieba do not find every substring: what the peers answer is less than what fzsearch
answers. Suggestions are asked for as texts are typed, key after key: by characters, by initials, with slips."""


def _reports(run: Run) -> int:
    return int(run["reports"])


def _run(run: Run) -> str:
    head = f"## {run['reports']:,} reports, {run['sections']:,} sections"
    facts = f"{run['date']}, `{run['command']}`, {run['machine']}, load {run['load']:.1f}."
    names = ", ".join(NAMES[one] for one in run.get("left_out", ()))
    facts += f" Left out: {names}; at this size that would take hours." if names else ""
    parts = [head, facts, targets(run), _engines(run), _kinds(run), _indexing(run), _reading(run), _http(run)]
    return "\n\n".join(filter(None, parts))


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
        cells = [NAMES.get(engine, engine), str(len(warm)), *times, *ratios, f"{found['peak_mb']:.0f}"]
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
    lines = [f"| warm p50 / p95 | n | {' | '.join(NAMES.get(one, one) for one in engines)} |"]
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
    """Ours beside the peers, which work on one core; ratios are ours over theirs."""
    lines = [
        "| index | s of the processors | s wall | ratio | of wall | MB on disk | × text | peak MB |",
        "|" + "---|" * 8,
    ]
    built = run["built"]
    own = built.get("fzsearch", {"disk_mb": run["disk_mb"]})
    mine = [own.get("all_cpu_s"), own.get("all_s")]
    rows = [("fzsearch", own, [*map(_shown, mine), "", ""])]
    for peer in run["peers"]:
        jieba_s = built["jieba"]["cpu_s"] if peer in {"fts5", "tantivy"} else 0.0
        cpu_s = jieba_s + built[peer]["cpu_s"]
        took = f"{cpu_s:.0f}" + (f" ({jieba_s:.0f} jieba)" if jieba_s else "")
        rows.append((NAMES[peer], built[peer], [took, "", *(_shown(one and one / cpu_s, ".2f") for one in mine)]))
    for name, facts, took_cells in rows:
        size = [f"{facts['disk_mb']:.0f}", f"{facts['disk_mb'] / run['text_mb']:.1f}", _shown(facts.get("peak_mb"))]
        lines.append(f"| {' | '.join([name, *took_cells, *size])} |")
    if "one_s" in own:
        lines.append(f"| one report changed | {_shown(own.get('one_cpu_s'), '.1f')} | {own['one_s']:.1f} | | | | | |")
    second = built.get("fzsearch, tantivy")
    if second:
        mb = f"{second['words_mb']:.0f} | {second['words_mb'] / run['text_mb']:.1f}"
        lines.append(f"| words alone, by fzsearch into tantivy | {second['words_cpu_s']:.0f} | | | | {mb} | |")
    return "\n".join(lines)


def _reading(run: Run) -> str:
    """What bounds indexing, however words are written."""
    found = dict(run.get("reading", {}))
    if not found:
        return ""
    ms = found.pop("ms")
    stages = ", ".join(f"{stage} {share:.0%}" for stage, share in sorted(found.items(), key=lambda one: -one[1]))
    told = f"Reading one report takes {ms:.0f} ms of a processor, before anything is written: {stages} (profiled)."
    jieba_s = run["built"].get("jieba", {}).get("cpu_s")
    if jieba_s:
        told += f" jieba alone takes the peers {jieba_s * 1000 / run['reports']:.0f} ms a report."
    if "fts5" in run["built"]:
        bound = ms * run["reports"] / 1000 / (jieba_s + run["built"]["fts5"]["cpu_s"])
        told += f" So no ranker could index for less than {bound:.1f} times what jieba and FTS5 take on one core."
    return told


def _shown(value: float | None, form: str = ".0f") -> str:
    return "–" if value is None else format(value, form)


def _http(run: Run) -> str:
    lines = ["| fzsearch | p50 | p95 |", "|---|---|---|"]
    rows = {"the same question again, answer remembered": run["engines"]["fzsearch"]["again"]}
    rows["random substrings of 1 to 12 characters, all sections counted, cold"] = run["substrings"]
    for who, took in run.get("suggestions", {}).items():
        rows[f"suggestions while typing, {who}, wall"] = took
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


# ---- growth


def grown(run: Run) -> dict[str, float | None]:
    """What is looked at as the corpus grows; None where it was not measured."""
    own, index = run["engines"]["fzsearch"], run["built"].get("fzsearch", {})
    memory, cpu_s = run["pages"]["2"]["memory"], index.get("all_cpu_s")
    return {
        "index, s of the processors": cpu_s,
        "index, s of the processors for 1,000 reports": cpu_s and cpu_s * 1000 / run["reports"],
        "index, s wall": index.get("all_s"),
        "one report changed, s wall": index.get("one_s"),
        "index, peak MB": index.get("peak_mb"),
        "index, MB on disk": index.get("disk_mb", run["disk_mb"]),
        "query, warm p50, ms": quantile(own["warm"], 0.5),
        "query, warm p95, ms": quantile(own["warm"], 0.95),
        "query, cold p95, ms": quantile(own["cold"], 0.95),
        "substring, cold p95, ms": quantile(run["substrings"], 0.95),
        "first page of a server, ms wall": run["first_query"],
        "/, ms wall": quantile(run["other_pages"]["/"], 0.5),
        "/coverage, ms wall": quantile(run["other_pages"]["/coverage"], 0.5),
        "server process, resident MB": memory.get("rss"),
        "server process, its own MB": memory.get("own"),
    }


def tenfold(points: Sequence[tuple[int, float]]) -> float | None:
    """By what a cost is multiplied when the corpus grows tenfold, from the first to the last size measured."""
    if len(points) < 2 or not all(cost > 0 for _, cost in points):  # noqa: PLR2004 - a line needs two
        return None
    (first, before), (last, after) = points[0], points[-1]
    return float((after / before) ** (1 / math.log10(last / first)))


def _growth(runs: Sequence[Run]) -> str:
    costs = [grown(run) for run in runs]
    lines = ["## Growth", "", f"![Warm latency by size](results/{PLOT})", f"![Cost by size](results/{GROWTH})", ""]
    lines += ["The last column is by what a cost of fzsearch is multiplied when the corpus grows tenfold.", ""]
    lines.append(f"| reports | {' | '.join(format(run['reports'], ',') for run in runs)} | tenfold |")
    lines.append("|" + "---|" * (len(runs) + 2))
    for name in costs[0]:
        points = [(run["reports"], cost[name]) for run, cost in zip(runs, costs, strict=True)]
        ratio = tenfold([(reports, one) for reports, one in points if one is not None])
        cells = [f"{one:,.1f}" if one is not None else "–" for _, one in points]
        lines.append(f"| {name} | {' | '.join(cells)} | {'–' if ratio is None else f'× {ratio:.1f}'} |")
    return "\n".join(lines)
