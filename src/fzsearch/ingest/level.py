"""Whose report is this: a township's, a government's above it, a department's, or no such report at all?

Read from the words before the subject of the title, else from who signed it, else from how the text speaks of itself.
Sources: DOMAIN §1 (who reports), §4 (titles).
"""

import re
from collections import Counter
from collections.abc import Sequence

from fzsearch.ingest.found import provenance
from fzsearch.ingest.issuers import before_subject
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.title import Title, printed_title
from fzsearch.model import Level, Place, Provenance
from fzsearch.numerals import fold, squeeze

_OPENING = 700  # characters in which a document without a title says what it is

_REPORT = re.compile(r"报告|总结|汇报|情况|小结|自[查评]|年报|白皮书|述法")
_SUBJECT = re.compile(r"法治政府|法治建设|依法行政|依法治|法制|普法|法治")
# What a title ends with that announces, orders, explains or tells, and reports nothing.
_OTHER_KIND = re.compile(
    r"(?:通知|通告|公告|公示|公报|方案|意见|办法|规则|规定|条例|法|细则|决定|函|批复|讲话|发言|发言稿|致辞|解读|纪要|制度|清单|要点|名单|简报"
    r"|启事|章程|倡议书|承诺书|责任书|会|会议|活动|培训|宣传|建议|提案|答复|预案|指南|规划|(?:计划|安排|打算))$"
)
_PUBLISHED = re.compile(r"(?<=报告|总结|情况)》?的?(?:公示|公告|通告|公布|公开|发布)$")  # 年度报告公示 is a report
_PLANS = frozenset({"计划", "安排", "打算", "要点", "规划"})
_OTHER_SUBJECT = re.compile(
    r"解读|(?<!法治)政府工作报告|(?:信息|政务)公开.*(?:报告|总结)|述职|(?<!暨)述法报告|问答|一图读懂"
)
_PERSON = re.compile(r"(?:镇长|乡长|主任|书记|县长|区长|市长|局长|所长)")

_GOVERNMENT = re.compile(
    r"(?:政府|办事处|[镇乡县区市旗省州盟]委|工委|党委|[镇乡道县区市旗省州盟木作]委员会|管委会|管理委员会)$"
)
_DEPARTMENT = re.compile(
    r"(?:局|厅|所|队|中心|院|学校|大学|中学|小学|公司|集团|站|办公室|办公厅|办|委|委员会|党组|部|馆|社|分局|执法局)$"
)
_ZONE = re.compile(
    r"(?:开发区|高新区|经开区|园区|新区|度假区|风景区|景区|试验区|示范区|管理区|保税区|管委会|管理委员会)$"
)
_COUNTY_ALONE = re.compile(r"^(?:全|我|本|[*xX某]+)?[县区旗](?!域)")
_MASKED = re.compile(r"(?:[xX×*某]+|^)(?:镇|乡|街道|苏木)")

# How a text speaks of those who wrote it, where neither title nor sign-off tells.
_OWN_WORDS = {
    Level.TOWNSHIP: re.compile(r"我[镇乡]|我街道|全[镇乡]|全街道|本[镇乡]|本街道|[镇乡]党委|街道党工委|街道办事处"),
    Level.COUNTY: re.compile(r"我[县旗]|全[县旗]|县政府常务会|区政府常务会"),
    Level.DEPARTMENT: re.compile(r"我[局委厅]|本局|全局系统|局党组|局机关|局党委"),
}


def find_level(
    title: Title | None, issuers: Sequence[str], place: Place, lines: Sequence[NumberedLine]
) -> tuple[Level, Provenance]:
    """Who reports, and by which rule: "level.kind", "level.title", "level.issuer", "level.place" or "level.text".

    `place` is the place of the report as far as it is known, `issuers` who issued it.
    """
    words = fold(printed_title(title.text)) if title else ""
    number = title.provenance.line if title else None
    if not _is_report(words, lines):
        return Level.OTHER, provenance("level.kind", words or (lines[0].text.strip() if lines else ""), number)
    own = before_subject(words)
    if level := _level_of_office(own, place):
        return level, provenance("level.title", words, number)
    for office in issuers:
        if level := _level_of_office(office, place):
            return level, provenance("level.issuer", office)
    if level := _level_of_place(place):
        return level, provenance("level.place", place.names[-1])
    counts = Counter({level: sum(len(own.findall(line.text)) for line in lines) for level, own in _OWN_WORDS.items()})
    (level, count), *_ = counts.most_common(1)
    return (level if count else Level.OTHER if not words else Level.TOWNSHIP), provenance("level.text", words)


def place_of_level(level: Level, place: Place, evidence: Sequence[Provenance]) -> Place:
    """The place that a report of that level keeps: no township for a department, nothing uncertain for other texts."""
    if level is Level.DEPARTMENT and place.township:
        code = place.code[:6] if place.code else None
        return Place(province=place.province, city=place.city, county=place.county, code=code)
    if level is Level.OTHER:
        is_stated = any(re.search(r"title|signoff|page", item.rule) for item in evidence)
        return place if is_stated and not place.is_ambiguous else Place()
    return place


def _is_report(title: str, lines: Sequence[NumberedLine]) -> bool:
    """Whether a title, or else an opening, is that of a report on 法治政府建设.

    总结暨计划 reports, 要点 and 工作计划 alone do not; a title that says neither is judged by the opening.
    """
    words = re.sub(r"(?:\([^()]*\)|〔[^〕]*〕)$", "", title).rstrip("》")
    words = _PUBLISHED.sub("", words)
    if _OTHER_SUBJECT.search(words) or (_PERSON.search(words) and "述" in words):
        return False
    kind = _OTHER_KIND.search(words)
    has_more = kind and re.search(rf"(?:{_REPORT.pattern}).*(?:暨|及|和|与|、)", words[: kind.start()])
    if kind and not (kind[0] in _PLANS and has_more):
        return False
    if _REPORT.search(words) and _SUBJECT.search(words):
        return True
    opening = fold(squeeze("".join(line.text for line in lines)[:_OPENING]))
    return bool(
        _SUBJECT.search(words + opening) and re.search(r"(?:报告|汇报|总结|情况|通报)如下|法治政府建设", opening)
    )


def _level_of_office(name: str, place: Place) -> Level | None:
    """The level of an office or a bare place; None when the name tells nothing."""
    if not name:
        return None
    is_zone = bool(_ZONE.search(name))
    if is_zone or (_DEPARTMENT.search(name) and not _GOVERNMENT.search(name)):
        return Level.TOWNSHIP if is_zone and place.township else Level.DEPARTMENT
    if _MASKED.search(name):
        return Level.TOWNSHIP
    return Level.COUNTY if _COUNTY_ALONE.search(name) and not place.names else _level_of_place(place)


def _level_of_place(place: Place) -> Level | None:
    if place.township:
        return Level.TOWNSHIP
    if place.county:
        return Level.COUNTY
    if place.city and place.city != place.province:
        return Level.CITY
    return Level.PROVINCE if place.province else None
