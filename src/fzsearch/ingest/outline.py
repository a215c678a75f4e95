"""Which sections does a report have?

Lines in, sections out, in document order; every character of the lines stands in exactly one section. A number counts
as a heading when it fits the numbering in use at that place; unnumbered headings and 一是 are looked for only where
numbers leave a section undivided. Sources: DESIGN §4, DOMAIN §3, MEASURED-reading §3.
"""

import re
from collections.abc import Iterator, Sequence

from fzsearch.ingest.headings import bare_words, heading_of, is_signature, shi_heading, stands_alone
from fzsearch.ingest.lines import NumberedLine
from fzsearch.ingest.numbering import Start, numbered_starts
from fzsearch.ingest.unnumbered import bare_starts, unnumbered_starts
from fzsearch.ingest.zones import appended, table_of_contents
from fzsearch.model import Part, Section

MAX_LEVEL = 3
CHUNK_CHARS = 2000
_SALUTATION = re.compile(r".{0,28}(?:委|政府|办|办公室|局|厅|会|组|院|领导|同志|单位|部门|代表)[：:]\s*")


def read_outline(lines: Sequence[NumberedLine], title_lines: Sequence[int] = ()) -> list[tuple[NumberedLine, Section]]:
    """Divide cleaned lines into sections; each comes with the line that it begins at.

    `title_lines` are the numbers of the lines of the title: headings come behind them. All sections have Part.OTHER;
    parts are given by `parts.assign_parts`. Without lines there are no sections.
    """
    texts = [line.text for line in lines]
    body = _body_start(lines, title_lines)
    starts = [start for zone in _zones(texts, body) for start in zone]
    if texts and not (starts and starts[0].index == 0):
        starts = [Start(0, 0), *starts]
    ends = [start.index for start in starts[1:]] + [len(texts)]
    next_levels = [start.level for start in starts[1:]] + [0]
    paths = _paths([start.level for start in starts])
    return [
        (lines[start.index], _section(start, texts[start.index : end], path, has_child=next_level > start.level))
        for start, end, next_level, path in zip(starts, ends, next_levels, paths, strict=False)
    ]


def _body_start(lines: Sequence[NumberedLine], title_lines: Sequence[int]) -> int:
    """Index of the first line behind title and table of contents; of lines cut out of one only the first is title."""
    last = max(title_lines, default=0)
    title_end = next((i + 1 for i, line in enumerate(lines) if line.number == last), 0)
    return max(title_end, table_of_contents([line.text for line in lines]).stop)


def _zones(texts: Sequence[str], body: int) -> Iterator[list[Start]]:
    """The sections of the report, then those of what is bound behind it: attachments stay whole, reports do not."""
    further = list(appended(texts, body))
    ends = [*(first for first, _ in further), len(texts)]
    yield _starts(texts[: ends[0]], body)
    for (first, is_report), stop in zip(further, ends[1:], strict=True):
        starts = _starts(texts[:stop], first + 1) if is_report else []
        yield [Start(first, 1, heading=bare_words(texts[first])), *starts]


def _starts(texts: Sequence[str], body: int) -> list[Start]:
    numbered = numbered_starts(texts, body)
    if numbered and not any(start.marker for start in numbered if start.level == 1):
        # titles of statutory parts without numbers: measures may stand above them, as bare as they
        numbered = [*bare_starts(texts, body, numbered[0].index, 1), *numbered]
    return list(_with_children(texts, numbered, len(texts))) or _unnumbered_starts(texts, body)


def _with_children(texts: Sequence[str], starts: Sequence[Start], end: int) -> Iterator[Start]:
    """The sections, and what divides those that have no section below them, down to the third level.

    `end` is the index behind the last line of the last section.
    """
    ends = [start.index for start in starts[1:]] + [end]
    levels = [start.level for start in starts[1:]] + [0]
    for start, stop, next_level in zip(starts, ends, levels, strict=False):
        yield start
        if next_level <= start.level < MAX_LEVEL:
            yield from _with_children(texts, unnumbered_starts(texts, start, stop), stop)


def _unnumbered_starts(texts: Sequence[str], body: int) -> list[Start]:
    """Sections of a document without numbers: unnumbered headings, else one section, else whole paragraphs.

    Whole paragraphs stand together up to about 2,000 characters (DESIGN §4).
    """
    bare = bare_starts(texts, body, len(texts), 1)
    if bare:
        return list(_with_children(texts, bare, len(texts)))
    if body < len(texts) - 1 and _SALUTATION.fullmatch(texts[body]):
        body += 1  # the salutation belongs to the front
    if body < len(texts) and sum(map(len, texts[body:])) <= CHUNK_CHARS:
        return list(_with_children(texts, [Start(body, 1)], len(texts)))
    return [Start(index, 1) for index in _chunks(texts, body)]


def _chunks(texts: Sequence[str], body: int) -> Iterator[int]:
    size = CHUNK_CHARS
    for index in range(body, len(texts)):
        if size + len(texts[index]) > CHUNK_CHARS:
            yield index
            size = 0
        size += len(texts[index])


def _paths(levels: Sequence[int]) -> Iterator[str]:
    counts: list[int] = []
    for level in levels:
        counts = [*counts[:level], *[0] * (level - len(counts))]
        if level:
            counts[-1] += 1
        yield "s" + (".".join(map(str, counts)) or "0")


def _section(start: Start, texts: Sequence[str], path: str, *, has_child: bool) -> Section:
    return Section(
        path=path,
        level=start.level,
        marker=start.marker.text if start.marker else None,
        heading=_heading(start, texts, has_child=has_child),
        part=Part.OTHER,
        text="\n".join(texts),
    )


def _heading(start: Start, texts: Sequence[str], *, has_child: bool) -> str | None:
    if start.marker is None:
        return start.heading
    body = [text for text in texts[1:] if not is_signature(text)]
    alone = has_child or bool(body) or start.level == 1
    words = texts[0][start.marker.end :]
    if start.is_shi:
        return shi_heading(words, alone=has_child or bool(body))
    if stands_alone(texts[0], start.marker) and body:
        words, alone = body[0], True  # the number stands on a line of its own
    return heading_of(re.sub(r"(?<!\*)\*\*(?!\*)", "", words), alone=alone)
