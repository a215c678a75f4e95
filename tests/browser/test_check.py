"""Is the page of a checked draft sound, and does it filter without script?"""

from typing import Any

import pytest
from playwright.sync_api import Browser

from fzsearch.service import SearchRequest
from tests.browser.conftest import Site, Visit, visiting
from tests.browser.test_pages import DESK, PHONE, SCHEMES, WIDER, violations

pytestmark = pytest.mark.browser


def check(site: Site, visit: Visit) -> None:
    """Paste a draft with every verdict and every kind of finding, and send it."""
    stored = site.service.search(SearchRequest(text="矛盾纠纷", limit=1)).hits[0].stored
    words = "".join(stored.section.text.split())[:40].replace("“", "").replace("”", "")
    draft = f"""“{words}”，“{words[:20]}不{words[20:]}”，“矛盾纠纷”，“没有任何人写过的胡话一句”。
枫林镇2024年调解纠纷99999起，比上年增长12%，有9999个乡镇（/search?q=矛盾）。
见 /r/{stored.id}@00000000 和 /r/{stored.id}。
{"很长的一句没有标点" * 30}
"""
    visit.go(site.at("/check"))
    visit.page.locator("#draft").fill(draft)
    visit.page.get_by_role("button", name="核对").click()
    visit.page.locator(".checks").wait_for()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "390"])
def test_a_checked_draft_is_sound(site: Site, browser: Browser, axe_source: str, viewport: Any) -> None:
    with visiting(browser, viewport=viewport) as visit:
        check(site, visit)

        assert visit.messages == []
        assert visit.page.evaluate(WIDER) == []
        for scheme in SCHEMES:
            visit.page.emulate_media(color_scheme=scheme)
            assert violations(visit, axe_source) == [], scheme


def test_one_verdict_is_shown_by_keyboard_without_script(site: Site, browser: Browser) -> None:
    with visiting(browser, java_script_enabled=False) as visit:
        check(site, visit)
        every = visit.page.locator(".checks > li:visible").count()
        visit.page.locator("#only-all").focus()
        visit.page.keyboard.press("ArrowUp")
        shown = visit.page.locator(".checks > li:visible")

        assert 0 < shown.count() < every
        assert set(shown.locator(".tag").all_inner_texts()) <= {"未找到", "已移除"}
        assert "增长12%" not in shown.all_inner_texts()
        assert visit.page.locator("text=没有核对的数").count() == 1


def test_a_checked_draft_on_paper(site: Site, browser: Browser) -> None:
    with visiting(browser, color_scheme="dark") as visit:
        check(site, visit)
        visit.page.emulate_media(media="print")

        assert visit.page.locator("nav:visible, form:visible, button:visible").count() == 0
        assert site.service.info().version in visit.page.locator("main").inner_text()
