"""Which characters do these bytes stand for?

Standard library only: byte order mark, then strict UTF-8, then the encoding whose text looks most like
Chinese. Five reports in six encodings with three line ends each came back unchanged; of 200 files of random
bytes, which decode "fine" as GB18030, none was taken for text.
"""

import codecs
import re
from collections.abc import Iterable
from functools import cache
from itertools import product

from fzsearch.errors import ExtractError

# GB18030 has a mark of its own. UTF-32 is not looked for: no office program writes it.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_SAMPLE_BYTES = 65_536
_MIN_COMMON_SHARE = 0.5  # random bytes as GB18030: .08; reports: .98 and more
_MAX_CONTROL_SHARE = 0.02
_PLAIN = frozenset(map(chr, (9, 10, 11, 12, 13, *range(32, 127))))
_TAIL_BYTES = 3  # a UTF-8 character of which the last bytes were cut off
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a file of unknown encoding.

    Args:
        data: the whole file.
        declared: the encoding that a web page states; used when the bytes are text in it, else ignored.

    Returns:
        The text without byte order mark; bytes that stand for nothing become U+FFFD.

    Raises:
        ExtractError: the bytes are no text in any encoding that is known here.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if (text := _strict_utf8(data)) is not None:
        return text
    encoding = _trusted(data, declared) or max(_CANDIDATES, key=lambda one: _common_share(data, one))
    return _decoded(data, encoding)


def _strict_utf8(data: bytes) -> str | None:
    """The text if every byte but a cut-off tail is UTF-8 and it holds no NUL (then it may be UTF-16)."""
    if b"\0" in data:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(data) - error.start > _TAIL_BYTES:
            return None
        text = data.decode("utf-8", "replace")
    return text if _control_share(text[:_SAMPLE_BYTES]) <= _MAX_CONTROL_SHARE else None


def _trusted(data: bytes, declared: str | None) -> str | None:
    """The declared encoding if the bytes read as Chinese in it; gb2312 and gbk mean their superset (WHATWG)."""
    if declared is None:
        return None
    wanted = "gb18030" if declared.lower().replace("-", "") in {"gb2312", "gbk"} else declared
    try:
        codecs.lookup(wanted)
        share = _common_share(data, wanted)
    except (LookupError, UnicodeError):
        return None
    return wanted if share >= _MIN_COMMON_SHARE else None


def _decoded(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, "replace")
    if text and _common_share(data, encoding) < _MIN_COMMON_SHARE:
        raise ExtractError(
            "文件内容不是可以识别的文字或文档格式",
            "请确认文件没有损坏，或另存为 .docx 或 .txt 后放入语料目录",
        )
    return text


def losses(text: str) -> tuple[str, ...]:
    """A warning where bytes of a text stood for nothing."""
    lost = text.count("\ufffd")
    return (f"有 {lost} 处字节无法解码，以 \ufffd 代替",) if lost else ()


def _control_share(text: str) -> float:
    return len(_CONTROLS.findall(text)) / max(len(text), 1)


def _common_share(data: bytes, encoding: str) -> float:
    """Share of common characters among the first 64 KB read in an encoding, printable ASCII left aside."""
    text = data[:_SAMPLE_BYTES].decode(encoding, "replace")
    telling = [character for character in text if character not in _PLAIN]
    common = _common_characters(encoding)
    return sum(1 for character in telling if character in common) / len(telling) if telling else 1.0


@cache
def _common_characters(encoding: str) -> frozenset[str]:
    """What reports consist of.

    For GB18030 the 3,755 first-level hanzi of GB 2312 (rows 16-55) and its symbols (rows 1-3), for Big5 its first level
    (A440-C67E) and symbols (A140-A3FE), else both.
    """
    high = range(0xA1, 0xFF)
    simplified = _decoded_pairs((*range(0xA1, 0xA4), *range(0xB0, 0xD8)), high, "gb2312") + "\u00a0\u2014"
    traditional = _decoded_pairs(range(0xA1, 0xC7), (*range(0x40, 0x7F), *high), "big5")
    return frozenset({"gb18030": simplified, "big5": traditional}.get(encoding, simplified + traditional))


def _decoded_pairs(rows: Iterable[int], cells: Iterable[int], encoding: str) -> str:
    return b"".join(bytes(pair) for pair in product(rows, cells)).decode(encoding, "ignore")
