"""Which offices does a title or a sign-off name as those that issue the report?

The names stay as they are written; 政府 behind X镇党委 gets the place that it shares. Masked names (x镇, **镇) are
none.
"""

import re

from fzsearch.numerals import find_years, fold, squeeze

_OFFICE = re.compile(
    r"[^，、,()（）]*?(?:委员会|人民政府(?:[^，、,()（）]{1,8}街道办事处)?|办事处|党工委|党委|工委|政府)(?:办公室)?"
)
_DEPARTMENT = re.compile(r"[\u4e00-\u9fff]{2,20}(?:局|厅|司法所)")
_JOINED = re.compile(r"^[和及与暨](?=.)")
_PLACE_END = re.compile(r"(?:镇|乡|街道|苏木|区|场|县|市|旗|省|自治州|局|厅|司法所|委|办公室|中心)$")
_SUFFIX = re.compile(r"(?:工作委员会|委员会|人民政府|办事处|党工委|党委|工委|政府)$")
# Where the subject of a title begins; the offices stand before it. 建设镇 is a place, so 建设 alone is no subject.
_SUBJECT = re.compile(
    r"关于|(?:全面|深入|扎实|认真|推进|贯彻|落实|加强|开展|履行|年度|[上下]半年)*《?(?:法治|依法|法制|普法|党政主要|主要负责|第一责任人)"
    r"|(?:工作)?(?:报告|总结)"
)
_MASKED = re.compile(r"[xX×*某]+(?:省|市|县|区|镇|乡|街道|村)|[○〇]{2,}")
_MAX_OFFICE = 40


def offices_in_title(title: str) -> tuple[str, ...]:
    """The offices before the subject of a title, or the bare township when it names no office.

    >>> offices_in_title("甲镇党委政府关于2024年法治政府建设情况的报告")
    ('甲镇党委', '甲镇政府')
    >>> offices_in_title("2024年度乙镇法治政府建设报告")
    ('乙镇',)
    """
    head = before_subject(title)
    offices = _offices(head)
    if offices or not _PLACE_END.search(head) or _MASKED.search(fold(head)):
        return offices
    return (head,)


def before_subject(title: str) -> str:
    """What stands before the subject of a title: offices or a bare place, without the year; "" without a subject."""
    text = squeeze(title)
    for _, start, end in reversed(find_years(text)):
        text = text[:start] + text[end:]
    text = re.sub(r"^(?:关于|印发|度)+|20\d\d(?=法治|依法)|20\d\d[-—–~至到]+20\d\d年(?:度)?", "", text)
    subject = _SUBJECT.search(text)
    return re.sub(r"[《（(].*$", "", text[: subject.start()] if subject else "")


def offices_in_line(line: str) -> tuple[str, ...]:
    """The offices of a line that holds nothing else; empty for anything else."""
    text = re.sub(r"[（(][^（）()]*[）)]$", "", squeeze(line))
    if _DEPARTMENT.fullmatch(text) and not _MASKED.search(fold(text)):
        return (text,)
    offices = _offices(text)
    return offices if offices and not re.sub(r"[、，,]", "", _OFFICE.sub("", text)) else ()


def is_formal(office: str) -> bool:
    """Whether a name is that of an office, not of a bare township."""
    return bool(_SUFFIX.search(office))


def _offices(text: str) -> tuple[str, ...]:
    if len(text) > 2 * _MAX_OFFICE or _MASKED.search(fold(text)):
        return ()
    found: list[str] = []
    shared = ""
    for office in _OFFICE.findall(text):
        # 和 joins two offices, but 和平镇 begins with it.
        name = _JOINED.sub("", office) if found and not (shared and office.startswith(shared)) else office
        place = _SUFFIX.sub("", name)
        if not place and found:
            found.append(shared + name)
        elif place:
            found.append(name)
            shared = shared or re.sub(r"^(?:中国共产党|中共)", "", place)
    return tuple(dict.fromkeys(found))
