"""Which element of a web page is the article?

First the containers that the common content systems of government sites use, then the densest block:
punctuation × (1 - 3 · share of link text). Tried on made-up pages only (two layouts, five reports): no line lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

# Seen on government sites; compared in lower case with id and class words.
_CONTAINERS = frozenset({
    "zoom", "fontzoom", "zoomcon", "ucap-content", "trs_editor", "trs_editor_view", "trs_ueditor",
    "article-content", "article_content", "articlecontent", "pages_content", "pages-content", "artibody",
    "arti_content", "vsb_content", "view-content", "news_content", "content_text", "xxgk_content",
    "detail-content", "detail_content", "text-content", "info-content", "wp_articlecontent", "bt-content",
})  # fmt: skip
_PUNCTUATION = re.compile("[，。；：、！？]")
_MIN_SHARE_OF_BEST = 0.5  # a known container that holds less than half of the densest block is an abstract
_AS_DENSE = 0.9
_MAX_LINK_SHARE_AROUND = 0.1


@dataclass(slots=True)
class _Mass:
    """What an element holds: characters, those inside links, punctuation."""

    characters: int = 0
    in_links: int = 0
    punctuation: int = 0

    def add(self, other: "_Mass") -> None:
        self.characters += other.characters
        self.in_links += other.in_links
        self.punctuation += other.punctuation

    @property
    def score(self) -> float:
        share = self.in_links / self.characters if self.characters else 1.0
        return self.punctuation * max(0.0, 1 - 3 * share)


def find_body(root: etree._Element) -> etree._Element:
    """Give the element that holds the article; the root where nothing looks like one."""
    elements = [*root.iter()]
    masses = _masses(elements)
    known = max((e for e in elements if names_of(e) & _CONTAINERS), key=lambda e: masses[e].punctuation, default=None)
    densest = _densest(elements, masses)
    if known is not None and masses[known].punctuation >= _MIN_SHARE_OF_BEST * masses[densest].punctuation:
        return known
    return densest


def names_of(element: etree._Element) -> set[str]:
    """What its writers call an element: the words of id and class, in lower case."""
    return set(f"{element.get('id') or ''} {element.get('class') or ''}".lower().split())


def _masses(elements: Sequence[etree._Element]) -> dict[etree._Element, _Mass]:
    """Weigh every element; `elements` in document order, so that backwards children come before their parents."""
    masses = {element: _Mass() for element in elements}
    for element in reversed(elements):
        own = masses[element]
        own.add(_weigh(element.text))
        if element.tag == "a":
            own.in_links = own.characters
        parent = element.getparent()
        if parent is not None and parent in masses:
            masses[parent].add(own)
            masses[parent].add(_weigh(element.tail))
    return masses


def _weigh(text: str | None) -> _Mass:
    words = "".join((text or "").split())
    return _Mass(len(words), 0, len(_PUNCTUATION.findall(words)))


def _densest(elements: Sequence[etree._Element], masses: Mapping[etree._Element, _Mass]) -> etree._Element:
    """The deepest element nearly as dense as the best, widened while what stands around it is text and not links.

    Widening brings back a title, a first paragraph or a sign-off that stands beside the block of the text.
    """
    best = max(mass.score for mass in masses.values())
    if best == 0:
        return elements[0]
    found = [element for element in elements if masses[element].score >= _AS_DENSE * best][-1]
    parent = found.getparent()
    while parent is not None and parent.tag not in ("body", "html"):
        around = masses[parent].characters - masses[found].characters
        links = masses[parent].in_links - masses[found].in_links
        if links > _MAX_LINK_SHARE_AROUND * around:
            break
        found, parent = parent, parent.getparent()
    return found
