"""What do title, salutation, metadata block and file name say about the county, city or province of a township?

A clue only tells which places it would keep; ``place_evidence`` weighs it. Clues of the running text are in
``place_body``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.place_slots import Named
from fzsearch.ingest.place_sources import name_stem
from fzsearch.ingest.places import Mention, PlaceList, lies_in, superiors_of
from fzsearch.model import Place

OFFICE = re.compile(r"委|党委|人民政府|政府|司法局|人大|人民法院|法院|人民检察院|检察院|公安|纪委|依法治|综合行政执法")
_KIND = re.compile(rf"(?<![自治社小园校片辖景厂街库矿林城地])([县区市旗])(?:{OFFICE.pattern})")
_SALUTATION = re.compile(r"[^，。]{3,40}[：:]$")  # a preamble ends in 如下： too, but it has clauses
_OTHER_WORD = re.compile(r"市(?:场|民|容|值|面|级)|区(?:域|间|块|位|划|别)|县(?:域|级)")
_DIRECTIONS = frozenset({"市中区", "新城区", "老城区", "城中区"})  # counties whose names are also ordinary words
_HEAD_LINES = 14  # lines in which a salutation is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One piece of evidence.

    Attributes:
        rule, source, line, text: as in Provenance.
        superiors: the places that it names (several when a name is not unique); empty for a clue about the kind.
        kind: last character that the county's name must have (县 in 县委、县政府).
        is_firm: it may contradict the list.
    """

    rule: str
    source: str
    line: int | None
    text: str
    superiors: tuple[Place, ...] = ()
    kind: str | None = None
    is_firm: bool = False

    def keeps(self, unit: Place) -> bool:
        """Whether a place agrees with the clue."""
        if self.kind:
            return (unit.county or "").endswith(self.kind)
        return any(lies_in(unit, superior) for superior in self.superiors)


def level_of(superior: Place) -> str:
    """Which level a superior place is: "county", "city" or "province"."""
    if superior.county:
        return "county"
    return "city" if superior.city else "province"


def slot_clues(stated: Named, units: Sequence[Place], places: PlaceList) -> Iterator[Clue]:
    """What stands before the township in its title or sign-off: names, or a name without its level (永新沙市镇)."""
    where = stated.rule.removeprefix("place.")
    for name in dict.fromkeys(stated.slot.superiors):
        found = places.superiors(name)
        rule = f"place.{level_of(found[-1])}.{where}"
        yield Clue(rule=rule, source=stated.source, line=stated.line, text=name, superiors=found)
    if short := stated.slot.short:
        above = (superior for unit in units for superior in superiors_of(unit))
        named = tuple(place for place in above if name_stem(place.names[-1]) == short)
        yield Clue(rule=f"place.short.{where}", source=stated.source, line=stated.line, text=short, superiors=named)


def salutation_clues(text: Sequence[NumberedLine], places: PlaceList) -> Iterator[Clue]:
    """Whom the report addresses: a named county, and its kind (县委、县政府 → the superior is a 县)."""
    for line in text[:_HEAD_LINES]:
        words = re.sub(r"\s+", "", line.text)
        if not _SALUTATION.match(words) or not (kinds := _KIND.findall(words)):
            continue
        rule, source = "place.salutation", "text"
        for mention in places.superior_mentions(words):
            if OFFICE.match(words, mention.end):
                named = places.superiors(mention.name)
                yield Clue(rule=rule, source=source, line=line.number, text=words, superiors=named, is_firm=True)
        kind = next((kind for kind in kinds if kind != "市"), "市")
        yield Clue(rule=rule, source=source, line=line.number, text=words, kind=kind)
        return


def page_clues(page: Mapping[str, str], places: PlaceList) -> Iterator[Clue]:
    """Names in the metadata block (发布机构, 来源 …)."""
    for key, value in page.items():
        for mention in places.superior_mentions(value) if key not in {"url", "file"} else ():
            named = places.superiors(mention.name)
            yield Clue(rule="place.page", source="page", line=None, text=f"{key}：{value}", superiors=named)


def path_clues(path: str, units: Sequence[Place], places: PlaceList) -> Iterator[Clue]:
    """Names of superior places in the names of file and folders, the nearest to the file first.

    A folder may also bear the name of a unit's superior without its level (云阳/沙市镇.txt).
    """
    for name in reversed(path.split("/")):
        found = [
            places.superiors(mention.name)
            for mention in places.superior_mentions(name)
            if not is_word(mention) and not is_part_of_word(name, mention)
        ]
        above = (superior for unit in units for superior in superiors_of(unit))
        found.append(tuple(place for place in dict.fromkeys(above) if name_stem(place.names[-1]) == name))
        for named in filter(None, reversed(found)):
            yield Clue(rule="place.file", source="file", line=None, text=path, superiors=named)


def is_word(mention: Mention) -> bool:
    """Whether a listed name may as well be an ordinary word: 和县 in 省、市和县."""
    return len(name_stem(mention.name)) == 1 or mention.name in _DIRECTIONS


def is_part_of_word(text: str, mention: Mention) -> bool:
    """Whether a listed name runs into another word: 东方市 in 东方市场."""
    return _OTHER_WORD.match(text, mention.end - 1) is not None
