"""Is the report found that a person means, and are pairs offered in the order of years?"""

import pytest

from fzsearch.service.choosing import find_reports, successive, worth_comparing
from fzsearch.service.search import SearchService
from tests.builders import build_engine
from tests.web.conftest import REPORTS


@pytest.fixture(scope="module")
def overview(tmp_path_factory):
    engine = build_engine(tmp_path_factory.mktemp("choosing") / "index", *REPORTS)
    yield SearchService(engine).overview()
    engine.close()


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("990122101-2024", ["990122101-2024"]),
        (" /r/990122101-2024 ", ["990122101-2024"]),
        ("枫林镇", ["990122101-2023", "990122101-2024"]),
        ("枫林 2023年", ["990122101-2023"]),
        ("2023年度", ["990122101-2023", "石桥镇-2023"]),
        ("青溪县 2024", ["990122101-2024"]),
        ("云门镇-2022", ["云门镇-2022~aaaa", "云门镇-2022~bbbb"]),
        ("无此镇", []),
        ("", []),
    ],
)
def test_reports_are_found_by_what_people_type(overview, typed, keys):
    assert [entry.key for entry in find_reports(overview, typed)] == keys


def test_years_of_a_township_follow_each_other(overview):
    township = overview.atlas.townships["990122101"]

    assert [(one.key, other.key) for one, other in successive(township)] == [("990122101-2023", "990122101-2024")]
    assert successive(overview.atlas.townships["云门镇"]) == ()  # two reports of one year


def test_the_older_year_stands_first(overview):
    pairs = dict(worth_comparing(overview, "990122101-2023"))

    assert [(one.year, other.year) for one, other in pairs["本乡镇"]] == [(2023, 2024)]
    assert pairs["同县同年"] == ()
    assert not list(worth_comparing(overview, "没有-2020"))
