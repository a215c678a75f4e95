"""What does the help say? The query language with examples that run on this corpus, keys, links, the API."""

from dataclasses import dataclass

from fzsearch.model import Part
from fzsearch.query import MAX_CHARS, MAX_TERMS, UNSETTLED
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry
from fzsearch.service.search import SearchRequest
from fzsearch.web.conditions import quoted_value
from fzsearch.web.home_page import Example
from fzsearch.web.params import search_url


@dataclass(frozen=True, slots=True)
class Syntax:
    """A way to write, what it means, and examples that can be clicked."""

    form: str
    meaning: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A name and what it stands for."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """Everything that the template of the help shows."""

    syntax: tuple[Syntax, ...]
    link_states: tuple[Described, ...]
    keys: tuple[Described, ...]
    parameters: tuple[Described, ...]
    max_chars: int
    max_terms: int


LINK_STATES = (
    Described("一致", "文字没有变，直接打开那一段"),
    Described("已移动", "同样的文字换了地方（段落重排、报告换了编号、文件改名），转到新地址并说明"),
    Described("已改动", "那个位置的文字变了，说明变在哪里；引用前请重新核对"),
    Described("已移除", "现在的语料里没有了，给出最近的段落"),
)
KEYS = (
    Described("/", "到检索框"),
    Described("j、k", "下一条、上一条命中；在报告里是下一处、上一处"),
    Described("Enter", "打开这一条"),
    Described("c", "复制这一条（这一段）的永久链接"),
    Described("y", "复制这一条（这一段）的文字"),
    Described("?", "打开、关上按键表"),
    Described("Esc", "关上按键表，离开检索框"),
)
PARAMETERS = (
    Described("q", f"检索词，写法同上；最多 {MAX_CHARS} 个字符"),
    Described("year", f"报告年度，四位数字；{UNSETTLED} 是年度未定的"),
    Described("province、city、county", "省、市、县的全名"),
    Described("township", "乡镇的全名或 9 位区划代码"),
    Described("topic", "主题名称"),
    Described("part", "、".join(Part)),
    Described("match", "all（每个词都要有）或 any（任一即可）"),
    Described("sort", "relevance（相关度）、year（年度）、place（地方）"),
    Described("limit", "最多几段：0 到 10000，或 all；网页上是 1 到 100"),
    Described("offset 或 page", "从第几段之后开始；第几页"),
    Described("indicator", "只用于数字：指标的代号或名称"),
    Described("group", "只用于网页：report 把命中归到各报告之下"),
)


def help_page(overview: Overview) -> HelpPage:
    """The help, with names from this corpus in its examples where it has them."""
    return HelpPage(
        syntax=_syntax(overview),
        link_states=LINK_STATES,
        keys=KEYS,
        parameters=PARAMETERS,
        max_chars=MAX_CHARS,
        max_terms=MAX_TERMS,
    )


def _syntax(overview: Overview) -> tuple[Syntax, ...]:
    topic = next(iter(overview.topic_counts), "普法")
    entry = _newest(overview)
    place, year = entry.place if entry else None, entry.year if entry and entry.year else 2024
    county, township = (place.county if place else None) or "某县", (place.township if place else None) or "某镇"
    return (
        _of("词 词", "用空格隔开：每个词都要有", "法治 建设"),
        _of("“原文”", '加引号：一字不差，标点也算；“ ”、「 」、" " 都行', "“法治政府建设”"),
        _of("甲 或 乙", "其一即可；“或”两边要有空格，也可写 OR、|", "普法 或 调解", "普法 | 宣传"),
        _of("-词", "不含这个词；也可写 非、NOT，两边要有空格", "法治 -信访", "法治 非 信访"),
        _of("( )", "括号里的先算", "(普法 或 调解) 法治"),
        _of("年:", "报告年度，不是公布的年份；可写一段", f"年:{year}", f"法治 年:{year - 2}-{year}"),
        _of("省: 市: 县: 镇:", "地方；写一部分也行", f"县:{quoted_value(county)}", f"镇:{quoted_value(township)} 法治"),
        _of("主题:", "谈到这个主题的段落；名称见主题页", f"主题:{quoted_value(topic)}"),
        _of("部分:", "举措成效、不足原因、第一责任人、下步安排、合写、导语、其他", "部分:不足", "法治 部分:下步安排"),
        _of("标题: 文号:", "报告标题或段落标题里有；本报告的发文字号里有", "标题:法治"),
    )


def _newest(overview: Overview) -> Entry | None:
    settled = [entry for entry in overview.entries if not entry.missing]
    return max(settled or overview.entries, key=lambda entry: (entry.year or 0, entry.key), default=None)


def _of(form: str, meaning: str, *queries: str) -> Syntax:
    found = (Example(query, "", search_url(SearchRequest(text=query))) for query in queries)
    return Syntax(form, meaning, tuple(found))
