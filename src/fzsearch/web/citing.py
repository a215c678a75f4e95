"""From a passage to a note: which routes cite, and arrange, share and export a basket? What is sent is kept nowhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from flask import Flask, render_template, request, send_file
from werkzeug import Response

from fzsearch.brief import (
    MAX_ITEMS,
    MAX_PACKED,
    Basket,
    Edited,
    Note,
    add,
    build_note,
    edit,
    find_links,
    note_docx,
    note_markdown,
    note_text,
    read_basket,
    unpack_basket,
    with_texts,
    write_basket,
)
from fzsearch.cite import STYLES, cited
from fzsearch.config import Settings
from fzsearch.errors import CorpusError, QueryError
from fzsearch.service.search import SearchService
from fzsearch.web.brief_page import brief_page
from fzsearch.web.health import info_or_none

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\s]+')


@dataclass(frozen=True, slots=True)
class _Export:
    """A way of writing a note: what follows the dot, what a browser is told, what writes it."""

    suffix: str
    content_type: str
    write: Callable[[Note], str | bytes]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXPORTS: Mapping[str, _Export] = {
    "export docx": _Export("docx", _WORD, note_docx),
    "export md": _Export("md", "text/markdown", note_markdown),
    "export txt": _Export("txt", "text/plain", note_text),
}


class Citing:
    """The pages over one service."""

    def __init__(self, service: SearchService, settings: Settings) -> None:
        self._service = service
        self._base_url = settings.base_url

    def cite(self) -> str | Response:
        """The citations of an address in every style, or one of them as plain text.

        Raises:
            QueryError: no such style.
            NotFoundError: nothing stands at the address.
        """
        address, name = request.args.get("address", ""), request.args.get("style")
        source, state = cited(self._service, address, _today(), self._base_url)
        if name is None:
            texts = [(style.label, style.write(source).replace("\r\n", "\n").strip()) for style in STYLES.values()]
            is_relative = not self._base_url
            return self._render("cite.html", source=source, state=state, texts=texts, is_relative=is_relative)
        if name not in STYLES:
            raise QueryError(f"没有引用格式“{name[:40]}”；可用的有 {'、'.join(STYLES)}")
        return Response(STYLES[name].write(source), content_type="text/plain; charset=utf-8")

    def brief(self) -> str | Response:
        """The basket: as an address holds it, or as a form sent it and a button changed it."""
        return self._changed() if request.method == "POST" else self._shown()

    def _shown(self) -> str:
        """What the address says: `basket` as a shared link has it, `add` once for each passage, `from` their search."""
        packed, addresses = request.args.get("basket"), request.args.getlist("add")
        edited = Edited(unpack_basket(packed)) if packed else Edited(Basket())
        if addresses:
            edited = add(edited.basket, addresses, request.args.get("from", ""))
        return self._page(edited, is_incoming=bool(packed or addresses))

    def _changed(self) -> str | Response:
        """The basket after a change; `before` in the form is what 撤销 leads back to."""
        sent, before = request.form.get("basket", ""), request.form.get("before", "")
        basket = with_texts(read_basket(sent.encode(), "表单里的摘录篮"), request.form) if sent else Basket()
        order = request.form.get("do", "save")
        if order in _EXPORTS:
            return self._export(_EXPORTS[order], basket)
        if order == "file":
            return _attachment(
                write_basket(basket, indent=1).encode(), f"{_file_name(basket)}.摘录篮.json", "application/json"
            )
        edited = self._edited(basket, order, before)
        is_incoming = order == "open" or "incoming" in request.form
        return self._page(edited, sent if edited.basket != basket else before, is_incoming=is_incoming)

    def _edited(self, basket: Basket, order: str, before: str) -> Edited:
        if order == "undo":
            return (
                Edited(read_basket(before.encode(), "上一步"), "已撤销") if before else Edited(basket, "没有可撤销的")
            )
        if order == "open":
            return _opened(basket)
        if order == "add":
            links = [f"/r/{one.url.partition('/r/')[2]}" for one in find_links(request.form.get("links", ""))]
            return (
                add(basket, links)
                if links
                else Edited(basket, "没有找到永久链接；它们形如 /r/990122101-2024/s2.4@1a2b3c4d")
            )
        return edit(basket, order)

    def _page(self, edited: Edited, before: str = "", *, is_incoming: bool) -> str:
        # An empty basket needs no engine; for any other one it is asked first, for it may be known to be away.
        info = info_or_none(self._service) if edited.basket == Basket() else self._service.info()
        page = brief_page(self._service, edited, _today(), self._base_url)
        limits = {"max_items": MAX_ITEMS, "max_shared": MAX_PACKED}
        shown = {"page": page, "before": before, "is_incoming": is_incoming, **limits}
        return render_template("brief.html", here="brief", info=info, **shown)

    def _export(self, export: _Export, basket: Basket) -> Response:
        self._service.info()  # at once where the engine is known to be away
        written = export.write(build_note(self._service, basket, _today(), self._base_url))
        data = written.encode() if isinstance(written, str) else written
        return _attachment(data, f"{_file_name(basket)}.{export.suffix}", export.content_type)

    def _render(self, template: str, **context: object) -> str:
        return render_template(template, here="brief", info=self._service.info(), **context)


def _opened(basket: Basket) -> Edited:
    """The basket in a file that was sent; one that is none leaves the present basket as it is."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return Edited(basket, "没有选文件；请先选一份“存为文件”得到的 .json")
    try:
        opened = read_basket(file.read(), file.filename[:100])
    except CorpusError as error:
        return Edited(basket, str(error))
    return Edited(opened, f"已打开 {file.filename[:100]}，{len(opened.items)} 条")


def _file_name(basket: Basket) -> str:
    return _NOT_IN_FILE_NAMES.sub("_", basket.title.strip())[:60].strip("._") or "摘录"


def _attachment(data: bytes, name: str, content_type: str) -> Response:
    response = send_file(BytesIO(data), mimetype=content_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _today() -> date:
    return datetime.now().astimezone().date()


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    pages = Citing(service, settings)
    app.add_url_rule("/cite", "cite", pages.cite)
    app.add_url_rule("/brief", "brief", pages.brief, methods=["GET", "POST"])
