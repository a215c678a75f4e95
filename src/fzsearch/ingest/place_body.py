"""What does the running text say about the county, city or province of a township?

Names of superior places are counted with the words around them; how often the text speaks of 县委 or 区委 tells its
kind; names of online platforms support a province but never decide alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.place_clues import OFFICE, Clue, is_part_of_word, is_word, level_of
from fzsearch.ingest.places import Mention, PlaceList, lies_in
from fzsearch.model import Place

_AROUND = 15  # characters of provenance on either side of a name

# Names of provincial platforms for services, enforcement and law lessons, as their operators publish them.
PLATFORMS = {
    "北京市": "京通|吹哨报到", "天津市": "津心办|津治通", "河北省": "冀时办", "山西省": "三晋通",
    "内蒙古自治区": "蒙速办", "辽宁省": "辽事通", "吉林省": "吉事办", "上海市": "随申办", "江苏省": "苏服办",
    "浙江省": "浙里办|浙政钉", "安徽省": "皖事通|皖政通", "福建省": "闽执法|闽政通|e福州", "江西省": "赣服通|赣政通",
    "山东省": "爱山东", "河南省": "豫事办", "湖北省": "鄂汇办", "湖南省": "湘易办",
    "广东省": "粤智助|粤省事|粤执法|粤政易|粤平安", "广西壮族自治区": "桂通办|智桂通", "海南省": "海易办",
    "重庆市": "渝快办|渝快政|渝事好商量", "四川省": "天府通办", "贵州省": "云上贵州|黔政通", "云南省": "云解纷",
    "陕西省": "秦务员", "甘肃省": "甘快办", "青海省": "青海普法网", "宁夏回族自治区": "我的宁夏",
}  # fmt: skip

_ELSEWHERE = re.compile(r"赴|前往|考察|对口|结对|协作|籍")

_NOT_COUNTY = "治社小园校片辖景厂街库矿林城地新发"  # 社区委员会, 自治区政府
_KINDS = {
    "县": re.compile(r"县(?:委|政府|人民政府|司法局)|依法治县|我县|全县"),
    "区": re.compile(rf"(?<![{_NOT_COUNTY}])区(?:委|政府|人民政府|司法局)|依法治区|我区"),
    "旗": re.compile(r"旗(?:委|政府|人民政府|司法局)|依法治旗|我旗|全旗"),
    "市": re.compile(r"市(?:委|政府|人民政府|司法局)|依法治市|我市"),
}
_LOWER_LEVEL = re.compile(r"市[、和及]?[县区旗]|[县区旗][、和及]?市|区县|县区|县级")
_SPOKEN_OF = 2  # times 县委, 区委 or 旗委 must occur
_CITY_SPOKEN_OF = 3  # the same for 市委, which any township may mention


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often and how firmly a text names one superior place; `line` and `text` are of the first time."""

    line: int
    text: str
    superiors: tuple[Place, ...]
    score: int = 0
    is_firm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a running text says about superior places.

    Attributes:
        tallies: by name, in order of first mention.
        kind: 县, 区, 旗 or 市 when the text speaks of one of them only.
        platforms: the platform that it names, by province.
    """

    tallies: Mapping[str, Tally]
    kind: str | None
    platforms: Mapping[str, str]


def read_body(text: Iterable[NumberedLine], township: str, places: PlaceList) -> Body:
    """Count the superior places that a text names.

    A name in front of an office (X县委, X区司法局), inside a document's title (《X区…方案》) or directly before the
    township is firm and counts 2, any other 1. Names of places that were visited or helped do not count.
    """
    tallies: dict[str, Tally] = {}
    lines = tuple(text)
    for line in lines:
        _count(line, township, places, tallies)
    whole = "\n".join(line.text for line in lines)
    found = ((province, re.search(names, whole)) for province, names in PLATFORMS.items())
    platforms = {province: match[0] for province, match in found if match}
    return Body(tallies=tallies, kind=_kind(whole), platforms=platforms)


def _count(line: NumberedLine, township: str, places: PlaceList, tallies: dict[str, Tally]) -> None:
    last_end = -1
    for mention in places.superior_mentions(line.text):
        is_anchored = last_end == mention.start or line.text.endswith(("中共", "《"), 0, mention.start)
        last_end = mention.end
        if not _counts(line.text, mention, is_anchored=is_anchored):
            continue
        excerpt = line.text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
        superiors = places.superiors(mention.name)
        tally = tallies.setdefault(mention.name, Tally(line=line.number, text=excerpt, superiors=superiors))
        is_firm = is_anchored or _is_firm(line.text, mention, township)
        tally.score += 2 if is_firm else 1
        tally.is_firm |= is_firm


def _counts(text: str, mention: Mention, *, is_anchored: bool) -> bool:
    """Whether a name is meant as a place and concerns the township: not 和县 in 省、市和县, not 东方市 in 东方市场."""
    if is_word(mention) and not is_anchored:
        return False
    before = max(0, mention.start - 10)
    return not is_part_of_word(text, mention) and not _ELSEWHERE.search(text, before, mention.start)


def _is_firm(text: str, mention: Mention, township: str) -> bool:
    in_title = text.rfind("《", 0, mention.start) > text.rfind("》", 0, mention.start)
    return in_title or OFFICE.match(text, mention.end) is not None or text.startswith(township, mention.end)


def _kind(text: str) -> str | None:
    counts = {kind: len(pattern.findall(text)) for kind, pattern in _KINDS.items()}
    lower = [kind for kind in "县区旗" if counts[kind]]
    if lower:
        return lower[0] if len(lower) == 1 and counts[lower[0]] >= _SPOKEN_OF else None
    is_city = counts["市"] >= _CITY_SPOKEN_OF and not _LOWER_LEVEL.search(text)
    return "市" if is_city else None


def body_clues(body: Body, units: Sequence[Place]) -> Iterator[Clue]:
    """County and city that the body names, a county that fits no unit, then the kind of the superior."""
    yield from _named(body, units, "county", least=1)
    yield from _named(body, units, "city", least=2)
    yield from stranger_clue(body, units)
    if body.kind:
        text = f"{body.kind}委、{body.kind}政府"
        yield Clue(rule="place.body.kind", source="text", line=None, text=text, kind=body.kind)


def _named(body: Body, units: Sequence[Place], level: str, *, least: int) -> Iterator[Clue]:
    """The superior of one level in which units lie, if the text names one at least three times as much as any other."""
    found: list[tuple[Tally, tuple[Place, ...]]] = []
    for tally in body.tallies.values():
        of_level = (place for place in tally.superiors if level_of(place) == level)
        fitting = tuple(place for place in of_level if any(lies_in(unit, place) for unit in units))
        if fitting and tally.score >= least:
            found.append((tally, fitting))
    found.sort(key=lambda item: -item[0].score)
    if found and all(found[0][0].score >= 3 * tally.score for tally, _ in found[1:]):
        tally, fitting = found[0]
        yield Clue(rule="place.body", source="text", line=tally.line, text=tally.text, superiors=fitting)


def stranger_clue(body: Body, units: Sequence[Place]) -> Iterator[Clue]:
    """The only county that the body names firmly and in which none of the units lies; else the only such province.

    A single firm mention of a county is enough, a province takes two: its rules may be quoted from elsewhere.
    """
    for level, least in (("county", 2), ("province", 4)):
        found: list[Clue] = []
        for tally in body.tallies.values():
            superiors = tuple(place for place in tally.superiors if level_of(place) == level)
            is_known = any(lies_in(unit, place) for unit in units for place in tally.superiors)
            if superiors and tally.is_firm and tally.score >= least and not is_known:
                found.append(
                    Clue(
                        rule="place.body",
                        source="text",
                        line=tally.line,
                        text=tally.text,
                        superiors=superiors,
                        is_firm=True,
                    )
                )
        if found:
            yield from found if len(found) == 1 else ()
            return


def province_clue(body: Body, units: Sequence[Place]) -> Iterator[Clue]:
    """The only province that the body names twice or firmly, or once beside one of its platforms (渝快办)."""
    found: list[Clue] = []
    for tally in body.tallies.values():
        province = tally.superiors[0]
        platform = body.platforms.get(province.names[0])
        if level_of(province) != "province" or tally.score + bool(platform) < 2:  # noqa: PLR2004  twice
            continue
        text = f"{tally.text}；{platform}" if platform else tally.text
        found.append(Clue(rule="place.body.province", source="text", line=tally.line, text=text, superiors=(province,)))
    if len(found) == 1 and any(found[0].keeps(unit) for unit in units):
        yield found[0]
