"""Which lines of a document are text, and where do they stand?

Removes what a converter left behind and blank lines; every other character stays as it is. Nothing is understood here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# What converters of .doc/.docx write in place of bookmarks and pictures; both may stand inside a sentence. The limit
# keeps a text of nothing but "[image:" from taking the square of its length.
ARTEFACT = re.compile(r"\[(?:bookmark|image):[^\]\n]{0,300}\]", re.IGNORECASE)

# No Chinese paragraph begins with these: the line continues the sentence before it (GB/T 15834-2011, 5.1).
_CONTINUES = re.compile(r"\s*[，。、；：！？）》〉」』】〕”’％…,;:!?)%]")


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of text with its 1-based number in the document."""

    number: int
    text: str


def clean_lines(lines: Sequence[str]) -> tuple[NumberedLine, ...]:
    """The lines that hold text, in order, without conversion artefacts.

    A line that begins with closing punctuation is joined to the line before it and keeps that line's number. Leading
    and trailing white space stays.

    >>> [line.text for line in clean_lines(["合格率100[image: a.png]", "", "。下一步", "[bookmark: x]"])]
    ['合格率100。下一步']
    """
    kept: list[tuple[int, list[str]]] = []
    for number, raw in enumerate(lines, start=1):
        text = ARTEFACT.sub("", raw)
        if not text.strip():
            continue
        if kept and _CONTINUES.match(text):
            kept[-1][1].append(text)
        else:
            kept.append((number, [text]))
    return tuple(NumberedLine(number, "".join(parts)) for number, parts in kept)
