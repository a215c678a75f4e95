"""Does every format give back the five reports? Characters, paragraphs and sections, through real tools."""

from pathlib import Path

import pytest

from fzsearch.ingest.convert import convert_batch
from fzsearch.ingest.extract import read_document
from fzsearch.ingest.places import PlaceList
from tests.fidelity.measures import Counts, Fidelity, measure
from tests.fidelity.reports import MISSING, are_there
from tests.fidelity.routes import Route, five, routes

pytestmark = pytest.mark.skipif(not are_there(), reason=MISSING)

OFFICE = (".doc", ".rtf", ".odt", ".wps")
MIN_BOUNDARIES = 0.98


@pytest.fixture(scope="module")
def places() -> PlaceList:
    return PlaceList.load()


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_reports_come_back(route, places, tmp_path):
    if missing := route.missing_tool():
        pytest.skip(missing)

    found = fidelity(route, places, tmp_path)

    assert found.error_rate <= route.max_error_rate
    assert found.paragraphs.precision >= MIN_BOUNDARIES
    assert found.paragraphs.recall >= MIN_BOUNDARIES
    assert found.sections.precision >= MIN_BOUNDARIES
    assert found.sections.recall >= MIN_BOUNDARIES


def fidelity(route: Route, places: PlaceList, folder: Path) -> Fidelity:
    files = route.make()
    if route.file_name.endswith(OFFICE):
        paths = [folder / f"{number}-{route.file_name}" for number in files]
        for path, data in zip(paths, files.values(), strict=True):
            path.write_bytes(data)
        convert_batch(paths, folder)
    total = Fidelity()
    for reference in five():
        document = read_document(files[reference.number], route.file_name, folder)
        total += measure(document, reference, route.extras, places)
    return total


def test_a_wrong_reading_is_measured_as_wrong():
    assert Counts(9, 10, 12).precision == 0.9
    assert Counts(9, 10, 12).recall == 0.75
    assert Fidelity(1, 1_000).error_rate == 0.001
