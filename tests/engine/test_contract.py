"""What every engine must do, compared with brute force over the same sections."""

import threading
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.errors import IndexMissingError
from fzsearch.query import Facet, Literal, Query, Sort, Words
from tests.generate import INDICATORS, by_report, filters, make_sections, trees
from tests.oracle import Oracle

SECTIONS = make_sections(7, reports=40)
ORACLE = Oracle(SECTIONS)


@pytest.fixture(scope="module")
def engine(new_engine, tmp_path_factory):
    opened = new_engine(tmp_path_factory.mktemp("index"))
    opened.replace_all(SECTIONS, "note")
    yield opened
    opened.close()


@settings(max_examples=400, deadline=None)
@given(trees(), filters())
def test_matches_totals_and_facets_equal_a_recount(engine, tree, chosen):
    result = engine.search(Query(root=tree, filters=chosen, limit=None))
    loose, literal = (ORACLE.filtered(ids, chosen) for ids in ORACLE.sets(tree))

    assert {hit.id for hit in result.hits} == loose
    assert {hit.id for hit in result.hits if hit.exact} == literal
    assert result.total == ORACLE.counts(loose)
    assert result.exact == ORACLE.counts(literal)
    for facet in Facet:
        counted = {one.value: (one.count, one.literal) for one in result.facets[facet] if one.count}
        assert counted == ORACLE.facet(tree, facet, chosen), facet
        selected = {one.value for one in result.facets[facet] if one.selected}
        assert selected == set(chosen.get(facet, ())), facet


@settings(max_examples=100, deadline=None)
@given(trees(), st.sampled_from(Sort), st.integers(0, 30), st.integers(0, 30))
def test_pages_are_cut_from_one_order(engine, tree, sort, offset, limit):
    everything = engine.search(Query(root=tree, sort=sort, limit=None)).hits
    page = engine.search(Query(root=tree, sort=sort, offset=offset, limit=limit)).hits

    assert page == everything[offset : offset + limit]
    assert len({hit.id for hit in everything}) == len(everything)


def joined_norms() -> dict[str, str]:
    texts: dict[str, str] = defaultdict(str)
    for section in SECTIONS:
        texts[section.report.key] += section.norm
    return texts


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_reports_hold_strings_across_their_sections(engine, data):
    texts = joined_norms()
    text = texts[data.draw(st.sampled_from(sorted(texts)))]
    start = data.draw(st.integers(0, len(text) - 1))
    norm = text[start : start + data.draw(st.integers(1, 120))] + data.draw(st.sampled_from(["", "法", "零"]))

    assert list(engine.reports_holding(norm)) == sorted(key for key, joined in texts.items() if norm in joined)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_nearest_sections_hold_most_pairs(engine, data):
    norm = data.draw(st.sampled_from([section.norm[:40] for section in SECTIONS if section.norm.isprintable()])) or "法"
    norm = "".join(char for char in norm if char < "\uffff") or "法"
    pairs = {norm[at : at + 2] for at in range(max(1, len(norm) - 1))}
    shared = {section.id: sum(pair in section.norm for pair in pairs) for section in SECTIONS}

    found = engine.nearest(norm, 5)

    best = sorted(shared.values(), reverse=True)[: len(found)]
    assert [shared[section_id] for section_id in found] == best
    assert min(best) > 0


@settings(max_examples=200, deadline=None)
@given(trees(), filters(), st.sampled_from([None, *INDICATORS, "没有这个"]))
def test_figures_equal_a_recount(engine, tree, chosen, indicator):
    query = Query(root=tree, filters=chosen, offset=3, limit=1)
    ids = ORACLE.filtered(ORACLE.sets(tree)[0], chosen)
    found = engine.figures(query, indicator)

    assert [(one.id, one.figure) for one in found] == ORACLE.figures(ids, indicator)
    assert engine.figure_counts(query) == Counter(figure.indicator for _, figure in ORACLE.figures(ids, None))
    for one in found:
        row = ORACLE.by_id[one.section_id]
        record = replace(row.report, report=replace(row.report.report, sections=(), figures=()))
        assert (one.section_hash, one.report) == (row.hash, record)


def test_an_empty_query_lists_everything_by_report_and_section(engine):
    hits = engine.search(Query(limit=None)).hits

    assert [hit.id for hit in hits] == [row.id for row in sorted(SECTIONS, key=lambda r: (r.report.key, r.order))]


def test_literal_hits_stand_above_the_others(engine):
    hits = engine.search(Query(root=Words("枫桥经验", ("枫桥", "经验")), limit=None)).hits
    kinds = [hit.exact for hit in hits]

    assert True in kinds
    assert False in kinds
    assert kinds == sorted(kinds, reverse=True)


def test_sort_by_year_gives_the_newest_first(engine):
    hits = engine.search(Query(sort=Sort.YEAR, limit=None)).hits
    years = [ORACLE.by_id[hit.id].report.report.year or 0 for hit in hits]

    assert years == sorted(years, reverse=True)


def test_sections_and_reports_come_back_as_they_were_stored(engine):
    for key, rows in by_report(SECTIONS):
        assert engine.report(key) == rows[0].report
    ids = [row.id for row in reversed(SECTIONS)]
    found = engine.sections([*ids, "none/s1"])

    assert [one.id for one in found] == ids
    assert all(one.section == ORACLE.by_id[one.id].section for one in found)
    assert all(one.hash == ORACLE.by_id[one.id].hash for one in found)
    assert engine.report("none") is None


def test_sections_are_found_by_the_hash_of_their_text(new_engine, engine, tmp_path):
    by_hash = defaultdict(list)
    for row in sorted(SECTIONS, key=lambda row: (row.report.key, row.order)):
        by_hash[row.hash].append(row.id)

    assert {text: list(engine.with_hash(text)) for text in by_hash} == by_hash
    assert engine.with_hash("00000000") == engine.with_hash("") == engine.with_hash("%") == ()
    smaller = new_engine(tmp_path)
    smaller.replace_all(SECTIONS, "")
    smaller.apply([], [SECTIONS[0].report.key], "")
    assert SECTIONS[0].id not in smaller.with_hash(SECTIONS[0].hash)
    smaller.close()


def test_the_note_comes_back(engine):
    assert engine.state() == "note"


def test_info_counts_everything(engine):
    assert engine.info().counts == ORACLE.counts(set(ORACLE.by_id))
    assert engine.check() == ()


def test_the_same_sections_give_the_same_version_in_any_order(new_engine, engine, tmp_path):
    other = new_engine(tmp_path)
    groups = [rows for _, rows in by_report(SECTIONS)]
    other.replace_all([row for rows in reversed(groups) for row in rows], "another note")

    assert other.info().version == engine.info().version
    few = [replace(row, report=replace(row.report, report=replace(row.report.report, figures=()))) for row in SECTIONS]
    other.replace_all(few, "without figures")
    assert other.info().version != engine.info().version
    other.replace_all(SECTIONS, "")
    other.apply([], [groups[0][0].report.key], "")
    assert other.info().version != engine.info().version


def test_apply_is_as_if_built_anew(new_engine, tmp_path):
    """Deletes, replacements and additions in several commits; then the same questions as for an index built at once."""
    grown, groups = new_engine(tmp_path / "grown"), list(by_report(SECTIONS))
    grown.apply([row for _, rows in groups[:20] for row in rows], (), "1")
    changed = make_sections(8, reports=40)
    replacement = dict(by_report(changed))
    kept = {key: rows for key, rows in groups if key not in {groups[3][0], groups[25][0]}}
    grown.apply([row for _, rows in groups[20:] for row in rows], [groups[3][0]], "2")
    twice = [key for key in kept if key in replacement]
    grown.apply([row for key in twice for row in replacement[key]], [groups[25][0], "never there"], "3")
    final = [row for key, rows in kept.items() for row in replacement.get(key, rows)]
    oracle = Oracle(final)

    assert grown.state() == "3"
    for tree in (None, Literal("枫桥"), Words("枫桥经验", ("枫桥", "经验")), Literal("法")):
        hits = grown.search(Query(root=tree, limit=None)).hits
        assert {hit.id for hit in hits} == oracle.sets(tree)[0]
        assert [(one.id, one.figure) for one in grown.figures(Query(root=tree))] == oracle.figures(
            {hit.id for hit in hits}, None
        )
    assert grown.info().counts == oracle.counts(set(oracle.by_id))
    grown.close()


def test_an_index_of_nothing_answers(new_engine, tmp_path):
    empty = new_engine(tmp_path)
    empty.replace_all([], "")
    result = empty.search(Query(root=Words("枫桥", ("枫桥",))))

    assert result.hits == ()
    assert result.total.sections == 0
    assert empty.reports() == ()
    assert empty.figures(Query()) == ()
    assert empty.figure_counts(Query()) == {}
    empty.apply(SECTIONS, (), "")
    assert empty.info().counts.sections == len(SECTIONS)


def test_without_an_index_every_call_says_so(new_engine, tmp_path):
    with pytest.raises(IndexMissingError, match="fzsearch index"):
        new_engine(tmp_path / "nothing").search(Query())


def test_readers_see_a_commit_at_once_and_never_half_of_it(new_engine, tmp_path):
    """Eight threads search while another commits; every answer is one of the committed states, and none fails."""
    engine = new_engine(tmp_path)
    states = [make_sections(seed, reports=10) for seed in range(6)]
    allowed = {len(rows) for rows in states}
    engine.replace_all(states[0], "")
    seen: list[int] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                result = engine.search(Query(root=Words("枫桥", ("枫桥",)), limit=3))
                engine.sections([hit.id for hit in result.hits])
                seen.append(engine.search(Query(limit=0)).total.sections)
            except BaseException as failure:  # reported by the test itself
                failures.append(failure)
                return

    threads = [threading.Thread(target=search) for _ in range(8)]
    for thread in threads:
        thread.start()
    for rows in states[1:]:
        engine.replace_all(rows, "")
    done.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert set(seen) <= allowed
    assert engine.search(Query(limit=0)).total.sections == len(states[-1])
