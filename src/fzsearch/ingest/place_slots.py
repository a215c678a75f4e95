"""Which township does a report name as its own?

Reads short strings in which a township may stand with its superiors before it: title, metadata block, letterhead,
sign-off. Names that no list knows are accepted only there; in running text 乡镇 or 全镇 would be taken for names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.places import Mention, PlaceList, name_stem, superiors_of

_LONGEST_NAME = 8  # characters of a township that no list knows (measured: 97 % of listed 乡镇 and 街道 have at most 7)
_LONGEST_NATION_NAME = 14  # 果布戛彝族苗族布依族乡 and the like

# What may stand behind the name of a township; anything else means that 镇 or 乡 is part of another word (乡村振兴局).
_BEHIND = (
    r"(?=$|[^\u4e00-\u9fff]|人民|政府|党|委|办|工委|工作|机关|年|法治|依法|关于|推进|贯彻|落实|全面|上半|下半|开展|综合|司法|创建|行政|纪委|人大|在|度|"
    r"[二〇○零])"
)
_TYPE_END = re.compile(rf"(?:镇|乡|街道|苏木){_BEHIND}")
_BEHIND_NAME = re.compile(_BEHIND)
_HAN = r"\u3400-\u9fff"
_BOUNDARY = re.compile(
    rf"[^{_HAN}]|年度|年|关于|中共|中国共产党|公布|公开|报送|印发|发布|转发|附件|公示|上报|呈报|委员会|管委会|人民政府|办事处|党工委|工委|党委|政府|以及|暨|与|现将|法治(?:政府)?建设|公开"
)
_NO_NAME = re.compile(
    r"^(?:某|某某|城|村|集|场|重|强|名|小城|建制|试点|示范|中心|重点|特色|美丽|新型城|小)镇$|^(?:下|家|返|回|水|故|入)乡$|"
    r"(?:^|[县区市旗])(?:各|全|我|本|该)(?:镇|乡|街道)$|乡镇(?:街道)?$|小城镇$|依法治[镇乡]$|(?:^|和|与|及|筹)城乡$|^街道$|^.$"
)
_COUNTY = re.compile(r"^.{1,7}(?:[县区市旗]|新城)$")
_UNLISTED_COUNTY = re.compile(rf"^([{_HAN}]{{2,7}}?[县区市旗]|[{_HAN}]县)([{_HAN}]{{1,7}}(?:镇|乡|街道|苏木))$")
# Zones are no level of the list: their units stand under the county that the code table has.
_ZONE = re.compile(
    r"(?:新|开发|高新|经开|高新技术产业|园|示范|度假|景|合作|管理|试验|功能|片|保税|社|市|城|地|校|小|辖)区$|城市$|新城$"
)

_REGIMENT = re.compile(rf"(?:兵团|师)(?:[{_HAN}]{{2,5}}市)?((?:\d{{2,3}}|[一二三四五六七八九十零〇]{{2,4}})团)")

_SHORT_LINE = 40  # characters of a letterhead or sign-off line
_HEAD_LINES, _TAIL_LINES = 8, 6
_ISSUER_KEYS = (
    "发布机构", "发文机关", "发文机构", "制发机关", "公开机构", "发布单位", "责任部门", "信息来源", "来源", "标题",
)  # fmt: skip
_ISSUER_LINE = re.compile(r"(?:政府|委员会|办事处|工委|党委|镇|乡|街道|文件)[）)]?\s*$")
_AREA_LINE = re.compile(r"(?:政府|委员会|局|厅|办公室)$")
_CLAUSE_START = re.compile(rf"(?:^|[^{_HAN}]|现将|现就|以来|年度?)(?=[{_HAN}])")
_DOES = (
    r"(?=在|坚持|始终|深入|认真|以|党|人民政府|办事处|20\d\d|全面|严格|扎实|按照|根据|积极|持续|高度|立足|聚焦|结合|对照|围绕|紧|牢|切实|推进|贯彻"
    r"|不断|进一步|统筹|着力|法治|依法)"
)
_DOES_BEHIND = re.compile(_DOES)
_UNLISTED_SUBJECT = re.compile(rf"(?![我全本各该])([{_HAN}]{{1,7}}?(?:镇|乡|街道|苏木)){_DOES}")
_OWN_WORDS = re.compile(r"[我全本][镇乡]|[我全本]街道|[镇乡]党委|[镇乡]政府|街道党工委|街道办事处")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What a short string says about places.

    Attributes:
        township: the township's name in its usual form (X街道 for X街道办事处), None where none is named.
        superiors: listed names of provinces, cities and counties, in order.
        short: what stands before the township like a superior without its level (永新 in 永新沙市镇).
        unlisted: a county that no list knows (X县 before the township).
    """

    township: str | None
    superiors: tuple[str, ...] = ()
    short: str | None = None
    unlisted: str | None = None


def read_slot(text: str, places: PlaceList) -> Slot:
    """What a title or another short string says; white space in it does not count."""
    compact = _with_full_streets(re.sub(r"\s+", "", text), places)
    mentions = places.mentions(compact)
    found = next(_townships(compact, mentions, places), None) or _regiment(compact, places)
    township, before, start = found or (None, "", len(compact))
    above = _superiors_in(compact, mentions, places)
    superiors = tuple(m.name for m in above if not start <= m.start < start + 2)
    is_short = township is not None and _is_short_superior(before, township, places)
    unlisted = None if is_short or _ZONE.search(before) else before or None
    return Slot(township=township, superiors=superiors, short=before if is_short else None, unlisted=unlisted)


def _superiors_in(text: str, mentions: tuple[Mention, ...], places: PlaceList) -> list[Mention]:
    """The superiors among some mentions; 丰县 in 虚丰县 is none."""
    starts = {0, *(m.end for m in mentions), *(match.end() for match in _BOUNDARY.finditer(text))}
    found = (m for m in mentions if places.superiors(m.name))
    return [m for m in found if m.start in starts or len(name_stem(m.name)) > 1]


def _regiment(text: str, places: PlaceList) -> tuple[str, str, int] | None:
    """A regiment of the Xinjiang corps, which the list calls 兵团一五二团: 第八师一五二团, 第八师石河子市152团."""
    match = _REGIMENT.search(text)
    if match is None:
        return None
    listed = "兵团" + match[1].translate(str.maketrans("0123456789〇", "零一二三四五六七八九零"))
    return (listed if places.named(listed) else match[1]), "", match.start(1)


def _with_full_streets(text: str, places: PlaceList) -> str:
    """X街 where X街道 is listed, as Guangzhou writes it (三元里街2023年…), in its full form."""
    for match in reversed([*re.finditer(r"街(?=办事处|党工委|人民|法治|关于|[^\u4e00-\u9fff]|$)", text)]):
        names = (text[start : match.end()] + "道" for start in range(max(0, match.start() - 5), match.start() - 1))
        if any(places.named(name) for name in names):
            text = f"{text[: match.end()]}道{text[match.end() :]}"
    return text


def _townships(text: str, mentions: tuple[Mention, ...], places: PlaceList) -> Iterator[tuple[str, str, int]]:
    """Names of townships in order, each with what stands directly before it and the offset of the name."""
    ends = {match.end() for match in _TYPE_END.finditer(text)}
    above = [m.end for m in _superiors_in(text, mentions, places)]
    units = [m for m in mentions if m.end not in above and places.named(m.name)]  # 涧西区 is also a unit elsewhere
    listed = {m.end: m for m in units if _BEHIND_NAME.match(text, m.end)}
    for end in sorted(ends | set(listed)):
        mention = listed.get(end)
        known_from = mention.start if mention else end
        words = (match.end() for match in _BOUNDARY.finditer(text, 0, known_from))
        begin = max([0, *words, *(end for end in above if end <= known_from)])
        if mention and begin == mention.start:
            yield mention.name, "", begin
        elif parts := _parts(text[begin:end], mention, places):
            yield *parts, end - len(parts[0])


def _parts(run: str, mention: Mention | None, places: PlaceList) -> tuple[str, str] | None:
    """Township and what stands before it, in a run of Chinese words that is not simply a listed name."""
    for cut in range(1, len(run) - 1):
        if _is_short_superior(run[:cut], run[cut:], places):
            return run[cut:], run[:cut]
    if mention and _COUNTY.search(before := run.removesuffix(mention.name)):
        return mention.name, before
    if _NO_NAME.search(run):
        return None
    if (split := _UNLISTED_COUNTY.match(run)) and not _NO_NAME.search(split[2]):
        return split[2], split[1]
    if len(run) <= (_LONGEST_NATION_NAME if run.endswith("族乡") else _LONGEST_NAME):
        return run, ""
    return (mention.name, "") if mention else None


def _is_short_superior(before: str, township: str, places: PlaceList) -> bool:
    """Whether some unit of that name lies in a superior that is called so without its level."""
    superiors = (superior for unit in places.named(township) for superior in superiors_of(unit))
    return any(name_stem(superior.names[-1]) == before for superior in superiors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A slot and where it was read; `rule`, `source`, `line` and `text` as in Provenance."""

    slot: Slot
    rule: str
    source: str
    line: int | None
    text: str


def township_in_title(
    lines: Sequence[NumberedLine], title: str | None, title_lines: Sequence[int], places: PlaceList
) -> Named:
    """What the title says, with the line that the township, else the last superior stands on."""
    slot = read_slot(title or "", places)
    word = slot.township or (slot.superiors or ("",))[-1]
    texts = {line.number: re.sub(r"\s+", "", line.text) for line in lines}
    holding = (number for number in title_lines if word in texts.get(number, ""))
    line = next(holding, title_lines[0] if title_lines else None)
    return Named(slot=slot, rule="place.title", source="text", line=line, text=title or "")


def township_elsewhere(
    text: Sequence[NumberedLine], page: Mapping[str, str], heading: Slot, places: PlaceList
) -> Named | None:
    """The township of metadata block, sign-off, letterhead or file name; for a title without any place, of the body."""
    for key in _ISSUER_KEYS:
        value = page.get(key, "")
        if (slot := read_slot(value, places)).township:
            return Named(slot=slot, rule="place.page", source="page", line=None, text=f"{key}：{value}")
    for line in (*reversed(text[-_TAIL_LINES:]), *text[:_HEAD_LINES]):
        words = line.text.strip()
        if len(words) > _SHORT_LINE or not _ISSUER_LINE.search(words):
            continue
        if (slot := read_slot(words, places)).township:
            return Named(slot=slot, rule="place.signoff", source="text", line=line.number, text=words)
    if named := _township_in_path(page.get("file", ""), places):
        return named
    if heading.superiors:
        return None
    return _township_in_opening(text, places) or _township_in_body(text, places)


def area_signed(text: Sequence[NumberedLine], places: PlaceList) -> Named | None:
    """The county, city or province of an office in sign-off or letterhead."""
    for line in (*reversed(text[-_TAIL_LINES:]), *text[:_HEAD_LINES]):
        words = re.sub(r"\s+", "", line.text)
        if len(words) <= _SHORT_LINE and _AREA_LINE.search(words) and (slot := read_slot(words, places)).superiors:
            return Named(slot=slot, rule="place.signoff", source="text", line=line.number, text=words)
    return None


def _township_in_opening(text: Sequence[NumberedLine], places: PlaceList) -> Named | None:
    """The township that is the subject of a clause in the first lines (2023年，甲镇坚持…)."""
    for line in text[:_HEAD_LINES]:
        mentions = {mention.start: mention for mention in places.mentions(line.text)}
        for match in _CLAUSE_START.finditer(line.text):
            start = match.end()
            while (mention := mentions.get(start)) and not places.named(mention.name):
                start = mention.end
            found = mention.name if mention else ""
            unlisted = None if mention else _UNLISTED_SUBJECT.match(line.text, start)
            if unlisted and not _NO_NAME.search(unlisted[1]) and sum(unlisted[1] in other.text for other in text) > 1:
                found = unlisted[1]
            if found and _DOES_BEHIND.match(line.text, start + len(found)):
                slot = Slot(township=found)
                return Named(slot=slot, rule="place.opening", source="text", line=line.number, text=line.text.strip())
    return None


def _township_in_path(path: str, places: PlaceList) -> Named | None:
    """The township of the file's name, else of the nearest folder, with the superiors that stand before it."""
    names = path.split("/")
    for depth in range(len(names), 0, -1):
        if (slot := read_slot(names[depth - 1], places)).township:
            above = read_slot("/".join(names[: depth - 1]), places).superiors
            slot = replace(slot, superiors=tuple(dict.fromkeys((*above, *slot.superiors))))
            return Named(slot=slot, rule="place.file", source="file", line=None, text=path)
    return None


def _township_in_body(text: Sequence[NumberedLine], places: PlaceList) -> Named | None:
    """The listed township that a text which speaks as a township (我镇) names far more often than any other."""
    if not any(_OWN_WORDS.search(line.text) for line in text):
        return None
    mentions = (mention.name for line in text for mention in places.mentions(line.text))
    counts = Counter(name for name in mentions if places.named(name))
    (name, count), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    if count <= max(1, 2 * second):  # named once, it may be any place
        return None
    line = next(line for line in text if name in line.text)
    return Named(slot=Slot(township=name), rule="place.body.name", source="text", line=line.number, text=name)
