"""How does one file become a report with everything an engine needs? Runs in the child processes of indexing."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fzsearch.analysis import normalize, words
from fzsearch.analysis.topics import TopicVocabulary
from fzsearch.analysis.words import load
from fzsearch.engine import IndexedSection
from fzsearch.errors import ExtractError
from fzsearch.ingest import MAX_BYTES, PlaceList, read_document, read_report
from fzsearch.model import Format, IndexedReport, Report, Section

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


def read_one(path: Path, lists: Lists) -> Report:
    """The report in a file, with topics.

    Raises:
        ExtractError: the file cannot be read.
    """
    return _report(path, path.read_bytes(), lists)[0]


def _report(path: Path, data: bytes, lists: Lists) -> tuple[Report, Format]:
    document = read_document(data, path.name)
    report = read_report(document, _places(lists.places))
    if not any(normalize(section.text) for section in report.sections):
        raise ExtractError("文件里没有文字", "请核对文件；若是扫描件，请换成有文字的版本")
    vocabulary = _topics(lists.topics)
    sections = tuple(replace(s, topics=vocabulary.match(normalize(s.text))) for s in report.sections)
    return replace(report, sections=sections), document.format


def read_for_index(path: Path, lists: Lists) -> ReadFile:
    """A file with everything that an engine needs.

    Raises:
        ExtractError: the file cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExtractError(f"文件太大（超过 {MAX_BYTES >> 20} MB）", "请拆开，或只保留报告正文后再放入")
        data = path.read_bytes()
    except OSError as problem:
        raise ExtractError(f"打不开文件（{problem.strerror}）", "请检查文件是否还在、是否有读取权限") from problem
    report, form = _report(path, data, lists)
    norms = tuple(normalize(section.text) for section in report.sections)
    return ReadFile(
        sha256=hashlib.sha256(data).hexdigest(),
        format=form,
        text_hash=hashlib.sha256("".join(norms).encode("utf-8", "surrogatepass")).hexdigest(),
        report=report,
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
