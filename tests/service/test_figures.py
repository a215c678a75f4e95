"""Figures of a question, counted again over the model; what may be compared; tables and shapes."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.model import Level
from fzsearch.query import Facet
from fzsearch.service.asking import SearchRequest
from fzsearch.service.figures import UnknownIndicatorError, amount, comparable, indicator_named, value_text
from fzsearch.service.search import SearchService
from fzsearch.service.shapes import figures_shape
from fzsearch.service.tables import figures_csv
from tests.builders import build_engine
from tests.figures_data import FENGLIN, FIRST, REPORTS, SECOND, UNUSED, report


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    engine = build_engine(tmp_path_factory.mktemp("figures") / "index", *REPORTS)
    yield SearchService(engine)
    engine.close()


@pytest.mark.parametrize(
    ("text", "filters", "holds"),
    [
        ("", {}, lambda _one: True),
        ("", {Facet.YEAR: ("2024",)}, lambda one: one["year"] == 2024),
        ("", {Facet.COUNTY: ("青溪县",), Facet.YEAR: ("2023", "2024")},
         lambda one: one["place"].county and one["year"] > 2022),
        ("“办理85件”", {}, lambda one: "办理85件" in one["sections"][0][5]),
        ("", {Facet.TOPIC: ("没有",)}, lambda _one: False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indicator", [None, FIRST, UNUSED])
def test_figures_are_those_of_the_sections_that_are_found(service, text, filters, holds, indicator) -> None:
    request = SearchRequest(text=text, filters=filters)
    answer = service.figures(request, indicator and indicator.id)
    expected = [
        figure
        for one in REPORTS
        if holds(one)
        for figure in one["figures"]
        if indicator is None or figure.indicator == indicator.id
    ]

    assert [one.figure for one in answer.figures] == expected
    assert answer.reports == len({one.report.key for one in answer.figures})
    if indicator is None:
        assert service.figure_counts(request) == Counter(figure.indicator for figure in expected)


def test_an_indicator_is_known_by_id_and_by_name(service) -> None:
    assert indicator_named(FIRST.id) == indicator_named(FIRST.name) == FIRST
    with pytest.raises(UnknownIndicatorError, match="没有名为“无此”的指标"):
        service.figures(SearchRequest(), "无此")


def test_only_whole_figures_of_one_unit_are_compared(service) -> None:
    answer = service.figures(SearchRequest(), FIRST.id)

    assert [value_text(one.figure) for one in comparable(answer.figures)] == [
        "70件", "85件", "99件", "40余件", "99件", "1,000件以上",
    ]  # fmt: skip
    assert answer.townships == 3


def test_reports_of_another_level_are_not_compared(tmp_path) -> None:
    county = report("x-2024", 2024, replace(FENGLIN, township=None, code=None), (FIRST, 5000, "件", ""))
    engine = build_engine(tmp_path / "index", *REPORTS, county | {"level": Level.COUNTY})
    found = SearchService(engine).figures(SearchRequest(), FIRST.id).figures
    engine.close()

    assert 5000 in {one.figure.value for one in found}
    assert 5000 not in {one.figure.value for one in comparable(found)}


def test_money_is_compared_in_yuan(tmp_path) -> None:
    paid = report("990122101-2024", 2024, FENGLIN, (FIRST, 3, "万元", ""), (FIRST, 50000, "元", ""))
    engine = build_engine(tmp_path / "index", paid)
    found = comparable(SearchService(engine).figures(SearchRequest(), FIRST.id).figures)
    engine.close()

    assert [amount(one.figure) for one in found] == [30000, 50000]


@pytest.mark.parametrize(
    ("value", "unit", "approx", "shown"),
    [
        (95, "%", "以上", "95%以上"),
        (400, "件", "近", "近400件"),
        (20000, "人次", "余", "20,000余人次"),
        (3, "名", "至5", "3至5名"),
    ],
)
def test_a_value_is_shown_as_the_report_has_it(value, unit, approx, shown) -> None:
    (figure,) = report("x", 2024, FENGLIN, (None, value, unit, approx))["figures"]

    assert value_text(figure) == shown


def test_json_has_every_figure_with_its_address(service) -> None:
    answer = service.figures(SearchRequest(filters={Facet.YEAR: ("2023",)}), FIRST.name)
    shape = figures_shape(answer)
    (one,) = shape["figures"]

    assert list(shape) == ["query", "filters", "indicator", "total", "figures", "notes"]
    assert shape["total"] == {"figures": 1, "reports": 1, "townships": 1}
    assert (one["id"], one["value"], one["report"]["key"]) == ("990122101-2023/s1/f0", 85.0, "990122101-2023")
    assert service.section(one["url"].removeprefix("/r/").partition("@")[0]).hash == one["url"].partition("@")[2]


def test_table_says_what_is_comparable_of_which_corpus_and_when(service) -> None:
    answer = service.figures(SearchRequest(filters={Facet.YEAR: ("2024",)}), FIRST.id)
    rows = list(csv.DictReader(io.StringIO(figures_csv(answer, "12345678", "2026-11-20").lstrip("\ufeff"))))

    assert [row["comparable"] for row in rows] == ["是", "是", "否", "否", "是", "是", "是"]
    assert {(row["corpus_version"], row["exported"], row["filters"]) for row in rows} == {
        ("12345678", "2026-11-20", "year=2024")
    }
    assert rows[1]["value"] == "40"
    assert rows[1]["indicator_name"] == FIRST.name


def test_table_holds_no_formula(tmp_path) -> None:
    bad = report("x", 2024, FENGLIN, (SECOND, 1, "=HYPERLINK()", "+余")) | {"title": "@SUM(1)"}
    engine: EmbeddedEngine = build_engine(tmp_path / "index", bad)
    text = figures_csv(SearchService(engine).figures(SearchRequest(text="=HYPERLINK()"), None), "v", "d").lstrip(
        "\ufeff"
    )
    rows = list(csv.reader(io.StringIO(text)))
    engine.close()

    assert len(rows) == 2
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK()" in rows[1]
