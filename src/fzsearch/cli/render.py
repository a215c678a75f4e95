"""How do answers look in a terminal and as Markdown?"""

from collections.abc import Sequence

from fzsearch.cli.scores import FORMULA, score_lines
from fzsearch.figures import check
from fzsearch.model import STATUTORY_PARTS, Place, Provenance, Report, Section
from fzsearch.query import Counts
from fzsearch.service import (
    Diagnosis,
    IndexSummary,
    Passage,
    SearchPage,
    Share,
    ShareSummary,
    explanation_notes,
    unsettled_fields,
)
from fzsearch.service.markdown import display_title, escape_markdown, quotation_markdown
from fzsearch.service.tables import filters_text

_POOR = "读出了、但文字不多或不可靠的文件"


def counts_text(counts: Counts) -> str:
    """The three numbers of a total."""
    return f"{counts.townships} 个乡镇 · {counts.reports} 份报告 · {counts.sections} 段"


def place_text(place: Place) -> str:
    """A place as words; says so where it is not settled."""
    names = " ".join(place.names) or "地方未知"
    return f"{names}（{len(place.candidates)} 处候选，未定）" if place.is_ambiguous else names


def search_text(page: SearchPage) -> str:
    """Hits for a terminal."""
    lines = [f"逐字命中 {counts_text(page.exact)}", f"全部命中 {counts_text(page.total)}（{page.took_ms} 毫秒）"]
    lines += [f"注：{note}" for note in page.notes]
    if page.explanation:
        lines += ["没有命中。", *explanation_notes(page.explanation)]
    lines += ["", FORMULA] if any(hit.why for hit in page.hits) else []
    for number, hit in enumerate(page.hits, page.request.offset + 1):
        lines += ["", *hit_lines(number, hit), *(score_lines(hit.why) if hit.why else ())]
    return "\n".join(lines)


def hit_lines(number: int, hit: Passage) -> list[str]:
    """One hit for a terminal: heading, place and year, snippet with what was found in 【】, address."""
    section, report = hit.stored.section, hit.stored.report.report
    kind = ("" if hit.exact else " · 非逐字") + (" · OCR 识别" if report.is_recognised else "")
    heading = f"{section.marker or ''}{section.heading or ''}" or section.text[:30].replace("\n", " ")
    snippet = "".join(f"【{p.text}】" if p.mark else p.text for p in hit.snippet).replace("\n", " ")
    where = f"{place_text(report.place)} · {report.year or '年度未知'} · {section.part.label}{kind}"
    return [f"{number}. {heading}", f"   {where}", f"   {snippet}", f"   {hit.url}"]


def search_markdown(page: SearchPage, version: str, today: str) -> str:
    """Hits as Markdown quotations, with query, filters, corpus version and date."""
    lines = [
        f"# 检索：{escape_markdown(' '.join(page.request.text.split())) or '（全部）'}",
        "",
        f"- 筛选：{filters_text(page.request.filters) or '无'}",
        f"- 逐字命中：{counts_text(page.exact)}；全部命中：{counts_text(page.total)}",
        f"- 语料版本 {version}，{today}",
    ]
    for hit in page.hits:
        title = escape_markdown(display_title(hit.stored.report))
        lines += quotation_markdown(hit.stored.section.text.split("\n"))
        lines += ["", f"——《{title}》，{hit.url}" + ("" if hit.exact else "（非逐字）")]
    return "\n".join(lines)


def section_text(section: Section) -> str:
    """One section for a terminal."""
    topics = f" · {'、'.join(section.topics)}" if section.topics else ""
    return f"[{section.path}] {section.part.label}{topics}\n{section.text}"


def report_text(report: Report) -> str:
    """What is known of a report, each value with its source, then its figures and sections."""
    facts: list[tuple[str, str, object]] = [
        ("title", "标题", report.title),
        ("year", "年度", report.year),
        ("level", "报告主体", report.level.label),
        ("place", "地方", place_text(report.place)),
        ("issuers", "发文机关", "、".join(report.issuers) or None),
        ("doc_number", "文号", report.doc_number),
        ("issued", "成文日期", report.issued),
        ("signer", "签发人", report.signer),
        ("source_url", "来源网址", report.source_url),
    ]
    lines = []
    for field, label, value in facts:
        lines.append(f"{label}：{'未见' if value is None else value}")
        lines += [f"    {_source(item)}" for item in report.provenance if item.field.split(".")[0] == field]
    lines += [f"    候选：{' '.join(one.names)} {one.code or ''}" for one in report.place.candidates]
    lines += [f"注意：{warning}" for warning in report.warnings]
    lines += ["法定内容：", *_content_lines(report)]
    lines += [f"数字：{one.snippet}（{one.section}）" for one in report.figures]
    lines += [f"数字核对：{one.message}（{'、'.join(one.sections)}）" for one in check(report.figures)]
    return "\n".join([*lines, "", *(section_text(section) + "\n" for section in report.sections)])


def _content_lines(report: Report) -> list[str]:
    source = {"heading": "标题", "sentence": "文中一句"}
    lines = [f"    {c.part.label}：有，{c.section}（{source[c.rule]}）：{c.sentence}" for c in report.contents]
    found = {content.part for content in report.contents}
    missing = [part.label for part in STATUTORY_PARTS if part not in found]
    return [*lines, f"    未见：{'、'.join(missing)}"] if missing else lines


def _source(item: Provenance) -> str:
    where = {"text": "文中", "page": "网页信息", "file": "文件名", "list": "区划表", "sidecar": "更正"}[item.source]
    line = f"第 {item.line} 行" if item.line else ""
    return f"{where}{line}（{item.rule}）：{item.text}"


def summary_text(summary: IndexSummary) -> str:
    """The outcome of indexing."""
    r = summary.reports
    if not summary.wrote:
        head = f"语料没有变化，索引未改动：{r.unchanged} 份报告、{summary.sections} 段（{summary.took_s} 秒）"
    else:
        head = (
            f"索引已更新：新增 {r.added}、变更 {r.changed}、未变 {r.unchanged}、移除 {r.removed} 份报告，"
            f"共 {summary.sections} 段（{summary.took_s} 秒）"
        )
    lines = ["识别规则或地方、主题词表有变化，已全部重读。"] if summary.rules_changed else []
    lines.append(head)
    if summary.left:
        lines.append(f"第 {_shares(summary.left)} 组没有先读好（没有读完，或规则、词表、版本不同），由这次读了。")
    if summary.unreadable:
        lines.append(f"有 {len(summary.unreadable)} 个文件读不出：")
        lines += [f"  {file.shown}：{file.reason}。{file.remedy}。" for file in summary.unreadable]
    lines += _listed(_POOR, [f"{file.shown}：{file.reason}。{file.remedy}。" for file in summary.poor])
    lines += _listed("更正有误、没有采用", summary.mistakes)
    return "\n".join(lines)


def share_text(summary: ShareSummary) -> str:
    """The outcome of reading a share, and what is to be done now."""
    read = f"{summary.files} 个文件，这次读了 {summary.read} 个（{summary.took_s} 秒）"
    head = f"第 {summary.share} 组读好了：{read}；索引未改动。"
    if summary.left:
        return f"{head}\n还差第 {_shares(summary.left)} 组；都读好后，不带 --shard 再运行一次，就写成索引。"
    return f"{head}\n各组都读好了；请不带 --shard 再运行一次，写成索引。"


def _shares(shares: Sequence[Share]) -> str:
    return "、".join(map(str, shares))


def commit_text(summary: IndexSummary) -> str:
    """One commit of a watch, in one line."""
    r = summary.reports
    left = "".join(
        f"；{label} {len(found)} {unit}"
        for label, found, unit in (("读不出", summary.unreadable, "个文件"), ("更正有误", summary.mistakes, "处"))
        if found
    )
    return f"新增 {r.added}、变更 {r.changed}、移除 {r.removed} 份报告{left}（{summary.took_s} 秒）"


def diagnosis_text(found: Diagnosis) -> str:
    """What doctor found, section by section; says so where there is nothing."""
    lines = [f"索引 {found.info.version}，建于 {found.info.built_at}：{counts_text(found.info.counts)}"]
    lines += [f"损坏：{sentence}" for sentence in found.damage]
    lines += _drift_lines(found)
    lines += _listed("读不出的文件", [f"{f.shown}：{f.reason}。{f.remedy}" for f in found.unreadable])
    lines += _listed(_POOR, [f"{f.shown}：{f.reason}。{f.remedy}。" for f in found.poor])
    lines += _listed("更正有误、没有采用", found.mistakes)
    lines += _listed(
        "同一份报告有几个文件", [f"{r.key}：{'、'.join(f.shown for f in r.files)}" for r in found.duplicates]
    )
    lines += _listed("同一地方同一年有不同的报告", [f"{r.key}：{r.files[0].shown}" for r in found.rivals])
    unsettled = [f"{r.key}：{'、'.join(unsettled_fields(r))}未定（{r.files[0].shown}）" for r in found.unsettled]
    lines += _listed("信息不全的报告", unsettled)
    lines += [f"建议：{found.advice}"] if found.advice else []
    lines.append("索引完好，文件都读出了。" if found.is_healthy else "处理后请再运行 fzsearch index。")
    return "\n".join(lines)


def _drift_lines(found: Diagnosis) -> list[str]:
    if found.drift is None:
        return ["没有给出语料目录，未比对语料；要比对请加 --corpus 目录"]
    drift = found.drift
    if drift.is_none:
        return ["索引与语料一致"]
    lines = ["识别规则或词表有变化，要重建索引"] if drift.rules_changed else []
    lines += _listed("语料里新增、还没有索引", drift.new)
    lines += _listed("索引之后改过（文件或它的更正）", drift.changed)
    return lines + _listed("索引里有、语料里已删", drift.deleted)


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"{title}（{len(items)}）：", *(f"  {item}" for item in items)] if items else []
