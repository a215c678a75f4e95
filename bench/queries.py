"""What is asked? Sixty queries, the same for every engine: words joined by AND or OR, or one exact string; filters.

common, rare, and, or     what people type into the box
exact                     strings of 2 to 12 characters cut from the reports at random, and typical phrases
one character             the same, of one character
filtered                  any of these within years, places, parts or topics

For suggestions: texts as they grow while they are typed, by characters, by pinyin initials, with a slip, after a word.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """How the terms of a query are joined; exact: one string, as it stands."""

    AND = "and"
    OR = "or"
    EXACT = "exact"


@dataclass(frozen=True)
class Asked:
    """One query: its kind, how its terms are joined, the terms, chosen facet values (OR inside one, AND across)."""

    kind: str
    mode: Mode
    terms: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def typed(self) -> str:
        """What a person types into the box of fzsearch."""
        if self.mode is Mode.EXACT:
            return f"“{self.terms[0]}”"
        return (" OR " if self.mode is Mode.OR else " ").join(self.terms)


_AND = {
    "common": "法治政府；人民调解；矛盾纠纷；普法宣传；合法性审查；枫桥经验；行政执法；法律顾问",
    "rare": "枫桥驿站；船上调解；海塘巡护；冬储承诺；光伏用地；高空抛物；蜂农维权",
    "and": (
        "合法性审查 法律顾问；司法所 人民调解 信访；普法 法治教育 培训；矛盾纠纷 网格员；政务公开 重大行政决策程序；"
        "执法证件 培训；移民安置 人民调解；禁毒宣传 未成年人保护；社区矫正 台账；法律明白人 村规民约 司法所"
    ),
}
_OR = "调解 信访；普法 宣传 培训；安全生产 森林防火；水源地 古树 林权；枫桥经验 法律明白人；电信诈骗 养老诈骗"
_EXACT = "法治政府建设；人民调解委员会；合法性审查；推进法治政府建设工作；一事一档"
_ONE = "的；镇；法；渔"
_LONG_LINE = 100
_LENGTHS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
_FILTERED = (
    ("人民调解", {"year": ("2024",)}),
    ("法治政府", {"year": ("2023", "2024"), "part": ("measures",)}),
    ("矛盾纠纷", {"part": ("problems",)}),
    ("培训", {"part": ("plan",), "year": ("2025",)}),
    ("信访 调解", {"topic": ("枫桥经验",)}),
    ("行政执法", {"topic": ("合法性审查", "枫桥经验"), "year": ("2022",)}),
    ("普法", {"province": ("山东省",)}),
    ("司法所", {"province": ("四川省", "重庆市"), "year": ("2021",)}),
)

_TYPED = (
    "枫桥经验；合法性审查；人民调解委员会；推进法治政府建设的主要举措；党政主要负责人；执法力量不足；下一年度工作安排；"
    "四川省；云阳县；突发事件应对；fqjy；hfxsc；fzzfjs；dzzyfzr；zfzl；xzzf；法制政府；枫侨经验；合法性审察；矛盾纠份；"
    "权利监督；普法 枫桥经验；信访 调解 合法性；2024 行政执法"
)


def typed() -> tuple[str, ...]:
    """What the box holds while texts are typed, key after key."""
    return tuple(text[:end] for text in _TYPED.split("；") for end in range(1, len(text) + 1) if text[end - 1] != " ")


def asked(corpus: Path) -> tuple[Asked, ...]:
    """The queries; what is cut at random comes from the first reports, which are in a corpus of any size."""
    found = [Asked(kind, Mode.AND, tuple(typed.split())) for kind, texts in _AND.items() for typed in texts.split("；")]
    found += [Asked("or", Mode.OR, tuple(typed.split())) for typed in _OR.split("；")]
    found += [Asked("exact", Mode.EXACT, (text,)) for text in (*_EXACT.split("；"), *_cut(corpus, _LENGTHS))]
    found += [Asked("one character", Mode.EXACT, (text,)) for text in _ONE.split("；")]
    found += [Asked("filtered", Mode.AND, tuple(typed.split()), by) for typed, by in _FILTERED]
    found.append(Asked("filtered", Mode.EXACT, ("枫桥经验",), {"year": ("2025",)}))
    found.append(Asked("filtered", Mode.OR, ("普法", "宣传"), {"part": ("measures",), "year": ("2020",)}))
    return tuple(found)


def substrings(corpus: Path, count: int) -> tuple[str, ...]:
    """Strings of 1 to 12 characters, cut at random from the first reports."""
    return _cut(corpus, [1 + number % 12 for number in range(count)])


def _cut(corpus: Path, lengths: Sequence[int]) -> tuple[str, ...]:
    rng = random.Random(7)
    paths = sorted(corpus.glob("*.txt"))[:50]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if len(line) > _LONG_LINE]
    found = []
    for length in lengths:
        line = rng.choice(lines)
        start = rng.randrange(len(line) - length)
        found.append(line[start : start + length])
    return tuple(found)
