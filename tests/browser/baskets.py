"""What do tests of the basket share? Filling it, opening it, reading what the browser keeps."""

import json
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.conftest import RARE, Site

KEY = "fzsearch.basket"


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
