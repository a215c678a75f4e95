"""Does the script do what it promises, with real clicks and keys, and is everything right after back and forward?"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import QUERY, Site, Visit, visiting

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor with a desk, a keyboard and a clipboard."""
    with visiting(browser, viewport={"width": 1280, "height": 800}) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield visit
        assert [text for text in visit.messages if "Failed to load resource" not in text] == []


def mark(page: Page) -> None:
    """Leave something in the window that a reload would lose."""
    page.evaluate("window.fzMarker = 1")


def was_not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.fzMarker === 1"))


def totals(page: Page) -> str:
    return page.locator("main .totals").inner_text()


def params(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def year_box(page: Page, number: int = 0) -> Locator:
    return page.locator("form input[type=checkbox][name=year]").nth(number)


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def wait_until(page: Page, expression: str, arg: object = None) -> None:
    """Until a function of the page says so; asked from outside, since the policy forbids how playwright asks."""
    for _ in range(100):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression} with {arg!r}")


def open_search(visit: Visit, site: Site, rest: str = "") -> Page:
    visit.go(site.at(f"/search?q={quote(QUERY)}{rest}"))
    mark(visit.page)
    return visit.page


# ---- instant


def test_a_filter_changes_address_and_totals_without_a_reload(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    before, value = totals(page), year_box(page).get_attribute("value") or "-"
    year_box(page).check()
    page.wait_for_url(re.compile("year="))

    assert params(page)["year"] == [value]
    expect(year_box(page)).to_be_checked()
    expect(year_box(page)).to_be_focused()
    expect(page.get_by_role("status").last).to_contain_text(re.compile(r"逐字命中 \d+ 乡镇"))
    assert totals(page) != before
    assert was_not_reloaded(page)
    assert value in (page.locator("header form input[type=hidden][name=year]").get_attribute("value") or "")


def test_back_and_forward_restore_results_boxes_and_place(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    before = totals(page)
    year_box(page).check()
    page.wait_for_url(re.compile("year="))
    after = totals(page)
    page.mouse.wheel(0, 700)
    wait_until(page, "() => window.pageYOffset > 400 && history.state && history.state.y > 400")
    scrolled = page.evaluate("window.pageYOffset")
    page.go_back()

    wait_until(page, "(text) => document.querySelector('main .totals').innerText === text", arg=before)
    expect(year_box(page)).not_to_be_checked()
    page.go_forward()
    wait_until(page, "(text) => document.querySelector('main .totals').innerText === text", arg=after)
    expect(year_box(page)).to_be_checked()
    assert abs(page.evaluate("window.pageYOffset") - scrolled) < 3
    assert was_not_reloaded(page)


def test_back_from_a_report_returns_to_the_same_place_with_true_boxes(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    year_box(page).check()
    page.wait_for_url(re.compile("year="))
    address, shown = page.url, totals(page)
    link = page.locator("main .hit h3 a").nth(7)
    link.scroll_into_view_if_needed()
    wait_until(page, "() => history.state && history.state.y === window.pageYOffset")
    scrolled = page.evaluate("window.pageYOffset")
    link.click()
    page.wait_for_url(re.compile("/r/"))
    page.go_back()

    assert page.url == address
    assert totals(page) == shown
    expect(year_box(page)).to_be_checked()
    wait_until(page, "(y) => Math.abs(window.pageYOffset - y) < 3", arg=scrolled)


def test_chip_page_and_sort_stay_on_the_page(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    page.get_by_role("navigation", name="翻页").get_by_role("link", name="第 2 页").click()
    page.wait_for_url(re.compile("page=2"))
    assert page.evaluate("window.pageYOffset") == 0
    page.locator("form select[name=sort]").select_option("year")
    page.wait_for_url(re.compile("sort=year"))
    expect(page.locator("form select[name=sort]")).to_be_focused()
    page.locator("main a", has_text="去掉这个条件").first.click()
    page.wait_for_url(lambda url: "q=" not in url)

    assert was_not_reloaded(page)
    expect(page.get_by_role("combobox", name="检索词")).to_have_value("")


def test_a_query_typed_on_the_results_page_is_instant_too(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="检索词")).to_be_focused()
    page.keyboard.type("调解")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(quote("调解")))

    assert was_not_reloaded(page)
    assert "调解" in page.title()
    page.go_back()
    expect(page.get_by_role("combobox", name="检索词")).to_have_value(QUERY)


def test_the_last_of_several_choices_wins(visit: Visit, site: Site) -> None:
    """A slow answer to the first choice never covers the second."""
    page = open_search(visit, site)
    held: list[Route] = []
    first, second = (year_box(page, number).get_attribute("value") for number in (0, 1))
    page.route(re.compile(f"year={first}$"), lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    year_box(page, 0).check()
    year_box(page, 1).check()
    page.wait_for_url(re.compile(f"year={second}"))

    assert len(held) == 1
    assert params(page)["year"] == sorted([first or "", second or ""], key=[first, second].index)
    assert was_not_reloaded(page)


@pytest.mark.parametrize("status", [500, 0])
def test_a_failing_request_becomes_an_ordinary_visit(visit: Visit, site: Site, status: int) -> None:
    page = open_search(visit, site)

    def answer(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.continue_()
        elif status:
            route.fulfill(status=status, body="no")
        else:
            route.abort()

    page.route(re.compile("year="), answer)
    year_box(page).check()
    page.wait_for_url(re.compile("year="))
    page.wait_for_load_state()

    expect(year_box(page)).to_be_checked()
    assert not was_not_reloaded(page)


@pytest.mark.parametrize("missing", ["fetch", "AbortController", "DOMParser"])
def test_a_browser_without_what_is_needed_uses_the_forms(browser: Browser, site: Site, missing: str) -> None:
    with visiting(browser) as visit:
        visit.page.add_init_script(f"delete window.{missing}")
        page = open_search(visit, site)
        year_box(page).check()
        page.locator(".facets form button[type=submit]").first.click()
        page.wait_for_url(re.compile("year="))

        assert not was_not_reloaded(page)
        assert visit.messages == []


# ---- keys


def test_j_and_k_move_through_hits_and_enter_opens(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    links = page.locator("main .hit h3 a")
    for key, number in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(links.nth(number)).to_be_focused()
    target = links.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/r/"))

    assert target is not None
    assert page.url.endswith(target)


def test_c_copies_the_permanent_link_of_the_current_hit(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("main .hit").nth(1)).to_contain_text("已复制")
    link = page.locator("main .hit").nth(1).locator("a[rel~=bookmark]").first.get_attribute("href") or ""

    assert copied(page) == site.at(link)
    assert re.search(r"/r/\S+/s[\d.]+@[0-9a-f]{8}$", copied(page))
    visit.go(copied(page))
    assert page.locator("section:target").count() == 1


def test_y_copies_the_text_of_the_current_hit(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    page.keyboard.press("j")
    page.keyboard.press("y")
    expect(page.locator("main .hit").first).to_contain_text("已复制")

    assert QUERY in copied(page)


def test_without_a_clipboard_object_copying_works_by_selection(browser: Browser, site: Site) -> None:
    """As on an office network without https."""
    with visiting(browser) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visit.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
        page = open_search(visit, site)
        page.keyboard.press("j")
        page.keyboard.press("c")
        expect(page.locator("main .hit").first).to_contain_text("已复制")

        assert re.search(r"/r/\S+@[0-9a-f]{8}$", copied(page))
        expect(page.locator("main .hit h3 a").first).to_be_focused()


def test_keys_do_nothing_while_typing_or_with_modifiers(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    box = page.get_by_role("combobox", name="检索词")
    box.fill("")
    page.keyboard.type("jkcy/?")
    expect(box).to_have_value("jkcy/?")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+j")

    assert page.locator("main .hit.here").count() == 0


def test_the_sheet_of_keys_opens_closes_and_gives_focus_back(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    page.keyboard.press("j")
    for opened, closed in (("?", "Escape"), ("?", "?")):
        page.keyboard.press(opened)
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press(closed)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("main .hit h3 a").first).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="停用").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("main .hit h3 a").first).to_be_focused()


def test_the_sheet_passes_axe(visit: Visit, site: Site, axe_source: str) -> None:
    page = open_search(visit, site)
    page.get_by_role("button", name="快捷键").click()
    page.evaluate(axe_source)

    assert page.evaluate("async () => (await axe.run()).violations.map((one) => one.id)") == []


def test_a_browser_without_dialog_gets_a_plain_sheet(browser: Browser, site: Site) -> None:
    with visiting(browser) as visit:
        visit.page.add_init_script(
            "delete HTMLDialogElement.prototype.showModal; delete HTMLDialogElement.prototype.close;"
        )
        page = open_search(visit, site)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        page.get_by_role("button", name="关上").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert visit.messages == []


# ---- a report


def test_j_and_k_step_through_the_hits_of_a_report_and_back_leads_to_the_results(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    results = page.url
    page.locator("main .hit h3 a").first.click()
    page.wait_for_url(re.compile("/r/"))
    steps = page.locator(".jump ol a")
    for key, number in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(re.escape(steps.nth(number).get_attribute("href") or "-") + "$"))
        expect(page.locator("mark:target")).to_be_in_viewport()
    page.go_back()

    assert page.url == results


def test_c_and_y_copy_link_and_text_of_the_section_that_is_read(visit: Visit, site: Site) -> None:
    visit.go(site.at(site.addresses["report-hits"]))
    page = visit.page
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_role("status").last).to_contain_text("已复制")
    section = page.locator("section:has(mark:target)").last.get_attribute("id")
    assert f"/{section}@" in copied(page)
    page.keyboard.press("y")
    wait_until(page, "async () => !(await navigator.clipboard.readText()).includes('/r/')")

    assert QUERY in copied(page)


def test_every_copy_button_copies_what_it_holds_and_says_so(visit: Visit, site: Site) -> None:
    visit.go(site.at(site.addresses["report-hits"]))
    button = visit.page.locator("button[data-copy]:visible").first
    if button.count() == 0:
        pytest.skip("this page has no copy buttons")
    button.click()
    expect(visit.page.locator(".said")).to_contain_text("已复制")
    held = button.get_attribute("data-copy") or "-"

    assert copied(visit.page).replace("\r\n", "\n").endswith(held)


def test_reading_leaves_nothing_in_the_browser(visit: Visit, site: Site) -> None:
    page = open_search(visit, site)
    year_box(page).check()
    page.wait_for_url(re.compile("year="))

    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
