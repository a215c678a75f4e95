"""What was read of a report, and where does it stand?"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from fzsearch.ingest.lines import NumberedLine
from fzsearch.model import Provenance

Value = TypeVar("Value")

TEXT_LIMIT = 80
"""Characters of Provenance.text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Value]):
    """A value and where it was read."""

    value: Value
    provenance: Provenance


def read_at(value: Value, rule: str, line: NumberedLine) -> Found[Value]:
    """A value that was read from a line; line 0 stands for the metadata block of a saved page."""
    source = "text" if line.number else "page"
    return Found(value=value, provenance=provenance(rule, line.text.strip(), line.number or None, source))


def provenance(rule: str, text: str, line: int | None = None, source: str = "text", field: str = "") -> Provenance:
    """Where a value was read, the text cut; a rule is named after its field, unless that is given."""
    field = field or rule.partition(".")[0]
    return Provenance(field=field, rule=rule, source=source, line=line, text=text[:TEXT_LIMIT])
