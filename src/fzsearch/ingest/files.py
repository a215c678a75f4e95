"""Which files of the corpus folder are there to be read?

Looks at names and file types only; nothing is opened but the directories of zip archives. What is skipped here is
skipped by rule and never reported: hidden files, lock files, notes to people, and the corpus's own lists and sidecars.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fzsearch.errors import CorpusError, ExtractError
from fzsearch.ingest.bundle import bundle_members, is_bundle_name, member_path

_OWN_SUFFIXES = (".toml", ".csv")
_NOTES = frozenset({"readme.md", "readme.txt", "thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"  # Word's owner files
_MAC_FOLDER = "__MACOSX/"  # what macOS puts into archives beside the files


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file of the corpus, or a member of a zip archive there.

    Attributes:
        path: relative to the corpus, with "/", a member as `bundle.zip!/a.docx`; bytes of the name that are not
            UTF-8 stand as surrogates (PEP 383).
        size_bytes: its size.
        mtime_ns: time of its last change, nanoseconds since 1970.
    """

    path: str
    size_bytes: int
    mtime_ns: int


def stamps(corpus: Path) -> dict[str, tuple[int, int]]:
    """Size and time of all that has a say in an index, by path: lists and corrections too, archives as they lie there.

    Raises:
        CorpusError: as `walk`.
    """
    return {path: (s.st_size, s.st_mtime_ns) for _, path, s in _candidates(_root(corpus), _is_hidden)}


def walk(corpus: Path) -> Iterator[FoundFile]:
    """Give the files of a corpus folder and of its sub-folders, sorted by path.

    Regular files only, each once even when several names lead to it (a name that is no link wins). A link to
    a file is followed inside the corpus only, a link to a folder never. A zip archive gives its members in its place;
    one that cannot be listed comes itself, and reading it says why.

    Raises:
        CorpusError: the folder is missing or no folder, or some folder in it cannot be listed: what is in there
            would otherwise vanish from the index without a word.
    """
    root = _root(corpus)
    seen: set[tuple[int, int]] = set()
    found: list[FoundFile] = []
    for _, path, status in sorted(_candidates(root, _is_skipped), key=lambda one: one[:2]):
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            found.append(FoundFile(path=path, size_bytes=status.st_size, mtime_ns=status.st_mtime_ns))
    yield from sorted((one for file in found for one in _unbundled(root, file)), key=lambda one: one.path)


def _root(corpus: Path) -> Path:
    if not corpus.exists():
        raise CorpusError(f"语料目录不存在：{corpus}；请检查路径，或新建该目录并放入报告")
    if not corpus.is_dir():
        raise CorpusError(f"语料目录不是文件夹：{corpus}；请给出存放报告的文件夹")
    return Path(os.path.realpath(corpus))


def _unbundled(root: Path, file: FoundFile) -> list[FoundFile]:
    """The members of an archive that are not skipped; any other file itself."""
    if not is_bundle_name(file.path):
        return [file]
    try:
        members = bundle_members(root / file.path) or ()
    except (ExtractError, OSError):
        members = ()
    found = [
        FoundFile(path=member_path(file.path, one.name), size_bytes=one.size_bytes, mtime_ns=one.mtime_ns)
        for one in members
        if not any(map(_is_skipped, one.name.split("/"))) and not one.name.startswith(_MAC_FOLDER)
    ]
    return found or [file]


def _candidates(root: Path, is_left_out: Callable[[str], bool]) -> Iterator[tuple[bool, str, os.stat_result]]:
    """Every name that leads to a regular file: whether it is a link, its relative path, the file's status."""
    folders = [root]
    while folders:
        for entry in _entries(folders.pop(), is_left_out):
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
                continue
            is_link = entry.is_symlink()
            if is_link and not Path(os.path.realpath(path)).is_relative_to(root):
                continue
            try:
                status = path.stat()  # not entry.stat(): that has no inode on Windows
            except OSError:  # a broken link, or deleted since the folder was listed
                continue
            if stat.S_ISREG(status.st_mode):
                yield is_link, path.relative_to(root).as_posix(), status


def _entries(folder: Path, is_left_out: Callable[[str], bool]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not is_left_out(entry.name)]
    except OSError as error:
        raise CorpusError(f"无法读取文件夹：{folder}（{error.strerror}）；请检查权限后重试") from error


def _is_skipped(name: str) -> bool:
    lower = name.lower()
    return _is_hidden(name) or lower in _NOTES or lower.endswith(_OWN_SUFFIXES)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", _LOCK_PREFIX))
