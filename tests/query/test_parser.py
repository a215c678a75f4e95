"""The query language: every construct, and that nothing a person types makes it fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.errors import QueryError
from fzsearch.query import MAX_CHARS, And, Field, FieldName, Node, Not, Or, Term, parse_query


def quoted(text: str) -> Term:
    return Term(text, quoted=True)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("枫桥经验", Term("枫桥经验")),
        ("枫桥经验 调解", And((Term("枫桥经验"), Term("调解")))),
        ("枫桥经验　AND　调解", And((Term("枫桥经验"), Term("调解")))),
        ("送法 或 普法", Or((Term("送法"), Term("普法")))),
        ("送法 OR 普法", Or((Term("送法"), Term("普法")))),
        ("送法 ＯＲ 普法", Or((Term("送法"), Term("普法")))),
        ("送法｜普法", Or((Term("送法"), Term("普法")))),
        ("调解 -信访", And((Term("调解"), Not(Term("信访"))))),
        ("调解 －信访", And((Term("调解"), Not(Term("信访"))))),
        ("调解 非 信访", And((Term("调解"), Not(Term("信访"))))),
        ("调解 NOT “信访”", And((Term("调解"), Not(quoted("信访"))))),
        ("（枫桥 或 调解） 信访", And((Or((Term("枫桥"), Term("调解"))), Term("信访")))),
        ("甲 乙 或 丙", Or((And((Term("甲"), Term("乙"))), Term("丙")))),
        ("“一站式 调解”", quoted("一站式 调解")),
        ("「一站式」", quoted("一站式")),
        ('"a" b', And((quoted("a"), Term("b")))),
        ("“甲 或 乙”", quoted("甲 或 乙")),
        ("镇:枫林镇", Field(FieldName.TOWNSHIP, "枫林镇")),
        ("年：2024", Field(FieldName.YEAR, "2024")),
        ("TOPIC:枫桥经验", Field(FieldName.TOPIC, "枫桥经验")),
        ("标题:“合法性 审查”", Field(FieldName.TITLE, "合法性 审查")),
        ("文号:〔2023〕3号", Field(FieldName.DOC_NUMBER, "〔2023〕3号")),
        ("时间:2024", Term("时间:2024")),
        ("法治-法制", Term("法治-法制")),
        ("或许", Term("或许")),
        ("纲要（2021—2025年）", Term("纲要（2021—2025年）")),
        ("（一）坚持", Term("（一）坚持")),
        ("创新“枫桥经验”", And((Term("创新"), quoted("枫桥经验")))),
    ],
)
def test_parse_query_reads(typed, tree):
    parsed = parse_query(typed)

    assert parsed.root == tree
    assert parsed.notes == ()


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ('"“枫桥经验"', quoted("“枫桥经验")),
        ("““枫桥经验”", quoted("“枫桥经验")),
        ("“枫桥经验”创新”", quoted("枫桥经验”创新")),
        ('"经验”\n二是"', quoted("经验”\n二是")),
        ('"依托"九进"活动"', quoted('依托"九进"活动')),
        ("“创新“枫桥经验””", quoted("创新“枫桥经验”")),
        ("”枫桥经验”", quoted("枫桥经验")),
        ('“枫桥经验"', quoted("枫桥经验")),
    ],
)
def test_quoted_strings_may_hold_quote_marks(typed, tree):
    assert parse_query(typed).root == tree


@pytest.mark.parametrize(
    "typed", ["枫桥 或", "或", "（枫桥 调解", "枫桥 调解)", "“枫桥", "标题:“”", "或 或 或", "(" * 60 + "a b" + ")" * 60]
)
def test_what_does_not_parse_is_searched_as_plain_text_with_a_note(typed):
    parsed = parse_query(typed)

    assert parsed.root == Term(typed)
    assert "当作普通文字" in parsed.notes[0]


def test_too_many_terms_are_searched_as_plain_text():
    parsed = parse_query("法 " * 41)

    assert isinstance(parsed.root, Term)
    assert "最多 40 个" in parsed.notes[0]


def test_too_long_queries_are_refused_with_what_to_do():
    with pytest.raises(QueryError, match="最多 500 个"):
        parse_query("法" * (MAX_CHARS + 1))


def test_empty_query_has_no_tree():
    assert parse_query(" 　\n").root is None


@given(st.text(st.sampled_from('法治 \n　"“”「」()（）|或非-－:：年镇aORNT且'), max_size=60))
def test_any_input_parses(typed):
    parsed = parse_query(typed)

    assert (parsed.root is None) == (not typed.strip())
    assert all(isinstance(leaf, Term | Field) for leaf in leaves(parsed.root))


def leaves(node: Node | None) -> list[Node]:
    if isinstance(node, And | Or):
        return [leaf for child in node.children for leaf in leaves(child)]
    if isinstance(node, Not):
        return leaves(node.child)
    return [] if node is None else [node]
