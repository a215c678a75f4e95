"""How do several processes read one corpus? Each reads its share ahead; the run that writes the index takes it there.

Reading is most of the work and needs nothing of other files. Keys do: so they are decided by that one run, which is an
ordinary one and only does not read again what was read by the same rules. What is missing it reads itself.

A share is a SQLite file in the folder of the index, written by one process alone, so that it may lie on a network
drive; a kill leaves what was read, and the same share goes on from there. It holds pickles: like the rest of the
folder it is only for what fzsearch wrote itself.
"""

import hashlib
import pickle
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from fzsearch.errors import ConfigError, EngineError, IndexLockedError, os_reason
from fzsearch.model import shown_path
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.changes import content_of

SHARES_FOLDER = "shares"
"""In the folder of an index: what was read ahead and not yet written."""

_NAME = re.compile(r"(\d+)-of-(\d+)\.sqlite")
_TABLES = """
CREATE TABLE IF NOT EXISTS rules (rules TEXT NOT NULL, is_done INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS files (sha256 TEXT NOT NULL, evidence TEXT NOT NULL, record BLOB NOT NULL, packed BLOB,
  PRIMARY KEY (sha256, evidence)) WITHOUT ROWID;
"""
_COMMIT_EVERY = 50


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """The files of a corpus that one of several processes reads: `number` from 1 to `of`."""

    of: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Share":
        """The share written as 2/3.

        Raises:
            ConfigError: it is not.
        """
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if match and 1 <= int(match[1]) <= int(match[2]):
            return cls(of=int(match[2]), number=int(match[1]))
        raise ConfigError(f"--shard 要写成 2/3 这样（共 3 组，读第 2 组），现在是“{text}”")

    def has(self, path: str) -> bool:
        """Whether a file belongs to it: by a hash of its path, the same on every machine."""
        digest = hashlib.sha256(shown_path(path).encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSummary:
    """The outcome of reading a share: its files, those read now, and the shares that are not read yet."""

    share: Share
    files: int
    read: int
    left: tuple[Share, ...]
    took_s: float


class Shares:
    """What was read ahead of an index, by certain rules; one of the shares may be added to."""

    def __init__(self, folder: Path | None, rules: str, own: Share | None) -> None:
        self._folder, self._own = folder, own
        self._opened: dict[Share, sqlite3.Connection] = {}
        self._done: set[Share] = set()
        self.added = 0
        for share in self._begun():
            if share != own:
                self._take(share, sqlite3.connect(f"{self._path(share).absolute().as_uri()}?mode=rw", uri=True), rules)
        if own:
            self._take(own, self._writable(own, rules), rules)

    def _begun(self) -> list[Share]:
        matches = (_NAME.fullmatch(path.name) for path in (self._folder.iterdir() if self._folder else ()))
        return sorted(Share(of=int(match[2]), number=int(match[1])) for match in matches if match)

    def _take(self, share: Share, db: sqlite3.Connection, rules: str) -> None:
        state = None
        with suppress(sqlite3.OperationalError):  # it has just been begun, or its own process is writing
            state = db.execute("SELECT rules, is_done FROM rules").fetchone()
        if state and state[0] == rules:
            self._opened[share] = db
            self._done |= {share} if state[1] else set()
        else:
            db.close()

    def _writable(self, share: Share, rules: str) -> sqlite3.Connection:
        db = sqlite3.connect(self._path(share))
        db.executescript(_TABLES)
        if db.execute("SELECT rules FROM rules").fetchone() != (rules,):
            db.execute("DELETE FROM files")
        db.execute("DELETE FROM rules")
        db.execute("INSERT INTO rules VALUES (?, 0)", (rules,))
        db.commit()
        return db

    def _path(self, share: Share) -> Path:
        return Path(self._folder or "", f"{share.number}-of-{share.of}.sqlite")

    def find(self, known: FileRecord) -> FileRecord | None:
        """What came of reading a file of this content, if somebody did."""
        found = self._select("record", known)
        if found is None:
            return None
        record: FileRecord = pickle.loads(found)  # noqa: S301 - see above
        return replace(record, size_bytes=known.size_bytes, mtime_ns=known.mtime_ns)

    def packed(self, record: FileRecord) -> bytes:
        """The pickled `ReadFile` of a file that was found."""
        return zlib.decompress(self._select("packed", record) or b"")

    def _select(self, column: str, record: FileRecord) -> bytes | None:
        query = f"SELECT {column} FROM files WHERE sha256 = ? AND evidence = ?"  # noqa: S608 - no input in it
        found = (db.execute(query, content_of(record)).fetchone() for db in self._opened.values())
        return next((row[0] for row in found if row), None)

    def add(self, record: FileRecord, packed: bytes | None) -> bool:
        """Keep what came of reading a file, in the share that is added to; False without one."""
        if self._own is None or record.is_passing:
            return self._own is not None
        db = self._opened[self._own]
        blobs = (pickle.dumps(record), zlib.compress(packed, 1) if packed else None)
        db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (*content_of(record), *blobs))
        self.added += 1
        if self.added % _COMMIT_EVERY == 0:
            db.commit()
        return True

    def finish(self) -> None:
        """Note that the share that is added to is complete."""
        if self._own:
            self._opened[self._own].execute("UPDATE rules SET is_done = 1")
            self._opened[self._own].commit()
            self._done.add(self._own)

    def left(self) -> tuple[Share, ...]:
        """The shares that are not complete, of every number of shares that somebody has begun with."""
        begun = sorted({share.of for share in self._begun()})
        return tuple(Share(of, n) for of in begun for n in range(1, of + 1) if Share(of, n) not in self._done)

    def close(self) -> None:
        """Let go of files."""
        while self._opened:
            share, db = self._opened.popitem()
            if share == self._own:
                db.commit()
            db.close()

    def clear(self) -> None:
        """Remove the complete shares: the index has what is in them. Those that are being read stay."""
        self.close()
        with suppress(OSError):  # the folder is not empty, or a file is opened elsewhere
            for share in self._done:
                self._path(share).unlink(missing_ok=True)
                self._path(share).with_suffix(".lock").unlink(missing_ok=True)
            if self._folder:
                self._folder.rmdir()


@contextmanager
def open_shares(folder: Path | None, rules: str, own: Share | None = None) -> Iterator[Shares]:
    """The shares in a folder, None for none; `own` is locked and begun where it is not there.

    Raises:
        IndexLockedError: another process reads it.
        EngineError: the folder or a file in it cannot be used.
    """
    try:
        with ExitStack() as stack:
            if own and folder:
                folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(FileLock(folder / f"{own.number}-of-{own.of}.lock", timeout=0))
            shares = Shares(folder if folder and folder.is_dir() else None, rules, own)
            stack.callback(shares.close)
            yield shares
    except Timeout:
        raise IndexLockedError(f"第 {own} 组正由另一个进程读；请等它结束，或读别的组") from None
    except (sqlite3.Error, OSError) as problem:
        remedy = "旧索引没有改动；请检查磁盘空间和权限，或删掉这个文件夹再运行"
        raise EngineError(f"{folder} 里分组读好的文件用不了（{os_reason(problem)}）；{remedy}") from problem
