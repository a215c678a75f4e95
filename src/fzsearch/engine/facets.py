"""How many hits has each facet value? Codes in mapped arrays, counted by numpy.

`facets.json` lists the values of each facet (a value's code is its index); `<facet>.npy` holds a code for each row,
topics as pairs of row and code. `report.npy` and `township.npy` number reports and townships for the totals.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fzsearch.model import IndexedReport, Place
from fzsearch.query import UNSETTLED, Counts, Facet, FacetCount

Mask = NDArray[np.bool_]
_BY_REPORT = (Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP, Facet.YEAR)
_NO_TOWNSHIP = ""


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
        flat = [(row, topic) for row, (_, _, topics) in enumerate(rows) for topic in topics]
        return cls(
            {name: Column.of(found) for name, found in labels.items()},
            Column.of([topic for _, topic in flat]),
            np.array([row for row, _ in flat], np.int64),
        )

    @classmethod
    def read(cls, folder: Path) -> "RowFacets":
        """The facets that `write` wrote."""
        values: dict[str, list[str]] = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
        columns = {name: Column(values[name], np.load(folder / f"{name}.npy")) for name in _ROW_COLUMNS}
        rows, codes = np.load(folder / "topic.npy")
        return cls(columns, Column(values[Facet.TOPIC], codes), rows.astype(np.int64))

    def __add__(self, other: "RowFacets") -> "RowFacets":
        count = self.columns[Facet.PART].codes.size
        columns = {name: column + other.columns[name] for name, column in self.columns.items()}
        return RowFacets(
            columns, self.topics + other.topics, np.concatenate([self.topic_rows, other.topic_rows + count])
        )

    def write(
        self, folder: Path, order: NDArray[np.int64], row_of: NDArray[np.int64], reports: NDArray[np.int32]
    ) -> None:
        """Write the arrays for the rows in an order.

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
        np.save(folder / "topic.npy", np.stack([rows[places].astype(np.int32), topics.codes]))
        values = {name: column.values for name, column in columns.items()} | {Facet.TOPIC: topics.values}
        (folder / "facets.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Column:
    """One facet: its values, and the rows that have each code (a row may have several)."""

    values: list[str]
    rows: NDArray[np.int32] | None  # None: one code for each row
    codes: NDArray[np.int32]

    def mask(self, codes: Sequence[int], size: int) -> Mask:
        chosen = np.isin(self.codes, codes)
        if self.rows is None:
            return chosen
        mask = np.zeros(size, np.bool_)
        mask[self.rows[chosen]] = True
        return mask

    def counts(self, mask: Mask) -> NDArray[np.int64]:
        counted = self.codes[mask] if self.rows is None else self.codes[mask[self.rows]]
        return np.bincount(counted, minlength=len(self.values))


class Facets:
    """The facet arrays opened for reading."""

    def __init__(self, folder: Path) -> None:
        values: dict[str, list[str]] = json.loads((folder / "facets.json").read_text(encoding="utf-8"))

        def mapped(name: str) -> NDArray[np.int32]:
            array: NDArray[np.int32] = np.load(folder / f"{name}.npy", mmap_mode="r")
            return array

        topic_rows, topic_codes = mapped("topic")
        self._columns: dict[Facet, _Column] = {
            facet: _Column(values[facet], None, mapped(facet)) for facet in Facet if facet != Facet.TOPIC
        }
        self._columns[Facet.TOPIC] = _Column(values[Facet.TOPIC], topic_rows, topic_codes)
        self._townships = _Column(values["township_id"], None, mapped("township_id"))
        self.report_of_row = mapped("report")

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.report_of_row)

    def mask(self, facet: Facet, chosen: Sequence[str]) -> Mask:
        """Rows with any of the chosen values; townships by name or code."""
        mask = self._column_mask(self._columns[facet], chosen)
        if facet is Facet.TOWNSHIP:
            codes = [value for value in chosen if value.isascii() and value.isdigit()]
            mask |= self._column_mask(self._townships, codes)
        return mask

    def _column_mask(self, column: _Column, chosen: Sequence[str]) -> Mask:
        known = [column.values.index(value) for value in chosen if value in column.values]
        return column.mask(known, self.size)

    def masks(self, filters: Mapping[Facet, tuple[str, ...]]) -> dict[Facet, Mask]:
        """A mask for every facet of which something is chosen."""
        return {facet: self.mask(facet, chosen) for facet, chosen in filters.items() if chosen}

    def values(self, facet: Facet) -> list[str]:
        """All values of a facet."""
        return self._columns[facet].values

    def sort_keys(self, facet: Facet) -> NDArray[np.int32]:
        """A number for each row that orders as the facet's value does; facets with one value for each row."""
        return self._columns[facet].codes

    def totals(self, mask: Mask) -> Counts:
        """Sections, reports and townships of the rows in a mask."""
        reports = np.bincount(self.report_of_row[mask])
        townships = self._townships.counts(mask)
        known = [code for code, value in enumerate(self._townships.values) if value != _NO_TOWNSHIP]
        return Counts(
            sections=int(mask.sum()),
            reports=int((reports > 0).sum()),
            townships=int((townships[known] > 0).sum()),
        )

    def count(self, facet: Facet, loose: Mask, literal: Mask, chosen: Sequence[str]) -> tuple[FacetCount, ...]:
        """Counts of the values that stand in the rows, and of the chosen ones."""
        column = self._columns[facet]
        all_counts, literal_counts = column.counts(loose), column.counts(literal)
        found = [
            FacetCount(
                value=value,
                count=int(all_counts[code]),
                literal=int(literal_counts[code]),
                selected=value in chosen,
            )
            for code, value in enumerate(column.values)
            if all_counts[code] or value in chosen
        ]
        absent = [value for value in chosen if value not in column.values]
        found += [FacetCount(value=value, count=0, literal=0, selected=True) for value in absent]
        if facet is Facet.YEAR:
            return tuple(sorted(found, key=lambda one: one.value, reverse=True))
        return tuple(sorted(found, key=lambda one: (-one.count, one.value)))
