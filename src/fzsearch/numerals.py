"""Which numbers, years and dates do Chinese words and full-width digits state?

Text in, numbers out: nothing here knows what a report is.
"""

import re
import unicodedata
from datetime import date
from functools import cache

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

# 2024 or 二〇二四; the lookarounds keep 20240101 and 202* out.
YEAR = rf"(?<![\d*])(?:20\d\d|二[{_ZEROS}][{_ZEROS}{_ONES}]{{2}})(?![\d*])"
_DAY = rf"(?:\d{{1,2}}|[{_ONES}十]{{1,3}})"
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
    return text if text.isascii() else "".join(map(_fold_char, text))


def squeeze(text: str) -> str:
    """The text without any white space: Chinese titles and names have none of their own."""
    return "".join(text.split())


def chinese_number(text: str) -> int | None:
    """The value of 一 to 九十九, None for anything else.

    >>> chinese_number("十二"), chinese_number("三十"), chinese_number("七"), chinese_number("二〇")
    (12, 30, 7, None)
    """
    match = re.fullmatch(rf"(?:([{_ONES}]?)(十))?([{_ONES}]?)", text)
    if not match or not text:
        return None
    tens, ten, ones = match.groups()
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


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
    folded = re.sub(r"(?<=\d) +(?=\d|年)", lambda gap: "_" * len(gap[0]), fold(text))
    pattern = rf"(?<![-—–~至到\d])({YEAR})[_\s]*年(?:度)?(?!\s*{_DAY}\s*月)(?!\s*[-—–~至到]\s*{YEAR})"
    return [(_year_value(match[1]), match.start(), match.end()) for match in re.finditer(pattern, folded)]


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


_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


def number_value(text: str) -> float | None:
    """The value of a number in digits or Chinese, None for what is none.

    Thousands may be parted by commas; a digit form may end in 百, 千, 万 or 亿.

    >>> number_value("1,234.5"), number_value("1.2万"), number_value("两万五千"), number_value("一〇五")
    (1234.5, 12000.0, 25000, 105)
    >>> number_value("百"), number_value("十二"), number_value("一二"), number_value("个")
    (100, 12, 12, None)
    """
    plain = fold(text).replace(",", "")
    digits = re.fullmatch(r"(\d+(?:\.\d+)?)([百千万亿]?)", plain)
    if digits:
        value = float(digits[1]) if "." in digits[1] else int(digits[1])
        return value * (_PLACES | _MYRIADS).get(digits[2], 1)
    plain = plain.replace("两", "二")
    if re.fullmatch(rf"[{_ONES}{_ZEROS}]+", plain):  # 一〇五, 二〇二四
        return int("".join(str(_DIGITS[char]) for char in plain))
    return _chinese_value(plain)


def _chinese_value(text: str) -> int | None:
    """The value of a number with places: 三千五百, 一百零五, 十二万."""
    if not re.fullmatch(rf"[{_ONES}{_ZEROS}十百千万亿]+", text):
        return None
    total = section = digit = 0
    for char in text:
        if char in _MYRIADS:
            total = (total + section + digit) * _MYRIADS[char] if total + section + digit else _MYRIADS[char]
            section = digit = 0
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + section + digit
