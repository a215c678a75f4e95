"""What does a draft quote, link and count? Quotations, addresses and counts, in the order of the draft."""

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fzsearch.numerals import fold, number_value

MAX_QUOTATION = 5_000
_CLOSING = {"“": "”", "「": "」", "『": "』"}
_BLANK = re.compile(r"\n[ \t\u3000]*\n")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&|~$#+\-=.)])")
_BLOCK = re.compile(r"^[ \t]{0,3}>[ \t]?(.*)$")
_HOST = r"(?:https?://[^\s/()<>“”\"]+)?"
_REST = r"[^\s()<>“”\"，。；、）》」』]+"
_LINK = re.compile(rf"{_HOST}/r/{_REST}")
_SEARCH_LINK = re.compile(rf"{_HOST}/search\?{_REST}")
_NOTE_MARK = re.compile(r"\[(\^[^\]\s]{1,40}|\d{1,3})\](?!\()")
_NOTE = re.compile(r"^[ \t]{0,3}\[(\^[^\]\s]{1,40}|\d{1,3})\]:?[ \t]", re.MULTILINE)
_NUMBER = r"(?<![\d.第])(?<!\d,)(?P<number>\d{1,3}(?:,\d{3})+|\d{1,9}|[一二两三四五六七八九十百千万零〇]{1,9})"
_COUNT = re.compile(
    rf"{_NUMBER}(?P<more>[余多])?\s*(?:(?P<townships>(?:个|家)?(?:乡镇[(、/和]?街道\)?|镇街|乡镇|街道|townships?\b)|(?:个|家)[镇乡])"
    r"|(?P<reports>(?:份|篇)[^,。;、:!?\n\d]{0,16}?报告|reports?\b)|(?P<sections>个?段(?![时路位])|sections?\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words that a draft gives as a report's; `start` and `end` bound them in the draft, without their marks."""

    text: str
    start: int
    end: int


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """All that stands in quotation marks, and Markdown's block quotations, in order.

    “…”, 「…」, 『…』 and "…"; marks within a quotation belong to it, and it may run over lines, but not over a blank
    one. What is opened and never closed is no quotation. Footnote marks ([^1]) are left out.
    """
    blocks = list(_block_quotations(text))
    starts = [block.start for block in blocks]

    def is_covered(one: Quotation) -> bool:
        before = bisect.bisect_left(starts, one.end)
        return before > 0 and one.start < blocks[before - 1].end

    marked = [one for one in _marked(text) if not is_covered(one)]
    return tuple(sorted([*blocks, *marked], key=lambda one: one.start))


def _marked(text: str) -> Iterator[Quotation]:
    closings = _closings(text)
    at = 0
    while at < len(text):
        end = text.find('"', at + 1, at + MAX_QUOTATION) if text[at] == '"' else closings.get(at, -1)
        if end < 0 or end >= at + MAX_QUOTATION or _BLANK.search(text, at, end):
            at += 1
            continue
        words = _FOOTNOTE.sub("", text[at + 1 : end])
        if words.strip():
            yield Quotation(text=words, start=at + 1, end=end)
        at = end + 1


def _closings(text: str) -> dict[int, int]:
    """Where each quotation mark that opens is closed, marks within it taken in pairs; in one pass over any draft."""
    opened: dict[str, list[int]] = {mark: [] for mark in _CLOSING.values()}
    found = {}
    for at, mark in enumerate(text):
        if mark in _CLOSING:
            opened[_CLOSING[mark]].append(at)
        elif opened.get(mark):
            found[opened[mark].pop()] = at
    return found


def _block_quotations(text: str) -> Iterator[Quotation]:
    """Runs of lines that begin with >; a line of > alone ends a paragraph, not the quotation."""
    lines: list[str] = []
    start = end = at = 0
    for line in [*text.split("\n"), ""]:
        found = _BLOCK.match(line)
        if found:
            start = start if lines else at
            lines.append(_ESCAPED.sub(r"\1", _FOOTNOTE.sub("", found[1])))
            end = at + len(line)
        elif lines:
            if any(one.strip() for one in lines):
                yield Quotation(text="\n".join(lines), start=start, end=end)
            lines = []
        at += len(line) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address as it stands in a draft."""

    url: str
    start: int
    end: int


class Counted(StrEnum):
    """What a draft counts of the corpus."""

    TOWNSHIPS = "townships"
    REPORTS = "reports"
    SECTIONS = "sections"

    @property
    def label(self) -> str:
        """Measure word and name, as people write them behind a number."""
        return {"townships": "个乡镇", "reports": "份报告", "sections": "段"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of townships, reports or sections that a draft states; `more` is 余 or 多, or ""."""

    text: str
    said: int
    more: str
    what: Counted
    start: int
    end: int


def find_links(text: str) -> tuple[Link, ...]:
    """The permanent addresses in a draft, whole as they stand, in order.

    >>> [one.url for one in find_links("见[石桥镇](http://10.0.0.8:8000/r/990122105-2024/s3.1@a9394f18)，/r/石桥镇-2022。")]
    ['http://10.0.0.8:8000/r/990122105-2024/s3.1@a9394f18', '/r/石桥镇-2022']
    """
    return tuple(_links(_LINK, text))


def find_search_links(text: str) -> tuple[Link, ...]:
    """The addresses of searches in a draft, in order."""
    return tuple(_links(_SEARCH_LINK, text))


def _links(pattern: re.Pattern[str], text: str) -> Iterator[Link]:
    for found in pattern.finditer(text):
        url = found[0].rstrip(".:;'")
        yield Link(url=url, start=found.start(), end=found.start() + len(url))


def find_counts(text: str) -> tuple[Count, ...]:
    """Numbers of townships, reports and sections, in order; in digits, full-width ones too, or Chinese numerals.

    >>> [(one.said, one.what.value) for one in find_counts("十二个乡镇的１５份年度报告，共1,204段；3个镇、2个街道")]
    [(12, 'townships'), (15, 'reports'), (1204, 'sections'), (3, 'townships'), (2, 'townships')]
    """
    counts = []
    for found in _COUNT.finditer(fold(text)):
        value, what = number_value(found["number"]), next(one for one in Counted if found[one.value])
        if value is not None:
            words = text[found.start() : found.end()]
            more = found["more"] or ""
            counts.append(
                Count(text=words, said=int(value), more=more, what=what, start=found.start(), end=found.end())
            )
    return tuple(counts)


def where_cited(text: str, links: Sequence[Link]) -> tuple[tuple[int, Link], ...]:
    """Where a draft cites each link: where it stands or, for one in a note, at the marks ([^1], [1]) of that note."""
    notes = [(found[1], found.start(), text.find("\n", found.end())) for found in _NOTE.finditer(text)]
    marks: Mapping[str, list[int]] = defaultdict(list)
    for found in _NOTE_MARK.finditer(text):
        if all(found.start() != max(start, text.find("[", start)) for _, start, _ in notes):
            marks[found[1]].append(found.start())
    cited = []
    for link in links:
        name = next((name for name, start, end in notes if start < link.start < (end + 1 or len(text) + 1)), None)
        cited += [(at, link) for at in (marks[name] if name and marks[name] else [link.start])]
    return tuple(sorted(cited, key=lambda pair: pair[0]))


def without_marks(text: str) -> str:
    """The draft, of the same length, with spaces for addresses, marks of notes and Markdown's marks.

    >>> without_marks("**85**起[^1]，见[原文](/r/a-2024)")
    '  85  起    ，见 原文 (         )'
    """
    plain = list(text)
    for pattern in (_LINK, _SEARCH_LINK, _NOTE_MARK):
        for found in pattern.finditer(text):
            plain[found.start() : found.end()] = " " * (found.end() - found.start())
    return re.sub(r"[*`#>|\[\]<\\]", " ", "".join(plain))
