"""How is a report, a section or a paragraph written as Markdown? Headings by level, text as quotation, its source."""

import re
from collections.abc import Iterable

from fzsearch.model import IndexedReport, Section
from fzsearch.service.links import Resolution
from fzsearch.service.paragraphs import heading_end, paragraph_text

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


def display_title(record: IndexedReport) -> str:
    """The title of a report, or words that say that it has none."""
    return record.report.title or f"（没有标题）{record.files[0].shown}"


def markdown_of(record: IndexedReport, found: Resolution, url: str, version: str) -> str:
    """What an address leads to, with the line that says where it comes from.

    Args:
        record: the whole report.
        found: what of it, and what has become of the address.
        url: the address of what stands there now.
        version: of the corpus.
    """
    title = display_title(record)
    lines = [f"# {escape_markdown(' '.join(title.split()))}"]
    if found.section is None:
        for section in record.report.sections:
            lines += section_markdown(section)
    elif found.paragraph:
        lines += quotation_markdown([paragraph_text(found.section.section, found.paragraph)])
    else:
        lines += section_markdown(found.section.section)
    name = f"{record.key}/{found.anchor}" if found.anchor else record.key
    source = (
        f"——《{escape_markdown(title)}》，{escape_markdown(name)}，<{url}>，语料版本 {version}，{found.state.value}"
    )
    return "\n".join([*lines, "", source]) + "\n"
