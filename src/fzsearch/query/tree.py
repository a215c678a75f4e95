"""What does a query ask, engine-neutral?

Two kinds of leaves: those a person typed (`Term`, `Field`), made by the parser, and those an engine answers (`Literal`,
`Words`, `FieldHas`, `FacetIs`), made by `service.compile`. The inner nodes are shared.

Meaning of an engine tree: every node stands for two sets of sections, the *literal* one inside the *loose* one.

    Literal   loose = literal = sections whose normalised text contains `norm`
    Words     literal as above; loose adds sections that hold all words, and sections whose report title or place
              contains `norm`. With `any_word` it is enough to contain two successive characters of a word, or a word
              of one character: 环境噪声 is asked for, 噪声污染 answers
    FieldHas, FacetIs   loose = literal
    And, Or   intersection, union, of both kinds
    Not       both are the complement of the child's *literal* set: 调解 -信访 leaves out what contains 信访
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Facet(StrEnum):
    """What hits are counted and filtered by; the values are the names in commands, URLs and JSON."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    YEAR = "year"
    TOPIC = "topic"
    PART = "part"


FACET_LABELS = {
    Facet.PROVINCE: "省",
    Facet.CITY: "市",
    Facet.COUNTY: "县",
    Facet.TOWNSHIP: "乡镇",
    Facet.YEAR: "年度",
    Facet.TOPIC: "主题",
    Facet.PART: "部分",
}


class FieldName(StrEnum):
    """What a field of the query language looks into."""

    TITLE = "title"
    YEAR = "year"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    TOPIC = "topic"
    PART = "part"
    DOC_NUMBER = "doc_number"


@dataclass(frozen=True, slots=True)
class Term:
    """A string as typed; `quoted` ones match exactly."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its value as typed: 年:2024."""

    name: FieldName
    value: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Sections whose normalised text contains `norm`; the empty string stands in all."""

    norm: str


@dataclass(frozen=True, slots=True)
class Words:
    """An unquoted term: its normalised text and its words, without repetition.

    `weak` words (什么, 的) count for the score, but holding one makes no section a hit.
    """

    norm: str
    words: tuple[str, ...]
    any_word: bool = False
    weak: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What is enough to hold with `any_word`: two successive characters of a word, or a word of one character."""
        pairs = (word[at : at + 2] for word in self.words for at in range(max(1, len(word) - 1)))
        return tuple(dict.fromkeys(pairs))


@dataclass(frozen=True, slots=True)
class FieldHas:
    """Sections whose field contains `norm`: TITLE looks into report title and heading, DOC_NUMBER into one number."""

    field: FieldName
    norm: str


@dataclass(frozen=True, slots=True)
class FacetIs:
    """Sections with one of these facet values."""

    facet: Facet
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All children; not empty."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any child; not empty."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the child does not match literally."""

    child: "Node"


Node = Term | Field | Literal | Words | FieldHas | FacetIs | And | Or | Not


def asked_leaves(node: Node | None) -> Iterator[Node]:
    """The leaves that a hit should hold, in order, with repetition; nothing below Not."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from asked_leaves(child)
    elif node is not None and not isinstance(node, Not):
        yield node
