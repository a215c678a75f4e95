"""Are two reports compared sentence by sentence, with nothing lost?"""

import random

from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.model import Part, Place, Report, Section
from fzsearch.service.comparison import Fate, compare_reports, shares
from fzsearch.service.differences import compare_whole
from fzsearch.service.nearest import pairs_of


def report(**parts: str) -> Report:
    sections = tuple(
        Section(path=f"s{number}", level=1, marker=None, heading=None, part=Part(name), text=text)
        for number, (name, text) in enumerate(parts.items(), 1)
    )
    return Report(
        title=None, year=None, place=Place(), issuers=(), doc_number=None, issued=None, signer=None, sections=sections
    )


def fates(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    (compared,) = compare_reports(report(measures=old), report(measures=new))
    return [(p.fate.value, p.old.text if p.old else None, p.new.text if p.new else None) for p in compared.pairs]


def test_sentences_are_kept_changed_dropped_and_new():
    old = "全年受理矛盾纠纷127起，化解124起。严格落实学法制度。办好一件小事。"
    new = "严格落实學法制度。全年受理矛盾纠纷131起，化解127起。新建调解室两处。"

    assert fates(old, new) == [
        ("照抄", "严格落实学法制度。", "严格落实學法制度。"),
        ("改写", "全年受理矛盾纠纷127起，化解124起。", "全年受理矛盾纠纷131起，化解127起。"),
        ("新增", None, "新建调解室两处。"),
        ("删去", "办好一件小事。", None),
    ]  # fmt: skip


def test_parts_are_compared_with_their_own_kind():
    compared = compare_reports(report(problems="力量不足。", plan="补足力量。"), report(problems="力量仍然不足。"))

    assert [(one.part, [pair.fate for pair in one.pairs]) for one in compared] == [
        (Part.PROBLEMS, [Fate.CHANGED]), (Part.PLAN, [Fate.DROPPED]),
    ]  # fmt: skip


def test_shares_are_of_characters_and_make_a_whole():
    (compared,) = compare_reports(report(measures="甲乙丙丁。戊己。"), report(measures="甲乙丙丁。子丑寅。"))

    assert shares(compared.pairs) == {Fate.KEPT: 5 / 12, Fate.CHANGED: 0, Fate.DROPPED: 3 / 12, Fate.NEW: 4 / 12}


texts = st.text(alphabet="甲乙丙丁1。；，\n", max_size=80)


@given(texts, texts)
def test_every_sentence_of_both_stands_in_one_pair(old, new):
    compared = compare_reports(report(measures=old), report(measures=new))
    pairs = [pair for one in compared for pair in one.pairs]

    assert "".join(sorted(p.old.norm for p in pairs if p.old)) == "".join(sorted(_norms(old)))
    assert "".join(p.new.norm for p in pairs if p.new) == normalize(new)
    assert all((p.old.norm == p.new.norm) == (p.fate is Fate.KEPT) for p in pairs if p.old and p.new)


@given(texts, texts)
def test_two_wordings_are_whole_and_what_is_unmarked_is_the_same(old, new):
    before, after = compare_whole(old, new)

    assert ("".join(run.text for run in before), "".join(run.text for run in after)) == (old, new)
    assert [run.text for run in before if not run.kind] == [run.text for run in after if not run.kind]


def test_what_stands_at_the_ends_of_a_sentence_is_marked_too():
    _, after = compare_whole("落实学法制度。", "年初以来全镇上下严格落实学法制度，效果明显。")

    assert [run.text for run in after if run.kind] == ["年初以来全镇上下严格", "，效果明显"]


def test_pairs_of_wordings_are_the_ones_that_every_pair_gives():
    """The look-up by pairs of characters, against all sentences compared with all."""
    rng = random.Random(4)
    words = ["受理", "矛盾", "纠纷", "调解", "化解", "普法", "宣传", "学法", "制度", "落实"]
    old, new = ("".join("".join(rng.choices(words, k=5)) + "。" for _ in range(60)) for _ in range(2))
    (compared,) = compare_reports(report(measures=old), report(measures=new))

    left = {p.old.norm for p in compared.pairs if p.old and not p.new}
    for one in {p.new.norm for p in compared.pairs if p.new and not p.old}:
        assert all(dice(one, other) < 0.5 for other in left)
    changed = [(p.old.norm, p.new.norm) for p in compared.pairs if p.old and p.new and p.fate is Fate.CHANGED]
    assert changed
    assert all(dice(*pair) >= 0.5 for pair in changed)


def dice(one, other):
    pairs, others = pairs_of(one), pairs_of(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _norms(text: str) -> list[str]:
    (*found,) = compare_reports(report(measures=text), report(measures=text))
    assert all(pair.fate is Fate.KEPT for one in found for pair in one.pairs)
    return [pair.old.norm for one in found for pair in one.pairs if pair.old]
