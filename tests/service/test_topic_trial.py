"""Topics that are tried before they are written down: counts equal a recount, and the entry reads back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.analysis.topic_file import parse_topics
from fzsearch.analysis.topics import TopicVocabulary
from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import QueryError
from fzsearch.model import Topic
from fzsearch.query import Facet, FacetIs, Query
from fzsearch.service import SearchRequest, SearchService, index_corpus
from fzsearch.service.topic_trial import topic_toml, try_topic
from tests.generate import now

NAMED = st.text(alphabet="法\"'\\\x7f\t湿地 \u2028", max_size=6).filter(normalize)


@pytest.fixture(scope="module")
def engine(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An index of the specimens."""
    opened = EmbeddedEngine(tmp_path_factory.mktemp("trial") / "index", now)
    index_corpus(corpus_dir, opened, workers=2)
    yield opened
    opened.close()


def a_topic(*patterns: str, unless: tuple[str, ...] = ()) -> Topic:
    return Topic(name="名", group="组", patterns=patterns, unless=unless)


@pytest.mark.parametrize(
    ("topic", "filters"),
    [
        (a_topic("枫桥"), {}),
        (a_topic("合同…审查", "审合同"), {}),
        (a_topic("法律顾问", unless=("聘请法律顾问",)), {}),
        (a_topic("调解…起", "信访"), {Facet.YEAR: ("2023", "2024"), Facet.PART: ("measures",)}),
        (a_topic("这里没有的说法"), {}),
    ],
)
def test_trial_equals_a_recount_by_the_vocabulary(engine, topic, filters):
    """The topic as it would be found by indexing, section by section, over all that the filters leave."""
    service = SearchService(engine)
    everything = service.search(SearchRequest(filters=filters, limit=None)).hits
    vocabulary = TopicVocabulary([topic])
    found = [hit.stored for hit in everything if vocabulary.match(normalize(hit.stored.section.text))]
    trial = service.try_topic(topic, filters, limit=3)

    assert trial.total.sections == len(found)
    assert trial.total.reports == len({one.report.key for one in found})
    assert trial.total.townships == len(
        {one.report.report.place.code or one.report.report.place.township for one in found}
    )
    by_year = Counter(str(one.report.report.year) for one in found)
    assert {year: sections for year, sections, _ in trial.years} == by_year
    assert sum(reports for _, _, reports in trial.years) == trial.total.reports
    assert dict(trial.overlap) == Counter(name for one in found for name in one.section.topics)
    assert len(trial.best) == min(3, len(found))
    assert {one.id for one in trial.best} <= {one.id for one in found}


def test_trial_of_a_known_topic_finds_what_indexing_found(engine):
    for topic in SearchService(engine).overview().topics:
        found = engine.search(Query(root=FacetIs(Facet.TOPIC, (topic.name,)), limit=0)).total
        assert try_topic(engine, topic, {}, 0).total == found, topic.name


def test_rows_of_topics_are_the_counts_of_searches(engine):
    service = SearchService(engine)
    filters = {Facet.YEAR: ("2024",)}
    rows = service.topic_rows(filters)

    assert [row.topic for row in rows] == list(service.overview().topics)
    for row in rows[::9]:
        found = service.search(SearchRequest(filters={**filters, Facet.TOPIC: (row.topic.name,)}, limit=0))
        assert row.counts == found.total


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (a_topic(), "没有可试的说法"),
        (a_topic(" "), "没有可试的说法"),
        (a_topic("…湿地"), "两边都要有文字"),
        (a_topic("湿地", unless=("草原",)), "unless 中的“草原”应是包含某个说法的更长的词"),
    ],
)
def test_what_cannot_be_tried_is_said(engine, topic, message):
    with pytest.raises(QueryError, match=message):
        try_topic(engine, topic, {}, 5)


@given(NAMED, st.lists(NAMED, min_size=1, max_size=3).map(tuple))
def test_the_entry_to_paste_reads_back(name, patterns):
    topic = Topic(name=name, group="自己的", patterns=patterns, unless=tuple(f"长{word}" for word in patterns))
    (read,) = parse_topics(topic_toml(topic), "topics.toml").values()

    assert (read.name, read.patterns, read.unless) == (name.strip(), topic.patterns, topic.unless)
