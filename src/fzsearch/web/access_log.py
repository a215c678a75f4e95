"""Who asked for what, when, and how did it go? A number for every request, and one line of JSON in a log for each.

By default nothing that a person typed is written: no query of an address, no body, and the path only where a page stood
there. What the server refuses before the application sees it (too long headers) is in no line.
"""

import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Response, request

from fzsearch.config import Settings
from fzsearch.errors import ConfigError, os_reason

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
_NUMBER, _ROUTE = "fzsearch.number", "fzsearch.route"
_GIVEN_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")

Write = Callable[[bytes], object]


def number_requests(app: Flask) -> None:
    """Let a request have a number, which stands in its answer and on pages of errors, and note its route."""

    def note_route() -> None:
        request.environ[_ROUTE] = request.url_rule.rule if request.url_rule else ""

    def add_number(response: Response) -> Response:
        response.headers[HEADER] = request_number()
        return response

    app.before_request(note_route)
    app.after_request(add_number)


def request_number() -> str:
    """The number of the request at hand: of the proxy in front, or our own."""
    return str(request.environ.setdefault(_NUMBER, secrets.token_hex(8)))


def open_log(settings: Settings) -> Write | None:
    """What writes lines where the settings say, None for nowhere; several processes may write into one file.

    Raises:
        ConfigError: the file cannot be written.
    """
    if not settings.access_log:
        return None
    try:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = sys.stderr.fileno() if settings.access_log == "-" else os.open(settings.access_log, flags, 0o640)
    except OSError as problem:
        raise ConfigError(f"访问日志 {settings.access_log} 写不了（{os_reason(problem)}）；请换一个文件") from problem
    return lambda line: os.write(file, line)  # one call for a line: lines of several processes never mix


def logged(app: "WSGIApplication", settings: Settings, write: Write | None) -> "WSGIApplication":
    """An application of which every request is written down."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began, told = time.perf_counter(), {"status": 0, "bytes": 0}
        environ[_NUMBER] = _number(environ, settings)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401
            told.update(status=int(status[:3]), bytes=_body_bytes(environ, status, headers))
            return start_response(status, headers, *error)

        body = app(environ, start)
        if write is not None:
            ms = round((time.perf_counter() - began) * 1000, 1)
            line = json.dumps({**_asked(environ, settings, told["status"]), **told, "ms": ms}, ensure_ascii=False)
            with suppress(OSError):  # a full disk does not take the site down
                write(line.encode("utf-8", "replace") + b"\n")
        return body

    return answer


def _number(environ: "WSGIEnvironment", settings: Settings) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "") if settings.trusted_proxy else ""
    return given if _GIVEN_NUMBER.fullmatch(given) else secrets.token_hex(8)


def _body_bytes(environ: "WSGIEnvironment", status: str, headers: list[tuple[str, str]]) -> int:
    if environ["REQUEST_METHOD"] == "HEAD" or int(status[:3]) == HTTPStatus.NOT_MODIFIED:
        return 0
    return next((int(value) for name, value in headers if name.lower() == "content-length"), 0)


def _asked(environ: "WSGIEnvironment", settings: Settings, status: int) -> dict[str, object]:
    """What is written of a request.

    The path of an address without a page may hold anything that a person typed; of a failure it is needed.
    """
    is_page = status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.INTERNAL_SERVER_ERROR
    path = quote(environ.get("PATH_INFO", "").encode("latin-1"), safe="/@~,;:")
    return {
        "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
        "id": environ[_NUMBER],
        "client": environ.get("REMOTE_ADDR", ""),
        "method": environ["REQUEST_METHOD"],
        "route": environ.get(_ROUTE, ""),
        "path": path if is_page or settings.log_texts else None,
        **({"query": environ.get("QUERY_STRING", "")} if settings.log_texts else {}),
    }
