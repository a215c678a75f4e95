"""Are the targets met? Each with what was measured; targets are for 10,000 reports, the last one for 50,000."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from plots import quantile

_ONE_CLIENT = "one client, new server"
Target = tuple[str, float, float]
"""What is measured, the most that it may be, what it is."""


def targets(run: Mapping[str, Any]) -> str:
    """A table of the targets that there are for the size of a run; empty for other sizes."""
    listed = _TARGETS.get(run["reports"])
    if listed is None:
        return ""
    lines = ["| target | at most | measured | |", "|---|---|---|---|"]
    for name, most, value in listed(run):
        lines.append(f"| {name} | {most:g} | {value:.4g} | {'met' if value <= most else '**not met**'} |")
    return "\n".join(lines)


def _of_middle(run: Mapping[str, Any]) -> Iterator[Target]:
    engines, built = run["engines"], run["built"]
    warm = {name: [one for one in found["warm"] if one is not None] for name, found in engines.items()}
    mine = {share: quantile(warm["fzsearch"], share) for share in (0.5, 0.95)}
    for peer, share, most in (("tantivy", 0.5, 1), ("tantivy", 0.95, 1.5), ("fts5", 0.5, 0.1), ("fts5", 0.95, 0.1)):
        if peer in warm:
            yield f"query, warm p{share * 100:.0f}, times {peer}'s", most, mine[share] / quantile(warm[peer], share)
    yield "query, cold p95, ms", 250, quantile(engines["fzsearch"]["cold"], 0.95)
    yield "substring, all sections, cold p95, ms", 20, quantile(run["substrings"], 0.95)
    yield "first page of a ready server, ms", 500, run["first_query"]
    yield "pages, 8 clients, 2 processes, p95, ms", 120, quantile(run["pages"]["2"]["ms"], 0.95)
    if run["pages"]["2"]["memory"]:
        yield "memory of a server process, resident, MB", 700, run["pages"]["2"]["memory"]["rss"]
    if "suggestions" in run:
        yield "suggestions, p95, ms", 20, quantile(run["suggestions"][_ONE_CLIENT], 0.95)
    index = built.get("fzsearch")
    if index:
        yield "index, MB on disk, times the text", 4, index["disk_mb"] / run["text_mb"]
        yield "index, peak MB", 1500, index["peak_mb"]
        yield "one report changed, s", 1.5, index["one_s"]
        if "fts5" in built:
            cpu_s = built["jieba"]["cpu_s"] + built["fts5"]["cpu_s"]
            yield "index, s wall on all cores, times jieba and FTS5 on one", 1.5, index["all_s"] / cpu_s
        if "whoosh" in built:
            yield (
                "index, s wall on all cores, times naive Whoosh on one",
                0.25,
                index["all_s"] / built["whoosh"]["cpu_s"],
            )


def _of_large(run: Mapping[str, Any]) -> Iterator[Target]:
    for name in ("fzsearch", "fzsearch, tantivy"):
        if name in run["engines"]:
            yield f"query with facets, {name}, warm p95, ms", 150, quantile(run["engines"][name]["warm"], 0.95)
            yield f"query with facets, {name}, cold p95, ms", 150, quantile(run["engines"][name]["cold"], 0.95)


_TARGETS: Mapping[int, Callable[[Mapping[str, Any]], Iterator[Target]]] = {10_000: _of_middle, 50_000: _of_large}
