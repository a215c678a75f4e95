"""What is known of a report, and how? Metadata with the source of each value, the five statutory contents, figures."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from fzsearch.figures import check, indicators
from fzsearch.model import STATUTORY_PARTS, Content, Figure, IndexedReport, Part, Place, Provenance

SOURCE_LABELS = {"text": "正文", "page": "网页信息栏", "file": "文件名", "list": "名录", "sidecar": "人工更正"}

_FEW = 3


def figures_of(record: IndexedReport) -> SimpleNamespace:
    """The figures of a report in the order of the text."""
    names = {one.id: one.name for one in indicators()}
    texts = {section.path: section.text for section in record.report.sections}
    rows = [_figure_row(one, names, texts) for one in record.report.figures]
    return SimpleNamespace(
        named=tuple(row for row in rows if row.name),
        others=tuple(row for row in rows if not row.name),
        findings=tuple((one.message, one.sections) for one in check(record.report.figures)),
    )


def _figure_row(figure: Figure, names: Mapping[str, str], texts: Mapping[str, str]) -> SimpleNamespace:
    """What a figure counts, the quantity as it stands, the section it links to; `name` is its indicator or ""."""
    amount = texts[figure.section][figure.start : figure.end]
    behind = texts[figure.section].startswith(figure.approx, figure.end)
    return SimpleNamespace(
        name=names.get(figure.indicator or "", ""),
        label=figure.label,
        amount=amount + figure.approx if behind else amount,
        path=figure.section,
    )


def meta_rows(record: IndexedReport) -> tuple[SimpleNamespace, ...]:
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
        SimpleNamespace(
            label=label, value=value, sources=_sources(report.provenance, name), note=note if not value else ""
        )
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


def content_rows(contents: Sequence[Content]) -> tuple[SimpleNamespace, ...]:
    """Each of the five contents, whether there or not."""
    found = {content.part: content for content in contents}
    return tuple(
        SimpleNamespace(label="其他情况" if part is Part.OTHER else part.label, content=found.get(part))
        for part in STATUTORY_PARTS
    )
