"""How is a peer built and asked? Its side of the benchmark; runs in the environment of the peers, knows no fzsearch.

    python bench/peers/<peer>.py build SECTIONS FOLDER
    python bench/peers/<peer>.py ask FOLDER QUERIES ROUNDS

Both print one line of JSON: times in seconds (build) and milliseconds (ask), peak memory in MB. Times are of the
processor, spent by the thread that asks: on a machine with other work the wall tells nothing.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

FACETS = ("province", "city", "county", "township", "year", "topic", "part")
TOP = 20

Section = dict[str, Any]
Asked = dict[str, Any]
Answer = tuple[int, dict[str, dict[str, int]]]
"""Sections found in all, and counts by facet and value."""

Build = Callable[[Iterable[Section], Path], None]
Ask = Callable[[Asked], Answer | None]
"""None: this engine cannot answer it."""


def sections(path: Path) -> Iterator[Section]:
    """The sections of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def peak_mb() -> float:
    """The most memory that this process held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured_build(build: Build, source: Path, folder: Path) -> dict[str, float]:
    """What building costs, without reading the source."""
    reading = time.process_time()
    for _ in sections(source):
        pass
    reading = time.process_time() - reading
    folder.mkdir(parents=True)
    cpu, wall = time.process_time(), time.perf_counter()
    build(sections(source), folder)
    return {
        "cpu_s": time.process_time() - cpu - reading,
        "wall_s": time.perf_counter() - wall - reading,
        "peak_mb": peak_mb(),
        "disk_mb": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1),
    }


def measured_ask(ask: Ask, queries: list[Asked], rounds: int) -> dict[str, Any]:
    """Milliseconds of every query, the first time and the median of the other rounds; None where it has no answer."""
    cold: list[float | None] = []
    warm: list[float | None] = []
    totals: list[int | None] = []
    for query in queries:
        took, answer = _once(ask, query)
        totals.append(answer[0] if answer else None)
        cold.append(took if answer else None)
        again = sorted(_once(ask, query)[0] for _ in range(rounds)) if answer else [0.0]
        warm.append(again[len(again) // 2] if answer else None)
    return {"cold": cold, "warm": warm, "totals": totals, "peak_mb": peak_mb()}


def _once(ask: Ask, query: Asked) -> tuple[float, Answer | None]:
    began = time.thread_time()
    answer = ask(query)
    return (time.thread_time() - began) * 1000, answer


def main(build: Build, opened: Callable[[Path], Ask]) -> None:
    """The command line of a peer."""
    verb, *rest = sys.argv[1:]
    if verb == "build":
        found: dict[str, Any] = measured_build(build, Path(rest[0]), Path(rest[1]))
    else:
        queries = json.loads(Path(rest[1]).read_text(encoding="utf-8"))
        found = measured_ask(opened(Path(rest[0])), queries, int(rest[2]))
    print(json.dumps(found))
