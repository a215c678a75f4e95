"""Where do heading and paragraphs of a section stand in its text? Addresses count paragraphs by what is said here."""

from fzsearch.model import Section

_HEADING_ENDS = "。：:；;，,"
_MAX_MARKER_GAP = 4


def heading_end(section: Section) -> int:
    """How much of a section's text is its heading, with number and closing punctuation; 0 without heading."""
    if section.heading is None:
        return 0
    begin = section.text.find(section.heading)
    if not 0 <= begin <= len(section.marker or "") + _MAX_MARKER_GAP:  # written otherwise in the text: its first line
        return len(section.text.partition("\n")[0])
    end = begin + len(section.heading)
    return end + (section.text[end : end + 1] in tuple(_HEADING_ENDS))


def paragraph_spans(section: Section) -> tuple[tuple[int, int], ...]:
    """Start and end of each paragraph of a section's body in its text, in order; lines of white space are none.

    The n-th of them, from 1, is what `/r/<key>/<path>/p<n>` names. Empty where a section is a heading only.
    """
    found, start = [], heading_end(section)
    for line in section.text[start:].split("\n"):
        end = start + len(line)
        if line.strip():
            found.append((start, end))
        start = end + 1
    return tuple(found)


def paragraph_text(section: Section, number: int | None) -> str:
    """The paragraph of that number, from 1; the whole text of the section without one."""
    if number is None:
        return section.text
    start, end = paragraph_spans(section)[number - 1]
    return section.text[start:end]


def has_body(section: Section) -> bool:
    """Whether a section says more than its heading."""
    return bool(paragraph_spans(section))
