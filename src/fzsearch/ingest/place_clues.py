"""What does a report say about the county, city or province of its township?

A clue only tells which places it would keep; ``place_evidence`` weighs it. In the running text, names of superior
places are counted with the words around them, and how often it speaks of 县委 or 区委 tells their kind; names of online
platforms support a province but never decide alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.place_slots import Named
from fzsearch.ingest.places import Mention, PlaceList, lies_in, name_stem, official_list, superiors_of
from fzsearch.model import Place
from fzsearch.resources import data_text

OFFICE = re.compile(r"委|党委|人民政府|政府|司法局|人大|公安|纪委|依法治|综合行政执法")
_KIND = re.compile(rf"(?<![自治社小园校片辖景厂街库矿林城地])([县区市旗])(?:{OFFICE.pattern})")
_SALUTATION = re.compile(r"[^，。]{3,40}[：:]$")  # a preamble ends in 如下： too, but it has clauses
_OTHER_WORD = re.compile(r"市(?:场|民|容|值|面|级)|区(?:域|间|块|位|划|别)|县(?:域|级)")
_DIRECTIONS = frozenset({"市中区", "新城区", "老城区", "城中区"})  # counties whose names are also ordinary words
_HEAD_LINES = 14  # lines in which a salutation is looked for


@dataclass(slots=True, kw_only=True)
class Clue:
    """One piece of evidence; what the running text says of one superior place is counted in it.

    Attributes:
        rule, source, line, text: as in Provenance.
        superiors: the places that it names (several when a name is not unique); empty for a clue about the kind.
        kind: how the name of the county must end (县 in 县委、县政府), for 州 and 盟 the city's, for 省 and 自治区 the
            province's.
        is_firm: it may contradict the list; is_own: the name stands directly before the township.
        score: how often and how firmly the running text says it; `line` and `text` are of the first time.
    """

    rule: str
    source: str
    line: int | None
    text: str
    superiors: tuple[Place, ...] = ()
    kind: str | None = None
    is_firm: bool = False
    is_own: bool = False
    score: int = 0

    def keeps(self, unit: Place) -> bool:
        """Whether a place agrees with the clue."""
        if self.kind:
            above = {"州": unit.city, "盟": unit.city, "省": unit.province, "自治区": unit.province}
            return (above.get(self.kind, unit.county) or "").endswith(self.kind)
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


def is_older(mention: Mention) -> bool:
    """Whether a name is one that a county may have had: 新城市 is also a new city."""
    return mention.name in official_list().older


def is_part_of_word(text: str, mention: Mention) -> bool:
    """Whether a listed name runs into another word: 东方市 in 东方市场."""
    return _OTHER_WORD.match(text, mention.end - 1) is not None


_AROUND = 15  # characters of provenance on either side of a name
# A place that was visited or helped, or in which something happened.
_ELSEWHERE = re.compile(r"赴|前往|考察|对口|结对|协作|籍|借鉴|来自|邀请|毗邻|接壤")
_ELSEWHERE_BEHIND = re.compile(
    r"[^，。；、]{0,12}?(?:考察|经验|结对|协作|签订|来访|籍|务工|接壤|交界|交流|观摩)|(?:中级)?人民(?:法院|检察院)|法院"
)

_NOT_COUNTY = "治社小园校片辖景厂街库矿林城地新发"  # 社区委员会, 自治区政府
_KINDS = {
    "县": re.compile(r"县(?:委|政府|人民政府|司法局)|依法治县|我县|全县"),
    "区": re.compile(rf"(?<![{_NOT_COUNTY}])区(?:委|政府|人民政府|司法局)|依法治区|我区"),
    "旗": re.compile(r"旗(?:委|政府|人民政府|司法局)|依法治旗|我旗|全旗"),
    "市": re.compile(r"市(?:委|政府|人民政府|司法局)|依法治市|我市"),
    "省": re.compile(r"(?<!各)省(?:委|政府|人民政府|司法厅)|全省|我省|(?:中央|国家)、?省、?[市州]"),
    "自治区": re.compile(r"自治区(?:党委|政府|人民政府|司法厅)|全自治区|(?:中央|国家)、?自治区"),
    "州": re.compile(r"(?<!自治)州(?:委|政府|人民政府|司法局)|全州(?!县)|省、?州"),
    "盟": re.compile(r"盟(?:委|行署|司法局)|全盟"),
}
_LOWER_LEVEL = re.compile(r"市[、和及]?[县区旗]|[县区旗][、和及]?市|区县|县区|县级")
_SPOKEN_OF = 2  # times 县委, 区委 or 旗委 must occur
_CITY_SPOKEN_OF = 3  # the same for 市委, which any township may mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a running text says about superior places.

    Attributes:
        named: a clue for each superior place that it names, by name, in order of first mention.
        kinds: 县, 区, 旗 or 市, and 省 or 自治区, 州 or 盟, when the text speaks of one of them only.
        platforms: the platform that it names, by province.
    """

    named: Mapping[str, Clue]
    kinds: tuple[str, ...]
    platforms: Mapping[str, str]

    @property
    def enough(self) -> int:
        """Mentions of a city or province that decide: one where the text names no other superior, else two."""
        return 1 if len(self.named) == 1 else 2


def read_body(text: Iterable[NumberedLine], township: str, places: PlaceList) -> Body:
    """Count the superior places that a text names.

    A name in front of an office (X县委, X区司法局), inside a document's title (《X区…方案》) or directly before the
    township is firm and counts 2, any other 1. Names of places that were visited or helped do not count.
    """
    named: dict[str, Clue] = {}
    lines = tuple(text)
    unnamed: list[str] = []
    for line in lines:
        unnamed += _count(line, township, places, named)
    whole = "\n".join(line.text for line in lines)
    platforms = {province: platform for platform, province in _platforms().items() if platform in whole}
    return Body(named=named, kinds=tuple(_kinds("\n".join(unnamed))), platforms=platforms)


@cache
def _platforms() -> Mapping[str, str]:
    """The province of each online platform (渝快办), from the packaged table."""
    rows = [line.split() for line in data_text("platforms.txt").splitlines() if not line.startswith("#")]
    return {platform: province for province, *platforms in rows for platform in platforms}


def _count(line: NumberedLine, township: str, places: PlaceList, named: dict[str, Clue]) -> list[str]:
    """Count the superiors of a line; gives what stands between their names (县 of 甲县司法局 tells no kind)."""
    last_end = -1
    between, start = [], 0
    for mention in places.superior_mentions(line.text):
        between.append(line.text[start : mention.start])
        start = mention.end
        is_own = bool(township) and line.text.startswith(township, mention.end)
        is_anchored = is_own or last_end == mention.start or line.text.endswith(("中共", "《"), 0, mention.start)
        last_end = mention.end
        if not _counts(line.text, mention, is_anchored=is_anchored):
            continue
        excerpt = line.text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
        superiors = places.superiors(mention.name)
        first = Clue(rule="place.body", source="text", line=line.number, text=excerpt, superiors=superiors)
        clue = named.setdefault(mention.name, first)
        is_firm = is_anchored or _is_firm(line.text, mention)
        clue.is_own |= is_own
        clue.score += 2 if is_firm else 1
        clue.is_firm |= is_firm
    return [*between, line.text[start:]]


def _counts(text: str, mention: Mention, *, is_anchored: bool) -> bool:
    """Whether a name is meant as a place and concerns the township: not 和县 in 省、市和县, not 东方市 in 东方市场."""
    if not is_anchored and (is_word(mention) or (is_older(mention) and not _is_firm(text, mention))):
        return False
    before = max(0, mention.start - 10)
    is_elsewhere = _ELSEWHERE.search(text, before, mention.start) or _ELSEWHERE_BEHIND.match(text, mention.end)
    return not is_part_of_word(text, mention) and not is_elsewhere


def _is_firm(text: str, mention: Mention) -> bool:
    in_title = text.rfind("《", 0, mention.start) > text.rfind("》", 0, mention.start)
    return in_title or OFFICE.match(text, mention.end) is not None


def _kinds(text: str) -> Iterator[str]:
    counts = {kind: len(pattern.findall(text)) if kind in text else 0 for kind, pattern in _KINDS.items()}
    lower = [kind for kind in "县区旗" if counts[kind]]
    if len(lower) == 1 and counts[lower[0]] >= _SPOKEN_OF:
        yield lower[0]
    if not lower and counts["市"] >= _CITY_SPOKEN_OF and not _LOWER_LEVEL.search(text):
        yield "市"
    for one, other in (("省", "自治区"), ("自治区", "省"), ("州", "盟"), ("盟", "州")):
        if counts[one] >= _SPOKEN_OF and not counts[other]:
            yield one


def body_clues(body: Body, units: Sequence[Place]) -> Iterator[Clue]:
    """County and city that the body names, superiors that fit no unit, then the kind of the superior."""
    yield from _named(body, units, "county", least=1)
    yield from _named(body, units, "city", least=body.enough)
    yield from stranger_clues(body, units)
    for kind in body.kinds:
        text = f"{kind}{'党委' if kind == '自治区' else '委'}、{kind}政府"
        yield Clue(rule="place.body.kind", source="text", line=None, text=text, kind=kind)


def _named(body: Body, units: Sequence[Place], level: str, *, least: int) -> Iterator[Clue]:
    """The superior of one level in which units lie, if the text names one at least three times as much as any other."""
    found = [
        replace(clue, superiors=fitting)
        for clue in _of_level(body, level)
        if (fitting := tuple(place for place in clue.superiors if any(lies_in(unit, place) for unit in units)))
        and clue.score >= least
    ]
    best = max(found, key=lambda clue: clue.score, default=None)
    # 禄丰县 is no other than 禄丰市
    if best and all(best.score >= 3 * clue.score for clue in found if clue.superiors != best.superiors):
        yield best


def _of_level(body: Body, level: str) -> Iterator[Clue]:
    """What a text says of superiors of one level."""
    for clue in body.named.values():
        if superiors := tuple(place for place in clue.superiors if level_of(place) == level):
            yield replace(clue, superiors=superiors)


def stranger_clues(body: Body, units: Sequence[Place]) -> tuple[Clue, ...]:
    """Counties that the body names firmly and in which none of the units lies; else such cities; else provinces.

    A single firm mention is enough, a province takes two: its rules may be quoted from elsewhere. A single mention of
    a county does not count where the body names the city of a unit.
    """
    places = [place for clue in body.named.values() for place in clue.superiors]
    known = {level_of(place) for place in places if any(lies_in(unit, place) for unit in units)}
    for level, least in (("county", 4 if "city" in known else 2), ("city", 2), ("province", 4)):
        if level in known:
            return ()
        found = [clue for clue in _of_level(body, level) if clue.is_firm and clue.score >= least]
        if found:
            most = max(clue.score for clue in found)
            return tuple(clue for clue in found if 3 * clue.score > most)
    return ()


def short_clues(text: Iterable[NumberedLine], units: Sequence[Place]) -> Iterator[Clue]:
    """A superior without its level in the name of a programme or document: 法治杭州, 《上海法治政府建设规划》."""
    lines = tuple(text)
    for level in ("county", "city", "province"):
        above = {place for unit in units for place in superiors_of(unit) if level_of(place) == level}
        found: dict[str, Clue] = {}
        for place in sorted(above, key=lambda place: place.names):
            stem = name_stem(place.names[-1])
            pattern = re.compile(rf"(?:法治|平安|清廉|信用|数字){stem}|《[^》]{{0,8}}{stem}(?:法治|全面依法|依法)")
            hits = ((line.number, match[0]) for line in lines if len(stem) > 1 for match in pattern.finditer(line.text))
            if hit := next(hits, None):
                named = (*found[stem].superiors, place) if stem in found else (place,)
                found[stem] = Clue(rule="place.body.short", source="text", line=hit[0], text=hit[1], superiors=named)
        if len(found) == 1:
            yield from found.values()


def province_clue(body: Body, units: Sequence[Place]) -> Iterator[Clue]:
    """The only province that the body names often enough; one of its platforms (渝快办) counts as a mention."""
    found: list[Clue] = []
    for named in body.named.values():
        province = named.superiors[0]
        platform = body.platforms.get(province.names[0])
        if level_of(province) != "province" or named.score + bool(platform) < body.enough:
            continue
        text = f"{named.text}；{platform}" if platform else named.text
        found.append(Clue(rule="place.body.province", source="text", line=named.line, text=text, superiors=(province,)))
    if len(found) == 1 and any(found[0].keeps(unit) for unit in units):
        yield found[0]
