"""How does a test say in a few lines what stands in an index? Sections from small dicts, as the indexer makes them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fzsearch.analysis import normalize, words
from fzsearch.engine import EmbeddedEngine, IndexedSection
from fzsearch.figures import find_figures
from fzsearch.model import Format, IndexedReport, Part, Place, Report, Section, SourceFile
from fzsearch.service.reading import ReadFile, indexed_sections


def build_sections(*reports: Mapping[str, Any]) -> list[IndexedSection]:
    """The rows of some reports.

    Args:
        reports: each a mapping with `key` and `sections`, a list of (path, level, marker, heading, part, text, topics);
            the rest may be left out: `title`, `year`, `place` (a Place, or a mapping of its fields), `file` (a path),
            and any other field of `model.Report`. A text is taken as it is: it holds its own marker and heading.
    """
    return [row for report in reports for row in _rows(dict(report))]


def _rows(fields: dict[str, Any]) -> list[IndexedSection]:
    key, path = fields.pop("key"), fields.pop("file", "a.txt")
    sections = tuple(_section(values) for values in fields.pop("sections"))
    place = fields.pop("place", Place())
    known: dict[str, Any] = {
        "title": None, "year": None, "issuers": (), "doc_number": None, "issued": None, "signer": None,
        "figures": find_figures(sections),
    }  # fmt: skip
    place = place if isinstance(place, Place) else Place(**place)
    report = Report(**known | fields, place=place, sections=sections)
    norms = tuple(normalize(section.text) for section in sections)
    text_hash = hashlib.sha256("".join(norms).encode()).hexdigest()
    file = SourceFile(path=path, format=Format(Path(path).suffix[1:]), size_bytes=1, sha256=text_hash)
    read = ReadFile(
        sha256=text_hash,
        format=file.format,
        text_hash=text_hash,
        report=report,
        norms=norms,
        words=_joined(section.text for section in sections),
        heading_words=_joined(section.heading or "" for section in sections),
        title_words=" ".join(words(report.title or "")),
    )
    return indexed_sections(IndexedReport(key=key, text_hash=text_hash, report=report, files=(file,)), read)


def _section(values: Sequence[Any]) -> Section:
    path, level, marker, heading, part, text, *topics = values
    return Section(
        path=path,
        level=level,
        marker=marker,
        heading=heading,
        part=Part(part),
        text=text,
        topics=tuple(topics[0]) if topics else (),
    )


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(words(text)) for text in texts)


def build_engine(index_dir: Path, *reports: Mapping[str, Any]) -> EmbeddedEngine:
    """An engine over a new index of some reports, with a clock that stands still."""
    engine = EmbeddedEngine(index_dir, lambda: datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    engine.replace_all(build_sections(*reports), state="")
    return engine
