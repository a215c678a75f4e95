"""Is an answer given again only while the cluster would give the same one?"""

from unittest.mock import Mock

import pytest

from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.query import Literal, Query, SearchResult
from tests.generate import make_sections, now
from tests.oracle import Oracle

pytestmark = pytest.mark.cluster

PAGE = Query(root=Literal("枫桥"), limit=5)


@pytest.fixture
def asked(engine, monkeypatch):
    """How often the cluster was asked a question."""
    counted = Mock(wraps=engine._search)
    monkeypatch.setattr(engine, "_search", counted)
    return counted


def total_of(sections):
    oracle = Oracle(sections)
    return oracle.counts(oracle.sets(PAGE.root)[1])


def changed(sections, upserts):
    keys = {row.report.key for row in upserts}
    return [*upserts, *(row for row in sections if row.report.key not in keys)]


def test_a_page_is_asked_for_once_for_each_commit(engine, settings, asked):
    sections = make_sections(20, reports=20)
    engine.replace_all(sections, "")
    first = engine.search(PAGE)
    assert engine.search(PAGE) == first
    assert asked.call_count == 1
    assert first.total == total_of(sections)

    gone = {sections[0].report.key, sections[-1].report.key}
    kept = [row for row in sections if row.report.key not in gone]
    writer = OpenSearchEngine(settings, now)  # another process, as it were
    writer.apply([], gone, "")
    assert engine.search(PAGE).total == total_of(kept)
    writer.replace_all(sections, "")
    writer.close()
    assert engine.search(PAGE) == first
    assert asked.call_count == 3


def test_nothing_is_remembered_while_something_is_written(engine, asked):
    sections = make_sections(21, reports=4)
    engine.replace_all(sections, "")
    pages: list[SearchResult] = []

    def watched():
        pages.extend(engine.search(PAGE) for _ in range(2))
        yield from make_sections(22, reports=2)

    engine.apply(watched(), [], "")
    assert asked.call_count == 2
    assert pages[0].total == pages[1].total == total_of(sections)

    assert engine.search(PAGE).total == total_of(changed(sections, make_sections(22, reports=2)))


def test_what_was_asked_while_a_commit_came_between_is_not_remembered(engine, monkeypatch):
    """The old answer arrives after the new commit."""
    sections, more = make_sections(23, reports=4), make_sections(24, reports=2)
    engine.replace_all(sections, "")
    search = engine._search

    def overtaken(body):
        answer = search(body)
        engine.apply(more, [], "")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_search", overtaken)
        engine.search(PAGE)

    assert engine.search(PAGE).total == total_of(changed(sections, more))


def test_all_hits_at_once_are_not_remembered(engine, monkeypatch):
    engine.replace_all(make_sections(25, reports=2), "")
    walked = Mock(wraps=engine._pages)
    monkeypatch.setattr(engine, "_pages", walked)

    for _ in range(2):
        engine.search(Query(limit=None))

    assert walked.call_count == 2
