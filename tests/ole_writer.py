"""What does an OLE compound file look like, at its smallest?

Writes files for tests: version 3, sectors of 512 bytes, every stream at least 4,096 bytes long, so that none is small
([MS-CFB] 2.2 to 2.6).
"""

import struct
from collections.abc import Mapping

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def write_ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with the given streams, each filled up with zeros."""
    table, sectors, entries = [_FAT], [b""], [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(4_096, b"\0")
        padded += bytes(-len(padded) % SECTOR)
        following = number + 1 if number < len(streams) else _NONE
        entries.append(_entry(name, 2, len(sectors), len(padded), right=following))
        _append(padded, table, sectors)
    directory = len(sectors)
    entries += [bytes(128)] * (-len(entries) % 4)
    _append(b"".join(entries), table, sectors)
    table += [_FREE] * (SECTOR // 4 - len(table))
    sectors[0] = struct.pack(f"<{SECTOR // 4}L", *table)
    return _header(directory) + b"".join(sectors)


def word_stream(*, is_encrypted: bool = False) -> bytes:
    """The first words of a Word 97 document ([MS-DOC] 2.5.1), and nothing behind them."""
    return struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0804, 0, 0x0100 if is_encrypted else 0)


def _append(content: bytes, table: list[int], sectors: list[bytes]) -> None:
    pieces = [content[start : start + SECTOR] for start in range(0, len(content), SECTOR)]
    table += [*range(len(sectors) + 1, len(sectors) + len(pieces)), _END]
    sectors += pieces


def _entry(name: str, kind: int, first: int, size: int, *, right: int = _NONE, child: int = _NONE) -> bytes:
    coded = name.encode("utf-16-le")
    head = coded.ljust(64, b"\0") + struct.pack("<HBBLLL", len(coded) + 2, kind, 1, _NONE, right, child)
    return head + bytes(36) + struct.pack("<LQ", first, size)


def _header(directory: int) -> bytes:
    start = struct.pack("<8s16xHHHHH6xLLLLLLLLL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                        0, 1, directory, 0, 4_096, _END, 0, _END, 0)  # fmt: skip
    return start + struct.pack("<109L", 0, *[_FREE] * 108)
