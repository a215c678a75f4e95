"""What is known of a report, and how? Its metadata with the source of each value, and its five statutory contents."""

from collections.abc import Sequence
from dataclasses import dataclass

from fzsearch.figures import check_figures
from fzsearch.model import STATUTORY_PARTS, Content, Figure, IndexedReport, Part, Place, Provenance, Scope

SOURCE_LABELS = {"text": "正文", "page": "网页信息栏", "file": "文件名", "list": "名录", "sidecar": "人工更正"}

_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaRow:
    """One value with where it was read; `value` None where the text does not say, `note` what is not settled."""

    label: str
    value: str | None
    sources: tuple[tuple[str, Provenance], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRow:
    """A statutory content, and what shows that the report holds it; None where nothing was found."""

    label: str
    content: Content | None

    @property
    def source(self) -> str:
        """What shows it, in a word."""
        return "标题" if self.content and self.content.rule == "heading" else "文中一句"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A figure as the page of its report lists it; `path` is the section to look it up in."""

    label: str
    amount: str
    note: str
    path: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFacts:
    """The figures of a report, those with an indicator first, and what does not agree among them."""

    compared: tuple[FigureRow, ...]
    others: tuple[FigureRow, ...]
    findings: tuple[tuple[str, str], ...]


def figure_facts(figures: Sequence[Figure]) -> FigureFacts:
    """The figures of a report, in the order of its text; findings come with the section of their first figure."""
    return FigureFacts(
        compared=tuple(_figure_row(one) for one in figures if one.indicator),
        others=tuple(_figure_row(one) for one in figures if not one.indicator),
        findings=tuple((one.text, figures[one.figures[0]].section) for one in check_figures(figures)),
    )


def _figure_row(figure: Figure) -> FigureRow:
    scope = {Scope.VILLAGE: "村级", Scope.PART: "其中", Scope.WHOLE: ""}[figure.scope]
    return FigureRow(
        label=figure.label,
        amount=amount_text(figure),
        note=scope,
        path=figure.section,
        sentence=figure.sentence,
    )


def amount_text(figure: Figure) -> str:
    """Number, unit and what makes it approximate, in the usual order: 1500余册, 95%以上, 近200件."""
    number = f"{figure.value:.10g}"
    if figure.approx in {"余", "多", "几", "来"} or figure.approx.startswith("至"):
        return f"{number}{figure.approx}{figure.unit}"
    behind = figure.approx in {"以上", "以下", "左右", "上下", "有余", "之多"}
    return f"{number}{figure.unit}{figure.approx}" if behind else f"{figure.approx}{number}{figure.unit}"


def meta_rows(record: IndexedReport) -> tuple[MetaRow, ...]:
    """What is known of a report, value by value; what reports seldom state only where it is there."""
    report, place = record.report, record.report.place
    unsettled = "未定" if place.is_ambiguous else ""
    values = (
        ("年度", "year", str(report.year) if report.year else None, "" if report.year else "未定"),
        ("报告主体", "level", report.level.label, ""),
        ("省", "place.province", place.province, unsettled),
        ("市", "place.city", place.city, unsettled),
        ("县", "place.county", place.county, unsettled),
        ("乡镇", "place.township", place.township, ""),
        ("区划代码", "place.code", place.code, unsettled),
        ("发文机关", "issuers", "、".join(report.issuers) or None, ""),
        ("发文字号", "doc_number", report.doc_number, ""),
        ("成文日期", "issued", report.issued.isoformat() if report.issued else None, ""),
        ("签发人", "signer", report.signer, ""),
        ("标题", "title", report.title, ""),
        ("来源网址", "source_url", report.source_url, ""),
    )
    return tuple(
        MetaRow(label=label, value=value, sources=_sources(report.provenance, name), note=note if not value else "")
        for label, name, value, note in values
        if value or name not in {"signer", "source_url"}
    )


def _sources(provenance: Sequence[Provenance], name: str) -> tuple[tuple[str, Provenance], ...]:
    return tuple((_source_label(one), one) for one in provenance if one.field == name)


def _source_label(one: Provenance) -> str:
    label = SOURCE_LABELS.get(one.source, one.source)
    return f"{label}，第 {one.line} 行" if one.line else label


def doubt(place: Place) -> str:
    """What is not settled about a place that has candidates, in a sentence that says enough by itself; else ""."""
    if not place.is_ambiguous:
        return ""
    name, where = place.township or place.county or "", [_above(one, place) for one in place.candidates]
    if len(set(where)) == len(where) <= _FEW:
        return f"{_what(place)}未定：{'，或'.join(where)}。“{name}”不止一个，文中证据不足以确定是哪一个"
    return f"{_what(place)}未定：“{name}”有 {len(where)} 处候选，文中证据不足以确定是哪一处"


def _what(place: Place) -> str:
    return "县" if place.township else "地方"


def _above(candidate: Place, place: Place) -> str:
    """The names of a candidate that tell it from others: the two above the township, or all of a county."""
    names = [name for name in candidate.names if name != place.township]
    return "".join(names[-2:])


def evidence(provenance: Sequence[Provenance]) -> tuple[tuple[str, Provenance], ...]:
    """What was read about the place, with where; the words say which candidates it excluded."""
    return tuple((_source_label(one), one) for one in provenance if one.field.startswith("place."))


def content_rows(contents: Sequence[Content]) -> tuple[ContentRow, ...]:
    """Each of the five contents, whether there or not."""
    found = {content.part: content for content in contents}
    return tuple(
        ContentRow(label="其他情况" if part is Part.OTHER else part.label, content=found.get(part))
        for part in STATUTORY_PARTS
    )
