"""Does the search box suggest by keyboard and pointer, without storms of requests, and without covering a phone?"""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site, Visit, visiting

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def typed(visit: Visit, site: Site, text: str, path: str = "/") -> None:
    visit.page.goto(site.url + path)
    visit.page.locator("#q").select_text()
    visit.page.keyboard.type(text, delay=20)
    expect(visit.page.locator("#suggestions")).to_be_visible()


def test_arrows_choose_enter_searches_escape_closes(browser: Browser, site: Site) -> None:
    with visiting(browser, viewport=WIDE) as visit:
        typed(visit, site, "枫桥")
        box, chosen = visit.page.locator("#q"), visit.page.locator("[role=option][aria-selected=true]")
        expect(box).to_have_attribute("aria-expanded", "true")
        visit.page.keyboard.press("ArrowDown")
        expect(chosen).to_have_count(1)
        expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
        visit.page.keyboard.press("ArrowUp")
        expect(box).to_have_value("枫桥")
        visit.page.keyboard.press("ArrowDown")
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator("#suggestions")).to_be_hidden()
        expect(box).to_have_value("枫桥")
        expect(box).to_be_focused()
        visit.page.keyboard.press("ArrowDown")
        expect(visit.page.locator("#suggestions")).to_be_visible()
        visit.page.keyboard.press("ArrowDown")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/search?q=*")

        expect(visit.page.locator("#q")).to_have_value("主题:枫桥经验")
        assert visit.messages == []


def test_a_click_searches_on_the_page_of_results_too(browser: Browser, site: Site) -> None:
    with visiting(browser, viewport=WIDE) as visit:
        typed(visit, site, "合法性", "/search?q=普法")
        visit.page.locator("[role=option]").first.click()
        visit.page.wait_for_function("decodeURIComponent(location.search).includes('合法性审查')")

        expect(visit.page.locator("#suggestions")).to_be_hidden()


def test_typing_on_asks_once(browser: Browser, site: Site) -> None:
    with visiting(browser, viewport=WIDE) as visit:
        typed(visit, site, "合法性审")

        assert len([url for url in visit.requests if "/api/v1/suggest" in url]) == 1


def test_on_a_phone_the_list_pushes_the_page_down(browser: Browser, site: Site) -> None:
    with visiting(browser, viewport=PHONE) as visit:
        visit.page.goto(site.url + "/search?q=普法")
        below = visit.page.locator("main")
        before = below.bounding_box()
        visit.page.locator("#q").click()
        visit.page.locator("#q").fill("法治")
        expect(visit.page.locator("#suggestions")).to_be_visible()
        after, box = below.bounding_box(), visit.page.locator("#suggestions").bounding_box()

        assert before is not None
        assert after is not None
        assert box is not None
        assert after["y"] >= box["y"] + box["height"]
        assert visit.page.locator("[role=option]").count() == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_an_open_list(
    browser: Browser, site: Site, axe_source: str, size: dict[str, int], scheme: str
) -> None:
    with visiting(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as visit:
        typed(visit, site, "法治")
        visit.page.keyboard.press("ArrowDown")
        visit.page.add_script_tag(content=axe_source)
        violations = visit.page.evaluate("axe.run().then((found) => found.violations.map((one) => one.id))")

        assert violations == []


def test_without_script_the_box_is_a_plain_field(browser: Browser, site: Site) -> None:
    with visiting(browser, java_script_enabled=False) as visit:
        visit.page.goto(site.url)
        visit.page.locator("#q").fill("枫桥经验")
        visit.page.keyboard.press("Enter")

        visit.page.wait_for_url("**/search?q=*")
        assert visit.page.locator("#q").get_attribute("role") is None
