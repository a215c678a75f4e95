"""Which engines must keep the contract? Those that are installed; the others are skipped with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fzsearch.engine import RANKERS, EmbeddedEngine, Engine, ranker
from fzsearch.errors import ConfigError
from tests.generate import now


@pytest.fixture(scope="module", params=RANKERS)
def new_engine(request) -> Callable[[Path], Engine]:
    try:
        ranker(request.param)
    except ConfigError as error:
        pytest.skip(str(error))
    return lambda folder: EmbeddedEngine(folder, now, request.param)
