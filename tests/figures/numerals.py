"""How is a number said in Chinese? For tests only, to check that reading undoes it."""

_DIGITS = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """The Chinese form of a number below 10^12: 1003 → 一千零三."""
    said = ""
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // scale % 10**4
        if group:
            said += ("零" if said and group < 1000 else "") + _group(group) + name
    return said or "零"


def _group(number: int) -> str:
    said, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + name
        gap = not digit
    return said
