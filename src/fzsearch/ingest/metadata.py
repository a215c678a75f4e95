"""Who issued a report, when, under which number, and on which year does it report?

Each value comes with its provenance; None means that the document does not say. Nothing is derived from a date, and
nothing is read from templates (20xx年, x镇). Source: DOMAIN §4, MEASURED-reading §5.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from fzsearch.ingest.found import Found, read_at
from fzsearch.ingest.issuers import is_formal, offices_in_line, offices_in_title
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.title import DOC_NUMBER, Title, head_lines
from fzsearch.numerals import find_date, fold, squeeze

_SIGN_OFF_LINES = 14
_MAX_OFFICE_LINES = 4
_MAX_SHORT_LINE = 60

# Keys of a page's metadata block by the value they give (DOMAIN §4). The day of publication is not the day of issue.
_NUMBER_KEYS = ("发文字号", "文号", "发文文号", "公文文号", "文件编号", "文件字号")
_NUMBER_KEY = re.compile("^(?:" + "|".join(_NUMBER_KEYS) + ")")
_DATE_KEYS = ("成文日期", "成文时间", "发文日期", "印发日期", "生成日期", "制发日期")
_ISSUER_KEYS = ("发文机关", "制发机关", "发文单位", "制发单位", "发布机构", "发布机关", "信息发布机构")
# Keys of a block may have spaces inside (文 号) or stand in brackets; a value ends before the next key of the line.
_BLOCK_ENTRY = re.compile(
    r"(?:^|[\s\[【•·|])("
    + "|".join(r"\s*".join(key) for key in (*_NUMBER_KEYS, *_DATE_KEYS, *_ISSUER_KEYS))
    + r")\s*[\]】]?\s*[:：]?[ \u3000|]*(.*?)(?=\s*[\[【|]|[ \u3000]+[\u4e00-\u9fff\u3000 ]{2,8}[:：]|\s{2,}|\s*$)"
)

_SIGNER = re.compile(r"签\s*发\s*人?\s*:\s*(.*)$")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}")
_NO_NAME = re.compile(r"某|^[无空]$|签发")


def read_metadata(lines: Sequence[NumberedLine], title: Title | None, page: Mapping[str, str]) -> list[Found[Any]]:
    """What a report says about itself, apart from title, year and place; its fields stand in the provenance.

    `page` is the metadata block of a saved page; where a text file holds such a block as lines, those are read.
    """
    head = head_lines(lines)
    in_page = [(squeeze(key), NumberedLine(0, value)) for key, value in page.items()]
    block = [*in_page, *_block_entries(head)]
    number = _doc_number(head) or _number_in_block(block)
    sign_off = _sign_off_date(lines[len(head) :] or lines)
    issued = sign_off or _date_in_block(block) or _date_in_head(head)
    issuers = _issuers(lines, title, sign_off, block)
    signer = _signer(head) or _signer_in_page(page)
    url = page.get("url", "").strip()
    source = read_at(url, "source_url.page", NumberedLine(0, url)) if url else None
    return [found for found in (number, issued, issuers, signer, source) if found]


def _block_entries(head: Sequence[NumberedLine]) -> Iterator[tuple[str, NumberedLine]]:
    """Keys and values that stand as lines of a text: 成文日期：…, or the key on one line and the value on the next."""
    for position, line in enumerate(head):
        for match in _BLOCK_ENTRY.finditer(line.text):
            is_next = not match[2] and position + 1 < len(head)
            value = head[position + 1] if is_next else NumberedLine(line.number, match[2])
            yield squeeze(match[1]), value


def _entries(block: Sequence[tuple[str, NumberedLine]], keys: Sequence[str]) -> Iterator[NumberedLine]:
    """The values of a block for some keys, the first key first."""
    return (line for wanted in keys for key, line in block if key == wanted)


def _doc_number(head: Sequence[NumberedLine]) -> Found[str] | None:
    """The number of the letterhead: on a line that holds nothing else but the signer."""
    for line in head:
        folded = fold(line.text)
        match = DOC_NUMBER.search(folded)
        if not match:
            continue
        rest = _SIGNER.sub("", folded[: match.start()] + folded[match.end() :])
        if not re.sub(r"[\s()〔〕\[\]:]|签发人|发文字号|文号", "", rest):
            number = _NUMBER_KEY.sub("", squeeze(line.text[match.start() : match.end()]))
            return read_at(number, "doc_number.letterhead", line)
    return None


def _number_in_block(block: Sequence[tuple[str, NumberedLine]]) -> Found[str] | None:
    for line in _entries(block, _NUMBER_KEYS):
        value = squeeze(line.text)
        if DOC_NUMBER.fullmatch(fold(value)):
            return read_at(value, "doc_number.block", line)
    return None


def _sign_off_date(lines: Sequence[NumberedLine]) -> Found[date] | None:
    """The last line near the end that is a date, offices may stand before it."""
    for line in reversed(lines[-_SIGN_OFF_LINES:]):
        found = find_date(line.text)
        if not found or len(line.text.strip()) > _MAX_SHORT_LINE:
            continue
        before, after = line.text[: found[1]].strip(), line.text[found[2] :].strip("）) \u3000。印发*")
        if not after and (not before.strip("（(*") or offices_in_line(before)):
            return read_at(found[0], "issued.sign_off", line)
    return None


def _date_in_head(head: Sequence[NumberedLine]) -> Found[date] | None:
    """A date in words that stands alone below the title; one in figures (2025-02-10) is that of a page."""
    for line in head:
        found = find_date(line.text)
        if found and "年" in line.text and not (line.text[: found[1]] + line.text[found[2] :]).strip("（）() \u3000"):
            return read_at(found[0], "issued.head", line)
    return None


def _date_in_block(block: Sequence[tuple[str, NumberedLine]]) -> Found[date] | None:
    for line in _entries(block, _DATE_KEYS):
        found = find_date(line.text)
        if found:
            return read_at(found[0], "issued.block", line)
    return None


def _issuers(
    lines: Sequence[NumberedLine],
    title: Title | None,
    issued: Found[date] | None,
    block: Sequence[tuple[str, NumberedLine]],
) -> Found[tuple[str, ...]] | None:
    """The offices of the title, else of the sign-off, else of the page, else the bare township of the title."""
    in_title = offices_in_title(title.text) if title else ()
    title_line = NumberedLine(title.provenance.line or 0, title.text) if title else NumberedLine(0, "")
    if any(is_formal(office) for office in in_title):
        return read_at(in_title, "issuers.title", title_line)
    signed = _signed_offices(lines, issued)
    if signed:
        return signed
    for line in _entries(block, _ISSUER_KEYS):
        offices = offices_in_line(line.text)
        if offices:
            return read_at(offices, "issuers.block", line)
    return read_at(in_title, "issuers.township", title_line) if in_title else None


def _signed_offices(lines: Sequence[NumberedLine], issued: Found[date] | None) -> Found[tuple[str, ...]] | None:
    """The offices above the date of the sign-off, or on its line; without a date, the last lines."""
    number = issued.provenance.line if issued and issued.provenance.rule == "issued.sign_off" else None
    end = next((index for index, line in enumerate(lines) if line.number == number), len(lines))
    offices: list[str] = []
    first: NumberedLine | None = None
    if end < len(lines):
        found = find_date(lines[end].text)
        offices = list(offices_in_line(lines[end].text[: found[1]])) if found else []
        first = lines[end] if offices else None
    for line in reversed(lines[max(0, end - _MAX_OFFICE_LINES) : end]):
        named = offices_in_line(line.text) if len(line.text.strip()) <= _MAX_SHORT_LINE else ()
        if not named:
            break
        offices, first = [*named, *offices], line
    return read_at(tuple(dict.fromkeys(offices)), "issuers.sign_off", first) if first else None


def _signer(head: Sequence[NumberedLine]) -> Found[str] | None:
    """签发人：谭 华 is one name, 签发人：张三 李四 are two."""
    for line in head:
        match = _SIGNER.search(fold(line.text))
        name = _name(match[1]) if match else None
        if name:
            return read_at(name, "signer.letterhead", line)
    return None


def _signer_in_page(page: Mapping[str, str]) -> Found[str] | None:
    name = _name(page.get("签发人", ""))
    return read_at(name, "signer.page", NumberedLine(0, page["签发人"])) if name else None


def _name(text: str) -> str | None:
    words = text.split()
    spaced = any(len(word) == 1 for word in words)
    name = "".join(words) if spaced else "、".join(words)
    is_name = all(_NAME.fullmatch(part) and not _NO_NAME.search(part) for part in name.split("、"))
    return name if name and is_name else None
