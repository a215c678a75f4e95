"""Which numbers of a report are shown as differing, and in which words?"""

from dataclasses import replace

import pytest

from fzsearch.figures import check
from fzsearch.figures.checks import number_text
from tests.figures.test_find import read


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("受理案件35宗，结案34宗，结案率98%。", "rate", "结案率写 98%，按 34/35 计算为 97.14%"),
        ("排查矛盾纠纷80起，化解70起，化解率95%。", "rate", "化解率写 95%，按 70/80 计算为 87.50%"),
        ("村级调处纠纷40起，其中当场调处30起，占比80%。", "rate", "占比写 80%，按 30/40 计算为 75.00%"),
        (
            "办理案件12件，其中简易程序8件、一般程序3件。",
            "sum",
            "办理案件写 12件，所列各项 8＋3 合计 11",
        ),
    ],
)
def test_numbers_that_differ_are_shown(text, kind, message):
    (finding,) = check(read(text))

    assert (finding.kind, finding.message) == (kind, message)
    assert finding.sections == ("s1",)
    assert finding.sentences == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "排查矛盾纠纷80起，化解70起，化解率87.5%。",
        "排查矛盾纠纷3起，化解2起，化解率66.67%。",
        "排查矛盾纠纷80余起，化解70起，化解率95%。",
        "排查矛盾纠纷80起，化解70起，化解率95%以上。",
        "排查矛盾纠纷80起，化解率95%。",
        "排查纠纷80起，其中重大纠纷10起，化解40起，化解率50%。",
        "办理案件12件，其中简易程序8件。",
        "办理案件12件，其中简易程序8件、一般程序4件。",
        "",
    ],
)
def test_numbers_that_agree_or_cannot_be_compared_are_not_shown(text):
    assert check(read(text)) == ()


def test_the_same_words_with_another_number_in_another_section_are_shown():
    first, second = read("全镇培养法律明白人48名。"), read("全镇培养法律明白人52名。")
    moved = tuple(replace(one, section="s2") for one in second)

    (finding,) = check((*first, *moved))

    assert finding.kind == "repeat"
    assert "48名（s1）" in finding.message
    assert "52名（s2）" in finding.message
    assert finding.sections == ("s1", "s2")
    assert check((*first, *second)) == ()


def test_numbers_are_written_as_people_do():
    assert [number_text(value) for value in (0.0, 12.0, 99.9, 0.125)] == ["0", "12", "99.9", "0.125"]
