"""How is a permanent address written, and which parts has it? Tolerant in reading, one way of writing (DESIGN §5)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

HASH_DIGITS = 8
FORMS = ("json", "md", "txt")
"""Representations that an address can end in."""

SECTION_PATH = re.compile(r"(?P<section>s\d{1,6}(?:\.\d{1,6})*)(?:/p(?P<number>\d{1,6}))?", re.ASCII)
_FORM = re.compile(rf"(?P<rest>.*)\.(?P<form>{'|'.join(FORMS)})", re.IGNORECASE | re.DOTALL)
_HASH = re.compile(r"(?P<rest>.*)@(?P<hash>[0-9a-f]{8,64})", re.IGNORECASE | re.DOTALL | re.ASCII)
_KEY_DIGITS = re.compile(r"(?:~|^doc-)[0-9a-f]+$", re.IGNORECASE | re.ASCII)
_SENTENCE_ENDS = " \t\r\n/。，、；：！？）)］]】》>”’\"'"
"""What an address copied out of a sentence takes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A permanent address taken apart.

    Attributes:
        path: "" for a whole report, else a section or paragraph: "s2.4", "s2.4/p1"; as it came where it is neither.
        hash: 8 lower-case hex digits, None where the address names no text.
        form: one of `FORMS`, "" for a page.
    """

    key: str
    path: str = ""
    hash: str | None = None
    form: str = ""

    def __str__(self) -> str:
        """The address as it is written after /r/, without its form."""
        path = f"/{self.path}" if self.path else ""
        return f"{self.key}{path}" + (f"@{self.hash}" if self.hash else "")


def parse_address(written: str) -> Address:
    """The address in what stands after /r/; any string is one, though it may lead nowhere.

    >>> parse_address("枫林镇-2024~AB12/S2.4/p1@1A2B3C4D.md/")
    Address(key='枫林镇-2024~ab12', path='s2.4/p1', hash='1a2b3c4d', form='md')
    """
    rest = (unquote(written) if "%" in written else written).strip(_SENTENCE_ENDS)
    rest, form = _cut(_FORM, rest, "form")
    rest, text_hash = _cut(_HASH, rest, "hash")
    if not form:  # written as s2.4.md@1a2b3c4d
        rest, form = _cut(_FORM, rest, "form")
    key, _, path = rest.partition("/")
    lowered = path.lower().strip("/")
    return Address(
        key=_KEY_DIGITS.sub(lambda found: found[0].lower(), key),
        path=lowered if SECTION_PATH.fullmatch(lowered) else path,
        hash=text_hash[:HASH_DIGITS] or None,
        form=form,
    )


def _cut(pattern: re.Pattern[str], text: str, name: str) -> tuple[str, str]:
    found = pattern.fullmatch(text)
    return (found["rest"], found[name].lower()) if found else (text, "")
