"""Where do the names of places come from: the packaged official list and the user's ``corpus/places.csv``.

Reads and checks the two sources; questions about names are answered by ``places``.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
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
    """

    units: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    superiors: Mapping[str, tuple[str, ...]]

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
    return OfficialList(_frozen(units), names, _superiors(names))


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
