"""What is suggested for what was begun, by characters, by initials, and for near misses?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis.initials import initials
from fzsearch.query import Facet, FacetCount
from fzsearch.service import Match, SearchRequest
from fzsearch.service.suggest import MOST, Kind, Suggester, suggestions

HEADINGS = {"规范行政执法，完善监督机制": 3, "规范行政执法": 2, "推进政务公开": 1, "“三所联调”进村": 1}
FACETS = {
    Facet.TOPIC: (FacetCount(value="枫桥经验", count=9, literal=9, selected=False),),
    Facet.TOWNSHIP: (
        FacetCount(value="枫林镇", count=20, literal=20, selected=False),
        FacetCount(value="未定", count=50, literal=50, selected=False),
    ),
}
STANDS = {"规范行政执法": 7, "完善监督机制": 4, "法治建设": 12}


@pytest.fixture(scope="module")
def suggester():
    return Suggester(HEADINGS, FACETS)


def suggest(suggester, typed):
    return suggestions(typed, suggester, lambda norm: STANDS.get(norm, 0))


def test_completions_stand_in_the_order_of_how_often_the_corpus_has_them(suggester):
    found = suggest(suggester, "枫")

    assert [(one.query, one.kind, one.sections) for one in found] == [
        ("镇:枫林镇", Kind.PLACE, 20),
        ("主题:枫桥经验", Kind.TOPIC, 9),
    ]


def test_clauses_of_several_headings_are_phrases(suggester):
    found = suggest(suggester, "规范")

    assert ("规范行政执法", Kind.PHRASE, 7) in [(one.query, one.kind, one.sections) for one in found]
    assert ("“规范行政执法，完善监督机制”", Kind.HEADING) in [(one.query, one.kind) for one in found]
    assert [one.query for one in suggest(suggester, "推进")] == []  # one heading, one clause


@pytest.mark.parametrize(("typed", "wanted"), [("fqjy", "枫桥经验"), ("flz", "枫林镇"), ("ＧＦＸＺ", "规范行政执法")])
def test_pinyin_initials_complete(suggester, typed, wanted):
    assert wanted in [one.text for one in suggest(suggester, typed)]


@pytest.mark.parametrize("typed", ["枫桥经念", "枫桥经", "风桥经验", "枫桥的经验", "桥枫经验", "枫桥验"])
def test_one_character_away_is_corrected(suggester, typed):
    (found,) = suggest(suggester, typed)

    assert (found.text, found.is_correction) == ("枫桥经验", typed != "枫桥经")


def test_confused_words_are_a_suggestion_only(suggester):
    (found,) = suggest(suggester, "法制建设")

    assert (found.query, found.sections, found.is_correction) == ("法治建设", 12, True)
    assert suggest(suggester, "法制讲座") == ()  # the corpus does not have 法治讲座


def test_terms_before_the_last_are_kept_and_nothing_is_counted(suggester):
    (place, _) = suggest(suggester, "普法  枫")

    assert (place.query, place.sections) == ("普法 镇:枫林镇", None)


def test_values_that_are_not_known_are_no_place(suggester):
    assert suggest(suggester, "未定") == ()


@given(st.text(max_size=40))
def test_any_text_gets_at_most_eight(suggester, typed):
    assert len(suggest(suggester, typed)) <= MOST


def test_initials_of_the_first_and_last_character_of_each_letter():
    assert initials("啊澳芭怖擦错") == "aabbcc"
    assert initials("夕迅压孕匝座") == "xxyyzz"
    assert initials("圩〇A1") == "圩〇A1"


@pytest.mark.parametrize("typed", ["合法性", "普法", "fqjy", "云", "法制政府"])
def test_every_suggestion_finds_what_it_says(service, typed):
    found = service.suggest(typed)

    assert found
    for one in found:
        page = service.search(SearchRequest(text=one.query, match=Match.ALL, limit=0))
        assert one.sections == page.exact.sections


def test_nothing_found_offers_near_misses(service):
    page = service.search(SearchRequest(text="枫桥经念"))

    assert page.explanation is not None
    assert page.explanation.near[0] == "枫桥经验"
