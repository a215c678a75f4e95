"""What should an engine answer? Brute force over all sections: no index, the meaning in `query.tree` word by word."""

from collections.abc import Callable, Mapping, Sequence

from fzsearch.engine import IndexedSection
from fzsearch.model import Figure
from fzsearch.query import UNSETTLED, And, Counts, Facet, FacetIs, FieldHas, FieldName, Literal, Node, Not, Or, Words

Sets = tuple[set[str], set[str]]


class Oracle:
    """Answers engine trees over sections held in a list."""

    def __init__(self, sections: Sequence[IndexedSection]) -> None:
        self.sections = list(sections)
        self.by_id = {one.id: one for one in sections}

    def where(self, holds: Callable[[IndexedSection], bool]) -> set[str]:
        return {one.id for one in self.sections if holds(one)}

    def sets(self, node: Node | None) -> Sets:
        """Loose and literal matches."""
        everything = set(self.by_id)
        match node:
            case None:
                return everything, everything
            case And(children):
                found = [self.sets(child) for child in children]
                return set.intersection(*(f[0] for f in found)), set.intersection(*(f[1] for f in found))
            case Or(children):
                found = [self.sets(child) for child in children]
                return set.union(*(f[0] for f in found)), set.union(*(f[1] for f in found))
            case Not(child):
                return (everything - self.sets(child)[1],) * 2
            case Literal(norm):
                return (self.where(lambda one: norm in one.norm),) * 2
            case Words(norm, words, any_word):
                return self._words(norm, words, any_word=any_word)
            case FieldHas(FieldName.TITLE, norm):
                return (self.where(lambda one: norm in one.title_norm or norm in one.heading_norm),) * 2
            case FieldHas(_, norm):
                return (self.where(lambda one: norm in one.doc_number_norm),) * 2
            case FacetIs(facet, values):
                return (self.where(lambda one: self.has(one, facet, values)),) * 2
            case _:
                raise AssertionError(node)

    def _words(self, norm: str, words: Sequence[str], *, any_word: bool) -> Sets:
        literal = self.where(lambda one: norm in one.norm)
        about = self.where(lambda one: norm in one.title_norm or any(norm in n for n in one.places_norm.split("\n")))
        pairs = {word[at : at + 2] for word in words for at in range(max(1, len(word) - 1))}
        if any_word:
            return literal | about | self.where(lambda one: any(pair in one.norm for pair in pairs)), literal
        by_words = self.where(lambda one: all(w in one.words.split() for w in words)) if words else set()
        return literal | about | by_words, literal

    def values(self, one: IndexedSection, facet: Facet) -> list[str]:
        report, place = one.report.report, one.report.report.place
        if facet is Facet.TOPIC:
            return list(one.section.topics)
        if facet is Facet.PART:
            return [one.section.part.value]
        value = report.year if facet is Facet.YEAR else getattr(place, facet.value)
        return [UNSETTLED if value is None else str(value)]

    def has(self, one: IndexedSection, facet: Facet, chosen: Sequence[str]) -> bool:
        place = one.report.report.place
        by_code = facet is Facet.TOWNSHIP and place.township is not None and place.code in chosen
        return by_code or any(value in chosen for value in self.values(one, facet))

    def filtered(self, ids: set[str], filters: Mapping[Facet, Sequence[str]]) -> set[str]:
        return {
            i for i in ids if all(self.has(self.by_id[i], facet, chosen) for facet, chosen in filters.items() if chosen)
        }

    def counts(self, ids: set[str]) -> Counts:
        found = [self.by_id[i] for i in ids]
        places = [one.report.report.place for one in found]
        return Counts(
            sections=len(found),
            reports=len({one.report.key for one in found}),
            townships=len({place.code or place.township for place in places if place.township}),
        )

    def figures(self, ids: set[str], indicator: str | None) -> list[tuple[str, Figure]]:
        """Id and figure of all figures of these sections, of one indicator unless None, in their order."""
        order = {one.id: (one.report.key, one.order) for one in self.sections}
        reports = {one.report.key: one.report.report for one in self.sections}
        found = [
            (f"{key}/{figure.section}", number, figure)
            for key, report in reports.items()
            for number, figure in enumerate(report.figures)
            if f"{key}/{figure.section}" in ids and indicator in {None, figure.indicator}
        ]
        found.sort(key=lambda one: (order[one[0]], one[1]))
        return [(f"{section}/f{number}", figure) for section, number, figure in found]

    def facet(
        self, node: Node | None, facet: Facet, filters: Mapping[Facet, Sequence[str]]
    ) -> dict[str, tuple[int, int]]:
        """Loose and literal count of every value that stands there; the facet's own choice is ignored."""
        others = {name: chosen for name, chosen in filters.items() if name is not facet}
        loose, literal = (self.filtered(ids, others) for ids in self.sets(node))
        found: dict[str, tuple[int, int]] = {}
        for i in loose:
            for value in set(self.values(self.by_id[i], facet)):
                count, exact = found.get(value, (0, 0))
                found[value] = (count + 1, exact + (i in literal))
        return found
