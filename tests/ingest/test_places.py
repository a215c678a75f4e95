import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.ingest.lines import NumberedLine, clean_lines
from fzsearch.ingest.place_evidence import find_place
from fzsearch.ingest.place_slots import read_slot
from fzsearch.ingest.places import PlaceList, official_list
from fzsearch.model import Place, Provenance

SHARED = Path(os.environ.get("FZSEARCH_SHARED", "../shared"))
SPECIMENS = Path(__file__).parents[2] / "corpus" / "places.csv"
PLACES = PlaceList.load(SPECIMENS)
UNITS = [(code, name) for name, codes in official_list().units.items() for code in codes]
REPORTING = [unit for unit in UNITS if unit[1].endswith(("镇", "乡", "街道", "苏木")) and unit[1] != "街道"]


def resolve(title: str | None, *body: str, **page: str) -> tuple[Place, tuple[Provenance, ...]]:
    lines = [NumberedLine(number, text) for number, text in enumerate((title or "", *body), 1)]
    return find_place(lines, title, [1] if title else [], page, PLACES)


def counties(place: Place) -> list[str | None]:
    return [candidate.county for candidate in place.candidates]


def rules(provenance: tuple[Provenance, ...]) -> list[str]:
    return [item.rule for item in provenance]


# Titles and other slots


@pytest.mark.parametrize(
    ("title", "township"),
    [
        ("中共沙市镇委员会沙市镇人民政府关于法治工作的报告", "沙市镇"),
        ("2023年度大石镇法治工作报告", "大石镇"),
        ("关于印发云门镇2023年法治工作总结", "云门镇"),
        ("保康街道办事处二〇二三年法治报告", "保康街道"),
        ("白鹭街道党工委2023年度报告", "白鹭街道"),
        ("阿尔巴斯苏木2023年法治报告", "阿尔巴斯苏木"),
        ("三元里街2023年法治报告", "三元里街道"),
        ("法治建设大石镇2023年情况", "大石镇"),
        ("大 石 镇 2023 年法治报告", "大石镇"),
        ("某地新设虎跃溪镇2023年", "某地新设虎跃溪镇"),
        ("虎跃溪镇2023年法治报告", "虎跃溪镇"),
        ("果布戛彝族苗族布依族乡2023年", "果布戛彝族苗族布依族乡"),
        ("镇江市丹徒区上党镇2024年法治报告", "上党镇"),
        ("颍上新集镇2023年法治报告", "新集镇"),
    ],
)
def test_title_names_a_township(title, township):
    assert read_slot(title, PLACES).township == township


@pytest.mark.parametrize(
    "title",
    [
        "关于全县乡镇法治建设的报告",
        "各乡镇（街道）2023年度情况",
        "我镇2023年工作总结",
        "青溪县司法局2023年法治报告",
        "青溪县住房和城乡建设局2023年法治报告",
        "青溪县乡村振兴局2023年法治报告",
        "镇江市2023年法治报告",
        "新乡市人民政府2023年法治报告",
        "景德镇市2023年法治报告",
        "某镇2023年法治报告",
        "××镇20××年法治报告",
        "全市依法治镇工作报告",
        "",
    ],
)
def test_title_without_a_township(title):
    assert read_slot(title, PLACES).township is None


def test_longest_name_is_taken():
    """1,131 names of the list are the end of a longer one."""
    assert read_slot("新沙市镇2023年法治报告", PLACES).township == "新沙市镇"


# Evidence


def test_name_that_occurs_once_in_the_country_decides():
    place, provenance = resolve("商家镇2023年法治报告", "现将情况报告如下。")

    assert (place.province, place.city, place.county, place.code) == ("山东省", "淄博市", "周村区", "370306104")
    assert rules(provenance) == ["place.title", "place.list.unique"]


@pytest.mark.parametrize(
    "title",
    [
        "云阳县沙市镇2023年法治报告",
        "重庆市云阳县沙市镇人民政府2023年法治报告",
        "重庆市沙市镇2023年法治报告",
        "云阳沙市镇2023年法治报告",
        "中共沙市镇委员会 云阳县沙市镇人民政府关于法治工作的报告",
    ],
)
def test_superior_in_the_title_decides(title):
    assert resolve(title)[0].code == "500235123"


def test_salutation_excludes_other_kinds_and_names_them():
    place, provenance = resolve("沙市镇2023年法治报告", "县委、县政府：", "情况如下。")

    assert place == Place(township="沙市镇", candidates=place.candidates)
    assert counties(place) == ["永新县", "云阳县"]
    salutation = next(item for item in provenance if item.rule == "place.salutation")
    assert "浏阳市" in salutation.text
    assert salutation.line == 2


def test_salutation_of_a_city_decides():
    assert resolve("沙市镇2023年法治报告", "市委、市政府：")[0].county == "浏阳市"


def test_salutation_that_names_the_county_decides():
    assert resolve("沙市镇2023年法治报告", "中共云阳县委、云阳县人民政府：")[0].county == "云阳县"


@pytest.mark.parametrize(
    "sentence",
    [
        "中共云阳县委作出部署。",
        "照《云阳县法治工作实施方案》办理。",
        "云阳县司法局到场指导。",
        "在重庆市云阳县沙市镇召开会议。",
    ],
)
def test_county_in_the_body_decides(sentence):
    place, provenance = resolve("沙市镇2023年法治报告", "情况如下。", sentence)

    assert place.county == "云阳县"
    assert "place.body" in rules(provenance)


def test_county_that_was_only_visited_does_not_decide():
    assert resolve("沙市镇2023年法治报告", "组织干部赴云阳县考察学习。")[0].is_ambiguous


def test_kind_of_superior_in_the_body_excludes():
    place, _ = resolve("沙市镇2023年法治报告", "在县委领导下开展工作。", "县政府给予支持。")

    assert counties(place) == ["永新县", "云阳县"]


def test_metadata_block_and_file_name_decide():
    assert resolve("沙市镇2023年法治报告", 发布机构="云阳县沙市镇人民政府")[0].county == "云阳县"
    assert resolve("沙市镇2023年法治报告", file="重庆市/云阳县/a.txt")[0].county == "云阳县"


@pytest.mark.parametrize(
    "sentence",
    [
        "邀请云阳县司法局业务骨干授课。",
        "与毗邻的云阳县建立联调机制。",
        "云阳县考察团来镇交流。",
        "案件由云阳县人民法院集中管辖。",
        "为云阳县籍务工人员追回工资。",
    ],
)
def test_place_that_is_only_a_neighbour_or_guest_does_not_count(sentence):
    assert len(resolve("沙市镇2023年法治报告", sentence)[0].candidates) == 3
    assert resolve("商家镇2023年法治报告", sentence)[0].county == "周村区"


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("按照《法治浏阳建设规划》推进。", ["浏阳市"]),
        ("落实省委部署，在全省率先建成。", ["永新县", "浏阳市"]),
        ("获江西省先进。", ["永新县"]),
    ],
)
def test_weak_words_that_agree_with_some_candidates_only(sentence, left):
    place, _ = resolve("沙市镇2023年法治报告", sentence)

    assert (counties(place) or [place.county]) == left


@pytest.mark.parametrize(
    "sentences",
    [
        ("在县委领导下开展工作。", "县政府给予支持。"),
        ("落实自治区党委部署。", "自治区司法厅予以肯定。"),
        ("中共德阳市委作出部署。",),
        ("《云阳县法治要点》下发后逐项落实。",),
    ],
)
def test_only_listed_unit_that_its_text_contradicts_stays_open(sentences):
    """The list may lack the new unit that wrote the report."""
    place, provenance = resolve("商家镇2023年法治报告", *sentences)

    assert (place.township, place.county) == ("商家镇", None)
    assert "place.list.unique" not in rules(provenance)


def test_county_directly_before_an_unlisted_township_of_a_known_name_is_its_own():
    place, _ = resolve("商家镇2023年法治报告", "情况如下。", "云阳县商家镇人民政府")

    assert place == Place(province="重庆市", city="重庆市", county="云阳县", township="商家镇")


def test_named_county_tells_nothing_of_the_kind_of_the_own():
    assert resolve("商家镇2023年法治报告", "赴云阳县司法局、永新县司法局考察。")[0].county == "周村区"


def test_township_is_the_subject_of_the_opening():
    place, provenance = resolve(None, "2023年，在区委、区政府领导下，商家镇坚持依法行政。", "沙市镇、云门镇交流做法。")

    assert place.county == "周村区"
    assert rules(provenance)[0] == "place.opening"


def test_platform_alone_never_decides():
    assert len(resolve("沙市镇2023年法治报告", "推广“渝快办”平台。")[0].candidates) == 3


def test_platform_supports_a_province():
    place, provenance = resolve("沙市镇2023年法治报告", "推广“渝快办”平台。", "获评重庆市先进。")

    assert place.county == "云阳县"
    assert "渝快办" in next(item.text for item in provenance if item.rule == "place.body.province")


def test_unique_name_with_another_county_in_the_body_is_ambiguous():
    """The list may lack a new unit of that name."""
    place, _ = resolve("商家镇2023年法治报告", "中共云阳县委作出部署。")

    assert counties(place) == ["周村区", "云阳县"]


def test_name_without_any_list_entry_is_a_township():
    place, provenance = resolve("虎跃溪镇2023年法治报告", "情况如下。")

    assert place == Place(township="虎跃溪镇")
    assert "place.list.absent" in rules(provenance)


def test_township_missing_in_the_county_of_its_title_keeps_that_county():
    place, _ = resolve("云阳县商家镇2023年法治报告")

    assert place == Place(province="重庆市", city="重庆市", county="云阳县", township="商家镇")


def test_county_that_no_list_knows_stands_as_written():
    assert resolve("虚谷县虎跃溪镇2023年法治报告")[0] == Place(county="虚谷县", township="虎跃溪镇")


def test_older_name_of_a_county_finds_the_listed_one():
    assert resolve("禄丰县金山镇2020年法治报告")[0].county == "禄丰市"
    assert resolve("禄丰县金山镇2020年法治报告")[0].code == "532302101"
    assert resolve("金山镇2020年法治报告", "中共禄丰县委作出部署。")[0].county == "禄丰市"
    assert resolve("虚丰县虎跃溪镇2020年法治报告")[0] == Place(county="虚丰县", township="虎跃溪镇")
    assert resolve("长乐市梅花镇2016年法治报告")[0].county == "长乐区"


def test_repeated_county_name_with_unlisted_township_keeps_the_name_only():
    assert resolve("朝阳区虎跃溪街道2023年法治报告")[0] == Place(county="朝阳区", township="虎跃溪街道")


def test_zone_before_the_township_is_no_county():
    place, _ = resolve("两江新区鸳鸯街道2023年法治报告")

    assert (place.county, place.township) == ("渝北区", "鸳鸯街道")


def test_invented_specimen_resolves_and_shared_name_stays_ambiguous():
    assert resolve("云门镇2023年法治报告")[0].code == "990122103"
    assert resolve("石桥镇2023年法治报告")[0].is_ambiguous
    assert resolve("青溪县石桥镇2023年法治报告")[0].code == "990122105"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云阳县司法局2023年法治报告", Place(province="重庆市", city="重庆市", county="云阳县", code="500235")),
        ("淄博市人民政府2023年法治报告", Place(province="山东省", city="淄博市")),
        ("关于2023年法治工作的报告", Place()),
    ],
)
def test_no_township_is_forced_on_higher_levels(title, expected):
    assert resolve(title, "各乡镇和全镇干部参加。", "商家镇、沙市镇作了发言。")[0] == expected


def test_county_level_report_of_a_repeated_county_name_is_ambiguous():
    place, _ = resolve("朝阳区人民政府2023年法治报告")

    assert (place.county, place.township, len(place.candidates)) == ("朝阳区", None, 2)


def test_sign_off_names_the_township_when_the_title_does_not():
    place, provenance = resolve("2023年法治工作报告", "情况如下。", "云阳县沙市镇人民政府", "2024年1月5日")

    assert place.code == "500235123"
    assert rules(provenance)[0] == "place.signoff"


def test_issuer_of_the_page_names_the_township():
    assert resolve("2023年法治工作报告", "情况如下。", 发布机构="商家镇")[0].county == "周村区"


def test_file_name_names_the_township_when_the_text_does_not():
    place, provenance = resolve("2023年法治工作报告", "情况如下。", file="云阳县/沙市镇2023.txt")

    assert place.code == "500235123"
    assert rules(provenance)[:2] == ["place.file", "place.county.file"]


def test_preamble_is_no_salutation():
    assert len(resolve("沙市镇2023年法治报告", "在市委、市政府领导下，现报告如下：")[0].candidates) == 3


def test_body_that_speaks_as_a_township_names_it():
    place, _ = resolve("2023年法治工作报告", "我镇召开会议。", "商家镇设点宣传。", "商家镇干部参加。")

    assert place.township == "商家镇"


def test_document_without_title_and_place_is_empty():
    assert resolve(None, "情况如下。") == (Place(), ())


def test_provenance_text_is_short():
    _, provenance = resolve("城关镇2023年法治报告", "区委、区政府：" + " " * 5)

    assert all(len(item.text) <= 80 for item in provenance)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(REPORTING))
def test_random_unit_with_its_county_resolves_to_its_code(unit):
    code, name = unit
    expected = official_list().unit(code, name)
    twins = [place for place in PLACES.named(name) if place.county == expected.county]
    place, _ = resolve(f"{expected.province}{expected.city or ''}{expected.county}{name}2023年法治报告")

    assert place.code == code or len(twins) > 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(REPORTING))
def test_random_unit_by_name_is_right_or_abstains(unit):
    code, name = unit
    place, _ = resolve(f"{name}人民政府2023年法治报告", "情况如下。")

    assert place.township == name
    assert place.code == code or code in {candidate.code for candidate in place.candidates}


# The five real reports

FIVE = {
    "000": ([1], "370306104"),
    "001": ([1], "411203103"),
    "002": ([1, 2], "630106103"),
    "003": ([13, 14, 15], None),
    "004": ([1, 2, 3], "500106104"),
}


@pytest.mark.parametrize("number", FIVE)
def test_real_report(number):
    found = sorted((SHARED / "reports").glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the five real reports are not here; set FZSEARCH_SHARED to the folder that holds reports/")
    lines = clean_lines(found[0].read_text(encoding="utf-8").splitlines())
    title_lines, code = FIVE[number]
    title = "".join(line.text.strip() for line in lines if line.number in title_lines)
    place, _ = find_place(lines, title, title_lines, {}, PLACES)

    assert place.code == code
    assert counties(place) == ([] if code else ["永新县", "云阳县"])
