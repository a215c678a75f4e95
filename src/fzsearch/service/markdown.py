"""How is a report, a section or a paragraph written as Markdown? Headings by level, text as quotation, its source."""

import re
from collections.abc import Iterable

from fzsearch.model import Section
from fzsearch.service.paragraphs import heading_end

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$])")
_AT_BEGINNING = re.compile(r"^(\s*)([#+\-=]|\d{1,9}(?=[.)]))", re.ASCII)


def escape_markdown(text: str) -> str:
    r"""A line of text that Markdown shows as it is; taking the backslashes before punctuation away gives it back.

    >>> escape_markdown("1. <b>*甲*</b>")
    '1\\. \\<b\\>\\*甲\\*\\</b\\>'
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _AT_BEGINNING.sub(_guarded, escaped)


def _guarded(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def section_markdown(section: Section) -> list[str]:
    """The lines of a section: its heading at its level below the title, its body as a quotation."""
    end = heading_end(section)
    heading = " ".join(section.text[:end].split())
    lines = ["", f"{'#' * min(6, section.level + 1)} {escape_markdown(heading)}"] if heading else []
    body = section.text[end:].split("\n")
    return lines + quotation_markdown(body)


def quotation_markdown(paragraphs: Iterable[str]) -> list[str]:
    """Paragraphs as lines of a quotation, with a blank one before it; nothing where they hold only white space."""
    lines = [f"> {escape_markdown(one.strip())}" for one in paragraphs if one.strip()]
    return ["", *"\n>\n".join(lines).split("\n")] if lines else []


def source_markdown(title: str, section_id: str, url: str, version: str, state: str) -> list[str]:
    """The line that says where a quotation comes from."""
    return ["", f"——《{escape_markdown(title)}》，{escape_markdown(section_id)}，<{url}>，语料版本 {version}，{state}"]
