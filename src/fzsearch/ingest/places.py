"""Which townships, counties, cities and provinces are there?

The official list that comes with the program plus the user's additions from ``corpus/places.csv``. Knows names, never
texts: what a report says about its place is read in ``place_evidence``.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fzsearch.errors import CorpusError
from fzsearch.model import Place
from fzsearch.resources import data_text

COLUMNS = ("code", "province", "city", "county", "township", "note")

# 自治 names: 族 may be missing only after the names of several syllables (伊犁哈萨克自治州).
_AUTONOMOUS = re.compile(
    r"^(.{2,}?)(?:各族|(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    r"柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|德昂|保安|裕固|独龙|鄂温克)族"
    r"|蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克)+)自治(县|州|旗|区)$"
)
_LEVEL_WORD = re.compile(r"(?:自治区|自治县|自治州|自治旗|地区|省|市|县|区|州|旗|盟)$")


@dataclass(frozen=True, slots=True)
class OfficialList:
    """The packaged list.

    Attributes:
        units: 9-digit codes by name of the township-level unit, ascending.
        names: names by code of province (2 digits), city (4, empty where there is no such level), county (6).
        superiors: codes of 2, 4 or 6 digits by name or short form, widest first.
        older: codes of counties by a name that they may have had before they became a 市 or 区 (禄丰县, 长乐市).
    """

    units: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    superiors: Mapping[str, tuple[str, ...]]
    older: Mapping[str, tuple[str, ...]]

    def unit(self, code: str, name: str) -> Place:
        """The township-level unit of a 9-digit code."""
        city = self.names[code[:4]] or None
        return Place(province=self.names[code[:2]], city=city, county=self.names[code[:6]], township=name, code=code)

    def superior(self, code: str) -> Place:
        """The province, city or county of a code of 2, 4 or 6 digits; only a county carries its code."""
        county = self.names[code] if len(code) == len("110101") else None
        city = self.names[code[:4]] or None if len(code) >= len("1101") else None
        return Place(province=self.names[code[:2]], city=city, county=county, code=code if county else None)


@cache
def official_list() -> OfficialList:
    """The packaged list, read once in a process."""
    units: defaultdict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    above = ""
    for code, name in re.findall(r"^(\d+)(.*)$", data_text("divisions.txt.gz"), re.MULTILINE):
        if len(code) == len("001"):
            units[name].append(above + code)
        else:
            names[code] = name
            above = code
    superiors = _superiors(names)
    return OfficialList(_frozen(units), names, superiors, _older(names, superiors))


def _older(names: Mapping[str, str], superiors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        stem = name_stem(name)
        if len(code) != len("110101") or len(stem) == 1:
            continue
        for older in {"市": ("县",), "区": ("县", "市")}.get(name[-1:], ()):
            if stem + older not in superiors:
                found[stem + older].append(code)
    return _frozen(found)


def _superiors(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in sorted(names.items(), key=lambda item: (len(item[0]), item[0])):
        if names.get(code[:-2]) == name:  # 重庆市 and 东莞市 stand on two levels: the wider one is enough
            continue
        for form in name_forms(name):
            found[form].append(code)
    return _frozen(found)


def name_forms(name: str) -> tuple[str, ...]:
    """A superior's name and its usual short forms.

    >>> name_forms("威宁彝族回族苗族自治县")
    ('威宁彝族回族苗族自治县', '威宁县', '威宁自治县')
    >>> name_forms("内蒙古自治区")
    ('内蒙古自治区', '内蒙古')
    """
    match = _AUTONOMOUS.match(name)
    if name.endswith("自治区"):
        return (name, name_stem(name), f"{name_stem(name)}自治区")[: 3 if match else 2]
    if match is None:
        return (name,) if name else ()
    return (name, f"{match[1]}{match[2]}", f"{match[1]}自治{match[2]}")


def name_stem(name: str) -> str:
    """A superior's name without its level: 云阳 of 云阳县, 威宁 of 威宁彝族回族苗族自治县."""
    match = _AUTONOMOUS.match(name)
    return match[1] if match else _LEVEL_WORD.sub("", name)


def read_additions(user_file: Path) -> tuple[Place, ...]:
    """The units of a user's ``places.csv``: UTF-8, header ``code,province,city,county,township,note``, # comments.

    Raises:
        CorpusError: the file is not UTF-8, its header differs, or a row cannot be used; names file and line.
    """
    places: dict[str | None, Place] = {}
    for number, cells in _rows(user_file):
        where = f"{user_file} 第 {number} 行"
        place = _addition(cells, where)
        if place.code in places:
            raise CorpusError(f"{where}：代码 {place.code} 重复；每个代码只能出现一次")
        places[place.code] = place
    return tuple(places.values())


def _rows(user_file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header with their line numbers."""
    try:
        lines = user_file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{user_file} 不是 UTF-8 编码；请另存为 UTF-8 后再试") from exc
    header_seen = False
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if header_seen:
            yield number, cells
        elif tuple(cells) != COLUMNS:
            raise CorpusError(f"{user_file} 第 {number} 行：表头应为 {','.join(COLUMNS)}，实际为 {line.strip()}")
        header_seen = True


def _addition(cells: list[str], where: str) -> Place:
    if len(cells) not in {len(COLUMNS) - 1, len(COLUMNS)}:
        raise CorpusError(f"{where}：应有 {len(COLUMNS)} 列（{','.join(COLUMNS)}），实际 {len(cells)} 列")
    code, province, city, county, township = cells[:5]
    if not re.fullmatch(r"[0-9]{9}", code):
        raise CorpusError(f"{where}：code 应为 9 位数字（虚构地名以 99 开头），实际为“{code}”")
    if not province or not township:
        raise CorpusError(f"{where}：province 和 township 不能为空")
    return Place(province=province, city=city or None, county=county or None, township=township, code=code)


def _frozen(groups: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in groups.items()}


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

        Knows 威宁县 and 威宁自治县 for 威宁彝族回族苗族自治县, and a county by its older kind (禄丰县 for 禄丰市). Only
        counties carry a code.
        """
        known_list = official_list()
        codes = known_list.superiors.get(name) or known_list.older.get(name, ())
        official = [known_list.superior(code) for code in codes]
        known = {place.names for place in official}
        return (*official, *(place for place in self._added_superiors.get(name, ()) if place.names not in known))

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
        return _Vocabulary({*official_list().superiors, *official_list().older, *self._added_superiors})

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
        firsts, seconds = ("".join({start[at : at + 1] for start in self._reach}) for at in (0, 1))
        self._start = re.compile(f"[{re.escape(firsts)}](?=[{re.escape(seconds)}])")  # most places in a text begin none

    def scan(self, text: str) -> Iterator[Mention]:
        """The longest name at each place, from left to right."""
        end = 0
        for match in self._start.finditer(text):
            start = match.start()
            if start < end or not (reach := self._reach.get(text[start : start + 2])):
                continue
            for farthest in range(min(start + reach, len(text)), start + 1, -1):
                if (name := text[start:farthest]) in self.names:
                    end = farthest
                    yield Mention(start=start, end=end, name=name)
                    break


def superiors_of(unit: Place) -> Iterator[Place]:
    """Province, city and county of a unit, as far as it has them."""
    if unit.province:
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
