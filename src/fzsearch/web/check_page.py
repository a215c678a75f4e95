"""Does a draft say what the reports say? The page that checks one, pasted or uploaded, and then forgets it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from flask import Flask, Response, make_response, request
from werkzeug.datastructures import FileStorage

from fzsearch.brief import CheckedDraft, CheckedQuotation, Verdict, check_draft, read_draft
from fzsearch.brief import sentences as words
from fzsearch.brief.check import CheckedLink
from fzsearch.brief.counts import CheckedCount
from fzsearch.brief.figures import CheckedFigure
from fzsearch.cite.reference import section_name
from fzsearch.config import Settings
from fzsearch.engine import StoredSection
from fzsearch.errors import EngineError, UserError
from fzsearch.model import shown_path
from fzsearch.service.asking import section_url
from fzsearch.service.differences import Change
from fzsearch.service.search import SearchService
from fzsearch.web.health import info_or_none
from fzsearch.web.hits import Link
from fzsearch.web.pages import Pages
from fzsearch.web.params import quoted, quoting, search_url
from fzsearch.web.problems import problem_of

MAX_CHARS = 200_000
"""Of a draft: three hundred pages."""
_SHOWN = 5
_STYLES = {
    Verdict.SAME: "same", Verdict.DIFFERENT: "differs", Verdict.SEVERAL: "several", Verdict.MISSING: "missing",
}  # fmt: skip
TAGS = {"same": "", "differs": " warn", "several": " dash", "missing": " full"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding as the page shows it.

    Attributes:
        start: where it stands in the draft.
        kind: 引文, 数字, 计数 or 链接.
        label: the verdict or the state; `style` names its kind for the filter.
        draft: the words of the draft; runs that differ are "del".
        source: the words of the report, where they differ: "ins".
        notes: what else is to be said.
        places: where it stands, `more` leads to the rest.
    """

    start: int
    kind: str
    label: str
    style: str
    draft: Sequence[Change]
    source: Sequence[Change] = ()
    notes: Sequence[str] = ()
    places: Sequence[Link] = ()
    more: Link | None = None


def check_view(
    draft: str = "", name: str = "", problem: str = "", checked: CheckedDraft | None = None
) -> SimpleNamespace:
    """What the page shows: a form, and after a check its findings in the order of the draft."""
    findings = sorted(_findings(checked), key=lambda one: one.start) if checked else []
    styles = Counter(one.style for one in findings)
    labels = {_STYLES[verdict]: verdict.value for verdict in Verdict}
    return SimpleNamespace(
        draft=draft,
        name=name,
        problem=problem,
        findings=findings,
        totals=[(style, labels[style], styles[style]) for style in TAGS],
        unchecked=[checked.text[start:end] for start, end in checked.unchecked] if checked else [],
        is_checked=checked is not None,
        version=checked.version if checked else "",
    )


def _findings(checked: CheckedDraft) -> Iterator[Finding]:
    yield from (_quotation(one) for one in checked.quotations)
    yield from (_figure(one, checked.text) for one in checked.figures)
    yield from (_count(one, checked.text) for one in checked.counts)
    yield from (_link(one) for one in checked.links)


def _quotation(one: CheckedQuotation) -> Finding:
    found, alike = one.found, one.found.alike
    notes = []
    if one.verdict is Verdict.SEVERAL:
        at_least = "至少 " if found.reports > len({source.stored.report.key for source in found.literal}) else ""
        notes.append(f"{at_least}{len(found.literal)} 处、{found.reports} 份报告有这句，请注明引自哪一处")
    if found.nearest:
        notes.append("语料中没有这句话；字面最近的是下面这段，只供查找，不作依据")
    places = [source.stored for source in found.literal] + [
        one for one in (alike and alike.stored, found.nearest) if one
    ]
    more = Link("全部出处", search_url(quoting(one.quotation.text))) if len(places) > _SHOWN else None
    return Finding(
        start=one.quotation.start,
        kind="引文",
        label=one.verdict.value,
        style=_STYLES[one.verdict],
        draft=alike.old if alike else [Change(one.quotation.text.strip())],
        source=alike.new if alike else (),
        notes=notes,
        places=_places(places),
        more=more,
    )


def _figure(one: CheckedFigure, text: str) -> Finding:
    stored = [found.stored for found in one.same] + ([one.other.stored] if one.other else [])
    return Finding(
        start=one.figure.start,
        kind="数字",
        label=one.verdict.value,
        style=_STYLES[one.verdict],
        draft=words.draft_runs(one, text),
        source=words.statement_runs(one.other) if one.other else (),
        notes=[note for note in (words.basis_words(one.basis), words.figure_words(one)) if note],
        places=_places(list({each.id: each for each in stored}.values())),
    )


def _count(one: CheckedCount, text: str) -> Finding:
    return Finding(
        start=one.count.start,
        kind="计数",
        label=one.verdict.value,
        style=_STYLES[one.verdict],
        draft=words.draft_runs(one, text),
        notes=[words.count_words(one)],
        places=[Link("重新检索", _here(one.url))] if one.found else (),
    )


def _link(one: CheckedLink) -> Finding:
    return Finding(
        start=one.link.start,
        kind="链接",
        label=one.resolution.state.value,
        style=_STYLES[words.LINK_VERDICTS[one.resolution.state]],
        draft=[Change(one.url)],
        notes=[words.link_words(one)],
        places=[Link("打开", _here(one.url))],
    )


def _here(url: str) -> str:
    """An address of a draft on this site, whatever host it was copied from."""
    return re.sub(r"^https?://[^/]*", "", url)


def _places(stored: Sequence[StoredSection]) -> list[Link]:
    return [Link(_name(one), quoted(section_url(one))) for one in stored[:_SHOWN]]


def _name(stored: StoredSection) -> str:
    report = stored.report.report
    place = f"{report.place.township or report.title or stored.report.key} {report.year or ''}".strip()
    name = section_name(stored.section)
    return f"{place}，{name}" if name else place


class Checking(Pages):
    """The page over one service."""

    def show(self) -> Response | str:
        """The form; for POST also what was found. Nothing of a draft is kept or logged."""
        if request.method != "POST":
            return self._page(check_view())
        draft, file = request.form.get("draft", "").replace("\r\n", "\n"), request.files.get("file")
        name = shown_path(file.filename or "") if file else ""
        try:
            checked = check_draft(self._service, _text(draft, file if name else None, name))
            response = make_response(self._page(check_view(draft, name, checked=checked)))
        except (UserError, EngineError) as error:  # the draft stays in the form
            problem = problem_of(error, self._settings)
            shown = self._page(check_view(draft, problem=problem.message))
            response = make_response(shown, problem.status, problem.headers)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _page(self, page: SimpleNamespace) -> str:
        info = info_or_none(self._service)  # a form needs no engine
        return self._render("check.html", "check", info=info, page=page, words=words, tags=TAGS)


def _text(draft: str, file: FileStorage | None, name: str) -> str:
    """What is to be checked.

    Raises:
        UserError: there is nothing, or too much.
    """
    text = read_draft(file.read(), name) if file else draft
    if not text.strip():
        raise UserError(f"{name} 里没有文字；请换一个文件" if name else "没有收到稿件；请贴上文字，或选一个文件")
    if len(text) > MAX_CHARS:
        raise UserError(f"稿件有 {len(text):,} 字，最多 {MAX_CHARS:,} 字；请分成几份")
    return text


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the route to an application."""
    app.add_url_rule("/check", "check", Checking(service, settings).show, methods=["GET", "POST"])
