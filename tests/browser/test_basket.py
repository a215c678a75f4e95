"""Citing and the basket in a real browser: picking, arranging by keys and by dragging, undoing."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.baskets import addresses, count, fill, kept, open_basket, select, status
from tests.browser.conftest import RARE, Site, Visit
from tests.browser.test_pages import DESK, PHONE, SCHEMES, WIDER, violations

pytestmark = pytest.mark.browser


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
