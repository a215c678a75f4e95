"""What stands in a briefing note? The passages of a basket as the corpus has them today, each with its reference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from urllib.parse import parse_qsl, unquote

from fzsearch.analysis import normalize
from fzsearch.brief.basket import Basket, Choice, Heading, Line
from fzsearch.cite import Reference, reference_of
from fzsearch.cite.written import gbt2025
from fzsearch.query import FACET_LABELS, Facet
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.paragraphs import paragraph_text
from fzsearch.service.search import SearchService

DEFAULT_TITLE = "法治政府建设报告摘编"
_MARKS = (("“", "”"), ("「", "」"), ("『", "』"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A passage in a note.

    Attributes:
        wording: what is quoted.
        found: what has become of its address.
        current: what stands there now, "" where nothing does.
        reference: the source; None where the passage is gone.
        warning: what a person should look at, "" where all is well.
    """

    wording: str
    found: Resolution
    current: str
    reference: Reference | None
    warning: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The wording, paragraph by paragraph."""
        return tuple(line.strip() for line in self.wording.split("\n") if line.strip())

    @property
    def in_marks(self) -> tuple[str, ...]:
        """The paragraphs between quotation marks, by which a draft is checked later; none where there is no wording."""
        whole = "\n".join(self.paragraphs)
        opening, closing = next((one for one in _MARKS if _is_balanced(whole, *one)), _MARKS[0])
        return tuple(f"{opening}{whole}{closing}".split("\n")) if whole else ()

    @property
    def is_literal(self) -> bool:
        """Whether the wording stands where the address leads."""
        return normalize(self.wording) in normalize(self.current)

    @property
    def footnote(self) -> str:
        """The reference, the name of the section and its link."""
        if self.reference is None:
            return self.warning
        section = f"{self.reference.section}。" if self.reference.section else ""
        return f"{gbt2025(self.reference)}{section}" + (f"（{self.warning}）" if self.warning else "")


def _is_balanced(text: str, opening: str, closing: str) -> bool:
    """Whether every mark in a text has its partner; a sentence may be cut out of the middle of a quotation."""
    depths = list(accumulate((char == opening) - (char == closing) for char in text))
    return min(depths, default=0) >= 0 and depths[-1:] in ([], [0])


Block = Heading | Line | Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note ready to be written; `origin` says, line by line, which search, corpus and day it comes from."""

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
        quote_passage(service, item, today, base_url) if isinstance(item, Choice) else item
        for item in basket.items
        if isinstance(item, Choice) or item.text.strip()
    ]
    info = service.info()
    total = info.counts
    origin = [
        *(_search_line(one, base_url) for one in basket.search.split("\n") if one),
        f"语料版本 {info.version}：{total.townships} 个乡镇 {total.reports} 份报告 {total.sections} 段",
        f"摘录日期：{today}",
        *([] if base_url else ["链接是站内相对地址，需接在检索网站的网址之后"]),
    ]
    return Note(title=basket.title.strip() or DEFAULT_TITLE, blocks=blocks, origin=origin)


def _search_line(address: str, base_url: str) -> str:
    """Query and filters in words, and the address that asks again."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(address.partition("?")[2]):
        values.setdefault(name, []).append(value)
    filters = "；".join(f"{FACET_LABELS[one]} {'、'.join(values[one])}" for one in Facet if one in values)
    words = " ".join(values.get("q", ())) or "全部段落"
    return f"检索：{words}{f'（{filters}）' if filters else ''}，{base_url}{unquote(address)}"


def quote_passage(service: SearchService, choice: Choice, today: date, base_url: str = "") -> Quoted:
    """One passage as the corpus has it today; arguments as for `build_note`."""
    found = service.resolve(parse_address(choice.address.partition("/r/")[2] or choice.address))
    if found.record is None or found.state is LinkState.REMOVED:
        wording = choice.quote.strip() or choice.was
        gone = f"出处 {choice.address} {'符合几份报告，请选定一份' if found.rivals else '已不在语料中'}"
        return Quoted(wording=wording, found=found, current="", reference=None, warning=gone)
    section = found.section.section if found.section else None
    current = paragraph_text(section, found.paragraph) if section else _whole(service, found.record.key)
    was = choice.was if found.state is LinkState.CHANGED else ""
    wording = choice.quote.strip() or was or (current if section else "")
    reference = reference_of(found.record, found.target, today, section=section, base_url=base_url)
    quoted = Quoted(wording=wording, found=found, current=current, reference=reference)
    return replace(quoted, warning=_warning(choice, quoted))


def _whole(service: SearchService, key: str) -> str:
    return "\n".join(section.text for section in service.report(key).report.sections)


def _warning(choice: Choice, quoted: Quoted) -> str:
    """Whether the wording stands where the address leads, and whether that is where it led."""
    state = quoted.found.state
    if state is LinkState.MOVED and quoted.is_literal:
        return f"原地址 {choice.address} 已移动，这里用现在的地址"
    if state is LinkState.CHANGED and quoted.is_literal:
        is_chosen = bool(choice.quote.strip() or choice.was)
        return "出处的文字改过，所引的话还在" if is_chosen else "出处的文字改过，这里是现在的文字，请核对"
    if quoted.is_literal:
        return ""
    return "出处的文字现已不同，请核对" if state is LinkState.CHANGED else "与出处的文字不符，请核对"
