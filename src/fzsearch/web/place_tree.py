"""How do places hang together in the facets? 省 > 市 > 县 > 镇, from the values that hits have and their parents.

An engine counts names. A name that several places share hangs where their parents meet and says whose it is; what is
not settled is a value of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from fzsearch.query import UNSETTLED, Facet, FacetCount
from fzsearch.service.places import LEVELS, Path
from fzsearch.web.charts import value_label

MAX_VALUES = 160
FLAT_VALUES = 20
_UNSETTLED_LEVELS = (Facet.COUNTY, Facet.TOWNSHIP)

Key = tuple[Facet, str]
Parents = Mapping[Facet, Mapping[str, frozenset[Path]]]


@dataclass(slots=True)
class _Forest:
    known: dict[Key, FacetCount]
    parents: Parents
    below: dict[Key | None, list[Key]] = field(default_factory=dict)


def place_tree(facets: Mapping[Facet, Sequence[FacetCount]], parents: Parents) -> SimpleNamespace:
    """The hierarchy of the place values of an answer."""
    known, is_cut = _known(facets, parents)
    forest = _Forest(known, parents)
    for key in known:
        forest.below.setdefault(_parent(key, forest), []).append(key)
    is_flat = len(known) <= FLAT_VALUES
    widest = _ordered(forest, None)
    return SimpleNamespace(
        nodes=tuple(_node(key, forest, is_open=is_flat or len(widest) == 1) for key in widest), is_cut=is_cut
    )


def _known(facets: Mapping[Facet, Sequence[FacetCount]], parents: Parents) -> tuple[dict[Key, FacetCount], bool]:
    """The values to show, widest levels first; of a level that would make them too many only the chosen ones."""
    known: dict[Key, FacetCount] = {}
    is_cut = False
    for facet in LEVELS:
        counts: Sequence[FacetCount] = facets[facet]
        if len(counts) <= 2 * MAX_VALUES:  # of more, only a handful are not shown
            counts = [one for one in counts if one.selected or _is_shown(facet, one, parents)]
        if is_cut or len(known) + len(counts) > MAX_VALUES:
            is_cut = True
            counts = [one for one in counts if one.selected]
        known |= {(facet, one.value): one for one in counts}
    return known, is_cut


def _is_shown(facet: Facet, one: FacetCount, parents: Parents) -> bool:
    """重庆市 is province and city: once is enough. Province and city are not settled where the county is not."""
    if one.value == UNSETTLED:
        return facet in _UNSETTLED_LEVELS
    return not (facet is Facet.CITY and parents[facet].get(one.value) == frozenset({(one.value,)}))


def _parent(key: Key, forest: _Forest) -> Key | None:
    """The narrowest value above one that is shown; None for the widest ones."""
    facet, value = key
    paths = forest.parents[facet].get(value, frozenset())
    shared = _shared(paths)
    for level, name in reversed(list(zip(LEVELS, shared, strict=False))):
        if name and (level, name) in forest.known:
            return level, name
    is_homeless = facet is Facet.TOWNSHIP and value != UNSETTLED and not any(any(path) for path in paths)
    county = (Facet.COUNTY, UNSETTLED)
    return county if is_homeless and county in forest.known else None


def _shared(paths: frozenset[Path]) -> Path:
    """What all paths begin with."""
    found: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        found.append(names[0])
    return tuple(found)


def _ordered(forest: _Forest, key: Key | None) -> list[Key]:
    """What hangs below a value: wider places first, then by count, unsettled last."""
    children = forest.below.get(key, [])
    return sorted(
        children,
        key=lambda one: (one[1] == UNSETTLED, LEVELS.index(one[0]), -forest.known[one].count, one[1]),
    )


def _node(key: Key, forest: _Forest, *, is_open: bool) -> SimpleNamespace:
    """A value; `name` is its parameter, `is_open` whether what hangs below is shown at once."""
    facet, value = key
    counted = forest.known[key]
    keys = _ordered(forest, key)
    is_flat = len(forest.known) <= FLAT_VALUES
    children = tuple(_node(child, forest, is_open=is_flat or len(keys) == 1) for child in keys)
    return SimpleNamespace(
        name=facet.value,
        value=value,
        label=place_label(facet, value, forest.parents, is_alone=_parent(key, forest) is None),
        count=counted.count,
        is_selected=counted.selected,
        is_open=is_open or counted.selected or any(map(_has_chosen, children)),
        children=children,
    )


def _has_chosen(node: SimpleNamespace) -> bool:
    return bool(node.is_selected) or any(map(_has_chosen, node.children))


def place_label(facet: Facet, value: str, parents: Parents, *, is_alone: bool = False) -> str:
    """A value as readers see it, with its parents where several places share the name, or where it `is_alone`."""
    paths = parents[facet].get(value, frozenset())
    if len(paths) < 2 and not (is_alone and any(map(any, paths))):  # noqa: PLR2004 - one parent says nothing
        return value_label(facet, value)
    whose = sorted({next((name for name in reversed(path) if name), "县未定") for path in paths})
    return f"{value}（{'、'.join(whose)}）"
