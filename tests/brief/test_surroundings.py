"""With which reports is a figure of a draft compared? Links, places, years and quotations around it."""

from dataclasses import replace

import pytest

from fzsearch.brief import check_draft
from fzsearch.engine import EmbeddedEngine
from fzsearch.service import SearchService
from tests.builders import build_engine
from tests.figures_data import FENGLIN, LIUXI

LINK = "/r/990122201-2023"


def _report(place, year, sentence):
    sections = [("s1", 1, "一、", "举措", "measures", f"一、举措\n{sentence}")]
    key = f"{place.code or place.township}-{year}"
    return {"key": key, "title": f"{place.township}{year}报告", "year": year, "place": place, "sections": sections}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    other = replace(LIUXI, county="临河县", code="990221201")
    engine: EmbeddedEngine = build_engine(
        tmp_path_factory.mktemp("around") / "index",
        _report(FENGLIN, 2023, "镇里调解纠纷70起，村口的大槐树下常年设着一张议事桌。"),
        _report(FENGLIN, 2024, "镇里调解纠纷85起。"),
        _report(LIUXI, 2023, "乡里调解纠纷40起，其中村级调解12起。"),
        _report(LIUXI, 2024, "乡里调解纠纷85起，合同1,200件。"),
        _report(other, 2024, "乡里调解纠纷33起。"),
    )
    yield SearchService(engine)
    engine.close()


@pytest.mark.parametrize(
    ("draft", "evidence", "keys"),
    [
        (f"调解纠纷5起（{LINK}）。", "链接", ["990122201-2023"]),
        (f"调解纠纷5起。[原文]({LINK})枫林镇很好。", "链接", ["990122201-2023"]),
        (f"调解纠纷5起。（[原文]({LINK})）\n枫林镇很好。", "链接", ["990122201-2023"]),
        (f"枫林镇调解纠纷5起，柳溪乡4起（{LINK}）。", "地名", ["990122101-2023", "990122101-2024"]),
        (f"调解纠纷5起[^1]。\n\n[^1]: 见 {LINK}", "链接", ["990122201-2023"]),
        (f"调解纠纷5起。[1]\n\n[1] 报告，{LINK}", "链接", ["990122201-2023"]),
        (f"有好做法。调解纠纷5起。还有别的，写在这里（{LINK}）。", "链接", ["990122201-2023"]),
        ("枫林镇2024年调解纠纷5起。", "地名", ["990122101-2024"]),
        ("2024年，枫林镇推进工作。调解纠纷5起。", "地名", ["990122101-2024"]),
        ("枫林镇2023年和2024年调解纠纷5起。", "地名", ["990122101-2023", "990122101-2024"]),
        ("2023年枫林镇七十多起，2024年调解纠纷5起。", "地名", ["990122101-2024"]),
        ("枫林镇、柳溪乡2023年分别调解纠纷5起。", "地名", ["990122101-2023", "990122201-2023"]),
        ("青溪县柳溪乡2024年调解纠纷5起。", "地名", ["990122201-2024"]),
        ("柳溪乡2024年调解纠纷5起。", "地名", ["990122201-2024", "990221201-2024"]),
        ("枫林镇地处青溪县，2024年调解纠纷5起。", "地名", ["990122101-2024"]),
        ("临河县2024年调解纠纷5起。", "地名", ["990221201-2024"]),
        ("枫林镇2021年调解纠纷5起。", "地名", []),
        ("李家镇2024年调解纠纷5起。", "地名", []),
        ("# 一、枫林镇2024年\n\n调解纠纷5起。", "地名", ["990122101-2024"]),
        ("枫林镇2024年简报\n\n一、举措\n调解纠纷5起。", "地名", ["990122101-2024"]),
        ("枫林镇很好。全县共调解纠纷5起。", "全部语料", []),
        ("“村口的大槐树下常年设着一张议事桌”，调解纠纷5起。", "引文", ["990122101-2023"]),
        ("调解纠纷5起。", "全部语料", []),
    ],
)
def test_evidence(service, draft, evidence, keys):
    (found,) = [one for one in check_draft(service, draft).figures if one.figure.value == 5]

    assert (found.basis.evidence.value, list(found.basis.keys)) == (evidence, keys)


@pytest.mark.parametrize(
    ("draft", "verdicts"),
    [
        ("枫林镇2024年调解纠纷85起。", ["一致"]),
        ("枫林镇2024年调解纠纷八十五起。", ["一致"]),
        ("枫林镇2024年调解纠纷８５件。", ["有出入"]),
        ("枫林镇2024年调解纠纷85余起。", ["有出入"]),
        ("枫林镇2023年调解纠纷85起。", ["有出入"]),
        ("枫林镇2024年开展普法85起。", ["未找到"]),
        ("调解纠纷85起。", ["多处"]),
        ("2023年全县调解纠纷70起。", ["一致"]),
        ("2024年全县调解纠纷70起。", ["未找到"]),
        ("柳溪乡2023年调解纠纷40起，其中村级调解12起。", ["一致", "一致"]),
        ("柳溪乡2023年调解纠纷12起。", ["有出入"]),
        ("青溪县柳溪乡2024年合同1200件。", ["一致"]),
        ("签合同1200件。", ["未找到"]),
        ("合同1200件。", ["一致"]),
        ("“镇里调解纠纷70起”", []),
        ("“镇里调解纠纷71起，村口的大槐树下”", ["有出入"]),
    ],
)
def test_verdicts(service, draft, verdicts):
    assert [one.verdict.value for one in check_draft(service, draft).figures] == verdicts


def test_a_link_to_another_place_than_the_one_named_is_told(service):
    (one,) = check_draft(service, f"枫林镇调解纠纷5起（{LINK}）。").figures

    assert one.basis.other == "枫林镇"


def test_what_is_no_figure_of_a_report_is_listed_as_unchecked(service):
    checked = check_draft(service, "枫林镇同比增长12%，每村不少于3名调解员，计划开展9场。\n\n有5个乡镇。")

    assert [checked.text[start:end] for start, end in checked.unchecked] == ["12%", "3名", "9场", "5个乡镇"]
    assert checked.figures == []
    assert checked.is_clean


@pytest.mark.parametrize(
    ("draft", "counted"),
    [
        ("[2个乡镇](/search?q=纠纷&county=青溪县)提到。", [("2个乡镇", 2, "一致")]),
        ("有３个乡镇（http://a:80/search?q=%E7%BA%A0%E7%BA%B7）。", [("３个乡镇", 3, "一致")]),
        ("有四份年度报告（/search?q=纠纷&year=2023）。", [("四份年度报告", 4, "有出入")]),
        ("共2段、2份报告[^1]，1个镇。\n\n[^1]: /search?q=纠纷&year=2023",
         [("2段", 2, "一致"), ("2份报告", 2, "一致"), ("1个镇", 1, "有出入")]),
        ("2 townships, 5 reports (/search?q=调解).", [("2 townships", 2, "有出入"), ("5 reports", 5, "一致")]),
        ("有3个乡镇（/search?year=abc）。", [("3个乡镇", 3, "未找到")]),
        ("[枫林](/search?q=纠纷&township=枫林镇)有2份报告，[柳溪](/search?q=纠纷&township=柳溪乡)有3份报告。",
         [("2份报告", 2, "一致"), ("3份报告", 3, "一致")]),
        ("近3余个乡镇（/search?q=纠纷）。", [("3余个乡镇", 3, "有出入")]),
    ],
)  # fmt: skip
def test_counts_are_counted_again(service, draft, counted):
    checked = check_draft(service, draft)

    assert [(one.count.text, one.count.said, one.verdict.value) for one in checked.counts] == counted
    assert checked.is_clean is all(verdict == "一致" for *_, verdict in counted)


def test_literal_hits_and_all_hits_are_counted_apart(service):
    (one,) = check_draft(service, "有1份报告（/search?q=村口议事）。").counts

    assert one.exact is not None
    assert (one.exact.reports, one.total.reports if one.total else None) == (0, 1)
    assert one.verdict.value == "一致"
