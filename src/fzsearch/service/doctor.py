"""Does an index still tell the truth about its corpus? Drift, unreadable files, duplicates, gaps, damage."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fzsearch.engine import RANKERS, Engine, IndexInfo
from fzsearch.ingest import file_sha256, walk
from fzsearch.model import IndexedReport, Level, shown_path
from fzsearch.service.catalogue import Catalogue, FileRecord, rules_fingerprint
from fzsearch.service.reading import Lists, list_mistakes
from fzsearch.service.sources import Sources

ONE_MACHINE_SECTIONS = 1_000_000
"""About so many were measured on one machine, with either ranker: at 950,000 whoever first asks for a word waits 0.3 to
0.7 s, and indexing takes 4 GB. Whoosh is not outgrown before tantivy is: their times are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Files that differ between corpus and index; paths as people see them, in order.

    A file also counts as changed when its sidecar did.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    rules_changed: bool

    @property
    def is_none(self) -> bool:
        """Whether the index is up to date."""
        return not (self.new or self.changed or self.deleted or self.rules_changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What `fzsearch doctor` found.

    Attributes:
        damage: Chinese sentences about index files that changed on disk.
        drift: None where no corpus was given.
        poor: files of which little was read, or nothing sure.
        duplicates: reports that stand in several files.
        rivals: reports that share place and year with another text.
        unsettled: reports without year or township, or with several possible places.
        mistakes: Chinese sentences about sidecars and lists that could not be used, by the index or now.
    """

    info: IndexInfo
    damage: tuple[str, ...]
    drift: Drift | None
    unreadable: tuple[FileRecord, ...]
    poor: tuple[FileRecord, ...]
    duplicates: tuple[IndexedReport, ...]
    rivals: tuple[IndexedReport, ...]
    unsettled: tuple[IndexedReport, ...]
    mistakes: tuple[str, ...] = ()

    @property
    def advice(self) -> str | None:
        """What would make a sound index better, as a Chinese sentence."""
        sections = self.info.counts.sections
        if self.info.engine not in RANKERS or sections < ONE_MACHINE_SECTIONS:
            return None
        limit = f"索引已有 {sections} 段，超过了 {self.info.engine} 引擎在一台机器上实测过的 {ONE_MACHINE_SECTIONS} 段"
        how = "请安装 fzsearch[opensearch]，再运行 fzsearch index 语料目录 --engine opensearch --url 网址"
        return f"{limit}；{how}（链接和结果不变）"

    @property
    def is_healthy(self) -> bool:
        """Whether nothing has to be done: no damage, no drift, every file read, every correction used."""
        return not (self.damage or self.unreadable or self.mistakes) and (self.drift is None or self.drift.is_none)


def diagnose(engine: Engine, corpus: Path | None) -> Diagnosis:
    """Compare an index with itself and with its corpus.

    Raises:
        CorpusError: the corpus folder cannot be used.
        EngineError: there is no index, or it has to be rebuilt.
    """
    catalogue = Catalogue.from_json(engine.state())
    drift, mistakes = _compared(catalogue, corpus) if corpus else (None, ())
    reports = engine.reports()
    return Diagnosis(
        info=engine.info(),
        damage=engine.check(),
        drift=drift,
        unreadable=catalogue.unreadable(),
        poor=catalogue.poor(),
        duplicates=tuple(record for record in reports if len(record.files) > 1),
        rivals=tuple(record for record in reports if "~" in record.key),
        unsettled=tuple(record for record in reports if unsettled_fields(record)),
        mistakes=tuple(dict.fromkeys((*catalogue.mistakes(), *mistakes))),
    )


def unsettled_fields(record: IndexedReport) -> tuple[str, ...]:
    """What is not known of a report, in Chinese: 年度, 乡镇, 县; only what one of its level should have."""
    report, place = record.report, record.report.place
    is_township = report.level is Level.TOWNSHIP
    missing = [
        ("年度", report.year is None and report.level is not Level.OTHER),
        ("乡镇", is_township and place.township is None),
        ("县", place.is_ambiguous or (place.township is not None and place.county is None)),
    ]
    return tuple(name for name, is_missing in missing if is_missing)


def _compared(catalogue: Catalogue, corpus: Path) -> tuple[Drift, tuple[str, ...]]:
    """The drift, and what is wrong in the corpus now with corrections of no file and with lists."""
    known = {file.path: file for file in catalogue.files}
    found = {file.path: file for file in walk(corpus)}
    both = [(known[path], file) for path, file in found.items() if path in known]
    touched = [
        record.path for record, file in both if (record.size_bytes, record.mtime_ns) != (file.size_bytes, file.mtime_ns)
    ]
    refused = {path: file.problem.reason for path, file in found.items() if file.problem}
    changed = {
        path
        for path in {*touched, *refused} & known.keys()
        if (
            known[path].reason != refused[path] if path in refused else file_sha256(corpus / path) != known[path].sha256
        )
    }
    sources = Sources.of_corpus(corpus, found)
    changed |= {
        record.path for record, file in both if not file.problem and record.evidence != sources[file.path].evidence
    }
    lists = Lists.of_corpus(corpus)
    drift = Drift(
        new=_shown(set(found) - set(known)),
        changed=_shown(changed),
        deleted=_shown(set(known) - set(found)),
        rules_changed=catalogue.rules != rules_fingerprint(lists),
    )
    return drift, (*list_mistakes(lists), *sources.mistakes)


def _shown(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(shown_path(path) for path in sorted(paths))
