"""Words that once were cut wrongly, and what never is a word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize, words
from fzsearch.analysis.words import _cut, _fast_cut, _tokenizer

MIXED = st.text(st.sampled_from("镇人民政府法治建设枫桥经验的了是和2024aBt恤年月。，.-_%+#&é〇㐀𠮷 "), max_size=40)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40)


def test_words_do_not_invent_civil_affairs():
    assert "民政" not in words("镇人民政府")


def test_words_keep_terms_of_the_field():
    found = words("推进高标准农田和“十四五”规划，开展合法性审查")

    assert {"高标准", "农田", "十四五", "审查"} <= set(found) or "高标准农田" in found
    assert "，" not in found
    assert "“" not in found


def test_words_are_the_same_in_every_written_form():
    assert words("合法性審查１３９件") == words("合法性审查139件")


def test_words_do_not_cross_paragraphs():
    assert words("法\n治") == ("法", "治")


@given(st.text(max_size=80))
def test_words_hold_no_white_space(text):
    assert all(word and not any(char.isspace() for char in word) for word in words(text))


def cut_by_jieba(text):
    return [word for line in text.splitlines() for word in _tokenizer().lcut(line) if any(map(str.isalnum, word))]


@given(MIXED | CHINESE)
def test_words_are_those_of_jieba_whoever_cuts(text):
    text = "".join(words(text))  # normalised

    assert list(words(text)) == cut_by_jieba(text)


@pytest.mark.parametrize("path", [*Path("tests/ingest/layouts").glob("*.txt"), *Path("corpus").rglob("*.txt")], ids=str)
def test_rjieba_cuts_real_documents_like_jieba(path):
    if _fast_cut() is None:
        pytest.skip("rjieba 没有安装：pip install fzsearch[fast]")
    text = path.read_text(encoding="utf-8", errors="ignore")
    _cut.cache_clear()
    assert list(words(text)) == cut_by_jieba("\n".join(map(normalize, text.splitlines())))
