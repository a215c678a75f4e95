"""How are the findings of a check said in words? The same on pages and on the command line."""

from fzsearch.brief.check import CheckedLink
from fzsearch.brief.counts import CheckedCount
from fzsearch.brief.figures import MAX_SHOWN, CheckedFigure, Statement
from fzsearch.brief.surroundings import Basis, Evidence
from fzsearch.brief.verdict import Verdict
from fzsearch.service.differences import Change
from fzsearch.service.links import LinkState

FOLDING = (
    "比对前只做四件事：全角半角统一，空白和换行去掉，繁体转简体，引号写法统一；英文不分大小写。"
    "除此之外差一个字、一个数，都不算一致。"
)
FIGURE_RULE = (
    "数字按数值、单位、约数词（余、近、以上……）和所数的事对照，四样都相同才是一致；所数的事看指标，不归指标的看用词。"
    "与哪些报告对照，看同一句、同一段里的链接、地名和年份、引文，再看标题；都没有，就与全部语料对照。"
    "逐字一致的引文里的数字，不再单列。"
)
COUNT_RULE = "乡镇数、报告数、段数按旁边的检索链接重新检索；逐字命中和全部命中分开列，与其中之一相同即为一致。"
UNCHECKED_RULE = "规定、增减幅度、口号、计划里的数，以及旁边没有检索链接的乡镇数、报告数、段数，没有核对。"

_STATES = {
    LinkState.SAME: "打得开，所指的文字没有变",
    LinkState.MOVED: "打得开，文字相同，位置已移动",
    LinkState.CHANGED: "打得开，所指的文字已改动",
    LinkState.REMOVED: "所指的文字已不在语料中",
    LinkState.SEVERAL: "打得开，所指不止一份报告，需选一份",
}

LINK_VERDICTS = {
    LinkState.SAME: Verdict.SAME,
    LinkState.MOVED: Verdict.SEVERAL,
    LinkState.CHANGED: Verdict.DIFFERENT,
    LinkState.REMOVED: Verdict.MISSING,
    LinkState.SEVERAL: Verdict.SEVERAL,
}
"""Beside which verdict a link is listed where findings are filtered."""


def link_words(one: CheckedLink) -> str:
    """What has become of a link; where it leads now, if elsewhere."""
    target = one.resolution.target
    is_elsewhere = one.resolution.state in {LinkState.MOVED, LinkState.CHANGED} and target
    return _STATES[one.resolution.state] + (f"：{target}" if is_elsewhere else "")


def basis_words(basis: Basis) -> str:
    """With what a figure was compared, and why."""
    years = "、".join(map(str, basis.years))
    if basis.evidence is Evidence.CORPUS:
        why = f"（文中写的是“{basis.words}”）" if basis.words else "（近旁没有写明是哪份报告）"
        return f"对照全部语料{f'中 {years} 年度的报告' if years else ''}{why}"
    other = f"；注意：句中写的是“{basis.other}”，与链接所指的报告不是一处" if basis.other else ""
    if basis.evidence is Evidence.LINK:
        return f"按链接 {basis.words} 对照{other}"
    if basis.evidence is Evidence.QUOTATION:
        return f"按同段引文的出处 /r/{basis.keys[0]} 对照"
    named = f"“{basis.words}”" + (f"、{years} 年度" if years else "（近旁没有写年份）")
    return f"按地名{named}对照，有 {len(basis.keys)} 份报告" if basis.keys else f"语料里没有{named}的报告"


def figure_words(one: CheckedFigure) -> str:
    """What else is to be said of a figure, "" for nothing."""
    if one.reports > 1:
        shown = f"，列出 {MAX_SHOWN} 处" if one.reports > MAX_SHOWN else ""
        return f"{one.reports} 份报告都有这个数{shown}，请注明引自哪一份"
    return ""


def count_words(one: CheckedCount) -> str:
    """What a count is now."""
    if one.found is None:
        return f"这条检索链接不能重新检索：{one.problem}"
    literal, total = one.found
    label = one.count.what.label
    matched = (
        "，与逐字命中数相同" if one.count.said == literal else "，与全部命中数相同" if one.count.said == total else ""
    )
    more = f"；稿中“{one.count.more}”是约数" if one.count.more else ""
    return f"现在逐字命中 {literal} {label}，全部命中 {total} {label}{matched}{more}"


def _marked(text: str, start: int, end: int, kind: str) -> tuple[Change, ...]:
    runs = (Change(text[:start]), Change(text[start:end], kind), Change(text[end:]))
    return tuple(run for run in runs if run.text)


def _with_approx(text: str, start: int, end: int, approx: str) -> tuple[int, int]:
    """A quantity with the words like 近 and 以上 beside it."""
    if approx and text.startswith(approx, end):
        return start, end + len(approx)
    is_before = bool(approx) and text.endswith(approx, 0, start)
    return (start - len(approx) if is_before else start), end


def draft_runs(one: CheckedFigure | CheckedCount, text: str) -> tuple[Change, ...]:
    """The sentence of a figure or a count in the draft; the number is "del" where another one is stated, else "at"."""
    low, high = one.sentence
    if isinstance(one, CheckedFigure):
        span = _with_approx(text, one.figure.start, one.figure.end, one.figure.approx)
    else:
        span = one.count.start, one.count.end
    kind = "del" if one.verdict is Verdict.DIFFERENT else "at"
    return _marked(text[low:high].rstrip(), span[0] - low, span[1] - low, kind)


def statement_runs(found: Statement) -> tuple[Change, ...]:
    """The sentence of a statement; its quantity is "ins"."""
    figure, section = found.figure, found.stored.section.text
    at = max(section.rfind(figure.sentence, 0, figure.start + len(figure.sentence)), 0)
    span = _with_approx(figure.sentence, figure.start - at, figure.end - at, figure.approx)
    return _marked(figure.sentence, *span, "ins")
