"""Does a draft say what the reports say? Quotations, figures, counts and links: facts, no judgement."""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.brief.counts import CheckedCount, counted_where, recount
from fzsearch.brief.draft import (
    Link,
    Quotation,
    find_counts,
    find_links,
    find_quotations,
    find_search_links,
    where_cited,
    without_marks,
)
from fzsearch.brief.figures import CheckedFigure, FigureCheck, Span, draft_figures, is_within, not_compared
from fzsearch.brief.surroundings import Named, Surroundings
from fzsearch.brief.verdict import Verdict
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.quotations import Found
from fzsearch.service.search import SearchService

FINE = frozenset({Verdict.SAME, Verdict.SEVERAL})
OPENS = frozenset({LinkState.SAME, LinkState.MOVED, LinkState.SEVERAL})
_TELLING = 8
"""A quotation shorter than this says nothing about where the figures beside it come from."""


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation with what was found."""

    quotation: Quotation
    found: Found

    @property
    def verdict(self) -> Verdict:
        """Likeness never means verified: anything but word for word in one place is something else than 一致."""
        if self.found.literal:
            return Verdict.SAME if len(self.found.literal) == 1 else Verdict.SEVERAL
        return Verdict.DIFFERENT if self.found.alike else Verdict.MISSING


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link as it stands in the draft, with what has become of it."""

    link: Link
    resolution: Resolution

    @property
    def url(self) -> str:
        """Its address as the draft has it."""
        return self.link.url


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """Everything that was checked, each in the order of the draft; `version` is that of the corpus.

    `unchecked` are numbers that cannot be compared: what is no figure of a report, counts without a search.
    """

    text: str
    quotations: Sequence[CheckedQuotation]
    figures: Sequence[CheckedFigure]
    counts: Sequence[CheckedCount]
    links: Sequence[CheckedLink]
    unchecked: Sequence[Span]
    version: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing but 一致 and 多处 was found, and every link opens."""
        checked: tuple[CheckedQuotation | CheckedFigure | CheckedCount, ...]
        checked = (*self.quotations, *self.figures, *self.counts)
        opened = (one.resolution.state in OPENS for one in self.links)
        return all(one.verdict in FINE for one in checked) and all(opened)


def check_draft(service: SearchService, text: str) -> CheckedDraft:
    """Check a draft.

    A figure within a quotation that stands word for word in a report is not listed again: the quotation vouches for it.

    Raises:
        EngineError: the index cannot answer.
    """
    quotations = _quotations(service, text)
    links = [
        CheckedLink(link, service.resolve(parse_address(link.url.partition("/r/")[2]))) for link in find_links(text)
    ]
    plain = without_marks(text)
    overview = service.overview()
    around = Surroundings(plain, overview.entries, overview.place_names, _linked(text, links), _quoted(quotations))
    literal = [(one.quotation.start, one.quotation.end) for one in quotations if one.found.literal]
    searches = where_cited(text, find_search_links(text))
    counted = [one for one in find_counts(plain) if not is_within(one.start, one.end, literal)]
    where = [(one, counted_where(one, searches, around)) for one in counted]
    # 来自6个乡镇的搬迁户: without a search, but with a report beside it, it is a figure like any other.
    spans = [(c.start, c.end) for c, link in where if link or not around.basis_of(c.start, c.end).is_of_reports]
    check = FigureCheck(service, around)
    figures = [check.check(one) for one in draft_figures(plain, [*literal, *spans])]
    taken = [*literal, *((one.figure.start, one.figure.end) for one in figures)]
    recounted = [recount(service, one, link, around.sentence(one.start)) for one, link in where if link]
    taken += [(one.count.start, one.count.end) for one in recounted]
    loose = [span for span in spans if span not in taken]
    return CheckedDraft(
        text=text,
        quotations=quotations,
        figures=figures,
        counts=recounted,
        links=links,
        unchecked=sorted([*loose, *not_compared(plain, [*taken, *loose])]),
        version=service.info().version,
    )


def _quotations(service: SearchService, text: str) -> list[CheckedQuotation]:
    found: dict[str, Found] = {}
    checked = []
    for one in find_quotations(text):
        if one.text not in found:
            found[one.text] = service.quotation(one.text)
        checked.append(CheckedQuotation(one, found[one.text]))
    return checked


def _linked(text: str, links: Sequence[CheckedLink]) -> list[Named]:
    """Where the draft cites reports that are still there."""
    keys = {one.link: one.resolution.record.key for one in links if one.resolution.record}
    cited = where_cited(text, [one.link for one in links if one.link in keys])
    return [Named(at, at + len(link.url), link.url, keys[link]) for at, link in cited]


def _quoted(quotations: Sequence[CheckedQuotation]) -> list[Named]:
    """Quotations that stand in one report only, or come close to one, and are long enough to tell."""
    told = []
    for one in quotations:
        keys = {source.stored.report.key for source in one.found.literal}
        keys |= {one.found.alike.stored.report.key} if one.found.alike else set()
        if len(keys) == 1 and len("".join(one.quotation.text.split())) >= _TELLING:
            spot = one.quotation
            told.append(Named(spot.start, spot.end, spot.text, keys.pop(), sure=bool(one.found.literal)))
    return told
