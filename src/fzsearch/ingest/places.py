"""Which townships, counties, cities and provinces are there?

The official list that comes with the program plus the user's additions from ``corpus/places.csv``. Knows names, never
texts: what a report says about its place is read in ``place_evidence``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fzsearch.ingest.place_sources import name_forms, official_list, read_additions
from fzsearch.model import Place

# Names that a title can carry; the list also has mines, prisons and industrial estates, which publish no such report.
_REPORTING = ("镇", "乡", "街道", "苏木", "地区", "办事处", "农场", "林场", "牧场", "渔场", "茶场", "管理区")
_TOWNSHIP = ("镇", "乡", "街道", "苏木", "办事处")
_TOO_GENERAL = frozenset({"街道", "农场", "林场", "牧场", "国营农场", "国营林场", "国有农场", "国有林场"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A listed name in a string; `start` and `end` are offsets."""

    start: int
    end: int
    name: str


class PlaceList:
    """All known places by name. Reading waits for the first question; the official list is read once in a process."""

    def __init__(self, additions: Iterable[Place] = ()) -> None:
        self._additions = tuple(additions)

    @classmethod
    def load(cls, user_file: Path | None = None) -> "PlaceList":
        """The official list with a user's additions; a file that does not exist adds nothing.

        Raises:
            CorpusError: a row of the user's file cannot be used.
        """
        if user_file is None or not user_file.exists():
            return cls()
        return cls(read_additions(user_file))

    def named(self, name: str) -> tuple[Place, ...]:
        """All township-level units of that very name, ordered by code; empty when no list knows it.

        An addition takes the place of the official unit with the same code.
        """
        replaced = {place.code for place in self._additions}
        codes = (code for code in official_list().units.get(name, ()) if code not in replaced)
        units = [official_list().unit(code, name) for code in codes]
        units += [place for place in self._additions if place.township == name]
        return tuple(sorted(units, key=lambda place: place.code or ""))

    def coded(self, code: str) -> Place | None:
        """The township-level unit of a 9-digit code, the user's own first; None when no list knows it."""
        added = next((place for place in self._additions if place.code == code), None)
        name = _name_of_code().get(code)
        return added or (official_list().unit(code, name) if name else None)

    @property
    def additions(self) -> tuple[Place, ...]:
        """What a user added, in the order of the file."""
        return self._additions

    @cached_property
    def counties(self) -> Mapping[tuple[str | None, ...], tuple[Place, ...]]:
        """The towns, townships and streets of every county by (province, city, county), in the order of codes.

        Without the mines, estates and farms that the list has besides: the duty to report is not theirs.
        """
        replaced = {place.code for place in self._additions}
        official = (official_list().unit(code, name) for code, name in _name_of_code().items() if code not in replaced)
        found: defaultdict[tuple[str | None, ...], list[Place]] = defaultdict(list)
        for unit in sorted((*official, *self._additions), key=lambda unit: unit.code or ""):
            if (unit.township or "").endswith(_TOWNSHIP) and unit.township not in _TOO_GENERAL:
                found[unit.province, unit.city, unit.county].append(unit)
        return {path: tuple(units) for path, units in found.items()}

    def superiors(self, name: str) -> tuple[Place, ...]:
        """Provinces, cities and counties of that name, widest first, then by code; the user's own come last.

        Knows 威宁县 and 威宁自治县 for 威宁彝族回族苗族自治县. Only counties carry a code.
        """
        official = tuple(official_list().superior(code) for code in official_list().superiors.get(name, ()))
        known = {place.names for place in official}
        return (
            *official,
            *(place for place in self._added_superiors.get(name, ()) if place.names not in known),
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Names of units and superiors in a short string, in order, without overlap, the longest at each place."""
        return tuple(self._all_names.scan(text))

    def superior_mentions(self, text: str) -> tuple[Mention, ...]:
        """As `mentions`, but only names of provinces, cities and counties."""
        return tuple(self._superior_names.scan(text))

    @cached_property
    def _added_superiors(self) -> Mapping[str, tuple[Place, ...]]:
        found: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        for place in (superior for unit in self._additions for superior in superiors_of(unit)):
            for form in name_forms(place.names[-1]):
                found[form][place] = None
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def _superior_names(self) -> "_Vocabulary":
        return _Vocabulary({*official_list().superiors, *self._added_superiors})

    @cached_property
    def _all_names(self) -> "_Vocabulary":
        units = {*official_list().units, *(place.township or "" for place in self._additions)}
        reporting = {name for name in units if name.endswith(_REPORTING)}
        return _Vocabulary((reporting - _TOO_GENERAL).union(self._superior_names.names))


@cache
def _name_of_code() -> Mapping[str, str]:
    """Names of the official units by code; few corpora need it, so it is made on the first question."""
    return {code: name for name, codes in official_list().units.items() for code in codes}


class _Vocabulary:
    """Names that can be looked for in a string."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self._reach: dict[str, int] = {}  # length of the longest name by its first two characters
        for name in names:
            if len(name) > self._reach.get(name[:2], 0):
                self._reach[name[:2]] = len(name)

    def scan(self, text: str) -> Iterator[Mention]:
        """The longest name at each place, from left to right."""
        start = 0
        while start < len(text) - 1:
            farthest = min(start + self._reach.get(text[start : start + 2], 0), len(text))
            ends = range(farthest, start + 1, -1)
            end = next((end for end in ends if text[start:end] in self.names), start)
            if end > start:
                yield Mention(start=start, end=end, name=text[start:end])
            start = max(end, start + 1)


def superiors_of(unit: Place) -> Iterator[Place]:
    """Province, city and county of a unit, as far as it has them."""
    yield Place(province=unit.province)
    if unit.city and unit.city != unit.province:
        yield Place(province=unit.province, city=unit.city)
    if unit.county:
        code = unit.code[:6] if unit.code else None
        yield Place(province=unit.province, city=unit.city, county=unit.county, code=code)


def lies_in(unit: Place, superior: Place) -> bool:
    """Whether a place lies in a superior one, as far as the superior's names tell."""
    pairs = ((superior.province, unit.province), (superior.city, unit.city), (superior.county, unit.county))
    return all(wanted in {None, found} for wanted, found in pairs)
