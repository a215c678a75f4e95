"""What figures does a report state? Quantities that are facts: what they count, their indicator and their total."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from fzsearch.figures.facts import is_fact, is_old_level, is_plan, opens_plan
from fzsearch.figures.indicators import Context, indicator_of
from fzsearch.figures.quantities import Quantity, quantities
from fzsearch.model import Figure, Part, Scope, Section
from fzsearch.numerals import fold

_SENTENCE = re.compile(r"[^。!?\n]*[。!?]?")
_CLAUSE = re.compile(r"[,;:。!?\n]")
_VILLAGE = re.compile(r"村级|各村|村[(]社区[)]|各行政村|村调委会|村人民调解|村[“\"]?两委|村居|各社区")
_BOTH_LEVELS = re.compile(r"镇村|镇、村|[两二三]级")
_AMONG = re.compile(r"其中|^[余多]?\s?[(:]|包括|分别[是为]")
# Words that lead to a number or open a clause and name nothing.
_LEAD = re.compile(
    r"^(?:[(][一二三四五六七八九十]+[)]|[一二三四五六七八九十]+是|\d{1,2}月(?:\d{1,2}日)?|今年|截[至止]目前|今年以来|20\d\d年度?|全年|年内|目前|其中|一年来|[我本全][镇乡]|街道|共|累计|总计|合计|先后|已|,|、|\s|和|及|有)+"
)
_LINK = re.compile(
    r"(?:(?:由|从)[^,。;、]{1,14}(?:增长|增加|上升|下降|减少|提高|提升|降低?|增|扩大)[到至为]|(?:增加|提高|提升|扩大)[到至]|共计|共|达到|达|累计|总计|合计|计|为|(?<![民公条合契节制集违预])约|(?<![最附临])近|超过|超|逾|突破|了|到|有|已|各|均|高达|多达|不少于|不低于|至少|大约|上|是|\s|[(:“\"])++$"
)
_BARE = re.compile(r"^(?:其中|成功|已|均|受理|办结|结案|完成|立案|共|有|全年|的|占比|处理|涉及|金额)*+$")
_VERB_AFTER = re.compile(
    r"均|全部|都|得到|已|并|进行|以|和|及|与|等|[,。;:!?、)）\n”\"（(]|$|其中|左右|为|在(?![编册职岗校])|对|用于"
)
_LABEL_STOP = re.compile(r"[,。;:!?、)\n]|开展|均|得到|有$|和$|$")
_JOINED = re.compile(r"(?:和|与|及|、)\s?$")
_MARKS = ",;:。!?\n"
_LABEL_CHARS, _VERB = 24, 2
_WINDOW, _LONG, _MOST = 200, 1000, 1000
"""Characters of a clause and of a sentence on each side of a quantity that are looked at, and figures of a section: far
beyond real reports, they keep a hostile text without punctuation from taking minutes."""
_HANDLED = re.compile(r"(?:已|成功|均)*(?:化解|调解|调处|办结|结案|整改|完成|采纳|解决|涉及)")
_MONEY = {"元", "万元", "亿元"}


@dataclass(frozen=True, slots=True)
class _Spot:
    """A quantity with the ends of what surrounds it: own clause, neighbours and sentence, in a folded section."""

    quantity: Quantity
    left: int
    right: int
    first: int
    last: int


def find_figures(sections: Sequence[Section]) -> tuple[Figure, ...]:
    """The figures of a report, in the order of the text.

    A figure is a number with a unit that the report states as done or there. Rules (每村不少于3名), changes (增长12%),
    slogans (“1件事”), dates, numbers of things and plans are none. 0件 is one; a range has its lower end as value. A
    quantity behind 其中, or in brackets behind its total, has `part_of`; it has an indicator only if another one than
    its total.
    """
    found: list[Figure] = []
    for section in sections:
        found.extend(_in_section(section, len(found)))
    return tuple(found)


def _in_section(section: Section, offset: int) -> list[Figure]:
    text = fold(section.text)
    spots = list(islice(_spots(text, in_plan=section.part is Part.PLAN), _MOST))
    figures: list[Figure] = []
    for spot in spots:
        figure = _figure(section, text, spot)
        if not figure.label and figures and figures[-1].sentence == figure.sentence:
            figure = replace(figure, label=figures[-1].label)  # 行政处罚7起，共计50716元
        figures.append(figure)
    totals: list[int | None] = []
    for index in range(len(spots)):
        totals.append(_total(text, spots, figures, totals, index))
    return [
        figure if total is None else _as_part(figure, figures[total], total + offset)
        for figure, total in zip(figures, totals, strict=True)
    ]


def _spots(text: str, *, in_plan: bool) -> Iterator[_Spot]:
    """The facts of a folded text; all quantities bound what surrounds a fact, facts or not."""
    every = list(quantities(text))
    position = 0
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        in_plan = in_plan or opens_plan(sentence)
        here = []
        while position < len(every) and every[position].start < match.end():
            if not is_old_level(text[every[position].end : every[position].end + 4]):
                here.append(every[position])
            position += 1
        if not here or is_plan(sentence, in_plan=in_plan):
            continue
        marks = [match.start(), *(match.start() + m.end() for m in _CLAUSE.finditer(sentence)), match.end()]
        for number, quantity in enumerate(here):
            clause = max(marks[bisect_right(marks, quantity.start) - 1], quantity.start - _WINDOW)
            end = min(marks[min(bisect_left(marks, quantity.end), len(marks) - 1)], quantity.end + _WINDOW)
            if is_fact(quantity, text[clause : quantity.start], text[quantity.end : end]):
                left = max(clause, here[number - 1].end if number else clause)
                right = min(end, here[number + 1].start if number + 1 < len(here) else end)
                first = max(match.start(), quantity.start - _LONG)
                yield _Spot(quantity, left, right, first, min(match.end(), quantity.end + _LONG))


def _figure(section: Section, text: str, spot: _Spot) -> Figure:
    quantity = spot.quantity
    before = text[spot.left : quantity.start]
    start, end = _label(text, spot)
    verb = len(before) if len(before) <= _VERB else 0  # 投入30万元建设…
    tail = len(quantity.approx) if text.startswith(quantity.approx, quantity.end) else 0
    is_village = _VILLAGE.search(before) and not _BOTH_LEVELS.search(before)
    return Figure(
        indicator=indicator_of(quantity.unit, _context(text, spot)),
        label=section.text[start:end].strip(" ，、“”（\n").removeprefix("）"),
        value=quantity.value,
        unit=quantity.unit,
        approx=quantity.approx,
        snippet=section.text[min(start, quantity.start - verb) : max(end, quantity.end + tail)].strip(" “”，、）\n"),
        section=section.path,
        start=quantity.start,
        end=quantity.end,
        sentence=section.text[spot.first : spot.last].strip(),
        scope=Scope.VILLAGE if is_village else Scope.WHOLE,
    )


def _context(text: str, spot: _Spot) -> Context:
    start, end = spot.quantity.start, spot.quantity.end
    before, after = text[spot.left : start], text[end : spot.right]
    if _JOINED.search(before):  # 25个行政村和3个居委会: what stands between belongs to the one before
        before = ""
    if spot.right < spot.last and text[spot.right - 1 : spot.right] not in _MARKS:
        after = after.partition("、")[0]  # 宣传101场次、讲座24场次: what follows belongs to the next one
    before = _LINK.sub("", before)
    is_bare = _BARE.match(_LEAD.sub("", before)) and _VERB_AFTER.match(after)
    return Context(
        before=before,
        after=after,
        sentence=text[spot.first : spot.last],
        lead=text[spot.first : spot.left] if is_bare else "",
    )


def _label(text: str, spot: _Spot) -> tuple[int, int]:
    """Where the words stand that name what a quantity counts: behind it (12名执法人员) or before it (纠纷85起)."""
    quantity = spot.quantity
    before, after = text[spot.left : quantity.start], text[quantity.end : spot.right]
    named = _LEAD.sub("", before)
    bare = _LINK.sub("", named)
    rest = after.removeprefix(quantity.approx)
    is_money = quantity.unit in _MONEY
    if quantity.unit != "%" and not _VERB_AFTER.match(rest) and (not is_money or len(bare) <= _VERB):
        start = quantity.end + len(after) - len(rest)
        stop = _LABEL_STOP.search(rest, 1)
        end = start + min(stop.start() if stop else len(rest), _LABEL_CHARS)
        return start, end + ("(" in text[start:end] and text[end : end + 1] == ")")  # 28个村（社区）
    end = quantity.start - len(named) + len(bare)
    start = end - len(bare.rpartition("、")[2] or bare)
    return max(start, end - _LABEL_CHARS), end


def _total(
    text: str, spots: Sequence[_Spot], figures: Sequence[Figure], totals: Sequence[int | None], index: int
) -> int | None:
    """The place in the section of the total that a quantity is a part of, None without one.

    The total is the nearest quantity of the same unit before 其中 (or the bracket), in the same sentence or the one
    before; a list of parts ends with the sentence or a percentage, and never adds up to more than the total.
    """
    unit = figures[index].unit
    before = next((i for i in range(index - 1, -1, -1) if figures[i].unit in {unit, "%"}), None)
    is_near = before is not None and spots[index].quantity.start - spots[before].quantity.end <= _LONG
    if before is None or not is_near or unit == "%" or figures[before].unit == "%":
        return None
    gap = text[spots[before].quantity.end : spots[index].quantity.start]
    total = totals[before]
    if total is None and _AMONG.search(gap) and gap.count("。") <= 1 and "\n" not in gap:
        total = before
    elif "。" in gap or _HANDLED.match(figures[index].label):
        return None
    if total is None:
        return None
    parts = [i for i in range(total + 1, index) if totals[i] == total and figures[i].unit == unit]
    return total if sum(figures[i].value for i in (*parts, index)) <= figures[total].value else None


def _as_part(figure: Figure, total: Figure, place: int) -> Figure:
    scope = figure.scope if figure.scope is Scope.VILLAGE else Scope.PART
    indicator = None if figure.indicator == total.indicator else figure.indicator
    return replace(figure, scope=scope, part_of=place, indicator=indicator)
