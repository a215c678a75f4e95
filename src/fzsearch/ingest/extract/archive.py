"""Is this zip file safe to open, and what do its parts hold?

Everything is judged by the central directory before a part is unpacked: a 1 GB bomb is refused at once, where
parsers reach any memory limit (measured). Limits: 5,000 parts; 128 MB of XML; ratio 200 for a part above 4
MB.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from lxml import etree

from fzsearch.errors import ExtractError

_END_MARK = b"PK\x05\x06"
_END_FORMAT = struct.Struct("<4s4H2LH")  # end of central directory record, APPNOTE.TXT 4.3.16
END_SEARCH_BYTES = _END_FORMAT.size + 0xFFFF
"""The end of a directory stands within these last bytes of a file."""
_MAX_PARTS = 5_000
_MAX_DIRECTORY_BYTES = 4 << 20
_MAX_XML_BYTES = 128 << 20
_MAX_RATIO = 200
_RATIO_FROM_BYTES = 4 << 20

_DAMAGED = ("压缩结构已损坏或文件不完整", "请重新下载，或用 Word、WPS 打开后另存为 .docx")
_BOMB = ("解压后的内容大得不正常", "请确认文件来源；确实需要时请用 Word 打开后另存为 .docx")


class Archive:
    """The parts of a zip file that has passed the checks."""

    def __init__(self, data: bytes) -> None:
        check_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise ExtractError(*_DAMAGED) from error
        _check_sizes(self._zip.infolist())
        self.names = frozenset(self._zip.namelist())

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, or None where there is no such part.

        Entities are not resolved and nothing is fetched; a part with a document type, which the format
        forbids, is refused.

        Raises:
            ExtractError: the part is damaged, encrypted, nested too deeply or declares entities.
        """
        if name not in self.names:
            return None
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(_transitional(self.unpack(name)), parser)
        except etree.XMLSyntaxError as error:
            raise ExtractError("文档内部的 XML 已损坏或嵌套过深", _DAMAGED[1]) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise ExtractError("文档内部含有不允许的实体声明", "请确认文件来源；确实需要时请用 Word 打开后另存为 .docx")
        return root

    def unpack(self, name: str) -> bytes:
        """The bytes of a part; none where there is no such part.

        Raises:
            ExtractError: the part is damaged or encrypted.
        """
        if name not in self.names:
            return b""
        info = self._zip.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # all that these formats allow
            raise ExtractError(*_DAMAGED)
        try:
            with self._zip.open(info) as part:
                # With a size: read() alone inflates up to 2 GB before it looks at the declared length.
                return part.read(info.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise ExtractError(*_DAMAGED) from error
        except RuntimeError as error:  # what zipfile raises for an encrypted part
            raise ExtractError("文件已加密", "请用密码打开后取消加密，再放入语料目录") from error


def _transitional(xml: bytes) -> bytes:
    """Give the namespaces of strict OOXML (ISO/IEC 29500-1) the names that everybody else uses."""
    return xml.replace(
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    )


def check_directory(data: bytes) -> None:
    """Refuse a directory that is missing or too large to list.

    Args:
        data: the file, or its last `END_SEARCH_BYTES`.

    Raises:
        ExtractError: no end of a directory (the file is cut off), or too much in it.
    """
    start = data.rfind(_END_MARK, -END_SEARCH_BYTES if len(data) > END_SEARCH_BYTES else 0)
    if start < 0 or start + _END_FORMAT.size > len(data):
        raise ExtractError(*_DAMAGED)
    _, _, _, _, parts, size_bytes, _, _ = _END_FORMAT.unpack_from(data, start)
    if parts > _MAX_PARTS or size_bytes > _MAX_DIRECTORY_BYTES:
        raise ExtractError(*_BOMB)


def _check_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    xml_bytes = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if len(parts) > _MAX_PARTS or xml_bytes > _MAX_XML_BYTES or any(map(is_bomb, parts)):
        raise ExtractError(*_BOMB)


def is_bomb(part: zipfile.ZipInfo) -> bool:
    """Whether a part grows out of proportion when it is unpacked."""
    return part.file_size > _RATIO_FROM_BYTES and part.file_size > _MAX_RATIO * max(part.compress_size, 1)
