"""What is a report, and what is known of it?

Plain frozen data that every layer shares. ``None`` always means "not found", never "" or 0. Nothing here reads files,
knows an engine or renders anything.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """Statutory part of a section.

    Source: 《法治政府建设与责任落实督察工作规定》 (厅字〔2019〕28号, in force 2019-04-15), five contents; `mixed` is
    a section whose children tell, `front` runs from the title to the preamble.
    """

    MEASURES = "measures"
    PROBLEMS = "problems"
    LEADER = "leader"
    PLAN = "plan"
    MIXED = "mixed"
    FRONT = "front"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name that readers see."""
        return PART_LABELS[self]


PART_LABELS = {
    Part.MEASURES: "举措成效",
    Part.PROBLEMS: "不足原因",
    Part.LEADER: "第一责任人",
    Part.PLAN: "下步安排",
    Part.MIXED: "合写",
    Part.FRONT: "导语",
    Part.OTHER: "其他",
}


# The five contents of the regulation, in its order.
STATUTORY_PARTS = (Part.MEASURES, Part.PROBLEMS, Part.LEADER, Part.PLAN, Part.OTHER)


class Format(StrEnum):
    """File formats that can be read; the type is told by content, not by name (but a .wps is a .doc by content)."""

    TXT = "txt"
    DOCX = "docx"
    HTML = "html"
    PDF = "pdf"
    DOC = "doc"
    WPS = "wps"
    RTF = "rtf"
    ODT = "odt"


class Level(StrEnum):
    """Who reports: a township or street, a government above it, a department of one; OTHER is no such report."""

    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    DEPARTMENT = "department"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name that readers see."""
        return LEVEL_LABELS[self]


LEVEL_LABELS = {
    Level.TOWNSHIP: "乡镇、街道",
    Level.COUNTY: "县（市、区）",
    Level.CITY: "市（州）",
    Level.PROVINCE: "省（区、市）",
    Level.DEPARTMENT: "部门",
    Level.OTHER: "其他文件",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a value was read.

    Attributes:
        field: the attribute of Report that it explains: "title", "year", "place.township", "place.county",
        "part:s5.1" … rule: a short stable name such as "year.title"; ``/help`` and tests refer to it.
        source: "text" (the body), "page" (metadata block of a saved page), "file" (name or folder), "list" (a place
        list),
            "sidecar".
        line: 1-based line of the extracted document, None where the source has no lines.
        text: the words that the value was read from, as they stand, at most 80 characters.
    """

    field: str
    rule: str
    source: str
    line: int | None = None
    text: str = ""


RECOGNISED = "text.ocr"
"""The rule of the provenance of a text that was recognised from pictures of pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An administrative place, from province down to township.

    When the text does not decide, `township` is set, the rest is None, and `candidates` holds the places that remain
    (at least two, ordered by code). `code` is the 9-digit code of statistics for a township (12 digits cut to 9),
    6 digits for a county; None when not certain or not in any list. A name that no list knows is still a township:
    `code` None and no candidates.
    """

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    code: str | None = None
    candidates: tuple["Place", ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether several places remain possible."""
        return bool(self.candidates)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are certain, widest first, without repetition (重庆市 is province and city)."""
        found = (self.province, self.city, self.county, self.township)
        return tuple(dict.fromkeys(name for name in found if name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One headed part of a report with its own body text: the unit that is indexed, found and cited.

    Attributes:
        path: structural ordinals: "s0" front, "s2", "s2.4"; never printed numbers.
        level: depth, 0 for s0, 1 to 3 below.
        marker: the number as printed without its delimiter space: "一、", "（一）", "(二)", "3、", "一是"; None
        without one. heading: the heading without marker; None where there is none (s0, 一是 followed by prose).
        text: the whole run as the report has it, marker and heading included, paragraphs joined by line feeds; without
            conversion artefacts and blank lines. Not normalised.
    """

    path: str
    level: int
    marker: str | None
    heading: str | None
    part: Part
    text: str
    topics: tuple[str, ...] = ()


class Scope(StrEnum):
    """What a figure counts: the whole township, its villages, or a part of a total that stands before it."""

    WHOLE = "whole"
    VILLAGE = "village"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity that a report states, with its sentence.

    Attributes:
        indicator: name in `indicators.toml`; None where none fits.
        label: what is counted, in the words of the report.
        value, unit: a number, and its unit without 余; percent as "%", 两万余 as 20000.
        approx: the word that makes it approximate (余, 以上, 近), or "".
        snippet: the quantity with the words that name it, as they stand.
        section: path of the section; `start` and `end` bound the quantity (number and unit) in its text, in characters.
        sentence: the whole sentence, as it stands.
        scope: what it counts; `part_of` is the place of its total among the figures of the report, None without one.
    """

    indicator: str | None
    label: str
    value: float
    unit: str
    approx: str
    snippet: str
    section: str
    start: int
    end: int
    sentence: str
    scope: Scope = Scope.WHOLE
    part_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An entry of the topic vocabulary.

    Attributes:
        name: unique; what readers and filters use.
        group: one of the systems of the 纲要 (《法治政府建设实施纲要（2021—2025年）》) or 党的领导.
        patterns: any of these, found in the normalised text of a section, makes it speak of the topic; … is a gap.
        unless: places where a pattern does not count because it stands inside one of these longer words.
        about: what it means, in one line.
        near: related terms that do not count, shown to readers.
        examples, counter_examples: texts that must speak of it, and that must not although they look like it.
    """

    name: str
    group: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    about: str = ""
    near: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One of the statutory contents that a report holds, with the sentence that shows it.

    `part` is one of MEASURES, PROBLEMS, LEADER, PLAN and OTHER; `section` the path, `rule` the short stable name of
    what decided ("heading", "sentence").
    """

    part: Part
    section: str
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report as it was read from one file; its key depends on the whole corpus and is given later.

    `sections` are in document order, s0 first when there is anything before the first heading. `issued` is the date of
    issue as the document states it. `source_url` only where the file itself says where it was published. `contents` are
    the statutory contents that are there, in the order of the regulation.
    """

    title: str | None
    year: int | None
    place: Place
    issuers: tuple[str, ...]
    doc_number: str | None
    issued: date | None
    signer: str | None
    sections: tuple[Section, ...]
    source_url: str | None = None
    level: Level = Level.TOWNSHIP
    figures: tuple[Figure, ...] = ()
    contents: tuple[Content, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_recognised(self) -> bool:
        """Whether some of the text was recognised from pictures of pages (OCR)."""
        return any(item.rule == RECOGNISED for item in self.provenance)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text that was read is little or doubtful, and what to do: Chinese sentences without the final 。."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a reader gives: the text of one file as lines, before any understanding.

    Attributes:
        format: the true type, told by content.
        lines: paragraphs as the file has them, blank ones included, so that index + 1 is the line number of provenance;
            nothing is normalised; conversion artefacts ([bookmark: …]) still stand.
        page: metadata block of a saved page (索引号, 发文字号, 发布机构, 成文日期, 发布日期, 标题, 来源 …), keys
        without inner spaces,
            values as they stand; empty for other formats. "url" holds the address of a saved page where the file says
            it.
        warnings: Chinese sentences, e.g. what was skipped or looks poor.
        recognised: the pages, from 1, whose text was recognised from a picture (OCR).
        doubt: why so little can be relied on that people should look at the file; None where all is well.
    """

    format: Format
    lines: tuple[str, ...]
    page: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    recognised: tuple[int, ...] = ()
    doubt: Doubt | None = None


_UNSHOWABLE = (*range(32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_STEERING = {code: "\ufffd" for code in _UNSHOWABLE if chr(code) not in "\t\n"}


def without_controls(text: str) -> str:
    """A text that steers no terminal and fits into HTML and XML.

    Control characters, but tab and line feed, and what XML cannot hold become U+FFFD.
    """
    return text if text.isprintable() else text.translate(_STEERING)  # the test costs a tenth


def shown_path(path: str) -> str:
    """A file's path as people and JSON see it: what is not UTF-8, or steers a terminal, becomes U+FFFD."""
    return path if path.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of the corpus that holds a report.

    `path` is relative to the corpus, with "/", and opens the file; bytes that are not UTF-8 are surrogate escapes.
    """

    path: str
    format: Format
    size_bytes: int
    sha256: str

    @property
    def shown(self) -> str:
        """The path as people see it."""
        return shown_path(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedReport:
    """A report with its place in a corpus.

    Attributes:
        key: `<place>-<year>`, `<place>-<year>~<4 hex>` or `doc-<8 hex>`; unique in the corpus, by texts only.
        text_hash: SHA-256 (hex) of the normalised text of all sections.
        report: what was read; `sections` is empty where only the record was asked for.
        files: the files with this text, ordered by path, at least one.
    """

    key: str
    text_hash: str
    report: Report
    files: tuple[SourceFile, ...]
