"""Is a quantity a fact that the report states, or a rule, a change, a slogan, a plan?

Source of the cases: hand annotation of five reports; each rule has its sentences in tests/figures/sentences.txt.
"""

import re

from fzsearch.figures.quantities import Quantity
from fzsearch.numerals import chinese_number

_COUNTED = re.compile(r"已|共|累计|总计|合计")
_RULE = re.compile(
    r"每(?!年以来)|平均|最多|至多|最少|不超过|不多于|原则上|力争|争取(?!资金|经费|项目|到)|确保|必须|应当|不得|务必"
    r"|(?:计划|拟|预计|打算|准备)(?=在|于|年内|20|开|组|举|建|投|新|完|再|对|聘|用|将|达)"
    r"|目标[是为]|要(?:达到|不|在|有|完成|开展|组织|配|求每|求各)|应(?=不|达到|配|有|由\d)|须"
    r"|[,。;年步镇乡道]将(?=开|组|举|建|投|新|完|再|聘|达)|^将(?=开|组|举|建|投|新|完|再|聘|达)"
)
_AT_LEAST = re.compile(r"(?:不少于|不低于|至少)\s?$")
_CHANGE = re.compile(
    r"(?:同比|环比|(?:较|比|同)(?:去年|上年|上一年|前一年|往年|20\d\d年|同期)|与(?:去年|上年)(?:同期)?相比)"
    r"|(?:增长|上升|下降|减少|提高|提升|增加|降低|缩短|压缩|压减|精简|增幅|降幅|(?<!新)增|降|升)(?:了|幅|约|近|超|过|率|为){0,3}\s?$"
    r"|(?:减少|下降|缩短|压缩|压减)[^,。;、]{0,6}$"
)
_NOTHING = re.compile(r"(?:未发生|未出现|未收到|没有|杜绝)[^,。;、]{0,4}$")
_EARLIER = re.compile(r"(?:上年|去年|上一年|前年|往年)(?!以来)[^,。;\d]{0,8}$")
_GROWS = re.compile(r"(?:增长|增加|上升|下降|减少|提高|提升|降低?|增)[到至为]")
_LEVEL = re.compile(r"[至到达为]\s?$")
_PLAN = re.compile(
    r"[^,。;]{0,6}?(?<!明确)(?<!部署)(?<!安排)(?<!研究)(?<!谋划)(?:下一步|下步|下一年度|明年|今后|接下来|下阶段)"
)
_DONE = re.compile(r"已(?!经常)|截至|截止|目前|现有|今年以来|累计|完成了|开展了")
# A small number in Chinese is a fact in the way people count events, not 四个意识, 两项制度, 一件事.
_EVENTS = frozenset(
    ("次", "场", "场次", "期", "起", "件", "份", "名", "人次", "篇", "户次", "轮", "例", "宗", "册", "堂", "节")
)
_THINGS = re.compile(
    r"(?:了|共|现有|建成|建立|设立|成立|设置|新增|新建|打造|下辖|辖|聘请|完成|开展|召开|组织|举办|配备|受理|办理)$"
)
_SYSTEM = re.compile(r"[^,。;]{0,6}(?:制度|机制|体系|清单|格局|目标|平台|原则|工程|行动|平台|主线|中心任务)")
_AGAIN = re.compile(r"(?:每|再|又|跑|同|统|逐|最多|最少|任何|头|任|办成|第|上|下|这|某|另|[年月周季]|季度)$")
_CLAUSE_END = re.compile(r"[,。;:!?、)\n]|$")
_THRESHOLD = 3
_SMALL = 10
_AROUND_THE_CLOCK = 24
_QUOTE = 15


def is_fact(quantity: Quantity, clause: str, after: str) -> bool:
    """Whether the report states a quantity as a fact.

    Args:
        quantity: the quantity.
        clause: what leads to it in its clause, folded.
        after: what follows it in its clause, with the closing mark.
    """
    return not (
        _is_rule(quantity, clause, after)
        or _is_change(clause)
        or bool(_NOTHING.search(clause))  # 未发生1起
        or bool(_EARLIER.search(clause))  # 上年受理88起
        or _is_name(clause, after)
        or _is_figure_of_speech(quantity, clause, after)
    )


def is_old_level(after: str) -> bool:
    """Whether what follows a quantity makes it the old level of another: 由20件增长到32件."""
    return bool(_GROWS.match(after))


def is_plan(sentence: str, *, in_plan: bool) -> bool:
    """Whether a sentence tells what will be done: in the part of plans all do that do not say what was done."""
    return in_plan and not _DONE.search(sentence)


def opens_plan(sentence: str) -> bool:
    """Whether plans begin with a sentence (下一步，我镇将…)."""
    return bool(_PLAN.match(sentence))


def _is_rule(quantity: Quantity, clause: str, after: str) -> bool:
    """每村不少于3名, 执行2人以上的规定, 1次/月, 24小时; 已建成不少于3处 is a fact, 3日以内 never."""
    rules = list(_RULE.finditer(clause))
    if rules and not (rules[-1][0].startswith("每") and re.search("共|累计|全年", clause[rules[-1].end() :])):
        return True
    if _AT_LEAST.search(clause) and not _COUNTED.search(clause):
        return True
    if quantity.approx in {"以下", "以内", "之内"} or after.startswith("/") or re.match(r"每[季月年周]", after):
        return True
    if quantity.approx == "以上" and quantity.unit != "%":
        is_low = quantity.value <= _THRESHOLD
        return is_low or bool(re.search(r"的?(?:规定|要求|标准)", after))
    return quantity.unit == "小时" and quantity.value == _AROUND_THE_CLOCK


def _is_change(clause: str) -> bool:
    """同比增长12%, 减少5起; 增长到12件 states a level."""
    return bool(_CHANGE.search(clause)) and not _LEVEL.search(clause)


def _is_name(clause: str, after: str) -> bool:
    """Inside 《…》, or a short “…”: “1件事”, “3个清楚”."""
    if clause.rfind("《") > clause.rfind("》"):
        return True
    opening = max(clause.rfind("“"), clause.rfind("‘"))
    is_open = opening > max(clause.rfind("”"), clause.rfind("’"))
    closing = re.search("[”’]", after)
    return is_open and closing is not None and len(clause) - opening + closing.start() <= _QUOTE


def _is_figure_of_speech(quantity: Quantity, clause: str, after: str) -> bool:
    number = chinese_number(quantity.number)
    if number and (quantity.unit in {"类", "种"} or re.match("[大小实好新难急要]?事", after)):
        return True
    if number is None or quantity.unit == "%" or quantity.approx in {"余", "多"}:
        return False
    is_last = bool(_CLAUSE_END.match(after))
    if number == 1:
        return bool(_AGAIN.search(clause)) or quantity.unit not in _EVENTS or not (is_last or _THINGS.search(clause))
    if quantity.unit in _EVENTS or number > _SMALL:
        return False
    return not (is_last or (_THINGS.search(clause) and not _SYSTEM.match(after)))
