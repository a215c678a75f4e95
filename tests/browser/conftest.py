"""The site on a socket, over specimens and real reports, and one Chromium for the whole session."""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fzsearch.config import load_settings
from fzsearch.model import IndexedReport
from fzsearch.query import Facet
from fzsearch.service import SearchRequest, SearchService, index_corpus, open_engine
from fzsearch.web.server import serve
from tests.conftest import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
QUERY = "法治"
RARE = "枫桥经验"


@dataclass(slots=True)
class Visit:
    """A page and what happened on it."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, address: str) -> int:
        """Open an address of the site; gives the status."""
        response = self.page.goto(address)
        assert response is not None
        return response.status


@dataclass(frozen=True, slots=True)
class Site:
    """The site as it runs; `addresses` has one path for each kind of page."""

    url: str
    service: SearchService
    addresses: Mapping[str, str]

    def at(self, path: str) -> str:
        """A whole address."""
        return self.url + path.lstrip("/")


@pytest.fixture(scope="session")
def site(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Specimens, the real reports where they are at hand, and a file that cannot be read; served by waitress."""
    folder = tmp_path_factory.mktemp("site")
    corpus = folder / "corpus"
    shutil.copytree(corpus_dir, corpus)
    reports = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared")) / "reports"
    for path in sorted(reports.glob("*.txt")):
        shutil.copyfile(path, corpus / path.name)
    (corpus / "坏文件.pdf").write_bytes(b"%PDF-1.4\nnothing that can be read")
    engine = open_engine("whoosh", folder / "index")
    index_corpus(corpus, engine, workers=2)
    service = SearchService(engine)
    reached, address = threading.Event(), []

    def announce(url: str) -> None:
        address.append(url)
        reached.set()

    settings = load_settings({}, index=folder / "index", corpus=corpus, port=0)
    threading.Thread(target=serve, args=(service, settings, announce), daemon=True).start()
    assert reached.wait(30)
    topics = service.search(SearchRequest(limit=0)).facets[Facet.TOPIC]
    return Site(address[0], service, _addresses(engine.reports(), topics[0].value))


def _addresses(reports: Sequence[IndexedReport], topic: str) -> dict[str, str]:
    """One address of every kind of page; names of topics and places are those of the index."""
    known = next(one for one in reports if one.report.place.code)
    ambiguous = next((one for one in reports if one.report.place.candidates), known)
    key = quote(known.key)
    return {
        "home": "/",
        "search": f"/search?q={quote(QUERY)}",
        "search-all": "/search",
        "search-filters": f"/search?q={quote(RARE)}&year=2023&year=2024&part=measures&sort=year",
        "search-words": f"/search?q={quote('怎样化解邻里之间的矛盾')}&match=any",
        "search-zero": f"/search?q={quote(RARE + ' 星际航行')}&year=2023&county={quote('青溪县')}",
        "report": f"/r/{key}",
        "report-hits": f"/r/{key}?q={quote(QUERY)}",
        "report-ambiguous": f"/r/{quote(ambiguous.key)}",
        "changed": f"/r/{key}/s1@00000000",
        "removed": f"/r/{key}/s99@00000000",
        "place": f"/place/{known.report.place.code}",
        "topics": "/topic/",
        "topic": f"/topic/{quote(topic)}",
        "figures": "/figures",
        "figures-indicator": "/figures?indicator=disputes_in",
        "figures-filters": f"/figures?indicator=study&county={quote('青溪县')}&year=2023&year=2024&sort=place",
        "figures-none": f"/figures?indicator=study&county={quote('青溪县')}&year=1999",
        "figures-unknown": f"/figures?indicator={quote('学')}",
        "coverage": "/coverage",
        "coverage-county": f"/coverage?county={quote('青溪县')}&year=2021&year=2023",
        "coverage-large": f"/coverage?province={quote('重庆市')}&only=missing",
        "compare": "/compare?a=990122101-2023&b=990122101-2024",
        "compare-places": "/compare?a=990122101-2024&b=990122103-2023&fate=changed",
        "compare-choose": "/compare",
        "compare-with": "/compare?a=990122101-2024",
        "compare-several": f"/compare?a={quote('枫林镇')}&b=990122101-2024",
        "compare-unknown": f"/compare?a={quote('枫林村')}",
        "compare-same": "/compare?a=990122101-2024&b=990122101-2024",
        "overlap": "/overlap",
        "overlap-filters": f"/overlap?county={quote('青溪县')}&year=2023&sort=elsewhere",
        "shared": "/overlap/990122101-2024",
        "shared-other": "/overlap/990122103-2023",
        "check": "/check",
        "unreadable": "/unreadable",
        "help": "/help",
        "cite": f"/cite?address=/r/{key}/s1",
        "brief": f"/brief?add=/r/{key}/s1&add=/r/{key}/s2@00000000&add=/r/{key}/s99&add=/r/{quote(ambiguous.key)}",
        "brief-empty": "/brief",
        "not-found": "/nothing",
        "bad-request": "/search?year=abc",
    }


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine. Only a machine that is not meant to check everything may do without it."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"no browser on this machine: install one of {', '.join(BROWSERS)} to run these tests"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe-core, as its Python package brings it."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@contextmanager
def visiting(browser: Browser, **options: object) -> Iterator[Visit]:
    """A fresh visitor; options as `Browser.new_context` takes them."""
    context: BrowserContext = browser.new_context(**{"locale": "zh-CN", **options})  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    visit = Visit(context.new_page())
    visit.page.on("console", lambda message: visit.messages.append(message.text))
    visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    yield visit
    context.close()


def hosts(visit: Visit) -> set[str]:
    """Every host that was asked for anything."""
    return {urlsplit(url).netloc for url in visit.requests if not url.startswith(("data:", "about:"))}


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor with a desk and a clipboard, on whose pages nothing may be reported."""
    with visiting(browser, viewport={"width": 1280, "height": 800}) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield visit
        assert visit.messages == []
