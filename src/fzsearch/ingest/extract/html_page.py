"""What does a saved page say about its document, outside the text?

索引号, 发文字号, 成文日期 and the like stand in tables, lists, on separate lines or all on one line; keys may
hold spaces (索 引 号), values may be 无. About 16 % of saved reports have such a block.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

# Canonical key: the ways it is written. "" collects keys that are recognised as chrome and dropped.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "索引号": ("索引号", "信息索引号", "索引号码", "索取号"),
    "发文字号": ("发文字号", "发文文号", "公文文号", "文件编号", "文号", "文件字号"),
    "发布机构": (
        "发布机构", "发文机关", "发文机构", "公开机构", "发布单位", "公开主体", "制发机关", "发文单位", "公开责任部门",
    ),
    "成文日期": ("成文日期", "成文时间", "生成日期", "生成时间", "发文日期", "发文时间", "制发日期"),
    "发布日期": ("发布日期", "发布时间", "公开日期", "公开时间", "公布日期", "时间", "日期"),
    "标题": ("标题", "名称", "信息名称", "公文名称", "文件名称"),
    "来源": ("来源", "信息来源", "文章来源", "稿件来源", "内容来源"),
    "": (
        "主题分类", "分类", "主题词", "关键词", "体裁分类", "组配分类", "公开方式", "公开范围", "公开时限", "有效性",
        "时效", "效力状态", "废止日期", "生效日期", "浏览次数", "浏览量", "阅读次数", "阅读量", "阅读", "点击数",
        "点击量", "点击次数", "访问次数", "访问量", "字号", "字体", "字体大小", "作者", "编辑", "责任编辑", "审核",
        "信息类别", "服务对象", "文件状态",
    ),
}  # fmt: skip
_CANONICAL = {written: key for key, ways in _KEYS.items() for written in ways}
_WEAK = frozenset(
    {"时间", "日期", "标题", "名称", "来源", "分类", "时效", "阅读", "字号", "字体", "作者", "编辑", "审核"}
)
_KEY = "|".join(r"[\s\u3000]*".join(way) for way in sorted(_CANONICAL, key=len, reverse=True))
_KEY_AND_COLON = re.compile(rf"(?:^|(?<=[\s\u3000|丨\[【（(]))[\[【（(·•]?(?P<key>{_KEY})[\s\u3000]*[:：]")
_NOTHING = frozenset({"", "无", "-", "--", "—", "/", "暂无", "空"})
_EDGES = " \t\u00a0\u3000|丨[]【】"
_MAX_VALUE = 120
_META_NAMES = {
    "articletitle": "标题", "pubdate": "发布日期", "contentsource": "来源", "url": "url", "og:url": "url",
}  # fmt: skip
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->")
_HEAD_CHARACTERS = 4_096
_PAIR_ORDER = (*(key for key in _KEYS if key), "url")


def page_block(root: etree._Element, source: str, lines: Sequence[str]) -> dict[str, str]:
    """Give the metadata of a page, by canonical key, in a fixed order; keys without a value are left out.

    Args:
        root: the page, for <meta> and <link>.
        source: its source, for the comment that browsers write above a saved page.
        lines: all lines that the page shows.
    """
    shown, _ = read_pairs(lines)
    stated = _meta(root)
    saved_from = _SAVED_FROM.search(source[:_HEAD_CHARACTERS])
    if saved_from:
        stated["url"] = saved_from[1]
    # The title of the content system is whole; the one shown in a table is often cut.
    found = {**stated, **shown, **({"标题": stated["标题"]} if "标题" in stated else {})}
    return {key: found[key] for key in _PAIR_ORDER if key in found}


def read_pairs(lines: Sequence[str]) -> tuple[dict[str, str], frozenset[int]]:
    """Read key and value from lines.

    Returns:
        The first value of each canonical key, and the indexes of the lines that hold keys and values only.
    """
    items = [(index, item) for index, line in enumerate(lines) for item in line.split("\t")]
    found: dict[str, str] = {}
    used: set[int] = set()
    for position, (_, item) in enumerate(items):
        if position in used:
            continue
        following = items[position + 1][1] if position + 1 < len(items) else ""
        pairs = [*_pairs_of(item, follows_pair=position - 1 in used)]
        if not pairs:
            continue
        used.add(position)
        if not pairs[-1][1] and not _is_key(following) and len(following) <= _MAX_VALUE:
            pairs[-1] = (pairs[-1][0], following.strip(_EDGES))
            used.add(position + 1)
        for key, value in pairs:
            if key and value not in _NOTHING and len(value) <= _MAX_VALUE:
                found.setdefault(key, value)
    unused = {index for position, (index, item) in enumerate(items) if position not in used and item.strip()}
    return found, frozenset(range(len(lines))) - unused


def _pairs_of(item: str, *, follows_pair: bool) -> Iterator[tuple[str, str]]:
    """The pairs of one cell or line; a value is "" where it stands in the next one."""
    keys = [*_KEY_AND_COLON.finditer(item)]
    if keys and not item[: keys[0].start()].strip(_EDGES):
        ends = [*(key.start() for key in keys[1:]), len(item)]
        for key, end in zip(keys, ends, strict=True):
            yield _CANONICAL["".join(key["key"].split())], item[key.end() : end].strip(_EDGES)
        return
    bare = "".join(item.split())
    if bare in _CANONICAL and (follows_pair or bare not in _WEAK):
        yield _CANONICAL[bare], ""


def _is_key(item: str) -> bool:
    return "".join(item.split()).rstrip(":：") in _CANONICAL or _KEY_AND_COLON.match(item) is not None


def _meta(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = _META_NAMES.get((meta.get("name") or meta.get("property") or "").lower())
        value = " ".join((meta.get("content") or "").split())
        if key and value not in _NOTHING:
            found.setdefault(key, value)
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            found.setdefault("url", (link.get("href") or "").strip())
    return found
