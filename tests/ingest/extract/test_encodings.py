"""Is a report the same in every encoding? The five real ones, where they are, and the specimens in plain text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import read_document
from fzsearch.resources import data_text
from tests.conftest import ROOT

SPECIMENS = [path for path in sorted((ROOT / "corpus").rglob("*.txt")) if path.name.lower() != "readme.txt"][:5]
_PAIRS = "".join(line for line in data_text("traditional.txt").splitlines() if not line.startswith("#"))
TRADITIONAL = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))
LOST = "\ufffd"


def traditional(text: str) -> str:
    """The text as it is written in Taiwan; what Big5 has no code for is left out."""
    written = "".join(TRADITIONAL.get(char, char) for char in text)
    return written.encode("big5", "ignore").decode("big5")


def plain(text: str) -> str:
    """The text without what GB 2312 has no code for."""
    return text.encode("gb2312", "ignore").decode("gb2312")


def middle(data: bytes, text: str, encoding: str, bad: bytes) -> bytes:
    """A byte put in at the end of a line near the middle."""
    at = len(text[: text.index("\n", len(text) // 2)].encode(encoding))
    return data[:at] + bad + data[at:]


Write = Callable[[str], bytes]
SAME: dict[str, Write] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-8, lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "utf-16-le with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "gbk, lines of Windows": lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    "gb18030": lambda text: text.encode("gb18030"),
    "gb18030 with mark": lambda text: ("\ufeff" + text).encode("gb18030"),
}
CHANGED: dict[str, tuple[Callable[[str], str], Write]] = {
    "gb2312": (plain, lambda text: text.encode("gb2312", "ignore")),
    "gbk": (lambda text: text.encode("gbk", "ignore").decode("gbk"), lambda text: text.encode("gbk", "ignore")),
    "big5": (traditional, lambda text: traditional(text).encode("big5")),
    "a bad byte in gbk": (
        lambda text: middle(text.encode(), text, "utf-8", LOST.encode()).decode(),
        lambda text: middle(text.encode("gb18030"), text, "gb18030", b"\xff"),
    ),
    "utf-8 cut off": (lambda text: text.rstrip()[:-1] + LOST, lambda text: text.rstrip().encode()[:-1]),
    "a NUL in utf-8": (
        lambda text: middle(text.encode(), text, "utf-8", b"\0").decode(),
        lambda text: middle(text.encode(), text, "utf-8", b"\0"),
    ),
}
REFUSED: dict[str, Write] = {
    "utf-32": lambda text: text.encode("utf-32"),
    "utf-32-le": lambda text: text.encode("utf-32-le"),
    "utf-32-be": lambda text: text.encode("utf-32-be"),
}


@pytest.fixture(params=["specimens", "reports"])
def texts(request) -> list[str]:
    files = SPECIMENS if request.param == "specimens" else reports(request.getfixturevalue("shared_dir"))
    assert len(files) == 5
    return ["\n".join(known(path).splitlines()) + "\n" for path in files]


def known(path: Path) -> str:
    """The text of a file that is UTF-8 or, as one specimen, GB18030."""
    data = path.read_bytes()
    return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") or b"\xe3\x80\x81" in data else "gb18030")


def reports(shared: Path) -> list[Path]:
    return sorted((shared / "reports").glob("*.txt"))


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


@pytest.mark.parametrize("variant", SAME)
def test_text_is_the_same(texts, variant):
    assert [list(read_document(SAME[variant](text)).lines) for text in texts] == [*map(lines_of, texts)]


@pytest.mark.parametrize("variant", CHANGED)
def test_what_an_encoding_cannot_hold_is_all_that_is_lost(texts, variant):
    expected, write = CHANGED[variant]

    for text in texts:
        document = read_document(write(text))
        assert list(document.lines) == lines_of(expected(text))
        assert bool(document.warnings) == (LOST in expected(text))


@pytest.mark.parametrize("variant", REFUSED)
def test_encodings_that_nobody_uses_are_refused_and_not_read_as_another(texts, variant):
    for text in texts:
        with pytest.raises(ExtractError, match="不是可以识别"):
            read_document(REFUSED[variant](text))
