"""What an index holds in all: topics with their groups, places, what is lacking; read once for each generation."""

from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import NotFoundError
from fzsearch.model import Place, Topic
from fzsearch.service import SearchRequest, SearchService, index_corpus
from fzsearch.service.catalogue import Catalogue
from fzsearch.service.near import near_names
from fzsearch.service.places import Entry, build_atlas
from fzsearch.service.tables import csv_text
from tests.builders import build_engine
from tests.generate import now

OWN = '[[topic]]\nname = "湿地保护"\ngroup = "自己的"\npatterns = ["湿地保护"]\n'


def entry(key: str, year: int | None, place: Place) -> Entry:
    return Entry(key=key, title=None, year=year, place=place, missing=(), file="a.txt")


def test_note_keeps_topics_and_older_notes_have_none() -> None:
    topics = (Topic(name="甲", group="乙", patterns=("丙", "丁"), unless=("丙丁",)),)

    assert Catalogue.from_json(Catalogue(rules="x", topics=topics).to_json()).topics == topics
    assert Catalogue.from_json('{"rules":"x","files":[]}').topics == ()


def test_groups_of_topics_are_known_with_those_of_a_user(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("云山镇2023年法治政府建设报告\n一、湿地保护\n加强湿地保护。", encoding="utf-8")
    engine = EmbeddedEngine(tmp_path / "index", now)
    index_corpus(corpus, engine, workers=1)
    service = SearchService(engine)
    before = service.overview().topic_groups
    (corpus / "topics.toml").write_text(OWN, encoding="utf-8")
    index_corpus(corpus, engine, workers=1)

    assert "湿地保护" not in before
    assert before["枫桥经验"]
    assert service.overview().topic_groups["湿地保护"] == "自己的"
    assert service.topic("湿地保护").topic.patterns == ("湿地保护",)
    engine.close()


def test_overview_is_read_once_for_each_generation(tmp_path: Path, monkeypatch) -> None:
    engine = build_engine(tmp_path, {"key": "a", "sections": [("s1", 1, None, None, "other", "正文")]})
    service = SearchService(engine)
    first = service.overview()
    monkeypatch.setattr(engine, "reports", lambda: pytest.fail("read again"))

    assert service.overview() is first
    assert service.overview().unreadable == ()
    engine.close()


def test_unknown_topic_is_not_found(tmp_path: Path) -> None:
    engine = build_engine(tmp_path, {"key": "a", "sections": [("s1", 1, None, None, "other", "正文")]})

    with pytest.raises(NotFoundError, match="没有名为“无”的主题"):
        SearchService(engine).topic("无")
    engine.close()


def test_gaps_lie_between_the_first_and_the_last_year() -> None:
    place = Place(county="青溪县", township="枫林镇", code="990122101")
    atlas = build_atlas(entry(f"k{year}", year, place) for year in (2019, None, 2022, 2020))
    township = atlas.townships["990122101"]

    assert township.years == (2019, 2020, 2022)
    assert township.gaps == (2021,)
    assert [one.key for one in township.entries] == ["kNone", "k2019", "k2020", "k2022"]
    assert atlas.counties["990122"].townships == (township,)


def test_townships_are_told_apart_as_in_totals() -> None:
    atlas = build_atlas(
        (
            entry("a", 2024, Place(county="甲县", township="太平镇", code="110000001")),
            entry("b", 2024, Place(county="乙县", township="太平镇", code="220000001")),
            entry("c", 2024, Place(township="太平镇")),
        )
    )

    assert list(atlas.townships) == ["110000001", "220000001", "太平镇"]
    assert len(atlas.named["太平镇"]) == 3


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("枫桥治理", "有“枫桥”“治理”两词，但不相连"),
        ("云山镇 枫桥", "报告标题或地名含“云山镇”"),
    ],
)
def test_loose_hits_say_why(tmp_path: Path, query: str, reason: str) -> None:
    report = {
        "key": "a", "title": "云山镇报告", "place": Place(township="云山镇"),
        "sections": [("s1", 1, None, None, "other", "学枫桥，抓好社区治理。")],
    }  # fmt: skip
    engine = build_engine(tmp_path, report)
    (hit,) = SearchService(engine).search(SearchRequest(text=query)).hits

    assert (hit.exact, hit.reasons) == (False, (reason,))
    engine.close()


def test_near_names_contain_or_resemble() -> None:
    assert near_names("枫林", ["柳溪乡", "枫林镇", "大枫林街道"]) == ("枫林镇", "大枫林街道")
    assert near_names("石桥乡", ["石桥镇", "云门镇"]) == ("石桥镇",)
    assert near_names("", ["甲镇"]) == ()


def test_cells_of_a_table_are_no_formulas() -> None:
    assert csv_text([("=1", None, "a,b")]) == '\ufeff\'=1,,"a,b"\r\n'
