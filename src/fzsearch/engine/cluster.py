"""How do several machines answer? The engine on OpenSearch: one index behind an alias, the same promises.

`replace_all` writes a new index and moves the alias to it in one step. `apply` writes into the index at hand; what it
writes is seen at the refresh that ends it. The note, which says what is indexed, is written last: a commit that was cut
off is repaired by running again, because ids decide what is replaced.
"""

import base64
import hashlib
import threading
import uuid
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from fzsearch.config import ClusterSettings
from fzsearch.engine.cluster_answers import result_of, totals_of
from fzsearch.engine.cluster_client import Cluster
from fzsearch.engine.cluster_commit import settle, wait_for_copies
from fzsearch.engine.cluster_documents import (
    FORMAT,
    Document,
    documents,
    index_body,
    section_of,
    stored_figures,
    stored_record,
    stored_section,
)
from fzsearch.engine.cluster_lock import Lease, writing
from fzsearch.engine.cluster_memory import Answers
from fzsearch.engine.cluster_mirror import Mirror
from fzsearch.engine.cluster_query import (
    Asked,
    contains,
    figure_counts_body,
    figures_query,
    headings_body,
    nearest_body,
    search_body,
    totals_body,
)
from fzsearch.engine.protocol import IndexedSection, IndexInfo, Overlap, SharedRun, StoredFigure, StoredSection
from fzsearch.engine.records import short_record
from fzsearch.engine.sharing import overlaps_of, runs_of
from fzsearch.errors import EngineError, IndexMissingError, IndexOutdatedError
from fzsearch.model import IndexedReport
from fzsearch.query import Counts, Query, SearchResult

NAME = "opensearch"
_WINDOW = 10_000  # index.max_result_window; beyond it, pages are walked
_PAGE = 2_000
_NOTE_PART = 4_000_000  # characters; a request may have 100 MB, a note of 400,000 files has more
_META = {"routing": "note"}
_MOST_MIRRORED = 200_000
_WHOLE = {"allow_partial_search_results": "false", "search_type": "dfs_query_then_fetch"}
_OVERTAKEN = "读取途中 OpenSearch 的索引更新了或有节点掉线；请再试一次"
_BY_PLACE: list[Asked] = [{"report": "asc"}, {"order": "asc"}]


class OpenSearchEngine:
    """The engine behind `--engine opensearch`; each call asks the index that the alias names at that moment."""

    def __init__(self, settings: ClusterSettings, now: Callable[[], datetime]) -> None:
        self._cluster = Cluster(settings)
        self._settings = settings
        self._alias = settings.index
        self._now = now
        self._lock = threading.Lock()
        self._mirrored: tuple[str, Mirror] | None = None
        self._answers = Answers(self._settled)

    # ---- reading

    def search(self, query: Query) -> SearchResult:
        """Answer an engine tree."""
        return self._answers.get(query, lambda: self._ask(query))

    def _ask(self, query: Query) -> SearchResult:
        body, end = search_body(query), None if query.limit is None else query.offset + query.limit
        if end is not None and end <= _WINDOW:
            answer = self._search(body | {"from": query.offset, "size": query.limit})
            found = answer["hits"]["hits"]
        else:
            answer, found = self._cluster.patiently(lambda: self._deep(body, query.offset, end))
        return result_of(answer["aggregations"], found, query)

    def _deep(self, body: Asked, start: int, end: int | None) -> tuple[Any, list[Any]]:
        """Counts and far or all hits, of one state of the index."""
        pages = self._pages(body, self._alias)
        first = next(pages)
        hits = chain(first["hits"]["hits"], (hit for page in pages for hit in page["hits"]["hits"]))
        return first, list(islice(hits, start, end))

    def _search(self, body: Asked) -> Any:
        copy = hashlib.sha256(repr(body["query"]).encode()).hexdigest()[:16]  # pages of one question ask the same one
        return self._cluster.ask("POST", f"/{self._alias}/_search", body, **_WHOLE, preference=copy)

    def _walk(self, body: Asked, index: str | None = None) -> Iterator[Any]:
        """All hits in their order, of one state of the index."""
        for page in self._pages(body, index or self._alias):
            yield from page["hits"]["hits"]

    def _pages(self, body: Asked, index: str) -> Iterator[Any]:
        """One answer after another until there are no more hits, of one state of the index; the first one counts.

        Raises:
            EngineError: also when that state is gone, because its node died or the index was replaced.
        """
        opened = f"/{index}/_search/point_in_time"
        point = self._cluster.ask("POST", opened, keep_alive="2m", allow_partial_pit_creation="false")["pit_id"]
        try:
            while True:
                asked = body | {"size": _PAGE, "pit": {"id": point, "keep_alive": "2m"}}
                try:
                    page = self._cluster.ask("POST", "/_search", asked, **_WHOLE)
                except IndexMissingError as error:
                    raise EngineError(_OVERTAKEN, retry_after=1) from error
                yield page
                hits = page["hits"]["hits"]
                if len(hits) < _PAGE:
                    return
                body = {key: value for key, value in body.items() if key != "aggs"} | {"search_after": hits[-1]["sort"]}
        finally:
            with suppress(EngineError):  # it ends by itself
                self._cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": [point]})

    def _of_kind(self, kind: str, *conditions: Asked, source: Sequence[str] = ()) -> Iterator[Any]:
        query = {"bool": {"filter": [{"term": {"kind": kind}}, *conditions]}}
        return self._walk({"query": query, "sort": _BY_PLACE, "_source": list(source) or False})

    def sections(self, ids: Sequence[str]) -> tuple[StoredSection, ...]:
        """Sections by id, in that order; unknown ones left out."""
        named = self._named("section", "_id", ids, ["stored.section", "hash", "report"])
        found = {hit["_id"]: hit["_source"] for hit in named}
        records = self._short_records({source["report"] for source in found.values()})
        return tuple(
            stored_section(found[one], one, records[found[one]["report"]])
            for one in ids
            if one in found and found[one]["report"] in records
        )

    def _records(self, keys: Collection[str]) -> dict[str, IndexedReport]:
        """Reports without sections and figures."""
        found = self._named("report", "report", sorted(keys), ["stored.record", "report"])
        return {hit["_source"]["report"]: stored_record(hit["_source"]) for hit in found}

    def _short_records(self, keys: Collection[str]) -> dict[str, IndexedReport]:
        return {key: short_record(record) for key, record in self._records(keys).items()}

    def _named(self, kind: str, field: str, names: Sequence[str], source: Sequence[str]) -> Iterator[Any]:
        """The documents of a kind with these names in a field, in portions that one request holds."""
        for start in range(0, len(names), _PAGE):
            terms = [{"term": {"kind": kind}}, {"terms": {field: list(names[start : start + _PAGE])}}]
            body = {"query": {"bool": {"filter": terms}}, "size": _PAGE, "_source": source}
            yield from self._search(body)["hits"]["hits"]

    def with_hash(self, text_hash: str) -> tuple[str, ...]:
        """The ids of the sections of one text."""
        return tuple(hit["_id"] for hit in self._of_kind("section", {"term": {"hash": text_hash}}))

    def reports_holding(self, norm: str) -> tuple[str, ...]:
        """The keys of the reports that contain a string, also across sections."""
        return tuple(hit["sort"][0] for hit in self._of_kind("report", contains("joined_pairs", norm)))

    def nearest(self, norm: str, limit: int) -> tuple[str, ...]:
        """The ids of the sections that come closest to a string."""
        return tuple(hit["_id"] for hit in self._search(nearest_body(norm, limit))["hits"]["hits"]) if norm else ()

    def overlaps(self) -> tuple[Overlap, ...]:
        """What every report shares with others; all texts are fetched for it.

        Raises:
            EngineError: there are too many.
        """
        mirror = self._mirror()
        return overlaps_of(mirror.shared, mirror.keys)

    def shared_runs(self, key: str) -> tuple[SharedRun, ...]:
        """What of a report stands in others too. Raises as `overlaps`."""
        mirror = self._mirror()
        if key not in mirror.keys:
            return ()
        return runs_of(mirror.shared, mirror.exact, mirror.keys.index(key), mirror.ids_of)

    def _mirror(self) -> Mirror:
        """The texts of the last commit on this machine, fetched once for each."""
        info, commit = self.info(), self._meta(self._alias)["commit"]
        if info.counts.sections > _MOST_MIRRORED:
            raise EngineError(
                f"雷同比对要取回全部正文，最多 {_MOST_MIRRORED:,} 段，"
                f"现有 {info.counts.sections:,} 段；请分地区建立索引再比对"
            )
        with self._lock:
            if self._mirrored is None or self._mirrored[0] != commit:
                self._mirrored = (commit, Mirror(self._of_kind("section", source=["stored.norm", "township_no"])))
            return self._mirrored[1]

    def figures(self, query: Query, indicator: str | None = None) -> tuple[StoredFigure, ...]:
        """The figures in the sections that a query matches."""
        source = ["stored.figures", "hash", "report"]
        hits = [hit["_source"] for hit in self._of_kind("section", figures_query(query, indicator), source=source)]
        records = self._short_records({one["report"] for one in hits})
        if any(one["report"] not in records for one in hits):
            raise EngineError(_OVERTAKEN, retry_after=1)
        return tuple(
            StoredFigure(number=number, figure=figure, section_hash=one["hash"], report=records[one["report"]])
            for one in hits
            for number, figure in stored_figures(one)
            if indicator in {None, figure.indicator}
        )

    def figure_counts(self, query: Query) -> Mapping[str | None, int]:
        """How many of them each indicator has."""
        counted = self._search(figure_counts_body(query))["aggregations"]["figures"]["indicators"]["buckets"]
        return {one["key"] or None: one["doc_count"] for one in counted}

    def headings(self) -> Mapping[str, int]:
        """How many sections have each heading; of very many the most frequent."""
        counted = self._search(headings_body())["aggregations"]["headings"]["buckets"]
        return {one["key"]: one["doc_count"] for one in counted}

    def holding(self, norm: str) -> int:
        """How many sections contain a string."""
        found = {"bool": {"filter": [{"term": {"kind": "section"}}, contains("pairs", norm)]}}
        return int(self._search({"query": found, "size": 0, "track_total_hits": True})["hits"]["total"]["value"])

    def report(self, key: str) -> IndexedReport | None:
        """A whole report."""
        record = self._records([key]).get(key)
        if record is None:
            return None
        sources = [hit["_source"]["stored"] for hit in self._of_kind(
            "section", {"term": {"report": key}}, source=["stored.section", "stored.figures"])]  # fmt: skip
        numbered = sorted(
            (one for source in sources for one in stored_figures({"stored": source})), key=lambda one: one[0]
        )
        sections = tuple(section_of(source["section"]) for source in sources)
        figures = tuple(figure for _, figure in numbered)
        return replace(record, report=replace(record.report, sections=sections, figures=figures))

    def reports(self) -> tuple[IndexedReport, ...]:
        """All reports by key, without sections and figures."""
        found = self._of_kind("report", source=["stored.record"])
        return tuple(stored_record(hit["_source"]) for hit in found)

    def short_reports(self) -> Iterator[IndexedReport]:
        """The same in short, one after the other."""
        found = self._of_kind("report", source=["stored.record"])
        return (short_record(stored_record(hit["_source"])) for hit in found)

    def state(self) -> str:
        """The note of the last commit."""
        meta = self._meta(self._alias)
        ids = [f"note:{meta['commit']}:{number}" for number in range(meta["parts"])]
        packed = "".join(self._document(self._alias, name)["part"] for name in ids)
        return zlib.decompress(base64.b64decode(packed)).decode("utf-8", "surrogatepass")

    def info(self) -> IndexInfo:
        """Version, time and size."""
        meta = self._meta(self._alias)
        counts = Counts(**meta["counts"])
        return IndexInfo(engine=NAME, version=meta["version"], built_at=meta["built_at"], counts=counts)

    def _settled(self) -> str | None:
        meta = self._meta(self._alias)
        return None if meta["pending"] else str(meta["commit"])

    def _meta(self, index: str) -> dict[str, Any]:
        return self._document(index, "meta")

    def _document(self, index: str, name: str) -> dict[str, Any]:
        """What is stored under an id of the note.

        Raises:
            IndexMissingError, IndexOutdatedError: there is no index, or not one of ours.
        """
        found = self._cluster.ask("GET", f"/{index}/_doc/{name}", **_META)
        stored: dict[str, Any] = found["_source"]["stored"]
        if stored.get("format", FORMAT) != FORMAT:
            raise IndexOutdatedError(
                f"OpenSearch 里的索引 {self._alias} 是另一版 fzsearch 建的；请重建：fzsearch index 语料目录 --full "
                f"--engine opensearch --index-name {self._alias}"
            )
        return stored

    def check(self) -> tuple[str, ...]:
        """Whether what is there is what the last commit wrote."""
        meta, told = self._meta(self._alias), []
        if meta["pending"]:
            told.append("上一次写入没有完成；请重新运行 fzsearch index")
        if self._counts(self._alias) != Counts(**meta["counts"]) or self._version(self._alias) != meta["version"]:
            told.append("OpenSearch 里的内容与写入时不同，请用 --full 重建")
        return tuple(told)

    def close(self) -> None:
        """Let go of connections."""
        self._cluster.close()

    # ---- writing

    def replace_all(self, sections: Iterable[IndexedSection], state: str) -> None:
        """Write a new index and move the alias to it."""
        with writing(self._cluster, self._alias, self._now) as lease:
            self._replace_all(sections, state, lease)

    def _replace_all(self, sections: Iterable[IndexedSection], state: str, lease: Lease) -> None:
        commit = uuid.uuid4().hex[:12]
        index = f"{self._alias}-{self._now():%Y%m%d%H%M%S}-{commit[:4]}"
        old = self._indices()
        try:
            self._cluster.create(index, index_body(self._settings.shards, self._settings.replicas))
            wait_for_copies(self._cluster, index)
            written = self._cluster.bulk(index, documents(lease.renewing(sections), commit))
            settle(self._cluster, index, commit, written, lease.renew)
            self._finish(index, commit, state)
            lease.renew()
        except BaseException:  # also Ctrl-C: give the space back, keep the old index
            with suppress(EngineError):  # the next run removes it
                self._cluster.ask("DELETE", f"/{index}")
            raise
        current = [one for one, is_current in old.items() if is_current]
        moved = [{"remove": {"index": one, "alias": self._alias, "must_exist": False}} for one in current]
        self._cluster.tell("POST", "/_aliases", {"actions": [*moved, {"add": {"index": index, "alias": self._alias}}]})
        for one in old:  # also what a killed run has left
            self._cluster.remove(one)

    def _indices(self) -> dict[str, bool]:
        """The indices behind this name, and whether the alias names them."""
        named = self._cluster.tell("GET", f"/{self._alias}-2*/_alias", ignore_unavailable="true")
        return {index: self._alias in facts["aliases"] for index, facts in named.items()}

    def apply(self, upserts: Iterable[IndexedSection], delete_reports: Collection[str], state: str) -> None:
        """Write whole reports, delete others, in the index at hand; without one, from nothing."""
        with writing(self._cluster, self._alias, self._now) as lease:
            current = [index for index, is_current in self._indices().items() if is_current]
            if not current:
                self._replace_all(upserts, state, lease)
            else:
                self._apply(current[0], upserts, set(delete_reports), state, lease)

    def _apply(
        self, index: str, upserts: Iterable[IndexedSection], delete_reports: set[str], state: str, lease: Lease
    ) -> None:
        meta, commit = self._meta(index), uuid.uuid4().hex[:12]
        wait_for_copies(self._cluster, index)
        self._put_meta(index, meta | {"pending": True})
        keys: set[str] = set()

        def noted() -> Iterator[IndexedSection]:
            for row in lease.renewing(upserts):
                keys.add(row.report.key)
                yield row

        written = self._cluster.bulk(index, documents(noted(), commit))
        settle(self._cluster, index, commit, written, lease.renew, sorted(keys | delete_reports))
        self._finish(index, commit, state)

    def _finish(self, index: str, commit: str, state: str) -> None:
        packed = base64.b64encode(zlib.compress(state.encode("utf-8", "surrogatepass"))).decode()
        parts = [packed[at : at + _NOTE_PART] for at in range(0, len(packed), _NOTE_PART)]
        notes: list[tuple[str, str, Document]] = [
            (f"note:{commit}:{number}", "note", {"kind": "note", "commit": commit, "stored": {"part": part}})
            for number, part in enumerate(parts)
        ]
        self._cluster.bulk(index, notes)
        facts = {
            "format": FORMAT,
            "commit": commit,
            "parts": len(parts),
            "pending": False,
            "version": self._cluster.patiently(lambda: self._version(index), 60),
            "built_at": self._now().isoformat(timespec="seconds"),
            "counts": asdict(self._cluster.patiently(lambda: self._counts(index), 60)),
        }
        self._put_meta(index, facts)
        old = {"bool": {"filter": [{"term": {"kind": "note"}}], "must_not": [{"term": {"commit": commit}}]}}
        self._cluster.tell("POST", f"/{index}/_delete_by_query", {"query": old}, conflicts="proceed")

    def _put_meta(self, index: str, facts: Mapping[str, Any]) -> None:
        document = {"kind": "meta", "commit": facts["commit"], "stored": facts}
        self._cluster.tell("PUT", f"/{index}/_doc/meta", document, **_META)

    def _counts(self, index: str) -> Counts:
        answer = self._cluster.ask("POST", f"/{index}/_search", totals_body(), allow_partial_search_results="false")
        return totals_of(answer["aggregations"]["total"])

    def _version(self, index: str) -> str:
        """8 hex digits of the SHA-256 over the digests of all reports, by key."""
        digest = hashlib.sha256()
        reports = {"query": {"term": {"kind": "report"}}, "sort": _BY_PLACE, "_source": False}
        for hit in self._walk(reports | {"docvalue_fields": ["digest"]}, index):
            digest.update(f"{hit['sort'][0]} {hit['fields']['digest'][0]}\n".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:8]
