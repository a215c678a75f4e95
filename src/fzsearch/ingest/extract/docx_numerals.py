"""How does Word print the number n in a list of a given format?

Names and series: ECMA-376 part 1, 17.18.59 ST_NumberFormat. No document is known here.
"""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LAST_COUNTED = 99
_TEENS = range(10, 20)
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def numeral(value: int, number_format: str) -> str:
    """The number as it is printed, "" for formats that print none; formats unknown here are printed as decimal.

    >>> numeral(12, "chineseCounting"), numeral(20, "decimalEnclosedCircle"), numeral(28, "lowerLetter")
    ('十二', '⑳', 'bb')
    """
    if number_format in {"bullet", "none"}:
        return ""
    return _FORMATS.get(number_format, str)(value)


def _counting(value: int) -> str:
    """一, 十, 十一, 二十, 九十九, then digit by digit: 一〇〇."""
    if value > _LAST_COUNTED:
        return _positional(value)
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _thousand(value: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """The spoken number up to 9999: 一百零三."""
    spoken, pending_zero = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit == 0:
            pending_zero = bool(spoken)
            continue
        spoken += ("零" if pending_zero else "") + digits[digit] + (units[power - 1] if power else "")
        pending_zero = False
    return spoken or "零"


def _counting_thousand(value: int) -> str:
    return _thousand(value).removeprefix("一") if value in _TEENS else _thousand(value)


def _positional(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def _letter(value: int) -> str:
    """Letters a … z, then doubled: aa, bb (not ab), as Word does."""
    repeat, index = divmod(value - 1, 26)
    return chr(ord("a") + index) * (repeat + 1) if value > 0 else "0"


def _roman(value: int) -> str:
    printed = ""
    for worth, letters in _ROMAN:
        count, value = divmod(value, worth)
        printed += letters * count
    return printed


def _from_series(series: str) -> Callable[[int], str]:
    """Take the n-th character of a series; decimal beyond its end."""
    return lambda value: series[value - 1] if 0 < value <= len(series) else str(value)


def _characters(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


_circled = _from_series(_characters(0x2460, 0x2473) + _characters(0x3251, 0x325F) + _characters(0x32B1, 0x32BF))

_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from_series(_characters(0x2474, 0x2487)),
    "decimalEnclosedFullstop": _from_series(_characters(0x2488, 0x249B)),
    "upperLetter": lambda value: _letter(value).upper(),
    "lowerLetter": _letter,
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "japaneseCounting": _counting,
    "chineseCountingThousand": _counting_thousand,
    "taiwaneseCountingThousand": _counting_thousand,
    "chineseLegalSimplified": lambda value: _thousand(value, _LEGAL_DIGITS, "拾佰仟"),
    "ideographDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "taiwaneseDigital": _positional,
    "ideographTraditional": _from_series("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _from_series("子丑寅卯辰巳午未申酉戌亥"),
}
