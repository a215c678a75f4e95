"""Which township and year does the name of an unreadable file point to? By words of the path alone."""

import re
from dataclasses import dataclass

from fzsearch.ingest import PlaceList, lies_in
from fzsearch.model import Place
from fzsearch.service.catalogue import FileRecord

_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
_CODE = re.compile(r"(?<!\d)\d{9}(?!\d)")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that was not read, with the township and the year that its path names."""

    file: FileRecord
    code: str
    year: int


def named_file(file: FileRecord, places: PlaceList) -> NamedFile | None:
    """The township and year of a file; None where its path does not name exactly one of each.

    A township counts by its code, or by its full name where the list has it once, or once in the province, city or
    county that the path names besides.
    """
    years = set(_YEAR.findall(file.shown))
    codes = {unit.code for unit in _units(file.shown, places) if unit.code}
    if len(years) != 1 or len(codes) != 1:
        return None
    return NamedFile(file, codes.pop(), int(years.pop()))


def _units(path: str, places: PlaceList) -> list[Place]:
    """The townships that a path may mean."""
    coded = [unit for code in _CODE.findall(path) if (unit := places.coded(code))]
    if coded:
        return coded
    above = [places.superiors(mention.name) for mention in places.superior_mentions(path)]
    return [
        unit
        for mention in places.mentions(path)
        for unit in places.named(mention.name)
        if all(any(lies_in(unit, superior) for superior in superiors) for superiors in above)
    ]
