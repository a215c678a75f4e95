"""Which choices does the column of facets offer? Topics by system, parts, years; selected ones are always in sight."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

from fzsearch.query import FACET_LABELS, Facet, FacetCount
from fzsearch.service.asking import SearchPage
from fzsearch.service.overview import NO_GROUP, Overview
from fzsearch.web.charts import value_label

SHOWN_VALUES = 12
Value = TypeVar("Value", bound=str)


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a form control."""

    value: str
    label: str
    count: int = 0
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """A choice of a form."""

    name: str
    label: str
    options: tuple[Option, ...]


def options(labels: Mapping[Value, str], chosen: Container[object]) -> tuple[Option, ...]:
    """Values with what they are called, as choices of a form."""
    return tuple(Option(str(value), label, is_selected=value in chosen) for value, label in labels.items())


def facet_groups(answer: SearchPage, overview: Overview) -> tuple[SimpleNamespace, ...]:
    """The other facets for an answer, without those that have no value."""
    groups_of = {Facet.YEAR: {}, Facet.PART: {}, Facet.TOPIC: overview.topic_groups}
    found = (_group(facet, answer.facets[facet], group_of) for facet, group_of in groups_of.items())
    return tuple(group for group in found if group.blocks)


def _group(facet: Facet, counts: Sequence[FacetCount], group_of: Mapping[str, str]) -> SimpleNamespace:
    """The values of one facet; `more` are folded away."""
    ahead = [one for place, one in enumerate(counts) if place < SHOWN_VALUES or one.selected]
    rest = [one for one in counts if one not in ahead]
    return SimpleNamespace(
        name=facet.value,
        label=FACET_LABELS[facet],
        blocks=_blocks(facet, ahead, group_of),
        more=_blocks(facet, rest, group_of),
        more_count=len(rest),
    )


def _blocks(facet: Facet, counts: Iterable[FacetCount], group_of: Mapping[str, str]) -> tuple[SimpleNamespace, ...]:
    """Counts under the headings of their groups, groups in the order of the vocabulary; one block without groups."""
    order = {group: place for place, group in enumerate(dict.fromkeys(group_of.values()))}
    by_group: dict[str, list[Option]] = {}
    for one in counts:
        by_group.setdefault(group_of.get(one.value, NO_GROUP) if group_of else "", []).append(
            Option(one.value, value_label(facet, one.value), one.count, is_selected=one.selected)
        )
    ordered = sorted(by_group.items(), key=lambda item: order.get(item[0], len(order)))
    return tuple(SimpleNamespace(heading=heading, options=tuple(options)) for heading, options in ordered)
