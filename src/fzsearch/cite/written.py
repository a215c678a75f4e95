"""How is a reference written for people? GB/T 7714 of 2025 and 2015, 公文式, a link in Markdown or plain text.

GB/T 7714—2025 《信息与文献 参考文献著录规则》, in force 2026-07-01, replaces the edition of 2015. Of both only the
report ([R], §8.8 of 2025, A.3 of 2015) and the electronic notice ([EB]) are needed. In Chinese references that of 2025
writes the comma between authors and the colon before a number full width, gives the date of a report in full
without brackets, and leaves out the day of access where there is one.

What is missing is left out, as both allow in the numeric system (an unnamed author: the title comes first), and nothing
is estimated: a date that the report does not state is not written.
"""

import re

from fzsearch.cite.reference import Reference

_MARKDOWN_SPECIAL = re.compile(r"([\\\[\]*_`<>|~])")


def gbt2025(source: Reference) -> str:
    """A reference after GB/T 7714—2025, with a full stop at its end.

    >>> from datetime import date
    >>> gbt2025(Reference(key="k", authors=("甲镇人民政府",), title="甲镇报告", number=None, issued=date(2025, 1, 20),
    ...     source_url="http://a.example/1", accessed=date(2026, 3, 1), link="/r/k"))
    '甲镇人民政府. 甲镇报告[R/OL]. 2025-01-20. http://a.example/1.'
    """
    number = f"：{source.number}" if source.number else ""
    issued = source.issued.isoformat() if source.issued else ""
    if source.is_notice:
        dates = (f"（{issued}）" if issued else "") + f"[{source.accessed}]"
    elif source.source_url and not issued:
        dates = f"[{source.accessed}]"
    else:
        dates = issued
    return _parts("，".join(source.authors), f"{source.title}{number}[{_mark(source)}]", dates, source.source_url)


def gbt2015(source: Reference) -> str:
    """A reference after GB/T 7714—2015; without an address the date of a report is its year.

    >>> from datetime import date
    >>> gbt2015(Reference(key="k", authors=("甲镇委", "甲镇政府"), title="甲镇报告", number="甲发〔2025〕3号",
    ...     issued=date(2025, 1, 20), source_url=None, accessed=date(2026, 3, 1), link="/r/k"))
    '甲镇委, 甲镇政府. 甲镇报告: 甲发〔2025〕3号[R]. 2025.'
    """
    number = f": {source.number}" if source.number else ""
    issued = source.issued
    if source.source_url:
        dates = (f"({issued})" if issued else "") + f"[{source.accessed}]"
    else:
        dates = str(issued.year) if issued else ""
    return _parts(", ".join(source.authors), f"{source.title}{number}[{_mark(source)}]", dates, source.source_url)


def _mark(source: Reference) -> str:
    return ("EB" if source.is_notice else "R") + ("/OL" if source.source_url else "")


def _parts(*parts: str | None) -> str:
    """Areas of a reference, each closed by a full stop; what is empty is left out."""
    return ". ".join(part for part in parts if part) + "."


def gongwen(source: Reference) -> str:
    """The way of official documents: 《标题》（文号）, and the section in quotation marks.

    Source: 《党政机关公文处理工作条例》 (中办发〔2012〕14号): title first, then the document number.
    """
    cited = f"《{_inner_title(source.title)}》" + (f"（{source.number}）" if source.number else "")
    return f"{cited}“{source.section}”部分" if source.section else cited


def _inner_title(title: str) -> str:
    """Title marks within title marks are single ones (GB/T 15834—2011 §4.15)."""
    return title.replace("《", "〈").replace("》", "〉")


def markdown(source: Reference) -> str:
    """A link in Markdown."""
    return f"[{_MARKDOWN_SPECIAL.sub(_escape, gongwen(source))}](<{source.link}>)"


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


def plain(source: Reference) -> str:
    """Words and the address behind them."""
    return f"{gongwen(source)}，{source.link}"
