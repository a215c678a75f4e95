"""Normal forms: what is folded, what stays apart, and the way back to the source."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize, normalize_with_offsets
from fzsearch.analysis.normalize import QUOTES

TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("法治枫桥，。“”「」（一）①㈠ＡａＢé　 \n後於著")), max_size=60
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("２０２４年", "2024年"),
        ("（一）", "(一)"),
        ("枫 桥\n经　验", "枫桥经验"),
        ("楓橋經驗", "枫桥经验"),
        ("關於", "关于"),
        ("“枫桥”", '"枫桥"'),
        ("「枫桥」", "“枫桥”"),
        ("『枫桥』", "‘枫桥’"),
        ("ＡＢc", "abC"),
        ("零\u200b宽\ufeff", "零宽"),
        ("95％", "95%"),
        ("⻔⼾⻘年", "门户青年"),
    ],
)
def test_normalize_folds(left, right):
    assert normalize(left) == normalize(right)


@pytest.mark.parametrize(
    ("left", "right"), [("法治", "法制"), ("顺着", "顺著"), ("。", "."), ("3", "三"), ("《法》", "法")]
)
def test_normalize_keeps_apart(left, right):
    assert normalize(left) != normalize(right)


@given(TEXT, TEXT)
def test_normalize_of_a_join_is_the_join(left, right):
    """Without this a string cut out of a text might not be found in it."""
    assert normalize(left + right) == normalize(left) + normalize(right)


@given(TEXT)
def test_normalize_is_idempotent(text):
    once = normalize(text)

    assert normalize(once) == once


@given(TEXT)
def test_normalize_leaves_no_white_space(text):
    assert not any(char.isspace() for char in normalize(text))


@given(TEXT, st.integers(0, 60), st.integers(1, 30))
def test_offsets_lead_back_to_the_source(text, start, length):
    normalized = normalize_with_offsets(text)
    part = normalized.text[start : start + length]

    assert normalized.text == normalize(text)
    assert list(normalized.offsets) == sorted(normalized.offsets)
    if part:
        low, high = normalized.span(start, start + len(part))
        assert part in normalize(text[low:high])


def test_find_all_gives_each_place_once():
    found = normalize_with_offsets("枫 桥，枫\n桥枫").find_all("枫桥")

    assert found == [(0, 3), (4, 7)]
    assert normalize_with_offsets("法").find_all("") == []


def test_every_quote_form_is_one():
    assert {normalize(mark) for mark in QUOTES} == {'"'}
    assert unicodedata.category("「") == "Ps"
