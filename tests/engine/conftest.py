"""Which engines must keep the contract? Those that are installed; the others are skipped with the reason."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine import RANKERS, EmbeddedEngine, Engine, ranker
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.errors import ConfigError
from tests.generate import now


@pytest.fixture(scope="module", params=[*RANKERS, pytest.param("opensearch", marks=pytest.mark.cluster)])
def new_engine(request) -> Callable[[Path], Engine]:
    """Makes engines on folders; the same folder always means the same index."""
    if request.param == "opensearch":
        urls = request.getfixturevalue("nodes").urls
        return lambda folder: OpenSearchEngine(
            ClusterSettings(urls=urls, index=f"t{hashlib.sha256(bytes(folder)).hexdigest()[:12]}", replicas=0), now
        )
    try:
        ranker(request.param)
    except ConfigError as error:
        pytest.skip(str(error))
    return lambda folder: EmbeddedEngine(folder, now, request.param)
