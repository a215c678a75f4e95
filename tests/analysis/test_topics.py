"""The vocabulary of topics: what counts, what does not, and mistakes in a user's own file."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.analysis.normalize import normalize
from fzsearch.analysis.topics import GAP_CHARS, TopicRule, TopicVocabulary, check, pattern_pieces
from fzsearch.errors import CorpusError
from fzsearch.model import Topic
from fzsearch.resources import data_text

GROUPS = {
    "党的领导",
    "政府机构职能",
    "依法行政制度",
    "行政决策制度",
    "行政执法",
    "突发事件应对",
    "社会矛盾纠纷行政预防调处化解",
    "行政权力制约和监督",
    "科技保障（数字法治政府）",
    "普法",
}


@pytest.fixture(scope="module")
def vocabulary() -> TopicVocabulary:
    return TopicVocabulary.load()


def topics_file(folder: Path, text: str) -> Path:
    path = folder / "topics.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_packaged_vocabulary_has_sixty_topics_in_the_groups_of_the_outline(vocabulary):
    assert len(vocabulary.topics) >= 60
    assert {topic.group for topic in vocabulary.topics} == GROUPS


def test_every_topic_is_defined_with_near_terms_examples_and_counter_examples(vocabulary):
    for topic in vocabulary.topics:
        assert topic.about.endswith("。"), topic.name
        assert topic.near, topic.name
        assert topic.examples, topic.name
        assert topic.counter_examples, topic.name


def test_examples_match_while_near_terms_and_counter_examples_do_not(vocabulary):
    for topic in vocabulary.topics:
        assert check(topic) is None, topic.name
        for example in topic.examples:
            assert topic.name in vocabulary.match(normalize(example)), example
        for text in (*topic.near, *topic.counter_examples):
            assert topic.name not in vocabulary.match(normalize(text)), (topic.name, text)


def test_no_two_topics_share_a_pattern(vocabulary):
    owners = Counter(pattern_pieces(pattern) for topic in vocabulary.topics for pattern in set(topic.patterns))

    assert [pieces for pieces, count in owners.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("合同送司法所做了合法性审核", "合法性审查"),
        ("文件一律经过法制审核", "合法性审查"),
        ("建成“枫桥式”司法所一个", "枫桥经验"),
        ("落实“谁执法　谁普法”", "谁执法谁普法"),
        ("新聘法律顾問一名", "法律顾问"),
        ("镇民政办发放补助", "民政与救助"),
    ],
)
def test_match_finds_topic_by_synonym_and_near_form(vocabulary, text, topic):
    assert topic in vocabulary.match(normalize(text))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("报镇人民政府批准", "民政与救助"),
        ("依照上述法律办理", "述法"),
        ("村法律顾问到岗", "法律顾问"),
        ("运用法律进行调解", "法律六进"),
    ],
)
def test_match_ignores_pattern_inside_a_longer_word(vocabulary, text, topic):
    assert topic not in vocabulary.match(normalize(text))


def test_match_counts_pattern_that_also_stands_outside_the_longer_word(vocabulary):
    assert "民政与救助" in vocabulary.match(normalize("人民政府民政办"))


def test_match_keeps_vocabulary_order_and_names_each_topic_once(vocabulary):
    names = [topic.name for topic in vocabulary.topics]
    found = vocabulary.match(normalize(data_text("topics.toml")))

    assert list(found) == [name for name in names if name in found]
    assert len(found) > 40


def test_every_pattern_finds_its_own_topic(vocabulary):
    for topic in vocabulary.topics:
        for pattern in topic.patterns:
            assert topic.name in vocabulary.match(normalize(pattern.replace("…", "的"))), pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合同审查", True),
        ("合同、协议的法治审查", True),
        ("合同" + "甲" * GAP_CHARS + "审查", True),
        ("合同" + "甲" * (GAP_CHARS + 1) + "审查", False),
        ("合同，审查", False),
        ("合同；审查", False),
        ("合同。审查", False),
        ("审查合同", False),
        ("旧合同合法审查", False),
    ],
)
def test_a_gap_is_short_and_stays_within_a_clause(text, expected):
    rule = TopicRule(Topic(name="甲", group="乙", patterns=("合同…审查",), unless=("旧合同合法审查",)))

    assert rule.speaks(normalize(text)) is expected


TEXTS = st.text(alphabet="甲乙丙，", max_size=12)
WORDS = st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=3), min_size=1, max_size=3).map(tuple)


@given(TEXTS, WORDS, st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=4), max_size=2).map(tuple))
def test_match_is_a_pattern_outside_every_unless_word(text, patterns, unless):
    """By brute force over all places of all patterns and words."""
    topic = Topic(name="名", group="组", patterns=patterns, unless=unless)
    hidden = [range(at, at + len(word)) for word in unless for at in starts(text, word)]
    counts = any(
        not any(at in one and at + len(pattern) - 1 in one for one in hidden)
        for pattern in patterns
        for at in starts(text, pattern)
    )

    assert TopicVocabulary([topic]).match(normalize(text)) == (("名",) if counts else ())


ODD = "甲乙丙\0，𠮷𠮸\ud842"
"""Characters of one and of two units, and halves of the latter."""


@given(
    st.lists(st.text(alphabet=ODD, max_size=8), max_size=4),
    st.lists(st.text(alphabet="甲乙丙𠮷", min_size=1, max_size=3), min_size=1, max_size=5, unique=True),
)
def test_texts_of_one_report_are_matched_as_each_alone(texts, patterns):
    topics = [Topic(name=pattern, group="组", patterns=(pattern, f"{pattern}…甲")) for pattern in patterns]

    assert TopicVocabulary(topics).match_all(texts) == [
        tuple(pattern for pattern in patterns if pattern in text) for text in texts
    ]


def test_a_vocabulary_may_be_empty():
    assert TopicVocabulary(()).match_all(["甲乙"]) == [()]


def starts(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def test_match_of_nothing_is_empty(vocabulary):
    assert vocabulary.match("") == ()


def test_user_file_replaces_by_name_and_adds_at_the_end(tmp_path, vocabulary):
    path = topics_file(
        tmp_path,
        '[[topic]]\nname = "枫桥经验"\ngroup = "普法"\npatterns = ["枫桥"]\n'
        '[[topic]]\nname = "湿地保护"\ngroup = "行政执法"\npatterns = ["湿地"]\nunless = ["湿地公园"]\n',
    )
    extended = TopicVocabulary.load(path)

    assert [topic.name for topic in extended.topics] == [*(topic.name for topic in vocabulary.topics), "湿地保护"]
    assert extended.match(normalize("枫桥镇保护湿地")) == ("枫桥经验", "湿地保护")
    assert extended.match(normalize("湿地公园")) == ()


def test_missing_user_file_changes_nothing(tmp_path, vocabulary):
    assert TopicVocabulary.load(tmp_path / "topics.toml").topics == vocabulary.topics


OWN = """[[topic]]
name = "甲"
group = "乙"
patterns = ["丙"]
[[topic]]
{}
name = "丁"
group = "乙"
patterns = ["戊己"]
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npatterns = []\n', "patterns 不能为空"),
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npatterns = [" "]\n', "patterns 应为非空文字的列表"),
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npatterns = "丙"\n', "patterns 应为非空文字的列表"),
        ('[[topic]]\ngroup = "乙"\npatterns = ["丙"]\n', "name 应为非空文字"),
        ('[[topic]]\nname = "甲"\npatterns = ["丙"]\n', "group 应为非空文字"),
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npattern = ["丙"]\n', "不认识的项目 pattern"),
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npatterns = ["丙"]\nunless = ["丁"]\n', "unless 中的“丁”"),
        ('[[topic]]\nname = "甲"\ngroup = "乙"\npatterns = ["丙"]\n' * 2, "重复"),
        ('[topic]\nname = "甲"\n', "双重方括号"),
        ("topic = [1]\n", "应写成"),
        ("[[topic]\n", "不是有效的 TOML"),
        ('name = "甲"\n[[topic]]\nname = "甲"\n', "不认识的项目 name"),
        (OWN.format('about = ""'), "第 6 行（第 2 个主题“丁”）：about 应为非空文字"),
        (OWN.format('nears = ["戊"]'), "第 6 行（第 2 个主题“丁”）：不认识的项目 nears"),
        (OWN.format('near = ["戊己庚"]'), "第 6 行（第 2 个主题“丁”）：near 中的“戊己庚”会被算进去"),
        (OWN.format('counter_examples = ["学戊己"]'), "第 6 行（第 2 个主题“丁”）：counter_examples 中的“学戊己”"),
        (OWN.format('examples = ["庚"]'), "第 6 行（第 2 个主题“丁”）：例句“庚”没有命中"),
        (OWN.replace("戊己", "…戊").format(""), "第 9 行（第 2 个主题“丁”）：“…”的两边都要有文字"),
    ],
)
def test_user_file_error_names_file_and_what_was_expected(tmp_path, text, expected):
    path = topics_file(tmp_path, text)

    with pytest.raises(CorpusError, match=r"topics\.toml") as caught:
        TopicVocabulary.load(path)
    assert expected in str(caught.value)


def test_user_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "topics.toml"
    path.write_bytes('name = "甲"'.encode("gb18030"))

    with pytest.raises(CorpusError, match="UTF-8"):
        TopicVocabulary.load(path)


def test_match_is_quick(vocabulary):
    """18,000 sections of 400 characters in 3 s of CPU time; a tenth of it here, with room for a slow machine."""
    characters = sorted(set(normalize(data_text("topics.toml"))))
    endless = characters * 400
    sections = ["".join(endless[start :: len(characters) - 3][:400]) for start in range(1800)]
    started = time.process_time()
    for section in sections:
        vocabulary.match(section)

    assert time.process_time() - started < 1.5
