"""How long is each bar? Sizes of the small SVG charts, as attributes, so that no inline style is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

from fzsearch.model import PART_LABELS, Part
from fzsearch.query import FACET_LABELS, UNSETTLED, Facet

COLUMN_HEIGHT = 40
BAR_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One thing counted: `literal` of `count`; the address that a click leads to."""

    label: str
    url: str
    count: int
    literal: int = 0
    is_selected: bool = False


def columns(amounts: Iterable[Amount]) -> tuple[SimpleNamespace, ...]:
    """A histogram: the largest count fills the height."""
    amounts = tuple(amounts)
    largest = max((one.count for one in amounts), default=0) or 1
    scale = COLUMN_HEIGHT / largest
    return tuple(
        SimpleNamespace(amount=one, height=round(one.count * scale, 1), literal_height=round(one.literal * scale, 1))
        for one in amounts
    )


def bars(amounts: Iterable[Amount]) -> tuple[SimpleNamespace, ...]:
    """Lying bars: the largest count fills the width."""
    amounts = tuple(amounts)
    largest = max((one.count for one in amounts), default=0) or 1
    return tuple(SimpleNamespace(amount=one, width=round(one.count * BAR_WIDTH / largest, 1)) for one in amounts)


def value_label(facet: Facet, value: str) -> str:
    """A facet value as readers see it.

    >>> value_label(Facet.PART, "plan"), value_label(Facet.COUNTY, "未定")
    ('下步安排', '县未定')
    """
    if value == UNSETTLED:
        return f"{FACET_LABELS[facet]}未定"
    if facet is Facet.PART and value in list(Part):
        return PART_LABELS[Part(value)]
    return value
