"""Are two reports compared sentence by sentence, with nothing lost?"""

from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.model import Part, Place, Report, Section
from fzsearch.service.comparison import Fate, compare_reports, shares


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


def _norms(text: str) -> list[str]:
    (*found,) = compare_reports(report(measures=text), report(measures=text))
    assert all(pair.fate is Fate.KEPT for one in found for pair in one.pairs)
    return [pair.old.norm for one in found for pair in one.pairs if pair.old]
