"""Whose report is it: constructed titles above one constructed opening."""

import pytest

from fzsearch.ingest import read_report
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Level, Place, Report

OPENING = (
    "2023年，在上级坚强领导下，按照要求推进法治政府建设。\n一、主要举措\n（一）执法\n逐条核对责任人，做到一事一档。"
)
PLACES = PlaceList.load()


def read(text: str) -> Report:
    return read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), PLACES)


@pytest.mark.parametrize(
    ("title", "level", "county", "township"),
    [
        ("商家镇人民政府2023年法治政府建设年度报告", Level.TOWNSHIP, "周村区", "商家镇"),
        ("中共商家镇委员会2023年法治政府建设年度报告", Level.TOWNSHIP, "周村区", "商家镇"),
        ("商家镇2023年度普法依法治理工作总结", Level.TOWNSHIP, "周村区", "商家镇"),
        ("商家镇2023年法治建设工作总结和2024年工作计划", Level.TOWNSHIP, "周村区", "商家镇"),
        ("商家镇人民政府关于印发《商家镇2023年法治政府建设报告》的通知", Level.TOWNSHIP, "周村区", "商家镇"),
        ("商家镇2023年法治政府建设年度报告公示", Level.TOWNSHIP, "周村区", "商家镇"),
        ("关于商家镇2023年法治政府建设情况报告的公告", Level.TOWNSHIP, "周村区", "商家镇"),
        ("和平区南市街道2022年度法治政府建设情况报告", Level.TOWNSHIP, "和平区", "南市街道"),
        ("第八师石河子市152团2023年法治政府建设情况报告", Level.TOWNSHIP, "石河子市", "兵团一五二团"),
        ("某某镇20xx年法治政府建设工作总结", Level.TOWNSHIP, None, None),
        ("云阳县人民政府2023年法治政府建设年度报告", Level.COUNTY, "云阳县", None),
        ("中共云阳县委 云阳县人民政府关于2023年法治政府建设情况的报告", Level.COUNTY, "云阳县", None),
        ("云阳县2023年度法治政府建设情况报告", Level.COUNTY, "云阳县", None),
        ("达拉特旗人民政府2023年法治政府建设年度报告", Level.COUNTY, "达拉特旗", None),
        ("淄博市人民政府2023年法治政府建设情况报告", Level.CITY, None, None),
        ("山东省2023年法治政府建设情况报告", Level.PROVINCE, None, None),
        ("重庆市人民政府2023年法治政府建设情况报告", Level.PROVINCE, None, None),
        ("云阳县司法局2023年法治政府建设工作报告", Level.DEPARTMENT, "云阳县", None),
        ("云阳县教育委员会2023年法治政府建设工作报告", Level.DEPARTMENT, "云阳县", None),
        ("云阳县卫健委2023年法治政府建设工作报告", Level.DEPARTMENT, "云阳县", None),
        ("云阳县人民政府办公室2023年法治政府建设工作报告", Level.DEPARTMENT, "云阳县", None),
        ("商家镇司法所2023年法治政府建设工作总结", Level.DEPARTMENT, "周村区", None),
        ("沙市镇司法所2023年法治政府建设工作总结", Level.DEPARTMENT, None, None),
        ("商家镇人民政府关于开展2023年法治政府建设自查工作的通知", Level.OTHER, "周村区", "商家镇"),
        ("商家镇2024年法治政府建设工作计划", Level.OTHER, "周村区", "商家镇"),
        ("商家镇人民政府关于印发《商家镇2023年法治政府建设工作要点》的通知", Level.OTHER, "周村区", "商家镇"),
        ("沙市镇2024年法治政府建设工作要点", Level.OTHER, None, None),
        ("商家镇2023年政府信息公开工作年度报告", Level.OTHER, "周村区", "商家镇"),
        ("商家镇党委书记2023年度述法报告", Level.OTHER, "周村区", "商家镇"),
        ("在全县法治政府建设工作会议上的讲话", Level.OTHER, None, None),
    ],
)
def test_level_of_a_title(title, level, county, township):
    report = read(f"{title}\n\n{OPENING}")

    assert (report.level, report.place.county, report.place.township) == (level, county, township)
    assert [item.rule for item in report.provenance if item.field == "level"] in (["level.title"], ["level.kind"])


def test_county_carries_its_code_of_six_digits():
    report = read(f"云阳县人民政府2023年法治政府建设年度报告\n{OPENING}")

    assert report.place == Place(province="重庆市", city="重庆市", county="云阳县", code="500235")


def test_county_whose_name_two_provinces_share_is_told_by_its_city():
    title = "鼓楼区人民政府2023年法治政府建设年度报告"

    assert len(read(f"{title}\n{OPENING}").place.candidates) > 1
    assert (
        read(f"{title}\n{OPENING}\n按照《福州市依法行政工作要点》推进，福州市司法局予以指导。").place.code == "350102"
    )


@pytest.mark.parametrize(
    ("signed", "level"),
    [
        ("云阳县人民政府\n2024年1月5日", Level.COUNTY),
        ("云阳县司法局\n2024年1月5日", Level.DEPARTMENT),
        ("商家镇人民政府\n2024年1月5日", Level.TOWNSHIP),
    ],
)
def test_sign_off_tells_where_the_title_names_nobody(signed, level):
    report = read(f"2023年度法治政府建设工作报告\n{OPENING}\n{signed}")

    assert report.level is level
    assert report.place.county


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2023年，我镇深入推进法治政府建设。现将有关情况报告如下：\n一、主要举措\n我镇落实责任。", Level.TOWNSHIP),
        ("2023年，我局深入推进法治政府建设。现将有关情况报告如下：\n一、主要举措\n我局落实责任。", Level.DEPARTMENT),
        ("2023年，我县深入推进法治政府建设。现将有关情况报告如下：\n一、主要举措\n全县落实责任。", Level.COUNTY),
        ("第七条　镇人民政府应当公开办事依据。", Level.OTHER),
        ("", Level.OTHER),
    ],
)
def test_text_without_title_speaks_of_itself(text, level):
    assert read(text).level is level


def test_township_is_read_from_the_opening_where_there_is_no_title():
    report = read(
        "2023年，在县委、县政府领导下，虎跃溪镇坚持依法行政。现将情况报告如下：\n一、举措\n虎跃溪镇落实责任。"
    )

    assert (report.level, report.place.township) == (Level.TOWNSHIP, "虎跃溪镇")
