"""What do many tests share?"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from fzsearch.config import load_settings
from fzsearch.service import SearchService, index_corpus, open_engine
from fzsearch.web import create_app
from tests.cluster.nodes import NoClusterError, Nodes

ROOT = Path(__file__).parents[1]

# A job in the background ignores Ctrl-C, and so would the programs that tests start and stop by it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test measures time: a busy machine would decide.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The specimens that ship with the project."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real reports and annotations; tests that need it are skipped without it."""
    folder = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared"))
    if not (folder / "reports").is_dir():
        pytest.skip(f"no real reports in {folder}: set FZSEARCH_SHARED to the folder that holds reports/ and gold/")
    return folder


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    """A real cluster of three nodes, started once; where that cannot be, its tests say why and are skipped."""
    try:
        started = Nodes().__enter__()
    except NoClusterError as problem:
        pytest.skip(f"no OpenSearch cluster on this machine: {problem}")
    yield started
    started.__exit__()


@pytest.fixture(scope="session")
def index_dir(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the specimens, built once; tests only read it."""
    folder = tmp_path_factory.mktemp("index")
    engine = open_engine("whoosh", folder)
    index_corpus(corpus_dir, engine, workers=2)
    engine.close()
    return folder


@pytest.fixture(scope="session")
def service(index_dir: Path) -> SearchService:
    """Searches the specimens."""
    return SearchService(open_engine("whoosh", index_dir))


@pytest.fixture
def app(service: SearchService, index_dir: Path, corpus_dir: Path) -> Flask:
    """The site over the specimens, with downloads."""
    return create_app(service, load_settings({}, index=index_dir, corpus=corpus_dir))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Asks the site."""
    return app.test_client()


@pytest.fixture
def runner() -> CliRunner:
    """Runs commands."""
    return CliRunner()
