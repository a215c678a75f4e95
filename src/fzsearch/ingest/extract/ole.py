"""Is this old Word file whole, and open to everyone?

Looks at the container only ([MS-CFB] version 3 and 4) and at the first words of the document ([MS-DOC] 2.5.1). A file
cut short would be converted without its end and without a word; one with a password would wait for somebody to type it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from fzsearch.errors import ExtractError

_HEADER = struct.Struct("<30xH16xL4xL8xL")  # sector shift, directory, size of small streams, more of the table
_HEADER_DIFAT = struct.Struct("<109L")
_HEADER_DIFAT_AT = 76
_ENTRY = struct.Struct("<64sHB49xLQ")  # name, its length in bytes, type, first sector, size
_ENTRY_BYTES = 128
_SECTOR_SHIFTS = (9, 12)
_LAST_SECTOR = 0xFFFFFFFA  # from here on numbers mean end of chain, free, …
_STREAM = 2
_WORD_MARKS = (0xA5EC, 0xA5DC)  # Word 97 and later, Word 6 and 95
_IS_ENCRYPTED = 0x0100
_FLAGS_AT = 10
_DAMAGED = ("旧版 Word 文件已损坏或不完整", "请重新下载，或用 Word、WPS 打开后另存为 .docx")
_LOCKED = ("文件已加密", "请用密码打开后取消加密，再放入语料目录")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    name: str
    first_sector: int
    size_bytes: int


def check_word(data: bytes) -> None:
    """Let an old Word file pass that is whole and has no password.

    Raises:
        ExtractError: cut short, damaged, or locked by a password.
    """
    try:
        container = _Container(data)
        streams = [*container.streams()]
        document = next(stream for stream in streams if stream.name == "WordDocument")
        start = container.start_of(document)
        mark, flags = struct.unpack_from("<H8xH", data, start)
    except (struct.error, StopIteration, ValueError) as error:
        raise ExtractError(*_DAMAGED) from error
    is_small = document.size_bytes < container.small_below
    if not all(container.is_whole(stream) for stream in streams) or (not is_small and mark not in _WORD_MARKS):
        raise ExtractError(*_DAMAGED)
    if flags & _IS_ENCRYPTED and not is_small:
        raise ExtractError(*_LOCKED)


def check_directory(data: bytes) -> None:
    """Let a compound file pass whose streams can be listed.

    Raises:
        ExtractError: its directory is missing or damaged.
    """
    try:
        for _ in _Container(data).streams():
            pass
    except (struct.error, ValueError) as error:
        raise ExtractError("旧版办公软件的文件已损坏或不完整", _DAMAGED[1]) from error


class _Container:
    """The sectors of a compound file and which follows which."""

    def __init__(self, data: bytes) -> None:
        shift: int
        difat: int
        self.small_below: int
        shift, self._directory, self.small_below, difat = _HEADER.unpack_from(data)
        if shift not in _SECTOR_SHIFTS:
            raise ValueError(f"sector shift {shift}")
        self._data = data
        self._sector_bytes: int = 1 << shift
        self._count = -(-len(data) // self._sector_bytes) - 1
        self._next = self._table(difat)

    def streams(self) -> Iterator[_Stream]:
        """What the directory lists; a chain that ends too early raises struct.error or ValueError."""
        for sector in self._chain(self._directory):
            for at in range(self._at(sector), self._at(sector) + self._sector_bytes, _ENTRY_BYTES):
                name, name_bytes, kind, first, size = _ENTRY.unpack_from(self._data, at)
                if kind == _STREAM:
                    shown = name[: max(min(name_bytes, 64) - 2, 0)].decode("utf-16-le", "replace")
                    yield _Stream(name=shown, first_sector=first, size_bytes=size & 0xFFFFFFFF)

    def start_of(self, stream: _Stream) -> int:
        """The offset of a stream's first sector; of a small one, which lies elsewhere, any offset."""
        return self._at(stream.first_sector) if stream.size_bytes >= self.small_below else 0

    def is_whole(self, stream: _Stream) -> bool:
        """Whether all sectors of a stream are in the file; small ones share one stream and are not looked at."""
        if stream.size_bytes < self.small_below:
            return True
        try:
            return sum(1 for _ in self._chain(stream.first_sector)) * self._sector_bytes >= stream.size_bytes
        except ValueError:
            return False

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._sector_bytes

    def _chain(self, sector: int) -> Iterator[int]:
        """The sectors that follow one another; never more than there are."""
        for _ in range(self._count + 1):
            if sector >= _LAST_SECTOR:
                return
            if sector >= self._count or sector >= len(self._next):
                raise ValueError(f"sector {sector} is not in the file")
            yield sector
            sector = self._next[sector]
        raise ValueError("the sectors run in a circle")

    def _table(self, difat: int) -> list[int]:
        """The file allocation table, put together from the sectors that the header and its followers name."""
        per_sector = self._sector_bytes // 4
        numbers = [*_HEADER_DIFAT.unpack_from(self._data, _HEADER_DIFAT_AT)]
        for _ in range(self._count):
            if difat >= _LAST_SECTOR:
                break
            *more, difat = struct.unpack_from(f"<{per_sector}L", self._data, self._at(difat))
            numbers += more
        table: list[int] = []
        for number in numbers[: self._count + 109]:
            if number < _LAST_SECTOR:
                table += struct.unpack_from(f"<{per_sector}L", self._data, self._at(number))
        return table
