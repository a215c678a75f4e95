"""What is the title of a report, and on which lines does it stand?

Titles run over one to four lines, follow a letterhead or page chrome, and may be printed twice. Source: DOMAIN §4.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fzsearch.ingest.found import provenance
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.markers import Style, find_marker
from fzsearch.model import Provenance
from fzsearch.numerals import find_date, find_years, fold, squeeze

_MAX_LINES = 30
_MAX_LINE = 60

DOC_NUMBER = re.compile(r"[\u3400-\u9fff]{2,14}\s*[〔\[【(]\s*20\d\d\s*[〕\]】)]\s*(?:第\s*)?\d{1,4}\s*号")

# A line of the title ends the title with one of these, a note in brackets may follow.
_ENDS = re.compile(
    r"(?:(?:报告|总结|汇报|情况|小结|要点|计划|安排|打算|材料|白皮书|年报|自评|通报)(?:[(《][^()]*[)》])?|印发.*的通知)$"
)
_PRINTED = re.compile(r"印发(?:《(.+)》|(.+?))的通知")
# Behind a title: the rest of a browser's window title, the day of publication.
_BEHIND = re.compile(r"(?:[_|].*|(?<=[告结报况])20\d\d[-./]\d\d?[-./]\d\d?.*)$")
_SUBJECT = re.compile(r"法治|依法|法制|普法")
_GOES_ON = re.compile(
    r"^(?:[(暨及和与的](?!平[镇乡街])|情况|工作报告|(?:年度|自查|总结)?报告$|总结$|汇报$|20\d\d年.{0,12}(?:计划|安排|打算|要点)$)"
)
_NOTICE = re.compile(r"印发.*的通知$")
# What a line above the last one may end with, or hold, to be part of the same title.
_OFFICE = re.compile(r"(?:委员会|政府|办事处|党委|工委|镇|乡|街道|苏木|农场|林场|县|区|市|旗|关于|司法所)$")
_LEADS = re.compile(r"关于|法治|年度?|贯彻|落实|推进")
# Page chrome, letterhead and block lines (DOMAIN §4): never part of a title.
_CHROME = re.compile(
    r"文件$|签发人|字号|打印|分享|返回|浏览|点击|来源|发布|索引号|文号|时间|日期|当前位置|首页|您(?:的|所在)|附件|[>|]|信息公开(?:目录|指南|年报)?$"
    r"|公开方式|主题词|有效性|关闭|责任编辑|作者|^〔|^[^:]{1,8}:|密级|^特急|^\*+$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title without white space, the lines it stands on (none when it comes from the page), and its provenance."""

    text: str
    lines: tuple[int, ...]
    provenance: Provenance


def find_title(lines: Sequence[NumberedLine], page: Mapping[str, str]) -> Title | None:
    """The title of a report.

    Of several, the first that names a year and an office; else the page's own; else a short first line. None when the
    document begins with prose.
    """
    head = head_lines(lines)
    runs = groupby(head, key=lambda line: _is_title_like(line.text))
    titles = [_cut(block) for is_title, run in runs if is_title for block in _blocks([*run])]
    if titles:
        best = max(titles, key=_score)
        return _title(best, "title.lines")
    if page.get("标题", "").strip():
        text = squeeze(page["标题"])
        return Title(text=text, lines=(), provenance=provenance("title.page", text, source="page"))
    if len(lines) > 1 and head and head[0] == lines[0] and _is_title_like(head[0].text):
        return _title(head[:1], "title.first_line")
    return None


def _title(block: Sequence[NumberedLine], rule: str) -> Title:
    text = _BEHIND.sub("", "".join(squeeze(line.text) for line in block).strip("#"))
    if text.startswith("**") and text.endswith("**"):
        text = text[2:-2]
    numbers = tuple(line.number for line in block)
    return Title(text=text, lines=numbers, provenance=provenance(rule, text, numbers[0]))


def printed_title(title: str) -> str:
    """The title of what a notice prints (关于印发《…》的通知), else the title itself."""
    match = _PRINTED.search(title)
    return match[1] or match[2] if match else title


def head_lines(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines above the first heading and the first prose."""
    head = []
    for line in lines[:_MAX_LINES]:
        marker = find_marker(line.text)
        if "。" in line.text or (marker and marker.style <= Style.CN_PAREN) or len(line.text.strip()) > 2 * _MAX_LINE:
            break
        head.append(line)
    return head


def _is_title_like(text: str) -> bool:
    """Whether a line may belong to a title: no prose, chrome, number, date or salutation."""
    words = fold(squeeze(text)).strip("*#")
    found = find_date(words)
    is_date = bool(found and len(words) - (found[2] - found[1]) <= 4)  # noqa: PLR2004
    if not words or len(words) > _MAX_LINE or is_date or re.search(r"[。；！？;!?]|[，、：,:]$", words):
        return False
    return not (_CHROME.search(words) or DOC_NUMBER.search(words) or words.isascii())


def _blocks(run: Sequence[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """The titles in a run of lines: a new one begins behind a line that ends a title, unless the next goes on."""
    block: list[NumberedLine] = []
    for position, line in enumerate(run):
        block.append(line)
        following = fold(squeeze(run[position + 1].text)) if position + 1 < len(run) else ""
        is_end = bool(_ENDS.search(_BEHIND.sub("", fold(squeeze(line.text)).strip("*#"))))
        if is_end and not _GOES_ON.search(following):
            if _SUBJECT.search("".join(other.text for other in block)):
                yield block
            block = []


def _cut(block: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines of a block that belong to the title: from the last one up, without a letterhead that repeats in it."""
    kept: list[NumberedLine] = []
    for line in reversed(block):
        words, below = squeeze(line.text), "".join(squeeze(other.text) for other in kept)
        if kept and (words in below or not (_OFFICE.search(words) or _LEADS.search(words))):
            break
        kept.insert(0, line)
    return kept


def _score(block: Sequence[NumberedLine]) -> int:
    text = "".join(squeeze(line.text) for line in block)
    is_named = bool(re.search(r"[镇乡]|街道|苏木|政府|委员会|办事处", text))
    return 2 * bool(find_years(text)) + 2 * is_named - bool(_NOTICE.search(text))
