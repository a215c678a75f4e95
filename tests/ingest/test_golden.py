"""Is everything known of the five real reports what it was when people last looked? Facts only, no sentence of theirs.

`golden/` holds, for each: year, level, place, document number, date, signer; of every section path, level, part and
number of topics; the statutory contents with the section and the rule that tells. `test_gold` has the annotations.
"""

import json
import os
from pathlib import Path

import pytest

from fzsearch.service import parse_file
from tests.conftest import ROOT

SHARED = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared"))
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


@pytest.mark.skipif(not (SHARED / "reports").is_dir(), reason=f"no real reports in {SHARED}; set FZSEARCH_SHARED")
@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_a_real_report_is_read_as_before(golden):
    report = parse_file(next((SHARED / "reports").glob(f"{golden.stem}_*.txt")))
    place = report.place
    read = {
        "year": report.year,
        "level": report.level.value,
        "place": [place.province, place.city, place.county, place.township, place.code],
        "candidates": [one.code for one in place.candidates],
        "doc_number": report.doc_number,
        "issued": report.issued and report.issued.isoformat(),
        "signer": report.signer,
        "sections": [[one.path, one.level, one.part.value, len(one.topics)] for one in report.sections],
        "contents": [[one.part.value, one.section, one.rule] for one in report.contents],
    }

    assert read == json.loads(golden.read_text(encoding="utf-8"))
