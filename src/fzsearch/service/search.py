"""What does a person get for what they typed? Searching, reading reports back, and what the index holds."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fzsearch.engine import Engine, IndexInfo, StoredSection
from fzsearch.errors import NotFoundError
from fzsearch.model import IndexedReport
from fzsearch.query import Counts, Facet, FacetCount, Node, Query, Sort, parse_query
from fzsearch.service.compile import Compiled, Match, compile_query
from fzsearch.service.explain import Explanation, explain
from fzsearch.service.marks import Piece, Span, snippet, spans


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What was asked: the query as typed and the choices around it.

    `limit` None gives all hits; `filters` hold values as `query.Query` does.
    """

    text: str = ""
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    match: Match = Match.ALL
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int | None = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A hit, ready to show.

    Attributes:
        exact: whether the section holds the query literally.
        url: permanent address with the hash of the text.
        marks: marked ranges of `stored.section.text`, the unchanged source.
        snippet: the part of it that is shown, in pieces.
    """

    stored: StoredSection
    score: float
    exact: bool
    marks: tuple[Span, ...]
    snippet: tuple[Piece, ...]

    @property
    def url(self) -> str:
        """The permanent address of the section."""
        return section_url(self.stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of answers; `explanation` only where nothing was found."""

    request: SearchRequest
    took_ms: float
    total: Counts
    exact: Counts
    hits: tuple[Passage, ...]
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    notes: tuple[str, ...]
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the index holds: sections of each facet value, reports by year and by county."""

    info: IndexInfo
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    reports: tuple[IndexedReport, ...]


def section_url(stored: StoredSection) -> str:
    """The permanent address of a section: it names the text by its hash."""
    return f"/r/{stored.id}@{stored.hash}"


class SearchService:
    """Searches one engine; may be used from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._values: tuple[str, Mapping[Facet, Sequence[str]]] = ("", {})

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer a request.

        Raises:
            QueryError: the query is too long.
            EngineError: the index cannot answer.
        """
        began = time.perf_counter()
        parsed = parse_query(request.text)
        compiled = self._compile(request)
        found = self._engine.search(
            Query(
                root=compiled.root,
                filters=request.filters,
                sort=request.sort,
                offset=request.offset,
                limit=request.limit,
            )
        )
        stored = {one.id: one for one in self._engine.sections([hit.id for hit in found.hits])}
        passages = tuple(
            _passage(stored[hit.id], hit.score, compiled.root, exact=hit.exact)
            for hit in found.hits
            if hit.id in stored
        )
        is_empty = found.total.sections == 0
        return SearchPage(
            request=request,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
            total=found.total,
            exact=found.exact,
            hits=passages,
            facets=found.facets,
            notes=parsed.notes + compiled.notes,
            explanation=explain(self._engine, parsed, compiled.root, request.filters, self.values)
            if is_empty
            else None,
        )

    def _compile(self, request: SearchRequest) -> Compiled:
        return compile_query(parse_query(request.text), request.match, self.values)

    def marks(self, text: str, request: SearchRequest) -> tuple[Span, ...]:
        """The ranges of any text that a request marks."""
        return spans(text, self._compile(request).root)

    def values(self, facet: Facet) -> Sequence[str]:
        """All values of a facet that the index knows."""
        version = self._engine.info().version
        if self._values[0] != version:
            facets = self._engine.search(Query(limit=0)).facets
            self._values = (version, {name: [one.value for one in counts] for name, counts in facets.items()})
        return self._values[1].get(facet, ())

    def report(self, key: str) -> IndexedReport:
        """A whole report.

        Raises:
            NotFoundError: no report of that key.
        """
        found = self._engine.report(key)
        if found is None:
            raise NotFoundError(f"没有编号为“{key}”的报告；可用 fzsearch search 查到报告的编号")
        return found

    def namesakes(self, key: str) -> tuple[IndexedReport, ...]:
        """The reports, without sections, that share a key which is nobody's own: `<key>~<4 hex>`; by key."""
        if self._engine.report(key) is not None:
            return ()
        return tuple(record for record in self._engine.reports() if record.key.startswith(f"{key}~"))

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

    def overview(self) -> Overview:
        """What the index holds."""
        everything = self._engine.search(Query(limit=0))
        return Overview(info=self._engine.info(), facets=everything.facets, reports=self._engine.reports())

    def warm_up(self) -> None:
        """Open the index and load the word list, so that the first person does not wait for them.

        Raises:
            EngineError: there is no index, or it has to be rebuilt.
        """
        self.search(SearchRequest(text="法治", limit=1))

    def info(self) -> IndexInfo:
        """Version, time and size of the index."""
        return self._engine.info()


def _passage(stored: StoredSection, score: float, root: Node | None, *, exact: bool) -> Passage:
    text = stored.section.text
    marked = spans(text, root)
    return Passage(stored=stored, score=score, exact=exact, marks=marked, snippet=snippet(text, marked))
