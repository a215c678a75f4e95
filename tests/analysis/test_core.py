"""What may differ between two extractions of one text, and what never may."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.analysis.core import core_hash, core_text

TEXT = "（一）深化调解。全年受理纠纷1,035起、化解98.5%，\n增长3～5个百分点；不足：人员不够。\n— 2 —\n下一步……"


def hash_of(*texts):
    return core_hash(normalize(line) for text in texts for line in text.split("\n"))


@pytest.mark.parametrize(
    "same",
    [
        TEXT.replace("\n", ""),
        TEXT.replace("— 2 —", "-12-"),
        TEXT.replace("— 2 —", "第 2 页 共 9 页"),
        TEXT.replace("（一）", "(一)  ").replace("；", "，"),
        TEXT.replace("。", " ．").replace("3～5", "3—5"),
        TEXT.replace("深化", "“深化”").replace("……", "…"),
        TEXT.replace("1,035", "１，０３５"),
    ],
)
def test_white_space_punctuation_and_page_numbers_may_differ(same):
    assert hash_of(same.replace("— 2 —", "") if "\n" not in same else same) == hash_of(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1,035", "1,036"), ("1,035", "1.035"), ("98.5%", "985%"), ("98.5%", "98.5"), ("3～5", "35"),
        ("不足", "足"), ("不够", "够"), ("受理", "化解"), ("（一）", ""), ("增长3", "增长-3"), ("— 2 —", "2"),
        ("全年受理纠纷1,035起、化解98.5%", "全年化解98.5%、受理纠纷1,035起"),
    ],
)  # fmt: skip
def test_no_letter_and_no_number_may(old, new):
    assert old in TEXT
    assert hash_of(TEXT.replace(old, new)) != hash_of(TEXT)


def test_where_sections_end_does_not_matter():
    assert hash_of("甲。", "乙。") == hash_of("甲。乙。")


@given(st.text('甲a_39،,.;:!?()"、。《》%‰+>-é٣²', max_size=12))
def test_core_is_told_character_by_character(text):
    """As the docstring of `core_text` says, without its shortcut for marks between letters."""
    around = f"甲{text}甲"

    assert core_text(around) == "".join(
        char
        for place, char in enumerate(around)
        if stays(around[place - 1 : place], char, around[place + 1 : place + 2])
    )


def stays(before, char, after):
    is_in_number = after in DIGITS and (char == "-" or before in DIGITS)
    is_sign = unicodedata.category(char) in {"Sm", "Sc"}
    return (char.isalnum() or char in "%‰" or is_sign or is_in_number) and (char != "_" or is_in_number)


DIGITS = set("0123456789")
