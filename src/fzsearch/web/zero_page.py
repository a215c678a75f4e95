"""What does a reader see when nothing was found? Where it is stuck, with links that find something."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

from fzsearch.query import FACET_LABELS
from fzsearch.service.asking import SearchRequest
from fzsearch.service.compile import Match
from fzsearch.service.explain import Explanation
from fzsearch.web.charts import value_label
from fzsearch.web.hits import Link
from fzsearch.web.params import search_url, with_text, with_values, without_filters


def zero_hits(explanation: Explanation, request: SearchRequest) -> SimpleNamespace:
    """The explanation with its links."""
    everywhere = without_filters(request)
    typed = {term.text for term in explanation.terms}
    terms: Sequence[tuple[Link, Link]] = [
        (
            Link(term.text, search_url(with_text(request, term.text)), count=term.filtered),
            Link(term.text, search_url(with_text(everywhere, term.text)), count=term.everywhere),
        )
        for term in explanation.terms
    ]
    return SimpleNamespace(
        # each term with its hits under the filters (`Link.count` of the first) and everywhere (of the second)
        terms=tuple(terms),
        filters=tuple(
            Link(
                f"{FACET_LABELS[one.facet]} {' 或 '.join(value_label(one.facet, v) for v in one.values)}",
                search_url(with_values(request, one.facet, ())),
                count=one.sections,
            )
            for one in explanation.filters
        ),
        # the same search for any of the terms, None where that finds nothing more
        any_url=search_url(replace(request, match=Match.ANY, offset=0)) if _can_loosen(explanation, request) else None,
        near=tuple(
            Link(name, search_url(with_text(everywhere, name))) for name in explanation.near if name not in typed
        ),
    )


def _can_loosen(explanation: Explanation, request: SearchRequest) -> bool:
    """Whether asking for any of the terms finds something."""
    return request.match is Match.ALL and len(explanation.terms) > 1 and any(t.filtered for t in explanation.terms)
