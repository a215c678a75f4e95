"""On which year does a report report?

Read from words that name a year, never derived from a date; the title outweighs everything else. Source: DOMAIN §4.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from fzsearch.ingest.found import Found, read_at
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.parts import part_of_heading
from fzsearch.ingest.title import Title
from fzsearch.model import Part, Section
from fzsearch.numerals import find_years

_QUOTED = re.compile(r"《[^》]{0,80}》")
# …暨2025年工作计划: a year to come, named beside the one reported on.
_AHEAD = re.compile(r"^[^，。]{0,16}?(?:计划|安排|打算|思路|要点|目标任务|部署)")
_BARE = re.compile(r"(?<!\d)(20\d\d)(?=法治|依法)")  # 甲镇2024法治政府建设报告
_REPORTED = re.compile(r"现将|(?:报告|汇报|总结|情况)如下")


def find_report_year(
    title: Title | None, front: Sequence[NumberedLine], sections: Sequence[tuple[NumberedLine, Section]]
) -> Found[int] | None:
    """The year that the title names, else the preamble, the first-level headings, the body; None when none decides.

    `front` are the lines before the first heading, `sections` all sections with their first lines.
    """
    if title:
        bare = _BARE.search(title.text)
        year = _one_year(title.text) or (int(bare[1]) if bare else None)
        if year:
            return read_at(year, "year.title", NumberedLine(title.provenance.line or 0, title.text))
    skipped = title.lines if title else ()
    preamble = [line for line in front if line.number not in skipped]
    done = list(_without_plans(sections))
    return _in_preamble(preamble) or _in_headings(done) or _in_body(done)


def _without_plans(sections: Sequence[tuple[NumberedLine, Section]]) -> Iterator[tuple[NumberedLine, Section]]:
    """The sections under first-level headings that name no plan: 2025年工作打算 is about another year."""
    is_kept = False
    for line, section in sections:
        if section.level == 1:
            is_kept = part_of_heading(section.heading or "") not in (Part.PLAN, Part.MIXED)
        if is_kept:
            yield line, section


def _one_year(text: str) -> int | None:
    """The one year that words are about, leaving out names of other documents and years that are only planned."""
    words = _QUOTED.sub(lambda quoted: "　" * len(quoted[0]), text)
    years = find_years(words)
    ends = [start for _, start, _ in years[1:]] + [len(words)]
    named = [year for year, _, _ in years]
    reported = [year for (year, _, end), stop in zip(years, ends, strict=False) if not _AHEAD.search(words[end:stop])]
    chosen = set(reported or named)
    return chosen.pop() if len(chosen) == 1 else None


def _in_preamble(preamble: Sequence[NumberedLine]) -> Found[int] | None:
    """现将我镇2024年…报告如下, else the year that the preamble opens with."""
    for line in preamble:
        for sentence in re.split(r"[。；]", line.text):
            match = _REPORTED.search(sentence)
            year = _one_year(sentence[match.start() :]) or _one_year(sentence) if match else None
            if year:
                return read_at(year, "year.preamble", line)
    for line in preamble:
        years = find_years(line.text[:20])
        if years and not line.text[: years[0][1]].strip("*#> \u3000"):
            return read_at(years[0][0], "year.opening", line)
    return None


def _in_headings(headings: Sequence[tuple[NumberedLine, Section]]) -> Found[int] | None:
    """The year that the headings of what was done agree on."""
    named: dict[int, NumberedLine] = {}
    for line, section in headings:
        year = _one_year(section.heading or "") if section.level == 1 else None
        if year:
            named.setdefault(year, line)
    if len(named) != 1:
        return None
    year, line = named.popitem()
    return read_at(year, "year.heading", line)


def _in_body(sections: Sequence[tuple[NumberedLine, Section]]) -> Found[int] | None:
    """The year that the sections name more than twice as often as any other, names of documents left out."""
    named = [(year, line) for line, section in sections for year, _, _ in find_years(_QUOTED.sub("", section.text))]
    counts = Counter(year for year, _ in named).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] <= 2 * counts[1][1]):
        return None
    return read_at(counts[0][0], "year.body", next(line for year, line in named if year == counts[0][0]))
