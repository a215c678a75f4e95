"""How is a report, or a section of it, cited? One description of the source, one function a style.

`STYLES` names the styles of `fzsearch cite --style` with what readers call them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fzsearch.cite.exchange import csl_json, ris
from fzsearch.cite.reference import Reference as Reference
from fzsearch.cite.reference import cited as cited
from fzsearch.cite.reference import notes_on as notes_on
from fzsearch.cite.reference import reference_of as reference_of
from fzsearch.cite.written import gbt2015, gbt2025, gongwen, markdown, plain


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
