"""What do title, salutation and metadata block say about the county, city or province of a township?

A clue only tells which places it would keep; ``place_evidence`` weighs it. Clues of the running text are in
``place_body``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.place_slots import Named
from fzsearch.ingest.place_sources import name_stem
from fzsearch.ingest.places import PlaceList, lies_in, superiors_of
from fzsearch.model import Place

OFFICE = re.compile(r"委|党委|人民政府|政府|司法局|人大|人民法院|法院|人民检察院|检察院|公安|纪委|依法治|综合行政执法")
_KIND = re.compile(rf"(?<![自治社小园校片辖景厂街库矿林城地])([县区市旗])(?:{OFFICE.pattern})")
_SALUTATION = re.compile(r"[^，。]{3,40}[：:]$")  # a preamble ends in 如下： too, but it has clauses
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
    """Names in the metadata block (发布机构, 来源 …), then, under the key "file", those of folder and file."""
    for key, value in sorted(page.items(), key=lambda item: item[0] == "file"):
        source = "file" if key == "file" else "page"
        for mention in places.superior_mentions(value) if key != "url" else ():
            named = places.superiors(mention.name)
            yield Clue(rule=f"place.{source}", source=source, line=None, text=f"{key}：{value}", superiors=named)
