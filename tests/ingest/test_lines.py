import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.ingest.lines import NumberedLine, clean_lines


def test_blank_lines_are_dropped_and_numbers_stay():
    assert clean_lines(["", "甲", "  ", "　", "乙"]) == (NumberedLine(2, "甲"), NumberedLine(5, "乙"))


def test_white_space_around_text_stays():
    assert clean_lines(["　　甲镇 工作  "])[0].text == "　　甲镇 工作  "


def test_artefacts_are_removed_inside_a_line():
    assert clean_lines(["[bookmark: _GoBack]甲[image: image1.png]乙"])[0].text == "甲乙"


def test_line_of_an_artefact_alone_is_dropped():
    assert clean_lines(["[image: image1.png]", "[bookmark: OLE_LINK1]"]) == ()


def test_sentence_split_by_a_picture_is_joined():
    lines = clean_lines(["合格率100[image: image1.png]", "", "", "。随后总结。", "下一段"])

    assert lines == (NumberedLine(1, "合格率100。随后总结。"), NumberedLine(5, "下一段"))


def test_percent_sign_behind_a_picture_is_joined():
    assert clean_lines(["合格率100[image: a.png]", "", "%。"])[0].text == "合格率100%。"


def test_brackets_of_headings_do_not_join():
    assert [line.text for line in clean_lines(["甲", "（一）乙", "“丙”", "《丁》"])] == [
        "甲",
        "（一）乙",
        "“丙”",
        "《丁》",
    ]


def test_closing_punctuation_on_the_first_line_stays():
    assert clean_lines(["。甲"]) == (NumberedLine(1, "。甲"),)


def test_other_square_brackets_stay():
    assert clean_lines(["甲[1]乙[注：丙]"])[0].text == "甲[1]乙[注：丙]"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n["))))
def test_every_visible_character_stays_in_order(raw):
    cleaned = "".join(line.text for line in clean_lines(raw))

    assert "".join(cleaned.split()) == "".join("".join(raw).split())


@pytest.mark.parametrize("text", ["[image:" * 100_000, "某镇\n" + "，\n" * 500_000])
def test_time_grows_with_the_length_only(text):
    began = time.process_time()

    clean_lines(text.split("\n"))

    assert time.process_time() - began < 10
