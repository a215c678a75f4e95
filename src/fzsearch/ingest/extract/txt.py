"""Which lines does a plain text file hold?"""

import re

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.encoding import decode, losses
from fzsearch.model import Document, Format

# Not str.splitlines: it also breaks at U+001C-001E, which are no line ends in any editor.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def read(data: bytes) -> Document:
    r"""Give the lines of a text file exactly as they stand, blank ones included.

    Raises:
        ExtractError: the bytes are no text, or there is no character but white space.

    >>> read("关于\r\n\r\n 报告 \n".encode()).lines
    ('关于', '', ' 报告 ')
    """
    text = decode(data)
    if not text.strip():
        raise ExtractError("文件里没有文字", "请确认文件是否保存完整，不需要时请移出语料目录")
    lines = _LINE_END.split(text)
    if not lines[-1]:  # what follows the last line end is no line
        lines.pop()
    return Document(format=Format.TXT, lines=tuple(lines), warnings=losses(text))
