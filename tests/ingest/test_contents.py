"""Contents of constructed reports, in our own words, and of the annotated ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.ingest import read_report
from fzsearch.ingest.places import PlaceList
from fzsearch.model import Document, Format, Part, Report
from tests.ingest.layouts import PROSE, TITLE, read_layouts

DONE = "全年开展巡查12次，完成台账核对。"
# Name, text behind the title, and "part rule section words" for each content: words are the heading or in the sentence.
CASES = [
    (
        "a heading for each",
        (
            f"一、主要举措和成效\n{DONE}\n二、存在的不足和原因\n{PROSE}\n三、党政主要负责人履行第一责任人职责情况\n{PROSE}\n"
            f"四、2025年工作安排\n{PROSE}\n五、其他需要报告的情况\n{PROSE}"
        ),
        (
            "measures heading s1 主要举措和成效|problems heading s2 存在的不足和原因"
            "|leader heading s3 党政主要负责人履行第一责任人职责情况|plan heading s4 2025年工作安排"
            "|other heading s5 其他需要报告的情况"
        ),
    ),
    (
        "a clause on the leader within the measures",
        f"一、强化组织领导\n我镇压实党政主要负责人履行法治建设第一责任人职责，定期会商。\n二、深化普法\n{DONE}",
        "measures heading s1 强化组织领导|leader sentence s1 压实党政主要负责人",
    ),
    (
        "the leader by deeds",
        f"一、主要举措\n{DONE}镇党委书记带头讲授法治课2次。\n二、下步打算\n{PROSE}",
        "measures heading s1 主要举措|leader sentence s1 书记带头讲授|plan heading s2 下步打算",
    ),
    (
        "the leader in a promise, in a title of a rule and for safety only does not count",
        (
            f"按照《党政主要负责人履行推进法治建设第一责任人职责规定》，现报告如下。\n一、主要举措\n{DONE}镇长作为安全生产第一责任人带队检查。\n"
            "二、下步打算\n压实党政主要负责人第一责任人职责。"
        ),
        "measures heading s1 主要举措|plan heading s2 下步打算",
    ),
    (
        "problems and plan in one closing paragraph",
        f"一、强化普法\n{DONE}\n二、规范执法\n{DONE}\n虽有进步，但仍存在人手偏紧的短板。下一步，我镇将配强人员。",
        "measures heading s1 强化普法|problems sentence s2 仍存在人手偏紧的短板|plan sentence s2 我镇将配强人员",
    ),
    (
        "a merged heading, problems and plan in one paragraph",
        f"一、主要举措\n{DONE}\n二、存在问题及下步打算\n还存在人手偏紧等不足。今后，我镇将配强人员。",
        "measures heading s1 主要举措|problems sentence s2 人手偏紧等不足|plan sentence s2 今后，我镇将",
    ),
    (
        "a merged heading whose sentences do not tell",
        f"一、主要举措\n{DONE}\n二、存在问题及下步打算\n{PROSE}",
        "measures heading s1 主要举措|problems heading s2 存在问题及下步打算|plan heading s2 存在问题及下步打算",
    ),
    (
        "measures and the leader in one heading",
        f"一、主要举措成效及党政主要负责人履行第一责任人职责情况\n{DONE}\n二、下步打算\n{PROSE}",
        (
            "measures heading s1 主要举措成效及党政主要负责人履行第一责任人职责情况"
            "|leader heading s1 主要举措成效及党政主要负责人履行第一责任人职责情况|plan heading s2 下步打算"
        ),
    ),
    (
        "lead paragraphs",
        f"一、主要举措\n{DONE}\n二、存在问题及下步打算\n对照要求仍有差距：一是人手偏紧。\n针对上述问题，我镇将配强人员。",
        "measures heading s1 主要举措|problems sentence s2.1 仍有差距|plan sentence s2.2 针对上述问题",
    ),
    (
        "problems solved and steps taken are measures",
        f"一、主要举措\n排查整改存在的问题18个，推动群众反映的突出问题有效解决。为下一步工作打下基础。今后可随时查询。\n{DONE}",
        "measures heading s1 主要举措",
    ),
    (
        "the coming year opens the plan",
        f"一、2024年工作\n{DONE}\n2025年，我镇将配强人员。",
        "measures heading s1 2024年工作|plan sentence s1 2025年",
    ),
    (
        "no headings",
        f"{DONE}镇长主持召开法治专题会议3次。工作中还存在人手偏紧的问题。下一步，将配强人员。没有其他需要报告的事项。",
        (
            "measures sentence s1 开展巡查12次|problems sentence s1 还存在|leader sentence s1 镇长主持"
            "|plan sentence s1 将配强|other sentence s1 没有其他需要报告"
        ),
    ),
    (
        "children of a merged heading",
        f"一、主要举措\n{DONE}\n二、存在问题及下步打算\n（一）存在问题\n{PROSE}\n（二）下步打算\n{PROSE}",
        "measures heading s1 主要举措|problems heading s2.1 存在问题|plan heading s2.2 下步打算",
    ),
    (
        "numbered shortfalls without a heading of their own",
        f"一、主要举措\n{DONE}\n主要问题有：一是人手偏紧；二是经费偏少。\n工作打算：配强人员。",
        "measures heading s1 主要举措|problems sentence s1 主要问题有|plan sentence s1 工作打算",
    ),
    ("an article of a statute", "有下列情形之一的，责令改正：\n（一）未登记的；\n（二）拒绝检查的。", ""),
]
LEADER_SENTENCES = [
    ("镇党委书记、镇长切实履行第一责任人职责。", True),
    ("党政主要负责人带头学法。", True),
    ("主要领导亲自部署、亲自过问。", True),
    ("河长为治水第一责任人。", False),
    ("镇长带队开展安全生产检查。", False),
    ("镇主要领导带头包案化解信访积案。", False),
    ("书记镇长带头开展法治讲座。", True),
    ("村党支部书记带头调解纠纷。", False),
    ("按照《党政主要负责人履行推进法治建设第一责任人职责规定》要求", False),
    ("严格落实《党政主要负责人履行推进法治建设第一责任人职责规定》，主要负责人带头述法。", True),
    ("党委书记定期听取法治工作汇报。", True),
]
OF_THE_FIVE = {
    "000": "measures s2 heading, problems s3 heading, leader s1 heading, plan s4 heading",
    "001": "measures s1 heading, problems s5.1 sentence, leader s1 sentence, plan s5.2 sentence",
    "002": "measures s1 heading, problems s2 heading, leader s3 heading, plan s4 heading",
    "003": "measures s1 heading, problems s3 heading, leader s2 heading, plan s4 heading",
    "004": "measures s1 heading, problems s3 heading, leader s2 heading, plan s4 heading",
}


@pytest.fixture(scope="module")
def places() -> PlaceList:
    return PlaceList.load()


def read(text: str, places: PlaceList) -> Report:
    return read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places)


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_contents(text, expected, places):
    found = read(f"{TITLE}\n{text}", places).contents

    wanted = [tuple(one.split(" ")) for one in expected.split("|") if one]
    assert [(c.part.value, c.rule, c.section) for c in found] == [(part, rule, path) for part, rule, path, _ in wanted]
    for content, (*_, words) in zip(found, wanted, strict=True):
        assert words in content.sentence
        assert content.rule == "sentence" or content.sentence == words


@pytest.mark.parametrize(("sentence", "is_shown"), LEADER_SENTENCES)
def test_sentence_on_the_leader(sentence, is_shown, places):
    found = read(f"{TITLE}\n一、强化举措\n{sentence}{DONE}\n二、抓实普法\n{DONE}", places).contents

    assert [c.sentence for c in found if c.part is Part.LEADER] == [sentence] * is_shown


@pytest.mark.parametrize("number", OF_THE_FIVE)
def test_contents_of_annotated_reports(number, shared_dir: Path, places):
    text = next((shared_dir / "reports").glob(f"{number}_*.txt")).read_text(encoding="utf-8")

    found = ", ".join(f"{c.part.value} {c.section} {c.rule}" for c in read(text, places).contents)

    assert found == OF_THE_FIVE[number]


@settings(max_examples=60, deadline=None)
@given(text=st.lists(st.sampled_from([layout.text for layout in read_layouts()]), max_size=6).map("\n".join))
def test_a_content_is_quoted_as_it_stands(places, text):
    report = read(text, places)

    parts = [content.part for content in report.contents]
    assert len(set(parts)) == len(parts)
    for content in report.contents:
        (text_of_it,) = [section.text for section in report.sections if section.path == content.section]
        assert content.sentence in text_of_it
