"""What keeps the site safe? Accepted hosts, methods and sizes before a view runs; headers on every answer after it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed

from fzsearch.config import Settings

CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
METHODS = ("GET", "HEAD")
MAX_URL_BYTES = 16_384
MAX_QUOTING_URL_BYTES = 26_000
"""Of addresses under /r/: a quotation of 2,000 Han characters to compare is 18,000 bytes when percent-encoded."""
MAX_BODY_BYTES = 65_536
MAX_DRAFT_BYTES = 8 * 2**20
MAX_RECEIVED_BYTES = 64 * 2**20
"""The server reads this much, so that a person whose file is too large is told so by a page."""
TAKES = {"/check": MAX_DRAFT_BYTES}
"""Paths that may be asked with POST, for a draft, not for any change; and how large what is sent may be."""

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def protect(app: Flask, settings: Settings) -> None:
    """Check every request to an application and add headers to every answer, errors included."""

    def check_request() -> None:
        if not is_known_host(request.host, settings):
            abort(400, description=f"不认识的主机名“{request.host[:80]}”；若要用它访问，启动时在 hosts 设置里写上")
        methods = (*METHODS, "POST") if request.path in TAKES else METHODS
        if request.method not in methods:
            raise MethodNotAllowed(valid_methods=methods)
        _check_body(settings)
        limit_bytes = MAX_QUOTING_URL_BYTES if request.path.startswith("/r/") else MAX_URL_BYTES
        if len(request.full_path.encode("utf-8", "replace")) > limit_bytes:
            abort(414, description="地址太长；请减少筛选条件")

    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    app.before_request(check_request)
    app.after_request(add_headers)


def _check_body(settings: Settings) -> None:
    """Refuse what is too large, and forms that another site sends: they could not read the answer, only cost time."""
    limit = request.max_content_length = TAKES.get(request.path, MAX_BODY_BYTES)
    request.max_form_memory_size = limit
    if (request.content_length or 0) > limit:
        abort(
            413, description=f"发来的内容有 {(request.content_length or 0) / 2**20:.1f} MB，最多 {limit / 2**20:g} MB"
        )
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin is not None and not is_known_host(urlsplit(origin).netloc, settings):
        abort(400, description="这份稿件不是从本站的页面发来的；请打开本站的核稿页再发")


def is_known_host(host: str, settings: Settings) -> bool:
    """Whether a Host header names this server; anything else may be a rebound name of a foreign site.

    A server that is bound to every address also takes any address written in numbers: those cannot be rebound.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in _LOCAL_HOSTS | {settings.host.lower(), *(known.lower() for known in settings.hosts)}:
        return True
    return settings.host in _ANY_ADDRESS and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
