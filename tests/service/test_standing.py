"""An engine that goes away and comes back: told at once, asked again in the background."""

import threading
import time
from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine, IndexInfo
from fzsearch.errors import EngineError, IndexMissingError
from fzsearch.service.search import SearchService
from fzsearch.service.standing import Standing
from tests.builders import build_engine
from tests.web.conftest import REPORTS


class Leaving(EmbeddedEngine):
    """An embedded engine that can be sent away; `asked` counts the questions that it got meanwhile."""

    def __init__(self, folder: Path) -> None:
        build_engine(folder, *REPORTS).close()
        super().__init__(folder, lambda: pytest.fail("nothing is written"))
        self.is_away = False
        self.asked: list[threading.Thread] = []

    def info(self) -> IndexInfo:
        if self.is_away:
            self.asked.append(threading.current_thread())
            raise EngineError("检索引擎连不上", retry_after=5)
        return super().info()


def until(is_so: object, seconds: float = 20) -> None:
    """Wait for what happens in the background."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.02)
    assert is_so()  # type: ignore[operator]


def answers(service: SearchService) -> bool:
    try:
        service.info()
    except EngineError:
        return False
    return True


def test_only_the_first_one_asks_an_engine_that_is_away(tmp_path: Path) -> None:
    engine = Leaving(tmp_path)
    standing = Standing(engine)
    engine.is_away = True
    for _ in range(50):
        with pytest.raises(EngineError, match="连不上"):
            standing.info()

    assert [one for one in engine.asked if one is threading.current_thread()] == [threading.current_thread()]


def test_it_is_used_again_as_soon_as_it_answers(tmp_path: Path) -> None:
    engine = Leaving(tmp_path)
    service = SearchService(engine)
    engine.is_away = True
    for asks in (service.info, service.ready, service.overview, service.info):
        with pytest.raises(EngineError):
            asks()
    engine.is_away = False
    until(lambda: answers(service))

    assert service.ready().counts.reports == 5


def test_it_is_not_asked_for_ever(tmp_path: Path) -> None:
    """A thread that nobody needs any more ends; the next one who comes asks for himself."""
    engine = Leaving(tmp_path)
    standing = Standing(engine)
    engine.is_away = True
    with pytest.raises(EngineError):
        standing.info()
    until(lambda: not standing._is_asking())
    engine.is_away = False

    assert standing.info().counts.reports == 5


def test_a_missing_index_is_looked_for_every_time(tmp_path: Path) -> None:
    service = SearchService(EmbeddedEngine(tmp_path / "index", lambda: pytest.fail("nothing is written")))
    with pytest.raises(IndexMissingError):
        service.info()
    build_engine(tmp_path / "index", *REPORTS).close()

    assert service.info().counts.reports == 5


def test_an_error_that_is_told_often_does_not_grow(tmp_path: Path) -> None:
    engine = Leaving(tmp_path)
    standing = Standing(engine)
    engine.is_away = True
    depths = []
    for _ in range(20):
        try:
            standing.info()
        except EngineError as error:
            trace, depth = error.__traceback__, 0
            while trace:
                trace, depth = trace.tb_next, depth + 1
            depths.append(depth)

    assert max(depths[1:]) == min(depths[1:])
