"""Are the figures of constructed sentences read with indicator, scope and total, and everything else left alone?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.figures import find_figures, indicators
from fzsearch.model import Part, Section


def section(text, part=Part.MEASURES):
    return Section(path="s1", level=1, marker=None, heading=None, part=part, text=text)


def told(text):
    """Each figure as "value unit approx indicator scope<total"."""
    found = []
    for one in find_figures([section(text)]):
        amount = f"{one.value:.10g}{one.unit}{one.approx} {one.indicator or '-'}"
        total = "" if one.part_of is None else f"<{one.part_of}"
        found.append(amount + (f" {one.scope.value}{total}" if one.scope != "whole" else total))
    return found


FACTS = [
    ("全镇共有12个行政村、3个社区。", ["12个 villages", "3个 villages"]),
    (
        "全年开展法治宣传活动36场次，发放宣传资料1.2万余份，解答群众咨询300余人次，受教育群众达2万余人次。",
        ["36场次 publicity_events", "12000份余 publicity_materials", "300人次余 consult",
         "20000人次余 publicity_audience"],
    ),
    ("镇党委会专题研究法治建设工作两次，镇长办公会学法六次。", ["2次 reports_heard", "6次 study"]),
    (
        "聘请两名律师担任法律顾问，全年出具法律意见书15份，审查合同42份、审核规范性文件3件。",
        ["2名 adviser", "15份 adviser_opinions", "42份 legal_review", "3件 legal_review"],
    ),
    ("全年立案查处行政处罚案件23件，罚没款合计12.6万元。", ["23件 penalties", "12.6万元 penalty_amount"]),
    ("行政处罚9件，共计4300元。", ["9件 penalties", "4300元 penalty_amount"]),
    (
        "共排查矛盾纠纷312件，成功调解309件，调解成功率99.04%，其中婚姻纠纷102件、邻里纠纷149件、其他61件。",
        ["312件 disputes_in", "309件 disputes_out", "99.04% dispute_rate", "102件 - part<0", "149件 - part<0",
         "61件 - part<0"],
    ),
    ("受理矛盾纠纷85起，其中就地化解80起，化解率94.1%。",
     ["85起 disputes_in", "80起 disputes_out part<0", "94.1% dispute_rate"]),
    ("排查出矛盾纠纷46起，其中村级调解成功39起。", ["46起 disputes_in", "39起 disputes_out village<0"]),
    ("排查发现46起矛盾纠纷，已化解45起。", ["46起 disputes_in", "45起 disputes_out"]),
    ("镇调委会调解31起，村调委会调解12起。", ["31起 disputes_out", "12起 disputes_out village"]),
    ("人民调解员由45名增加到52名，其中专职调解员5名。", ["52名 mediators", "5名 - part<0"]),
    ("现有持证执法人员18人，组织26名执法人员参加业务培训。", ["18人 enforcers", "26名 enforcers_trained"]),
    ("组织9名在编人员参加行政执法培训。", ["9名 enforcers_trained"]),
    ("培育法律明白人96名，建成法治文化广场2个。", ["96名 mingbairen", "2个 -"]),
    ("对71名“法律明白人”开展轮训。", ["71名 mingbairen"]),
    ("行政复议案件0件，行政诉讼案件2件，行政机关负责人出庭应诉率100%。",
     ["0件 reconsideration", "2件 litigation", "100% appearance_rate"]),
    ("主动公开信息468条，收到依申请公开2件，均按时答复。", ["468条 info_disclosed", "2件 info_requests"]),
    ("干部86人参加年度学法用法考试，合格率100%，参考率98%。", ["86人 exam_people", "100% exam_rate", "98% -"]),
    ("清理规范性文件5件，其中废止2件、继续有效3件。", ["5件 -", "2件 - part<0", "3件 - part<0"]),
    ("废止规范性文件2件，现行有效规范性文件7件。", ["2件 norm_abolished", "7件 norm_valid"]),
    ("4起历时多年的信访积案有3起得到化解。", ["4起 petition_backlog", "3起 petition_backlog_out"]),
    ("接待来访群众210余人次，受理信访件36件。", ["210人次余 petition_visits", "36件 petition_cases"]),
    ("听取法治工作汇报4次，研究解决重大问题6个。", ["4次 reports_heard", "6个 major_issues"]),
    ("召开了3次专题会议研究法治政府建设工作。", ["3次 reports_heard"]),
    ("投入18万元新建法治公园。", ["18万元 investment"]),
    ("开展联合执法28次，检查商户560余家次。", ["28次 enforcement_checks", "560家次余 -"]),
    ("办理法律援助案件11件。", ["11件 legal_aid"]),
    ("14个村（社区）均建立人民调解委员会。", ["14个 villages"]),
    ("全镇人民调解委员会16个，人民调解员70余名。", ["16个 mediation_committees", "70名余 mediators"]),
    ("办理人大代表建议12件、政协提案5件。", ["12件 proposals", "5件 proposals"]),
    ("开展法治讲座9场，举办法治宣讲22场次。", ["9场 lectures", "22场次 publicity_events"]),
    ("提供法律意见13条，合同审查27份。", ["13条 adviser_opinions", "27份 legal_review"]),
    ("完成合法性审核19件。", ["19件 legal_review"]),
    ("慰问困难群众两百余户。", ["200户余 -"]),
    ("悬挂横幅三十条。", ["30条 -"]),
    ("全员参加测试，通过率达到了100”。", ["100% exam_rate"]),
    ("归档率由上年的70%提高到95%。", ["95% -"]),
    ("参加测试人数64人。", ["64人 exam_people"]),
    ("成功化解各类矛盾纠纷77件。", ["77件 disputes_out"]),
    ("调解邻里纠纷21件。", ["21件 -"]),
    ("观摩庭审的干部45人（次）。", ["45人次 -"]),
    ("修订村规民约11份。", ["11份 -"]),
    ("制定普法计划4份。", ["4份 -"]),
    ("将6件案件移送公安机关。", ["6件 -"]),
]  # fmt: skip

NOT_FACTS = [
    "每村配备不少于3名法律明白人。",
    "每季度听取1次法治建设工作汇报。",
    "每月至少开展2次普法活动。",
    "镇政府每季召开一次专题会议。",
    "力争2025年化解率达到98%。",
    "信访总量同比下降12%。",
    "越级访比上年减少5起。",
    "案件数上升3个百分点。",
    "严格执行行政执法“三项制度”。",
    "落实“三重一大”决策制度。",
    "推行“最多跑一次”改革。",
    "打造“1+6+N”治理体系。",
    "推进“一件事一次办”。",
    "严格落实2人以上亮证执法。",
    "增强“四个意识”，做到“两个维护”。",
    "建立一村一法律顾问制度。",
    "依据《条例》第二十三条办理。",
    "开展3·15、12·4宣传。",
    "贯彻党的二十大精神。",
    "作为一项重要政治任务。",
    "打造一支政治过硬的队伍。",
    "构建一站式调解中心。",
    "拨打12348热线。",
    "第一责任人职责。",
    "落实“八五”普法规划。",
    "镇村两级、三级网络联动。",
    "完善四议两公开。",
    "由3至5名干部谈体会。",
    "存在三个方面的不足。",
    "执法人员应当不少于2人。",
    "在5个工作日内办结。",
    "上年受理纠纷88起。",
    "全年未发生1起行政诉讼案件。",
    "述法由一年一次改为半年一次。",
    "办好三件小事。",
    "解决数十起小问题。",
    "做到1次/月例会。",
    "办理时限压缩了50%。",
    "用时1个多小时。",
]


@pytest.mark.parametrize(("text", "expected"), FACTS, ids=[text[:12] for text, _ in FACTS])
def test_facts(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize("text", NOT_FACTS)
def test_rules_plans_changes_and_slogans_are_none(text):
    assert told(text) == []


def test_plans_state_no_figures():
    assert find_figures([section("开展普法活动20场。", Part.PLAN)]) == ()
    assert [one.value for one in find_figures([section("目前已培训4次，再培训5次。", Part.PLAN)])] == [4]


def test_the_table_is_whole():
    assert len(indicators()) >= 34
    assert all(one.name and one.group and one.units for one in indicators().values())


words = st.sampled_from(
    [
        "受理矛盾纠纷",
        "其中",
        "化解",
        "12起",
        "3起",
        "，",
        "。",
        "；",
        "村级",
        "发放",
        "1.2万余份",
        "“",
        "”",
        "两次",
        "98%",
        "\n",
        "每村",
    ]
)


@given(st.lists(words, max_size=20).map("".join))
def test_every_figure_stands_where_it_says(text):
    figures = find_figures([section(text)])

    for figure in figures:
        assert any(char.isdigit() or char in "两" for char in text[figure.start : figure.end])
        assert text[figure.start : figure.end] in figure.snippet
        assert figure.sentence in text
        assert figure.part_of is None or figures[figure.part_of].value >= figure.value
