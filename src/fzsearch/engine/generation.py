"""Where does an index live on disk, and how is a new one put in place of the old?

    index/CURRENT              name of the generation that readers open
    index/gen-000007-4f2a/     one generation: manifest.json and the files that it lists
    index/writer.lock          held while writing
    index/recognised/          the text of scans; not the engine's, left alone here

A generation never changes once CURRENT names it: a new one is built beside it and switched in by one atomic rename,
so a kill at any moment leaves the old or the new index. The generation before the current one stays for readers that
are about to open it; older ones, and ones that were never finished, are removed by the next writer. Opening never
deletes.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from fzsearch.errors import (
    ConfigError,
    EngineError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    os_reason,
)

FORMAT = 6
"""Version of everything that a generation holds; an index of another one is refused."""

_CURRENT = "CURRENT"
_LOCK = "writer.lock"
_MANIFEST = "manifest.json"
_OURS = {_CURRENT, _LOCK, "recognised", "README.md", ".gitkeep", ".gitignore", ".DS_Store"}
_SMALL_BYTES = 1 << 20
"""Files up to this size are checked by content when an index is opened, larger ones by size; `check` reads all."""


def current_name(index_dir: Path) -> str:
    """The name of the generation to open.

    Raises:
        IndexMissingError: the folder holds no finished index.
    """
    try:
        name = (index_dir / _CURRENT).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"{index_dir}/ 里没有索引；请先运行 fzsearch index 语料目录 --index {index_dir}"
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise IndexOutdatedError(f"{index_dir}/{_CURRENT} 读不出（{problem}）；{_rebuild(index_dir)}") from problem
    if not name.startswith("gen-") or "/" in name or "\\" in name:
        raise IndexOutdatedError(f"{index_dir}/{_CURRENT} 的内容不是本程序写的；{_rebuild(index_dir)}")
    return name


def open_manifest(index_dir: Path, name: str) -> dict[str, Any]:
    """The manifest of a generation, after comparing the files on disk with it.

    Whoosh unpickles what it opens: nothing is opened before its size, and for small files its content, is known to be
    what fzsearch wrote.

    Raises:
        FileNotFoundError: the generation is gone (a writer switched twice meanwhile): read CURRENT again.
        IndexOutdatedError: another format, or files are missing or changed.
    """
    folder = index_dir / name
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        wanted, files = manifest["format"], dict(manifest["files"])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as problem:
        raise IndexOutdatedError(f"{folder}/{_MANIFEST} 已损坏；{_rebuild(index_dir)}") from problem
    if wanted != FORMAT:
        raise IndexOutdatedError(f"索引是第 {wanted} 版格式，本程序用第 {FORMAT} 版；{_rebuild(index_dir)}")
    damaged = _damaged(folder, files, limit_bytes=_SMALL_BYTES)
    if damaged:
        raise IndexOutdatedError(f"索引文件 {damaged[0]} 缺失或被改动过；{_rebuild(index_dir)}")
    return manifest


def damaged_files(index_dir: Path, name: str, manifest: dict[str, Any]) -> list[str]:
    """The files of a generation whose content differs from its manifest; reads everything."""
    return _damaged(index_dir / name, manifest["files"], limit_bytes=None)


def _damaged(folder: Path, files: dict[str, Any], *, limit_bytes: int | None) -> list[str]:
    def differs(name: str, size_bytes: int, sha256: str) -> bool:
        path = folder / name
        if not path.is_file() or path.stat().st_size != size_bytes:
            return True
        return (limit_bytes is None or size_bytes <= limit_bytes) and _sha256(path) != sha256

    listed = [name for name, (size_bytes, sha256) in files.items() if differs(name, size_bytes, sha256)]
    present = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    return listed + sorted(present - set(files) - {_MANIFEST})


def _rebuild(index_dir: Path) -> str:
    return f"请重建：fzsearch index 语料目录 --index {index_dir}（语料不受影响）"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Hold the writer's lock of an index folder, which is made if need be.

    Raises:
        IndexLockedError: another process holds it.
        ConfigError: the folder holds things that fzsearch did not put there.
        EngineError: the disk is full or refuses; the old index stays.
    """
    _claim(index_dir)
    try:
        with FileLock(index_dir / _LOCK, timeout=0):
            _remove_stale(index_dir)
            yield
    except Timeout:
        raise IndexLockedError(f"另一个 fzsearch index 正在写 {index_dir}/；请等它结束再运行") from None
    except (OSError, sqlite3.Error) as problem:
        remedy = "旧索引没有改动、照常可查，请腾出磁盘空间、核对权限后再运行 fzsearch index"
        raise EngineError(f"索引 {index_dir}/ 写不了（{os_reason(problem)}）；{remedy}") from problem


def _claim(index_dir: Path) -> None:
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        foreign = [
            path.name for path in index_dir.iterdir() if path.name not in _OURS and not path.name.startswith("gen-")
        ]
    except OSError as problem:
        raise ConfigError(f"索引目录 {index_dir} 不能用（{os_reason(problem)}）；请换一个目录") from problem
    if foreign and not (index_dir / _CURRENT).exists():
        raise ConfigError(
            f"{index_dir}/ 里有别的文件（如 {sorted(foreign)[0]}），不像索引目录；请用 --index 指定一个空目录"
        )


def _remove_stale(index_dir: Path) -> None:
    """Remove generations that nobody will open: unfinished ones and all but the current and the one before."""
    try:
        current = current_name(index_dir)
    except EngineError:
        current = ""
    finished = sorted(p.name for p in index_dir.glob("gen-*") if (p / _MANIFEST).exists() and p.name < current)
    keep = {current, *finished[-1:]}
    for folder in index_dir.glob("gen-*"):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def new_folder(index_dir: Path) -> Path:
    """An empty folder for the next generation; names sort in the order of building."""
    numbers = [int(path.name.split("-")[1]) for path in index_dir.glob("gen-*-*")]
    folder = index_dir / f"gen-{max(numbers, default=0) + 1:06d}-{secrets.token_hex(2)}"
    folder.mkdir()
    return folder


def discard(folder: Path) -> None:
    """Remove a generation that was not finished, with its pointer; one that CURRENT already names stays."""
    try:
        is_current = current_name(folder.parent) == folder.name
    except EngineError:
        is_current = False
    if not is_current:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            _pointer(folder).unlink()


def _pointer(folder: Path) -> Path:
    return folder.parent / f"{_CURRENT}.{folder.name}"


def switch_to(folder: Path, facts: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Finish a generation: write its manifest, bring everything to the disk, then let CURRENT name it.

    `before` are the files of the generation before, as its manifest has them. What is linked to one of them is on the
    disk already, and what its content was is known.
    """
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name in before and path.stat().st_nlink > 1:
            files[name] = before[name]
        else:
            files[name] = (path.stat().st_size, _sha256(path))
            _sync(path)
    manifest = folder / _MANIFEST
    manifest.write_text(json.dumps({**facts, "format": FORMAT, "files": files}, ensure_ascii=False), encoding="utf-8")
    _sync(manifest)
    for path in (*(p for p in folder.rglob("*") if p.is_dir()), folder, folder.parent):
        _sync(path)
    pointer = _pointer(folder)
    pointer.write_text(folder.name + "\n", encoding="ascii")
    _sync(pointer)
    os.replace(pointer, folder.parent / _CURRENT)  # noqa: PTH105 - Path.replace hides that this is the atomic step
    _sync(folder.parent)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
