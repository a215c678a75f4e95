"""Promise 1: what you type is found. Any string of 1 to 30 characters that stands in a section finds that section, a
quoted one finds exactly the sections that contain it, and the highlights are the matched text in the unchanged source.
"""

import random
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.analysis.normalize import QUOTES
from fzsearch.engine import RANKERS, EmbeddedEngine, ranker
from fzsearch.errors import ConfigError
from fzsearch.query import Literal, Query, Words, parse_query
from fzsearch.resources import data_text
from fzsearch.service import Match, SearchRequest, SearchService, index_corpus
from fzsearch.service.compile import compile_query
from fzsearch.service.marks import Mark, pieces, spans
from tests.generate import now

_PAIRS = "".join(line for line in data_text("traditional.txt").splitlines() if not line.startswith("#"))
TRADITIONAL = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))
DOUBLE = '"“”「」'


class Corpus:
    """An index with the texts of all its sections, read back."""

    def __init__(self, folder, index_dir, name):
        self.engine = EmbeddedEngine(index_dir, now, name)
        index_corpus(folder, self.engine, workers=2)
        self.service = SearchService(self.engine)
        reports = [self.engine.report(record.key) for record in self.engine.reports()]
        self.texts = {f"{r.key}/{s.path}": s.text for r in reports if r for s in r.report.sections}
        self.norms = {section_id: normalize(text) for section_id, text in self.texts.items()}

    def found(self, typed: str) -> set[str]:
        compiled = compile_query(parse_query(typed), Match.ALL, self.service.values)
        return {hit.id for hit in self.engine.search(Query(root=compiled.root, limit=None)).hits}

    def containing(self, text: str) -> set[str]:
        norm = normalize(text)
        return {section_id for section_id, stored in self.norms.items() if norm in stored}


@pytest.fixture(scope="module", params=product(["specimens", "reports"], RANKERS), ids="-".join)
def corpus(request, corpus_dir, tmp_path_factory):
    which, name = request.param
    try:
        ranker(name)
    except ConfigError as error:
        pytest.skip(str(error))
    folder = corpus_dir if which == "specimens" else request.getfixturevalue("shared_dir") / "reports"
    return Corpus(folder, tmp_path_factory.mktemp(which), name)


def as_typed(text: str, rng: random.Random, variant: str) -> str:
    """The same text as somebody else would type it."""
    if variant == "spaces":
        return "".join(char + rng.choice(["", "", " ", "　", "\n"]) for char in text)
    if variant == "full width":
        return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    if variant == "traditional":
        return "".join(TRADITIONAL.get(char, char) for char in text)
    if variant == "quotes":
        return "".join(rng.choice("“”「」『』\"'＂‘’") if char in QUOTES else char for char in text)
    return text


VARIANTS = st.sampled_from(["as it is", "spaces", "full width", "traditional", "quotes"])


@settings(max_examples=600, deadline=None)
@given(pick=st.randoms(use_true_random=False), length=st.integers(1, 30), variant=VARIANTS)
def test_any_string_of_a_section_finds_it(corpus, pick, length, variant):
    section_id = pick.choice(sorted(corpus.texts))
    text = corpus.texts[section_id]
    start = pick.randrange(len(text))
    typed = as_typed(text[start : start + length], pick, variant)

    assert section_id in corpus.found(typed)


@settings(max_examples=600, deadline=None)
@given(
    pick=st.randoms(use_true_random=False), length=st.integers(1, 30), variant=VARIANTS, mark=st.sampled_from(DOUBLE)
)
def test_a_quoted_string_finds_exactly_the_sections_that_contain_it(corpus, pick, length, variant, mark):
    section_id = pick.choice(sorted(corpus.texts))
    text = corpus.texts[section_id]
    start = pick.randrange(len(text))
    typed = as_typed(text[start : start + length], pick, variant)
    close = {"“": "”", "「": "」", "”": "”"}.get(mark, mark)
    # “a” “b” within “…” reads as several quotations: that is what most people mean by it.
    assume(mark != "」")
    assume(not set(typed) & set(QUOTES) or (mark == '"' and '"' not in typed and "＂" not in typed))

    assert corpus.found(f"{mark}{typed}{close}") == corpus.containing(typed)


@settings(max_examples=200, deadline=None)
@given(pick=st.randoms(use_true_random=False), length=st.integers(1, 30), variant=VARIANTS)
def test_highlights_are_the_matched_text_in_the_unchanged_source(corpus, pick, length, variant):
    section_id = pick.choice(sorted(corpus.texts))
    text = corpus.texts[section_id]
    start = pick.randrange(len(text))
    typed = as_typed(text[start : start + length], pick, variant)
    norm = normalize(typed)
    assume(norm)
    page = corpus.service.search(SearchRequest(text=typed, limit=20))
    root = compile_query(parse_query(typed), Match.ALL, corpus.service.values).root

    for hit in page.hits:
        source = hit.stored.section.text
        assert source == corpus.texts[hit.stored.id]
        assert "".join(piece.text for piece in pieces(source, hit.marks)) == source
        if isinstance(root, Words | Literal):  # one term: literal means that it stands there as typed
            assert hit.exact == (hit.stored.id in corpus.containing(root.norm))
    norm = root.norm if isinstance(root, Literal) else norm  # typed in quote marks: those are not asked for
    literal = [text[span.start : span.end] for span in spans(text, root) if span.mark is Mark.LITERAL]
    assert any(norm in normalize(run) for run in literal)


def test_highlights_of_a_quoted_string_are_all_its_places_and_nothing_else(corpus):
    rng = random.Random(3)
    for _ in range(100):
        section_id = rng.choice(sorted(corpus.texts))
        text = corpus.texts[section_id]
        start = rng.randrange(len(text))
        wanted = text[start : start + rng.randint(2, 12)].strip('"“”＂「」 　\n')
        if not normalize(wanted) or set(wanted) & set(QUOTES):
            continue
        root = compile_query(parse_query(f"「{wanted}」"), Match.ALL, corpus.service.values).root
        marked = spans(text, root)

        assert marked
        assert all(normalize(wanted) in normalize(text[s.start : s.end]) for s in marked)
        covered = {i for s in marked for i in range(s.start, s.end)}
        unmarked = "".join("\0" if i in covered else char for i, char in enumerate(text))
        assert normalize(wanted) not in "\0".join(normalize(run) for run in unmarked.split("\0"))


@settings(max_examples=2000, deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from('法治枫桥"“”「」()（）|或非- 　:：年镇ORNOT\0\n')), max_size=80)
)
def test_hostile_queries_are_answered(corpus, typed):
    """2,000 random inputs: an answer each, no exception."""
    page = corpus.service.search(SearchRequest(text=typed, limit=3))

    assert page.total.sections >= page.exact.sections >= 0
    assert len(page.hits) == min(3, page.total.sections)


def test_questions_in_sentences_find_something_with_match_any(corpus):
    asked = "今年以来各村一共调解了多少起矛盾纠纷，成功率怎么样？"
    every = corpus.service.search(SearchRequest(text=asked))
    some = corpus.service.search(SearchRequest(text=asked, match=Match.ANY))

    assert every.total.sections == 0
    assert every.explanation is not None
    assert some.total.sections > 0
    assert "纠纷" in some.hits[0].stored.section.text
