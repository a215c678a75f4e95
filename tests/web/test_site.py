"""Every page of a site over the specimens: links, headings, labels, captions; and the examples of the help."""

from urllib.parse import urlsplit

from flask import Flask
from lxml import html

from tests.web.pages import counted, get, strings

MAX_SEARCHES = 60
MAX_PAGES = 350


def kind(url: str) -> str:
    return urlsplit(url).path.split("/")[1]


def crawl(client) -> dict[str, html.HtmlElement]:
    """Pages by address, from the first one on; of the endless searches some, of everything else all up to a bound."""
    pages: dict[str, html.HtmlElement] = {}
    left, seen, searches = ["/"], {"/"}, 0
    while left and len(pages) < MAX_PAGES:
        url = left.pop(0)
        response = client.get(url)
        assert response.status_code in {200, 300, 301, 302, 303, 308}, url
        if response.status_code == 200 and response.mimetype == "text/html":
            pages[url] = html.document_fromstring(response.get_data())
            for link in strings(pages[url], "//a/@href | //link/@href | //script/@src"):
                target = link.partition("#")[0]
                if not target or target in seen or not target.startswith("/"):
                    continue
                if kind(target) == "search":
                    searches += 1
                    if searches > MAX_SEARCHES:
                        continue
                seen.add(target)
                left.append(target)
        response.close()
    return pages


def test_every_link_works_and_every_page_is_well_made(app: Flask) -> None:
    pages = crawl(app.test_client())

    kinds = {kind(url) for url in pages}
    assert {"", "search", "help", "topic", "place", "unreadable", "r", "compare", "overlap"} <= kinds
    for url, page in pages.items():
        assert len(page.xpath("//h1")) == 1, url
        for landmark in ("header", "main", "footer", "nav"):
            assert page.xpath(f"//{landmark}"), (url, landmark)
        assert not page.xpath("//table[not(caption)]"), url
        ids = strings(page, "//@id")
        assert len(ids) == len(set(ids)), url
        labelled = set(strings(page, "//label/@for"))
        for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
            assert control.get("id") in labelled or control.xpath("ancestor::label"), (url, control.get("name"))
        assert {one for ref in strings(page, "//@aria-labelledby") for one in ref.split()} <= set(ids), url


def test_every_example_of_help_and_first_page_finds_something(app: Flask) -> None:
    client = app.test_client()
    for url in ("/", "/help"):
        links = strings(get(client, url), "//a[@class='eg']/@href")
        assert len(links) > 4
        for link in links:
            assert counted(client, link)["sections"] > 0, link


def test_help_names_every_key_state_and_parameter(app: Flask) -> None:
    text = get(app.test_client(), "/help").text_content()

    for word in ("一致", "已移动", "已改动", "已移除", "j、k", "township", "offset", "/api/v1/search"):
        assert word in text
