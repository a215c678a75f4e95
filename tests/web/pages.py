"""How does a test read a page? Its document, texts and links; and what the API counts for a link."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html


def get(client: FlaskClient, url: str, status: int = 200) -> html.HtmlElement:
    """The document at an address."""
    response = client.get(url)
    assert response.status_code == status, response.text
    return html.document_fromstring(response.get_data())


def text_of(page: html.HtmlElement, xpath: str) -> list[str]:
    """The texts of elements, white space squeezed."""
    found: Any = page.xpath(xpath)
    return [re.sub(r"\s+", " ", one.text_content()).strip() for one in found]


def strings(page: html.HtmlElement, xpath: str) -> list[str]:
    """Attributes or text nodes."""
    found: Any = page.xpath(xpath)
    return [str(one) for one in found]


def number(text: str) -> int:
    """The first number of a text."""
    return int(re.findall(r"[\d,]+", text)[0].replace(",", ""))


def counted(client: FlaskClient, url: str) -> dict[str, int]:
    """The totals that the API gives for the address of a search page."""
    parts = urlsplit(url)
    assert parts.path == "/search", url
    response = client.get(f"/api/v1/search?{parts.query}")
    assert response.status_code == 200, response.text
    return dict(response.get_json()["total"])
