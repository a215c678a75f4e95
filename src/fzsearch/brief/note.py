"""What stands in a briefing note? The passages of a basket as the corpus has them today, each with its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fzsearch.analysis import normalize
from fzsearch.brief.basket import Basket, Choice, Heading, Line
from fzsearch.cite import Reference, reference_of
from fzsearch.cite.written import gbt2025
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.search import SearchService


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A passage in a note.

    Attributes:
        paragraphs: the wording, paragraph by paragraph.
        reference: the source; None where the passage is gone.
        warning: what has become of it where its wording no longer stands there, "" where all is well.
    """

    paragraphs: tuple[str, ...]
    reference: Reference | None
    warning: str = ""

    @property
    def footnote(self) -> str:
        """The reference, the name of the section and its link."""
        if self.reference is None:
            return self.warning
        section = f"{self.reference.section}。" if self.reference.section else ""
        return f"{gbt2025(self.reference)}{section}" + (f"（{self.warning}）" if self.warning else "")


Block = Heading | Line | Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note ready to be written; `origin` says where it comes from, line by line."""

    title: str
    blocks: Sequence[Block]
    origin: Sequence[str]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should look at, in the order of the note."""
        quoted = [block for block in self.blocks if isinstance(block, Quoted)]
        return tuple(f"第 {number} 条注：{one.warning}" for number, one in enumerate(quoted, 1) if one.warning)


def build_note(service: SearchService, basket: Basket, today: date, base_url: str = "") -> Note:
    """The note of a basket.

    Args:
        service: looks the passages up.
        basket: what was chosen.
        today: the day of access of the references.
        base_url: what links begin with; "" leaves them relative, and the note says so.
    """
    blocks: list[Block] = [
        _quoted(service, item, today, base_url) if isinstance(item, Choice) else item for item in basket.items
    ]
    info = service.info()
    total = info.counts
    origin = [
        f"语料版本 {info.version}：{total.townships} 个乡镇 {total.reports} 份报告 {total.sections} 段",
        f"摘录日期：{today}",
        *([f"检索：{base_url}{basket.search}"] if basket.search else []),
        *([] if base_url else ["链接是站内相对地址，需接在检索网站的网址之后"]),
    ]
    return Note(title=basket.title.strip() or "法治政府建设报告摘编", blocks=blocks, origin=origin)


def _quoted(service: SearchService, choice: Choice, today: date, base_url: str) -> Quoted:
    found = service.resolve(parse_address(choice.address.partition("/r/")[2] or choice.address))
    section = found.section.section if found.section else None
    wording = choice.quote.strip() or (section.text if section else "")
    paragraphs = tuple(line.strip() for line in wording.split("\n") if line.strip())
    if found.record is None or found.state is LinkState.REMOVED:
        return Quoted(paragraphs=paragraphs, reference=None, warning=f"出处 {choice.address} 已不在语料中")
    reference = reference_of(found.record, found.target, today, section=section, base_url=base_url)
    return Quoted(paragraphs=paragraphs, reference=reference, warning=_warning(service, found, wording))


def _warning(service: SearchService, found: Resolution, wording: str) -> str:
    """Whether the wording stands where the address leads."""
    if found.section:
        text = found.section.section.text
    else:
        record = service.report(found.record.key) if found.record else None
        text = "\n".join(section.text for section in record.report.sections) if record else ""
    return "" if normalize(wording) in normalize(text) else "出处的文字现已不同，请核对"
