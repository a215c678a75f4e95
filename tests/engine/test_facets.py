"""The counts of an answer are made when they are looked at, and equal the same values in a dict."""

import numpy as np

from fzsearch.engine.facets import Counted, FacetCounts
from fzsearch.query import Facet, FacetCount


def test_values_are_made_anew_in_order_with_chosen_ones_among_them():
    years = np.array(["2024", "2021"], object), np.array([1, 5]), np.array([0, 5])
    places = np.array(["云阳县"], object), np.array([6]), np.array([5])
    counts = FacetCounts(
        [Counted(Facet.YEAR, *years, chosen=("2022", "2021")), Counted(Facet.COUNTY, *places, chosen=())]
    )

    assert counts == {
        Facet.YEAR: (
            FacetCount("2024", 1, 0, selected=False),
            FacetCount("2022", 0, 0, selected=True),
            FacetCount("2021", 5, 5, selected=True),
        ),
        Facet.COUNTY: (FacetCount("云阳县", 6, 5, selected=False),),
    }
    assert counts[Facet.YEAR] == counts[Facet.YEAR]
    assert (len(counts), counts.size) == (2, 3)
