"""Does a count of townships, reports or sections beside a link to a search agree with that search, run again?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fzsearch.brief.draft import Count, Link
from fzsearch.brief.surroundings import Surroundings, nearest
from fzsearch.brief.verdict import Verdict
from fzsearch.errors import QueryError
from fzsearch.query import Counts
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
    sentence: tuple[int, int]
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


def recount(service: SearchService, count: Count, link: Link, sentence: tuple[int, int]) -> CheckedCount:
    """Run the search of a count again.

    Raises:
        EngineError: the index cannot answer.
    """
    try:
        answer = service.search(replace(read_search_url(link.url), offset=0, limit=0))
    except QueryError as error:
        return CheckedCount(count=count, url=link.url, sentence=sentence, problem=str(error))
    return CheckedCount(count=count, url=link.url, sentence=sentence, exact=answer.exact, total=answer.total)
