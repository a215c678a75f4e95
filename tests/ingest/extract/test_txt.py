import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import read_document
from fzsearch.model import Format

SENTENCE = "某镇坚持依法行政，全年开展普法活动12场次，受理纠纷85起。"
TRADITIONAL = "某鎮堅持依法行政，全年開展普法活動12場次，受理糾紛85起。"
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
WORDS = st.sampled_from(
    ["法治", "政府", "建设", "，", "。", "（一）", " ", "\u3000", "2024年", "ABC", "“枫桥经验”", "规范化", "\t"]
)
LINES = st.lists(st.lists(WORDS, max_size=8).map("".join), max_size=8)


@given(LINES, st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_survive_every_encoding_and_line_end(lines, encoding, line_end):
    expected = [SENTENCE, *lines, SENTENCE]

    document = read_document((line_end.join(expected) + line_end).encode(encoding))

    assert document.format is Format.TXT
    assert list(document.lines) == expected
    assert document.warnings == ()


def test_big5_is_told_from_gbk():
    assert read_document((TRADITIONAL + "\n" + TRADITIONAL).encode("big5")).lines == (TRADITIONAL, TRADITIONAL)


def test_blanks_and_missing_last_line_end_are_kept():
    assert read_document(f" {SENTENCE}\n\n\u3000尾 ".encode()).lines == (f" {SENTENCE}", "", "\u3000尾 ")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_is_replaced_and_told(encoding):
    data = (SENTENCE * 3).encode(encoding) + b"\xff\n" + (SENTENCE * 3).encode(encoding)

    document = read_document(data)

    assert document.lines[1] == SENTENCE * 3
    assert "无法解码" in document.warnings[0]


def test_cut_off_tail_of_utf8_is_tolerated():
    document = read_document((SENTENCE * 5).encode()[:-1])

    assert document.lines[0].startswith(SENTENCE)
    assert document.warnings


@pytest.mark.parametrize("data", [b"", b"  \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_empty_text_is_refused(data):
    with pytest.raises(ExtractError):
        read_document(data)
