"""Which sentences turn to the report's own problems, or to its plan?

Asked where no heading tells. Sources: MEASURED-reading §3 (trap 15), §4.
"""

import re

from fzsearch.model import Part
from fzsearch.numerals import find_years

_WORDS = r"问题(?!线索|整改|清单)|不足(?!\d)|短板|差距|薄弱|困难(?![群家人职户企党残学])|弱项"
# The report's own shortfalls; 解决存在的问题 and 问题有效解决 are deeds.
_PROBLEM = re.compile(
    rf"(?:仍|还|尚|也|(?<!不)但|依然|依旧|同时|虽)[^。；]{{0,30}}(?:存在|有)[^。；]{{0,30}}(?:{_WORDS})"
    rf"|(?<!不)存在(?:着|一些|以下|如下|主要|一定|的)*[^，。；对]{{0,8}}(?:{_WORDS})(?:主要)?(?:是|有(?!效)|表现|体现|[：:，。；]|$)"
    rf"|(?:主要|突出|以下)(?:{_WORDS})(?:是|有(?!效)|[：:])|不足之处"
    r"|(?:问题|不足|短板)(?:仍|依然|还)[^，。；]{0,4}(?:突出|明显|存在|不少)|(?:还|仍|尚)(?:不够|有待|需(?:进一步|不断)?(?:加强|提高|提升|完善))"
)
_HANDLED = re.compile(
    rf"(?:解决|针对|整改|排查|发现|研究|围绕|查找|梳理|反馈|化解|纠正|剖析|聚焦|对)[^，。；]{{0,14}}(?:{_WORDS})"
)
_AHEAD = re.compile(
    r"(?:下一?(?:步|阶段|年|年度)|今后|接下来|明年|来年|新的?一年|未来|打算[：:]|工作(?:打算|安排|计划)[：:])"
)
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+[是、]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.．)）])\s*")
_REMEDY = re.compile(
    r"(?:针对|对于|围绕)(?:以上|上述|存在)[^。；]{0,12}(?:问题|不足|短板)[^。；]{0,20}(?:将|打算|下一?步，)"
)
_PROMISE = re.compile(r"将|继续|进一步|持续|重点|要|计划|打算|力争|着力|加强|[：:]")


def turn_of(text: str, year: int | None) -> Part | None:
    """PROBLEMS or PLAN where a sentence turns to them, None where it goes on; a year after `year` opens the plan.

    >>> turn_of("但仍存在人手偏紧的问题。", 2024), turn_of("下一步，将配强人员。", 2024)
    (<Part.PROBLEMS: 'problems'>, <Part.PLAN: 'plan'>)
    >>> turn_of("解决了存在的问题。", 2024)
    """
    words = _NUMBER.sub("", text)
    ahead = _AHEAD.match(words) or any(year and one > year and not start for one, start, _ in find_years(words))
    if (ahead and _PROMISE.search(words)) or _REMEDY.search(words):
        return Part.PLAN
    return Part.PROBLEMS if _PROBLEM.search(_HANDLED.sub("", text)) else None
