"""What do the pages of shared wording show? All reports with their shares, and the passages of one report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

from fzsearch.query import Facet
from fzsearch.service.asking import section_url
from fzsearch.service.copying import SHORT, CopiedPassage, Copying, Partner, SharedPassages, is_same_township
from fzsearch.service.differences import Change
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry, county_path
from fzsearch.web.coverage_page import region_selects
from fzsearch.web.facets import Option, Select, options
from fzsearch.web.hits import Link
from fzsearch.web.pages import on_page
from fzsearch.web.params import (
    OverlapRequest,
    OverlapSort,
    compare_url,
    overlap_url,
    place_url,
    quoted,
    quoting,
    report_url,
    search_url,
    shared_url,
)
from fzsearch.web.passages import percent, place_note

PAGE_SIZE, PASSAGES, MAX_PHRASES = 50, 20, 60
SORT_LABELS = {
    OverlapSort.COPIED: "与别的报告相同",
    OverlapSort.ELSEWHERE: "与别的乡镇",
    OverlapSort.COMMON: "套话",
    OverlapSort.PLACE: "乡镇、年度",
}
_ORDERS: Mapping[OverlapSort, Callable[[Copying], tuple[object, ...]]] = {
    OverlapSort.COPIED: lambda one: (-one.copied,),
    OverlapSort.ELSEWHERE: lambda one: (-one.elsewhere,),
    OverlapSort.COMMON: lambda one: (-one.common,),
    OverlapSort.PLACE: lambda _one: (),
}


def overlap_page(found: Sequence[Copying], overview: Overview, wanted: OverlapRequest) -> SimpleNamespace:
    """One page of the list."""
    listed = filtered(found, wanted)
    shown, ways = on_page(listed, wanted.page, PAGE_SIZE, lambda page: overlap_url(replace(wanted, page=page)))
    sorts = Select("sort", "排序", options(SORT_LABELS, {wanted.sort}))
    return SimpleNamespace(
        selects=(*region_selects(wanted.filters, overview), _years(overview, wanted), sorts),
        sorts={
            sort.value: Link(label, overlap_url(replace(wanted, sort=sort, page=1)), is_current=sort is wanted.sort)
            for sort, label in SORT_LABELS.items()
        },
        rows=tuple(map(_row, shown)),
        csv_url=overlap_url(wanted, "/overlap.csv"),
        **ways,
    )


def filtered(found: Sequence[Copying], wanted: OverlapRequest) -> tuple[Copying, ...]:
    """The reports of the places and years that were chosen, in the order that was chosen."""
    kept = (one for one in found if all(_value(one.entry, facet) in values for facet, values in wanted.filters.items()))
    return tuple(sorted(kept, key=lambda one: (*_ORDERS[wanted.sort](one), one.entry.key)))


def _value(entry: Entry, facet: Facet) -> str:
    return str(entry.year if facet is Facet.YEAR else getattr(entry.place, facet.value))


def _years(overview: Overview, wanted: OverlapRequest) -> Select:
    chosen = wanted.filters.get(Facet.YEAR, ())
    years = sorted({str(entry.year) for entry in overview.entries if entry.year} | set(chosen), reverse=True)
    return Select("year", "年度", (Option("", "全部"), *options({year: year for year in years}, chosen)))


def _label(entry: Entry) -> str:
    return f"{entry.place.township or entry.title or entry.file} {entry.year or '年度未定'}"


def _row(one: Copying) -> SimpleNamespace:
    """One report; `own` and `other` are the best partners of its own and of another township."""
    own = next((partner for partner in one.partners if partner.is_own), None)
    other = next((partner for partner in one.partners if not partner.is_own), None)
    return SimpleNamespace(
        report=Link(_label(one.entry), shared_url(one.entry.key)),
        where=" ".join(county_path(one.entry.place)[-1:]) or place_note(one.entry.place),
        copied=percent(one.copied),
        common=percent(one.common),
        own=_partner(one, own) if own else None,
        other=_partner(one, other) if other else None,
    )


def _partner(one: Copying, partner: Partner, label: str = "") -> SimpleNamespace:
    """A report that shares wording, with what it is to the first one; the older one of a township is compared first."""
    is_later = partner.is_own is not False and (partner.entry.year or 0) > (one.entry.year or 0)
    keys = (one.entry.key, partner.entry.key) if is_later else (partner.entry.key, one.entry.key)
    return SimpleNamespace(
        report=Link(label or _in_row(partner), report_url(partner.entry.key)),
        share=percent(partner.share),
        relation=partner.relation,
        compare_url=compare_url(*keys),
    )


def _in_row(partner: Partner) -> str:
    return str(partner.entry.year) if partner.is_own and partner.entry.year else _label(partner.entry)


# ---- one report


def shared_page(one: Copying, found: SharedPassages, page: int) -> SimpleNamespace:
    """The page of one report."""
    shown, ways = on_page(found.long, page, PASSAGES, lambda number: shared_url(one.entry.key, number))
    identity = one.entry.place.code or one.entry.place.township
    return SimpleNamespace(
        entry=one.entry,
        label=_label(one.entry),
        copied=percent(one.copied),
        common=percent(one.common),
        # what no other report holds; the three shares make a whole.
        rest=percent(max(0.0, 1 - one.copied - one.common)),
        place=Link(one.entry.place.township or "", place_url(identity))
        if identity and one.entry.place.township
        else None,
        partners=tuple(_partner(one, partner, _label(partner.entry)) for partner in one.partners),
        passages=tuple(_passage(found.beside(passage), one.entry) for passage in shown),
        short=tuple(map(_phrase, found.short[:MAX_PHRASES])),
        short_more=max(0, len(found.short) - MAX_PHRASES),
        # set phrases, most frequent first; `short` copied runs of fewer than 30 characters.
        phrases=tuple(map(_phrase, found.phrases[:MAX_PHRASES])),
        phrases_more=max(0, len(found.phrases) - MAX_PHRASES),
        least_chars=SHORT,
        **ways,
    )


def _passage(one: CopiedPassage, entry: Entry) -> SimpleNamespace:
    """A passage and the one of another report; `old` are the runs of the first, `new` of the second."""
    other, found = one.other, one.found
    related = (
        Partner(Entry.of(other.report), 0, is_same_township(entry.place, other.report.report.place)) if other else None
    )
    return SimpleNamespace(
        section=_section(one),
        old=found.old if found and found.new else (Change(one.text),),
        new=found.new if found else (),
        other=Link(other.section.path, quoted(section_url(other))) if other else None,
        report=Link(_label(related.entry), report_url(related.entry.key)) if related else None,
        relation=related.relation if related else "",
        is_literal=found is not None and found.is_literal,
        held_by=_held_by(one),
    )


def _section(one: CopiedPassage) -> Link:
    return Link(one.stored.section.path, report_url(one.stored.report.key, anchor=one.stored.section.path))


def _held_by(one: CopiedPassage) -> str:
    return f"{one.least:,} 份" if one.least == one.most else f"{one.least:,} 至 {one.most:,} 份"


def _phrase(one: CopiedPassage) -> SimpleNamespace:
    return SimpleNamespace(
        text=one.text, section=_section(one), held_by=_held_by(one), url=search_url(quoting(one.text))
    )
