"""The basket in a real browser: picking, arranging, undoing, several tabs, sharing, files, and without script."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fzsearch.brief import read_basket, read_draft
from tests.browser.conftest import RARE, Site, Visit, visiting
from tests.browser.test_pages import DESK, PHONE, SCHEMES, WIDER, violations

pytestmark = pytest.mark.browser

KEY = "fzsearch.basket"


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor with an empty basket, and a clipboard."""
    with visiting(browser, viewport={"width": 1280, "height": 800}, accept_downloads=True) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield visit
        assert visit.messages == []


def kept(page: Page) -> dict[str, Any]:
    """The basket that the browser keeps."""
    found: dict[str, Any] = json.loads(page.evaluate(f"localStorage.getItem('{KEY}') || '{{\"items\":[]}}'"))
    return found


def addresses(page: Page) -> list[str]:
    return [one.get("address", "") for one in kept(page)["items"]]


def count(page: Page) -> str:
    return page.locator(".basket-count").inner_text().strip()


def fill(page: Page, site: Site, number: int = 3) -> list[str]:
    """Put the first hits into the basket and open it."""
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    for at in range(number):
        page.locator(".hit [data-add]").nth(at).click()
    found = addresses(page)
    open_basket(page, site, number)
    return found


def open_basket(page: Page, site: Site, number: int) -> None:
    page.goto(site.at("/brief"))
    expect(page.locator(".item")).to_have_count(number)


def status(page: Page, words: str) -> None:
    expect(page.get_by_role("status").last).to_contain_text(words)


# ---- citing


@pytest.mark.parametrize("is_secure", [True, False])
def test_one_click_copies_the_citation_and_lists_all_styles(visit: Visit, site: Site, is_secure: bool) -> None:
    """Also as on an office network without https, where there is no clipboard object."""
    page = visit.page
    if not is_secure:
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    link = page.locator(".hit [data-cite]").first
    link.click()
    status(page, "已复制引用（GB/T 7714—2025）")
    box = page.locator(".hit .cite-box")

    assert page.evaluate("navigator.clipboard.readText()") == box.locator("dd").first.inner_text()
    expect(link).to_have_attribute("aria-expanded", "true")
    box.get_by_role("button", name="复制公文式").click()
    status(page, "已复制公文式")
    assert page.evaluate("navigator.clipboard.readText()").startswith("《")
    link.click()
    expect(box).to_have_count(0)


def test_where_nothing_can_be_copied_the_citation_is_selected(visit: Visit, site: Site) -> None:
    page = visit.page
    page.add_init_script(
        "Object.defineProperty(window, 'isSecureContext', {value: false}); document.execCommand = () => false;"
    )
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    page.locator(".hit [data-cite]").first.click()
    status(page, "请选中后按 Ctrl+C")

    assert page.evaluate("getSelection().toString()").strip() == page.locator(".cite-box dd").first.inner_text()


# ---- picking


def test_a_hit_a_section_a_paragraph_and_a_selection_are_added(visit: Visit, site: Site) -> None:
    page = visit.page
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    page.locator(".hit [data-add]").first.click()
    status(page, "已加入 1 条，摘录篮共 1 条")
    expect(page.locator(".hit [data-add]").first).to_have_text("已在摘录篮")
    assert count(page) == "1"
    page.goto(site.at(f"{site.addresses['report-ambiguous']}?q={quote('法治')}"))
    page.locator(".take [data-add]").nth(2).click()
    page.locator("a.par").first.click()
    page.locator(".cite-box [data-add]").click()
    sentence = select(page, 5)
    expect(page.locator(".picked")).to_contain_text(f"已选 {len(''.join(sentence.split()))} 字")
    page.get_by_role("button", name="摘录所选").click()
    status(page, "摘录篮共 4 条")
    open_basket(page, site, 4)

    items = kept(page)["items"]
    assert re.search(r"/p\d+@[0-9a-f]{8}$", items[2]["address"])
    assert items[3]["quote"] == sentence
    assert page.locator(".item .dot .tag").all_inner_texts().count("一致") == 4
    assert kept(page)["search"].count("/search?q=") == 2


def select(page: Page, number: int) -> str:
    """Select a part of a paragraph, as a mouse would; gives the words."""
    return str(
        page.evaluate(
            """(number) => {
              const text = document.querySelectorAll(".text-body p[id]")[number].firstChild;
              const range = document.createRange();
              range.setStart(text, 1);
              range.setEnd(text, Math.min(text.length, 12));
              getSelection().removeAllRanges();
              getSelection().addRange(range);
              return range.toString().trim();
            }""",
            number,
        )
    )


def test_b_adds_the_current_hit_and_what_is_selected(visit: Visit, site: Site) -> None:
    page = visit.page
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("b")
    status(page, "已加入 1 条")
    page.keyboard.press("b")
    status(page, "已在摘录篮里")
    page.goto(site.at(site.addresses["report"]))
    sentence = select(page, 4)
    expect(page.locator(".picked")).to_be_visible()
    page.keyboard.press("b")
    status(page, "摘录篮共 2 条")

    assert kept(page)["items"][1]["quote"] == sentence


def test_a_selection_across_sections_is_refused(visit: Visit, site: Site) -> None:
    page = visit.page
    page.goto(site.at(site.addresses["report"]))
    page.evaluate(
        """() => {
          const sections = document.querySelectorAll(".text-body section");
          const [start, end] = [sections[1].querySelector("h2"), sections[3].querySelector("p")];
          getSelection().setBaseAndExtent(start.firstChild, 1, end.firstChild, 3);
        }"""
    )

    expect(page.locator(".picked")).to_contain_text("请在一段之内选")
    expect(page.get_by_role("button", name="摘录所选")).to_be_hidden()


# ---- arranging


def test_moving_by_keyboard_keeps_focus_and_says_what_happened(visit: Visit, site: Site) -> None:
    page = visit.page
    first, second, third = fill(page, site)
    page.get_by_role("button", name="第 3 条上移").focus()
    page.keyboard.press("Enter")
    status(page, "已把第 3 条移到第 2 条")
    expect(page.get_by_role("button", name="第 2 条上移")).to_be_focused()
    page.keyboard.press("Enter")
    status(page, "已把第 2 条移到第 1 条")
    expect(page.get_by_role("button", name="第 1 条下移")).to_be_focused()
    assert addresses(page) == [third, first, second]
    page.keyboard.press("Alt+ArrowDown")
    status(page, "已把第 1 条移到第 2 条")
    assert addresses(page) == [first, third, second]
    page.reload()

    expect(page.locator(".item .addr").first).to_have_text(first)
    assert addresses(page) == [first, third, second]


def test_dragging_moves(visit: Visit, site: Site) -> None:
    page = visit.page
    first, second, third = fill(page, site)
    page.set_viewport_size({"width": 1280, "height": 3000})  # nothing may scroll while playwright drags
    page.locator(".item .no").nth(2).drag_to(page.locator(".item .no").first)
    status(page, "已把第 3 条移到第 1 条")

    assert addresses(page) == [third, first, second]


def test_headings_lines_and_titles_are_typed_and_survive(visit: Visit, site: Site) -> None:
    page = visit.page
    fill(page, site, 2)
    page.get_by_role("button", name="上面加标题（第 2 条）").click()
    expect(page.get_by_label("第 2 条：标题")).to_be_focused()
    page.keyboard.type("二、经验")
    page.get_by_role("button", name="末尾加一句自己的话").click()
    expect(page.get_by_label("第 4 条：自己的话")).to_be_focused()
    page.keyboard.type("以上供参考。")
    page.get_by_label("简报标题").fill("摘编")
    page.reload()
    expect(page.get_by_label("第 2 条：标题")).to_have_value("二、经验")

    assert kept(page)["title"] == "摘编"
    assert kept(page)["items"][3] == {"line": "以上供参考。"}


def test_a_passage_cut_to_a_sentence_is_compared(visit: Visit, site: Site) -> None:
    page = visit.page
    fill(page, site, 1)
    page.get_by_text("只引其中几句").click()
    field = page.get_by_label(re.compile("第 1 条所引的文字"))
    words = field.input_value()[3:20]
    field.fill(words)
    page.get_by_role("button", name="与原文对照").click()
    expect(page.locator("blockquote")).to_have_text(words)
    expect(page.locator(".item .dot .tag")).to_have_text("一致")
    page.get_by_text("只引其中几句").click()
    field.fill(words + "不")
    page.get_by_role("button", name="与原文对照").click()

    expect(page.locator(".item .dot .tag")).to_have_text("与原文不符")


def test_undo_and_redo_go_through_every_change(visit: Visit, site: Site) -> None:
    page = visit.page
    before = fill(page, site)
    page.get_by_role("button", name="移出（第 1 条）").click()
    expect(page.locator(".item")).to_have_count(2)
    page.get_by_role("button", name="清空摘录篮").click()
    expect(page.locator(".item")).to_have_count(0)
    for left in (2, 3):
        page.get_by_role("button", name="撤销").click()
        expect(page.locator(".item")).to_have_count(left)
    assert addresses(page) == before
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".item")).to_have_count(2)
    for left in (3, 2, 0):
        page.get_by_role("button", name="重做").click()
        expect(page.locator(".item")).to_have_count(left)

    expect(page.get_by_role("button", name="重做")).to_be_disabled()
    assert count(page) == ""


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


# ---- for everybody


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "390"])
def test_a_full_basket_and_what_opens_on_other_pages_are_sound(
    visit: Visit, site: Site, axe_source: str, viewport: Any
) -> None:
    """Nothing for axe in light and dark, nothing wider than the window."""
    page = visit.page
    page.set_viewport_size(viewport)
    fill(page, site)
    page.get_by_role("button", name="上面加标题（第 2 条）").click()
    page.get_by_role("button", name="末尾加一句自己的话").click()
    page.get_by_text("只引其中几句").first.click()
    assert faults(visit, axe_source) == []
    page.goto(site.at(f"/search?q={quote(RARE)}"))
    page.locator(".hit [data-cite]").first.click()
    page.get_by_text("给文献管理软件").click()
    assert faults(visit, axe_source) == []
    page.goto(site.at(site.addresses["report-ambiguous"]))
    page.locator("a.par").nth(1).click()
    expect(page.locator(".cite-box")).to_be_visible()
    select(page, 4)
    expect(page.locator(".picked")).to_be_visible()
    assert faults(visit, axe_source) == []


def faults(visit: Visit, axe_source: str) -> list[str]:
    found: list[str] = visit.page.evaluate(WIDER)
    for scheme in SCHEMES:
        visit.page.emulate_media(color_scheme=scheme)
        found += violations(visit, axe_source)
    return found


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
