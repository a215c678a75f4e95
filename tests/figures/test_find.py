"""Which quantities of a sentence are figures, of which indicator, and where do they stand?"""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.figures import find_figures, indicators
from fzsearch.model import Figure, Part, Scope, Section
from fzsearch.numerals import chinese_number, fold, number_value
from tests.figures.numerals import spoken

TABLE = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("=>") for line in TABLE if line and not line.startswith("#")]


def read(text: str) -> tuple[Figure, ...]:
    part = Part.PLAN if text.startswith("[plan]") else Part.MEASURES
    text = text.removeprefix("[plan]")
    return find_figures([Section(path="s1", level=1, marker=None, heading=None, part=part, text=text)])


@pytest.mark.parametrize(("sentence", "expected"), ROWS, ids=[row[0].strip() for row in ROWS])
def test_figures_of_a_sentence(sentence, expected):
    wanted = [one.split() for one in expected.split(";") if one.strip()]

    found = read(sentence.strip())

    assert [[f"{one.value:.10g}", one.unit, one.approx or "-"] for one in found] == [row[:3] for row in wanted]
    for one, row in zip(found, wanted, strict=True):
        assert (one.indicator or "-") in row[3].split("|")
        assert one.part_of == (int(row[4][1:]) if len(row) > 4 else None)


def test_scope_tells_villages_and_parts_from_the_township():
    text = "镇村两级共调处纠纷90起，其中村级调处70起。各村召开会议12场次。组织培训8次，其中线上3次。"

    assert [(one.value, one.scope) for one in read(text)] == [
        (90, Scope.WHOLE), (70, Scope.VILLAGE), (12, Scope.VILLAGE), (8, Scope.WHOLE), (3, Scope.PART),
    ]  # fmt: skip


def test_a_figure_stands_in_its_sentence_and_keeps_the_words_of_the_report():
    (one,) = read("（一）强化宣传。全年共发放宣传资料 3000 余份，反响良好。下一句。")

    assert one.sentence == "全年共发放宣传资料 3000 余份，反响良好。"
    assert one.label == "发放宣传资料"
    assert one.snippet == "发放宣传资料 3000 余份"


def test_part_of_counts_over_the_whole_report():
    texts = ("开展宣传5场。", "受理纠纷9件，其中邻里纠纷4件，家庭纠纷5件。")
    sections = [
        Section(path=f"s{i}", level=1, marker=None, heading=None, part=Part.MEASURES, text=text)
        for i, text in enumerate(texts)
    ]

    assert [one.part_of for one in find_figures(sections)] == [None, None, 1, 1]


def test_every_indicator_has_its_own_name():
    table = indicators()

    assert len({one.id for one in table}) == len({one.name for one in table}) == len(table)
    assert all(one.units and one.group for one in table)


WORDS = (
    "受理矛盾纠纷",
    "其中",
    "，",
    "。",
    "（",
    "”",
    "“",
    "3",
    "，000",
    "一百二",
    "余",
    "万",
    "件",
    "％",
    "率达",
    "每",
    "\n",
    "百分之",
    "至",
)
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=30).map("".join)


@given(TEXTS)
def test_any_text_is_read_and_positions_bound_the_quantity(text):
    for one in read(text):
        part = fold(text[one.start : one.end])
        assert part
        assert text[one.start : one.end] in text[one.start - 4 if one.start > 4 else 0 :]
        assert any(char.isdigit() or number_value(char) is not None for char in part)
        assert one.section == "s1"


@pytest.mark.parametrize(
    "piece", ["一", "9", "1,000,", "共计", "1件", "每1件，", "其中1件", "百分之", "由增加到", "“1件", "至3", "(", "由"]
)
def test_hostile_texts_take_no_minutes(piece):
    """0.3 s on a quiet machine; without limits some of these grow with the square of the text."""
    began = time.process_time()

    read("受理9999件，" + piece * (60_000 // len(piece)) + "5件。")

    assert time.process_time() - began < 10


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numbers_come_back(number):
    assert chinese_number(spoken(number)) == number


@given(st.integers(min_value=11, max_value=10**8 - 1))
def test_a_chinese_number_with_a_unit_is_found_whole(number):
    (one,) = read(f"共受理案件{spoken(number)}件。")

    assert (one.value, one.unit) == (number, "件")
