"""Which places does the packaged list know, and what does a user's ``places.csv`` add?"""

from pathlib import Path

import pytest

from fzsearch.errors import CorpusError
from fzsearch.ingest.places import PlaceList, official_list
from fzsearch.model import Place

PLACES = PlaceList.load(Path(__file__).parents[2] / "corpus" / "places.csv")
HEADER = "code,province,city,county,township,note\n"
UNITS = [(code, name) for name, codes in official_list().units.items() for code in codes]


def test_official_list_holds_all_units_with_nine_digits():
    assert len(UNITS) == 41352
    assert all(len(code) == 9 for code, _ in UNITS)
    assert len({code for code, _ in UNITS}) == len(UNITS)


def test_named_gives_all_units_ordered_by_code():
    assert [place.code for place in PLACES.named("沙市镇")] == ["360830105", "430181126", "500235123"]
    assert PLACES.named("从无此镇") == ()


def test_municipality_stands_at_city_level():
    place = PLACES.named("青木关镇")[0]

    assert (place.province, place.city, place.county) == ("重庆市", "重庆市", "沙坪坝区")


def test_county_directly_under_a_province_has_no_city():
    assert PLACES.superiors("仙桃市") == (Place(province="湖北省", county="仙桃市", code="429004"),)


def test_superiors_know_short_forms_and_repeated_names():
    assert PLACES.superiors("威宁县") == PLACES.superiors("威宁彝族回族苗族自治县")
    assert {place.province for place in PLACES.superiors("朝阳区")} == {"北京市", "吉林省"}
    assert PLACES.superiors("重庆市") == (Place(province="重庆市"),)


def test_additions_join_the_list():
    assert PLACES.named("云门镇") == (
        Place(province="示例省", city="云川市", county="青溪县", township="云门镇", code="990122103"),
    )
    assert PLACES.superiors("青溪县")[0].code == "990122"
    assert PLACES.named("石桥镇")[-1].county == "青溪县"
    assert len(PLACES.named("石桥镇")) > 2


def test_addition_replaces_official_unit_of_the_same_code(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("\ufeff" + HEADER + "500235123,重庆市,重庆市,云阳县,新沙市镇\n", encoding="utf-8")
    places = PlaceList.load(path)

    assert [place.county for place in places.named("沙市镇")] == ["永新县", "浏阳市"]
    assert [place.code for place in places.named("新沙市镇")] == ["500235123"]


def test_missing_user_file_adds_nothing(tmp_path):
    assert PlaceList.load(tmp_path / "places.csv").named("云门镇") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code,township\n", "第 1 行：表头应为"),
        ("# 说明\n" + HEADER + "12345,甲省,乙市,丙县,丁镇,\n", "第 3 行：code 应为 9 位数字"),
        (HEADER + "990101101,甲省,乙市\n", "第 2 行：应有 6 列"),
        (HEADER + "990101101,甲省,乙市,丙县,,\n", "township 不能为空"),
        (HEADER + "990101101,甲省,,,丁镇,\n" * 2, "第 3 行：代码 990101101 重复"),
    ],
)
def test_bad_row_is_refused_with_line_and_expectation(tmp_path, text, expected):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CorpusError, match=expected):
        PlaceList.load(path)


def test_user_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes(HEADER.encode() + "990101101,甲省".encode("gb18030"))

    with pytest.raises(CorpusError, match="UTF-8"):
        PlaceList.load(path)


def test_unit_that_the_list_lacks_is_found_by_its_addition(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(HEADER + "500235199,重庆市,重庆市,云阳县,虎跃溪镇,2024 年新设\n", encoding="utf-8")

    assert PlaceList.load(path).named("虎跃溪镇")[0].county == "云阳县"
