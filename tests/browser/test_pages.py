"""Is every page sound, at every width, in light and dark, on paper, without script and magnified?"""

import io
import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser.conftest import Site, Visit, hosts, visiting
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PAGES = {
    "home": 200, "search": 200, "search-all": 200, "search-filters": 200, "search-words": 200, "search-zero": 200,
    "report": 200, "report-hits": 200, "report-ambiguous": 200, "changed": None, "removed": None, "place": 200,
    "topics": 200, "topic": 200, "figures": 200, "figures-indicator": 200,
    "figures-filters": 200, "figures-none": 200, "figures-unknown": 404,
    "coverage": 200, "coverage-county": 200, "coverage-large": 200,
    "compare": 200, "compare-places": 200, "compare-choose": 200, "compare-with": 200, "compare-several": 300,
    "compare-unknown": 404, "compare-same": 400,
    "overlap": 200, "overlap-filters": 200, "shared": 200, "shared-other": 200, "check": 200,
    "cite": 200, "brief": 200, "brief-empty": 200, "unreadable": 200, "help": 200, "not-found": 404, "bad-request": 400,
}  # fmt: skip
"""Every kind of page with its status; None where a landing page may choose it."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DESK, PHONE, ZOOMED = {"width": 1280, "height": 800}, {"width": 390, "height": 844}, {"width": 320, "height": 200}

WIDER = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1 && !node.closest(".vh, .scroll, .skip"))
    .slice(0, 5).map((node) => node.outerHTML.slice(0, 120));
}"""
_AXE = "() => axe.run(document, {resultTypes: ['violations', 'incomplete']})"


def violations(visit: Visit, source: str) -> list[str]:
    """What axe-core finds; it comes by the debugger, which the policy of the page does not bind."""
    visit.page.evaluate(source)
    found: dict[str, Any] = visit.page.evaluate(_AXE)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(site: Site, browser: Browser, axe_source: str, name: str, viewport: Any) -> None:
    """Status, no message under the strict policy, no other host, nothing wider than the window, nothing for axe."""
    with visiting(browser, viewport=viewport) as visit:
        status = visit.go(site.at(site.addresses[name]))
        messages = [text for text in visit.messages if status < 400 or "Failed to load resource" not in text]

        assert PAGES[name] in {None, status}
        assert status < 500
        assert messages == []
        assert hosts(visit) == {site.url.split("/")[2]}
        assert visit.page.evaluate(WIDER) == []
        assert visit.page.evaluate("document.documentElement.lang") == "zh-CN"
        assert visit.page.title()
        for scheme in SCHEMES:
            visit.page.emulate_media(color_scheme=scheme)
            assert violations(visit, axe_source) == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_page_magnified_four_times_and_on_paper(site: Site, browser: Browser, name: str) -> None:
    """No sideways scrolling at 400 %; on paper black on white in dark mode too, without navigation and forms."""
    with visiting(browser, viewport=ZOOMED, color_scheme="dark") as visit:
        visit.go(site.at(site.addresses[name]))
        wider, width = visit.page.evaluate(WIDER), visit.page.evaluate("document.documentElement.scrollWidth")
        visit.page.emulate_media(media="print")
        shown = visit.page.locator("nav:visible, form:visible, button:visible, [role=search]:visible").count()
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert (wider, width) == ([], 320)
        assert shown == 0
        assert paper == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    "name", ["home", "search", "search-zero", "report-hits", "place", "topic", "compare", "shared"]
)
def test_paper_has_pages_with_day_and_address(site: Site, browser: Browser, name: str) -> None:
    with visiting(browser, viewport=DESK) as visit:
        visit.go(site.at(site.addresses[name]))
        pdf = PdfReader(io.BytesIO(visit.page.pdf(format="A4")))
        text = "".join(page.extract_text() for page in pdf.pages)

        assert len(pdf.pages) >= 1
        assert re.search(r"打印于\s+\d{4}-\d\d-\d\d", text)
        assert site.url in text


def test_hits_on_paper_have_query_version_and_addresses(site: Site, browser: Browser) -> None:
    version = site.service.info().version
    with visiting(browser) as visit:
        visit.go(site.at(site.addresses["search-filters"]))
        visit.page.emulate_media(media="print")
        text = visit.page.locator("body").inner_text()
        count = visit.page.locator("main .hit").count()

        assert "枫桥经验" in text
        assert version in text
        assert text.count("/r/") >= count > 0


@pytest.mark.parametrize("name", ["home", "search", "report-hits", "search-zero"])
def test_page_keeps_its_marks_in_forced_colours(site: Site, browser: Browser, axe_source: str, name: str) -> None:
    with visiting(browser, forced_colors="active") as visit:
        visit.go(site.at(site.addresses[name]))

        assert violations(visit, axe_source) == []


# ---- without script


def test_without_script_one_searches_filters_and_reads(site: Site, browser: Browser) -> None:
    with visiting(browser, java_script_enabled=False) as visit:
        page = visit.page
        visit.go(site.at("/"))
        page.get_by_role("searchbox").last.fill("法治")
        page.get_by_role("searchbox").last.press("Enter")
        page.wait_for_url("**/search?q=*")
        page.locator(".facets input[name=year]").first.check()
        page.locator(".facets form").get_by_role("button").first.click()
        page.wait_for_url("**year=*")
        page.locator(".hit h3 a").first.click()
        page.wait_for_url("**/r/**")
        steps = page.locator(".jump ol a")
        steps.first.click()

        assert page.url.endswith(steps.first.get_attribute("href") or "-")
        assert page.locator("mark:target").count() == 1
        assert page.locator("[data-copy]:visible").count() == 0
        assert visit.messages == []


def test_style_and_scripts_are_small() -> None:
    files = [path for path in (ROOT / "src/fzsearch/web/static").iterdir() if path.suffix in {".css", ".js"}]

    assert sum(path.stat().st_size for path in files) <= 88 * 1024
