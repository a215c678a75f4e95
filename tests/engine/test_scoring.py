"""Does what answers a query stand first, and do the parts of a score add up to it? Expectations made by hand."""

import numpy as np
import pytest
from hypothesis import given, settings

from fzsearch.engine import EmbeddedEngine
from fzsearch.engine.nearness import nearness
from fzsearch.engine.scoring import bare_rows
from fzsearch.query import Query, parse_query
from fzsearch.service.compile import Match, compile_query
from fzsearch.service.marks import spans
from fzsearch.service.reasons import loose_reasons
from tests.builders import build_engine
from tests.generate import make_sections, now, trees

FILLER = "各村按季度报送台账，专人核对后归档。" * 12
SECTIONS = [
    ("s0", 0, None, None, "front", "白鹭乡2024年法治政府建设情况的报告"),
    ("s1", 1, "一、", "人民调解", "measures", "一、人民调解"),
    ("s1.1", 2, "（一）", "人民调解", "measures", f"（一）人民调解。人民调解委员会受理纠纷64件。{FILLER}"),
    ("s1.2", 2, "（二）", "普法", "measures", f"（二）普法。{FILLER}讲课时提到人民调解。{FILLER}"),
    ("s2", 1, "二、", "队伍", "measures", f"二、队伍。庙会值班。{FILLER}化解信访。"),
    ("s3", 1, "三、", "站点", "measures", f"三、站点。庙会上化解信访。{FILLER}另行安排。"),
    ("s4", 1, "四、", "环境", "measures", f"四、环境。环境噪声投诉办结。{FILLER}"),
    ("s5", 1, "五、", "夜间", "measures", f"五、夜间。施工噪声扰民的，约谈3家。{FILLER}"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    title = "白鹭乡2024年法治政府建设情况的报告"
    opened = build_engine(folder, {"key": "白鹭乡-2024", "title": title, "year": 2024, "sections": SECTIONS})
    yield opened
    opened.close()


def asked(engine, text, match=Match.ALL, **more):
    root = compile_query(parse_query(text), match, lambda _: ()).root
    return engine.search(Query(root=root, **more)).hits


def paths(hits):
    return [hit.id.partition("/")[2] for hit in hits]


def test_what_speaks_of_it_stands_before_a_bare_heading_and_a_mention(engine):
    found = paths(asked(engine, "人民调解"))

    assert found[0] == "s1.1"
    assert set(found[:3]) == {"s1.1", "s1.2", "s1"}


def test_words_that_stand_together_stand_first(engine):
    assert paths(asked(engine, "庙会 信访"))[:2] == ["s3", "s2"]


def test_literal_hits_stand_above_all_others(engine):
    hits = asked(engine, "庙会上 OR 人民调解 OR 归档庙会")

    assert [hit.exact for hit in hits] == sorted((hit.exact for hit in hits), reverse=True)


def test_a_question_finds_a_word_that_is_cut_otherwise(engine):
    """环境噪声 is one word here and 噪声 another there."""
    assert paths(asked(engine, "环境噪声怎么办？", Match.ANY))[:2] == ["s4", "s5"]


def test_a_part_of_a_word_is_marked_and_told(engine):
    root = compile_query(parse_query("环境噪声怎么办？"), Match.ANY, lambda _: ()).root
    (stored,) = engine.sections(["白鹭乡-2024/s5"])
    text = stored.section.text

    assert loose_reasons(stored, root) == ("有其中的“噪声”",)
    assert [text[span.start : span.end] for span in spans(text, root)] == ["噪声"]


def test_a_question_word_alone_makes_no_hit(engine):
    found = asked(engine, "噪声的是什么", Match.ANY)

    assert set(paths(found)) == {"s4", "s5"}


def test_a_question_is_answered_by_what_speaks_of_it(engine):
    assert paths(asked(engine, "人民调解做得怎么样？", Match.ANY))[0] == "s1.1"


@settings(max_examples=100, deadline=None)
@given(trees())
def test_the_parts_of_a_score_add_up_to_it(generated, tree):
    for hit in generated.search(Query(root=tree, explain=True, limit=150)).hits:
        assert hit.why is not None
        assert hit.why.score == pytest.approx(hit.score, rel=1e-4, abs=1e-3)


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    opened = EmbeddedEngine(tmp_path_factory.mktemp("index"), now)
    opened.replace_all(make_sections(7, reports=40), "note")
    yield opened
    opened.close()


def test_explaining_changes_neither_order_nor_scores(generated):
    root = compile_query(parse_query("普法 调解 培训"), Match.ANY, lambda _: ()).root
    plain, explained = (generated.search(Query(root=root, explain=flag, limit=None)).hits for flag in (False, True))

    assert [(hit.id, hit.score) for hit in plain] == [(hit.id, hit.score) for hit in explained]
    assert not any(hit.why for hit in plain)


def test_nearness_is_the_share_of_the_best_stretch():
    weights = {"甲乙": 2.0, "丙丁": 1.0, "戊己": 1.0}

    assert nearness("甲乙" + "某" * 20 + "丙丁" + "某" * 70 + "戊己", weights) == 0.75
    assert nearness("某某", weights) == nearness("某某", {}) == 0.0


def test_bare_is_a_section_that_is_its_heading_or_title():
    lengths = np.array([20, 12, 300, 25, 20], np.float32)
    headings = np.array([0, 8, 10, 0, 0])
    reports = np.array([0, 0, 0, 1, 1])

    bare = bare_rows(lengths, headings, np.array([20, 0]), reports)

    assert bare.tolist() == [True, True, False, False, False]
