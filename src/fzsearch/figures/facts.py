"""Is a quantity a fact about the reported year? Rules, plans, changes, slogans and set phrases are none.

The kinds are those of the reports: 每村不少于3名 is a rule, 同比增长12% a change, “1件事” a slogan.
"""

import re

from fzsearch.figures.quantities import Quantity

_RULE_BEFORE = re.compile(
    r"(?:每(?:个|一|户|家|名|位|人)?(?:行政)?(?:村|社区|年|季度?|半年|月|周|日|天|旬|学期|组|户|家|人|次|名|件|单位|部门|网格)|至少|不少于|不得少于|不低于|不得低于|不超过|不得超过|"
    r"不多于|不高于|必须|要求|须|应当|最多|最少|原则上|力争|争取达到|确保(?:达到)?|目标|打造成|(?:计划|预计|拟|将)(?=[^，。；！？、\d])|"
    r"满分|标准为|按照|其中每)[^，。；！？、]{0,12}$"
)
_RULE_AFTER = re.compile(r"^(?:以上|以下)?(?:“?亮证|执法人员(?:同时)?(?:在场|亮证)|(?:工作日|小时|个月|天)?内(?!容))")
_NEVER = re.compile(r"(?:未|没有|无|不)(?:发生|出现|有|再|曾)?(?:发生|出现)?(?:过)?$")
_HABIT = re.compile(r"每(?:月|季度?|周|年|半年|次)")
_CHANGE_BEFORE = re.compile(
    r"(?:(?:同比|环比|比上年|较上年|比去年|较去年|上年同期|去年同期|与上年)[^，。；]{0,8}(?:增长|增加|减少|下降|上升|提高|提升|多|少|降低|增|降)|"
    r"增长|下降|上升|减少|降低|提高|提升|增幅|降幅|涨幅|增加|压减|精简|缩短|缩减|压缩|压降)(?:了|率|约|近|到?达|幅度)?[为：:]?$"
)
_BEFORE_CHANGE = re.compile(r"由(?:原来的?|上年的?|去年的?)?$")
_TO_CHANGE = re.compile(r"^[^，。；]{0,6}(?:增加|增长|提高|提升|上升|减少|下降|降低|扩大|增|降|扩展|调整)(?:到|至|为)")
_EARLIER = re.compile(r"(?:上年|去年|上一年度?|往年|前年)[^，。；\d]{0,8}$")
_SLOGAN_QUOTE = 12
_OPEN, _CLOSE = "“「‘《", "”」’》"
_HANZI_UNITS = frozenset(
    "次/场/场次/期/件/起/名/人/位/份/家/户/人次/所/处/个/支/批/轮/例/宗/部/台/间/%/万元/元/篇/块/幅/册".split("/")  # noqa: SIM905
)
_THINGS = "村|社区|居委会|部门|单位|站|点|室|办公室|所|中队|调委会|网格|小区|企业|机关|平台|窗口|中心|队伍|组织|委员会"
_AFTER_HANZI = {
    "个": rf"[一-龥]{{0,6}}(?:{_THINGS})",
    "支": r"[一-龥]{0,8}(?:队|队伍)",
    "部": r"[一-龥]{0,8}(?:法|规章|短剧|微电影|视频|影片)",
    "家": r"[一-龥]{0,8}(?:企业|单位|律师|店|公司)",
    "件": r"(?![一-龥]{0,2}事)",
    "次": r"(?!性|办|办好|办结|跑|到位|办成|告知)",
}
"""What a number in Chinese up to ten has to be followed by for these units to count: 三个村 does, 三个方面 does not."""
_ONE_UNITS = frozenset({"次", "场", "期", "名", "位", "起", "场次", "处", "家", "支", "件", "份", "间", "部"})


def is_fact(quantity: Quantity, text: str, clause_start: int) -> bool:
    """Whether a report states a quantity as something that was so.

    Args:
        quantity: found in `text`.
        text: a sentence or more around it.
        clause_start: where the clause of the quantity begins.
    """
    before, after = text[clause_start : quantity.start], text[quantity.end :]
    if _in_slogan(text, quantity) or _is_rule(text, before, after, quantity):
        return False
    if _CHANGE_BEFORE.search(before) or _EARLIER.search(before) or _NEVER.search(before):
        return False
    if _BEFORE_CHANGE.search(before) and _TO_CHANGE.search(after):
        return False
    return not quantity.is_hanzi or _is_counted(quantity, text)


def _is_rule(text: str, before: str, after: str, quantity: Quantity) -> bool:
    if _RULE_BEFORE.search(before) or _RULE_AFTER.match(after):
        return True
    if quantity.approx.startswith("至") and (before.endswith("由") or _HABIT.search(text[: quantity.start])):
        return True
    few = quantity.value <= 2 and quantity.approx == "以上"  # noqa: PLR2004 - 2人以上执法, 1个以上场景
    return few or bool(re.search(r"[每各]$", before))


def _in_slogan(text: str, quantity: Quantity) -> bool:
    """Whether it stands in a short quotation or a title, which name things instead of counting them."""
    opened = max((text.rfind(mark, 0, quantity.start) for mark in _OPEN), default=-1)
    closed = max((text.rfind(mark, 0, quantity.start) for mark in _CLOSE), default=-1)
    if opened <= closed:
        return False
    end = min((at for mark in _CLOSE if (at := text.find(mark, quantity.end)) >= 0), default=-1)
    return end >= 0 and (text[opened] == "《" or end - opened - 1 <= _SLOGAN_QUOTE)


def _is_counted(quantity: Quantity, text: str) -> bool:
    """Whether a number in Chinese counts: 两次 does, 三项制度 and 一支队伍 name or praise."""
    after = text[quantity.end :]
    if quantity.unit not in _HANZI_UNITS:
        return quantity.value >= 10 or quantity.unit == "%"  # noqa: PLR2004 - 十二项 counts, 三项 names
    if quantity.value == 1:
        if quantity.unit not in _ONE_UNITS or re.search(r"[每首第新逐同统更进另年月季周]$", text[: quantity.start]):
            return False
        return quantity.unit in {"名", "位", "起"} or re.match(r"[，。；、,;]|$", after) is not None
    wanted = _AFTER_HANZI.get(quantity.unit)
    return quantity.value > 10 or wanted is None or re.match(wanted, after) is not None  # noqa: PLR2004
