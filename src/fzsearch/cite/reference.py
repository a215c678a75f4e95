"""What has to be known of a source to cite it, whatever the style?"""

from dataclasses import dataclass
from datetime import date

from fzsearch.errors import NotFoundError
from fzsearch.model import IndexedReport, Level, Section
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState
from fzsearch.service.search import SearchService


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source, and in it perhaps a section.

    Attributes:
        key: the report's key; unique in the corpus.
        authors: the issuing bodies in the order of the report; empty where it names none.
        title: never empty; a report without title is called after its key.
        number: the document number, None without one.
        issued: the date of issue as the report states it.
        source_url: where it was published, as far as the file says; never the address within fzsearch.
        accessed: the day of the citation.
        address: the permanent address of what is cited, relative; `link` the same, whole where a base address is set.
        section: how the section is called, "二（三）…", "" for the whole report.
        is_notice: a page of another kind than a report ([EB] instead of [R]).
    """

    key: str
    authors: tuple[str, ...]
    title: str
    number: str | None
    issued: date | None
    source_url: str | None
    accessed: date
    link: str
    address: str = ""
    section: str = ""
    is_notice: bool = False


def reference_of(
    record: IndexedReport, address: str, accessed: date, *, section: Section | None = None, base_url: str = ""
) -> Reference:
    """The reference of a report, or of a section of it.

    Args:
        record: the report; its sections are not needed.
        address: the permanent address of what is cited, beginning with "/".
        accessed: the day of the citation.
        section: what is cited in the report.
        base_url: what goes before the address, "" leaves it relative.
    """
    report = record.report
    return Reference(
        key=record.key,
        authors=report.issuers,
        title=report.title or f"（无标题文件 {record.key}）",
        number=report.doc_number,
        issued=report.issued,
        source_url=report.source_url,
        accessed=accessed,
        link=base_url.rstrip("/") + address,
        address=address,
        section=section_name(section) if section else "",
        is_notice=report.level is Level.OTHER and report.source_url is not None,
    )


def cited(service: SearchService, written: str, accessed: date, base_url: str = "") -> tuple[Reference, LinkState]:
    """The reference of what stands at an address, and what has become of the address; arguments as `reference_of`.

    Raises:
        NotFoundError: nothing stands there, or several reports fit.
    """
    found = service.resolve(parse_address(written.partition("/r/")[2] or written))
    if found.state is LinkState.SEVERAL:
        raise NotFoundError(f"{written} 指向几份报告：{'、'.join(rival.key for rival in found.rivals)}；请写其中一个")
    if found.record is None or found.state is LinkState.REMOVED:
        raise NotFoundError(f"没有 {written} 这份报告或这一段；用检索到的编号或永久链接引用")
    section = found.section.section if found.section else None
    return reference_of(found.record, found.target, accessed, section=section, base_url=base_url), found.state


def notes_on(source: Reference, state: LinkState, written: str, remedy: str) -> list[str]:
    """What a person should know of a citation: that the text has changed, that the link is relative and its remedy."""
    notes = ["这一段的文字与所给链接已不同，引用的是现在的文字"] if state is LinkState.CHANGED else []
    is_relative = source.link == source.address and source.link in written
    return notes + ([f"链接是站内相对地址；{remedy}"] if is_relative else [])


def section_name(section: Section) -> str:
    """How a section is called in a sentence: its number and heading, or its place where it has neither.

    >>> from fzsearch.model import Part
    >>> section_name(Section(path="s2.1", level=2, marker="（一）", heading="强化审查。", part=Part.MEASURES, text=""))
    '（一）强化审查'
    >>> section_name(Section(path="s0", level=0, marker=None, heading=None, part=Part.FRONT, text=""))
    '导语'
    """
    named = f"{section.marker or ''}{section.heading or ''}".rstrip("。；，、：:")
    return named or (section.part.label if section.level == 0 else section.path)
