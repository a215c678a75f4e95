"""What a store gives back is what was added."""

import random
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from fzsearch.analysis import normalize, words
from fzsearch.engine.store import Store, StoredPart, StoreWriter
from fzsearch.model import Scope
from tests.generate import make_report


def _stored(tmp_path_factory, row):
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    writer = StoreWriter(path, 0)
    writer.add([row])
    writer.finish()
    return Store([StoredPart(path)])


def _row(text, cut):
    row = make_report(random.Random(1), 1)[0]
    report = replace(row.report.report, sections=(replace(row.section, text=text),), figures=())
    return replace(
        row,
        report=replace(row.report, report=report),
        section=report.sections[0],
        norm=normalize(text),
        words=cut,
    )


@given(st.text(st.characters(codec="utf-8")), st.none() | st.lists(st.sampled_from(["法治", "a", "𠮷", "2.5%"])))
@example("第1条 2024.5.1、3.5% a-b_c", None)
@example("字母" + "a" * 300, None)
def test_words_are_read_back_whether_or_not_they_stand_in_the_text(tmp_path_factory, text, others):
    row = _row(text, " ".join(words(text) if others is None else others))

    store = _stored(tmp_path_factory, row)

    norms = [row.title_norm, row.norm, row.heading_norm]
    assert store.words(row.report.key, norms) == [row.title_words, row.words, row.heading_words]
    assert store.report(row.report.key) == row.report
    store.close()


def test_figures_are_read_back_whether_or_not_their_words_stand_in_the_text(tmp_path_factory):
    row = _row("全年调解\0矛盾 35 件。", "")
    (figure, *_) = next(
        found for n in range(99) if (found := make_report(random.Random(n), 1)[0].report.report.figures)
    )
    figures = tuple(
        replace(figure, section=row.section.path, label=label, snippet=snippet, sentence=sentence, scope=scope)
        for label, snippet, sentence, scope in (
            ("调解\0矛盾", "矛盾 35 件", row.section.text, Scope.WHOLE),
            ("别处的话", "", "不在文中", Scope.VILLAGE),
        )
    )
    record = replace(row.report, report=replace(row.report.report, figures=figures))

    store = _stored(tmp_path_factory, replace(row, report=record))

    assert [one.figure for one in store.figures([1, 0])] == [figures[1], figures[0]]
    assert store.report(record.key) == record
    store.close()
