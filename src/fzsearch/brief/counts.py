"""Does a count of townships, reports or sections beside a link to a search agree with that search, run again?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fzsearch.brief.draft import Count, Link
from fzsearch.brief.surroundings import Span, Surroundings, nearest
from fzsearch.brief.verdict import Verdict
from fzsearch.errors import QueryError
from fzsearch.query import Counts
from fzsearch.service.asking import SearchPage
from fzsearch.service.search import SearchService
from fzsearch.service.search_address import read_search_url


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCount:
    """A count with what its search finds now.

    Attributes:
        url: the address of the search as it stands in the draft.
        sentence: where the sentence of the count begins and ends in the draft.
        exact: what the search finds literally, `total` all that it finds; None where it cannot be run.
        problem: why it cannot be run, "" where it can.
    """

    count: Count
    url: str
    sentence: Span
    exact: Counts | None = None
    total: Counts | None = None
    problem: str = ""

    @property
    def found(self) -> tuple[int, int] | None:
        """The number counted again: literally, and all."""
        if self.exact is None or self.total is None:
            return None
        name = self.count.what.value
        return getattr(self.exact, name), getattr(self.total, name)

    @property
    def verdict(self) -> Verdict:
        """一致 where the draft says exactly one of both numbers; which one is shown. 50余 is no exact number."""
        if self.found is None:
            return Verdict.MISSING
        return Verdict.SAME if not self.count.more and self.count.said in self.found else Verdict.DIFFERENT


def counted_where(count: Count, cited: Sequence[tuple[int, Link]], around: Surroundings) -> Link | None:
    """The search that a count belongs to: the nearest link of its sentence, else of its paragraph; None without one."""
    for low, high in (around.reach(count.start), around.paragraph(count.start)):
        here = [(at, max(link.end, at), link) for at, link in cited if low <= at < high]
        if here:
            return nearest(here, count.start, count.end, around.text)
    return None


def recount(service: SearchService, counts: Iterable[tuple[Count, Link, Span]]) -> list[CheckedCount]:
    """Run the searches of counts again, each once; with every count come its link and its sentence.

    Raises:
        EngineError: the index cannot answer.
    """
    known: dict[str, SearchPage | str] = {}
    checked = []
    for count, link, sentence in counts:
        if link.url not in known:
            known[link.url] = _answer(service, link.url)
        answer = known[link.url]
        if isinstance(answer, str):
            checked.append(CheckedCount(count=count, url=link.url, sentence=sentence, problem=answer))
        else:
            exact, total = answer.exact, answer.total
            checked.append(CheckedCount(count=count, url=link.url, sentence=sentence, exact=exact, total=total))
    return checked


def _answer(service: SearchService, url: str) -> SearchPage | str:
    """What a search finds, without its hits, or why it cannot be run."""
    try:
        return service.search(replace(read_search_url(url), offset=0, limit=0))
    except QueryError as error:
        return str(error)
