"""Which of the five statutory contents does a report hold, and which sentence shows each?

A heading shows a content, or, where no heading tells, a sentence: some reports give the leader one clause, or close
with a paragraph of problems and plans. Facts, no verdict: what was not found may stand there in other words. Sources:
《法治政府建设与责任落实督察工作规定》 (厅字〔2019〕28号), DOMAIN §1, MEASURED-reading §4.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fzsearch.ingest.parts import part_of_heading
from fzsearch.ingest.turns import turn_of
from fzsearch.model import STATUTORY_PARTS, Content, Part, Section
from fzsearch.numerals import squeeze

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’）」』]*")
_HEAD = "(?<!支部)(?<!村)书记|[镇乡]长|办事处主任"
_LEADS = re.compile(
    rf"(?:法治|党政|主要负责|主要领导|{_HEAD})[^。；]{{0,40}}第一责任人|第一责任人[^。；]{{0,4}}(?:职责|责任)"
    rf"|(?:主要负责(?:人|同志)|主要领导|{_HEAD})[^。；]{{0,24}}(?:亲自|带头|述法|主持|听取|履行[^。；]{{0,12}}职责)"
)
_OTHER_LEAD = re.compile(r"安全|消防|森林|河长|防汛|信访|环保|生态")
_OTHER = re.compile(r"其[他它]需要?(?:报告|说明)|需要?(?:报告|说明)的其[他它]")
_DEED = re.compile(r"了|全年|今年|累计|共|开展|完成|组织|成立|制定|落实|严格|推进|坚持")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a section, and the part that it speaks of as far as the words before it tell."""

    section: Section
    text: str
    zone: Part
    opens: bool

    def shows(self, part: Part) -> bool:
        """Whether it alone shows that the report holds a part."""
        if part is Part.OTHER:
            return bool(_OTHER.search(self.text))
        if part is Part.LEADER:
            return self.zone not in (Part.PROBLEMS, Part.PLAN) and _is_of_leader(self.text)
        if part is Part.MEASURES:
            return self.zone in (Part.MEASURES, Part.OTHER) and bool(_DEED.search(self.text))
        return self.zone is part and (self.opens or self.section.part is part)


def find_contents(sections: Sequence[Section], year: int | None) -> tuple[Content, ...]:
    """The contents that are there, in the order of the regulation, each at the first place that shows it.

    Args:
        sections: of the report, with their parts.
        year: the report year; a sentence on a later one opens the plan.
    """
    sentences = [sentence for section in sections for sentence in _sentences(section, year)]
    found = (
        _by_heading(part, sections) or _by_sentence(part, sentences) or _by_shared_heading(part, sections)
        for part in STATUTORY_PARTS
    )
    return tuple(content for content in found if content)


def _by_heading(part: Part, sections: Sequence[Section]) -> Content | None:
    """The first section of that part that has a heading; one of other matters must name them."""
    for section in sections:
        is_part = section.part is part and section.level
        if is_part and section.heading and (part is not Part.OTHER or part_of_heading(section.heading) is part):
            return Content(part=part, section=section.path, sentence=section.heading, rule="heading")
    return None


def _by_shared_heading(part: Part, sections: Sequence[Section]) -> Content | None:
    """A heading that names it beside another, where no sentence tells: 问题及打算, 举措成效和第一责任人履职情况."""
    for section in sections:
        is_both = section.part is Part.MIXED and part in (Part.PROBLEMS, Part.PLAN)
        is_leader = section.part is Part.MEASURES and part is Part.LEADER and _is_of_leader(section.heading or "")
        if section.heading and (is_both or is_leader):
            return Content(part=part, section=section.path, sentence=section.heading, rule="heading")
    return None


def _by_sentence(part: Part, sentences: Sequence[_Sentence]) -> Content | None:
    """The sentence that shows a part, rather in a section of that part, rather in the words of the regulation."""
    shown = [sentence for sentence in sentences if sentence.shows(part)]
    if not shown:
        return None
    best = min(
        shown, key=lambda one: (one.section.part is not part, part is Part.LEADER and "第一责任人" not in one.text)
    )
    return Content(part=part, section=best.section.path, sentence=best.text, rule="sentence")


def _sentences(section: Section, year: int | None) -> Iterator[_Sentence]:
    """The sentences behind the heading; 但仍存在… and 下一步… change what is spoken of, to the end of the section."""
    body = section.text.partition(section.heading)[2] if section.heading else section.text
    zone = section.part
    for match in _SENTENCE.finditer(body):
        text = match[0].strip()
        opened = turn_of(text, year)
        zone = opened or zone
        if len(text) > 1:
            yield _Sentence(section, text, zone, opened is not None)


def _is_of_leader(text: str) -> bool:
    words = re.sub("(?<!落实)(?<!执行)(?<!贯彻)《[^》]*》", "", squeeze(text))  # 按照《…第一责任人职责规定》 is no deed
    return bool(_LEADS.search(words)) and ("法" in words or not _OTHER_LEAD.search(words))
