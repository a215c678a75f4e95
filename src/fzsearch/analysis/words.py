"""Which words does a text hold? The only module that knows jieba.

Words serve ranking, loose matches and suggestions; they never decide whether a text contains a string (`normalize`
does). Index and query are cut alike, from normalised text, paragraph by paragraph.

jieba parts a text into runs of Chinese characters, letters, digits and a few marks, and cuts each run by itself. So do
we, and remember the last ones. Where rjieba is installed (`fzsearch[fast]`) it cuts the runs without marks, some 20
times faster and into the same words (`tests/analysis/test_words.py`); with marks the two differ, so those stay jieba's.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fzsearch.analysis.normalize import normalize

_RUNS = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+|[^\W_]")  # jieba's re_han_default, or a letter that it knows not
_SAME_IN_BOTH = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9]+")

STOP_WORDS = frozenset(
    [
        "的",
        "了",
        "和",
        "与",
        "及",
        "或",
        "在",
        "是",
        "对",
        "为",
        "将",
        "把",
        "被",
        "以",
        "等",
        "中",
        "上",
        "下",
        "并",
        "从",
        "到",
        "由",
        "于",
        "其",
        "之",
        "而",
        "也",
        "都",
        "就",
        "还",
        "要",
        "能",
        "会",
        "个",
        "有",
        "不",
        "吗",
        "呢",
        "吧",
        "啊",
        "怎么",
        "怎样",
        "如何",
        "什么",
        "哪些",
        "哪个",
        "为什么",
        "是否",
        "可以",
        "多少",
        "谁",
        "请问",
        "应该",
        "应当",
        "需要",
        "这",
        "那",
        "我",
        "你",
        "他",
        "她",
        "它",
        "我们",
    ]
)
"""Words that a question in sentences does not ask for; dropped only where terms are joined by OR."""


def _cache_dir() -> str:
    # jieba unmarshals its cache: it must lie where nobody else can write.
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fzsearch"
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="fzsearch-")
    return str(base)


@cache
def _tokenizer() -> Any:
    # jieba takes 0.8 s to load and logs to stderr: our own tokenizer, built on first use.
    import jieba  # noqa: PLC0415 - loading it costs start-up time of commands that never cut words

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = _cache_dir()
    tokenizer.initialize()
    return tokenizer


@cache
def _fast_cut() -> Callable[[str], list[str]] | None:
    try:
        import rjieba  # noqa: PLC0415 - optional
    except ImportError:
        return None
    cut: Callable[[str], list[str]] = rjieba.cut
    return cut


def load() -> None:
    """Load the dictionary now, so that child processes forked later share it."""
    (_fast_cut() or _tokenizer().lcut)("载入词典")


@lru_cache(maxsize=1 << 15)
def _cut(run: str) -> tuple[str, ...]:
    if len(run) == 1:
        return (run,) if run.isalnum() else ()
    if _SAME_IN_BOTH.fullmatch(run):
        return tuple((_fast_cut() or _tokenizer().lcut)(run))
    return tuple(word for word in _tokenizer().lcut(run) if any(map(str.isalnum, word)))


def words_of_lines(lines: Iterable[str]) -> list[str]:
    """The words of normalised paragraphs in order, with repetition; punctuation is no word."""
    found: list[str] = []
    for line in lines:
        for run in _RUNS.findall(line):
            found.extend(_cut(run))
    return found


def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, with repetition; punctuation is no word.

    Plain cutting, not search mode: that one finds 民政 (civil affairs) in 人民政府.

    >>> words("镇人民政府")
    ('镇', '人民政府')
    """
    return tuple(words_of_lines(map(normalize, text.splitlines())))
