"""Do scans of the five reports come back? Recognised page by page, through the same children as in indexing."""

import pytest

from fzsearch.ingest.extract import ocr
from fzsearch.ingest.extract.soffice import find_soffice
from fzsearch.ingest.places import PlaceList
from tests.fidelity.measures import Fidelity, measure
from tests.fidelity.reports import MISSING, are_there
from tests.fidelity.routes import EXTRAS, five

pytestmark = [
    pytest.mark.skipif(not are_there(), reason=MISSING),
    pytest.mark.skipif(not ocr.is_installed(), reason=f"OCR is not installed: {ocr.INSTALL}"),
    pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed"),
]

MAX_ERROR_RATE = 0.003
MIN_SECTIONS = 0.97


def fidelity(numbers, folder, *, has_extras=False) -> Fidelity:
    from tests.fidelity.scans import SEALED, read_scans, scan, without_letterhead  # noqa: PLC0415 - needs Pillow

    references = [one for one in five() if one.number in numbers]
    documents = read_scans({one.number: scan(one, has_extras=has_extras) for one in references}, folder, workers=2)
    places, total = PlaceList.load(), Fidelity()
    for one in references:
        document = documents[one.number]
        assert "由 OCR 识别" in document.warnings[0]
        assert document.doubt is None
        if one.number == SEALED:
            document = without_letterhead(document)
        total += measure(document, one, EXTRAS if has_extras else (), places)
    return total


def test_letterhead_seal_and_turned_page_come_back(tmp_path):
    found = fidelity({"003"}, tmp_path)

    assert found.error_rate <= MAX_ERROR_RATE
    assert found.sections.precision >= MIN_SECTIONS
    assert found.sections.recall >= MIN_SECTIONS


@pytest.mark.slow
@pytest.mark.parametrize("has_extras", [False, True], ids=["plain", "note and table"])
def test_five_scans_come_back(tmp_path, has_extras):
    found = fidelity({one.number for one in five()}, tmp_path, has_extras=has_extras)

    assert found.error_rate <= MAX_ERROR_RATE
    assert found.sections.precision >= MIN_SECTIONS
    assert found.sections.recall >= MIN_SECTIONS
