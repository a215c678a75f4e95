"""To which statutory part does each section belong?

The rules look at headings only: first-level headings decide, children inherit, and the children of a merged heading
(存在问题及下步打算) are told apart one by one. Source of the order of rules: MEASURED-reading §4.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fzsearch.ingest.turns import turn_of
from fzsearch.model import Part, Section
from fzsearch.numerals import find_years, squeeze

_OTHER = re.compile(
    r"^(?:工作|有关|几点|意见|对策)*[和与及、]?建议$|其[他它](?:需要|需|应当|有关|相关|重要)?(?:报告|说明|反映)?的?(?:情况|事项|问题|工作)|(?:需要|需)(?:报告|说明)的"
)
_PROBLEM_WORDS = "问题|不足|短板|困难|薄弱环节|差距|弱项"
# 聚焦突出问题, 问题导向, 解决…问题 are what was done, not what is missing.
_NOT_PROBLEMS = re.compile(
    rf"问题导向|(?:聚焦|解决|破解|化解|紧盯|围绕|针对|整治|整改|补齐|回应|处置|处理)[^，,。]{{0,16}}(?:{_PROBLEM_WORDS})"
)
_PROBLEMS = re.compile(
    rf"存在[^，,。]{{0,10}}(?:{_PROBLEM_WORDS})|(?:{_PROBLEM_WORDS})[和与及、]?[^，,。]{{0,8}}(?:原因|分析)"
    rf"|(?:主要|突出|工作|面临的?|尚[存有])(?:{_PROBLEM_WORDS})|仍?存在的?差距"
    rf"|(?:^|[和与及、的年度])(?:{_PROBLEM_WORDS})+(?:之处)?(?:$|[和与及、])"
)
_FACED = re.compile(rf"(?:正视|直面|认清|查摆)[^，,。]{{0,4}}(?:{_PROBLEM_WORDS})")  # alone it is a deed
_LEADER = re.compile(
    r"第一责任人|主要(?:负责(?:人|同志)|领导)[^，,。]{0,20}(?:职责|履职|述法|情况)|述法(?:工作)?(?:情况)?|党政主要负责"
    r"|(?:书记|镇长|乡长|主任|一把手)[^，,。]{0,16}(?:职责|履职|责任)[^，,。]{0,4}情况|^(?:20\d\d年度?)?履职(?:尽责)?情况$"
)
_DONE = re.compile(r"举措|成效|主要措施|主要做法")
# Says no more than that work was done; does not tell a leader's report from that of the township.
_SUMMARY = re.compile(
    r"(?:工作|建设|任务)(?:总体|基本|推进|开展|完成|落实)?(?:情况|总结|回顾)$|(?:开展|总体|基本)情况$|(?:成绩|亮点)$"
)
_NOT_PLAN = re.compile(r"[学普用]法(?:工作)?计划(?:安排)?|计划管理")
_PLAN_TIME = re.compile(r"下一?(?:步|阶段|年|年度)|今后|明年|来年|新(?:的)?一年")
_PLAN = re.compile(
    rf"{_PLAN_TIME.pattern}|下半年|未来(?:的?(?:工作|安排|思路|展望)|一年)|打算|(?:工作|总体|主要|目标)(?:思路|安排|计划|规划|打算)"
    r"|(?:思路|安排|打算|谋划|努力方向|(?:改进|整改|应对|解决)(?:措施|方向|思路|办法)|对策(?:建议)?)$"
    r"|工作计划|计划安排|计划和"
)
_SHORTFALL = re.compile(
    r"不够|不足|不强|不高|不深|不到位|不平衡|有待|欠缺|薄弱|滞后|差距|缺乏|偏[低少弱]|短板|仍需|还需|有限|困难|不全|不实"
)
_APPENDED = re.compile(r"附|.*(?:[镇乡]|街道|政府|关于).*(?:法治|依法).*(?:报告|总结|汇报)$")  # what zones.py finds
_SHORT_HEADING = 14


def part_of_heading(heading: str, year: int | None = None) -> Part | None:
    """The part that a heading names, None when it names none (a measure, or a sub-heading).

    A year after the report year makes a plan. The first rule that holds wins.

    >>> part_of_heading("存在问题及下步工作打算"), part_of_heading("坚持问题导向，提升服务水平")
    (<Part.MIXED: 'mixed'>, None)
    """
    text = squeeze(heading)
    problems = bool(_PROBLEMS.search(_NOT_PROBLEMS.sub("", text)))
    done = bool(_DONE.search(text))
    ahead = year is not None and any(named > year for named, _, _ in find_years(text))
    plan = bool(_PLAN.search(_NOT_PLAN.sub("", text))) or ahead
    if _OTHER.search(text) and not plan:
        return Part.OTHER
    if problems or (plan and _FACED.search(text)):
        return Part.MIXED if plan else Part.PROBLEMS
    if _LEADER.search(text) and not re.search("举措|成效", text):
        return Part.LEADER
    if plan:
        return Part.PLAN
    return Part.MEASURES if done or _SUMMARY.search(text) else None


def opens_plan(paragraph: str) -> bool:
    """Whether a paragraph turns from problems to the plan (下一步，我镇将…)."""
    return turn_of(paragraph.strip()[:60].lstrip("*● "), None) is Part.PLAN


def assign_parts(sections: Sequence[Section], year: int | None) -> Iterator[tuple[Section, str]]:
    """Each section with its part, and the name of the rule that decided it ("part.heading", "part.parent").

    Sections come in document order; a child is judged after its parent.
    """
    judged: dict[str, Section] = {}
    told = {part_of_heading(section.heading, year) for section in sections if section.heading}
    for section in sections:
        part, rule = _part(section, judged, year)
        turn = turn_of(_body(section).partition("。")[0], year) if rule == "part.default" else None
        if turn and told.isdisjoint({turn, Part.MIXED}):
            part, rule = turn, "part.body"
        judged[section.path] = replace(section, part=part)
        yield judged[section.path], rule


def _part(section: Section, judged: dict[str, Section], year: int | None) -> tuple[Part, str]:
    if section.level == 0:
        return Part.FRONT, "part.front"
    named = part_of_heading(section.heading, year) if section.heading else None
    if section.level == 1:
        return _first_level(section, named)
    parent = judged[section.path.rpartition(".")[0]]
    if parent.part is Part.MIXED:
        siblings = [other.part for other in judged.values() if _same_parent(other.path, section.path)]
        return _split_child(section, named, siblings or _last_turn(parent, year))
    if section.level == 2 and named and _overrides(named, section.heading or "", year):  # noqa: PLR2004
        return named, "part.heading"
    return parent.part, "part.parent"


def _body(section: Section) -> str:
    """The words behind the heading."""
    body = section.text.partition(section.heading)[2] if section.heading else section.text
    return body.lstrip("*。：:； \n\u3000")


def _last_turn(merged: Section, year: int | None) -> list[Part]:
    """What the lead of a merged section speaks of in the end: 仍有不足。下一步做好以下工作：."""
    turns = [turn_of(sentence, year) for sentence in _body(merged).split("。")]
    return [turn for turn in turns if turn][-1:]


def _overrides(named: Part, heading: str, year: int | None) -> bool:
    """Whether a second-level heading tells its part for itself, such as 存在问题 below a first-level 工作总结."""
    if named is Part.LEADER:
        return "第一责任人" in heading
    is_ahead = bool(_PLAN_TIME.search(heading)) or any(year and one > year for one, _, _ in find_years(heading))
    is_title = named is Part.PROBLEMS or (named in (Part.PLAN, Part.MIXED) and is_ahead)
    return is_title and len(squeeze(heading)) <= _SHORT_HEADING


def _first_level(section: Section, named: Part | None) -> tuple[Part, str]:
    if named:
        return named, "part.heading"
    if section.heading is None:
        return Part.OTHER, "part.no_heading"
    if section.marker is None and (appended := _APPENDED.match(section.heading)):
        return (Part.OTHER, "part.attachment") if appended[0] == "附" else (Part.FRONT, "part.front")
    return Part.MEASURES, "part.default"


def _split_child(section: Section, named: Part | None, before: Sequence[Part]) -> tuple[Part, str]:
    """The part of a child of a merged heading: its own words, else the turn to the plan, else what came before."""
    if named in (Part.PROBLEMS, Part.PLAN):
        return named, "part.heading"
    if opens_plan(section.text):
        return Part.PLAN, "part.lead"
    if Part.PLAN in before[-1:]:
        return Part.PLAN, "part.sibling"
    if _SHORTFALL.search(section.text[:60]) or not before:
        return Part.PROBLEMS, "part.words"
    return before[-1], "part.sibling"


def _same_parent(path: str, other: str) -> bool:
    return path.rpartition(".")[0] == other.rpartition(".")[0]
