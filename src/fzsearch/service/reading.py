"""How does one file become a report with everything an engine needs? Runs in the child processes of indexing."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fzsearch.analysis import normalize, words
from fzsearch.analysis.core import core_hash
from fzsearch.analysis.topics import TopicVocabulary
from fzsearch.analysis.words import load
from fzsearch.engine import IndexedSection
from fzsearch.errors import ExtractError
from fzsearch.figures import find_figures
from fzsearch.ingest import (
    NO_CORRECTIONS,
    Corrections,
    PlaceList,
    file_bytes,
    read_corrections,
    read_document,
    read_report,
)
from fzsearch.model import Format, IndexedReport, Place, Report, Section, Topic
from fzsearch.service.sources import Source

HASH_DIGITS = 8
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

    `norms`, `words`, `heading_words` have an entry for each section; words are parted by spaces.
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
    corrections: Corrections = NO_CORRECTIONS


@cache
def _places(path: Path | None) -> PlaceList:
    return PlaceList.load(path)


@cache
def _topics(path: Path | None) -> TopicVocabulary:
    return TopicVocabulary.load(path)


def check_lists(lists: Lists) -> None:
    """Load all that reading needs, so that child processes share it.

    Raises:
        CorpusError: a list of the corpus has a mistake.
    """
    _places.cache_clear()  # a list may have changed since an earlier run in this process
    _topics.cache_clear()
    _places(lists.places)
    _topics(lists.topics)
    load()


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


def read_one(source: Source, lists: Lists) -> Report:
    """The report in a file, with topics and figures.

    Raises:
        ExtractError: the file cannot be read.
    """
    return _report(source, file_bytes(source.path), lists)[0]


def _report(
    source: Source, data: bytes, lists: Lists, converted: Path | None = None
) -> tuple[Report, Format, Corrections]:
    document = read_document(data, source.path.name, converted)
    places = _places(lists.places)
    corrections = read_corrections(source.sidecar, places, [topic.name for topic in vocabulary(lists)])
    report = read_report(document, places, path=source.name, corrections=corrections)
    if not any(normalize(section.text) for section in report.sections):
        raise ExtractError("文件里没有文字", "请核对文件；若是扫描件，请换成有文字的版本")
    sections = _with_topics(report.sections, corrections.topics, lists)
    report = replace(report, sections=sections, figures=find_figures(sections))
    return report, document.format, corrections


def _with_topics(sections: tuple[Section, ...], stated: tuple[str, ...], lists: Lists) -> tuple[Section, ...]:
    """The sections with what they speak of; topics that people state of the whole report stand with the first."""
    topics = _topics(lists.topics)
    found = [topics.match(normalize(section.text)) for section in sections]
    found[0] = tuple(topic.name for topic in topics.topics if topic.name in {*found[0], *stated})
    return tuple(replace(section, topics=names) for section, names in zip(sections, found, strict=True))


def read_for_index(source: Source, lists: Lists, converted: Path | None = None) -> ReadFile:
    """A file with everything that an engine needs; `converted` may hold what LibreOffice made of it.

    Raises:
        ExtractError: the file cannot be read.
    """
    try:
        data = file_bytes(source.path)
    except OSError as problem:
        raise ExtractError(f"打不开文件（{problem.strerror}）", "请检查文件是否还在、是否有读取权限") from problem
    report, form, corrections = _report(source, data, lists, converted)
    norms = tuple(normalize(section.text) for section in report.sections)
    return ReadFile(
        sha256=hashlib.sha256(data).hexdigest(),
        format=form,
        text_hash=hashlib.sha256("".join(norms).encode("utf-8", "surrogatepass")).hexdigest(),
        report=report,
        corrections=corrections,
        core_hash=core_hash(section.text for section in report.sections),
        norms=norms,
        words=tuple(_joined(section.text) for section in report.sections),
        heading_words=tuple(_joined(section.heading or "") for section in report.sections),
        title_words=_joined(report.title or ""),
    )


def _joined(text: str) -> str:
    return " ".join(words(text))


def text_hash(norm: str) -> str:
    """The 8 hex digits that a link names a text by."""
    return hashlib.sha256(norm.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]


def indexed_sections(record: IndexedReport, read: ReadFile) -> list[IndexedSection]:
    """The rows of a report for an engine."""
    report = record.report
    return [
        IndexedSection(
            id=f"{record.key}/{section.path}",
            order=order,
            report=record,
            section=section,
            norm=norm,
            hash=text_hash(norm),
            heading_norm=_norm(section),
            title_norm=normalize(report.title or ""),
            places_norm="\n".join(normalize(name) for name in report.place.names),
            doc_number_norm=normalize(report.doc_number or ""),
            words=cut,
            heading_words=heading_cut,
            title_words=read.title_words,
        )
        for order, (section, norm, cut, heading_cut) in enumerate(
            zip(report.sections, read.norms, read.words, read.heading_words, strict=True)
        )
    ]


def _norm(section: Section) -> str:
    return normalize(section.heading or "")
