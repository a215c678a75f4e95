"""Which numbers, years and dates do Chinese words and full-width digits state?

Text in, numbers out: nothing here knows what a report is.
"""

import math
import re
import unicodedata
from datetime import date
from functools import cache

_ODD = re.compile(r"[^\0-\x7f、-〕一-鿿“”]")
_DIGITS = dict(zip("〇一二三四五六七八九", range(10), strict=True)) | {
    "○": 0,
    "零": 0,
    "O": 0,
    "o": 0,
    "Ο": 0,
    "О": 0,
}
_ZEROS = "〇○零OoΟО"
_ONES = "一二三四五六七八九"
_UNITS = {"两": 2} | {one: _DIGITS[one] for one in _ONES}
_TEN = 10
_SCALES = {"十": _TEN, "百": 100, "千": 1000}
_LARGE = _SCALES | {"万": 10**4, "亿": 10**8}
_WITHOUT_ZEROS = dict.fromkeys(map(ord, _ZEROS))
_FOUR = (  # a number below 10,000; 零 stands where a scale is left out
    rf"(?=[^万亿])(?:[{_ONES}两]千)?(?:[{_ZEROS}]?[{_ONES}两]百)?(?:[{_ZEROS}]?[{_ONES}两]?十)?(?:[{_ZEROS}]?[{_ONES}两])?"
)
_CHINESE = re.compile(
    rf"(?:(?:(?:{_FOUR}万)?{_FOUR}|{_FOUR}万)亿)?[{_ZEROS}]?(?:{_FOUR}万)?[{_ZEROS}]?(?:{_FOUR})?(?<=.)"
)
_MIXED = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)([十百千万亿]{0,2})", re.ASCII)

# 2024 or 二〇二四; the lookarounds keep 20240101 and 202* out.
YEAR = rf"(?<![\d*])(?:20\d\d|二[{_ZEROS}][{_ZEROS}{_ONES}]{{2}})(?![\d*])"
_DAY = rf"(?:\d{{1,2}}|[{_ONES}十]{{1,3}})"
_NAMED_YEAR = re.compile(rf"(?<![-—–~至到\d])({YEAR})[_\s]*年(?:度)?(?!\s*{_DAY}\s*月)(?!\s*[-—–~至到]\s*{YEAR})")
_SPACED = re.compile(r"(?<=\d) +(?=\d|年)")
_DATE = re.compile(rf"({YEAR})\s*(?:年\s*({_DAY})\s*月\s*({_DAY})\s*日|([-./])\s*(\d{{1,2}})\s*\4\s*(\d{{1,2}})(?!\d))")


@cache
def _fold_char(char: str) -> str:
    """① stays: it is a number by itself, not a digit."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and unicodedata.category(char) != "No" else char


def fold(text: str) -> str:
    """The text with full-width and compatibility characters in their plain form, of the same length.

    >>> fold("（１）　２０２４年")
    '(1) 2024年'
    """
    for char in set(_ODD.findall(text)):  # few are odd, and all of a kind are replaced at once
        text = text.replace(char, _fold_char(char))
    return text


def squeeze(text: str) -> str:
    """The text without any white space: Chinese titles and names have none of their own."""
    return "".join(text.split())


def chinese_number(text: str) -> int | None:
    """The value of a Chinese number from 零 to 九千九百九十九万…亿, None for anything else (digits in a row too).

    两 counts as 二, a leading 十 as 一十; a bare 百, 千 or 万 is none, 一百二 is 120.

    >>> chinese_number("十二"), chinese_number("三十"), chinese_number("两百零三"), chinese_number("一万二")
    (12, 30, 203, 12000)
    >>> chinese_number("二〇"), chinese_number("百"), chinese_number("三五")
    (None, None, None)
    """
    if text and text in _ZEROS:
        return 0
    if not _CHINESE.fullmatch(text):
        return None
    total = 0
    for name, scale in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = text.rpartition(name)
        if found:
            total, text = total + (chinese_number(head) or 0) * scale, rest
            if len(rest) == 1 and rest in _UNITS:
                return total + _UNITS[rest] * scale // 10
    return total + _below_myriad(text)


def _below_myriad(text: str) -> int:
    total, digit, scale = 0, 0, 10
    for char in text.translate(_WITHOUT_ZEROS):
        if char in _SCALES:
            scale = _SCALES[char]
            total, digit = total + (digit or 1) * scale, 0
        else:
            digit = _UNITS[char]
    is_short = digit and scale > _TEN and not any(zero in text for zero in _ZEROS)
    return total + (digit * scale // 10 if is_short else digit)


def number_value(text: str) -> float | None:
    """The value of a number in digits, Chinese or both, without signs: 3,000, 1.2万, 三千, 九十五点六; else None.

    >>> number_value("１.２万"), number_value("3，000"), number_value("九十五点六"), number_value("3千")
    (12000.0, 3000.0, 95.6, 3000.0)
    """
    match = _MIXED.fullmatch(fold(text).replace(",", ""))
    if match:
        return round(float(match[1]) * math.prod(_LARGE[char] for char in match[2]), 6)
    if len(text) == 1 and text in _LARGE:
        return float(_LARGE[text])
    whole, point, places = text.partition("点")
    value = chinese_number(whole)
    if value is None or (point and not (places and all(char in _DIGITS for char in places))):
        return None
    return float(f"{value}.{''.join(str(_DIGITS[char]) for char in places) or 0}")


def _year_value(text: str) -> int:
    return int(text) if text.isdecimal() else int("".join(str(_DIGITS[char]) for char in text))


def _day_value(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_number(text) or 0


def find_years(text: str) -> list[tuple[int, int, int]]:
    """Years that are named as years, not inside a date or a range: value, start and end in the text, in order.

    A year needs 年 after it (2024年, 二〇二四年, ２０２４年度); the end is behind 年 or 年度.

    >>> [year for year, _, _ in find_years("2024年度报告，2023年1月3日，（2021-2025年）")]
    [2024]
    """
    folded = fold(text)
    if "年" not in folded:
        return []
    folded = _SPACED.sub(lambda gap: "_" * len(gap[0]), folded)
    return [(_year_value(match[1]), match.start(), match.end()) for match in _NAMED_YEAR.finditer(folded)]


def find_date(text: str) -> tuple[date, int, int] | None:
    """The first full date of a text, with its start and end; None without one or when the calendar has no such day.

    >>> find_date("二〇二五年一月十日")[0].isoformat(), find_date("成文日期：2024-02-30")
    ('2025-01-10', None)
    """
    match = _DATE.search(fold(text))
    if not match:
        return None
    year, month, day = match[1], match[2] or match[5], match[3] or match[6]
    try:
        return date(_year_value(year), _day_value(month), _day_value(day)), match.start(), match.end()
    except ValueError:
        return None
