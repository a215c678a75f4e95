"""Which quantities stand in a text: number, unit, and the word that makes it approximate?

A quantity is a number with a unit of the table right behind it. Dates, ordinals, article numbers and numbers of phones
have none and never come up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fzsearch.numerals import fold, number_value

_PLAIN_UNITS = "人次 件次 场次 户次 家次 批次 份次 万元 亿元 册 宗 辆 箱 公里 平方米 堂 笔 只 轮次 学时 卷 ㎡ %"
_UNITS = """
    元 旦 素
    件 事
    起 草 来 到 步 诉 点 源 用 底
    次 日 要 于 年 月
    场 所 镇 景 地 馆
    期 间 限 满 工
    名 单 义 称 录 牌 额
    人 民 大 才 均 员 社 力 事 口
    位 于 列 居 置
    份 额 子
    条 例 件 线 块
    项 制度 规定 机制 改革 清单 任务清单 工作法
    个 月 多 百分点 小时 工作日 点 年 季度 坚持 维护 意识 自信 确立 一 百 方面 环节 统一 清楚 标准 不 必须 规定
    家 庭 长 园 属 事
    户 籍 外
    所 有 以 在 需
    处 理 置 罚 室 于 级
    间 接 隔
    部 分 门 署 委 长 队
    篇 章
    块 链
    幅 度
    面 向 对 临 积 貌
    批 评 示 复 准 办
    支 部 持 书 出 撑 委
    轮 换 流 值 训
    例 如 外
    套 路 餐
    张 贴 清单 网 榜
    台 账 阶 风
    本 镇 级 年 地 乡 街 次 着 辖 单
    亩 产
    节 约 日 点 假
    课 堂 程
    站 式 点 位 长 在
    组 织 成 建
    桩 桩
    村 民 庄 级 规 居 干 务 委 两 支 “ 一 （ 屯 组
    类 别 型 案
"""
"""Measure words; behind each what follows it where it is no unit: 3名单, 12项制度 (a name), 2个百分点 (a change)."""

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_WITH_TIMES = frozenset("人场家户件")
_ONES = "一二两三四五六七八九"
_HANZI = "一二两三四五六七八九十百千万零〇"
_UNIT = "|".join(
    [
        *_PLAIN_UNITS.split(),
        *(f"{unit}(?!{'|'.join(longer)})" for unit, *longer in map(str.split, _UNITS.strip().split("\n"))),
    ]
)
_RANGE = rf"(?:[-—~至到]\s?(?:{_DIGITS}|[{_HANZI}]+)(?=[余多]?\s?(?:{_UNIT})))?"
_QUANTITY = re.compile(
    rf"(?P<about>(?<![最附临邻])近|将近|接近|(?<![民公条合契预节制签])约|大约|约计|超|超过|逾|上|突破)?\s?"
    rf"(?P<number>{_DIGITS}|百分之[{_HANZI}]+(?:点[{_HANZI}]+)?|[{_HANZI}]+)\s?(?P<range>{_RANGE})"
    rf"(?P<odd>[余多几来])?\s?(?P<myriad>(?:[百千万](?=[余多]?\s?(?:{_UNIT})))?)(?P<odd2>[余多])?\s?(?P<unit>{_UNIT}|"
    rf"(?<=[{_HANZI}\d])(?=[，。；、,;.\"”]|$))"
    rf"(?P<times>\(次\))?(?P<after>余|以上|以下|左右|上下|有余|之多)?"
)
_RATE = re.compile(r"率[^，。；、\d]{0,6}$")
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity in a text; `start` and `end` bound number, unit and what makes it approximate, in characters.

    `value` of a range is its lower end, with the upper one in `approx`: 3至5名 is 3, "至5". `is_hanzi`: written in
    Chinese, as set phrases are (三项制度).
    """

    value: float
    unit: str
    approx: str
    start: int
    end: int
    is_hanzi: bool


def find_quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a text, in order.

    >>> [(q.value, q.unit, q.approx) for q in find_quantities("发放1.2万余份，罚款５，１００元，达百分之九十五点六")]
    [(12000, '份', '余'), (5100, '元', ''), (95.6, '%', '')]
    """
    folded = fold(text).replace("﹪", "%")
    at = 0
    while found := _QUANTITY.search(folded, at):
        quantity = _quantity(found, folded)
        at = found.end() if quantity else max(found.end("number"), found.start() + 1)
        if quantity:
            yield quantity


def _quantity(found: re.Match[str], text: str) -> Quantity | None:
    if not _stands_alone(found, text):
        return None
    value, unit = _amount(found, text)
    if value is None or not unit:
        return None
    if found["times"] and unit in _WITH_TIMES:
        unit += "次"
    approx = found["about"] or found["odd"] or found["odd2"] or found["after"] or ""
    if found["range"]:
        approx = "至" + re.sub(r"^[-—~至到]\s?", "", found["range"])
    return Quantity(
        value=_plain(value),
        unit=unit,
        approx=approx,
        start=found.start("about") if found["about"] else found.start("number"),
        end=found.end(),
        is_hanzi=_is_hanzi(found),
    )


def _is_hanzi(found: re.Match[str]) -> bool:
    return found["number"][0] in _HANZI


def _stands_alone(found: re.Match[str], text: str) -> bool:
    """Whether the number is no part of a longer word or number: 第3次, 1+6+N, 1次/月, 数十起, 三四次."""
    before = text[: found.start("number")].rstrip(" ")[-1:]
    if re.fullmatch(f"[{_ONES}]{{2}}", found["number"]) or (before in {"数", "几"} and _is_hanzi(found)):
        return False
    is_joined = before != "" and (before in "第.·+-/:*#—~" or (before.isascii() and before.isalnum()))
    return not (is_joined and not found["about"]) and text[found.end() : found.end() + 1] != "/"


def _amount(found: re.Match[str], text: str) -> tuple[float | None, str]:
    """Value and unit; "" for a number that has none."""
    number, unit = found["number"], found["unit"]
    if number.startswith("百分之"):
        return _percentage(number), "%"
    value = number_value(number)
    if not unit and value is not None and value <= _WHOLE and _RATE.search(text[: found.start("number")]):
        return value, "%"  # conversion swallows the sign before a picture
    if value is None or not found["myriad"]:
        return value, unit
    if (found["myriad"], unit) == ("万", "元"):
        return value, "万元"
    return value * {"百": 100, "千": 1000, "万": 10_000}[found["myriad"]], unit


def _plain(value: float) -> float:
    """A whole number as int, others without what binary fractions add (1.2 × 10000)."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _percentage(words: str) -> float | None:
    whole, _, part = words.removeprefix("百分之").partition("点")
    value = number_value(whole)
    if value is None or not part:
        return value
    return value + sum((number_value(char) or 0) * 0.1**place for place, char in enumerate(part, 1))
