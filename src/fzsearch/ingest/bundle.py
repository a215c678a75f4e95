"""Which files does a zip of the corpus hold, and what is in one of them?

A member is addressed as `bundle.zip!/folder/a.docx`. Nothing is ever extracted to a name that an archive gives: names
are labels, bytes go to the reader. What makes an archive unfit is told by the central directory, before anything is
unpacked; a zip within a zip is not read.
"""

import calendar
import hashlib
import re
import stat
import struct
import time
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.archive import END_SEARCH_BYTES, check_directory, is_bomb
from fzsearch.ingest.extract.sniff import MAX_BYTES

_MARK = "!/"
_SUFFIX = ".zip"
_MAX_MEMBERS = 2_000
_MAX_TOTAL_BYTES = 1 << 30
_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1  # general purpose flags, APPNOTE.TXT 4.4.4
_DOCUMENT_PARTS = frozenset({"[Content_Types].xml", "mimetype", "OFD.xml", "content.xml"})
_SLOT_NS = 2_000_000_000  # zip times count in steps of two seconds
_READINGS, _PAUSE_S = 3, 0.2  # of a file that changes meanwhile: a program that saves a document needs less
_TICK_NS = 20_000_000  # a file written so lately may be written again under the same time: Linux counts in up to 10 ms
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA may ask for 4 GB of memory in a few bytes
_CANNOT_OPEN = (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, OverflowError)
_CANNOT_UNPACK = (*_CANNOT_OPEN, zlib.error, OSError, RuntimeError)
_UNPACK = "请解压后把里面的文件放入语料目录"
_DAMAGED = ("压缩包已损坏或不完整", "请重新下载，或解压后把里面的文件放入语料目录")
_TOO_MUCH = f"请分成几个压缩包，或{_UNPACK.removeprefix('请')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive.

    Attributes:
        name: its address within the archive, with "/", unique there and without "..".
        size_bytes: its size when unpacked, as the archive states it.
        mtime_ns: the time that the archive states, taken for UTC; the checksum fills the two seconds that it is
            precise to, so that other content gives another time.
    """

    name: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file or member, with the size and the time of change of these very bytes."""

    data: bytes
    size_bytes: int
    mtime_ns: int


def bundle_members(archive: Path) -> tuple[Member, ...] | None:
    """The files of an archive, by name; None for a file that is no archive of files, such as a .docx named .zip.

    Raises:
        ExtractError: damaged, a bomb, too much in it, or no file at all.
        OSError: it cannot be opened.
    """
    found = _entries(archive)
    if found is None:
        return None
    members = (Member(name=name, size_bytes=info.file_size, mtime_ns=_mtime_ns(info)) for name, info in found)
    return tuple(sorted(members, key=lambda member: member.name))


def is_bundle_name(name: str) -> bool:
    """Whether a file of that name is looked into."""
    return name.lower().endswith(_SUFFIX)


def member_path(archive: str, member: str) -> str:
    """The address of a member."""
    return archive + _MARK + member


def split_member(path: Path) -> tuple[Path, str] | None:
    """The archive and the name within it that an address means; None for the path of a file."""
    text = path.as_posix()
    for mark in re.finditer(re.escape(_MARK), text):
        archive = Path(text[: mark.start()])
        if archive.is_file() and not Path(f"{archive}!").is_dir():
            return archive, text[mark.end() :]
    return None


def open_member(corpus: Path, path: str) -> bytes:
    """The bytes of a file of the corpus, be it a member of an archive or not.

    Args:
        corpus: the folder.
        path: relative to it, as `walk` gives it.

    Raises:
        ExtractError: the member is locked, damaged, too large or gone; or the path leads out of the corpus.
        OSError: the file cannot be opened.
    """
    root = corpus.resolve()
    split = split_member(root / path)
    target = (split[0] if split else root / path).resolve()
    if not target.is_relative_to(root):
        raise ExtractError("文件不在语料目录里", "请核对路径")
    return _content(target, split[1] if split else None).data


def file_bytes(path: Path) -> bytes:
    """The bytes of a file or member; raises as `file_content`."""
    return file_content(path).data


def file_content(path: Path) -> Content:
    """A file, or a member that a path like `folder/bundle.zip!/a.docx` means, as it was between two changes.

    Raises:
        ExtractError: too large, locked, damaged, gone from its archive; or an archive, which has no text of its own;
            or it changes all the time.
        OSError: the file cannot be opened.
    """
    archive, member = split_member(path) or (path, None)
    return _content(archive, member)


def _content(path: Path, member: str | None) -> Content:
    return steadily(path, lambda: _own_content(path) if member is None else _member_content(path, member))


def steadily(path: Path, read: Callable[[], Content]) -> Content:
    """What reading a file gives while nobody writes to it: read again when its size or time is another afterwards.

    Raises:
        ExtractError: what `read` raises of a file that stays the same, or the file changed each time.
        OSError: it cannot be opened.
    """
    for pause_s in (0.0, *[_PAUSE_S] * (_READINGS - 1)):
        time.sleep(pause_s)
        before = _stamp(path)
        is_fresh = abs(time.time_ns() - before[2]) < _TICK_NS
        try:
            content = read()
        except ExtractError:
            if _stamp(path) == before and not is_fresh:
                raise
        else:
            if _stamp(path) == before and not is_fresh:
                return content
    raise ExtractError("文件正在被修改", "请等它保存或复制完，再运行 fzsearch index", is_passing=True)


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _own_content(path: Path) -> Content:
    if is_bundle_name(path.name) and (members := bundle_members(path)) is not None:
        example = member_path(path.name, members[0].name)
        raise ExtractError(f"这是压缩包（zip），里面有 {len(members)} 个文件", f"请指明其中一个，如 {example}")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # reading a device or a pipe may never end
        raise ExtractError("这不是普通文件", "请指明一个文件")
    if status.st_size > MAX_BYTES:
        raise ExtractError(f"文件太大（超过 {MAX_BYTES >> 20} MB）", "请拆开，或只保留报告正文后再放入")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)  # it may grow at this moment
    return Content(data, status.st_size, status.st_mtime_ns)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file or member in hex; "" where it cannot be read, or is larger than what is read."""
    with suppress(OSError, ExtractError):
        if split_member(path) is not None:
            return hashlib.sha256(file_bytes(path)).hexdigest()
        if path.stat().st_size > MAX_BYTES:
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _entries(path: Path) -> list[tuple[str, zipfile.ZipInfo]] | None:
    """Addresses and directory entries of an archive's files."""
    _check_end(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _CANNOT_OPEN as error:
        raise ExtractError(*_DAMAGED) from error
    if any(info.filename in _DOCUMENT_PARTS for info in infos):
        return None
    if len(infos) > _MAX_MEMBERS or sum(info.file_size for info in infos) > _MAX_TOTAL_BYTES:
        raise ExtractError("压缩包里的文件太多或太大", _TOO_MUCH)
    if sum(info.compress_size for info in infos) > path.stat().st_size:  # entries that share their bytes
        raise ExtractError("压缩包的结构不正常", _UNPACK)
    if not infos:
        raise ExtractError("压缩包里没有文件", "请核对压缩包，不需要时请移出语料目录")
    return [*zip(_addresses([_decoded_name(info) for info in infos]), infos, strict=True)]


def _check_end(path: Path) -> None:
    """Refuse a directory that is missing or too large to list."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - END_SEARCH_BYTES, 0))
        end = file.read()
    try:
        check_directory(end)
    except ExtractError as error:
        raise ExtractError(*(_DAMAGED if "损坏" in error.reason else ("压缩包里的文件太多", _TOO_MUCH))) from error


def _member_content(archive: Path, name: str) -> Content:
    if is_bundle_name(name):
        raise ExtractError("压缩包里的压缩包不读", _UNPACK)
    info = dict(_entries(archive) or ()).get(name)
    if info is None:
        raise ExtractError("压缩包里现在没有这个文件", "请重建索引")
    if info.flag_bits & _IS_ENCRYPTED:
        raise ExtractError("压缩包里的这个文件已加密", "请用密码解压后把它放入语料目录")
    if info.file_size > MAX_BYTES:
        raise ExtractError(f"文件太大（超过 {MAX_BYTES >> 20} MB）", "请拆开，或只保留报告正文后再放入")
    if is_bomb(info):
        raise ExtractError("解压后的内容大得不正常", "请确认文件来源；确实需要时请解压后放入")
    if info.compress_type not in _METHODS:
        raise ExtractError("压缩包用了不支持的压缩方法", _UNPACK)
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(info) as part:
            data = part.read(info.file_size)  # with a size: a directory that lies makes no memory grow
    except _CANNOT_UNPACK as error:
        raise ExtractError("压缩包里的这个文件已损坏", _DAMAGED[1]) from error
    return Content(data, info.file_size, _mtime_ns(info))


def _addresses(names: Sequence[str]) -> Iterator[str]:
    """Names without what would lead elsewhere; a second file of one name gets a number."""
    seen: Counter[str] = Counter()
    for name in names:
        steps = name.replace("\\", "/").replace("\0", "\ufffd").split("/")
        kept = [step for step in steps if step not in {"", ".", ".."} and not re.fullmatch("[A-Za-z]:", step)]
        address = "/".join(kept) or "\ufffd"
        seen[address] += 1
        yield address if seen[address] == 1 else f"{address}#{seen[address]}"


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: without the UTF-8 flag Chinese programs write GBK, some UTF-8 all the same."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")  # what zipfile read the bytes as
    except UnicodeEncodeError:
        return info.filename
    with suppress(UnicodeDecodeError):
        name = raw.decode("utf-8")
        if all(char.isascii() or unicodedata.east_asian_width(char) in "WF" for char in name):
            return name
    with suppress(UnicodeDecodeError):
        return raw.decode("gb18030")
    return info.filename


def _mtime_ns(info: zipfile.ZipInfo) -> int:
    year, month, day, *clock = info.date_time
    seconds = calendar.timegm((year, min(max(month, 1), 12), max(day, 1), *clock))
    return seconds * 1_000_000_000 + info.CRC % _SLOT_NS
