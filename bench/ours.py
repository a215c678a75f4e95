"""What does fzsearch cost? Indexing, sixty queries, random substrings, a server's first query, pages, suggestions.

Each measurement has a fresh process, so that peak memory and caches are its own. Milliseconds of single queries are of
the processor, spent by the thread that asks; those over HTTP are of the wall.
"""

import cProfile
import http.client
import json
import os
import pstats
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from queries import Asked

from fzsearch.analysis import normalize
from fzsearch.engine.facets import facet_values
from fzsearch.figures import indicators
from fzsearch.query import Facet, Literal, Query
from fzsearch.service import SearchRequest, SearchService, index_corpus, open_engine
from fzsearch.service.indexing import read_packed
from fzsearch.service.reading import Lists, check_lists
from fzsearch.service.sources import source_near

if sys.platform != "win32":
    from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

Result = TypeVar("Result")
TOP = 20
CLIENTS = 8
_PAGE_ROUNDS = 3
_KEY_S = 0.12
"""The script of the site waits so long after a key before it asks (`web/static/suggest.js`)."""

_READ = 300
"""Reports that reading is measured on: a third to begin, a third for the time, a third for the profile."""
_STAGES = {
    "outline: headings, parts, zones, broken lines": ("read_outline", "mended"),
    "place, year, kind": ("find_place",),
    "contents": ("find_contents",),
    "figures": ("find_figures",),
    "topics": ("_with_topics",),
    "words (jieba)": ("words_of_lines",),
    "core of the text, for duplicates": ("core_hash",),
}


def in_fresh_process(function: Callable[..., Result], *arguments: object) -> Result:
    """What a function gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def measure_index(corpus: Path, index: Path) -> dict[str, float]:
    """Index all, then nothing that changed, then one report that did."""
    took: dict[str, float] = {}
    changed = sorted(corpus.glob("*.txt"))[0]
    before = changed.read_text(encoding="utf-8")
    for label, text in (("all_s", before), ("nothing_s", before), ("one_s", before.replace("。", "，核对无误。", 1))):
        changed.write_text(text, encoding="utf-8", newline="\n")
        engine = open_engine("whoosh", index)
        began, cpu = time.perf_counter(), cpu_s()
        took["sections"] = index_corpus(corpus, engine, workers=os.cpu_count() or 1).sections
        took[label], took[label.replace("_s", "_cpu_s")] = time.perf_counter() - began, cpu_s() - cpu
        engine.close()
        for name, measured in (("peak_mb", peak_mb()), ("disk_mb", disk_mb(index))):
            took.setdefault(name, measured)  # of the first indexing
    changed.write_text(before, encoding="utf-8", newline="\n")
    return took


def measure_reading(corpus: Path) -> dict[str, float]:
    """Milliseconds of the processor for one report as the child processes read it, and the shares of its stages."""
    lists = Lists()
    check_lists(lists)
    sources = [source_near(path, None)[0] for path in sorted(corpus.glob("*.txt"))[:_READ]]
    third = len(sources) // 3  # each report is read once: words of clauses that were met before are remembered
    for source in sources[:third]:  # the first are slower: tables are made
        read_packed(source, lists)
    began, profile = time.process_time(), cProfile.Profile(time.process_time)
    for source in sources[third : 2 * third]:
        read_packed(source, lists)
    found = {"ms": (time.process_time() - began) * 1000 / third}
    for source in sources[2 * third :]:
        profile.runcall(read_packed, source, lists)
    took = {name: entry[3] for (_, _, name), entry in pstats.Stats(profile).stats.items()}  # type: ignore[attr-defined]
    return found | {stage: sum(took[name] for name in names) / took["read_packed"] for stage, names in _STAGES.items()}


def disk_mb(folder: Path) -> float:
    """What files take, each counted once however many names it has."""
    found = {stat.st_ino: stat.st_size for path in folder.rglob("*") if path.is_file() for stat in [path.stat()]}
    return sum(found.values()) / 1e6


def measure_size(index: Path) -> dict[str, float]:
    """How large an index is."""
    engine = open_engine(None, index)
    return {"sections": engine.info().counts.sections, "disk_mb": disk_mb(index)}


def write_sections(index: Path, target: Path) -> None:
    """The sections as the peers get them."""
    engine = open_engine(None, index)
    with target.open("w", encoding="utf-8") as file:
        for short in engine.reports():
            record = engine.report(short.key)
            if record is None:
                continue
            shared = {facet.value: value for facet, value in facet_values(record).items()}
            for section in record.report.sections:
                own = {"id": f"{record.key}/{section.path}", "part": section.part.value, "topic": section.topics}
                file.write(json.dumps(shared | own | {"text": section.text}, ensure_ascii=False) + "\n")
    engine.close()


def measure_queries(index: Path, asked: Sequence[Asked], rounds: int) -> dict[str, object]:
    """Every query as a person's: parsed, twenty hits with snippets, seven facets; the first time, and again."""
    service = SearchService(open_engine(None, index))
    service.warm_up()
    cold, warm, again, totals = [], [], [], []
    for one in asked:
        request = SearchRequest(
            text=one.typed, filters={Facet(name): chosen for name, chosen in one.filters.items()}, limit=TOP
        )
        cold.append(_milliseconds(service, request))
        # One hit more each time: the engine remembers answers, and only the same question is the same answer.
        times = sorted(_milliseconds(service, replace(request, limit=TOP + 1 + n)) for n in range(rounds))
        warm.append(times[len(times) // 2])
        again.append(_milliseconds(service, request))
        totals.append(service.search(request).total.sections)
    return {"cold": cold, "warm": warm, "again": again, "totals": totals, "peak_mb": peak_mb()}


def _milliseconds(service: SearchService, request: SearchRequest) -> float:
    began = time.thread_time()
    answer = service.search(request)
    for hit in answer.hits:
        _ = hit.snippet
    for facet in answer.facets:
        _ = list(answer.facets[facet])  # counts become objects when they are looked at
    return (time.thread_time() - began) * 1000


def measure_substrings(index: Path, texts: Sequence[str]) -> list[float]:
    """All sections that hold a string, counted by facet: milliseconds for each string, never asked before."""
    engine = open_engine(None, index)
    engine.search(Query(limit=0))
    took = []
    for text in dict.fromkeys(texts):
        query = Query(root=Literal(normalize(text)), limit=0)
        began = time.thread_time()
        engine.search(query)
        took.append((time.thread_time() - began) * 1000)
    engine.close()
    return took


# ---- over HTTP


@contextmanager
def site(index: Path, processes: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server of its own, as people start it; gives host and port."""
    command = [sys.executable, "-m", "fzsearch", "serve", "--index", str(index), "--port", "0"]
    server = subprocess.Popen([*command, "--processes", str(processes)], stderr=subprocess.PIPE, text=True)
    try:
        line = server.stderr.readline() if server.stderr else ""
        yield urlsplit(line[line.index("http") :].split()[0]).netloc, server
    finally:
        server.terminate()
        server.communicate(timeout=30)


def path_of(one: Asked) -> str:
    """The page of a query."""
    pairs = [("q", one.typed), *((name, value) for name, chosen in one.filters.items() for value in chosen)]
    return f"/search?{urlencode(pairs)}"


def measure_first_query(index: Path, asked: Sequence[Asked]) -> float:
    """Milliseconds of the first page that a new server is asked for, once it says that it is ready; the median of 3."""
    found = []
    for one in [one for one in asked if one.kind == "common"][1:4]:
        with site(index, 1) as (address, _):
            _ask(http.client.HTTPConnection(address, timeout=60), "/healthz")
            found.append(_ask(http.client.HTTPConnection(address, timeout=60), path_of(one)))
    return sorted(found)[1]


def measure_other_pages(index: Path) -> dict[str, list[float]]:
    """Milliseconds of the pages besides searching, one client, the second time."""
    paths = {
        "/": ["/"],
        "/figures": [f"/figures?indicator={one.id}" for one in indicators()],
        "/coverage": ["/coverage"],
    }
    with site(index, 1) as (address, _):
        connection = http.client.HTTPConnection(address, timeout=60)
        return {
            name: [[_ask(connection, path) for _ in range(2)][-1] for path in asked] for name, asked in paths.items()
        }


def measure_suggestions(index: Path, typed: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of suggestions: the first client of a server, then eight at the pace of keys, then without pause."""
    paths = [f"/api/v1/suggest?{urlencode({'q': text})}" for text in typed]
    with site(index, 1) as (address, _):
        return {
            "one client, new server": _client(address, paths),
            f"{CLIENTS} clients, {_KEY_S * 1000:.0f} ms between keys": _clients(address, paths, pause_s=_KEY_S),
            f"{CLIENTS} clients without pause": _clients(address, paths),
        }


def measure_pages(index: Path, asked: Sequence[Asked], processes: int) -> dict[str, object]:
    """Milliseconds of pages of results with eight clients at once, and the memory of the first server process."""
    with site(index, processes) as (address, server):
        paths = [path_of(one) for one in asked]
        _clients(address, paths)  # every process meets every query before it counts
        rounds = paths * _PAGE_ROUNDS
        random.Random(CLIENTS).shuffle(rounds)
        took = _clients(address, rounds)
        memory = _memory_mb(server.pid)
    return {"ms": took, "memory": memory}


def _clients(address: str, paths: Sequence[str], pause_s: float = 0.0) -> list[float]:
    """What eight clients waited for each page; every one asks everything, but begins elsewhere."""
    step = len(paths) // CLIENTS
    with ThreadPoolExecutor(CLIENTS) as pool:
        turned = ([*paths[step * number :], *paths[: step * number]] for number in range(CLIENTS))
        found = pool.map(lambda mine: _client(address, mine, pause_s), turned)
        return [took for one in found for took in one]


def _client(address: str, paths: Sequence[str], pause_s: float = 0.0) -> list[float]:
    connection = http.client.HTTPConnection(address, timeout=60)
    found = []
    for path in paths:
        found.append(_ask(connection, path))
        time.sleep(pause_s)
    return found


def _ask(connection: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    if response.status != http.client.OK:
        raise RuntimeError(f"{path} answered {response.status}")
    return (time.perf_counter() - began) * 1000


def _memory_mb(pid: int) -> dict[str, float]:
    """Resident memory of a process, and what of it is its own; empty where the system does not tell."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.exists():
        return {}
    lines = dict(line.split(":", 1) for line in rollup.read_text().splitlines()[1:])
    kb = {name: int(value.split()[0]) for name, value in lines.items()}
    return {"rss": kb["Rss"] / 1024, "own": (kb["Private_Dirty"] + kb["Private_Clean"]) / 1024}


def cpu_s() -> float:
    """Seconds of the processors that this process and those it has waited for have spent."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def peak_mb() -> float:
    """The most memory that this process, or one of its children, held."""
    if sys.platform == "win32":
        return float("nan")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / unit
