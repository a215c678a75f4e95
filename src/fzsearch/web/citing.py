"""From a passage to a note: which routes cite, and arrange, share and export a basket? What is sent is kept nowhere."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO

from flask import Flask, request, send_file
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
from fzsearch.web.pages import Pages, today

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\s]+')


_EXPORTS: Mapping[str, tuple[str, Callable[[Note], str | bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", note_docx),
    "md": ("text/markdown", note_markdown),
    "txt": ("text/plain", note_text),
}
"""Ways of writing a note by what follows the dot: what a browser is told, and what writes it."""


class Citing(Pages):
    """The pages over one service."""

    def cite(self) -> str | Response:
        """The citations of an address in every style, or one of them as plain text.

        Raises:
            QueryError: no such style.
            NotFoundError: nothing stands at the address.
        """
        address, name = request.args.get("address", ""), request.args.get("style")
        source, state = cited(self._service, address, today(), self._settings.base_url)
        if name is None:
            texts = [(style.label, style.write(source).replace("\r\n", "\n").strip()) for style in STYLES.values()]
            is_relative = not self._settings.base_url
            return self._render("cite.html", "brief", source=source, state=state, texts=texts, is_relative=is_relative)
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
        if (suffix := order.removeprefix("export ")) != order and suffix in _EXPORTS:
            content_type, write = _EXPORTS[suffix]
            self._service.info()  # at once where the engine is known to be away
            written = write(build_note(self._service, basket, today(), self._settings.base_url))
            return _attachment(written, f"{_file_name(basket)}.{suffix}", content_type)
        if order == "file":
            return _attachment(write_basket(basket, indent=1), f"{_file_name(basket)}.摘录篮.json", "application/json")
        edited = self._edited(basket, order, before)
        is_incoming = order == "open" or "incoming" in request.form
        return self._page(edited, sent if edited.basket != basket else before, is_incoming=is_incoming)

    def _edited(self, basket: Basket, order: str, before: str) -> Edited:
        if order == "undo":
            undone = read_basket(before.encode(), "上一步") if before else basket
            return Edited(undone, "已撤销" if before else "没有可撤销的")
        if order == "open":
            return _opened(basket)
        if order == "add":
            links = [f"/r/{one.url.partition('/r/')[2]}" for one in find_links(request.form.get("links", ""))]
            nothing = Edited(basket, "没有找到永久链接；它们形如 /r/990122101-2024/s2.4@1a2b3c4d")
            return add(basket, links) if links else nothing
        return edit(basket, order)

    def _page(self, edited: Edited, before: str = "", *, is_incoming: bool) -> str:
        # An empty basket needs no engine; for any other one it is asked first, for it may be known to be away.
        info = info_or_none(self._service) if edited.basket == Basket() else self._service.info()
        page = brief_page(self._service, edited, today(), self._settings.base_url)
        shown = {"page": page, "before": before, "max_items": MAX_ITEMS, "max_shared": MAX_PACKED}
        return self._render("brief.html", "brief", info=info, is_incoming=is_incoming, **shown)


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


def _attachment(written: str | bytes, name: str, content_type: str) -> Response:
    data = written.encode() if isinstance(written, str) else written
    response = send_file(BytesIO(data), mimetype=content_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Add the pages to an application."""
    pages = Citing(service, settings)
    app.add_url_rule("/cite", "cite", pages.cite)
    app.add_url_rule("/brief", "brief", pages.brief, methods=["GET", "POST"])
