"""What would a person fill in to correct a report? The draft of a sidecar: valid, and without effect until edited."""

import json
from collections.abc import Iterator

from fzsearch.ingest.sidecar_place import place_words
from fzsearch.model import Place, Report

_HINTS = {
    "title": "报告的标题",
    "year": "报告所述的年度，如 2023",
    "place": "9 位代码，或“省 市 县 乡镇”的名称",
    "doc_number": "发文字号",
    "issued": "成文日期，如 2024-01-15",
    "source_url": "原文网址，http:// 或 https:// 开头",
    "issuers": '发文机关，如 ["甲镇人民政府"]',
    "signer": "签发人",
}


def draft_sidecar(report: Report, file: str) -> str:
    """The draft for one file: what was found as comments, what is missing as empty lines, possible places with codes.

    >>> print(draft_sidecar(Report(title=None, year=2023, place=Place(), issuers=(), doc_number=None, issued=None,
    ...     signer=None, sections=()), "甲.txt").splitlines()[4])
    title = ""  # 未见：报告的标题
    """
    head = [
        f"# {_plain(file)} 的更正。读出的值写成注释；要改，去掉行首的 # 再改。",
        "# 没有读出的留了空行，在引号里填上；空着等于没写。改好后运行 fzsearch index。",
        "# 编码用 UTF-8。",
        "",
    ]
    lines = (line for field in _HINTS for line in _field_lines(field, getattr(report, field)))
    return "\n".join((*head, *lines, *_topic_lines(report))) + "\n"


def _field_lines(field: str, value: object) -> Iterator[str]:
    if isinstance(value, Place):
        yield from _place_lines(value)
    elif not value:
        yield f'{field} = ""  # 未见：{_HINTS[field]}'
    else:
        yield f"# {field} = {_toml(value)}"


def _place_lines(place: Place) -> Iterator[str]:
    names = " ".join(place.names)
    if place.is_ambiguous:
        yield f"# 地方未定：{_plain(names)}有 {len(place.candidates)} 处候选；把其中一个代码或全名填进引号。"
        yield from (f"#   {_plain(place_words(candidate))}" for candidate in place.candidates)
        yield 'place = ""'
    elif place.township and place.county:
        yield f"# place = {_toml(place.code or names)}  # {_plain(names)}"
    else:
        found = f"只读出 {_plain(names)}；" if names else "未见："
        yield f'place = ""  # {found}{_HINTS["place"]}'


def _topic_lines(report: Report) -> tuple[str, ...]:
    found = dict.fromkeys(topic for section in report.sections for topic in section.topics)
    return (
        f"# 正文谈到的主题：{_plain('、'.join(found)) or '无'}；还要加的写在这里，名称要在主题表里。",
        "topics = []",
    )


def _toml(value: object) -> str:
    """A value as TOML; a basic string of TOML is written as one of JSON is."""
    return _plain(json.dumps(value, ensure_ascii=False, default=str))


def _plain(text: str) -> str:
    """A text that keeps within its comment: what cannot be printed becomes U+FFFD."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
