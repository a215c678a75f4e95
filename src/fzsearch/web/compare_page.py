"""What does the page of two reports show? Shares, figures side by side, and their sentences, pair by pair."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from fzsearch.model import Figure, IndexedReport
from fzsearch.service.choosing import successive, worth_comparing
from fzsearch.service.comparison import Fate, compare_reports, shares
from fzsearch.service.copying import is_same_township
from fzsearch.service.figures import FigurePair, figure_pairs, number_text, value_text
from fzsearch.service.markdown import display_title
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry, county_path
from fzsearch.web.hits import Link
from fzsearch.web.pages import on_page
from fzsearch.web.params import CompareRequest, compare_url, place_url, quoting, report_url
from fzsearch.web.passages import percent, place_note

PAGE_SIZE, MAX_CHOICES, MAX_VALUES = 150, 60, 6
_LABELS = {Fate.KEPT: "逐字相同", Fate.CHANGED: "改写", Fate.DROPPED: "删去", Fate.NEW: "新增"}
_UNORDERED = {Fate.DROPPED: "仅前份", Fate.NEW: "仅后份"}
"""Of two townships, or of one year, none was there first."""
_STYLES = {Fate.KEPT: "tag", Fate.CHANGED: "tag warn", Fate.DROPPED: "tag dash warn", Fate.NEW: "tag full"}


def compare_page(old: IndexedReport, new: IndexedReport, wanted: CompareRequest) -> SimpleNamespace:
    """The page of two reports, which are whole."""
    compared = compare_reports(old.report, new.report)
    is_one_place = is_same_township(old.report.place, new.report.place) is True
    is_ordered = is_one_place and (old.report.year or 0) < (new.report.year or 0)
    labels = _LABELS | ({} if is_ordered else _UNORDERED)
    everything = [pair for one in compared for pair in one.pairs]
    whole = shares(everything)
    listed = [(one.part, pair) for one in compared for pair in one.pairs if wanted.fate in {None, pair.fate}]
    keys = old.key, new.key
    shown, ways = on_page(listed, wanted.page, PAGE_SIZE, lambda page: compare_url(*keys, wanted.fate, page))
    parts = dict.fromkeys(part for part, _ in shown)
    return SimpleNamespace(
        old=_side(old, is_one_place=is_one_place),
        new=_side(new, is_one_place=is_one_place),
        is_one_place=is_one_place,
        swap_url=compare_url(new.key, old.key),
        other_url=compare_url(old.key),
        labels=tuple(
            (labels[fate], Link(percent(whole[fate]), compare_url(*keys, fate), is_current=fate is wanted.fate))
            for fate in Fate
        ),
        whole=_share_row("全文", "", whole),
        parts=tuple(
            _share_row(one.part.label, f"#p-{one.part}" if one.part in parts else "", shares(one.pairs))
            for one in compared
        ),
        blocks=[(part, [pair for own, pair in shown if own is part]) for part in parts],
        names=labels,
        styles=_STYLES,
        figures=tuple(_figure_row(pair, old, new) for pair in figure_pairs(old, new)),
        chosen=labels[wanted.fate] if wanted.fate else "",
        all_url=compare_url(*keys),
        **ways,
    )


def _side(record: IndexedReport, *, is_one_place: bool) -> SimpleNamespace:
    """One of the reports; `short` tells it from the other: the year, or the place and the year."""
    place, year = record.report.place, f"{record.report.year} 年度" if record.report.year else "年度未定"
    name = place.township or place.county or place.city or ""
    return SimpleNamespace(
        report=Link(display_title(record), report_url(record.key)),
        short=year if is_one_place else f"{name} {year}".strip(),
        place=" ".join(place.names) or place_note(place),
        key=record.key,
    )


def _share_row(label: str, url: str, found: Mapping[Fate, float]) -> SimpleNamespace:
    return SimpleNamespace(part=Link(label, url), shares=tuple(percent(found[fate]) for fate in Fate))


def _figure_row(pair: FigurePair, old: IndexedReport, new: IndexedReport) -> SimpleNamespace:
    """One indicator with at most six values of each report, and how they differ."""
    difference = pair.difference
    return SimpleNamespace(
        label=pair.indicator.name,
        old=_values(pair.old, old.key),
        new=_values(pair.new, new.key),
        old_count=len(pair.old),
        new_count=len(pair.new),
        difference=""
        if difference is None
        else f"{'+' if difference > 0 else ''}{number_text(difference)} {pair.unit}",
        obstacle=pair.obstacle,
    )


def _values(figures: Sequence[Figure], key: str) -> tuple[Link, ...]:
    return tuple(
        Link(value_text(one), report_url(key, quoting(one.sentence), anchor="h1")) for one in figures[:MAX_VALUES]
    )


# ---- choosing two reports


def pair_rows(overview: Overview) -> tuple[tuple[SimpleNamespace, ...], int]:
    """Townships with reports of several years, each with its pairs of successive years; and how many are left out."""
    found = []
    for township in overview.atlas.townships.values():
        pairs = [
            Link(f"{before.year} → {after.year}", compare_url(before.key, after.key))
            for before, after in successive(township)
        ]
        if pairs:
            place = Link(township.name, place_url(township.identity))
            found.append(
                SimpleNamespace(place=place, where=" ".join(county_path(township.place)), links=tuple(pairs), more=0)
            )
    return tuple(found[:MAX_CHOICES]), max(0, len(found) - MAX_CHOICES)


def report_rows(
    entries: Sequence[Entry], wanted: CompareRequest, asked: str
) -> tuple[tuple[SimpleNamespace, ...], int]:
    """Reports to choose from, by township; and how many townships are left out."""
    rows: dict[tuple[str, str], list[Link]] = {}
    for entry in entries:
        name = entry.place.township or entry.place.county or entry.title or entry.file
        where = " ".join(county_path(entry.place)) or place_note(entry.place)
        keys = (entry.key, wanted.new) if asked == "a" else (wanted.old, entry.key)
        label = str(entry.year or "年度未定") + (f" ~{rival}" if (rival := entry.key.partition("~")[2]) else "")
        rows.setdefault((name, where), []).append(Link(label, compare_url(*keys)))
    found = [
        SimpleNamespace(place=Link(name, ""), where=where, links=tuple(links), more=0)
        for (name, where), links in rows.items()
    ]
    return tuple(found[:MAX_CHOICES]), max(0, len(found) - MAX_CHOICES)


def partner_rows(overview: Overview, key: str) -> tuple[SimpleNamespace, ...]:
    """Reports worth comparing with one: other years of the township, other townships of its county."""
    rows = []
    for label, pairs in worth_comparing(overview, key):
        links = []
        for before, after in pairs[:MAX_CHOICES]:
            other = before if after.key == key else after
            name = f"{other.place.township or other.title} " if label != "本乡镇" else ""
            links.append(Link(f"{name}{other.year or '年度未定'}", compare_url(before.key, after.key)))
        if links:
            rows.append(
                SimpleNamespace(
                    place=Link(label, ""), where="", links=tuple(links), more=max(0, len(pairs) - MAX_CHOICES)
                )
            )
    return tuple(rows)
