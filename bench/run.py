"""How long does it take? Indexes generated reports, asks 40 queries cold and warm, prints and writes a Markdown table.

    python bench/run.py [--reports 1000]

Indexing and searching each have a fresh process, so that peak memory is theirs alone. Cold is the first time that a
process asks a query (the files may be in the memory of the system), warm is the median of five more times.
"""

import argparse
import http.client
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import waitress

from fzsearch.config import load_settings
from fzsearch.figures import indicators
from fzsearch.ingest import PlaceList
from fzsearch.query import Facet
from fzsearch.service import Match, SearchRequest, SearchService, index_corpus, open_engine
from fzsearch.web import create_app
from generate import generate

if sys.platform != "win32":
    from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

Result = TypeVar("Result")

RESULTS = Path(__file__).with_name("RESULTS.md")
WARM_RUNS = 5

YEAR, PART = {Facet.YEAR: ("2023", "2024")}, {Facet.PART: ("problems",), Facet.YEAR: ("2025",)}
TYPED = {
    "common words": "法治政府；人民调解；矛盾纠纷；普法宣传；合法性审查；枫桥经验",
    "rare words": "枫桥驿站；船上调解；海塘巡护；冬储承诺；光伏用地",
    "AND": "合法性审查 法律顾问；司法所 人民调解 信访；普法 法治教育 培训；枫桥经验 -信访",
    "OR": "调解 OR 信访；普法 或 宣传 或 培训；(安全生产 | 森林防火) 排查；水源地 OR 古树 OR 林权",
    "exact": "“法治政府建设”；「推进法治政府建设工作」；“一事一档”；“落实人民调解，”；“枫桥驿站”",
    "fields": "年:2021-2023 执法；标题:政府 普法；部分:下步安排 调解",
    "one character": "的；镇；讼；法",
    "everything, nothing": "；不存在的说法；查无 此词",
}
QUERIES = {kind: [SearchRequest(text=text) for text in typed.split("；")] for kind, typed in TYPED.items()}
QUERIES["filters"] = [SearchRequest(text=text, filters=by) for text in ("调解", "法治", "") for by in (YEAR, PART)]
QUERIES["sentence, any word"] = [
    SearchRequest(text=text, match=Match.ANY) for text in ("怎样化解邻里之间的矛盾纠纷", "法律顾问做了哪些审查")
]


def peak_mb() -> float:
    """The most memory that this process, or one of its children, held."""
    if sys.platform == "win32":
        return float("nan")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / unit


def measure_index(corpus: Path, index: Path) -> tuple[list[tuple[str, str]], int]:
    """Index twice; facts for the table, and the number of sections."""
    rows, sections = [], 0
    for label in ("index, all new", "index, nothing changed"):
        engine = open_engine("whoosh", index)
        began = time.perf_counter()
        sections = index_corpus(corpus, engine, workers=os.cpu_count() or 1).sections
        rows.append((label, f"{time.perf_counter() - began:.1f} s"))
        engine.close()
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    return [
        *rows,
        ("index on disk", f"{size / 1e6:.0f} MB"),
        ("peak memory of indexing", f"{peak_mb():.0f} MB"),
    ], sections


def measure_places() -> list[tuple[str, str]]:
    """Processor milliseconds to load the list of places and to ask it the first name."""
    began = time.process_time()
    places = PlaceList.load()
    loaded = time.process_time()
    places.named("城关镇")
    asked = time.process_time()
    return [
        ("load the list of places, CPU", f"{(loaded - began) * 1000:.0f} ms"),
        ("first look-up in it, CPU", f"{(asked - loaded) * 1000:.0f} ms"),
    ]


def measure_queries(index: Path) -> tuple[dict[str, list[tuple[float, float]]], list[tuple[str, str]]]:
    """Milliseconds of every query, cold and warm, by kind; facts for the table."""
    began = time.perf_counter()
    service = SearchService(open_engine("whoosh", index))
    service.info()
    opened_ms = (time.perf_counter() - began) * 1000
    took: dict[str, list[tuple[float, float]]] = {}
    for kind, requests in QUERIES.items():
        for request in requests:
            cold, *warm = (_milliseconds(service, request) for _ in range(1 + WARM_RUNS))
            took.setdefault(kind, []).append((cold, statistics.median(warm)))
    return took, [("open the index", f"{opened_ms:.0f} ms"), ("peak memory of searching", f"{peak_mb():.0f} MB")]


def measure_pages(index: Path) -> list[tuple[str, str]]:
    """Milliseconds to the first byte of every page, over HTTP, one client; facts for the table."""
    service, settings = SearchService(open_engine("whoosh", index)), load_settings({}, index=index)
    server = waitress.create_server(create_app(service, settings), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    service.warm_up()
    texts = {request.text for requests in QUERIES.values() for request in requests}
    paths = {"/": ["/"], "/search": [f"/search?{urlencode({'q': text})}" for text in sorted(texts)]}
    paths |= {"/figures": [f"/figures?indicator={one.id}" for one in indicators()], "/coverage": ["/coverage"]}
    facts = []
    for name, asked in paths.items():
        took = [
            statistics.median(_first_byte_ms(server.effective_port, path) for _ in range(WARM_RUNS)) for path in asked
        ]
        label = f"first byte of {name}, warm, p50 / p95 of {len(took)}"
        facts.append((label, f"{quantile(took, 0.5):.0f} / {quantile(took, 0.95):.0f} ms"))
    return facts


def _first_byte_ms(port: int, path: str) -> float:
    return statistics.median(_ask(port, path) for _ in range(WARM_RUNS))


def _ask(port: int, path: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    took = (time.perf_counter() - began) * 1000
    connection.close()
    if response.status != http.client.OK:
        raise RuntimeError(f"{path} answered {response.status}")
    return took


def _milliseconds(service: SearchService, request: SearchRequest) -> float:
    began = time.perf_counter()
    service.search(request)  # ten hits with snippets, all facets
    return (time.perf_counter() - began) * 1000


def table(facts: list[tuple[str, str]], took: dict[str, list[tuple[float, float]]]) -> str:
    """Both tables as Markdown; p50 and p95 in milliseconds."""
    lines = ["| what | measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts), ""]
    lines += ["| queries | n | cold p50 | cold p95 | warm p50 | warm p95 |", "|---|---|---|---|---|---|"]
    for kind, times in [*took.items(), ("**all**", [pair for pairs in took.values() for pair in pairs])]:
        cells = [f"{quantile([pair[i] for pair in times], q):.1f}" for i in (0, 1) for q in (0.5, 0.95)]
        lines.append(f"| {kind} | {len(times)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def quantile(values: list[float], share: float) -> float:
    """The smallest value that is at least as large as this share of all."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]


def in_fresh_process(function: Callable[..., Result], *arguments: object) -> Result:
    """What a function gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def machine() -> str:
    """The class of this machine, not its name."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    memory = f", {pages / 2**30:.0f} GB memory" if pages else ""
    return (
        f"{os.cpu_count()} cores{memory}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=int, default=1000)
    reports = parser.parse_args().reports
    with tempfile.TemporaryDirectory(prefix="fzsearch-bench-") as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        generate(corpus, reports)
        facts, sections = in_fresh_process(measure_index, corpus, index)
        took, more = in_fresh_process(measure_queries, index)
        more += in_fresh_process(measure_pages, index)
        more += in_fresh_process(measure_places)
    head = (
        f"# Measured: {reports:,} generated reports, {sections:,} sections\n\n"
        f"{datetime.now(UTC).date()}, `python bench/run.py --reports {reports}`, {machine()}.\n"
        "Times of queries in milliseconds: ten hits with snippets and all facets.\n"
    )
    text = f"{head}\n{table([*facts, *more], took)}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
