"""How do the measurements look? Bars of latency and lines of growth, drawn as SVG without a library."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

PLOT, GROWTH = "latency.svg", "growth.svg"
_COLOURS = {
    "fzsearch": "#0b5fff",
    "fzsearch, tantivy": "#4dabf7",
    "tantivy": "#d9480f",
    "fts5": "#2b8a3e",
    "trigram": "#868e96",
    "whoosh": "#9c36b5",
}
NAMES = {
    "fts5": "FTS5 over words",
    "trigram": "FTS5 trigram",
    "whoosh": "naive Whoosh",
    "tantivy": "tantivy over words",
}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as this share of all."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]


_WIDTH, _HEIGHT, _LEFT, _TOP, _ROW = 760, 60, 190, 40, 22
_LEAST_MS, _MOST_MS = 0.1, 10_000.0


def latency_plot(runs: Sequence[Mapping[str, Any]]) -> str:
    """A bar from p50 to p95 of warm queries for every engine and size, on a logarithmic axis of milliseconds."""
    rows = [(run, engine) for run in runs for engine in run["engines"]]
    height = _TOP + _ROW * len(rows) + _HEIGHT
    parts = _opened(height, "Top 20 and seven facets, warm: from p50 to p95, ms of the processor")
    for power in range(-1, 5):
        x = _x(10.0**power)
        parts.append(f'<path d="M{x:.0f} {_TOP - 8}V{height - 40}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 22}" text-anchor="middle">{10.0**power:g}</text>')
    for number, (run, engine) in enumerate(rows):
        warm = [one for one in run["engines"][engine]["warm"] if one is not None]
        begin, end, y = _x(quantile(warm, 0.5)), _x(quantile(warm, 0.95)), _TOP + _ROW * number
        label = f"{NAMES.get(engine, engine)}, {run['reports']:,}"
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        bar = f'x="{begin:.1f}" y="{y + 2}" width="{max(2.0, end - begin):.1f}" height="{_ROW - 8}"'
        parts.append(f'<rect {bar} fill="{_COLOURS[engine]}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(ms: float) -> float:
    share = math.log10(min(max(ms, _LEAST_MS), _MOST_MS) / _LEAST_MS) / math.log10(_MOST_MS / _LEAST_MS)
    return _LEFT + share * (_WIDTH - _LEFT - 30)


_PLOTTED = {
    "query, warm p50, ms": "#0b5fff",
    "query, warm p95, ms": "#1c7ed6",
    "query, cold p95, ms": "#d9480f",
    "/coverage, ms wall": "#9c36b5",
    "index, s of the processors": "#2b8a3e",
    "index, MB on disk": "#868e96",
    "server process, resident MB": "#495057",
}
_BOTTOM, _DECADES, _LABELS = 340, (0, 4), 240


def growth_plot(sizes: Sequence[tuple[int, Mapping[str, float | None]]]) -> str:
    """A line for every cost over the number of reports, both axes logarithmic."""
    first, last = math.log10(sizes[0][0]), math.log10(max(sizes[-1][0], sizes[0][0] + 1))
    right = _WIDTH - _LABELS

    def place(reports: int, cost: float) -> tuple[float, float]:
        low, high = _DECADES
        share = (math.log10(max(cost, 1.0)) - low) / (high - low)
        return 60 + (math.log10(reports) - first) / (last - first) * (right - 60), _BOTTOM - share * (_BOTTOM - _TOP)

    parts = _opened(_BOTTOM + 50, "Cost of fzsearch by number of reports")
    for power in range(_DECADES[0], _DECADES[1] + 1):
        y = place(sizes[0][0], 10.0**power)[1]
        parts.append(f'<path d="M60 {y:.0f}H{right}" stroke="#ddd"/><text x="52" y="{y + 4:.0f}" text-anchor="end">')
        parts.append(f"{10**power:,}</text>")
    for reports, _ in sizes:
        parts.append(f'<text x="{place(reports, 1)[0]:.0f}" y="{_BOTTOM + 20}" text-anchor="middle">{reports:,}</text>')
    labels = []
    for name, colour in _PLOTTED.items():
        points = [place(reports, cost) for reports, costs in sizes if (cost := costs[name]) is not None]
        if points:
            line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in points]
            labels.append((points[-1][1], name, colour))
    y = 0.0
    for wanted, name, colour in sorted(labels):
        y = max(wanted + 4, y + 16)  # labels do not cover each other
        parts.append(f'<text x="{right + 12}" y="{y:.0f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _opened(height: int, title: str) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
        "<style>text { font-size: 12px }</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="60" y="20">{title}</text>',
    ]
