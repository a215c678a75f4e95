"""What does a checked draft look like as JSON? A contract, shared by the command line and the HTTP API."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fzsearch.brief.check import CheckedDraft, CheckedQuotation
from fzsearch.brief.counts import CheckedCount
from fzsearch.brief.figures import CheckedFigure, Statement
from fzsearch.brief.surroundings import Basis
from fzsearch.query import Counts
from fzsearch.service.asking import section_url
from fzsearch.service.quotations import Source

Json = dict[str, Any]
MAX_KEYS = 20


def checked_shape(checked: CheckedDraft) -> Json:
    """Each list in the order of the draft, what stands twice again; `start` and `end` are characters of its text.

    `unchecked` are numbers that were not compared; `clean` is what the exit status says; `version` that of the corpus.
    """
    return {
        "quotations": [_quotation(one) for one in checked.quotations],
        "figures": [_figure(one, checked.text) for one in checked.figures],
        "links": [{"url": one.url, "state": one.resolution.state.value} for one in checked.links],
        "counts": [_count(one) for one in checked.counts],
        "unchecked": [
            {"text": checked.text[start:end], "start": start, "end": end} for start, end in checked.unchecked
        ],
        "clean": checked.is_clean,
        "version": checked.version,
    }


def _quotation(one: CheckedQuotation) -> Json:
    """`matches` stand in the first 20 of the `reports` that hold it or, for 有出入, are the closest wording."""
    alike = (one.found.alike,) if one.found.alike else ()
    nearest = one.found.nearest
    return {
        "text": one.quotation.text,
        "verdict": one.verdict.value,
        "matches": [_match(source) for source in one.found.literal or alike],
        "reports": one.found.reports,
        "nearest": {"id": nearest.id, "url": section_url(nearest)} if nearest else None,
        "start": one.quotation.start,
        "end": one.quotation.end,
    }


def _match(source: Source) -> Json:
    return {"id": source.stored.id, "url": section_url(source.stored), "text": source.text}


def _figure(one: CheckedFigure, text: str) -> Json:
    """`matches` are where the figure is stated or, for 有出入, what is stated instead; `compared` says with what."""
    figure = one.figure
    return {
        "text": text[figure.start : figure.end],
        "sentence": text[slice(*one.sentence)].strip(),
        "indicator": figure.indicator,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "approx": figure.approx,
        "verdict": one.verdict.value,
        "compared": _basis(one.basis),
        "matches": [_statement(found) for found in one.same or ((one.other,) if one.other else ())],
        "start": figure.start,
        "end": figure.end,
    }


def _basis(basis: Basis) -> Json:
    """`reports` holds at most 20 keys, `report_count` says of how many; null for the whole corpus."""
    return {
        "by": basis.evidence.value,
        "words": basis.words,
        "years": list(basis.years),
        "reports": list(basis.keys[:MAX_KEYS]),
        "report_count": len(basis.keys) if basis.is_of_reports else None,
        "other_place": basis.other or None,
    }


def _statement(found: Statement) -> Json:
    return {
        "id": found.stored.id,
        "url": section_url(found.stored),
        "text": found.figure.sentence,
        "value": found.figure.value,
        "unit": found.figure.unit,
        "approx": found.figure.approx,
    }


def _count(one: CheckedCount) -> Json:
    """`found` counts literal hits, and all hits beside it; null with a `problem` where the search cannot be run."""
    return {
        "text": one.count.text,
        "url": one.url,
        "said": one.count.said,
        "what": one.count.what.value,
        "verdict": one.verdict.value,
        "found": {"exact": one.found[0], "all": one.found[1]} if one.found else None,
        "exact": _numbers(one.exact),
        "total": _numbers(one.total),
        "problem": one.problem or None,
        "start": one.count.start,
        "end": one.count.end,
    }


def _numbers(counts: Counts | None) -> Mapping[str, int] | None:
    return asdict(counts) if counts else None
