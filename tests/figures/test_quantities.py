"""Are numbers, units and the words that make them approximate read as they are written?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.figures.quantities import find_quantities
from fzsearch.numerals import number_value


def read(text):
    return [(one.value, one.unit, one.approx) for one in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("发放1.2万余份", [(12000, "份", "余")]),
        ("罚款５，１００元", [(5100, "元", "")]),
        ("3,000余份", [(3000, "份", "余")]),
        ("达百分之九十五点六", [(95.6, "%", "")]),
        ("达到百分之百。", [(100, "%", "")]),
        ("满意度98％以上", [(98, "%", "以上")]),
        ("接待 400 余人次", [(400, "人次", "余")]),
        ("两万余人次", [(20000, "人次", "余")]),
        ("十余件", [(10, "件", "余")]),
        ("三千五百份", [(3500, "份", "")]),
        ("近200件", [(200, "件", "近")]),
        ("超过50人", [(50, "人", "超过")]),
        ("约30场次", [(30, "场次", "约")]),
        ("20起左右", [(20, "起", "左右")]),
        ("3至5名", [(3, "名", "至5")]),
        ("3-5件", [(3, "件", "至5")]),
        ("投入2.5万余元", [(2.5, "万元", "余")]),
        ("5千元", [(5000, "元", "")]),
        ("1.5亿元", [(1.5, "亿元", "")]),
        ("100件次", [(100, "件次", "")]),
        ("0件", [(0, "件", "")]),
        ("开展三场次", [(3, "场次", "")]),
        ("第3次会议", []),
        ("第十二条规定", []),
        ("三四次", []),
        ("1+6+N个", []),
        ("2024年12月5日", []),
        ("12345热线", []),
        ("3个百分点", []),
        ("6个月", []),
        ("一部分人", []),
        ("20名单", []),
        ("3·15活动", []),
        ("5.12防灾", []),
        ("A4纸", []),
    ],
)
def test_quantities(text, found):
    assert read(text) == found


@given(st.integers(1, 99_999_999))
def test_chinese_numbers_are_read_back(number):
    assert number_value(chinese(number)) == number


def chinese(number: int) -> str:
    if number >= 10_000:
        rest = number % 10_000
        return chinese(number // 10_000) + "万" + (("零" if rest < 1000 else "") + chinese(rest) if rest else "")
    digits, text, gap = "零一二三四五六七八九", "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
        gap = not digit
    return text


@given(st.text(alphabet="0123456789一二三十百千万余多近约至.,%％件起次名元人第年月日、，。“” ", max_size=40))
def test_any_text_is_read_and_offsets_lie_in_it(text):
    found = list(find_quantities(text))

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))
    assert all(any(char.isdigit() or char in "一二三十百千万" for char in text[one.start : one.end]) for one in found)
