"""An index that many commits have changed answers like one that was built at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.engine import RANKERS, EmbeddedEngine, parts, ranker
from fzsearch.errors import ConfigError
from fzsearch.query import Query, Sort
from tests.generate import make_sections, now, trees

OLD, NEW = (
    {key: [row for row in rows if row.report.key == key] for key in {row.report.key for row in rows}}
    for rows in (make_sections(7, 24), make_sections(8, 24))
)
COMMITS = st.lists(st.tuples(st.sets(st.sampled_from(sorted({*OLD, *NEW})), max_size=5), st.booleans()), max_size=12)


@pytest.mark.parametrize("name", RANKERS)
@settings(max_examples=15, deadline=None)
@given(COMMITS, st.lists(trees(), min_size=6, max_size=6), st.integers(2, 8))
def test_commits_in_any_order_give_what_one_build_gives(tmp_path_factory, name, commits, asked, most):
    try:
        ranker(name)
    except ConfigError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("parts")
    grown, held = EmbeddedEngine(folder / "grown", now, name), dict(OLD)
    before, parts.MOST_PARTS = parts.MOST_PARTS, most
    try:
        grown.replace_all([row for key in sorted(OLD) for row in OLD[key]], "")
        for keys, delete in commits:
            found = {} if delete else {key: NEW.get(key) or OLD[key] for key in keys}
            grown.apply([row for rows in found.values() for row in rows], keys, "")
            held = {key: rows for key, rows in held.items() if key not in keys} | found
    finally:
        parts.MOST_PARTS = before
    built = EmbeddedEngine(folder / "built", now, name)
    built.replace_all([row for key in sorted(held) for row in held[key]], "")

    assert grown.info() == built.info()
    assert grown.reports() == built.reports()
    for tree in asked:
        for sort in Sort:
            query = Query(root=tree, sort=sort, limit=None)
            assert grown.search(query) == built.search(query)
        assert [one.id for one in grown.figures(Query(root=tree))] == [
            one.id for one in built.figures(Query(root=tree))
        ]
    assert grown.overlaps() == built.overlaps()
    for key in held:
        assert grown.report(key) == built.report(key)
    assert grown.check() == ()
    grown.close()
    built.close()


def test_parts_that_hold_little_are_written_anew():
    assert parts.parts_to_merge([100], [100]) == set()
    assert parts.parts_to_merge([100, 5, 0], [100, 2, 0]) == {1, 2}
    assert parts.parts_to_merge([100], [40]) == {0}
    assert parts.parts_to_merge([100, 60], [100, 60]) == set()
    assert parts.parts_to_merge([100, *[1] * 7], [100, *[1] * 7]) == set(range(1, 8))
    assert parts.parts_to_merge([20, *[3] * 7], [20, *[3] * 7]) == set(range(8))
