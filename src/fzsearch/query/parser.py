"""What did a person mean by what they typed? The query language, as a recursive descent parser.

    query   := group ( OR group )*
    group   := factor ( AND? factor )*
    factor  := NOT factor | "(" query ")" | FIELD ":" value | "quoted" | word

Full-width forms are accepted everywhere. Word operators (OR 或, AND 且, NOT 非) need white space on both sides, "|"
needs none, "-" stands before a term and after white space. Inside quotes nothing is an operator. Parentheses group
only where they hold several terms: 纲要（2021—2025年） is one word. What does not parse is searched as plain text,
with a note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fzsearch.errors import QueryError
from fzsearch.query.tree import And, Field, FieldName, Node, Not, Or, Term

MAX_CHARS = 500
MAX_TERMS = 40
MAX_DEPTH = 20

FIELDS = {
    "标题": FieldName.TITLE, "title": FieldName.TITLE,
    "年": FieldName.YEAR, "年度": FieldName.YEAR, "year": FieldName.YEAR,
    "镇": FieldName.TOWNSHIP, "乡": FieldName.TOWNSHIP, "乡镇": FieldName.TOWNSHIP, "街道": FieldName.TOWNSHIP,
    "township": FieldName.TOWNSHIP,
    "县": FieldName.COUNTY, "区": FieldName.COUNTY, "county": FieldName.COUNTY,
    "市": FieldName.CITY, "city": FieldName.CITY,
    "省": FieldName.PROVINCE, "province": FieldName.PROVINCE,
    "主题": FieldName.TOPIC, "topic": FieldName.TOPIC,
    "部分": FieldName.PART, "part": FieldName.PART,
    "文号": FieldName.DOC_NUMBER, "docno": FieldName.DOC_NUMBER, "doc_number": FieldName.DOC_NUMBER,
}  # fmt: skip
"""Field names as typed (Latin ones in any case) and what they look into."""

_WORD_OPERATORS = {
    "OR": "or", "ＯＲ": "or", "或": "or",
    "AND": "and", "ＡＮＤ": "and", "且": "and",
    "NOT": "not", "ＮＯＴ": "not", "非": "not",
}  # fmt: skip
_QUOTE_PAIRS = {"「": "」", "『": "』", "“": '”"＂“', "”": '”“"＂', '"': '"”“＂', "＂": '＂"”“', "〝": "〞〟"}
"""Opening marks, each with its own closing mark first, then those that are taken for it."""
_BOUNDARY = re.compile(r"$|[\s|｜)）“「『〝]")
_FIELD = re.compile(r"([A-Za-z_]+|[\u4e00-\u9fff]{1,2})[:：](?=[^\s:：])")
_WORD_END = re.compile(r"[\s|｜]")
_SYMBOLS = {"(": "(", "（": "(", ")": ")", "）": ")", "|": "or", "｜": "or"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """What was understood.

    Attributes:
        root: the typed tree (leaves Term and Field); None for an empty query.
        text: the input without white space at its ends.
        notes: friendly Chinese sentences about what was read otherwise than typed.
    """

    root: Node | None
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # term, quoted, field, or, and, not, (, )
    text: str = ""
    field: FieldName | None = None


class _PlainTextError(Exception):
    """The input does not parse; the message says why, in Chinese."""


def parse_query(text: str) -> ParsedQuery:
    """Read a query as typed.

    Raises:
        QueryError: more than 500 characters; everything else is searched, if need be as plain text.
    """
    text = text.strip()
    if len(text) > MAX_CHARS:
        raise QueryError(f"检索词有 {len(text)} 个字符，最多 {MAX_CHARS} 个；请截短，或分几次查")
    if not text:
        return ParsedQuery(root=None, text="")
    try:
        return ParsedQuery(root=_Parser(list(_tokens(text))).parse(), text=text)
    except _PlainTextError as problem:
        return ParsedQuery(root=Term(text), text=text, notes=(f"{problem}，已把整句当作普通文字查",))


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _next_token(text, at)
        yield token


def _next_token(text: str, at: int) -> tuple[_Token, int]:
    char = text[at]
    if char in _QUOTE_PAIRS:
        return _quoted(text, at)
    if char in "（(" and _is_text_parenthesis(text, at):
        return _word(text, at)
    if char in _SYMBOLS:
        return _Token(_SYMBOLS[char]), at + 1
    if char in "-－" and at + 1 < len(text) and not text[at + 1].isspace():
        return _Token("not"), at + 1
    field = _FIELD.match(text, at)
    if field and field[1].lower() in FIELDS:
        return _field(text, field)
    return _word(text, at)


def _quoted(text: str, at: int) -> tuple[_Token, int]:
    """The quoted string that begins at `at`."""
    end = _closing(text, at)
    if end < 0:
        raise _PlainTextError(f"引号 {text[at]} 没有配对")
    return _Token("quoted", text[at + 1 : end]), end + 1


def _closing(text: str, at: int) -> int:
    """Where the quote opened at `at` closes, or -1.

    A string cut from a report may hold quote marks itself, so a closing mark counts first where the input goes on with
    white space, an operator or another quotation; then the twin that an input method put there by mistake; then any.
    """
    pair = _QUOTE_PAIRS[text[at]]
    for closers, is_strict in ((pair[0], True), (pair, True), (pair, False)):
        depth = 1
        for index in range(at + 1, len(text)):
            if text[index] in closers:
                depth -= 1
                if depth <= 0 and (not is_strict or _BOUNDARY.match(text, index + 1)):
                    return index
            elif text[index] == text[at]:
                depth += 1
    return -1


def _is_text_parenthesis(text: str, at: int) -> bool:
    """Whether a parenthesis belongs to the text: it closes again before any white space, quote or operator."""
    inside = re.match(r"[（(][^\s|｜（()）“”\"＂「『]*[)）]", text[at:])
    return inside is not None and not re.match(r"[（(][-－]", inside[0]) and not _FIELD.search(inside[0])


def _field(text: str, match: re.Match[str]) -> tuple[_Token, int]:
    name = FIELDS[match[1].lower()]
    at = match.end()
    if text[at] in _QUOTE_PAIRS:
        value, at = _quoted(text, at)
    else:
        value, at = _word(text, at)
    if not value.text.strip():
        raise _PlainTextError(f"“{match[0]}”后面没有内容")
    return _Token("field", value.text, name), at


def _word(text: str, at: int) -> tuple[_Token, int]:
    """A run up to white space or "|"; a closing parenthesis that the run did not open ends it too."""
    end, depth = at, 0
    while end < len(text) and not _WORD_END.match(text, end):
        if text[end] in "(（":
            depth += 1
        elif text[end] in ")）":
            if depth == 0 and end > at:
                break
            depth -= 1
        elif end > at and text[end] in '“"＂「' and _closing(text, end) > 0:
            break
        end += 1
    word = text[at:end]
    return _Token(_WORD_OPERATORS.get(word, "term"), word), end


class _Parser:
    """Recursive descent over the tokens; every failure is a `_PlainTextError`."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        terms = sum(token.kind in {"term", "quoted", "field"} for token in self._tokens)
        if terms > MAX_TERMS:
            raise _PlainTextError(f"检索词有 {terms} 个，最多 {MAX_TERMS} 个")
        if terms == 1 and len(self._tokens) == 1 and self._tokens[0].kind == "term":
            return Term(self._tokens[0].text)
        if terms == 0:
            raise _PlainTextError("只有运算符，没有检索词")
        root = self._or()
        if self._at < len(self._tokens):
            raise _PlainTextError("右括号没有配对")
        return root

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _take(self) -> _Token:
        if self._at >= len(self._tokens):
            raise _PlainTextError("运算符后面没有检索词")
        self._at += 1
        return self._tokens[self._at - 1]

    def _or(self) -> Node:
        children = [self._and()]
        while self._peek() == "or":
            self._take()
            children.append(self._and())
        return children[0] if len(children) == 1 else Or(tuple(children))

    def _and(self) -> Node:
        children = [self._factor()]
        while self._peek() not in {"", "or", ")"}:
            if self._peek() == "and":
                self._take()
            children.append(self._factor())
        return children[0] if len(children) == 1 else And(tuple(children))

    def _factor(self) -> Node:
        token = self._take()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _PlainTextError(f"括号和“非”套了 {MAX_DEPTH} 层以上")
        node = self._node(token)
        self._depth -= 1
        return node

    def _node(self, token: _Token) -> Node:
        if token.kind == "not":
            return Not(self._factor())
        if token.kind == "(":
            node = self._or()
            if self._take_or_none() != ")":
                raise _PlainTextError("左括号没有配对")
            return node
        if token.field is not None:
            return Field(token.field, token.text)
        if token.kind in {"term", "quoted"}:
            return Term(token.text, quoted=token.kind == "quoted")
        raise _PlainTextError("运算符前后要有检索词" if token.kind != ")" else "右括号没有配对")

    def _take_or_none(self) -> str:
        return self._take().kind if self._at < len(self._tokens) else ""
