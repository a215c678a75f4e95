"""How does an index follow its corpus? It looks at sizes and times again and again, and commits what came to rest.

Looking, not being told by the system as the packages watchfiles and watchdog are: on a network share (SMB, NFS), where
offices keep their reports, no system tells what another machine writes. It is also cheaper to understand, and cheap to
do: 10 ms for 1,000 files (measured), and never more than a twentieth of the time.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fzsearch.errors import CorpusError, FzsearchError
from fzsearch.ingest import stamps
from fzsearch.service.indexing import IndexSummary, Progress

SETTLE_S = 2.0
"""A file is read when it has looked the same for so long: FAT and zip count time in steps of two seconds."""
PATIENCE_S = 30.0
"""So long the rest waits for files that are still being written, so that a folder being copied is one commit."""
LIMIT_S = 600.0
"""A file that never rests is read all the same after so long, so that it is not left out without a word."""
_LOOK_S, _LOOK_AT_MOST_S, _SHARE = 1.0, 10.0, 20
_RETRY_S, _RETRY_AT_MOST_S = 2.0, 60.0

Stamps = Mapping[str, tuple[int, int]]


class Changes:
    """Which files differ from what was indexed, and which of them are still being written. The clock is the caller's.

    Attributes:
        seen: how the corpus looked last.
        busy: files that are being written, to be left alone.
    """

    def __init__(self, indexed: Stamps) -> None:
        self.seen: Stamps = indexed
        self.busy: frozenset[str] = frozenset()
        self._indexed = dict(indexed)
        self._moved: dict[str, tuple[float, float]] = {}  # when each changed file was first and last seen to change

    def look(self, seen: Stamps, now_s: float) -> bool:
        """Take note of how the corpus looks now; whether it is time to index what changed and is not busy."""
        for path in self.seen.keys() | seen.keys():
            if self.seen.get(path) != seen.get(path):
                self._moved[path] = (self._moved.get(path, (now_s, now_s))[0], now_s)
        self.seen = seen
        self._moved = {path: at for path, at in self._moved.items() if self._indexed.get(path) != seen.get(path)}
        busy = {p for p, (first, last) in self._moved.items() if now_s - last < SETTLE_S and now_s - first < LIMIT_S}
        self.busy = frozenset(busy)
        waiting = [now_s - first for path, (first, _) in self._moved.items() if path not in busy]
        return bool(waiting) and (not busy or max(waiting) >= PATIENCE_S)

    def done(self) -> None:
        """Take note that what was seen last stands in the index, apart from the busy files."""
        left = {path: self._indexed[path] for path in self.busy if path in self._indexed}
        self._indexed = self.at_rest() | left
        self._moved = {path: at for path, at in self._moved.items() if path in self.busy}

    def at_rest(self) -> dict[str, tuple[int, int]]:
        """What was seen last, without the busy files."""
        return {path: stamp for path, stamp in self.seen.items() if path not in self.busy}


def watch_corpus(
    corpus: Path,
    run: Callable[..., IndexSummary],
    *,
    full: bool = False,
    progress: Progress,
    tell: Callable[[IndexSummary], None],
    warn: Callable[[str], None],
) -> None:
    """Index a corpus, then keep the index up to date until interrupted; one commit for all that changed together.

    Args:
        corpus: the folder.
        run: `index_corpus` with the corpus, the index and what stays the same in every run.
        full: whether the first run reads everything.
        progress: of the first run.
        tell: called with the outcome of the first run and of every commit after it.
        warn: called once with what keeps the index from being brought up to date; it is tried again.

    Raises:
        FzsearchError: the first run failed. What fails later is only warned of.
    """
    changes = Changes(stamps(corpus))
    summary = run(full=full, progress=progress)
    tell(summary)
    watch = _Watch(run, corpus, changes, tell)
    watch.plan_retry(summary)
    warned = ""
    while True:
        began = time.monotonic()
        try:
            watch.turn()
            warned = warned if watch.is_behind else ""
        except FzsearchError as error:
            watch.plan_retry(None)
            if warned != (warned := f"{error}（会自动再试）"):
                warn(warned)
        time.sleep(min(max(_LOOK_S, _SHARE * (time.monotonic() - began)), _LOOK_AT_MOST_S))


@dataclass
class _Watch:
    """One watch over a corpus: what is known between two looks at it."""

    run: Callable[..., IndexSummary]
    corpus: Path
    changes: Changes
    tell: Callable[[IndexSummary], None]
    is_behind: bool = False
    tried: Stamps = field(default_factory=dict)  # how the corpus looked when a retry was planned
    retry_s: float = _RETRY_S
    retry_at_s: float = 0.0

    def turn(self) -> None:
        """Look once, and index when it is time."""
        seen = stamps(self.corpus)
        if self.changes.seen and not seen:
            sentence = f"语料目录 {self.corpus} 里一个文件也没有了，可能是网络盘断开；索引没有改动"
            raise CorpusError(f"{sentence}，确实要清空时请另外运行 fzsearch index")
        is_time = self.changes.look(seen, time.monotonic())
        if self.is_behind:  # also what was taken back, such as a list with a mistake, is a change
            is_other = self.changes.at_rest() != self.tried and (is_time or not self.changes.busy)
            is_time = is_other or time.monotonic() >= self.retry_at_s
        if is_time:
            summary = self.run(busy=self.changes.busy)
            self.changes.done()
            self.plan_retry(summary)
            if summary.wrote:
                self.tell(summary)

    def plan_retry(self, summary: IndexSummary | None) -> None:
        """Try again, ever later, after a run that failed (None) or left files for later; or when the corpus changes."""
        self.tried = self.changes.at_rest()
        self.is_behind = summary is None or any(file.is_passing for file in summary.unreadable)
        self.retry_at_s = time.monotonic() + self.retry_s
        self.retry_s = min(2 * self.retry_s, _RETRY_AT_MOST_S) if self.is_behind else _RETRY_S
