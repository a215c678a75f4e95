"""How does one file become a report with everything an engine needs? Runs in the child processes of indexing."""

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from fzsearch.analysis import normalize, words
from fzsearch.analysis.core import core_hash
from fzsearch.analysis.topics import TopicVocabulary
from fzsearch.analysis.words import load, words_of_lines
from fzsearch.engine import IndexedSection
from fzsearch.errors import CorpusError, ExtractError, os_reason
from fzsearch.figures import find_figures
from fzsearch.ingest import (
    EMPTY_SHELF,
    NO_CORRECTIONS,
    Corrections,
    PlaceList,
    Shelf,
    file_bytes,
    file_content,
    read_corrections,
    read_document,
    read_report,
)
from fzsearch.model import Document, Doubt, Format, IndexedReport, Place, Report, Section, Topic, shown_path
from fzsearch.service.addresses import HASH_DIGITS
from fzsearch.service.sources import Source

_HAN = re.compile("[\u3400-\u9fff]+")
_MIN_HAN_SHARE = 0.3  # reports have 0.8 and more
_MAX_SECTIONS = 5_000  # reports have some 100; a text of nothing but headings would fill memory and pages
PLACES_FILE, TOPICS_FILE = "places.csv", "topics.toml"


@dataclass(frozen=True, slots=True)
class Lists:
    """The files of a corpus that extend what fzsearch knows; None where the corpus has none."""

    places: Path | None = None
    topics: Path | None = None

    @classmethod
    def of_corpus(cls, corpus: Path) -> "Lists":
        """The lists at the top of a corpus folder."""
        places, topics = corpus / PLACES_FILE, corpus / TOPICS_FILE
        return cls(places if places.is_file() else None, topics if topics.is_file() else None)

    @property
    def folder(self) -> Path | None:
        """The folder that the lists lie in."""
        found = self.places or self.topics
        return found.parent if found else None


def lists_near(path: Path) -> Lists:
    """The lists of the corpus that a file lies in: the nearest folder above it that has any."""
    found = (Lists.of_corpus(folder) for folder in path.absolute().parents)
    return next((lists for lists in found if lists.places or lists.topics), Lists())


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as it was read: the report and its normal forms; small enough to send between processes.

    `norms`, `words`, `heading_words` have an entry for each section; words are parted by spaces. `size_bytes` and
    `mtime_ns` are those of the bytes that were read.
    """

    sha256: str
    format: Format
    text_hash: str
    report: Report
    norms: tuple[str, ...]
    words: tuple[str, ...]
    heading_words: tuple[str, ...]
    title_words: str
    core_hash: str = ""
    doubt: Doubt | None = None
    corrections: Corrections = NO_CORRECTIONS
    size_bytes: int = 0
    mtime_ns: int = 0


@cache
def _places(path: Path | None) -> PlaceList:
    return PlaceList.load(path)


@cache
def _topics(path: Path | None) -> TopicVocabulary:
    return TopicVocabulary.load(path)


def check_lists(lists: Lists) -> None:
    """Load all that reading needs, so that child processes share it.

    Raises:
        CorpusError: a list of the corpus has a mistake or cannot be opened.
    """
    _places.cache_clear()  # a list may have changed since an earlier run in this process
    _topics.cache_clear()
    try:
        _places(lists.places)
        _topics(lists.topics)
    except OSError as problem:
        name = problem.filename
        raise CorpusError(f"打不开 {name}（{os_reason(problem)}）；请检查文件是否还在、是否有读取权限") from problem
    load()


def list_mistakes(lists: Lists) -> tuple[str, ...]:
    """What is wrong with the lists, as a sentence that does not tell where the corpus is; nothing as a rule."""
    try:
        check_lists(lists)
    except CorpusError as error:
        return (shown_path(str(error).replace(f"{lists.folder}{os.sep}", "")),)
    return ()


def vocabulary(lists: Lists) -> tuple[Topic, ...]:
    """The topics that a corpus is read with, its own included, in order.

    Raises:
        CorpusError: the corpus's own file has a mistake.
    """
    return _topics(lists.topics).topics


def added_places(lists: Lists) -> tuple[Place, ...]:
    """The places that a corpus adds to the official list.

    Raises:
        CorpusError: the corpus's own file has a mistake.
    """
    return _places(lists.places).additions


def read_one(source: Source, lists: Lists, shelf: Shelf = EMPTY_SHELF) -> Report:
    """The report in a file, with topics and figures.

    Raises:
        ExtractError: the file cannot be read.
    """
    return _read(source, read_document(file_bytes(source.path), source.path.name, shelf=shelf), lists).report


class _Read(NamedTuple):
    """A report, what corrected it, and the normalised lines of its sections."""

    report: Report
    corrections: Corrections
    lines: list[list[str]]


def _read(source: Source, document: Document, lists: Lists) -> _Read:
    places = _places(lists.places)
    corrections = read_corrections(source.sidecar, places, [topic.name for topic in vocabulary(lists)])
    report = read_report(document, places, path=source.name, corrections=corrections)
    lines = [[normalize(line) for line in section.text.splitlines()] for section in report.sections]
    if not any(map(any, lines)):
        raise ExtractError("文件里没有文字", "请核对文件；若是扫描件，请换成有文字的版本")
    if len(report.sections) > _MAX_SECTIONS:
        raise ExtractError(f"文件分成 {len(report.sections)} 段，不像一份报告", "请拆开，或只保留报告正文后再放入")
    sections = _with_topics(report.sections, [*map("".join, lines)], corrections.topics, lists)
    return _Read(replace(report, sections=sections, figures=find_figures(sections)), corrections, lines)


def _with_topics(
    sections: tuple[Section, ...], norms: Sequence[str], stated: tuple[str, ...], lists: Lists
) -> tuple[Section, ...]:
    """The sections with what they speak of; topics that people state of the whole report stand with the first."""
    topics = _topics(lists.topics)
    found = topics.match_all(norms)
    found[0] = tuple(topic.name for topic in topics.topics if topic.name in {*found[0], *stated})
    return tuple(replace(section, topics=names) for section, names in zip(sections, found, strict=True))


def read_for_index(source: Source, lists: Lists, converted: Path | None = None, shelf: Shelf = EMPTY_SHELF) -> ReadFile:
    """A file with everything that an engine needs.

    `converted` may hold what LibreOffice made of it, `shelf` what was recognised.

    Raises:
        ExtractError: the file cannot be read.
    """
    try:
        content = file_content(source.path)
    except OSError as problem:
        remedy = "请检查文件是否还在、是否有读取权限"
        raise ExtractError(f"打不开文件（{os_reason(problem)}）", remedy, is_passing=True) from problem
    document = read_document(content.data, source.path.name, converted, shelf)
    report, corrections, lines = _read(source, document, lists)
    norms = tuple("".join(found) for found in lines)
    return ReadFile(
        sha256=hashlib.sha256(content.data).hexdigest(),
        size_bytes=content.size_bytes,
        mtime_ns=content.mtime_ns,
        format=document.format,
        text_hash=hashlib.sha256("".join(norms).encode("utf-8", "surrogatepass")).hexdigest(),
        report=report,
        doubt=document.doubt or _doubt(norms),
        corrections=corrections,
        core_hash=core_hash(chain.from_iterable(lines)),
        norms=norms,
        words=tuple(" ".join(words_of_lines(found)) for found in lines),
        heading_words=tuple(_joined(section.heading or "") for section in report.sections),
        title_words=_joined(report.title or ""),
    )


def _doubt(norms: Sequence[str]) -> Doubt | None:
    """What makes a text doubtful, whatever the format: a Chinese report consists of hanzi for the most part."""
    shown = "".join(norms)
    share = sum(map(len, _HAN.findall(shown))) / len(shown)
    if share >= _MIN_HAN_SHARE:
        return None
    return Doubt(f"文字里汉字只占 {share:.0%}", "请打开文件核对；若是乱码，请另存为 .docx 或 .txt 后再放入")


def _joined(text: str) -> str:
    return " ".join(words(text))


def text_hash(norm: str) -> str:
    """The 8 hex digits that a link names a text by."""
    return hashlib.sha256(norm.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]


def indexed_sections(record: IndexedReport, read: ReadFile) -> list[IndexedSection]:
    """The rows of a report for an engine."""
    report = record.report
    title_norm, doc_number_norm = normalize(report.title or ""), normalize(report.doc_number or "")
    places_norm = "\n".join(normalize(name) for name in report.place.names)
    return [
        IndexedSection(
            id=f"{record.key}/{section.path}",
            order=order,
            report=record,
            section=section,
            norm=norm,
            hash=text_hash(norm),
            heading_norm=normalize(section.heading or ""),
            title_norm=title_norm,
            places_norm=places_norm,
            doc_number_norm=doc_number_norm,
            words=cut,
            heading_words=heading_cut,
            title_words=read.title_words,
        )
        for order, (section, norm, cut, heading_cut) in enumerate(
            zip(report.sections, read.norms, read.words, read.heading_words, strict=True)
        )
    ]
