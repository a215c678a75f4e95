"""Is the basket never lost, and can it leave the browser? Several tabs, restarts, storage, links, files, no script."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fzsearch.brief import read_basket, read_draft
from tests.browser.baskets import KEY, addresses, count, fill, kept, open_basket, status
from tests.browser.conftest import RARE, Site, Visit, visiting

pytestmark = pytest.mark.browser


# ---- several tabs, restarts, storage


def test_two_tabs_lose_nothing(visit: Visit, site: Site) -> None:
    page = visit.page
    other = page.context.new_page()
    fill(page, site, 2)
    other.goto(site.at(site.addresses["report"]))
    other.locator(".take [data-add]").nth(1).click()
    expect(page.locator(".item")).to_have_count(3)
    assert count(page) == "3"
    other.goto(site.at("/brief"))
    expect(other.locator(".item")).to_have_count(3)
    page.get_by_role("button", name="移出（第 1 条）").click()
    expect(other.locator(".item")).to_have_count(2)
    expect(other.get_by_role("button", name="撤销")).to_be_disabled()  # its own step is not the last one any more

    assert addresses(page) == addresses(other)


def test_an_order_on_a_page_that_is_behind_changes_nothing(visit: Visit, site: Site) -> None:
    """As when the other tab writes between the click and the answer."""
    page = visit.page
    fill(page, site)
    page.evaluate(
        f"""() => {{
          const basket = JSON.parse(localStorage.getItem("{KEY}"));
          basket.items.push({{line: "来自别处"}});
          localStorage.setItem("{KEY}", JSON.stringify(basket));
        }}"""
    )
    page.get_by_role("button", name="移出（第 1 条）").click()
    status(page, "另一个窗口里改过")

    expect(page.locator(".item")).to_have_count(4)
    assert kept(page)["items"][3] == {"line": "来自别处"}


def test_a_restart_keeps_the_basket(browser: Browser, site: Site, tmp_path: Path) -> None:
    with visiting(browser) as visit:
        before = fill(visit.page, site, 2)
        visit.page.context.storage_state(path=tmp_path / "state.json")
    with visiting(browser, storage_state=tmp_path / "state.json") as visit:
        open_basket(visit.page, site, 2)
        assert addresses(visit.page) == before
        assert count(visit.page) == "2"


def test_full_storage_says_so_and_keeps_what_was_there(visit: Visit, site: Site) -> None:
    page = visit.page
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    page.locator(".hit [data-add]").first.click()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    page.locator(".hit [data-add]").nth(1).click()

    expect(page.get_by_role("alert")).to_contain_text("没有存下")
    assert len(addresses(page)) == 1


def test_what_the_server_would_refuse_is_not_taken(visit: Visit, site: Site) -> None:
    """Else every later order would be refused with it."""
    page = visit.page
    page.goto(site.at(site.addresses["report-ambiguous"]))
    page.evaluate("() => { document.querySelectorAll('.text-body p[id]')[4].textContent = '字'.repeat(20001); }")
    page.evaluate("() => { getSelection().selectAllChildren(document.querySelectorAll('.text-body p[id]')[4]); }")
    page.get_by_role("button", name="摘录所选").click()
    status(page, "选得太长")

    assert kept(page)["items"] == []


def test_without_storage_the_plain_form_works(browser: Browser, site: Site) -> None:
    with visiting(browser) as visit:
        page = visit.page
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
        )
        page.goto(site.at(f"/search?q={quote(RARE)}"))
        page.locator(".hit [data-add]").first.click()
        page.wait_for_url("**/brief?add=*")
        expect(page.locator("#unkept")).to_be_visible()
        page.get_by_role("button", name="末尾加标题").click()
        expect(page.locator(".item")).to_have_count(2)
        assert visit.messages == []


# ---- sharing


def shared_to(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def test_a_link_carries_the_basket_to_somebody_else(visit: Visit, browser: Browser, site: Site) -> None:
    page = visit.page
    sent = fill(page, site, 2)
    page.get_by_label("简报标题").fill("摘编")
    expect(page.locator("#sharing")).to_be_hidden()  # until the link holds the title
    page.get_by_role("button", name="复制分享链接").click()
    status(page, "已复制分享链接")
    address = str(page.evaluate("navigator.clipboard.readText()"))
    with visiting(browser) as other:
        there = shared_to(other.page.context, address)
        expect(there).to_have_url(site.at("/brief"))  # who has none takes it at once
        assert addresses(there) == sent
        there.evaluate(f"localStorage.setItem('{KEY}', JSON.stringify({{fzsearch: 1, items: [{{line: '我的'}}]}}))")
        there.goto(address)
        expect(there.locator("#incoming")).to_contain_text("您的有 1 条")
        assert len(kept(there)["items"]) == 1
        there.get_by_role("button", name="接在我的后面").click()
        expect(there.locator(".item")).to_have_count(3)
        assert [kept(there)["items"][0], kept(there)["title"]] == [{"line": "我的"}, "摘编"]
        there.goto(address)
        there.get_by_role("button", name="换成这一份").click()
        expect(there.locator(".item")).to_have_count(2)
        assert addresses(there) == sent


def test_a_file_carries_the_basket(visit: Visit, browser: Browser, site: Site, tmp_path: Path) -> None:
    page = visit.page
    sent = fill(page, site, 2)
    with page.expect_download() as download:
        page.get_by_role("button", name="存为文件").click()
    file = tmp_path / "篮.json"
    download.value.save_as(file)
    assert [one.address for one in read_basket(file.read_bytes(), "篮").items] == sent  # type: ignore[union-attr]
    with visiting(browser) as other:
        other.go(site.at("/brief"))
        other.page.locator("#b-file").set_input_files(file)
        expect(other.page.locator(".item")).to_have_count(2)
        expect(other.page).to_have_url(site.at("/brief"))
        assert addresses(other.page) == sent
        assert other.messages == []


# ---- export


@pytest.mark.parametrize("name", ["Word（公文版式）", "Markdown", "纯文本"])
def test_exports_hold_every_passage(visit: Visit, site: Site, name: str) -> None:
    page = visit.page
    sent = fill(page, site)
    page.get_by_role("button", name="上面加标题（第 1 条）").click()
    expect(page.get_by_label("第 1 条：标题")).to_be_focused()
    page.keyboard.type("一、做法")
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    text = read_draft(download.value.path().read_bytes(), download.value.suggested_filename)

    assert "一、做法" in text
    assert "语料版本" in text
    assert f"检索：{RARE}" in text
    if not name.startswith("Word"):
        assert all(address in text for address in sent)


# ---- without script


def test_without_script_a_basket_is_made_changed_and_exported(browser: Browser, site: Site) -> None:
    with visiting(browser, java_script_enabled=False, accept_downloads=True) as visit:
        page = visit.page
        page.goto(site.at(f"/search?q={quote(RARE)}"))
        more = page.locator(".hit a[rel~=bookmark]").nth(1).get_attribute("href") or ""
        page.locator(".hit [data-add]").first.click()
        page.wait_for_url("**/brief?add=*")
        page.get_by_label("贴上永久链接").fill(site.at(more))
        page.get_by_role("button", name="加入", exact=True).click()
        expect(page.locator(".item")).to_have_count(2)
        page.get_by_role("button", name="上面加标题（第 1 条）").click()
        expect(page.get_by_label("第 1 条：标题")).to_be_focused()
        page.keyboard.type("标题")
        page.get_by_role("button", name="第 2 条下移").click()
        expect(page.get_by_role("button", name="第 3 条上移")).to_be_focused()
        page.get_by_role("button", name="移出（第 2 条）").click()
        expect(page.locator(".item")).to_have_count(2)
        page.get_by_role("button", name="撤销").click()
        expect(page.locator(".item")).to_have_count(3)
        expect(page.get_by_label("第 1 条：标题")).to_have_value("标题")
        with page.expect_download() as download:
            page.get_by_role("button", name="Markdown").click()
        assert "## 标题" in download.value.path().read_text("utf-8")
        page.locator("a", has_text="分享链接").click()
        expect(page.locator(".item")).to_have_count(3)
        assert visit.messages == []
