"""What does a checked draft look like as JSON? A contract, shared by the command line and the HTTP API."""

from typing import Any

from fzsearch.brief.check import CheckedDraft, CheckedQuotation
from fzsearch.service.quotations import Source
from fzsearch.service.search import section_url

Json = dict[str, Any]


def checked_shape(checked: CheckedDraft) -> Json:
    """Quotations in the order of the draft, repeated ones again; `version` is that of the corpus."""
    return {
        "quotations": [_quotation(one) for one in checked.quotations],
        "links": [{"url": one.url, "state": one.resolution.state.value} for one in checked.links],
        "version": checked.version,
    }


def _quotation(one: CheckedQuotation) -> Json:
    alike = (one.found.alike,) if one.found.alike else ()
    nearest = one.found.nearest
    return {
        "text": one.quotation.text,
        "verdict": one.verdict.value,
        "matches": [_match(source) for source in one.found.literal or alike],
        "nearest": {"id": nearest.id, "url": section_url(nearest)} if nearest else None,
    }


def _match(source: Source) -> Json:
    return {"id": source.stored.id, "url": section_url(source.stored), "text": source.text}
