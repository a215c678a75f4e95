"""URL <-> SearchRequest."""

import re
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from fzsearch.errors import QueryError
from fzsearch.model import Part
from fzsearch.query import Facet, Sort
from fzsearch.service.asking import Group, SearchRequest
from fzsearch.service.compile import Match
from fzsearch.service.search_address import API_LIMITS, PAGE_LIMITS, check_names, parse_request, request_pairs
from fzsearch.web.conditions import conditions
from fzsearch.web.params import (
    PAGE_SIZES,
    at_page,
    csv_url,
    json_url,
    place_url,
    search_url,
    toggled,
    topic_url,
    with_values,
)

_NAMES = st.text(min_size=1, max_size=6)
_VALUES = {
    **dict.fromkeys(Facet, _NAMES),
    Facet.YEAR: st.one_of(st.integers(1000, 9999).map(str), st.just("未定")),
    Facet.PART: st.sampled_from([part.value for part in Part]),
}


def requests() -> st.SearchStrategy[SearchRequest]:
    chosen = {
        facet: st.lists(values, min_size=1, max_size=3, unique=True).map(tuple) for facet, values in _VALUES.items()
    }
    return st.builds(
        SearchRequest,
        text=st.text(max_size=20),
        filters=st.fixed_dictionaries({}, optional=chosen),
        match=st.sampled_from(Match),
        sort=st.sampled_from(Sort),
        offset=st.integers(0, 100_000),
        limit=st.one_of(st.none(), st.integers(0, 10_000)),
        group=st.sampled_from(Group),
    )


def parse(*pairs: tuple[str, str]) -> SearchRequest:
    return parse_request(MultiDict(pairs), API_LIMITS)


@given(requests())
def test_parse_reads_back_what_pairs_say(request: SearchRequest) -> None:
    assert parse(*request_pairs(request)) == request


@given(requests(), st.sampled_from(["a", "b"]))
def test_toggled_twice_gives_the_same_choice(request: SearchRequest, value: str) -> None:
    once = toggled(request, Facet.COUNTY, value)
    again = toggled(once, Facet.COUNTY, value)

    assert once.offset == 0
    assert set(again.filters.get(Facet.COUNTY, ())) == set(request.filters.get(Facet.COUNTY, ()))


def test_search_url_of_defaults_is_bare() -> None:
    assert search_url(SearchRequest()) == "/search"


def test_at_page_writes_page_and_first_page_nothing() -> None:
    request = SearchRequest(text="普法")

    assert request_pairs(at_page(request, 3)) == (("q", "普法"), ("page", "3"))
    assert request_pairs(at_page(request, 1)) == (("q", "普法"),)


@pytest.mark.parametrize("size", PAGE_SIZES)
def test_sizes_of_pages_are_allowed_and_read_back(size: int) -> None:
    request = SearchRequest(text="普法", limit=size, group=Group.REPORT)

    assert parse_request(MultiDict(request_pairs(request)), PAGE_LIMITS) == request


@given(requests())
def test_links_to_data_are_understood_by_the_api(request: SearchRequest) -> None:
    """The API refuses names that it does not know, so neither link may hold `group`."""
    for url in (json_url(request), csv_url(request)):
        args = MultiDict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        check_names(args)
        read = parse_request(args, API_LIMITS)
        assert (read.text, read.filters, read.sort, read.match) == (
            request.text, request.filters, request.sort, request.match,
        )  # fmt: skip


@given(st.text(min_size=1, max_size=12))
def test_names_in_addresses_are_one_path(name: str) -> None:
    for url in (place_url(name), topic_url(name)):
        assert url.isascii()
        assert unquote(url.split("/", 2)[2]) == name
        assert not set(url.split("/", 2)[2]) & set("/?#&<>\"'")


def test_with_values_starts_again_from_the_first_hit() -> None:
    request = with_values(SearchRequest(offset=30), Facet.YEAR, ["2024", "2024"])

    assert request == SearchRequest(filters={Facet.YEAR: ("2024",)})


def test_parse_leaves_out_empty_and_repeated_values() -> None:
    assert parse(("year", ""), ("year", "2024"), ("year", "2024"), ("sort", ""), ("limit", "")) == SearchRequest(
        filters={Facet.YEAR: ("2024",)}
    )


@pytest.mark.parametrize(
    "pair",
    [
        ("year", "abc"), ("year", "２０２４"), ("year", "²⁰²⁴"), ("part", "全部"), ("sort", "best"), ("match", "some"),
        ("group", "year"),
        ("limit", "-1"), ("limit", "10001"), ("limit", "ten"), ("offset", "1e3"), ("page", "0"), ("offset", "9" * 5000),
    ],
)  # fmt: skip
def test_parse_refuses_what_cannot_be_used(pair: tuple[str, str]) -> None:
    with pytest.raises(QueryError, match=pair[0]):
        parse(pair)


def test_parse_refuses_two_queries_and_two_ways_to_a_page() -> None:
    with pytest.raises(QueryError, match="q 只能有一个"):
        parse(("q", "a"), ("q", "b"))
    with pytest.raises(QueryError, match="offset 和 page"):
        parse(("offset", "10"), ("page", "2"))


def test_parse_for_pages_does_not_give_everything_at_once() -> None:
    with pytest.raises(QueryError, match="limit"):
        parse_request(MultiDict([("limit", "all")]), PAGE_LIMITS)


def test_check_names_refuses_a_misspelt_filter() -> None:
    with pytest.raises(QueryError, match="yaer"):
        check_names(MultiDict([("q", "普法"), ("yaer", "2024")]))


# ---- the constraint bar


def chips(request: SearchRequest) -> list[list[str]]:
    return [[chip.label for chip in one.chips] for one in conditions(request)]


def test_conditions_read_as_logic() -> None:
    request = SearchRequest(text="枫桥 (送法 或 “普 法”) -信访 年:2024", filters={Facet.PART: ("plan", "other")})

    assert chips(request) == [["枫桥"], ["送法", "“普 法”"], ["-信访"], ["年:2024"], ["下步安排", "其他"]]


def test_conditions_with_any_joins_terms_by_or() -> None:
    assert chips(SearchRequest(text="枫桥 普法 -信访", match=Match.ANY)) == [["枫桥", "普法"], ["-信访"]]


def test_conditions_take_one_thing_out() -> None:
    found = conditions(SearchRequest(text="枫桥 (送法 或 普法) -信访", filters={Facet.YEAR: ("2023", "2024")}))

    assert [chip.url for one in found for chip in one.chips] == [
        search_url(SearchRequest(text=text, filters={Facet.YEAR: years}))
        for text, years in (
            ("(送法 或 普法) -信访", ("2023", "2024")),
            ("枫桥 普法 -信访", ("2023", "2024")),
            ("枫桥 送法 -信访", ("2023", "2024")),
            ("枫桥 (送法 或 普法)", ("2023", "2024")),
            ("枫桥 (送法 或 普法) -信访", ("2024",)),
            ("枫桥 (送法 或 普法) -信访", ("2023",)),
        )
    ]


def test_conditions_of_unparsable_text_are_one_chip() -> None:
    assert chips(SearchRequest(text="（未闭合 的 “引号")) == [["（未闭合 的 “引号"]]


@given(st.text(max_size=30), st.sampled_from(Match))
def test_conditions_of_any_text_never_fail(text: str, match: Match) -> None:
    request = SearchRequest(text=text, match=match)

    for one in conditions(request):
        assert all(chip.url.startswith("/search") for chip in one.chips)


_PARTS = ["枫桥", "“普 法”", "-信访", "送法 或 调解", "(甲乙 或 丙丁)", "年:2024", "-(戊己 庚辛)"]


@given(st.lists(st.sampled_from(_PARTS), min_size=1, unique=True), st.sampled_from(Match))
def test_conditions_without_a_chip_lose_its_words_and_no_others(parts: list[str], match: Match) -> None:
    request = SearchRequest(text=" ".join(parts), match=match)

    for one in conditions(request):
        for chip in one.chips:
            assert typed_words(parse_text(chip.url)) == typed_words(request.text) - typed_words(chip.label)


def typed_words(text: str) -> set[str]:
    return set(re.findall(r"[\w]+", text)) - {"或"}


def parse_text(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("q", [""])[0]
