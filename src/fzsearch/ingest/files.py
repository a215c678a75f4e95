"""Which files of the corpus folder are there to be read?

Looks at names and file types only; nothing is opened but the directories of zip archives. Skipped by rule and never
told of are only: names that begin with a dot (.git, .DS_Store) or with ~$ (owner files of Word); what systems put into
folders (Thumbs.db, desktop.ini, __MACOSX, lost+found, $RECYCLE.BIN, System Volume Information); README.md and
README.txt, notes to people; the corpus's own lists and sidecars (places.csv, reports.csv, *.toml, which tell of
themselves what is wrong with them); second names of a file and links to a folder that is walked anyway. All else comes,
with a problem where it cannot be a report: nothing is lost in silence.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fzsearch.errors import CorpusError, ExtractError, os_reason
from fzsearch.ingest.bundle import bundle_members, is_bundle_name, member_path
from fzsearch.ingest.sidecar_files import FOLDER_FILE, SUFFIX

_SKIPPED = frozenset({
    "readme.md", "readme.txt", "thumbs.db", "desktop.ini", "__macosx", "lost+found", "$recycle.bin",
    "system volume information",
})  # fmt: skip
_OWN = frozenset({"places.csv", FOLDER_FILE})
_HIDDEN_PREFIXES = (".", "~$")
_OUTSIDE = ("这是指向语料目录之外的链接，没有跟进", "请把文件或文件夹本身放入语料目录")
_BROKEN_LINK = ("链接指向的文件不存在，或链接绕成一圈", "请把文件本身放入语料目录，或删除这个链接")
_SPECIAL = ("这是管道、设备一类的特殊文件，不是文档", "请移出语料目录")
_TABLE = ("这是 CSV 表格，不是报告", f"报告请另存为 .docx；更正表请命名为 {FOLDER_FILE}，地名表为 places.csv")
_PACKED_SIDECAR = ("压缩包里的更正文件不读", "请解压后和报告一起放入语料目录")
_FOLDER_REMEDY = "请检查文件夹的权限和路径长度，然后重建索引"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file of the corpus, or a member of a zip archive there.

    Attributes:
        path: relative to the corpus, with "/", a member as `bundle.zip!/a.docx`; bytes of the name that are not
            UTF-8 stand as surrogates (PEP 383).
        size_bytes: its size.
        mtime_ns: time of its last change, nanoseconds since 1970.
        problem: why it shall not be opened; None for what is to be read.
    """

    path: str
    size_bytes: int
    mtime_ns: int
    problem: ExtractError | None = None


def stamps(corpus: Path) -> dict[str, tuple[int, int]]:
    """Size and time of all that has a say in an index, by path: lists and corrections too, archives as they lie there.

    Raises:
        CorpusError: as `walk`.
    """
    found = (file for _, file, _ in _candidates(_root(corpus), has_own=True))
    return {file.path: (file.size_bytes, file.mtime_ns) for file in found}


def walk(corpus: Path) -> Iterator[FoundFile]:
    """Give the files of a corpus folder and of its sub-folders, sorted by path.

    Each regular file once even when several names lead to it (a name that is no link wins). A link to a file is
    followed inside the corpus only, a link to a folder never. A zip archive gives its members in its place; one that
    cannot be listed comes itself, and reading it says why. What is no regular file, links that lead nowhere or out of
    the corpus, and folders that cannot be listed come with a problem.

    Raises:
        CorpusError: the folder is missing, no folder, or cannot be listed.
    """
    root = _root(corpus)
    seen: set[tuple[int, int]] = set()
    found: list[FoundFile] = []
    for _, file, inode in sorted(_candidates(root), key=lambda one: (one[0], one[1].path)):
        if file.problem or inode not in seen:
            seen.add(inode)
            found.append(file)
    yield from sorted((one for file in found for one in _unbundled(root, file)), key=lambda one: one.path)


def _root(corpus: Path) -> Path:
    if not corpus.exists():
        raise CorpusError(f"语料目录不存在：{corpus}；请检查路径，或新建该目录并放入报告")
    if not corpus.is_dir():
        raise CorpusError(f"语料目录不是文件夹：{corpus}；请给出存放报告的文件夹")
    root = Path(os.path.realpath(corpus))
    try:
        os.scandir(root).close()
    except OSError as error:
        raise CorpusError(f"无法读取文件夹：{corpus}（{os_reason(error)}）；请检查权限后重试") from error
    return root


def _unbundled(root: Path, file: FoundFile) -> list[FoundFile]:
    """The members of an archive that are not skipped; any other file itself."""
    if file.problem or not is_bundle_name(file.path):
        return [file]
    try:
        members = bundle_members(root / file.path) or ()
    except (ExtractError, OSError):
        members = ()
    found = [
        FoundFile(
            path=member_path(file.path, one.name),
            size_bytes=one.size_bytes,
            mtime_ns=one.mtime_ns,
            problem=ExtractError(*_PACKED_SIDECAR) if one.name.lower().endswith(SUFFIX) else _unfit(one.name),
        )
        for one in members
        if not any(map(_is_skipped, one.name.split("/")))
    ]
    return found or [file]


def _candidates(root: Path, *, has_own: bool = False) -> Iterator[tuple[bool, FoundFile, tuple[int, int]]]:
    """Every name that may be a report: whether it is a link, the file, what tells that two names are one file.

    With `has_own` also the corpus's own lists and sidecars.
    """
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listed:
                entries = [entry for entry in listed if not _is_skipped(entry.name)]
        except OSError as error:
            problem = ExtractError(f"打不开文件夹（{os_reason(error)}），里面的文件都没有读", _FOLDER_REMEDY)
            yield False, FoundFile(path=_name(folder, root), size_bytes=0, mtime_ns=0, problem=problem), (0, 0)
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif has_own or not _is_own(entry.name):
                yield from _candidate(path, root, is_link=entry.is_symlink())


def _candidate(path: Path, root: Path, *, is_link: bool) -> Iterator[tuple[bool, FoundFile, tuple[int, int]]]:
    """One name; nothing where the file has gone since its folder was listed, or a link leads to a folder in here."""
    problem = _unfit(path.name)
    try:
        status = path.stat()  # not entry.stat(): that has no inode on Windows
    except OSError as error:
        if not is_link and isinstance(error, FileNotFoundError):
            return
        problem = ExtractError(*(_BROKEN_LINK if is_link else (f"打不开文件（{os_reason(error)}）", _FOLDER_REMEDY)))
        yield is_link, FoundFile(path=_name(path, root), size_bytes=0, mtime_ns=0, problem=problem), (0, 0)
        return
    if is_link and not Path(os.path.realpath(path)).is_relative_to(root):
        problem = ExtractError(*_OUTSIDE)
    elif stat.S_ISDIR(status.st_mode):
        return
    elif not stat.S_ISREG(status.st_mode):
        problem = ExtractError(*_SPECIAL)
    size, time = (0, 0) if problem else (status.st_size, status.st_mtime_ns)
    file = FoundFile(path=_name(path, root), size_bytes=size, mtime_ns=time, problem=problem)
    yield is_link, file, (status.st_dev, status.st_ino)


def _name(path: Path, root: Path) -> str:
    # Every path here begins with the root as it is written; `relative_to` takes longer than looking at the file.
    return str(path)[len(str(root)) :].lstrip(os.sep).replace(os.sep, "/") or "."


def _unfit(name: str) -> ExtractError | None:
    return ExtractError(*_TABLE) if name.lower().endswith(".csv") and not _is_own(name) else None


def _is_own(name: str) -> bool:
    return name.lower() in _OWN or name.lower().endswith(SUFFIX)


def _is_skipped(name: str) -> bool:
    return name.startswith(_HIDDEN_PREFIXES) or name.lower() in _SKIPPED
