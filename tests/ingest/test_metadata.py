"""Metadata of constructed documents, in our own words."""

from datetime import date

import pytest

from fzsearch.ingest import read_report
from fzsearch.ingest.lines import clean_lines
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Report

TITLE = "红枫镇2024年法治政府建设情况报告"
PROSE = "全镇各站所按季度汇总台账，由司法所逐项核对后归档，遇到难点及时会商处理。"
BODY = f"{PROSE}\n一、主要举措\n（一）执法\n依据区政发〔2023〕9号文件，{PROSE}\n二、下步安排\n{PROSE}"


@pytest.fixture(scope="module")
def places():
    return PlaceList.load()


def metadata_of(text: str, page: dict[str, str] | None = None) -> Report:
    stated = tuple((page or {}).items())
    return read_report(Document(format=Format.TXT, lines=tuple(text.split("\n")), page=stated), PlaceList())


def year_of(text: str, places: PlaceList, page: tuple[tuple[str, str], ...] = ()) -> int | None:
    return read_report(Document(format=Format.TXT, lines=tuple(text.split("\n")), page=page), places).year


@pytest.mark.parametrize(
    ("title", "year"),
    [
        (TITLE, 2024),
        ("红枫镇２０２４年度法治政府建设情况报告", 2024),
        ("红枫镇二〇二四年法治政府建设情况报告", 2024),
        ("红枫镇二○二三年法治政府建设情况报告", 2023),
        ("红枫镇 2024 年法治政府建设情况报告", 2024),
        ("红枫镇2024年法治政府建设总结暨2025年工作计划", 2024),
        ("红枫镇2024年度法治政府建设工作总结及2025年工作安排", 2024),
        ("红枫镇关于落实《法治政府建设实施纲要（2021—2025年）》2023年情况的报告", 2023),
        ("红枫镇2024法治政府建设年度报告", 2024),
        ("红枫镇20xx年法治政府建设情况报告", None),
        ("红枫镇202*年法治政府建设情况报告", None),
        ("红枫镇法治政府建设情况报告", None),
    ],
)
def test_year_of_the_title(title, year, places):
    assert year_of(f"{title}\n{BODY}\n2025年1月8日", places) == year


@pytest.mark.parametrize(
    ("preamble", "rule", "year"),
    [
        (f"{PROSE}现将2023年工作情况报告如下：", "year.preamble", 2023),
        (f"2022年以来，{PROSE}", "year.opening", 2022),
        (f"2025年3月2日，{PROSE}", None, None),
    ],
)
def test_year_of_the_preamble(preamble, rule, year, places):
    text = f"红枫镇法治政府建设情况报告\n{preamble}\n一、主要举措\n{PROSE}"
    report = read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places)

    assert report.year == year
    assert [p.rule for p in report.provenance if p.field == "year"] == ([rule] if rule else [])


def test_year_of_the_headings(places):
    text = f"红枫镇法治政府建设情况报告\n一、2023年主要举措\n{PROSE}\n二、2024年工作安排\n{PROSE}"

    assert year_of(text, places) == 2023


def test_year_that_only_the_body_names(places):
    body = "2023年，全镇受理纠纷30起，其中2022年遗留3起。2023年开展普法12场，2023年培训执法人员9名。"
    text = f"红枫镇法治政府建设情况报告\n{PROSE}\n一、主要举措\n{body}\n二、下步安排\n" + "2024年，继续努力。" * 9

    assert year_of(text, places) == 2023


def test_year_stays_open_where_the_body_compares_two(places):
    text = f"红枫镇法治政府建设情况报告\n{PROSE}\n一、主要举措\n2023年受理30起，2022年受理40起。"

    assert year_of(text, places) is None


def test_wrong_year_in_a_heading_gives_way_to_the_title(places):
    assert year_of(f"{TITLE}\n一、2023年主要举措\n{PROSE}", places) == 2024


def test_year_is_never_read_from_a_date(places):
    assert year_of(f"红枫镇法治政府建设情况报告\n一、主要举措\n{PROSE}\n2025年1月8日", places) is None


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("红政文〔2025〕3号", "红政文〔2025〕3号"),
        ("红政文［2025］3号", "红政文［2025］3号"),
        ("红政文[2025] 3号", "红政文[2025]3号"),
        ("红政文（2025）第3号", "红政文（2025）第3号"),
        ("红委 〔2025〕3号      签发人：田 禾", "红委〔2025〕3号"),
        ("签发人：田禾      红委〔2025〕3号", "红委〔2025〕3号"),
        ("发文字号：红政文〔2025〕3号", "红政文〔2025〕3号"),
        ("红政文〔20xx〕x号", None),
        ("转发区政发〔2024〕9号的说明", None),
    ],
)
def test_document_number_of_the_letterhead(head, number):
    assert metadata_of(f"{head}\n{TITLE}\n{BODY}").doc_number == number


def test_document_number_of_the_body_is_not_the_own():
    assert metadata_of(f"{TITLE}\n{BODY}").doc_number is None


@pytest.mark.parametrize(
    ("value", "number"), [("红政文〔2025〕3号", "红政文〔2025〕3号"), ("无", None), ("", None), ("****", None)]
)
def test_document_number_of_the_page(value, number):
    assert metadata_of(f"{TITLE}\n{BODY}", {"发文字号": value}).doc_number == number


@pytest.mark.parametrize(
    ("sign_off", "issued"),
    [
        ("红枫镇人民政府\n2025年1月8日", date(2025, 1, 8)),
        ("红枫镇人民政府\n　　　2025 年 1 月 8 日　", date(2025, 1, 8)),
        ("红枫镇人民政府　　2025年1月8日", date(2025, 1, 8)),
        ("二〇二五年一月十日", date(2025, 1, 10)),
        ("二○二五年十二月三十一日", date(2025, 12, 31)),
        ("2025.1.8", date(2025, 1, 8)),
        ("２０２５年１月８日", date(2025, 1, 8)),
        ("红枫镇人民政府\n2025年1月8日\n（此件公开发布）", date(2025, 1, 8)),
        ("2025年2月30日", None),
        ("20xx年x月x日", None),
        ("2025年1月8日起施行新的办法，请各村做好衔接。", None),
        ("红枫镇人民政府", None),
    ],
)
def test_date_of_the_sign_off(sign_off, issued):
    assert metadata_of(f"{TITLE}\n{BODY}\n{sign_off}").issued == issued


def test_date_below_the_title():
    assert metadata_of(f"{TITLE}\n（2025年1月8日）\n{BODY}\n{BODY}\n{BODY}").issued == date(2025, 1, 8)


def test_dates_of_the_page():
    assert metadata_of(f"{TITLE}\n{BODY}", {"成文日期": "2025-01-20"}).issued == date(2025, 1, 20)
    assert metadata_of(f"{TITLE}\n{BODY}", {"发布日期": "2025-01-20"}).issued is None


def test_block_that_stands_in_the_text():
    found = metadata_of(f"索 引 号：A12\n文 号：红政文〔2025〕3号\n成文日期\n2025-01-20\n{TITLE}\n{BODY}")

    assert (found.doc_number, found.issued) == ("红政文〔2025〕3号", date(2025, 1, 20))


@pytest.mark.parametrize(
    "block",
    [
        "索 引 号：A12  发文字号：红政文〔2025〕3号  成文日期：2025-01-20  发布日期：2025-02-10",
        "索引号\nA12\n发文字号\n红政文〔2025〕3号\n成文日期\n2025-01-20\n发布日期\n2025-02-10\n标题",
        "[ 索引号 ] A12 [ 发文字号 ] 红政文〔2025〕3号\n[ 成文日期 ] 2025-01-20 [ 发布日期 ] 2025-02-10",
        "【发文字号】红政文〔2025〕3号\n【成文日期】2025-01-20",
        "| 发文字号 | 红政文〔2025〕3号 | 成文日期 | 2025-01-20 |",
        "文号红政文〔2025〕3号\n-\n成文日期2025-01-20\n-",
        "发文字号 红政文〔2025〕3号\n成文日期 2025年01月20日",
    ],
)
def test_forms_of_a_block(block):
    found = metadata_of(f"{block}\n{TITLE}\n{BODY}")

    assert (found.doc_number, found.issued) == ("红政文〔2025〕3号", date(2025, 1, 20))


@pytest.mark.parametrize("value", ["：无", "：", "： —", ""])
def test_block_without_a_number(value):
    assert metadata_of(f"发文字号{value}\n成文日期：2025-01-20\n{TITLE}\n{BODY}").doc_number is None


def test_day_on_the_line_of_the_publisher_is_not_the_day_of_issue():
    assert metadata_of(f"{TITLE}\n2025-02-10\n{BODY}").issued is None
    assert metadata_of(f"{TITLE}\n发布时间：2025-02-10 09:12 来源：红枫镇\n{BODY}").issued is None


@pytest.mark.parametrize(
    ("line", "signer"),
    [
        ("签发人：田 禾", "田禾"),
        ("签发人: 田禾穗", "田禾穗"),
        ("红委〔2025〕3号　　　签发人：田　禾", "田禾"),
        ("签发人：田禾　　林间", "田禾、林间"),
        ("签发人：***", None),
        ("签发人：XXX", None),
        ("签发人：某某", None),
        ("签发人：", None),
    ],
)
def test_signer(line, signer):
    assert metadata_of(f"{line}\n{TITLE}\n{BODY}").signer == signer


@pytest.mark.parametrize(
    ("title", "issuers"),
    [
        ("红枫镇人民政府2024年度法治政府建设工作报告", ("红枫镇人民政府",)),
        ("2024年度红枫镇法治政府建设工作报告", ("红枫镇",)),
        ("青石区红枫镇2024年法治政府建设情况报告", ("青石区红枫镇",)),
        ("中共红枫镇委员会红枫镇人民政府关于2024年法治政府建设情况的报告", ("中共红枫镇委员会", "红枫镇人民政府")),
        ("红枫镇党委、政府关于2024年法治政府建设情况的报告", ("红枫镇党委", "红枫镇政府")),
        ("青石区人民政府红枫街道办事处关于2024年度推进法治政府建设情况的报告", ("青石区人民政府红枫街道办事处",)),
        ("中共红枫街道工作委员会红枫街道办事处2024年法治政府建设报告", ("中共红枫街道工作委员会", "红枫街道办事处")),
        ("和平镇人民政府2024年法治政府建设工作报告", ("和平镇人民政府",)),
        ("中共和平镇委员会和平镇人民政府2024年法治政府建设报告", ("中共和平镇委员会", "和平镇人民政府")),
        ("红枫镇党委和政府关于2024年法治政府建设情况的报告", ("红枫镇党委", "红枫镇政府")),
        ("红枫镇2024年上半年法治政府建设工作总结", ("红枫镇",)),
        ("红枫镇2024年贯彻落实《法治政府建设实施纲要（2021—2025年）》情况报告", ("红枫镇",)),
        ("青石区司法局2024年法治政府建设工作报告", ("青石区司法局",)),
        ("建设乡2024年法治政府建设工作总结", ("建设乡",)),
        ("x镇2024年法治政府建设工作总结", ()),
        ("**镇人民政府2024年法治政府建设工作总结", ()),
        ("某镇人民政府2024年法治政府建设工作总结", ()),
    ],
)
def test_issuers_of_the_title(title, issuers):
    assert metadata_of(f"{title}\n{BODY}").issuers == issuers


def test_issuers_of_the_sign_off_outweigh_a_bare_township():
    found = metadata_of(f"{TITLE}\n{BODY}\n中共红枫镇委员会\n红枫镇人民政府\n2025年1月8日")

    assert found.issuers == ("中共红枫镇委员会", "红枫镇人民政府")
    assert [p.rule for p in found.provenance if p.field == "issuers"] == ["issuers.sign_off"]


def test_issuers_of_the_page():
    assert metadata_of(f"{TITLE}\n{BODY}", {"发布机构": "红枫镇人民政府"}).issuers == ("红枫镇人民政府",)


def test_address_of_the_page():
    found = metadata_of(f"{TITLE}\n{BODY}", {"url": "https://example.org/a.html"})

    assert found.source_url == "https://example.org/a.html"
    assert {item.source for item in found.provenance if item.field == "source_url"} == {"page"}


@pytest.mark.parametrize(
    "text", ["", "　", "第七条　镇人民政府应当公开办事依据。", PROSE, "甲\n乙\n丙", "\n".join([PROSE] * 80)]
)
def test_documents_that_are_no_reports(text, places):
    report = read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places)

    assert (report.year, report.doc_number, report.issued, report.signer) == (None, None, None, None)
    assert "\n".join(s.text for s in report.sections) == "\n".join(line.text for line in clean_lines(text.split("\n")))


def test_every_value_has_its_provenance(places):
    text = f"红委〔2025〕3号　　签发人：田禾\n红枫镇人民政府\n关于2024年法治政府建设情况的报告\n{BODY}\n2025年1月8日"
    report = read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places)

    fields = {p.field: p.line for p in report.provenance}
    assert fields["doc_number"] == fields["signer"] == 1
    assert fields["title"] == fields["issuers"] == fields["year"] == 2
    assert fields["issued"] == len(text.split("\n"))
    assert {f"part:{s.path}" for s in report.sections} <= set(fields)
