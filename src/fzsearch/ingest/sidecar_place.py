"""Which place does a correction mean? A code, names in a string, or a table of names; never a guess."""

import re
from collections.abc import Mapping, Sequence

from fzsearch.ingest.places import PlaceList, lies_in
from fzsearch.model import Place

_LEVELS = ("province", "city", "county", "township")
_KEYS = (*_LEVELS, "code")
_CODE = re.compile(r"(\d{9})(?:000)?")
_BETWEEN = re.compile(r"[\s,，、/／·>＞]+")
_NO_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})  # headings of the code table
_TOWNSHIP = re.compile(r"(?:镇|乡|街道|苏木|地区|办事处|农场|林场|牧场|渔场|茶场|管理区|开发区|园区)$")
_SHOWN = 6
_FORMS = "9 位代码，或各级名称，如“重庆市 云阳县 沙市镇”"


class UnusableError(ValueError):
    """A value that cannot be used; the message says in Chinese what was expected."""


def place_of(value: object, places: PlaceList) -> Place:
    """The place that a correction names.

    Args:
        value: a code (text or number), names from the widest to the township, or a table of `province`, `city`,
            `county`, `township`, `code`.
        places: the list with the corpus's own places.

    Raises:
        UnusableError: no unit, several units, or names that are not complete.
    """
    if isinstance(value, Mapping):
        return _of_table(value, places)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > 100:  # noqa: PLR2004 - no place has so long a name
        raise UnusableError(f"place 应为{_FORMS}")
    if text.isascii() and text.isdigit():
        return _of_code(text, places)
    return _of_names(_names(text, places), places)


def place_words(place: Place) -> str:
    """A place as one line: code and names."""
    return " ".join((*((place.code,) if place.code else ()), *place.names))


def _of_code(text: str, places: PlaceList) -> Place:
    match = _CODE.fullmatch(text)
    if not match:
        raise UnusableError(f"place 的代码应为 9 位数字，实际为“{text}”")
    unit = places.coded(match[1])
    if unit is None:
        raise UnusableError(f"名录和 places.csv 里都没有代码 {match[1]}；新设的乡镇请先写进 places.csv")
    return unit


def _names(text: str, places: PlaceList) -> list[str]:
    """The names of a string, parted by spaces, or run together where the list knows every one."""
    names = [name for name in _BETWEEN.split(text) if name]
    if len(names) == 1:
        mentions = places.mentions(text)
        names = [m.name for m in mentions] if "".join(m.name for m in mentions) == text else names
    return [name for name in names if name not in _NO_NAMES]


def _of_names(names: Sequence[str], places: PlaceList) -> Place:
    """The only unit of that name below those superiors, else a township that no list knows in a listed county."""
    if not names:
        raise UnusableError(f"place 应为{_FORMS}")
    *above, township = names
    fitting = [unit for unit in places.named(township) if all(_is_below(unit, name, places) for name in above)]
    if len(fitting) == 1:
        return fitting[0]
    words = " ".join(names)
    if fitting:
        shown = "；".join(place_words(unit) for unit in fitting[:_SHOWN])
        more = f" 等 {len(fitting)} 个" if len(fitting) > _SHOWN else ""
        raise UnusableError(f"place “{words}”有 {len(fitting)} 处：{shown}{more}；请写代码，或补上省、市、县")
    if not _TOWNSHIP.search(township):
        raise UnusableError(f"place “{words}”不是乡镇、街道；应为{_FORMS}")
    return _unlisted(above, township, places)


def _is_below(unit: Place, name: str, places: PlaceList) -> bool:
    return name in unit.names or any(lies_in(unit, superior) for superior in places.superiors(name))


def _unlisted(above: Sequence[str], township: str, places: PlaceList) -> Place:
    """A township that no list knows; complete when its county is known, with the province, to be one place only."""
    options = [places.superiors(name) for name in above]
    counties = {
        place: None
        for place in (options[-1] if options else ())
        if place.county and all(any(lies_in(place, wide) for wide in wides) for wides in options[:-1])
    }
    words = " ".join((*above, township))
    has_province = bool(options) and any(place.names == (place.province,) for place in options[0])
    if len(counties) != 1 or not has_province:
        raise UnusableError(
            f"名录和 places.csv 里都没有“{words}”；请核对名称，写全省、市、县、乡镇，或先把它写进 places.csv"
        )
    county = next(iter(counties))
    return Place(province=county.province, city=county.city, county=county.county, township=township)


def _of_table(table: Mapping[str, object], places: PlaceList) -> Place:
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise UnusableError(f"place 里不认识“{unknown[0]}”；可用 {'、'.join(_KEYS)}")
    if not all(isinstance(value, str | int) for value in table.values()):
        raise UnusableError("place 里的名称和代码应为文字")
    values = {key: str(table[key]).strip() for key in _KEYS if str(table.get(key, "")).strip()}
    names = [values[level] for level in _LEVELS if level in values and values[level] not in _NO_NAMES]
    if "code" in values:
        unit = _of_code(values["code"], places)
        strangers = [name for name in names if not _is_below(unit, name, places)]
        if strangers:
            raise UnusableError(f"place 的代码 {unit.code} 是 {' '.join(unit.names)}，与“{strangers[0]}”不符")
        return unit
    if "township" not in values:
        raise UnusableError("place 要有 township（乡镇、街道）或 code（9 位代码）")
    return _of_names(list(dict.fromkeys(names)), places)
