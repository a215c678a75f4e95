"""Reports of counties and departments, and other texts, beside those of a township."""

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.service import index_corpus, unsettled_fields
from fzsearch.service.places import Entry, build_atlas
from tests.generate import now

BODY = "2023年，在上级领导下，推进法治政府建设。\n一、主要举措\n逐条核对责任人，做到一事一档。"
TITLES = {
    "county": "云阳县人民政府2023年法治政府建设年度报告",
    "department": "云阳县司法局2023年法治政府建设工作报告",
    "township": "云阳县沙市镇2023年法治政府建设工作报告",
    "plan": "云阳县沙市镇2024年法治政府建设工作要点",
    "shared name": "鼓楼区人民政府2023年法治政府建设年度报告",
}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("levels")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, title in TITLES.items():
        (corpus / f"{name}.txt").write_text(f"{title}\n\n{BODY}", encoding="utf-8")
    engine = EmbeddedEngine(folder / "index", now)
    index_corpus(corpus, engine, workers=1)
    yield {record.files[0].path.removesuffix(".txt"): record for record in engine.reports()}
    engine.close()


def test_only_governments_have_keys_by_place(records):
    """A county's link must not change when one of its departments reports, nor a township's when it plans."""
    keys = {name: record.key for name, record in records.items()}

    assert keys["county"] == "500235-2023"
    assert keys["township"] == "500235123-2023"
    assert all(keys[name].startswith("doc-") for name in ("department", "plan", "shared name"))


def test_what_is_missing_depends_on_the_level(records):
    missing = {name: unsettled_fields(record) for name, record in records.items()}

    assert missing.pop("shared name") == ("县",)
    assert set(missing.values()) == {()}


def test_plan_of_a_township_is_not_among_its_reports(records):
    atlas = build_atlas(Entry.of(record) for record in records.values())

    assert [entry.year for entry in atlas.townships["500235123"].entries] == [2023]
    assert [county.name for county in atlas.counties.values()] == ["云阳县"]
