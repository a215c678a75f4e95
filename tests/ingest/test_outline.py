"""Sections of constructed layouts: each case is a trap of DOMAIN §3 or MEASURED-reading §3, in our own words."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.ingest.lines import clean_lines
from fzsearch.ingest.outline import CHUNK_CHARS, read_outline
from fzsearch.ingest.title import find_title
from fzsearch.model import Section

TITLE = "红枫镇2024年法治政府建设情况报告"
PROSE = "全镇各站所按季度汇总台账，由司法所逐项核对后归档，遇到难点及时会商处理。"


@dataclass(frozen=True)
class Layout:
    """Lines of a document and the sections expected behind s0, as "path marker heading" with - for none."""

    name: str
    text: str
    expected: str


LAYOUTS = [
    Layout(
        "two levels",
        f"{TITLE}\n一、主要举措和成效\n（一）落实领导责任\n{PROSE}\n（二）抓好普法工作\n{PROSE}\n二、存在的不足\n{PROSE}",
        "s1 一、 主要举措和成效|s1.1 （一） 落实领导责任|s1.2 （二） 抓好普法工作|s2 二、 存在的不足",
    ),
    Layout(
        "heading and body share a line",
        f"{TITLE}\n一、主要举措\n（一）落实领导责任。{PROSE}\n（二）抓好普法，夯实根基。{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 落实领导责任|s1.2 （二） 抓好普法，夯实根基",
    ),
    Layout(
        "heading ended by a comma",
        f"{TITLE}\n一、主要举措\n（一）落实领导责任，我镇把学法列入日程，安排专人跟进，按月通报进度。\n（二）抓好普法，{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 落实领导责任|s1.2 （二） 抓好普法",
    ),
    Layout(
        "mixed brackets",
        f"{TITLE}\n一、主要举措\n（一）甲项工作\n{PROSE}\n(二)乙项工作\n{PROSE}\n三)丙项工作\n{PROSE}\n（四)丁项工作\n{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 甲项工作|s1.2 (二) 乙项工作|s1.3 三) 丙项工作|s1.4 （四) 丁项工作",
    ),
    Layout(
        "stray 是 behind the number",
        f"{TITLE}\n一、主要举措\n（一）完善制度。{PROSE}\n（二）是组织培训。{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 完善制度|s1.2 （二） 组织培训",
    ),
    Layout(
        "Arabic number at the first level",
        f"{TITLE}\n一、主要举措\n{PROSE}\n二、履职情况\n{PROSE}\n3、 存在的不足\n{PROSE}\n四、下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 二、 履职情况|s3 3、 存在的不足|s4 四、 下步安排",
    ),
    Layout(
        "Arabic numbers below the second level",
        f"{TITLE}\n一、主要举措\n（一）执法\n1.规范程序。{PROSE}\n2.加强监督。{PROSE}\n（二）普法\n1、走进校园。{PROSE}\n2、走进企业。{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.1.1 1. 规范程序|s1.1.2 2. 加强监督"
        "|s1.2 （二） 普法|s1.2.1 1、 走进校园|s1.2.2 2、 走进企业",
    ),
    Layout(
        "running Arabic numbers",
        f"{TITLE}\n一、主要举措\n（一）执法\n1.规范程序。{PROSE}\n2.加强监督。{PROSE}\n（二）普法\n3.走进校园。{PROSE}\n4.走进企业。{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.1.1 1. 规范程序|s1.1.2 2. 加强监督"
        "|s1.2 （二） 普法|s1.2.1 3. 走进校园|s1.2.2 4. 走进企业",
    ),
    Layout(
        "a level skipped",
        f"{TITLE}\n一、主要举措\n1.规范程序。{PROSE}\n2.加强监督。{PROSE}\n二、存在的不足\n1.力量偏弱。{PROSE}\n2.培训偏少。{PROSE}",
        "s1 一、 主要举措|s1.1 1. 规范程序|s1.2 2. 加强监督|s2 二、 存在的不足|s2.1 1. 力量偏弱|s2.2 2. 培训偏少",
    ),
    Layout(
        "running Arabic numbers right below the first level stay children",
        f"{TITLE}\n一、主要举措\n1.规范程序。{PROSE}\n2.加强监督。{PROSE}\n二、普法工作\n3.走进校园。{PROSE}\n三、下步安排\n{PROSE}",
        "s1 一、 主要举措|s1.1 1. 规范程序|s1.2 2. 加强监督|s2 二、 普法工作|s2.1 3. 走进校园|s3 三、 下步安排",
    ),
    Layout(
        "the fourth level is text",
        f"{TITLE}\n一、主要举措\n（一）执法\n1.规范程序。{PROSE}\n（1）立案从严。{PROSE}\n（2）结案从快。{PROSE}\n2.加强监督。{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.1.1 1. 规范程序|s1.1.2 2. 加强监督",
    ),
    Layout(
        "the same number twice, a number left out",
        f"{TITLE}\n一、主要举措\n{PROSE}\n一、履职情况\n{PROSE}\n三、存在的不足\n{PROSE}\n五、下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 一、 履职情况|s3 三、 存在的不足|s4 五、 下步安排",
    ),
    Layout(
        "space inside the number, OCR dash, Markdown",
        f"{TITLE}\n-、主要举措\n{PROSE}\n二 、履职情况\n{PROSE}\n"
        f"**三、**存在的不足\n{PROSE}\n　　四、下步安排　\n{PROSE}",
        "s1 -、 主要举措|s2 二、 履职情况|s3 三、 存在的不足|s4 四、 下步安排",
    ),
    Layout(
        "enumerations at the start of a paragraph",
        f"{TITLE}\n一、主要举措\n一、二、三产业的经营户均已走访。\n五、六月份集中开展排查。\n5.12防灾减灾日上街宣传。\n12.4国家宪法日进校宣讲。\n"
        f"2023.5月起轮训。\n二、存在的不足\n{PROSE}",
        "s1 一、 主要举措|s2 二、 存在的不足",
    ),
    Layout(
        "numbered body text",
        f"{TITLE}\n一、主要举措\n（一）执法\n全年完成以下事项：\n1.核查沿街商铺消防通道并逐户登记；\n2.清理占道堆物并落实门前三包；\n3.复查整改情况并张榜公布。\n"
        f"（二）普法\n{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.2 （二） 普法",
    ),
    Layout(
        "第一部分",
        f"{TITLE}\n第一部分 主要举措\n一、执法\n（一）规范程序\n{PROSE}\n第二部分 下步安排\n一、普法\n{PROSE}",
        "s1 第一部分 主要举措|s1.1 一、 执法|s1.1.1 （一） 规范程序|s2 第二部分 下步安排|s2.1 一、 普法",
    ),
    Layout(
        "一是 as paragraphs",
        f"{TITLE}\n一、下步安排\n一是补齐人手。{PROSE}\n二是补训短缺科目，尽快达到要求，并按月检查进度，不留空白。\n三是用好平台。{PROSE}",
        "s1 一、 下步安排|s1.1 一是 补齐人手|s1.2 二是 -|s1.3 三是 用好平台",
    ),
    Layout(
        "一是 beside numbered headings is text",
        f"{TITLE}\n一、主要举措\n一是认识到位。二是行动到位。\n（一）执法\n{PROSE}\n（二）普法\n{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.2 （二） 普法",
    ),
    Layout(
        "一是 opens, 二是 inside, 三是 opens",
        f"{TITLE}\n一、存在的不足\n一是人手偏紧，{PROSE}二是经费偏少，{PROSE}\n三是经验偏浅，{PROSE}",
        "s1 一、 存在的不足|s1.1 一是 -|s1.2 三是 -",
    ),
    Layout(
        "一是 inside the lead, 二是 opens",
        f"{TITLE}\n一、存在的不足\n{PROSE}主要表现为：一是人手偏紧，{PROSE}\n二是经费偏少，{PROSE}",
        "s1 一、 存在的不足|s1.1 二是 -",
    ),
    Layout(
        "一是 alone, and 一是一、二是二",
        f"{TITLE}\n一、主要举措\n一是要看到成绩来之不易。\n二、履职情况\n一是一、二是二，据实上报，{PROSE}\n三、下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 二、 履职情况|s3 三、 下步安排",
    ),
    Layout(
        "一是 at the third level",
        f"{TITLE}\n一、主要举措\n（一）执法\n一是厘清边界。{PROSE}\n二是统一口径。{PROSE}\n（二）普法\n{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法|s1.1.1 一是 厘清边界|s1.1.2 二是 统一口径|s1.2 （二） 普法",
    ),
    Layout(
        "merged heading split by lead paragraphs",
        f"{TITLE}\n一、存在问题及下一步打算\n回看全年，仍有几处短板：一是人手偏紧。二是经费偏少。\n下一步，我镇将补齐短板：一是配强人员。二是用好平台。",
        "s1 一、 存在问题及下一步打算|s1.1 - -|s1.2 - -",
    ),
    Layout(
        "merged heading with numbered children",
        f"{TITLE}\n一、存在问题及下步安排\n（一）存在的问题\n{PROSE}\n（二）下步安排\n{PROSE}",
        "s1 一、 存在问题及下步安排|s1.1 （一） 存在的问题|s1.2 （二） 下步安排",
    ),
    Layout(
        "merged heading with unnumbered children",
        f"{TITLE}\n一、主要举措\n{PROSE}\n二、存在问题和下步打算\n存在的主要问题\n一是人手偏紧，{PROSE}\n二是经费偏少，{PROSE}\n下步工作打算：\n{PROSE}",
        "s1 一、 主要举措|s2 二、 存在问题和下步打算|s2.1 - 存在的主要问题"
        "|s2.1.1 一是 -|s2.1.2 二是 -|s2.2 - 下步工作打算",
    ),
    Layout(
        "lead paragraphs with 一是 paragraphs below them",
        f"{TITLE}\n一、存在的困难及下步打算\n对照要求，尚有差距。\n一是人手偏紧。{PROSE}\n二是经费偏少。{PROSE}\n下一步，重点做好两项工作。\n"
        f"一是配强人员。{PROSE}\n二是用好平台。{PROSE}",
        "s1 一、 存在的困难及下步打算|s1.1 - -|s1.1.1 一是 人手偏紧|s1.1.2 二是 经费偏少"
        "|s1.2 - -|s1.2.1 一是 配强人员|s1.2.2 二是 用好平台",
    ),
    Layout(
        "pairs of clauses open the paragraphs",
        f"{TITLE}\n一、主要举措\n（一）依法办事\n严把审查关口，防住合同风险。{PROSE}\n畅通表达渠道，方便群众议事。{PROSE}\n（二）普法\n{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 依法办事|s1.1.1 - 严把审查关口，防住合同风险"
        "|s1.1.2 - 畅通表达渠道，方便群众议事|s1.2 （二） 普法",
    ),
    Layout(
        "a single pair is prose",
        f"{TITLE}\n一、主要举措\n严把审查关口，防住合同风险。{PROSE}\n{PROSE}\n二、下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 二、 下步安排",
    ),
    Layout(
        "unnumbered headings on lines of their own",
        f"{TITLE}\n一、主要举措\n强化日常巡查\n{PROSE}\n推进阳光执法\n{PROSE}\n二、下步安排\n{PROSE}",
        "s1 一、 主要举措|s1.1 - 强化日常巡查|s1.2 - 推进阳光执法|s2 二、 下步安排",
    ),
    Layout(
        "the number of one first-level heading is lost",
        f"{TITLE}\n一、主要举措和成效\n（一）执法\n{PROSE}\n存在的不足和原因\n{PROSE}\n三、下步安排\n{PROSE}",
        "s1 一、 主要举措和成效|s1.1 （一） 执法|s2 - 存在的不足和原因|s3 三、 下步安排",
    ),
    Layout(
        "all first-level numbers are lost",
        f"{TITLE}\n主要举措和成效\n（一）执法\n{PROSE}\n（二）普法\n{PROSE}\n存在的主要问题\n（一）人手偏紧。{PROSE}\n下一步工作打算\n{PROSE}",
        "s1 - 主要举措和成效|s1.1 （一） 执法|s1.2 （二） 普法"
        "|s2 - 存在的主要问题|s2.1 （一） 人手偏紧|s3 - 下一步工作打算",
    ),
    Layout(
        "no numbers at all",
        f"{TITLE}\n{PROSE}\n强化日常巡查\n{PROSE}\n推进阳光执法\n{PROSE}\n抓实普法宣传\n{PROSE}",
        "s1 - 强化日常巡查|s2 - 推进阳光执法|s3 - 抓实普法宣传",
    ),
    Layout(
        "long first-level headings that end in a full stop",
        f"{TITLE}\n一、紧扣上级年度部署要求，把依法办事贯穿决策执行全过程，"
        f"持续优化基层营商环境，努力让群众在每一件小事中感受到公平。\n{PROSE}\n二、下步安排。\n{PROSE}",
        "s1 一、 紧扣上级年度部署要求，把依法办事贯穿决策执行全过程，"
        "持续优化基层营商环境，努力让群众在每一件小事中感受到公平|s2 二、 下步安排",
    ),
    Layout(
        "sign-off belongs to the last section",
        f"{TITLE}\n一、主要举措\n{PROSE}\n二、下步安排\n（一）普法\n{PROSE}\n红枫镇人民政府\n2025年1月8日",
        "s1 一、 主要举措|s2 二、 下步安排|s2.1 （一） 普法",
    ),
    Layout(
        "number on a line of its own",
        f"{TITLE}\n一、\n主要举措\n{PROSE}\n二、\n下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 二、 下步安排",
    ),
    Layout(
        "bookmark before the number, picture inside a sentence",
        f"{TITLE}\n[bookmark: _A1]一、主要举措\n参考率为100[image: p.png]\n\n\n。{PROSE}\n"
        f"[bookmark: _B2]二、下步安排\n{PROSE}",
        "s1 一、 主要举措|s2 二、 下步安排",
    ),
    Layout(
        "compatibility characters",
        f"{TITLE}\n⼀、主要举措\n㈠执法\n{PROSE}\n㈡普法\n{PROSE}\n二．下步安排\n１．配强人员。{PROSE}\n２．用好平台。{PROSE}",
        "s1 ⼀、 主要举措|s1.1 ㈠ 执法|s1.2 ㈡ 普法|s2 二． 下步安排|s2.1 １． 配强人员|s2.2 ２． 用好平台",
    ),
    Layout(
        "bullets before headings",
        f"{TITLE}\n一、主要举措\n●强化日常巡查\n{PROSE}\n●推进阳光执法\n{PROSE}",
        "s1 一、 主要举措|s1.1 - 强化日常巡查|s1.2 - 推进阳光执法",
    ),
    Layout(
        "ordinals beyond ten",
        TITLE
        + "\n一、主要举措\n"
        + "".join(f"（{n}）做好{n}号事\n{PROSE}\n" for n in "一二三四五六七八九")
        + f"（十）收尾\n{PROSE}\n（十一）总结\n{PROSE}",
        "s1 一、 主要举措|"
        + "|".join(f"s1.{i} （{n}） 做好{n}号事" for i, n in enumerate("一二三四五六七八九", 1))
        + "|s1.10 （十） 收尾|s1.11 （十一） 总结",
    ),
    Layout("no headings", f"{TITLE}\n区委、区政府：\n{PROSE}\n{PROSE}", "s1 - -"),
    Layout("a single paragraph", "第七条　镇人民政府应当公开办事依据，并接受群众监督。", "s1 - -"),
    Layout(
        "colon behind a heading",
        f"{TITLE}\n一、主要举措：\n（一）执法方面：{PROSE}\n（二）普法方面：{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 执法方面|s1.2 （二） 普法方面",
    ),
    Layout(
        "wide gap between heading and body",
        f"{TITLE}\n一、主要举措　　{PROSE}{PROSE}\n二、下步安排　　{PROSE}{PROSE}",
        "s1 一、 主要举措|s2 二、 下步安排",
    ),
    Layout(
        "three parallel clauses are a heading",
        f"{TITLE}\n一、主要举措\n（一）理清思路，压实责任，补足短板。{PROSE}\n（二）普法，{PROSE}",
        "s1 一、 主要举措|s1.1 （一） 理清思路，压实责任，补足短板|s1.2 （二） 普法",
    ),
]


def sections_of(text: str) -> tuple[Section, ...]:
    lines = clean_lines(text.split("\n"))
    title = find_title(lines, {})
    return read_outline(lines, title.lines if title else ()).sections


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_outline_of_layout(layout):
    sections = sections_of(layout.text)

    found = [f"{s.path} {s.marker or '-'} {s.heading or '-'}" for s in sections if s.level]
    assert found == layout.expected.split("|")


def test_front_runs_to_the_first_heading():
    front = sections_of(f"{TITLE}\n区委、区政府：\n{PROSE}\n一、主要举措\n{PROSE}")[0]

    assert (front.path, front.level, front.marker, front.heading) == ("s0", 0, None, None)
    assert front.text == f"{TITLE}\n区委、区政府：\n{PROSE}"


def test_without_front_there_is_no_s0():
    assert [s.path for s in sections_of(f"一、主要举措\n{PROSE}\n二、下步安排\n{PROSE}")] == ["s1", "s2"]


def test_nothing_has_no_sections():
    assert read_outline([]).sections == ()


def test_long_text_without_headings_is_cut_between_paragraphs():
    text = "\n".join([PROSE * 9] * 12)

    sections = sections_of(text)

    assert len(sections) > 1
    assert [s.path for s in sections] == [f"s{n}" for n in range(1, len(sections) + 1)]
    assert all(len(s.text) <= CHUNK_CHARS + s.text.count("\n") for s in sections)
    assert "\n".join(s.text for s in sections) == text


def test_sign_off_is_text_of_the_last_section():
    text = f"{TITLE}\n一、主要举措\n{PROSE}\n二、下步安排\n{PROSE}\n红枫镇人民政府\n2025年1月8日"

    assert sections_of(text)[-1].text.endswith("红枫镇人民政府\n2025年1月8日")


HEADING = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        [
            "一、",
            "二、",
            "三、",
            "（一）",
            "（二）",
            "(三)",
            "1.",
            "2、",
            "（1）",
            "①",
            "一是",
            "二是",
            "第一部分 ",
            "",
            "●",
            "-、",
        ]
    ),
    st.sampled_from(
        [
            "强化责任",
            "存在问题及下步打算",
            "主要举措和成效",
            "存在的不足",
            "下一步工作安排",
            "理清思路，压实责任。",
            "其他情况",
        ]
    ),
    st.sampled_from(["", "。", PROSE, "：", "　" + PROSE]),
)
ANY_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=60)
LINES = st.lists(
    st.one_of(
        HEADING,
        ANY_LINE,
        st.sampled_from([PROSE, TITLE, "", "  ", "下一步，抓紧落实。", "红枫镇人民政府", "2025年1月8日"]),
    ),
    max_size=40,
)


@given(LINES)
def test_every_character_stands_in_one_section(raw):
    lines = clean_lines(raw)
    title = find_title(lines, {})

    outline = read_outline(lines, title.lines if title else ())

    assert "\n".join(section.text for section in outline.sections) == "\n".join(line.text for line in lines)
    assert len(outline.first_lines) == len(outline.sections)
    assert all(section.text for section in outline.sections)


@given(LINES)
def test_paths_and_levels_agree(raw):
    sections = sections_of("\n".join(raw))

    paths = [section.path for section in sections]
    assert len(set(paths)) == len(paths)
    for section in sections:
        assert section.level == (0 if section.path == "s0" else section.path.count(".") + 1)
        assert section.level <= 1 or section.path.rpartition(".")[0] in paths
        assert section.heading is None or section.heading in section.text.replace("**", "")
