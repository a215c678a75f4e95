"""What does an address give to a program? The same report, section or paragraph as JSON, Markdown or plain text.

JSON and Markdown say what has become of the address; plain text is the text alone, so a changed one is refused there.
"""

import json
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Response, redirect
from werkzeug import Response as AnyResponse

from fzsearch.engine import StoredSection
from fzsearch.model import IndexedReport
from fzsearch.service import shapes
from fzsearch.service.addresses import HASH_DIGITS
from fzsearch.service.asking import section_url
from fzsearch.service.links import LinkState, Resolution
from fzsearch.service.markdown import display_title, markdown_of
from fzsearch.service.paragraphs import paragraph_text
from fzsearch.service.search import SearchService
from fzsearch.web.params import quoted
from fzsearch.web.report_text import FORM_TYPES


def represent(service: SearchService, found: Resolution, form: str, host_url: str) -> AnyResponse:
    """The answer to an address that ends in .json, .md or .txt.

    Args:
        service: reads what the address leads to.
        found: what has become of it.
        form: one of the three.
        host_url: the site as the visitor reaches it; Markdown leaves the site and needs whole addresses.
    """
    if found.state is LinkState.MOVED:
        return redirect(quoted(f"{found.target}.{form}"))
    if found.record is None or found.state is LinkState.REMOVED or (form, found.state) == ("txt", LinkState.CHANGED):
        return _without_text(found, form)
    record = service.report(found.record.key)
    if form == "json":
        return _answer(_json(_shape(record, found, service.info().version)), form)
    if form == "txt":
        return _answer(_text(record, found), form)
    url = host_url.rstrip("/") + quoted(found.target)
    return _answer(markdown_of(record, found, url, service.info().version), form)


def _answer(body: str, form: str, status: int = HTTPStatus.OK) -> Response:
    return Response(body, status=status, content_type=f"{FORM_TYPES[form]}; charset=utf-8")


def _json(shape: dict[str, Any]) -> str:
    return json.dumps(shape, ensure_ascii=False, indent=1) + "\n"


# ---- what stands there


def _shape(record: IndexedReport, found: Resolution, version: str) -> dict[str, Any]:
    current = found.section.hash if found.section else record.text_hash[:HASH_DIGITS]
    known = {
        "id": found.target.removeprefix("/r/").rpartition("@")[0],
        "url": found.target,
        "hash": current,
        "state": found.state.value,
        "version": version,
    }
    if found.section is None:
        return known | shapes.record_shape(record)
    section = asdict(found.section.section)
    if found.paragraph:
        section |= {"paragraph": found.paragraph, "text": paragraph_text(found.section.section, found.paragraph)}
    return known | section | {"report": shapes.head_shape(record)}


def _text(record: IndexedReport, found: Resolution) -> str:
    if found.section is None:
        return "\n".join(section.text for section in record.report.sections)
    return paragraph_text(found.section.section, found.paragraph)


# ---- what does not


def _without_text(found: Resolution, form: str) -> Response:
    """Why there is no text, with the addresses that may be meant."""
    status = HTTPStatus.MULTIPLE_CHOICES if found.state is LinkState.SEVERAL else HTTPStatus.NOT_FOUND
    message, links = _message(found), _links(found)
    if form == "json":
        code = status.phrase.lower().replace(" ", "_")
        body = {"error": {"code": code, "message": message}, "state": found.state.value, "links": links}
        return _answer(_json(body), form, status)
    lines = [message, *(quoted(link["url"]) + f"　{link['label']}" for link in links)]
    return _answer("\n".join(lines) + "\n", "txt", status)


def _message(found: Resolution) -> str:
    asked = f"/r/{found.address}"
    return {
        LinkState.SEVERAL: f"多处：地址 {asked} 有几份报告符合，请选一份",
        LinkState.CHANGED: f"已改动：地址 {asked} 所指的文字现在不同了；现在的文字见下面的地址",
    }.get(found.state, f"已移除：语料里现在没有地址 {asked} 所指的内容")


def _links(found: Resolution) -> list[dict[str, str]]:
    path = f"/{found.address.path}" if found.address.path else ""
    rivals = [{"url": f"/r/{one.key}{path}", "label": display_title(one)} for one in found.rivals]
    if found.record is None or found.state is not LinkState.CHANGED:
        return [*rivals, *(_link(one) for one in found.nearest)]
    return [{"url": found.target, "label": display_title(found.record)}]


def _link(one: StoredSection) -> dict[str, str]:
    return {"url": section_url(one), "label": one.section.heading or one.section.path}
