"""What do the tests of the cluster share?"""

import uuid

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.query import Literal, Query
from tests.generate import now
from tests.oracle import Oracle


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


def assert_whole(engine, sections):
    """Every section is there, once, and a question gets the right answer."""
    oracle = Oracle(sections)
    assert sorted(hit.id for hit in engine.search(Query(limit=None)).hits) == sorted(oracle.by_id)
    found = engine.search(Query(root=Literal("枫桥"), limit=None))
    assert {hit.id for hit in found.hits} == oracle.sets(Literal("枫桥"))[1]
    assert engine.info().counts == oracle.counts(set(oracle.by_id))
    assert engine.check() == ()
