"""Do both engines answer alike? The same corpus on each: equal matches, totals, facets and highlights; and promise 1.

Only the order by relevance may differ: how much of the first ten is the same is printed, for each query with more than
ten hits. On 2026-11-21, specimens and five reports: on average 68 % with all words, 71 % with any; least where all hits
are as good as each other (的, ，, 2024).
"""

import os
import random
import shutil
from itertools import chain, product
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.analysis.normalize import QUOTES
from fzsearch.config import ClusterSettings
from fzsearch.engine import EmbeddedEngine
from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.query import Facet, Query, Sort, parse_query
from fzsearch.service import Match, SearchRequest, SearchService, index_corpus
from fzsearch.service.compile import compile_query
from tests.generate import now
from tests.service.test_promises import VARIANTS, as_typed

pytestmark = pytest.mark.cluster

TYPED = (
    "", "法治政府", "枫桥经验", "合法性审查", "人民调解", "矛盾纠纷", "普法宣传", "行政执法", "法律顾问",
    "法律明白人", "司法所 人民调解", "普法 培训", "合法性审查 法律顾问", "矛盾纠纷 网格员", "信访 调解 司法所",
    "民政", "法", "的", "，", "“推进法治政府建设”", "“人民调解委员会”", "“合法性审查”", "「枫桥经验」 调解",
    '"一事一档"', "“，”", "“的”", "调解 OR 信访", "普法 或 宣传 或 培训", "(调解 OR 信访) 法治", "法治 -信访",
    "NOT 法治", "-“法治” 调解", "标题:报告", "标题:普法", "年:2024", "年:2023 调解", "部分:不足原因",
    "主题:枫桥经验", "文号:号", "枫林镇", "枫林镇 调解", "２０２４年", "2024", "關於",
    "今年以来各村一共调解了多少起矛盾纠纷，成功率怎么样？", "没有这样的词语", "调解调解调解", "ＡＢＣ", "①",
    "法治政府建设年度报告", "行政复议 行政诉讼", "安全生产 应急",
)  # fmt: skip
CHOSEN: tuple[dict[Facet, tuple[str, ...]], ...] = (
    {},
    {Facet.YEAR: ("2024",)},
    {Facet.PART: ("measures", "problems"), Facet.YEAR: ("2023", "未定")},
    {Facet.TOWNSHIP: ("枫林镇",), Facet.TOPIC: ("枫桥经验",)},
)


class Both:
    """One corpus on the embedded engine and on the cluster."""

    def __init__(self, folder, urls, index_dir):
        self.here = EmbeddedEngine(index_dir, now)
        self.there = OpenSearchEngine(ClusterSettings(urls=urls, index="parity", shards=3, replicas=1), now)
        for engine in (self.here, self.there):
            index_corpus(folder, engine, workers=2)
        self.services = [SearchService(self.here), SearchService(self.there)]
        records = [self.here.report(one.key) for one in self.here.reports()]
        self.texts = {f"{one.key}/{s.path}": s.text for one in records if one for s in one.report.sections}
        self.norms = {section_id: normalize(text) for section_id, text in self.texts.items()}

    def found(self, typed):
        compiled = compile_query(parse_query(typed), Match.ALL, self.services[1].values)
        return self.there.search(Query(root=compiled.root, limit=None))

    def cut(self, pick, length):
        """A string of a section, and its section."""
        section_id = pick.choice(sorted(self.texts))
        start = pick.randrange(len(self.texts[section_id]))
        return section_id, self.texts[section_id][start : start + length]


@pytest.fixture(scope="module")
def both(nodes, corpus_dir, tmp_path_factory):
    """The specimens and, where they are, the real reports."""
    folder = tmp_path_factory.mktemp("parity")
    shutil.copytree(corpus_dir, folder / "corpus")
    reports = Path(os.environ.get("FZSEARCH_SHARED", corpus_dir.parent.parent / "shared"), "reports")
    if reports.is_dir():
        shutil.copytree(reports, folder / "corpus" / "reports")
    nodes.wait(3)
    return Both(folder / "corpus", nodes.urls, folder / "index")


def test_both_hold_the_same(both):
    assert both.there.info().counts == both.here.info().counts
    assert both.there.reports() == both.here.reports()
    assert both.there.headings() == both.here.headings()
    assert both.there.check() == ()


@pytest.mark.parametrize("match", Match)
def test_answers_are_equal_and_the_first_ten_are_much_the_same(both, match):
    shares: dict[str, list[float]] = {}
    for typed, chosen in product(TYPED, CHOSEN):
        request = SearchRequest(text=typed, filters=chosen, match=match, limit=None)
        here, there = (service.search(request) for service in both.services)
        assert (there.total, there.exact) == (here.total, here.exact), request
        assert there.facets == here.facets, request
        assert there.notes == here.notes, request
        assert there.explanation == here.explanation, request
        hits = [{hit.stored.id: hit for hit in page.hits} for page in (here, there)]
        assert set(hits[1]) == set(hits[0]), request
        for section_id, hit in hits[0].items():
            other = hits[1][section_id]
            assert (other.exact, other.marks, other.reasons) == (hit.exact, hit.marks, hit.reasons), request
            assert (other.stored, other.url) == (hit.stored, hit.url), request
        best = [{hit.stored.id for hit in page.hits[:10]} for page in (here, there)]
        if typed and len(here.hits) > 10:
            shares.setdefault(typed, []).append(len(best[0] & best[1]) / 10)
    of_query = {typed: mean(found) for typed, found in shares.items()}
    told = "，".join(f"{typed} {of_query[typed]:.0%}" for typed in sorted(of_query, key=lambda typed: of_query[typed]))
    print(f"\nthe same of the first ten, match {match}: mean {mean(chain(*shares.values())):.0%}; {told}")


@pytest.mark.parametrize("sort", [Sort.YEAR, Sort.PLACE])
def test_orders_without_relevance_are_equal(both, sort):
    for typed in TYPED:
        request = SearchRequest(text=typed, sort=sort, offset=3, limit=20)
        here, there = (service.search(request) for service in both.services)
        assert [hit.stored.id for hit in there.hits] == [hit.stored.id for hit in here.hits], typed


@settings(max_examples=150)
@given(pick=st.randoms(use_true_random=False), length=st.integers(1, 30), variant=VARIANTS)
def test_any_string_of_a_section_finds_it(both, pick, length, variant):
    section_id, text = both.cut(pick, length)

    assert section_id in {hit.id for hit in both.found(as_typed(text, pick, variant)).hits}


@settings(max_examples=150)
@given(pick=st.randoms(use_true_random=False), length=st.integers(1, 30), variant=VARIANTS)
def test_a_quoted_string_finds_and_counts_exactly_the_sections_that_contain_it(both, pick, length, variant):
    _, text = both.cut(pick, length)
    typed = as_typed(text, pick, variant)
    norm = normalize(typed)
    assume(norm and not set(typed) & set(QUOTES))
    containing = {section_id for section_id, stored in both.norms.items() if norm in stored}

    answer = both.found(f'"{typed}"')

    assert {hit.id for hit in answer.hits} == containing
    assert answer.total == answer.exact
    assert answer.total.sections == len(containing)
    assert answer.total.reports == len({section_id.partition("/")[0] for section_id in containing})
    assert sum(one.count for one in answer.facets[Facet.PART]) == len(containing)
    assert all(one.count == one.literal for values in answer.facets.values() for one in values)


HOSTILE = st.one_of(st.characters(), st.sampled_from('法治枫桥"“”「」()（）|或非- 　:：年镇ORNOT\0\n*?~\\/[]{}^'))


@settings(max_examples=300)
@given(st.text(HOSTILE, max_size=80), st.sampled_from(Match))
def test_hostile_queries_are_answered_alike(both, typed, match):
    here, there = (service.search(SearchRequest(text=typed, match=match, limit=3)) for service in both.services)

    assert (there.total, there.exact, there.facets) == (here.total, here.exact, here.facets)


def test_the_longest_and_strangest_queries_are_answered_alike(both):
    rng = random.Random(5)
    joined = "".join(both.texts.values())
    start = rng.randrange(len(joined) - 500)
    strange = (
        "法" * 500,
        " ".join("法治枫桥经验审查调解普"[n % 11] * (n % 9 + 1) for n in range(40)),
        joined[start : start + 500],
        "(" * 100 + "法治" + ")" * 100,
        " OR ".join(["调解", "普法", "信访", "审查"] * 10),
        "-" * 300,
    )
    for typed in strange:
        for match in Match:
            request = SearchRequest(text=typed[:500], match=match, limit=5)
            here, there = (service.search(request) for service in both.services)
            assert (there.total, there.exact, there.facets) == (here.total, here.exact, here.facets), typed
