"""Which places does a corpus speak of, and which years of each? Townships with their reports, counties, parents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fzsearch.model import Content, IndexedReport, Level, Place
from fzsearch.query import Facet
from fzsearch.service.doctor import unsettled_fields

COUNTY_DIGITS = 6
NO_DAY = date(1970, 1, 1)
LEVELS = (Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP)
"""The place hierarchy, widest first."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A report in short.

    Attributes:
        missing: what is not settled of it, in Chinese: 年度, 乡镇, 县.
        file: path of its first file, as people see it.
        issued: its date of issue, `contents` the statutory contents that it holds.
    """

    key: str
    title: str | None
    year: int | None
    place: Place
    missing: tuple[str, ...]
    file: str
    issued: date | None = None
    level: Level = Level.TOWNSHIP
    contents: tuple[Content, ...] = ()

    @classmethod
    def of(cls, record: IndexedReport) -> "Entry":
        """The entry of a record."""
        report = record.report
        return cls(
            key=record.key,
            title=report.title,
            year=report.year,
            place=report.place,
            missing=unsettled_fields(record),
            file=record.files[0].shown,
            issued=report.issued,
            level=report.level,
            contents=report.contents,
        )

    @property
    def day(self) -> date:
        """The day that stands for it in an order by time."""
        return day_of(self.issued, self.year)


def day_of(issued: date | None, year: int | None) -> date:
    """The day of a report in an order by time: of issue; where that is unknown, the last of its year; then NO_DAY."""
    return issued or (date(year, 12, 31) if year else NO_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """One township and its reports, by year and key.

    `identity` tells it from others, as in all totals: its code where that is certain, else its name as written.
    """

    identity: str
    name: str
    place: Place
    entries: tuple[Entry, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it reported on, in order."""
        return tuple(sorted({entry.year for entry in self.entries if entry.year}))

    @property
    def gaps(self) -> tuple[int, ...]:
        """The years without a report between its first and its last."""
        years = self.years
        return tuple(year for year in range(years[0], years[-1]) if year not in years) if years else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county with the townships that the corpus has of it, in the order of their codes and names."""

    code: str | None
    path: Path
    townships: tuple[Township, ...]

    @property
    def name(self) -> str:
        """Its own name, without the wider ones."""
        return self.path[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """All places of a corpus.

    Attributes:
        townships: by identity, in order.
        named: the townships of each name.
        counties: by 6-digit code; counties of which no code is certain by name.
        parents: of each value of a place facet, the paths that it stands under, each as the names above it.
    """

    townships: Mapping[str, Township]
    named: Mapping[str, tuple[Township, ...]]
    counties: Mapping[str, County]
    parents: Mapping[Facet, Mapping[str, frozenset[Path]]] = field(default_factory=dict)

    def townships_named(self, name: str) -> tuple[Township, ...]:
        """The townships of an identity or a name."""
        return (self.townships[name],) if name in self.townships else self.named.get(name, ())

    def counties_named(self, name: str) -> tuple[County, ...]:
        """The counties of a code or a name."""
        return tuple(one for code, one in self.counties.items() if name in {code, one.name})

    def county_of(self, place: Place) -> County | None:
        """The county that a place lies in, None where that is not settled."""
        path = county_path(place)
        return next((county for county in self.counties.values() if county.path == path), None) if path else None


def county_path(place: Place) -> Path:
    """Province, city and county of a place; empty where the county is not settled."""
    return tuple(filter(None, (place.province, place.city, place.county))) if place.county else ()


def build_atlas(entries: Iterable[Entry]) -> Atlas:
    """The places of some reports; a township's notices and plans do not count as its reports."""
    entries = tuple(entries)
    by_identity: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.place.township and entry.level is Level.TOWNSHIP:
            by_identity[entry.place.code or entry.place.township].append(entry)
    townships = {identity: _township(identity, found) for identity, found in sorted(by_identity.items())}
    named: defaultdict[str, list[Township]] = defaultdict(list)
    for township in townships.values():
        named[township.name].append(township)
    return Atlas(
        townships=townships,
        named={name: tuple(found) for name, found in named.items()},
        counties=_counties(townships.values()),
        parents=_parents(entries),
    )


def _township(identity: str, entries: Iterable[Entry]) -> Township:
    ordered = tuple(sorted(entries, key=lambda entry: (entry.year or 0, entry.key)))
    best = max(ordered, key=lambda entry: (entry.place.county is not None, entry.year or 0, entry.key))
    return Township(identity=identity, name=best.place.township or "", place=best.place, entries=ordered)


def _counties(townships: Iterable[Township]) -> dict[str, County]:
    by_path: defaultdict[Path, list[Township]] = defaultdict(list)
    for township in townships:
        if path := county_path(township.place):
            by_path[path].append(township)
    found = {}
    for path, members in sorted(by_path.items()):
        codes = sorted({one.place.code[:COUNTY_DIGITS] for one in members if one.place.code})
        code = codes[0] if codes else None
        found[code or path[-1]] = County(code=code, path=path, townships=tuple(members))
    return found


def _parents(entries: Iterable[Entry]) -> dict[Facet, dict[str, frozenset[Path]]]:
    found: dict[Facet, defaultdict[str, set[Path]]] = {facet: defaultdict(set) for facet in LEVELS}
    for place in {entry.place for entry in entries}:
        names = (place.province, place.city, place.county, place.township)
        for depth, (facet, name) in enumerate(zip(LEVELS, names, strict=True)):
            if name:
                found[facet][name].add(tuple(above or "" for above in names[:depth]))
    return {facet: {name: frozenset(paths) for name, paths in known.items()} for facet, known in found.items()}
