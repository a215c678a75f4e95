"""What was the cluster asked before, while nothing is written?

Counting exactly is most of a question's cost there, and people turn pages, go back, and click what others clicked. An
answer is kept under the commit that was current before and after it was asked for; while one is being written, none
is. So what is given again is what the cluster would say.
"""

from collections.abc import Callable, Hashable

from fzsearch.engine.cache import ByteCache
from fzsearch.engine.facets import size_of
from fzsearch.query import Query, SearchResult

_LIMIT_BYTES = 64 << 20  # 200 answers with 10,000 townships in each, far more of narrower ones


class Answers:
    """Answers of one process; `commit` gives the name of what was written last, None while something is written."""

    def __init__(self, commit: Callable[[], str | None]) -> None:
        self._commit = commit
        self._kept: ByteCache[Hashable, SearchResult] = ByteCache(_LIMIT_BYTES, size_of)

    def get(self, query: Query, ask: Callable[[], SearchResult]) -> SearchResult:
        """The answer to a query; all hits at once are too many to be kept."""
        commit = None if query.limit is None else self._commit()
        key = (commit, query.key)
        answer = self._kept.known(key)
        if answer is None:
            answer = ask()
            if commit is not None and commit == self._commit():
                self._kept.keep(key, answer)
        return answer
