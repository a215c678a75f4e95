"""In which place was a report written, and how is that known?

Finds the township's name, then narrows the listed units of that name by the clues of the text. What the text does not
settle stays ambiguous; a county is never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fzsearch.ingest.found import TEXT_LIMIT, provenance
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.place_clues import (
    Body,
    Clue,
    body_clues,
    level_of,
    page_clues,
    path_clues,
    province_clue,
    read_body,
    salutation_clues,
    short_clues,
    slot_clues,
    stranger_clues,
)
from fzsearch.ingest.place_slots import Named, area_signed, township_elsewhere, township_in_title
from fzsearch.ingest.places import PlaceList, lies_in
from fzsearch.model import Place, Provenance


@dataclass(slots=True)
class _Case:
    """A township's units that are still possible, where evidence is looked for, and what was used so far.

    Attributes:
        text, page: the lines but the title, and the metadata block.
        is_settled: a clue named the county, or the title said all it could.
        against: the clues with which no unit agrees: firm ones, or the kind of the superior.
    """

    township: str
    units: tuple[Place, ...]
    text: Sequence[NumberedLine]
    page: Mapping[str, str]
    places: PlaceList
    used: list[Provenance] = field(default_factory=list)
    is_settled: bool = False
    against: list[Clue] = field(default_factory=list)

    def note(self, field: str, rule: str, source: str, text: str, line: int | None = None) -> None:
        """Record a piece of evidence."""
        self.used.append(provenance(rule, text, line, source, f"place.{field}"))

    def note_clue(self, clue: Clue, excluded: Sequence[Place] = ()) -> None:
        """Record a clue and name the counties that it excluded."""
        text = f"{clue.text[: TEXT_LIMIT // 2]}（排除{_county_names(excluded)}）" if excluded else clue.text
        self.note(level_of(clue.superiors[-1]) if clue.superiors else "county", clue.rule, clue.source, text, clue.line)


def find_place(
    lines: Sequence[NumberedLine],
    title: str | None,
    title_lines: Sequence[int],
    page: Mapping[str, str],
    places: PlaceList,
) -> tuple[Place, tuple[Provenance, ...]]:
    """The place of a report and every piece of evidence that was used.

    Args:
        lines: the text lines of the document in order.
        title: the report's title, its lines joined, None when none was found.
        title_lines: numbers of the lines that the title stands on.
        page: metadata block of a saved page; a path under the key "file" counts as the name of folder and file.
        places: the list of places.

    Returns:
        A township with its superiors, a township with candidates, a county, or an empty Place.
    """
    heading = township_in_title(lines, title, title_lines, places)
    tails = {line.number: line.text.partition("_")[2] for line in lines if line.number in title_lines}
    text = [NumberedLine(line.number, tails.get(line.number, line.text)) for line in lines]
    text = [line for line in text if line.text]
    named = heading if heading.slot.township else township_elsewhere(text, page, heading.slot, places)
    if named is None or named.slot.township is None:
        return _area(heading, text, places)
    case = _Case(named.slot.township, places.named(named.slot.township), text, page, places)
    case.note("township", named.rule, named.source, named.text, named.line)
    return _settle(case, named, heading), tuple(case.used)


def _settle(case: _Case, named: Named, heading: Named) -> Place:
    """The place of a named township: what its title states, else what the clues leave."""
    says_more = named.slot.superiors or named.slot.short or named.slot.unlisted
    finished = _apply_slot(case, named if says_more else heading)
    if finished is not None:
        return finished
    body = read_body(case.text, case.township, case.places)
    if not case.units:
        return _unlisted(case, body)
    is_unique = len(case.units) == 1
    _weigh(case, salutation_clues(case.text, case.places))
    _weigh(case, body_clues(body, case.units))
    _weigh(case, page_clues(case.page, case.places))
    _weigh(case, path_clues(case.page.get("file", ""), case.units, case.places))
    if len(case.units) > 1:
        _weigh(case, province_clue(body, case.units))
        _weigh(case, short_clues(case.text, case.units))
    return _conclusion(case, is_unique=is_unique)


def _apply_slot(case: _Case, stated: Named) -> Place | None:
    """Apply what stands before the township; the finished Place when that is more than the list knows."""
    slot = stated.slot
    if slot.unlisted and not slot.superiors:
        case.note(
            "county", f"place.county.{stated.rule.removeprefix('place.')}", stated.source, slot.unlisted, stated.line
        )
        case.note("county", "place.list.absent", "list", slot.unlisted)
        return Place(county=slot.unlisted, township=case.township)
    for clue in slot_clues(stated, case.units, case.places):
        case.units = tuple(unit for unit in case.units if clue.keeps(unit))
        case.is_settled = True
        case.note_clue(clue)
    if not case.is_settled or case.units:
        return None
    case.note("township", "place.list.absent", "list", case.township)
    return _in_one_of(case.township, _consistent(slot.superiors, case.places))


def _weigh(case: _Case, clues: Iterable[Clue]) -> None:
    """Narrow the units by each clue; one that would leave none is noted, not followed."""
    for clue in clues:
        kept = tuple(unit for unit in case.units if clue.keeps(unit))
        if not kept:
            if clue.is_firm or clue.kind not in {None, "市"}:  # any township may speak of 市委
                case.against.append(clue)
            continue
        excluded = tuple(unit for unit in case.units if unit not in kept)
        if excluded or (clue.superiors):
            case.note_clue(clue, excluded)
        case.units = kept
        case.is_settled |= any(place.county for place in clue.superiors)


def _conclusion(case: _Case, *, is_unique: bool) -> Place:
    """One unit, or a township with the candidates that remain."""
    if case.against and not case.is_settled:
        own = next((clue for clue in case.against if clue.is_own and len(clue.superiors) == 1), None)
        if own:
            case.note_clue(own, case.units)
            case.note("township", "place.list.absent", "list", case.township)
            return replace(own.superiors[0], township=case.township, code=None)
        for clue in case.against:
            case.note_clue(clue, case.units if clue.kind else ())
        others = (place for clue in case.against for place in clue.superiors)
        case.units = (*case.units, *(replace(place, township=case.township, code=None) for place in others))
        if len(case.units) == 1:  # the only listed unit lies in a superior of another kind: the list may lack a new one
            return Place(township=case.township)
    if len(case.units) > 1:
        return Place(township=case.township, candidates=case.units)
    if is_unique:
        case.note("county", "place.list.unique", "list", case.township)
    return case.units[0]


def _unlisted(case: _Case, body: Body) -> Place:
    """A township that no list knows, in the county that salutation, body or metadata block name."""
    case.note("township", "place.list.absent", "list", case.township)
    clues = [
        *salutation_clues(case.text, case.places),
        *(strangers if len(strangers := stranger_clues(body, ())) == 1 else ()),
        *page_clues(case.page, case.places),
        *path_clues(case.page.get("file", ""), (), case.places),
    ]
    clue = next((clue for clue in clues if any(place.county for place in clue.superiors)), None)
    if clue is None:
        return Place(township=case.township)
    case.note_clue(clue)
    counties = tuple(place for place in clue.superiors if place.county)
    around = tuple(clue.superiors for clue in body.named.values() if not clue.superiors[-1].county)
    fitting = tuple(place for place in counties if any(lies_in(place, wide) for wides in around for wide in wides))
    return _in_one_of(case.township, fitting or counties)


def _in_one_of(township: str, superiors: Sequence[Place]) -> Place:
    """A township in the only superior, or, where several share the stated name, with that name alone."""
    if len(superiors) == 1:
        return replace(superiors[0], township=township, code=None)
    return Place(county=superiors[0].county if superiors else None, township=township)


def _area(heading: Named, text: Sequence[NumberedLine], places: PlaceList) -> tuple[Place, tuple[Provenance, ...]]:
    """County, city or province of a report that no township wrote; an ambiguous county keeps name and candidates."""
    stated = heading if heading.slot.superiors else area_signed(text, places)
    found = _consistent(stated.slot.superiors, places) if stated else ()
    if stated is None or not found:
        return Place(), ()
    level = level_of(found[0])
    case = _Case("", found, text, {}, places)
    case.note(level, f"place.{level}.{stated.rule.removeprefix('place.')}", stated.source, stated.text, stated.line)
    if len(found) > 1:
        body = read_body(text, "", places)
        _weigh(case, (clue for clues in (body_clues, province_clue) for clue in clues(body, found)))
    return (case.units[0] if len(case.units) == 1 else Place(county=found[0].county, candidates=case.units)), (
        *case.used,
    )


def _consistent(names: Sequence[str], places: PlaceList) -> tuple[Place, ...]:
    """The narrowest places of the given names that agree with all the others, ordered as the list."""
    options = [places.superiors(name) for name in names]
    fitting = [
        place
        for option in options
        for place in option
        if all(any(lies_in(place, other) or lies_in(other, place) for other in others) for others in options)
    ]
    levels = ("county", "city", "province")
    by_level = (tuple(dict.fromkeys(place for place in fitting if level_of(place) == level)) for level in levels)
    return next((found for found in by_level if found), ())


def _county_names(units: Sequence[Place]) -> str:
    """Names of counties for a person, cut to half of a provenance text."""
    names = "、".join(dict.fromkeys(unit.county or unit.city or "" for unit in units))
    room = TEXT_LIMIT // 2 - len("（排除）")
    return names if len(names) <= room else f"{names[: room - len('等00个')]}等{len(units)}个"
