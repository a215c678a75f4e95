"""What does an address that no longer fits show? Pages for texts that changed, that are gone, and for choices."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport
from fzsearch.service.asking import SearchRequest, section_url
from fzsearch.service.differences import compare
from fzsearch.service.links import Resolution
from fzsearch.service.nearest import alike, nearest_sections
from fzsearch.web.hits import Link
from fzsearch.web.params import quoted, search_url
from fzsearch.web.passages import display_title, heading_text
from fzsearch.web.report_text import forms_of, section_view

_SEARCHED_CHARS = 60


def choices(found: Resolution) -> tuple[tuple[IndexedReport, str], ...]:
    """The reports that an address fits, each with its link, which keeps section and hash."""
    return tuple((one, quoted(f"/r/{replace(found.address, key=one.key)}")) for one in found.rivals)


def landing_page(
    found: Resolution, stored: Sequence[StoredSection], years: Sequence[Link], quotation: str
) -> SimpleNamespace:
    """The page of a text that changed or is gone.

    Args:
        found: what has become of the address.
        stored: all sections of the report that it leads to; empty where that is gone.
        years: other reports of the township.
        quotation: what the visitor pasted, "" without.
    """
    old = quotation.strip() or (found.twin.section.text if found.twin else "")
    current = found.section or (alike(stored, quotation) if quotation else None)
    nearest = nearest_sections(stored, found.address.path, old) if old else found.nearest
    return SimpleNamespace(
        # what has become of the address.
        found=found,
        # what stands there now, or what is most like the quotation; None where neither is.
        section=section_view(current) if current else None,
        forms=forms_of(found.target) if found.target else (),
        # sections to look at, best first.
        nearest=tuple(
            Link(f"{one.section.path}　{heading_text(one.section)}", quoted(section_url(one))) for one in nearest
        ),
        # other reports of the township.
        years=tuple(years),
        quotation=_quotation(quotation, old, current),
    )


def _quotation(typed: str, old: str, current: StoredSection | None) -> SimpleNamespace:
    words = " ".join(typed.split())[:_SEARCHED_CHARS].replace("“", "").replace("”", "").replace('"', "")
    return SimpleNamespace(
        text=typed,
        search_url=search_url(SearchRequest(text=f"“{words}”")) if words else "",
        comparison=compare(old, current.section.text) if old and current else None,
    )


def moved_note(found: Resolution) -> SimpleNamespace:
    """What a reader is told who followed an address to a text that stands elsewhere now; `path` is its section."""
    record, asked = found.record, found.address
    where = "这里"
    if record is not None and record.key != asked.key:
        where = f"报告《{display_title(record)}》（{record.key}）"
    same = "同样的文字" if asked.hash else "这个地址所指的"
    path = found.section.section.path if found.section else ""
    text = f"已移动：您打开的地址是 /r/{asked}，{same}现在在{where}。引用时请改用新地址 {found.target}。"
    return SimpleNamespace(text=text, path=path)
