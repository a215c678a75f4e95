"""What does a reader see when something went wrong? The one place that turns errors into pages and into JSON.

NotFoundError 404, other UserError 400, EngineError 503, with Retry-After where waiting helps; what Flask itself refuses
keeps its status. The API has one shape: {"error": {"code": ..., "message": ...}}.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from fzsearch.config import Settings
from fzsearch.engine import IndexInfo
from fzsearch.errors import (
    EngineError,
    FzsearchError,
    IndexMissingError,
    IndexOutdatedError,
    NotFoundError,
    UserError,
)
from fzsearch.service.search import SearchService
from fzsearch.web.access_log import request_number
from fzsearch.web.health import info_or_none
from fzsearch.web.hits import Link
from fzsearch.web.params import quoted


class UnknownNameError(NotFoundError):
    """A name in an address that nothing has; `near` are pages of names that look like it."""

    def __init__(self, message: str, near: tuple[Link, ...]) -> None:
        super().__init__(message)
        self.near = near


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as it is shown.

    Attributes:
        command: what an administrator runs.
        near: pages that were perhaps meant.
        retry_after: seconds after which the same may work although nobody does anything.
        detail: what an administrator wants to know.
    """

    status: int
    code: str
    title: str
    message: str
    command: str | None = None
    near: tuple[Link, ...] = ()
    retry_after: int | None = None
    detail: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What an answer says besides: not to be kept, and when to ask again."""
        waiting = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return {"Cache-Control": "no-store"} | waiting


_KNOWN = {
    400: ("bad_request", "这个请求读不懂", "地址里有本站不认识的内容"),
    404: ("not_found", "没有这一页", "地址可能抄漏了字，或者内容已不在语料里"),
    405: ("method_not_allowed", "本站只能读", "这里不接受这种请求，什么也不会被改动"),
    413: ("too_large", "送来的内容太大", "请分成几份再送；除了摘录篮，本站不接收内容"),
    414: ("too_long", "地址太长", "请减少筛选条件，或缩短检索词"),
    415: ("unsupported_media_type", "内容的类型不对", "这里不接收这种内容"),
    500: ("internal_error", "程序出错了", "这是程序的问题，不是您的；请把下面的编号告诉管理员"),
    503: ("unavailable", "暂时不能检索", "索引没有打开"),
}
_PASSING = "检索引擎这会儿没有回答，多半过一会儿自己就好；语料、摘录篮和永久链接都不受影响"


def problem_of(error: Exception, settings: Settings) -> Problem:
    """How an error is shown."""
    if isinstance(error, EngineError):
        return _engine_problem(error, settings)
    if isinstance(error, FzsearchError):
        status = 404 if isinstance(error, NotFoundError) else 400 if isinstance(error, UserError) else 500
        code, title, _ = _KNOWN[status]
        near = error.near if isinstance(error, UnknownNameError) else ()
        return Problem(status, code, title, str(error), near=near)
    status = error.code or 500 if isinstance(error, HTTPException) else 500
    code, title, message = _KNOWN.get(status, _KNOWN[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    return Problem(status, code, title, _own_words(error) or message)


def _engine_problem(error: EngineError, settings: Settings) -> Problem:
    code, title, _ = _KNOWN[503]
    if isinstance(error, IndexMissingError | IndexOutdatedError):
        command = f"fzsearch index {settings.corpus or '语料目录'} --index {settings.index}"
        return Problem(503, code, title, str(error), command)
    wait_s = error.retry_after
    if wait_s is None:
        return Problem(503, code, title, str(error))
    return Problem(503, code, title, _PASSING, retry_after=wait_s, detail=str(error))


def _own_words(error: Exception) -> str | None:
    """The description that our own code gave; werkzeug's English ones are for developers."""
    if not isinstance(error, HTTPException) or error.description == type(error).description:
        return None
    return error.description


def register(app: Flask, service: SearchService, settings: Settings) -> None:
    """Answer every error of an application."""

    def answer(error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
            return make_response(error.get_response())
        problem = problem_of(error, settings)
        response = make_response(_json(problem) if _wants_json() else _page(problem, info_or_none(service)))
        response.status_code = problem.status
        response.headers.update(problem.headers)
        if isinstance(error, HTTPException):
            response.headers.extend({k: v for k, v in error.get_headers() if k == "Allow"})
        return response

    app.register_error_handler(FzsearchError, answer)
    app.register_error_handler(HTTPException, answer)


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.path in {"/healthz", "/readyz"}


def _json(problem: Problem) -> Response:
    return jsonify({"error": {"code": problem.code, "message": problem.detail or problem.message}})


def _page(problem: Problem, info: IndexInfo | None) -> str:
    again = _address() if problem.retry_after is not None and request.method != "POST" else ""
    number = request_number() if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    return render_template("error.html", problem=problem, info=info, here="", again=again, number=number)


def _address() -> str:
    """The address that was asked for, as it stands in a link."""
    return "?".join(part for part in (quoted(request.path), quote(request.query_string, safe="%&=+/:@")) if part)
