"""What does a person get for what they typed? Searching, reading reports back, and what the index holds."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from fzsearch.engine import Engine, IndexInfo, StoredSection
from fzsearch.errors import EngineError, NotFoundError
from fzsearch.model import IndexedReport, Topic
from fzsearch.query import Facet, Hit, Query, SearchResult, Sort, parse_query
from fzsearch.service.addresses import Address
from fzsearch.service.asking import Passage, ReportList, SearchPage, SearchRequest, passage_of, topic_passages
from fzsearch.service.compile import compile_query
from fzsearch.service.copying import Copying, SharedPassages, find_copying
from fzsearch.service.coverage import Coverage, coverage
from fzsearch.service.explain import explain
from fzsearch.service.figures import FigureAnswer, indicator_named
from fzsearch.service.links import Resolution, resolve
from fzsearch.service.marks import Span, spans
from fzsearch.service.near import near_names
from fzsearch.service.overview import Overview, read_overview
from fzsearch.service.quotations import Found, find_quotation
from fzsearch.service.standing import Standing
from fzsearch.service.suggest import Suggester, Suggestion, corrections, suggestions
from fzsearch.service.topic_facts import Filters, TopicFacts, TopicRow, topic_facts, topic_rows
from fzsearch.service.topic_trial import Trial, try_topic

_TRIES = 3


class SearchService:
    """Searches one engine; may be used from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._standing = Standing(engine)
        self._values: tuple[str, Mapping[Facet, Sequence[str]]] = ("", {})
        self._overview: Overview | None = None
        self._copying: tuple[Overview | None, tuple[Copying, ...]] = (None, ())
        self._lock, self._worker = Lock(), ThreadPoolExecutor(max_workers=1)
        self._working: Future[tuple[Copying, ...]] | None = None
        self._suggester: tuple[str, Suggester] | None = None

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer a request.

        Raises:
            QueryError: the query is too long.
            EngineError: the index cannot answer.
        """
        began = time.perf_counter()
        parsed = parse_query(request.text)
        compiled = compile_query(parsed, request.match, self.values)
        query = Query(
            root=compiled.root,
            filters=request.filters,
            sort=request.sort,
            offset=request.offset,
            limit=request.limit,
            explain=request.explain,
        )
        found, passages = self._found(query, lambda hits: hits)
        return SearchPage(
            request=request,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
            total=found.total,
            exact=found.exact,
            hits=passages,
            facets=found.facets,
            notes=parsed.notes + compiled.notes,
            explanation=None
            if found.total.sections
            else explain(self._engine, parsed, compiled.root, request.filters, self.values, self._corrections),
        )

    def newest(self, request: SearchRequest) -> tuple[Passage, ...]:
        """The hits in the newest reports, whatever order was asked for; in one report in the order of the report.

        Raises:
            QueryError: the query is too long.
        """
        compiled = compile_query(parse_query(request.text), request.match, self.values)
        days = {entry.key: entry.day.toordinal() for entry in self.overview().entries}

        def newest_first(hit: Hit) -> tuple[int, str]:
            key = hit.id.partition("/")[0]
            return -days.get(key, 0), key

        def newest(hits: Sequence[Hit]) -> Sequence[Hit]:
            # Sorting is stable: the sections of a report stay in their order.
            return sorted(hits, key=newest_first)[request.offset :][: request.limit]

        query = Query(root=compiled.root, filters=request.filters, sort=Sort.PLACE, limit=None)
        return self._found(query, newest)[1]

    def _found(
        self, query: Query, choose: Callable[[Sequence[Hit]], Sequence[Hit]]
    ) -> tuple[SearchResult, tuple[Passage, ...]]:
        """An answer and the texts of the chosen hits, of one state of the index.

        Raises:
            EngineError: it was written three times meanwhile.
        """
        for _ in range(_TRIES):
            version = self._engine.info().version
            found = self._engine.search(query)
            hits = choose(found.hits)
            stored = {one.id: one for one in self._engine.sections([hit.id for hit in hits])}
            if len(stored) == len(hits) and self._engine.info().version == version:
                return found, tuple(passage_of(stored[hit.id], hit, query.root) for hit in hits)
        raise EngineError("索引正在更新，这次没有查完整；请再试一次", retry_after=1)

    def reports_of(self, request: SearchRequest) -> ReportList:
        """The reports in which a request finds something.

        Raises:
            QueryError: the query is too long.
        """
        parsed = parse_query(request.text)
        compiled = compile_query(parsed, request.match, self.values)
        found = self._engine.search(Query(root=compiled.root, filters=request.filters, limit=None))
        keys = {hit.id.partition("/")[0] for hit in found.hits}
        entries = tuple(entry for entry in self.overview().entries if entry.key in keys)
        return ReportList(request=request, total=found.total, entries=entries, notes=parsed.notes + compiled.notes)

    def marks(self, text: str, request: SearchRequest) -> tuple[Span, ...]:
        """The ranges of any text that a request marks."""
        return spans(text, compile_query(parse_query(request.text), request.match, self.values).root)

    def values(self, facet: Facet) -> Sequence[str]:
        """All values of a facet that the index knows."""
        version = self.info().version
        if self._values[0] != version:
            facets = self._engine.search(Query(limit=0)).facets
            self._values = (version, {name: [one.value for one in counts] for name, counts in facets.items()})
        return self._values[1].get(facet, ())

    def suggest(self, typed: str) -> tuple[Suggestion, ...]:
        """What a person may be about to type, at most eight."""
        return suggestions(typed, self._suggestions(), self._engine.holding)

    def _corrections(self, typed: str) -> list[str]:
        """What in the index differs from a term by little."""
        return corrections(typed, self._suggestions(), self._engine.holding)

    def _suggestions(self) -> Suggester:
        """Made again only when the index has changed."""
        version, known = self.info().version, self._suggester
        if known is None or known[0] != version:
            facets = self._engine.search(Query(limit=0)).facets
            known = self._suggester = (version, Suggester(self._engine.headings(), facets))
        return known[1]

    def report(self, key: str) -> IndexedReport:
        """A whole report.

        Raises:
            NotFoundError: no report of that key.
        """
        found = self._engine.report(key)
        if found is None:
            raise NotFoundError(f"没有编号为“{key}”的报告；可用 fzsearch search 查到报告的编号")
        return found

    def sections_of(self, record: IndexedReport) -> tuple[StoredSection, ...]:
        """The sections of a whole report as stored, with the hashes that their addresses name."""
        return self._engine.sections([f"{record.key}/{section.path}" for section in record.report.sections])

    def section(self, section_id: str) -> StoredSection:
        """One section, by `<key>/<path>`.

        Raises:
            NotFoundError: no section of that id.
        """
        found = self._engine.sections([section_id])
        if not found:
            raise NotFoundError(f"没有编号为“{section_id}”的段；可用 fzsearch show 报告编号 看它有哪些段")
        return found[0]

    def resolve(self, address: Address) -> Resolution:
        """What has become of a permanent address."""
        return resolve(self._engine, address.key, address.path, address.hash)

    def quotation(self, text: str) -> Found:
        """Where a quotation stands, word for word or almost."""
        return find_quotation(self._engine, text)

    def copying(self) -> tuple[Copying, ...]:
        """Which reports share wording with others, most first; slow the first time for each state of the index."""
        overview = self.overview()
        if self._copying[0] is not overview:
            self._copying = (overview, find_copying(self._engine.overlaps(), overview.entries))
        return self._copying[1]

    def copying_soon(self, wait_s: float) -> tuple[Copying, ...] | None:
        """The same; None where it takes longer than `wait_s`: it goes on in the background, to be asked for again."""
        with self._lock:
            if self._working is None or self._working.done():
                self._working = self._worker.submit(self.copying)
            working = self._working
        try:
            return working.result(wait_s)
        except TimeoutError:
            return None

    def shared_passages(self, key: str) -> tuple[Copying, SharedPassages]:
        """What of a report stands in others too.

        Raises:
            NotFoundError: no report of that key.
        """
        record = self.report(key)
        copying = next((one for one in self.copying() if one.entry.key == record.key), None)
        if copying is None:  # the index has been switched since
            raise NotFoundError(f"索引刚刚更新，报告“{key}”暂时没有雷同的数；请刷新再看")
        return copying, SharedPassages(self._engine, self.sections_of(record), self._engine.shared_runs(key), copying)

    def overview(self) -> Overview:
        """What the index holds; read again only when the index has changed."""
        known, info = self._overview, self.info()
        if known is None or known.info != info:
            known = self._overview = read_overview(self._engine)
        return known

    def figures(self, request: SearchRequest, indicator: str | None) -> FigureAnswer:
        """The figures of an indicator, by id or name, None for all, in the sections that a request finds.

        Raises:
            UnknownIndicatorError: there is no such indicator.
            QueryError: the query is too long.
        """
        known = indicator_named(indicator) if indicator else None
        parsed = parse_query(request.text)
        compiled = compile_query(parsed, request.match, self.values)
        query = Query(root=compiled.root, filters=request.filters)
        return FigureAnswer(
            text=request.text,
            filters=request.filters,
            indicator=known,
            figures=self._engine.figures(query, known.id if known else None),
            notes=parsed.notes + compiled.notes,
        )

    def figure_counts(self, request: SearchRequest) -> Mapping[str | None, int]:
        """How many figures of each indicator stand in the sections that a request finds; None: of no indicator."""
        root = compile_query(parse_query(request.text), request.match, self.values).root
        return self._engine.figure_counts(Query(root=root, filters=request.filters))

    def coverage(self, filters: Mapping[Facet, tuple[str, ...]]) -> Coverage:
        """Which townships and years of a region the index holds.

        Raises:
            QueryError: the region is too large.
        """
        return coverage(self.overview(), filters)

    def topic(self, name: str, limit: int = 10) -> TopicFacts:
        """What the index knows of a topic, with its `limit` best sections.

        Raises:
            NotFoundError: neither the vocabulary nor any section has a topic of that name.
        """
        known = next((topic for topic in self.overview().all_topics if topic.name == name), None)
        if known is None:
            near = near_names(name, self.overview().topic_groups)
            hint = f"，是不是 {'、'.join(near)}" if near else ""
            raise NotFoundError(f"没有名为“{name}”的主题{hint}；全部主题见 fzsearch topics 或主题页")
        return topic_facts(self._engine, known, limit)

    def topic_rows(self, filters: Filters) -> tuple[TopicRow, ...]:
        """Every topic with how much of what the filters leave speaks of it, in the order of the vocabulary."""
        return topic_rows(self._engine, self.overview().all_topics, filters)

    def try_topic(self, topic: Topic, filters: Filters, limit: int = 5) -> Trial:
        """What a topic would match that the vocabulary does not have, with its `limit` best sections.

        Raises:
            QueryError: its patterns and exceptions do not go together.
        """
        return try_topic(self._engine, topic, filters, limit)

    def best_of(self, facts: TopicFacts) -> tuple[Passage, ...]:
        """The best sections of a topic, ready to show."""
        scores = dict(facts.best)
        stored = self._engine.sections([section_id for section_id, _ in facts.best])
        return topic_passages(facts.topic, stored, scores)

    def warm_up(self) -> None:
        """Open the index and load the lists of words and places, so that the first person does not wait for them.

        Raises:
            EngineError: there is no index, or it has to be rebuilt.
        """
        self.search(SearchRequest(text="法治", limit=1))
        self.suggest("法治")
        overview = self.overview()
        _ = overview.atlas, overview.place_list.counties
        gc.collect()
        gc.freeze()  # looking through all reports for garbage takes 0.2 s now and then, at 10,000 of them

    def info(self) -> IndexInfo:
        """Version, time and size of the index; an engine that is known to be away is not waited for."""
        return self._standing.info()

    def ready(self) -> IndexInfo:
        """The same, after every part of the index was asked for something small that no report holds."""
        info = self.info()
        self._engine.holding("齉齾")
        return info
