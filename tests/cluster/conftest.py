"""What do the tests of the cluster share?"""

import uuid

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine.cluster import OpenSearchEngine
from tests.generate import now


@pytest.fixture
def settings(nodes):
    """A name of its own on the whole cluster."""
    nodes.wait(3)
    return ClusterSettings(urls=nodes.urls, index=f"t{uuid.uuid4().hex[:8]}", replicas=1)


@pytest.fixture
def engine(settings):
    opened = OpenSearchEngine(settings, now)
    yield opened
    opened.close()
