"""Does a draft say what the reports say? Quotations and links against the corpus: facts, no judgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fzsearch.brief.draft import Quotation, find_links, find_quotations
from fzsearch.service.addresses import parse_address
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.quotations import Found
from fzsearch.service.search import SearchService


class Verdict(StrEnum):
    """What the corpus says of a quotation: `SEVERAL` stands word for word in several places."""

    SAME = "一致"
    DIFFERENT = "有出入"
    SEVERAL = "多处"
    MISSING = "未找到"


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

    url: str
    resolution: Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """Everything that was checked, in the order of the draft; `version` is that of the corpus."""

    quotations: Sequence[CheckedQuotation]
    links: Sequence[CheckedLink]
    version: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing but 一致 and 多处 was found."""
        fine = {Verdict.SAME, Verdict.SEVERAL}
        opens = {LinkState.SAME, LinkState.MOVED, LinkState.SEVERAL}
        return all(one.verdict in fine for one in self.quotations) and all(
            one.resolution.state in opens for one in self.links
        )


def check_draft(service: SearchService, text: str) -> CheckedDraft:
    """Check a draft.

    Raises:
        EngineError: the index cannot answer.
    """
    found: dict[str, Found] = {}
    quotations = []
    for one in find_quotations(text):
        if one.text not in found:
            found[one.text] = service.quotation(one.text)
        quotations.append(CheckedQuotation(one, found[one.text]))
    links = [CheckedLink(url, service.resolve(parse_address(url.partition("/r/")[2]))) for url in find_links(text)]
    return CheckedDraft(quotations=quotations, links=links, version=service.info().version)
