"""Which cluster do tests run on? Three nodes started here; where that cannot be, the tests say why and are skipped."""

import uuid

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine.cluster import OpenSearchEngine
from tests.cluster.nodes import NoClusterError, Nodes
from tests.generate import now


@pytest.fixture(scope="package")
def nodes():
    try:
        cluster = Nodes().__enter__()
    except NoClusterError as problem:
        pytest.skip(f"no OpenSearch cluster on this machine: {problem}")
    yield cluster
    cluster.__exit__()


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
