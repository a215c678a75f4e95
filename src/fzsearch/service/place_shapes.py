"""What do lists of reports and places look like as JSON? The shapes of the HTTP API; they are contracts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypeVar

from fzsearch.query import UNSETTLED, Facet
from fzsearch.service.asking import ReportList, SearchRequest
from fzsearch.service.places import Atlas, County, Entry, Township
from fzsearch.service.shapes import Json, filters_shape

One = TypeVar("One")


def entry_shape(entry: Entry) -> Json:
    """A report in short; `unsettled` names in Chinese what is not known of it."""
    return {
        "key": entry.key,
        "url": f"/r/{entry.key}",
        "title": entry.title,
        "year": entry.year,
        "level": entry.level.value,
        "place": asdict(entry.place),
        "issued": entry.issued.isoformat() if entry.issued else None,
        "file": entry.file,
        "unsettled": list(entry.missing),
    }


def report_list_shape(found: ReportList) -> Json:
    """The reports that hold what was asked for; the totals are those of the search."""
    request = found.request
    return {
        "query": request.text,
        "filters": filters_shape(request.filters),
        "total": asdict(found.total),
        "reports": [entry_shape(entry) for entry in page_of(found.entries, request)],
        "notes": list(found.notes),
    }


def township_shape(township: Township) -> Json:
    """A township with its reports; `gaps` are the years without one between its first and its last."""
    return {
        "id": township.identity,
        "name": township.name,
        "place": asdict(township.place),
        "years": list(township.years),
        "gaps": list(township.gaps),
        "reports": [
            {"key": one.key, "url": f"/r/{one.key}", "year": one.year, "title": one.title} for one in township.entries
        ],
    }


def townships_shape(atlas: Atlas, request: SearchRequest) -> Json:
    """The townships of a region with a report of one of the years asked for, in the order of their codes and names."""
    found = [township for township in atlas.townships.values() if _is_wanted(township, request.filters)]
    return {
        "filters": filters_shape(request.filters),
        "total": {"townships": len(found)},
        "townships": [township_shape(township) for township in page_of(found, request)],
    }


def _is_wanted(township: Township, filters: Mapping[Facet, Sequence[str]]) -> bool:
    place, years = township.place, [str(entry.year or UNSETTLED) for entry in township.entries]
    levels: Mapping[Facet, Sequence[str | None]] = {
        Facet.PROVINCE: [place.province], Facet.CITY: [place.city], Facet.COUNTY: [place.county], Facet.YEAR: years,
    }  # fmt: skip
    return all({value or UNSETTLED for value in levels[facet]} & set(chosen) for facet, chosen in filters.items())


def county_shape(county: County) -> Json:
    """A county with its townships; `path` begins with the province."""
    townships = [{"id": one.identity, "name": one.name} for one in county.townships]
    return {"code": county.code, "name": county.name, "path": list(county.path), "townships": townships}


def page_of(found: Sequence[One], request: SearchRequest) -> Sequence[One]:
    """The part of a list that offset and limit of a request leave."""
    return found[request.offset :][: request.limit]
