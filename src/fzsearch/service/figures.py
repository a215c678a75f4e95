"""Which figures answer a question, and which of them may be compared?

Only like with like: figures of the whole township that are no part of another one, in one kind of unit, of reports of
one level. Nothing is added up: a report that states an indicator several times has several figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from fzsearch.engine import StoredFigure
from fzsearch.errors import NotFoundError
from fzsearch.figures import Indicator, indicators
from fzsearch.model import Figure, IndexedReport, Scope
from fzsearch.query import Facet
from fzsearch.service.near import near_names

SCOPE_LABELS = {Scope.WHOLE: "", Scope.VILLAGE: "村、社区", Scope.PART: "其中一部分"}
_UNIT_KINDS = (
    frozenset({"件", "起", "例", "宗", "个", "项", "件次"}),
    frozenset({"次", "场", "场次", "期", "堂", "节", "班次"}),
    frozenset({"名", "人", "位"}),
    frozenset({"份", "册", "本", "张", "套"}),
    frozenset({"元", "万元", "亿元"}),
)
"""Units that say the same of one indicator; 人 and 人次, 件 and 次 do not."""
_YUAN = {"万元": 1e4, "亿元": 1e8}
_BETWEEN = ("余", "多", "至")
_BEHIND = ("以上", "以下", "左右", "上下", "之多", "以内", "之内")
"""How words of approximation begin that stand between number and unit, and behind both; others stand before (近)."""


class UnknownIndicatorError(NotFoundError):
    """No indicator of that name; `near` are names that look like it."""

    def __init__(self, name: str) -> None:
        self.near = near_names(name, (one.name for one in indicators()))
        super().__init__(f"没有名为“{name}”的指标；全部指标见数字页，或运行 fzsearch figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAnswer:
    """The figures in the sections that a query and filters leave, by report and place in it.

    `indicator` None: of all indicators, and of none. `text` and `filters` say what was asked.
    """

    text: str
    filters: Mapping[Facet, tuple[str, ...]]
    indicator: Indicator | None
    figures: tuple[StoredFigure, ...]
    notes: tuple[str, ...] = ()

    @property
    def reports(self) -> int:
        """How many reports state any of them."""
        return len({one.report.key for one in self.figures})

    @property
    def townships(self) -> int:
        """How many townships do."""
        places = (one.report.report.place for one in self.figures)
        return len({place.code or place.township for place in places if place.township})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePair:
    """What two reports state of one indicator; either may state it several times, or not at all."""

    indicator: Indicator
    old: tuple[Figure, ...]
    new: tuple[Figure, ...]
    is_one_level: bool

    @property
    def obstacle(self) -> str:
        """Why there is no difference to tell, in Chinese; "" where there is one."""
        both = (*self.old, *self.new)
        if not self.old or not self.new:
            return "只有一份写了"
        if not self.is_one_level:
            return "报告的级别不同"
        if len(both) > 2:  # noqa: PLR2004 - one in each
            return "不止一个数"
        if len({_unit_kind(one.unit) for one in both}) > 1:
            return "单位不同"
        return "有约数" if any(one.approx for one in both) else ""

    @property
    def difference(self) -> float | None:
        """The newer value less the older one, money in 元; None where like is not compared with like."""
        return None if self.obstacle else round(amount(self.new[0]) - amount(self.old[0]), 6)

    @property
    def unit(self) -> str:
        """The unit of the difference."""
        unit = self.new[0].unit if self.new else self.old[0].unit
        return "元" if unit in _YUAN else "个百分点" if unit == "%" else unit


def indicator_named(name: str) -> Indicator:
    """An indicator by id or by Chinese name.

    Raises:
        UnknownIndicatorError: there is none.
    """
    found = next((one for one in indicators() if name in {one.id, one.name}), None)
    if found is None:
        raise UnknownIndicatorError(name)
    return found


def is_whole(figure: Figure) -> bool:
    """Whether it counts for the whole township and is no part of another figure."""
    return figure.scope is Scope.WHOLE and figure.part_of is None


def comparable(figures: Iterable[StoredFigure]) -> tuple[StoredFigure, ...]:
    """Those that may be compared: whole, part of no other, of one level and one kind of unit, the most frequent one."""
    whole = [one for one in figures if is_whole(one.figure)]
    likes = list(map(_like, whole))
    counted = Counter(likes)
    most = max(counted, key=lambda like: (counted[like], like), default=None)
    return tuple(one for one, like in zip(whole, likes, strict=True) if like == most)


def _like(one: StoredFigure) -> tuple[str, str]:
    """What two figures must share: the level of the report, and a unit that stands for all of its kind."""
    return one.report.report.level.value, _unit_kind(one.figure.unit)


@cache
def _unit_kind(unit: str) -> str:
    return next((min(kind) for kind in _UNIT_KINDS if unit in kind), unit)


def figure_pairs(old: IndexedReport, new: IndexedReport) -> tuple[FigurePair, ...]:
    """The indicators that either of two reports states for the whole township, in the order of the vocabulary."""
    found = []
    for known in indicators():
        before, after = (
            tuple(one for one in record.report.figures if one.indicator == known.id and is_whole(one))
            for record in (old, new)
        )
        if before or after:
            is_one_level = old.report.level is new.report.level
            found.append(FigurePair(indicator=known, old=before, new=after, is_one_level=is_one_level))
    return tuple(found)


def amount(figure: Figure) -> float:
    """The value that is compared: money in 元, all else as it is."""
    return figure.value * _YUAN.get(figure.unit, 1.0)


def units(figures: Iterable[StoredFigure]) -> str:
    """The units of figures, the most frequent first."""
    counted = Counter(one.figure.unit for one in figures)
    return "、".join(sorted(counted, key=lambda unit: (-counted[unit], unit)))


def number_text(value: float) -> str:
    """A number as readers see it.

    >>> number_text(20000.0), number_text(99.5)
    ('20,000', '99.5')
    """
    return f"{value:,.12g}"


def value_text(figure: Figure) -> str:
    """A value with its unit and what makes it approximate: 近120件, 60余件, 3至5名, 95%以上."""
    number, approx = number_text(figure.value), figure.approx
    if approx.startswith(_BEHIND) or (figure.unit == "%" and approx.startswith(_BETWEEN)):
        return f"{number}{figure.unit}{approx}"
    return f"{number}{approx}{figure.unit}" if approx.startswith(_BETWEEN) else f"{approx}{number}{figure.unit}"
