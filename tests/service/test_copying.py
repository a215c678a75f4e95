"""Are the passages that reports share told, with the other wording, and is no township guessed?"""

import pytest

from fzsearch.model import Place
from fzsearch.service.copying import is_same_township
from fzsearch.service.search import SearchService
from tests.builders import build_engine

STORY = "镇里在老茶馆设立了群众说事点，每逢赶场天就由两名专职调解员轮流坐堂，当天的事情当天说清，说不清的报司法所"


@pytest.fixture
def service_of(tmp_path):
    """A service over reports of one section each, given as key, township code and text."""
    opened = []

    def make(*reports):
        fields = (
            {"key": key, "year": int(key[-4:]), "place": Place(township="某镇", code=code),
             "sections": [("s1", 1, None, None, "measures", text)]}
            for key, code, text in sorted(reports)
        )  # fmt: skip
        opened.append(build_engine(tmp_path / "index", *fields))
        return SearchService(opened[-1])

    yield make
    for engine in opened:
        engine.close()


def test_a_passage_is_shown_to_the_ends_of_its_sentence_without_marks(service_of):
    service = service_of(
        ("a-2024", "990000001", f"前面另有一句不相干的话。{STORY}。后面也有。"),
        ("b-2024", "990000002", f"新设{STORY}，其余照旧。"),
    )
    copying, found = service.shared_passages("a-2024")
    (passage,) = found.long
    beside = found.beside(passage)

    assert copying.partners[0].entry.key == "b-2024"
    assert passage.text == STORY
    assert (passage.least, passage.most) == (1, 1)
    assert beside.other.report.key == "b-2024"
    assert beside.found.is_literal


def test_a_passage_that_changed_has_both_wordings(service_of):
    changed = STORY.replace("老茶馆", "大榕树下")
    service = service_of(("a-2023", "990000001", STORY), ("a-2024", "990000001", changed))
    copying, found = service.shared_passages("a-2024")
    beside = found.beside(found.long[0])

    assert copying.partners[0].relation == "本乡镇"
    assert "".join(run.text for run in beside.found.old) == changed
    assert [run.text for run in beside.found.old if run.kind] == ["大榕树下"]
    assert [run.text for run in beside.found.new if run.kind] == ["老茶馆"]


def test_a_passage_of_no_partner_is_found_by_its_words(service_of):
    """More reports hold it than are kept as partners; those kept need not hold each passage."""
    others = [
        (f"p{n}-2024", f"99000001{n}", f"甲{n}乙丙丁" * 3 + f"{chr(0x4E00 + n)}" * 400 + STORY[:31]) for n in range(3)
    ]
    service = service_of(("a-2024", "990000001", STORY), *others)
    _, found = service.shared_passages("a-2024")

    assert all(found.beside(passage).other is not None for passage in found.long)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Place(township="甲镇", code="1"), Place(township="甲镇", code="1"), True),
        (Place(township="甲镇", code="1"), Place(township="甲镇", code="2"), False),
        (Place(township="甲镇", code="1"), Place(township="甲镇"), None),
        (Place(township="甲镇"), Place(township="甲镇"), True),
        (Place(township="甲镇"), Place(township="乙镇", code="2"), False),
        (Place(county="甲县"), Place(county="甲县"), False),
    ],
)
def test_same_township_is_never_guessed(one, other, expected):
    assert is_same_township(one, other) is expected
    assert is_same_township(other, one) is expected
