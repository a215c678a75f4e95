"""Large things are refused with a sentence before they take time or memory, or read within the limits."""

import sys
from pathlib import Path

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest import MAX_BYTES, run_isolated
from fzsearch.service.indexing import READ_MEMORY_BYTES
from fzsearch.service.reading import Lists, ReadFile, check_lists, read_for_index
from fzsearch.service.sources import Source
from tests.pdf_writer import write_pdf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited there only")

SENTENCE = "某镇坚持依法行政，全年开展普法活动12场次，受理纠纷85起，调解成功率达到百分之九十八。"
LINE = f"{SENTENCE}\n".encode()
ITEM_S = 30.0


def read(path: Path) -> ReadFile:
    return read_for_index(Source(path, path.name), Lists())


def answer(path: Path) -> ReadFile | ExtractError:
    """What a child with the real limits makes of a file."""
    check_lists(Lists())
    ((_, got),) = run_isolated(read, [path], workers=1, timeout_s=ITEM_S, memory_bytes=READ_MEMORY_BYTES)
    return got


def reason(path: Path) -> str:
    got = answer(path)
    assert isinstance(got, ExtractError)
    return got.reason


def test_200_megabytes_are_refused_unread(tmp_path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(200 << 20)

    assert "太大" in reason(tmp_path / "a.txt")


def test_text_just_below_the_limit_of_bytes_is_refused_by_its_length(tmp_path):
    (tmp_path / "a.txt").write_bytes(LINE * (MAX_BYTES // len(LINE)))

    assert "不像一份报告" in reason(tmp_path / "a.txt")


def test_line_of_30_megabytes_is_refused_by_its_length(tmp_path):
    (tmp_path / "a.txt").write_bytes(SENTENCE.encode() * (30_000_000 // len(LINE)))

    assert "不像一份报告" in reason(tmp_path / "a.txt")


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", ""], ids=["lines", "one line"])
def test_text_just_below_the_limit_of_characters_is_read(tmp_path, end):
    (tmp_path / "a.txt").write_text((SENTENCE + end) * (990_000 // len(SENTENCE + end)), encoding="utf-8")

    assert isinstance(answer(tmp_path / "a.txt"), ReadFile)


def test_ten_thousand_pages_are_refused_by_their_number(tmp_path):
    (tmp_path / "a.pdf").write_bytes(write_pdf([[SENTENCE[:20]]] * 10_000))

    assert "10000 页" in reason(tmp_path / "a.pdf")


@pytest.mark.slow
def test_five_hundred_pages_are_read(tmp_path):
    (tmp_path / "a.pdf").write_bytes(write_pdf([[SENTENCE[:26]] * 22] * 500))

    got = answer(tmp_path / "a.pdf")

    assert isinstance(got, ReadFile)
    assert sum(len(section.text) for section in got.report.sections) > 200_000
