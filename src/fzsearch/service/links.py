"""What has become of a permanent address? Whether its text stands where it stood, elsewhere, changed, or is gone.

An address names a report, in it perhaps a section and a paragraph, and perhaps the hash of a text (DESIGN §5). What it
leads to is decided by the text first, wherever it stands now, and by the place in the report only after that.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from fzsearch.engine import Engine, StoredSection
from fzsearch.model import IndexedReport
from fzsearch.service.addresses import HASH_DIGITS, SECTION_PATH, Address
from fzsearch.service.nearest import nearest_sections
from fzsearch.service.paragraphs import has_body, paragraph_spans

_KEY = re.compile(r"(?P<place>.+)-(?P<year>\d{4})(?:~(?P<digits>[0-9a-f]+))?", re.ASCII | re.DOTALL)
_DOC_KEY = re.compile(r"doc-(?P<digits>[0-9a-f]{8,})", re.ASCII)


class LinkState(StrEnum):
    """What has become of an address; `SEVERAL`: it fits several reports, and a person has to choose."""

    SAME = "一致"
    MOVED = "已移动"
    CHANGED = "已改动"
    REMOVED = "已移除"
    SEVERAL = "多处"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Where an address leads.

    Attributes:
        record: the report that it leads to, with or without its sections; None where it is gone or not decided.
        section: the section that it leads to or, for a changed text, that stands in its place.
        paragraph: number of the paragraph in `section`, from 1.
        rivals: the reports to choose from, by key; only for `SEVERAL`.
        twin: a section that holds the very text that was meant, but speaks of something else; only known by chance.
        nearest: sections of the same report that come closest, best first; only for `REMOVED`.
    """

    state: LinkState
    address: Address
    record: IndexedReport | None = None
    section: StoredSection | None = None
    paragraph: int | None = None
    rivals: tuple[IndexedReport, ...] = ()
    twin: StoredSection | None = None
    nearest: tuple[StoredSection, ...] = ()

    @property
    def anchor(self) -> str:
        """The place on the page of the report: "", "s2.4" or "s2.4/p1"."""
        if self.section is None:
            return ""
        return self.section.section.path + (f"/p{self.paragraph}" if self.paragraph else "")

    @property
    def target(self) -> str:
        """The permanent address of what stands there now, with its hash; "" where there is nothing."""
        if self.record is None:
            return ""
        current = self.section.hash if self.section else self.record.text_hash[:HASH_DIGITS]
        return f"/r/{Address(key=self.record.key, path=self.anchor, hash=current)}"


def resolve(engine: Engine, key: str, path: str = "", text_hash: str | None = None) -> Resolution:
    """What has become of an address; parts as `parse_address` gives them.

    Raises:
        EngineError: the index cannot answer.
    """
    asked = _Asked(engine, Address(key=key, path=path, hash=text_hash))
    found = SECTION_PATH.fullmatch(path)
    if not path:
        return asked.report()
    if not found:
        return asked.nothing()
    return asked.section(found["section"], int(found["number"]) if found["number"] else None)


class _Asked:
    """One address on its way to what it means."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address

    # ---- reports

    @cached_property
    def _own(self) -> IndexedReport | None:
        """The report of exactly this key."""
        return self._engine.report(self._address.key) if self._address.key else None

    @cached_property
    def _all(self) -> tuple[IndexedReport, ...]:
        return self._engine.reports()

    @cached_property
    def _homes(self) -> tuple[IndexedReport, ...]:
        """The reports that the key can mean: its own, else those of its place and year, or of its text."""
        if self._own is not None:
            return (self._own,)
        digits, named = _digits(self._address.key), _KEY.fullmatch(self._address.key)
        if named is None:
            return tuple(one for one in self._all if digits and one.text_hash.startswith(digits))
        place, year = named["place"], int(named["year"])
        same = tuple(one for one in self._all if _is_of(one, place, year))
        return tuple(one for one in same if digits and one.text_hash.startswith(digits)) or same

    @property
    def _is_other_text(self) -> bool:
        """Whether the key names a text by its digits, and the only report left is another one."""
        home = self._homes[0]
        return self._own is None and not home.text_hash.startswith(_digits(self._address.key))

    def report(self) -> Resolution:
        """A whole report."""
        wanted = self._address.hash
        if self._own is not None and (wanted is None or self._own.text_hash.startswith(wanted)):
            return self._found(LinkState.SAME, self._own)
        twins = [one for one in self._all if one.text_hash.startswith(wanted)] if wanted else []
        if len(twins) == 1:
            return self._found(LinkState.MOVED, twins[0])
        if len(self._homes) > 1:
            return self._several(self._homes)
        if not self._homes:
            return self._found(LinkState.REMOVED)
        is_changed = wanted is not None or self._is_other_text
        return self._found(LinkState.CHANGED if is_changed else LinkState.MOVED, self._homes[0])

    # ---- sections

    def section(self, path: str, number: int | None) -> Resolution:
        """A section, or a paragraph of it."""
        here = self._engine.sections([f"{home.key}/{path}" for home in self._homes])
        if self._address.hash is None:
            return self._by_place(here, number)
        same = [one for one in here if one.hash == self._address.hash]
        if len(same) > 1:
            return self._several([one.report for one in same])
        if same:
            return self._at(LinkState.SAME if self._own else LinkState.MOVED, same[0], number)
        return self._by_text(here, path, number)

    def _by_text(self, here: Sequence[StoredSection], path: str, number: int | None) -> Resolution:
        """By the hash, anywhere: first in the same report, then of the same place and year, then in the corpus.

        A bare heading stands in hundreds of reports: alone it says nothing about where a text has gone.
        """
        found = self._engine.sections(self._engine.with_hash(self._address.hash or ""))
        home_keys = {home.key for home in self._homes}
        near = [one for one in found if one.report.key in home_keys]
        near = near or [one for one in found if self._is_of_place_and_year(one.report)]
        twins = near or self._of_one_year([one for one in found if has_body(one.section)])
        reports = {one.report.key: one.report for one in twins}
        if len(reports) == 1:
            best = max(twins, key=lambda one: _likeness_of_paths(one.section.path, path))
            return self._at(LinkState.MOVED, best, number)
        if len(reports) > 1 and not here:
            return self._several(reports.values())
        return self._by_place(here, number, found[0] if found else None)

    def _by_place(
        self, here: Sequence[StoredSection], number: int | None, twin: StoredSection | None = None
    ) -> Resolution:
        """By key and path alone."""
        if len(here) > 1 or (not here and len(self._homes) > 1):
            return self._several([one.report for one in here] or self._homes)
        if not here:
            return self.nothing(twin)
        if self._address.hash is not None or self._is_other_text:
            return replace(self._found(LinkState.CHANGED, here[0].report, here[0]), twin=twin)
        return self._at(LinkState.SAME if self._own else LinkState.MOVED, here[0], number)

    def _of_one_year(self, twins: list[StoredSection]) -> list[StoredSection]:
        """Those of the year that the key names, if there are any: what is said every year is not a choice of years."""
        named = _KEY.fullmatch(self._address.key)
        return [one for one in twins if named and one.report.report.year == int(named["year"])] or twins

    def _is_of_place_and_year(self, record: IndexedReport) -> bool:
        named = _KEY.fullmatch(self._address.key)
        return named is not None and _is_of(record, named["place"], int(named["year"]))

    # ---- answers

    def nothing(self, twin: StoredSection | None = None) -> Resolution:
        """Gone, with what comes closest in the report, if that still is."""
        if len(self._homes) != 1:
            return replace(self._found(LinkState.REMOVED), twin=twin)
        home = self._engine.report(self._homes[0].key) or self._homes[0]
        stored = self._engine.sections([f"{home.key}/{one.path}" for one in home.report.sections])
        nearest = nearest_sections(stored, self._address.path, twin.section.text if twin else "")
        return replace(self._found(LinkState.REMOVED, home), twin=twin, nearest=nearest)

    def _several(self, records: Iterable[IndexedReport]) -> Resolution:
        by_key = {one.key: one for one in records}
        return Resolution(
            state=LinkState.SEVERAL, address=self._address, rivals=tuple(by_key[key] for key in sorted(by_key))
        )

    def _at(self, state: LinkState, stored: StoredSection, number: int | None) -> Resolution:
        """A section, if it has the paragraph that was asked for."""
        if number is not None and not 1 <= number <= len(paragraph_spans(stored.section)):
            return replace(self._found(LinkState.REMOVED, stored.report), nearest=(stored,))
        return self._found(state, stored.report, stored, number)

    def _found(
        self,
        state: LinkState,
        record: IndexedReport | None = None,
        section: StoredSection | None = None,
        paragraph: int | None = None,
    ) -> Resolution:
        return Resolution(state=state, address=self._address, record=record, section=section, paragraph=paragraph)


def _digits(key: str) -> str:
    """The digits of a text's hash that a key holds, "" where it names no text."""
    found = _KEY.fullmatch(key) or _DOC_KEY.fullmatch(key)
    return (found["digits"] or "") if found else ""


def _is_of(record: IndexedReport, name: str, year: int) -> bool:
    """Whether a report is of this year and of a place of this code or name, or may be.

    An address by name outlives the day on which the code becomes known, and the other way round.
    """
    place = record.report.place
    known = {place.code, place.township, *(candidate.code for candidate in place.candidates)}
    return record.report.year == year and name in known


def _likeness_of_paths(path: str, wanted: str) -> tuple[bool, bool]:
    return path == wanted, path.rpartition(".")[0] == wanted.rpartition(".")[0]
