"""How many hits has each facet value? Codes in mapped arrays, counted by numpy.

`facets.json` lists the values of each facet (a value's code is its index); `<facet>.npy` holds a code for each row,
topics as pairs of row and code. `report.npy` and `township.npy` number reports and townships for the totals.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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


def write_facets(
    folder: Path, report_of_row: NDArray[np.int32], records: Sequence[IndexedReport], parts: Sequence[str],
    topics: Sequence[Sequence[str]],
) -> None:  # fmt: skip
    """Write the arrays; `report_of_row` indexes `records`, the last two have an entry for each row."""
    folder.mkdir()
    values: dict[str, list[str]] = {}

    def save(name: str, labels: Sequence[str]) -> NDArray[np.int32]:
        values[name], codes = _encode(labels)
        return codes

    by_report = [facet_values(record) for record in records]
    for facet in _BY_REPORT:
        np.save(folder / f"{facet}.npy", save(facet, [labels[facet] for labels in by_report])[report_of_row])
    np.save(folder / "part.npy", save(Facet.PART, parts))
    townships = [township_identity(record.report.place) for record in records]
    np.save(folder / "township_id.npy", save("township_id", townships)[report_of_row])
    np.save(folder / "report.npy", report_of_row)
    flat = [(row, topic) for row, found in enumerate(topics) for topic in found]
    codes = save(Facet.TOPIC, [topic for _, topic in flat])
    np.save(folder / "topic.npy", np.stack([np.array([row for row, _ in flat], np.int32), codes]))
    (folder / "facets.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def _encode(labels: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    values = sorted(set(labels))
    code_of = {value: code for code, value in enumerate(values)}
    return values, np.array([code_of[label] for label in labels], np.int32)


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

    @property
    def township_of_row(self) -> NDArray[np.int32]:
        """The number of each row's township, -1 without one."""
        codes, values = self._townships.codes, self._townships.values
        return np.where(codes == values.index(_NO_TOWNSHIP), -1, codes) if _NO_TOWNSHIP in values else codes

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
