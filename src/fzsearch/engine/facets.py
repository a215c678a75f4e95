"""How many hits has each facet value? Codes in arrays, counted by numpy.

`facets.json` lists the values of each facet (a value's code is its index); `<facet>.npy` holds a code for each row,
`topic.npy` those of all rows in turn, `topic_counts.npy` how many each row has. `report.npy` and `township_id.npy`
number reports and townships for the totals.

Places and years are the same for all rows of a report, which stand together: hits are counted once for each report, the
reports then for each value. Parts and topics are counted by rows of bits (measured at 180,000 rows: a twentieth of the
time of counting codes row by row).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fzsearch.engine.arrays import load_array, map_array
from fzsearch.engine.runs import firsts_of
from fzsearch.model import IndexedReport, Place
from fzsearch.query import UNSETTLED, Counts, Facet, FacetCount, SearchResult

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]
_BY_REPORT = (Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP, Facet.YEAR)
_NO_TOWNSHIP = ""
_facet_count = partial(tuple.__new__, FacetCount)
"""`FacetCount._make` without a step of Python: an answer has thousands of them."""
_UINT16 = 1 << 16


def facet_values(record: IndexedReport) -> dict[Facet, str]:
    """The values of the facets that a report gives to all of its sections."""
    place = record.report.place
    found = (place.province, place.city, place.county, place.township, record.report.year)
    return {facet: UNSETTLED if value is None else str(value) for facet, value in zip(_BY_REPORT, found, strict=True)}


def township_identity(place: Place) -> str:
    """What tells one township from another: the code when certain, else the name as written; "" without township."""
    return (place.code or place.township or _NO_TOWNSHIP) if place.township else _NO_TOWNSHIP


_ROW_COLUMNS = (*_BY_REPORT, Facet.PART, "township_id")


@dataclass(frozen=True, slots=True)
class Column:
    """A value for each of some things: `values[code]`."""

    values: list[str]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, labels: Sequence[str]) -> "Column":
        """The column of these values."""
        values = list(dict.fromkeys(labels))
        code_of = {value: code for code, value in enumerate(values)}
        return cls(values, np.array([code_of[label] for label in labels], np.int32))

    def __add__(self, other: "Column") -> "Column":
        moved = other.codes + np.int32(len(self.values))
        return Column([*self.values, *other.values], np.concatenate([self.codes, moved]))

    def take(self, places: NDArray[np.integer[Any]]) -> "Column":
        """The values of these things."""
        return Column(self.values, self.codes[places])

    def tidy(self) -> "Column":
        """The same values, each once, in order, and none that nothing has."""
        used = np.flatnonzero(np.bincount(self.codes, minlength=len(self.values))).tolist()
        values = sorted({self.values[code] for code in used})
        code_of = {value: code for code, value in enumerate(values)}
        moved = np.zeros(len(self.values), np.int32)
        moved[used] = [code_of[self.values[code]] for code in used]
        return Column(values, moved[self.codes])


@dataclass(frozen=True, slots=True)
class RowFacets:
    """The facets of rows: a column each, but topics, of which a row may have several.

    `topic_rows` are ascending, an entry for each code of `topics`.
    """

    columns: dict[str, Column]
    topics: Column
    topic_rows: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[tuple[IndexedReport, str, Sequence[str]]]) -> "RowFacets":
        """The facets of rows given as report, part and topics."""
        labels: dict[str, list[str]] = {name: [] for name in _ROW_COLUMNS}
        last, values = None, dict[str, str]()
        for report, part, _ in rows:
            if report is not last:
                last = report
                values = {str(facet): value for facet, value in facet_values(report).items()}
                values["township_id"] = township_identity(report.report.place)
            values[Facet.PART] = part
            for name, found in labels.items():
                found.append(values[name])
        counts = np.array([len(topics) for _, _, topics in rows], np.int64)
        return cls(
            {name: Column.of(found) for name, found in labels.items()},
            Column.of([topic for _, _, topics in rows for topic in topics]),
            np.repeat(np.arange(len(rows)), counts),
        )

    @classmethod
    def read(cls, folder: Path) -> "RowFacets":
        """The facets that `write` wrote."""
        values: dict[str, list[str]] = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
        columns = {name: Column(values[name], load_array(folder / f"{name}.npy")) for name in _ROW_COLUMNS}
        rows, codes = _read_topics(folder)
        return cls(columns, Column(values[Facet.TOPIC], codes), rows)

    def __add__(self, other: "RowFacets") -> "RowFacets":
        count = self.columns[Facet.PART].codes.size
        columns = {name: column + other.columns[name] for name, column in self.columns.items()}
        return RowFacets(
            columns, self.topics + other.topics, np.concatenate([self.topic_rows, other.topic_rows + count])
        )

    def write(
        self, folder: Path, order: NDArray[np.int64], row_of: NDArray[np.int64], reports: NDArray[np.int32]
    ) -> Counts:
        """Write the arrays for the rows in an order; gives how much that is.

        Args:
            folder: a new one.
            order: which of the rows to write, in which order.
            row_of: the other way round, -1 for rows that are not written.
            reports: number of the report of each written row.
        """
        folder.mkdir()
        columns = {name: column.take(order).tidy() for name, column in self.columns.items()}
        for name, column in columns.items():
            np.save(folder / f"{name}.npy", column.codes)
        np.save(folder / "report.npy", reports)
        rows = row_of[self.topic_rows]
        places = np.argsort(rows, kind="stable")
        places = places[rows[places] >= 0]
        topics = self.topics.take(places).tidy()
        np.save(folder / "topic.npy", topics.codes.astype(np.min_scalar_type(len(topics.values))))
        np.save(folder / "topic_counts.npy", np.bincount(rows[places], minlength=order.size).astype(np.uint16))
        values = {name: column.values for name, column in columns.items()} | {Facet.TOPIC: topics.values}
        (folder / "facets.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        townships = len({*values["township_id"]} - {_NO_TOWNSHIP})
        return Counts(sections=order.size, reports=np.unique(reports).size, townships=townships)


def _read_topics(folder: Path) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Row and code of each topic of each row."""
    counts = load_array(folder / "topic_counts.npy")
    return np.repeat(np.arange(counts.size), counts), load_array(folder / "topic.npy").astype(np.int32)


class Tally:
    """The rows of a mask, counted: by report, and as bits."""

    def __init__(self, mask: Mask, first_rows: NDArray[np.int64]) -> None:
        self.sections = int(np.count_nonzero(mask))
        self._mask = mask
        # `reduceat` reads past the end of no run: every run has a row.
        self.by_run = (
            np.add.reduceat(mask.view(np.uint8), first_rows, dtype=np.int32) if mask.size else np.empty(0, np.int32)
        )

    @cached_property
    def bits(self) -> Bits:
        """The mask, eight rows to a byte."""
        return _packed(self._mask)


def _packed(mask: Mask) -> Bits:
    """Rows as bits, in words of 64."""
    packed = np.zeros(-(-mask.size // 64) * 8, np.uint8)
    packed[: -(-mask.size // 8)] = np.packbits(mask)
    return packed.view(np.uint64)


def in_order(facet: Facet, found: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    """Values by count from high to low, years from new to old."""
    if facet is Facet.YEAR:
        return tuple(sorted(found, key=lambda one: one.value, reverse=True))
    return tuple(sorted(found, key=lambda one: (-one.count, one.value)))


class _ByReport:
    """A facet that a report gives to all of its rows; `codes` has one for each run of rows."""

    def __init__(self, values: list[str], codes: NDArray[np.int32], lengths: NDArray[np.int64]) -> None:
        self.names = np.array(values, object)
        self.codes, self._lengths = codes, lengths
        self.code_of = {value: code for code, value in enumerate(values)}

    def mask(self, codes: Sequence[int]) -> Mask:
        return np.repeat(np.isin(self.codes, codes), self._lengths)

    def counts(self, tally: Tally) -> NDArray[np.int64]:
        return np.bincount(self.codes, tally.by_run, len(self.names)).astype(np.int64)


class _ByRow:
    """A facet of which a row may have several values; `bits` has the rows of each value."""

    def __init__(self, values: list[str], rows: NDArray[np.int64], codes: NDArray[np.int32], size: int) -> None:
        self.names, self._size = np.array(values, object), size
        self.code_of = {value: code for code, value in enumerate(values)}
        small = codes.astype(np.uint16) if len(values) < _UINT16 else codes  # numpy sorts 16 bits 20 times faster
        by_code = rows[np.argsort(small, kind="stable")]
        ends = np.cumsum(np.bincount(codes, minlength=len(values)))
        self._bits = np.zeros((len(values), -(-size // 64)), np.uint64)
        for code, found in enumerate(np.split(by_code, ends[:-1])) if values else ():
            self._bits[code] = _packed(_mask_of(found, size))

    def mask(self, codes: Sequence[int]) -> Mask:
        chosen = np.bitwise_or.reduce(self._bits[list(codes)], axis=0, initial=np.uint64(0))
        return np.unpackbits(chosen.view(np.uint8), count=self._size).view(np.bool_)

    def counts(self, tally: Tally) -> NDArray[np.int64]:
        counts: NDArray[np.int64] = np.bitwise_count(self._bits & tally.bits).sum(axis=1, dtype=np.int64)
        return counts


def _mask_of(rows: NDArray[np.int64], size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return mask


class Facets:
    """The facet arrays opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._values: dict[str, list[str]] = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
        self.report_of_row = self._mapped("report")
        self._first_rows = firsts_of(self.report_of_row)
        self._lengths = np.diff(self._first_rows, append=self.size)

    def _mapped(self, name: str) -> NDArray[np.int32]:
        array: NDArray[np.int32] = map_array(self._folder / f"{name}.npy")
        return array

    def _of_report(self, name: str) -> _ByReport:
        return _ByReport(self._values[name], self._mapped(name)[self._first_rows], self._lengths)

    @cached_property
    def _columns(self) -> dict[Facet, _ByReport | _ByRow]:
        """Read when first asked for: whoever only writes needs none."""
        columns: dict[Facet, _ByReport | _ByRow] = {facet: self._of_report(facet) for facet in _BY_REPORT}
        parts = (self._values[Facet.PART], np.arange(self.size), self._mapped(Facet.PART))
        topics = (self._values[Facet.TOPIC], *_read_topics(self._folder))
        return columns | {facet: _ByRow(*of, self.size) for facet, of in ((Facet.PART, parts), (Facet.TOPIC, topics))}

    @cached_property
    def _townships(self) -> _ByReport:
        return self._of_report("township_id")

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.report_of_row)

    @property
    def township_of_row(self) -> NDArray[np.int32]:
        """The number of each row's township, -1 without one."""
        codes, nowhere = self._townships.codes, self._townships.code_of.get(_NO_TOWNSHIP, -1)
        return np.repeat(np.where(codes == nowhere, -1, codes), self._lengths)

    def mask(self, facet: Facet, chosen: Sequence[str]) -> Mask:
        """Rows with any of the chosen values; townships by name or code."""
        mask = self._column_mask(self._columns[facet], chosen)
        if facet is Facet.TOWNSHIP:
            codes = [value for value in chosen if value.isascii() and value.isdigit()]
            mask |= self._column_mask(self._townships, codes)
        return mask

    def _column_mask(self, column: _ByReport | _ByRow, chosen: Sequence[str]) -> Mask:
        return column.mask([column.code_of[value] for value in chosen if value in column.code_of])

    def masks(self, filters: Mapping[Facet, tuple[str, ...]]) -> dict[Facet, Mask]:
        """A mask for every facet of which something is chosen."""
        return {facet: self.mask(facet, chosen) for facet, chosen in filters.items() if chosen}

    def of_reports(self, chosen: Mask) -> Mask:
        """The rows of chosen reports, by their number."""
        return np.repeat(chosen[self.report_of_row[self._first_rows]], self._lengths)

    def years(self) -> NDArray[np.int32]:
        """The year of every row, 0 where it is not known."""
        column = self._by_report(Facet.YEAR)
        years = [int(value) if value.isdigit() else 0 for value in column.names]
        return np.repeat(np.array(years, np.int32)[column.codes], self._lengths)

    def sort_keys(self, facet: Facet) -> NDArray[np.int32]:
        """A number for each row that orders as the facet's value does; facets with one value for each report."""
        return np.repeat(self._by_report(facet).codes, self._lengths)

    def _by_report(self, facet: Facet) -> _ByReport:
        column = self._columns[facet]
        if isinstance(column, _ByRow):
            raise TypeError(f"a section may have several values of {facet}")
        return column

    def tally(self, mask: Mask) -> Tally:
        """The rows of a mask, ready to be counted."""
        return Tally(mask, self._first_rows)

    def totals(self, tally: Tally) -> Counts:
        """Sections, reports and townships of counted rows."""
        is_hit = tally.by_run > 0
        is_known = np.zeros(len(self._townships.names), np.bool_)
        is_known[self._townships.codes[is_hit]] = True
        nameless = self._townships.code_of.get(_NO_TOWNSHIP)
        if nameless is not None:
            is_known[nameless] = False
        return Counts(
            sections=tally.sections, reports=int(np.count_nonzero(is_hit)), townships=int(np.count_nonzero(is_known))
        )

    def count(self, facet: Facet, loose: Tally, literal: Tally, chosen: Sequence[str]) -> "Counted":
        """Counts of the values that stand in the rows, and of the chosen ones."""
        column = self._columns[facet]
        all_counts = column.counts(loose)
        # Literal rows are loose ones too: as many of them are the same ones.
        literal_counts = all_counts if literal.sections == loose.sections else column.counts(literal)
        codes = np.flatnonzero(all_counts)
        # Values are sorted: so are their codes.
        ordered = codes[::-1] if facet is Facet.YEAR else codes[np.argsort(-all_counts[codes], kind="stable")]
        return Counted(facet, column.names[ordered], all_counts[ordered], literal_counts[ordered], tuple(chosen))


@dataclass(frozen=True, slots=True)
class Counted:
    """The values of one facet with their counts, in order, chosen ones that no row has left out."""

    facet: Facet
    names: NDArray[np.object_]
    counts: NDArray[np.int64]
    literal: NDArray[np.int64]
    chosen: tuple[str, ...]

    def values(self) -> tuple[FacetCount, ...]:
        """The same as objects, chosen values always among them."""
        columns = self.names.tolist(), self.counts.tolist(), self.literal.tolist()
        found = map(_facet_count, zip(*columns, repeat(False)))  # noqa: FBT003 - a value, not a switch
        if not self.chosen:
            return tuple(found)
        values = {one.value: one._replace(selected=one.value in self.chosen) for one in found}
        missing = {value: FacetCount(value, 0, 0, selected=True) for value in self.chosen if value not in values}
        return in_order(self.facet, [*values.values(), *missing.values()])


class FacetCounts(Mapping[Facet, tuple[FacetCount, ...]]):
    """The counts of an answer; thousands of objects, made for those who look at them and never kept."""

    def __init__(self, counted: Iterable[Counted]) -> None:
        self._counted = {one.facet: one for one in counted}
        self.size = sum(one.names.size for one in self._counted.values())

    def __getitem__(self, facet: Facet) -> tuple[FacetCount, ...]:
        return self._counted[facet].values()

    def __iter__(self) -> Iterator[Facet]:
        return iter(self._counted)

    def __len__(self) -> int:
        return len(self._counted)


def size_of(answer: SearchResult) -> int:
    """Roughly the bytes of an answer: strings of facet values are shared, numbers are not."""
    return 300 * len(answer.hits) + 24 * (answer.facets.size if isinstance(answer.facets, FacetCounts) else 0)
