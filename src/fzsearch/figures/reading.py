"""What does a report count? Every quantity that it states as a fact, with indicator, scope and sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fzsearch.figures.facts import is_fact
from fzsearch.figures.indicators import find_indicator, indicators
from fzsearch.figures.quantities import Quantity, find_quantities
from fzsearch.model import Figure, Part, Scope, Section

_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")
_CLAUSE_END = re.compile(r"[，；：,;:（(）)]|、(?=[^、，。；]{0,12}$)")
_AFTER_END = re.compile(r"[，。；：,;:、！？\n）)]|\d")
_VILLAGE = re.compile(r"村级|村调委会|各村|村（社区）|村\(社区\)|村“两委”|村两委|村（居）|村居|村民委员会|村社")
_TOWN = re.compile(r"镇村|镇、村|全镇|我镇|镇调委会|镇级|全乡|乡村两级|街道")
_LABEL_CHARS, _SNIPPET_BEFORE, _SNIPPET_AFTER = 16, 24, 10
_GOES_ON = re.compile(r"[，、]?(?:成功|共|均|已|就地)?(?:化解|调解|调处|办结|处理|占|达|成功率)")
_DONE = re.compile(r"已|目前|截至|今年以来")
_LABEL_TRIM = re.compile(
    r"^(?:(?:\d{4}|本|全)年度?(?:[一-龥]{1,6}(?:镇|乡|街道))?|[我本全](?:镇|乡|街道)|以及|并且|同时|共计|累计|今年以来|截至目前|全年|共|和|及|与|并|又|已|还)+"
)
_LABEL_END = re.compile(r"(?:达到|达|共计|累计|共|为|有|至|了|约|计|合计|总数|数量|数|已|近|到|接近|分别为|仅|不足)+$")


@dataclass(frozen=True, slots=True)
class _Place:
    """A quantity in its sentence; offsets are of the sentence."""

    quantity: Quantity
    clause_start: int


def find_figures(sections: Sequence[Section]) -> tuple[Figure, ...]:
    """The figures of a report in the order of its text; of plans only what is done already.

    Args:
        sections: of one report, in order.
    """
    figures: list[Figure] = []
    for section in sections:
        for found in _SENTENCE.finditer(section.text):
            if found[0].strip():
                figures += _of_sentence(found[0], found.start(), section, len(figures))
    return tuple(figures)


def _of_sentence(sentence: str, offset: int, section: Section, count: int) -> list[Figure]:
    figures: list[Figure] = []
    places: list[_Place] = []
    for quantity in find_quantities(sentence):
        clause_start = _clause_start(sentence, quantity.start, places[-1].quantity.end if places else 0)
        is_plan = section.part is Part.PLAN and not _DONE.search(sentence[clause_start : quantity.start])
        if is_plan or not is_fact(quantity, sentence, clause_start):
            continue
        places.append(_Place(quantity, clause_start))
        figure = _figure(sentence, places[-1], section.path)
        figure = replace(figure, start=offset + figure.start, end=offset + figure.end)
        figures.append(_with_total(figure, figures, sentence[: quantity.start], count))
    return figures


def _clause_start(sentence: str, at: int, last_end: int) -> int:
    """Where the clause begins: behind the last comma, or behind the quantity before."""
    ends = [found.end() for found in re.finditer(r"[，；：,;:]", sentence[:at])]
    return max([0, last_end, *ends])


def _figure(sentence: str, place: _Place, path: str) -> Figure:
    quantity = place.quantity
    before = sentence[place.clause_start : quantity.start]
    after = sentence[quantity.end :]
    indicator, _ = find_indicator(quantity, _plain(before), after, _plain(sentence[: place.clause_start]))
    return Figure(
        indicator=indicator,
        label=indicators()[indicator].name if indicator else _label(before, after, quantity),
        value=quantity.value,
        unit=quantity.unit,
        approx=quantity.approx,
        snippet=_snippet(sentence, place),
        section=path,
        start=quantity.start,
        end=quantity.end,
        sentence=sentence.strip(),
        scope=_scope(sentence, place),
    )


def _plain(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


def _label(before: str, after: str, quantity: Quantity) -> str:
    """What is counted, in the words of the report: those before the number, or the noun behind it."""
    words = _LABEL_END.sub("", _plain(before).strip("、“”（）()及和与 "))
    words = _LABEL_TRIM.sub("", words)
    words = (re.split(r"[、“”（）()。]", words)[-1] if len(words) > _LABEL_CHARS else words)[-_LABEL_CHARS:]
    if words:
        return words
    end = _AFTER_END.search(after)
    return _plain(after[: end.start()] if end else after)[:_LABEL_CHARS].strip("“”的") or quantity.unit


def _snippet(sentence: str, place: _Place) -> str:
    """The quantity with its clause, both sides cut short."""
    quantity = place.quantity
    after = sentence[quantity.end :]
    end = _AFTER_END.search(after)
    after = (after[: end.start()] if end else after)[:_SNIPPET_AFTER]
    begin = max(place.clause_start, quantity.start - _SNIPPET_BEFORE)
    return (
        sentence[begin : quantity.start].lstrip(" 、）)”") + sentence[quantity.start : quantity.end] + after
    ).strip()


def _scope(sentence: str, place: _Place) -> Scope:
    """Villages are counted where the clause says so, or the one before when the clause only goes on (化解49起)."""
    at = place.quantity.start
    before = sentence[place.clause_start : at]
    if _GOES_ON.match(before):
        before = sentence[_clause_start(sentence, max(place.clause_start - 1, 0), 0) : at]
    villages, towns = _ends(_VILLAGE, before), _ends(_TOWN, before)
    return Scope.VILLAGE if villages and (not towns or villages[-1] > towns[-1]) else Scope.WHOLE


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.end() for found in pattern.finditer(text)]


def _with_total(figure: Figure, earlier: Sequence[Figure], before: str, count: int) -> Figure:
    """The figure as a part of the total before 其中, where it is one: same unit, not more than the total.

    The parts go on until a number of another kind. A part keeps an indicator only if it is not its total's:
    其中化解124起 does, 其中邻里纠纷13起 does not.

    Args:
        figure: with offsets in the section.
        earlier: the figures of its sentence before it.
        before: the sentence up to the number.
        count: figures of the report before this sentence.
    """
    mark = before.rfind("其中")
    marked_at = figure.start - len(before) + mark
    totals = [
        at
        for at, one in enumerate(earlier)
        if one.end <= marked_at and one.unit == figure.unit and one.value >= figure.value and one.part_of is None
    ]
    if mark < 0 or not totals:
        return figure
    at = max(totals, key=lambda one: earlier[one].value)  # 受理312件，化解309件，其中…: of all
    total = earlier[at]
    is_same = figure.indicator in {None, total.indicator}
    is_next = not re.search(r"\d.*[，；]", before[mark:])
    listed = [one for one in earlier if one.start > marked_at]
    is_list = is_same and all(one.unit == total.unit and one.part_of == count + at for one in listed)
    if not (is_next or is_list) or sum(one.value for one in listed) + figure.value > total.value:
        return figure
    return replace(
        figure,
        part_of=count + at,
        scope=Scope.VILLAGE if figure.scope is Scope.VILLAGE else Scope.PART,
        indicator=None if is_same else figure.indicator,
        label=_label_of_part(figure) if is_same else figure.label,
    )


def _label_of_part(figure: Figure) -> str:
    words = re.split(r"其中|\d", figure.snippet.rpartition(f"{figure.value:g}")[0])[-1]
    return _LABEL_END.sub("", words.strip("：，、“”"))[-_LABEL_CHARS:] or figure.label
