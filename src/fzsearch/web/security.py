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
METHODS = frozenset({"GET", "HEAD"})
POST_LIMITS = {"api_check": 1_000_000, "brief": 4 * 2**20, "check": 8 * 2**20}
"""Endpoints that take a body by POST, and how many bytes: what is sent is answered and kept nowhere."""
MAX_URL_BYTES = 16_384
MAX_QUOTING_URL_BYTES = 26_000
"""Of addresses under /r/: a quotation of 2,000 Han characters to compare is 18,000 bytes when percent-encoded."""
MAX_BODY_BYTES = 65_536
"""Of anything that is not in `POST_LIMITS`; nothing reads it."""
MAX_RECEIVED_BYTES = 64 * 2**20
"""The server reads this much, so that a person whose file is too large is told so by a page."""

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def protect(app: Flask, settings: Settings) -> None:
    """Check every request to an application and add headers to every answer, errors included."""

    def check_request() -> None:
        if not is_known_host(request.host, settings):
            abort(400, description=f"不认识的主机名“{request.host[:80]}”；若要用它访问，启动时在 hosts 设置里写上")
        allowed = _allowed_methods()
        if request.method not in allowed:
            raise MethodNotAllowed(sorted(allowed), f"这里只接受 {'、'.join(sorted(allowed))} 请求，什么也不会被改动")
        _check_body(settings)
        limit_bytes = MAX_QUOTING_URL_BYTES if request.path.startswith("/r/") else MAX_URL_BYTES
        if len(request.full_path.encode("utf-8", "replace")) > limit_bytes:
            abort(414, description="地址太长；请减少筛选条件")

    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    app.before_request(check_request)
    app.after_request(add_headers)


def _allowed_methods() -> frozenset[str]:
    """What the route that was asked for takes; an address without a route reads as all others do."""
    if request.url_rule is not None:
        known, takes_body = request.url_rule.methods or set(), request.url_rule.endpoint in POST_LIMITS
    elif isinstance(request.routing_exception, MethodNotAllowed):
        known, takes_body = set(request.routing_exception.valid_methods or ()), True
    else:
        known, takes_body = set(METHODS), False
    return METHODS & known | ({"POST"} & known if takes_body else set())


def _check_body(settings: Settings) -> None:
    """Refuse what is too large, and forms that another site sends: they could not read the answer, only cost time."""
    limit = POST_LIMITS.get(request.endpoint or "", MAX_BODY_BYTES)
    request.max_content_length = request.max_form_memory_size = limit
    if (sent := request.content_length or 0) > limit:
        abort(413, description=f"发来的内容有 {sent / 2**20:.1f} MB，最多 {limit / 2**20:.2g} MB；请分成几份再送")
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin is not None and not is_known_host(urlsplit(origin).netloc, settings):
        abort(400, description="这份内容不是从本站的页面发来的；请打开本站的网页再发")


def site_url(settings: Settings) -> str:
    """The address of the site as visitors reach it, without a slash at its end; the Host header has been checked."""
    return settings.base_url or request.host_url.rstrip("/")


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
