"""Which routes has the HTTP API, what do they take and give? One table for the site, its OpenAPI document, the help.

Parameters have the names of `params`; the answers are described in `answers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import fzsearch
from fzsearch.cite import STYLES
from fzsearch.model import Part
from fzsearch.query import MAX_CHARS, UNSETTLED, Sort
from fzsearch.service.compile import Match
from fzsearch.service.search_address import API_LIMITS, DEFAULT_LIMIT, MAX_OFFSET, MAX_VALUES, NAMES
from fzsearch.web.answers import reference, schemas
from fzsearch.web.params import FIGURE_NAMES, FILTER_NAMES, RANGE_NAMES, REGION_NAMES

Json = dict[str, Any]
PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What can stand in the query of an address; a repeatable one is a list of what `schema` says."""

    about: str
    schema: Json
    is_repeatable: bool = False


def _text(about: str, **more: object) -> Parameter:
    return Parameter(about, {"type": "string", **more})


def _values(about: str, **more: object) -> Parameter:
    return Parameter(about, {"type": "string", **more}, is_repeatable=True)


def _number(about: str, least: int, most: int, *words: str) -> Parameter:
    return Parameter(about, {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"enum": [*words, ""]}]})


PARAMETERS: Mapping[str, Parameter] = {
    "q": _text(f"检索词，写法见帮助页；最多 {MAX_CHARS} 个字符，空的就是全部", maxLength=MAX_CHARS),
    "year": _values(f"报告年度，四位数字；{UNSETTLED} 是年度未定的", pattern=f"^([0-9]{{4}}|{UNSETTLED})?$"),
    "province": _values("省的全名"),
    "city": _values("市的全名"),
    "county": _values("县（市、区）的全名"),
    "township": _values("乡镇、街道的全名，或 9 位区划代码"),
    "topic": _values("主题名称"),
    "part": _values("段落属于哪一部分", enum=[*Part, ""]),
    "match": _text("all 每个词都要有，any 任一即可", enum=[*Match, ""], default=Match.ALL),
    "sort": _text("按相关度、年度或地方排序", enum=[*Sort, ""], default=Sort.RELEVANCE),
    "limit": _number(f"最多几个：0 到 {API_LIMITS.most}，或 all；默认 {DEFAULT_LIMIT}", 0, API_LIMITS.most, "all"),
    "offset": _number("从第几个之后开始；与 page 只能用一个", 0, MAX_OFFSET),
    "page": _number("第几页，从 1 开始，一页 limit 个；与 offset 只能用一个", 1, MAX_OFFSET),
    "indicator": _text("指标的代号或名称；不写就是全部数字"),
    "address": _text("永久链接，或报告编号、报告编号/段", minLength=1),
    "style": _text("引用格式", enum=[*STYLES, ""], default=next(iter(STYLES))),
    "old": _text("先前的报告的编号", minLength=1),
    "new": _text("后来的报告的编号", minLength=1),
    "key": _text("报告编号"),
    "name": _text("名称或区划代码"),
    "path": _text("段的位置，如 s2.4"),
}


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        endpoint: its name in the application; without "api_" the name of the method that answers.
        path: after the prefix, with {parameters}.
        answer: the name of what it gives in `answers`.
        names: the parameters that it takes, `required` those that it cannot do without.
        example: an address after the prefix that any corpus answers, "" where only its own names would do.
        is_draft: whether a draft is sent to it by POST.
    """

    endpoint: str
    path: str
    about: str
    answer: str
    names: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    example: str = ""
    is_draft: bool = False

    @property
    def in_path(self) -> tuple[str, ...]:
        """The parameters in its path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def rule(self) -> str:
        """The path as Flask writes it; names of places and topics may hold a slash."""
        return PREFIX + self.path.replace("{name}", "<path:name>").replace("{", "<").replace("}", ">")


ROUTES = (
    Route("api_search", "/search", "检索段落。total 是全部命中，exact 是其中逐字命中；facets 各选项后面是段数",
          "Search", NAMES, example="/search?q=普法&limit=3"),
    Route("api_reports", "/reports", "有命中段落的报告，按编号；不写检索词和筛选就是全部报告",
          "ReportList", NAMES - {"sort"}, example="/reports?year=2024"),
    Route("api_suggest", "/suggest", "联想：可能要输入的检索词；sections 是逐字命中的段数",
          "Suggestions", frozenset({"q"}), example="/suggest?q=枫桥"),
    Route("api_report", "/reports/{key}", "一份报告：元数据及其出处、全部段落、数字", "Report"),
    Route("api_section", "/reports/{key}/sections/{path}", "同上，但 sections 里只有这一段", "Report"),
    Route("api_figures", "/figures", "报告里的数字，每个都带原句；只列出，不相加",
          "Figures", FIGURE_NAMES, example="/figures?indicator=legal_review"),
    Route("api_indicators", "/indicators", "全部指标，以及各有多少个数字",
          "Indicators", FIGURE_NAMES - {"indicator"}, example="/indicators"),
    Route("api_coverage", "/coverage", "收齐情况：哪个乡镇、哪一年的报告在语料里",
          "Coverage", REGION_NAMES, example="/coverage"),
    Route("api_topics", "/topics", "全部主题及其段数、报告数、乡镇数",
          "Topics", FILTER_NAMES, example="/topics?year=2024"),
    Route("api_topic", "/topics/{name}", "一个主题：定义和说法，各年多少，最相关的 10 段", "Topic"),
    Route("api_places", "/places", "语料里有报告的乡镇、街道，各有哪些年度",
          "Places", REGION_NAMES | RANGE_NAMES, example="/places?limit=all"),
    Route("api_place", "/places/{name}", "叫这个名称、或有这个代码的乡镇和县；同名的都给出", "PlacesNamed"),
    Route("api_cite", "/cite", "一份报告或一段的引用",
          "Citation", frozenset({"address", "style"}), required=frozenset({"address"})),
    Route("api_compare", "/compare",
          "逐句比较两份报告：kept 照抄、changed 改写、dropped 删去、new 新增；shares 是各占的字数比例",
          "Comparison", frozenset({"old", "new"}), required=frozenset({"old", "new"})),
    Route("api_overlap", "/overlap", "雷同：各份报告有多少文字与其他报告逐字相同，多的在前；写了 key 只看这一份",
          "Overlaps", RANGE_NAMES | {"key"}, example="/overlap?limit=5"),
    Route("api_check", "/check",
          '核稿：引文、链接与语料对照。POST 稿件的文字，UTF-8，或 JSON {"text": 文字}；什么也不保存',
          "Checked", is_draft=True),
    Route("api_openapi", "/openapi.json", "本接口的 OpenAPI 3.1 描述", "Document", example="/openapi.json"),
)  # fmt: skip

_PROBLEMS = {
    "400": "参数或内容不能用",
    "404": "没有这份报告、这一段、这个名称",
    "405": "方法不对",
    "413": "内容太大",
    "414": "地址太长",
    "503": "索引没有打开",
}
_DRAFT_PROBLEMS = {"415": "内容的类型不对"}

_ABOUT = (
    "乡镇、街道法治政府建设年度报告全文检索，只读。参数为空等于没有写，不认识的参数拒绝；筛选的参数可重复，"
    f"同一参数任一即可，不同参数都要满足，合计最多 {MAX_VALUES} 个值。未知的值是 null。"
)


def document(root: str) -> Json:
    """The OpenAPI document of a site that is reached at `root`."""
    paths = {PREFIX + route.path: {"post" if route.is_draft else "get": _operation(route)} for route in ROUTES}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "法治报告检索",
            "version": fzsearch.__version__,
            "description": _ABOUT,
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": {**schemas(), "Document": {"type": "object"}}},
    }


def _operation(route: Route) -> Json:
    problems = _PROBLEMS | (_DRAFT_PROBLEMS if route.is_draft else {})
    refused = {status: _response(about, "Error") for status, about in problems.items()}
    operation: Json = {
        "operationId": route.endpoint.removeprefix("api_"),
        "summary": route.about,
        "parameters": [
            *(_parameter(name, "path") for name in route.in_path),
            *(_parameter(name, "query", route) for name in PARAMETERS if name in route.names),
        ],
        "responses": {"200": _response("答复", route.answer), **refused},
    }
    if route.is_draft:
        body = {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
            "additionalProperties": False,
        }
        content = {"text/plain": {"schema": {"type": "string"}}, "application/json": {"schema": body}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _response(about: str, answer: str) -> Json:
    return {"description": about, "content": {"application/json": {"schema": reference(answer)}}}


def _parameter(name: str, place: str, route: Route | None = None) -> Json:
    known = PARAMETERS[name]
    schema = {"type": "array", "items": known.schema} if known.is_repeatable else known.schema
    is_required = route is None or name in route.required
    return {"name": name, "in": place, "required": is_required, "description": known.about, "schema": schema}
