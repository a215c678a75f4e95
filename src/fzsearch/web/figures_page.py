"""What does the page of figures show? The choice of an indicator and of sections, then what `indicator_view` makes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

from fzsearch.figures import Indicator, indicators
from fzsearch.query import FACET_LABELS, Facet, FacetCount
from fzsearch.service.asking import SearchRequest
from fzsearch.web.charts import value_label
from fzsearch.web.facets import Option, Select
from fzsearch.web.hits import Link
from fzsearch.web.params import FigureRequest, figures_url

MAX_OPTIONS = 300
_SELECTS = (Facet.PROVINCE, Facet.CITY, Facet.COUNTY, Facet.TOWNSHIP, Facet.YEAR)


def figures_page(
    wanted: FigureRequest,
    counts: Mapping[str | None, int],
    facets: Mapping[Facet, Sequence[FacetCount]],
    view: SimpleNamespace | None = None,
) -> SimpleNamespace:
    """The page for a request.

    Args:
        wanted: what was asked.
        counts: figures of each indicator under the filters.
        facets: of the sections under the filters.
        view: what there is of the indicator that was chosen.
    """
    selects = [_select(facet, wanted.search, facets[facet]) for facet in _SELECTS]
    shown = {select.name for select in selects if select}
    kept = tuple(
        (facet.value, value)
        for facet, values in wanted.search.filters.items()
        for value in values
        if facet.value not in shown
    )
    first = replace(wanted, page=1)
    return SimpleNamespace(
        groups=tuple(_groups(wanted, counts)),
        # figures that belong to no indicator.
        unnamed=counts.get(None, 0),
        selects=tuple(select for select in selects if select),
        # filters that the form has no choice for, as hidden fields; `kept_words` says them.
        kept=kept,
        kept_words="，".join(f"{FACET_LABELS[Facet(name)]} {value_label(Facet(name), value)}" for name, value in kept),
        text=wanted.search.text,
        clear_url=figures_url(FigureRequest(search=SearchRequest(), indicator=wanted.indicator)),
        csv_url=figures_url(first, "/figures.csv"),
        json_url=figures_url(first, "/api/v1/figures"),
        # indicator, view: None until an indicator is chosen.
        indicator=view.answer.indicator if view else None,
        view=view,
    )


def _groups(wanted: FigureRequest, counts: Mapping[str | None, int]) -> Iterable[SimpleNamespace]:
    """All indicators in the order of the vocabulary."""
    by_group: dict[str, list[Indicator]] = {}
    for one in indicators():
        by_group.setdefault(one.group, []).append(one)
    for name, members in by_group.items():
        options = (Option(m.id, m.name, counts.get(m.id, 0), m.id == wanted.indicator) for m in members)
        links = (
            Link(m.name, figures_url(replace(wanted, indicator=m.id, page=1)), count=counts.get(m.id, 0))
            for m in members
        )
        yield SimpleNamespace(name=name, options=tuple(options), links=tuple(links))


def _select(facet: Facet, request: SearchRequest, counts: Sequence[FacetCount]) -> Select | None:
    """The values of a facet to choose one of; None where several are chosen, or there is nothing to choose."""
    chosen = request.filters.get(facet, ())
    known = [one for one in counts if one.count or one.selected]
    if len(chosen) > 1 or len(known) > MAX_OPTIONS or (len(known) < 2 and not chosen):  # noqa: PLR2004 - a choice
        return None
    options = [Option(one.value, value_label(facet, one.value), is_selected=one.selected) for one in known]
    return Select(facet.value, FACET_LABELS[facet], (Option("", "全部"), *options))
