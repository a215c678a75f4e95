"""Which citation belongs to a permanent address, and what has to be said with it?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fzsearch.cite.exchange import csl_json, ris
from fzsearch.cite.reference import Reference, cited
from fzsearch.cite.written import gbt2015, gbt2025, gongwen, markdown, plain
from fzsearch.service.links import LinkState
from fzsearch.service.search import SearchService


@dataclass(frozen=True, slots=True)
class Style:
    """A way of citing: what readers call it, and what writes it."""

    label: str
    write: Callable[[Reference], str]


STYLES: Mapping[str, Style] = {
    "gbt2025": Style("GB/T 7714—2025", gbt2025),
    "gbt2015": Style("GB/T 7714—2015", gbt2015),
    "gongwen": Style("公文式", gongwen),
    "markdown": Style("Markdown 链接", markdown),
    "plain": Style("文字加链接", plain),
    "csl-json": Style("CSL-JSON", csl_json),
    "ris": Style("RIS", ris),
}
"""The styles by the names of the command line, the one to offer first in front."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A written citation of a source, what has become of the address, and what a reader should know, in Chinese."""

    text: str
    source: Reference
    state: LinkState
    notes: tuple[str, ...]


def cite_address(service: SearchService, address: str, style: str, day: date, base_url: str) -> Citation:
    """Cite what stands at an address, written whole, from its /r/ on, or without that.

    Args:
        service: resolves the address.
        address: of a report or a section.
        style: one of `STYLES`.
        day: of the citation.
        base_url: what goes before addresses, "" leaves them relative.

    Raises:
        NotFoundError: nothing stands there, or several reports share the address.
    """
    source, state = cited(service, address, day, base_url)
    text = STYLES[style].write(source)
    notes = []
    if state is LinkState.CHANGED:
        notes.append("这一段的文字与所给链接已不同，引用的是现在的文字")
    if not base_url and source.link in text:
        notes.append("链接是站内相对地址；设 --base-url 或 FZSEARCH_BASE_URL 后为完整网址")
    return Citation(text, source, state, tuple(notes))
