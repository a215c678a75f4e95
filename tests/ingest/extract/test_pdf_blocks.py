"""Paragraphs by layout: indents, sizes, gaps, notes below, rows of a table; letters to lines."""

import pytest

from fzsearch.ingest.extract.pdf_blocks import layout_paragraphs
from fzsearch.ingest.extract.pdf_layout import Letter, PrintedLine, printed_lines

SIZE, LEADING, LEFT, TOP, COLUMNS = 16.0, 28.0, 72.0, 770.0, 28


def page(*lines: str | tuple[str, float], top: float = TOP) -> list[PrintedLine]:
    """Lines one below another; each blank at the start moves it by one character; a number gives another size."""
    found = []
    for number, line in enumerate(lines):
        text, size = line if isinstance(line, tuple) else (line, SIZE)
        shown = text.lstrip()
        left = LEFT + (len(text) - len(shown)) * SIZE
        right = left + len(shown) * size
        found.append(PrintedLine(text=shown, left=left, right=right, baseline=top - number * LEADING, size=size))
    return [line for line in found if line.text]


FULL = "法" * COLUMNS
FIRST = "  " + "治" * (COLUMNS - 2)


def test_indented_line_begins_a_paragraph_across_pages():
    pages = [page(FIRST, FULL), page(FULL, "尾。", FIRST)]

    assert layout_paragraphs(pages) == [FIRST.strip() + FULL + FULL + "尾。", FIRST.strip()]


def test_full_last_line_ends_a_paragraph_where_paragraphs_are_indented():
    assert layout_paragraphs([page(FIRST, FULL, FIRST)]) == [FIRST.strip() + FULL, FIRST.strip()]


def test_title_goes_on_in_large_type_and_ends_where_it_shrinks():
    title = ("某" * 20, 22.0)
    pages = [page(title, (" " * 13 + "报告", 22.0), FIRST, FULL)]

    assert layout_paragraphs(pages) == ["某" * 20 + "报告", FIRST.strip() + FULL]


def test_gap_and_early_end_part_paragraphs_without_indents():
    pages = [page(FULL, "短句。", FULL, "", FULL)]

    assert layout_paragraphs(pages) == [FULL + "短句。", FULL, FULL]


def test_notes_leave_the_body_and_lose_their_numbers():
    pages = [page(FIRST, FULL, ("1注一，", 9.0), ("续完。", 9.0), ("2注二。", 9.0), "— 1 —"), page("完。", "— 2 —")]

    assert layout_paragraphs(pages) == [FIRST.strip() + FULL + "完。", "注一，续完。", "注二。"]


def test_small_table_at_the_foot_is_no_note():
    pages = [page(FIRST, FULL, ("指标\t上年", 10.5), ("2 审查\t139", 10.5))]

    assert layout_paragraphs(pages)[1:] == ["指标\t上年", "2 审查\t139"]


def test_no_lines_make_no_paragraphs():
    assert layout_paragraphs([[], page("— 1 —")]) == []


def letters(text: str, *, left: float = LEFT, baseline: float = TOP, size: float = SIZE) -> list[Letter]:
    """Letters side by side; "|" leaves a gap of one and a half, "~" is a blank that the reader added."""
    found, at = [], left
    for char in text:
        if char == "|":
            at += 1.5 * size
            continue
        width = size if ord(char) > 0xFF else size / 2
        found.append(Letter("" if char == "~" else char, at, at + (0 if char == "~" else width), baseline, size))
        at = found[-1].right
    return found


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("全年~2024~年", "全年2024年"),
        ("谭 华", "谭 华"),
        ("see~page", "see page"),
        ("甲|乙", "甲\t乙"),
        ("甲 |乙", "甲 乙"),
    ],
)
def test_blanks_of_the_file_stay_and_added_ones_go(drawn, text):
    assert [line.text for line in printed_lines(letters(drawn))] == [text]


def test_raised_note_mark_is_dropped_but_a_square_stays():
    raised = letters("1", left=LEFT + 32, baseline=TOP + 6, size=9)

    assert [line.text for line in printed_lines([*letters("正文"), *raised])] == ["正文"]
    assert [
        line.text
        for line in printed_lines([*letters("约3km"), *letters("2", left=LEFT + 48, baseline=TOP + 6, size=9)])
    ] == ["约3km2"]


def test_lines_come_from_top_to_bottom_and_cells_from_left_to_right():
    drawn = [*letters("页脚", baseline=50), *letters("右", left=300), *letters("左"), *letters("下", baseline=TOP - 28)]

    assert [line.text for line in printed_lines(drawn)] == ["左\t右", "下", "页脚"]
