"""Titles of constructed documents, in our own words."""

import pytest

from fzsearch.ingest.lines import clean_lines
from fzsearch.ingest.title import find_title

PREAMBLE = "2024年，红枫镇依法履职，现将有关情况报告如下。"

TITLES = [
    ("one line", "红枫镇2024年法治政府建设年度报告", "红枫镇2024年法治政府建设年度报告"),
    ("two lines", "青石区红枫镇\n2024年法治政府建设情况报告", "青石区红枫镇2024年法治政府建设情况报告"),
    (
        "three lines",
        "中共红枫镇委员会\n红枫镇人民政府\n关于2024年法治政府建设情况的报告",
        "中共红枫镇委员会红枫镇人民政府关于2024年法治政府建设情况的报告",
    ),
    (
        "broken before 关于",
        "红枫镇人民政府\n关于2024年度法治政府建设情况的\n报告",
        "红枫镇人民政府关于2024年度法治政府建设情况的报告",
    ),
    (
        "broken inside",
        "红枫镇人民政府关于2024年度\n推进法治政府建设工作情况的报告",
        "红枫镇人民政府关于2024年度推进法治政府建设工作情况的报告",
    ),
    ("white space inside", "红枫镇 2024 年 法治政府建设工作报告  ", "红枫镇2024年法治政府建设工作报告"),
    ("indented", "　　　红枫镇2024年法治政府建设工作总结", "红枫镇2024年法治政府建设工作总结"),
    (
        "letterhead above",
        "红枫镇人民政府文件\n红政文〔2025〕2号\n红枫镇人民政府\n关于2024年法治政府建设情况的报告",
        "红枫镇人民政府关于2024年法治政府建设情况的报告",
    ),
    (
        "letterhead that repeats in the title",
        "红枫镇人民政府\n红枫镇人民政府关于2024年法治政府建设情况的报告",
        "红枫镇人民政府关于2024年法治政府建设情况的报告",
    ),
    (
        "plan of the next year on a second line",
        "红枫镇2024年法治政府建设工作总结\n暨2025年工作计划",
        "红枫镇2024年法治政府建设工作总结暨2025年工作计划",
    ),
    (
        "printed twice with different words",
        "红枫镇2024年度法治政府建设情况报告\n发布时间：2025-01-10\n红枫镇人民政府\n关于2024年法治政府建设情况的报告",
        "红枫镇2024年度法治政府建设情况报告",
    ),
    (
        "printed twice without anything between",
        "红枫镇法治政府建设报告\n红枫镇人民政府关于2024年法治政府建设情况的报告",
        "红枫镇人民政府关于2024年法治政府建设情况的报告",
    ),
    (
        "page chrome above",
        "首页 > 政务公开\n法治政府建设年度报告\n字号：大 中 小 打印\n红枫街道办事处2024年法治政府建设年度报告",
        "红枫街道办事处2024年法治政府建设年度报告",
    ),
    ("note in brackets", "红枫镇2024年法治政府建设工作报告（公开稿）", "红枫镇2024年法治政府建设工作报告（公开稿）"),
    (
        "plan of the next year below 及",
        "红枫镇2024年法治政府建设工作总结\n及2025年工作打算",
        "红枫镇2024年法治政府建设工作总结及2025年工作打算",
    ),
    (
        "a notice that prints it",
        "红枫镇人民政府关于印发《红枫镇2024年法治政府建设报告》的通知\n各村：",
        "红枫镇人民政府关于印发《红枫镇2024年法治政府建设报告》的通知",
    ),
    (
        "a notice with the report below",
        "红枫镇人民政府关于印发2024年法治政府建设报告的通知\n\n各村：\n红枫镇2024年法治政府建设报告",
        "红枫镇2024年法治政府建设报告",
    ),
    (
        "rest of a window title, day of publication",
        "红枫镇2024年法治政府建设报告_乡镇公开_青石区人民政府\n字号：大 中 小",
        "红枫镇2024年法治政府建设报告",
    ),
    ("day of publication", "红枫镇2024年法治政府建设报告 2025-01-10", "红枫镇2024年法治政府建设报告"),
    ("without a year", "红枫镇法治政府建设情况报告", "红枫镇法治政府建设情况报告"),
    (
        "block lines above",
        "索 引 号：A12\n标 题：红枫镇2024年法治政府建设年度报告\n红枫镇2024年法治政府建设年度报告",
        "红枫镇2024年法治政府建设年度报告",
    ),
    ("Markdown", "# 红枫镇2024年法治政府建设工作报告", "红枫镇2024年法治政府建设工作报告"),
]


@pytest.mark.parametrize(("name", "head", "expected"), TITLES, ids=[name for name, _, _ in TITLES])
def test_find_title(name, head, expected):
    title = find_title(clean_lines(f"{head}\n{PREAMBLE}\n一、主要举措\n正文。".split("\n")), {})

    assert title is not None
    assert title.text == expected


def test_lines_and_provenance_of_a_title():
    title = find_title(clean_lines(["", "红枫镇人民政府", "", "关于2024年法治政府建设情况的报告", PREAMBLE]), {})

    assert title is not None
    assert title.lines == (2, 4)
    assert (title.provenance.rule, title.provenance.line) == ("title.lines", 2)


def test_title_of_the_page_when_the_text_has_none():
    title = find_title(clean_lines([PREAMBLE]), {"标题": "红枫镇 2024年法治政府建设报告"})

    assert title is not None
    assert (title.text, title.lines, title.provenance.rule) == ("红枫镇2024年法治政府建设报告", (), "title.page")


def test_short_first_line_of_another_document():
    title = find_title(clean_lines(["关于做好夏季防汛的通知", "各村、各站所：", PREAMBLE]), {})

    assert title is not None
    assert title.provenance.rule == "title.first_line"


@pytest.mark.parametrize(
    "text",
    [
        "",
        PREAMBLE,
        "第七条　镇人民政府应当公开办事依据。",
        "一、主要举措\n正文。",
        "红政文〔2025〕2号\n正文。",
        "2025年1月8日\n正文。",
    ],
)
def test_no_title(text):
    assert find_title(clean_lines(text.split("\n")), {}) is None
