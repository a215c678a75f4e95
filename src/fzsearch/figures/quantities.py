"""Which numbers with units stand in a text? Grammar only: whether one is a fact is decided in facts.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fzsearch.figures.indicators import units
from fzsearch.numerals import number_value

_CN = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,12}(?:\.\d{1,6})?)"
_NUMBER = rf"(?:{_ARABIC}|[{_CN}]+?(?:点[{_CN[:12]}]+)?)"
# What a unit begins with may begin a longer word: 项目, 条例, 人民, 部门, 家庭, 个百分点, 起来.
_NOT_UNIT = (
    r"(?!项目|条例|条款|条线|人民(?!调解|陪审)|人大(?!代表)|人均|部门|部署|家庭|家长|场所|场镇|期间|期限|起来|处理|处罚|处置|处级"
    r"|面积|面对|份额|次[日年月]|名称|名义|户籍|支部|支持|支付|篇章|座谈|台账|组织|组长|批准|批评|类型|种植|对接|对标|间隔|元旦"
    r"|通过|通知|首要|版本|头雁|本级|本地|本镇|本乡|所有|位于|位列|层级|条块|节点|套餐|口头|则[是为]"
    r"|个(?:百分点|多月|多小时|多?月|工作日|小时|自然日|星期|季度|年度|阶段|方面|层面|环节|维度|维护|意识|自信|确立|服从|务必|文明|一批|一(?![0-9千百十]))"
    r"|件事(?!项|故)|条主线|项基本原则|米高|米线|对一)"
)
_TAIL = "以上|以下|左右|上下|之多|以内|之内|余|多"


@cache
def _pattern() -> re.Pattern[str]:
    unit = "|".join(map(re.escape, units()))
    return re.compile(
        rf"(?=[\d{_CN}])(?<![\d.+×/·A-Za-z第〔-])(?:(?=\d|百分)|(?<![几数{_CN}]))"
        rf"(?:(?P<low>{_NUMBER}){_NOT_UNIT}(?:{unit})?\s?(?P<to>[-—–~至到]+)\s?)?"
        rf"(?:百分之(?P<percent>[{_CN}\d]+(?:[点.][{_CN[:12]}\d]+)?)"
        rf"|(?P<number>{_NUMBER})\s{{0,2}}(?P<more>[余多])?(?P<scale>[十百千万亿]{{0,2}}?)(?P<more2>[余多])?\s{{0,2}}"
        rf"{_NOT_UNIT}(?P<unit>[人场户家件批处]\(次\)|{unit}))(?P<tail>{_TAIL})?"
    )


# 通过率达到了100" once was 100%: a conversion ate the sign.
_LOST_PERCENT = re.compile(r"率(?:均|已|为|达到?|是|至|了)*(?P<number>\d{1,3}(?:\.\d+)?)(?=[^\d.%‰\w]|$)")
_NEAR = re.compile(
    r"((?<![最附临])近|大约|(?<![民公条合契节制集违预])约|将近|接近|超过|超|逾|突破|多达|高达|上|不少于|不低于|不超过|至少|最多|至多)\s?$"
)
_BARE = {"十", "百", "千", "万", "亿", "百万", "千万"}
_FULL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit as it stands; `start` and `end` bound number, 余 and unit, without words like 以上."""

    start: int
    end: int
    number: str
    value: float
    unit: str
    approx: str


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a folded text, in order; a range (3至5名) is one, its value the lower end, 至5 in `approx`."""
    found = [quantity for match in _pattern().finditer(text) if (quantity := _quantity(match, text))]
    lost = (
        Quantity(start=m.start(1), end=m.end(1), number=m[1], value=float(m[1]), unit="%", approx="")
        for m in _LOST_PERCENT.finditer(text)
        if float(m[1]) <= _FULL
    )
    yield from sorted((*found, *lost), key=lambda quantity: quantity.start)


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    percent, scale = match["percent"], match["scale"] or ""
    number = percent or match["number"] + scale
    near = _NEAR.search(text, max(0, match.start() - 4), match.start())
    is_bare = number in _BARE and not percent
    if near and near[1] == "上" and not is_bare:  # 网上30件
        near = None
    if is_bare and not near and not match["more"] and not match["more2"]:
        return None
    value = _value(match["low"] or number)
    if value is None or (match["low"] and _value(number) is None):
        return None
    to = f"{match['to']}{number}" if match["low"] else ""
    return Quantity(
        start=match.start(),
        end=match.start("tail") if match["tail"] else match.end(),
        number=number,
        value=value,
        unit="%" if percent else match["unit"].replace("(次)", "次"),
        approx=to or match["more"] or match["more2"] or match["tail"] or (near[1] if near else ""),
    )


def _value(number: str) -> float | None:
    head, point, places = number.partition("点")
    if point and head.isascii():
        number = f"{head}.{places}"
    return number_value(number)
