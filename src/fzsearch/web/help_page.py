"""Which examples of the query language does the help give? Ones that find something in this corpus."""

from types import SimpleNamespace

from fzsearch.service.asking import SearchRequest
from fzsearch.service.overview import Overview
from fzsearch.service.places import Entry
from fzsearch.web.conditions import quoted_value
from fzsearch.web.home_page import Example
from fzsearch.web.params import search_url


def syntax_rows(overview: Overview | None) -> tuple[SimpleNamespace, ...]:
    """The ways to write, with names from this corpus in their examples where it has them and is known."""
    topic = next(iter(overview.topic_counts if overview else ()), "普法")
    entry = _newest(overview) if overview else None
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


def _of(form: str, meaning: str, *queries: str) -> SimpleNamespace:
    found = (Example(query, "", search_url(SearchRequest(text=query))) for query in queries)
    return SimpleNamespace(form=form, meaning=meaning, examples=tuple(found))
