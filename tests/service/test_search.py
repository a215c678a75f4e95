"""Is an answer that takes several questions to the engine of one state of the index?"""

from pathlib import Path

import pytest

from fzsearch.engine.embedded import EmbeddedEngine
from fzsearch.errors import EngineError
from fzsearch.service import SearchService
from fzsearch.service.asking import SearchRequest
from tests.generate import make_sections, now

EVERYTHING = SearchRequest(limit=None)


@pytest.fixture
def engine(tmp_path: Path):
    opened = EmbeddedEngine(tmp_path / "index", now)
    opened.replace_all(make_sections(1), "")
    yield opened
    opened.close()


def overtake(engine, monkeypatch, times: int) -> None:
    """A writer that takes one report out between hits and texts, so many times."""
    sections, left = engine.sections, [times]

    def overtaken(ids):
        if left[0]:
            left[0] -= 1
            engine.apply([], [engine.reports()[0].key], "")
        return sections(ids)

    monkeypatch.setattr(engine, "sections", overtaken)


@pytest.mark.parametrize("how", [SearchService.search, SearchService.newest])
def test_hits_and_texts_are_of_one_state(engine, monkeypatch, how):
    service = SearchService(engine)
    before = service.search(EVERYTHING)
    overtake(engine, monkeypatch, 2)

    found = how(service, EVERYTHING)

    passages = found if isinstance(found, tuple) else found.hits
    after = service.search(EVERYTHING)
    assert {one.stored.id for one in passages} == {one.stored.id for one in after.hits}
    assert len(passages) == after.total.sections < before.total.sections
    if not isinstance(found, tuple):
        assert found.total == after.total


def test_an_index_that_never_rests_is_told(engine, monkeypatch):
    service = SearchService(engine)
    overtake(engine, monkeypatch, 9)

    with pytest.raises(EngineError, match="索引正在更新，这次没有查完整；请再试一次") as caught:
        service.search(EVERYTHING)

    assert caught.value.retry_after == 1
