"""Words that once were cut wrongly, and what never is a word."""

from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import words


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
