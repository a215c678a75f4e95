"""Which conditions hold, and how is each dropped? The constraint bar that reads as logic: 且 between, 或 inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.query import FACET_LABELS, And, Facet, Field, FieldName, Node, Not, Or, Term, parse_query
from fzsearch.service.asking import SearchRequest
from fzsearch.service.compile import Match
from fzsearch.web.charts import value_label
from fzsearch.web.hits import Link
from fzsearch.web.params import search_url, with_text, with_values

FIELD_LABELS = {
    FieldName.TITLE: "标题",
    FieldName.YEAR: "年",
    FieldName.TOWNSHIP: "镇",
    FieldName.COUNTY: "县",
    FieldName.CITY: "市",
    FieldName.PROVINCE: "省",
    FieldName.TOPIC: "主题",
    FieldName.PART: "部分",
    FieldName.DOC_NUMBER: "文号",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Things asked for of which any may hold, each with the address of the search without it.

    `label` names the facet, "" for words of the query.
    """

    label: str
    chips: tuple[Link, ...]


def conditions(request: SearchRequest) -> tuple[Condition, ...]:
    """All conditions of a request; every one of them must hold."""
    chosen = (
        Condition(
            FACET_LABELS[facet],
            tuple(Link(value_label(facet, value), _without_value(request, facet, value)) for value in values),
        )
        for facet, values in request.filters.items()
        if values
    )
    return (*_of_text(request), *chosen)


def _without_value(request: SearchRequest, facet: Facet, value: str) -> str:
    return search_url(with_values(request, facet, [v for v in request.filters[facet] if v != value]))


def _of_text(request: SearchRequest) -> tuple[Condition, ...]:
    root = parse_query(request.text).root
    if root is None:
        return ()
    groups = _groups(root, request.match)
    whole = (Condition("", (Link(request.text.strip(), search_url(with_text(request, ""))),)),)
    if sum(map(len, groups)) == 1:
        return whole
    found = []
    for number, group in enumerate(groups):
        texts = [_text_without(groups, number, place, request.match) for place in range(len(group))]
        chips = [
            Link(query_text(node), search_url(with_text(request, text)))
            for node, text in zip(group, texts, strict=True)
            if text is not None
        ]
        if len(chips) < len(group):  # not every part can be taken out of what was typed
            return whole
        found.append(Condition("", tuple(chips)))
    return tuple(found)


def _groups(root: Node, match: Match) -> list[tuple[Node, ...]]:
    """What must hold, each as its alternatives; `match` any makes the terms alternatives."""
    factors = root.children if isinstance(root, And) else (root,)
    if match is Match.ANY and isinstance(root, And):
        terms = tuple(node for node in factors if not isinstance(node, Not | Field))
        rest = [(node,) for node in factors if isinstance(node, Not | Field)]
        return [terms, *rest] if terms else list(rest)
    return [node.children if isinstance(node, Or) else (node,) for node in factors]


def _text_without(groups: Sequence[tuple[Node, ...]], number: int, place: int, match: Match) -> str | None:
    """The query with one alternative taken out; None where what is written does not read back as that."""
    left = [
        tuple(node for at, node in enumerate(group) if (index, at) != (number, place))
        for index, group in enumerate(groups)
    ]
    if match is Match.ANY:  # one list of terms again
        factors = tuple(node for group in left for node in group)
    else:
        factors = tuple(group[0] if len(group) == 1 else Or(group) for group in left if group)
    wanted = factors[0] if len(factors) == 1 else And(factors)
    text = query_text(wanted) if len(factors) > 1 else _bare(wanted)
    return text if parse_query(text).root == wanted else None


def _bare(node: Node) -> str:
    return query_text(node).removeprefix("(").removesuffix(")") if isinstance(node, Or) else query_text(node)


def query_text(node: Node) -> str:
    """A typed tree as a person would type it.

    >>> query_text(And((Term("调解"), Not(Term("信访")), Or((Term("送法"), Term("普法", quoted=True))))))
    '调解 -信访 (送法 或 “普法”)'
    """
    match node:
        case Term(text, quoted):
            return f"“{text}”" if quoted else text
        case Field(name, value):
            return f"{FIELD_LABELS[name]}:{quoted_value(value)}"
        case Not(child):
            return f"-({query_text(child)})" if isinstance(child, And) else f"-{query_text(child)}"
        case And(children):
            return " ".join(f"({query_text(one)})" if isinstance(one, And) else query_text(one) for one in children)
        case Or(children):
            return f"({' 或 '.join(map(query_text, children))})"
        case _:
            return ""


def quoted_value(value: str) -> str:
    """A value of a field as it is typed: quoted where it would end too early."""
    return f"“{value}”" if any(map(str.isspace, value)) else value
