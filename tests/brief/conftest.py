"""The specimens, indexed once for all tests of notes and drafts."""

import pytest

from fzsearch.service import SearchRequest, SearchService, index_corpus, open_engine


@pytest.fixture(scope="package")
def service(corpus_dir, tmp_path_factory):
    engine = open_engine("whoosh", tmp_path_factory.mktemp("check") / "index")
    index_corpus(corpus_dir, engine, workers=2)
    yield SearchService(engine)
    engine.close()


@pytest.fixture(scope="package")
def reports(service):
    hits = service.search(SearchRequest(limit=None)).hits
    return [service.report(key) for key in dict.fromkeys(hit.stored.report.key for hit in hits)]
