"""What may a browser keep, and when is nothing sent again? ETags by generation, static files under versioned addresses.

Pages are asked for again every time and answered with 304, before any work, while the index is the same; static files
are kept for a year under an address that names their content.
"""

import hashlib
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, g, request

from fzsearch.engine import IndexInfo
from fzsearch.service.search import SearchService
from fzsearch.web.health import info_or_none
from fzsearch.web.security import POST_LIMITS

KEEP = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
STATIC_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
"""Fixed: with `nosniff` a script of another type never runs, and Windows takes types from its registry."""

_ASK_NOBODY = frozenset({None, "static", "health", "ready"})
"""Endpoints whose answers have nothing to do with a generation, or that ask for themselves whether it is there."""
_WITHOUT_ENGINE = frozenset({"home", "help", "opensearch", "api_openapi", "check", "brief"})
"""Endpoints that have something to show while the engine is away; the others are refused before their work."""
_NOT_OF_A_GENERATION = frozenset({"file", "api_cite", "cite", *POST_LIMITS})
"""Endpoints whose answers depend on more than index and program."""


def cache(app: Flask, service: SearchService, token: str) -> None:
    """Give ETags to the pages of an application, and versioned addresses to its static files.

    Args:
        app: its templates get the function `static_url`.
        service: tells the generation.
        token: names the program; together with the generation it makes the ETag.
    """
    versions = _static_versions(Path(app.static_folder or ""))

    def known_answer() -> Response | None:
        """304 before the work; the ETag is of one address only, so a browser has it only for an answer with 200."""
        g.etag = None
        if request.endpoint in _ASK_NOBODY:
            return None
        info = info_or_none(service) if request.endpoint in _WITHOUT_ENGINE else service.info()
        if info is None or request.endpoint in _NOT_OF_A_GENERATION or request.method == "POST":
            return None
        g.etag = _etag(info, token)
        known = request.if_none_match
        if known.star_tag or not known.contains_weak(g.etag):  # * would hide a 404
            return None
        return Response(status=HTTPStatus.NOT_MODIFIED)

    def add_headers(response: Response) -> Response:
        if request.endpoint == "static":
            _static_headers(response, versions)
        response.headers.setdefault("Cache-Control", ASK_AGAIN)
        is_answer = response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
        # An index switched while the page was made belongs to neither ETag: such an answer gets none.
        if is_answer and g.get("etag") is not None and g.etag == _etag(info_or_none(service), token):
            response.set_etag(g.etag, weak=True)
        return response

    app.before_request(known_answer)
    app.after_request(add_headers)
    app.jinja_env.globals["static_url"] = lambda name: f"/static/{name}?v={versions[name]}"


def _static_versions(folder: Path) -> dict[str, str]:
    """8 hex digits of the SHA-256 of every static file, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in folder.iterdir() if path.is_file()}


def _static_headers(response: Response, versions: dict[str, str]) -> None:
    """A year only where the address names exactly this content; another version may be asked for by an old page."""
    name = request.path.rpartition("/")[2]
    if response.status_code == HTTPStatus.OK and Path(name).suffix in STATIC_TYPES:
        response.headers["Content-Type"] = STATIC_TYPES[Path(name).suffix]
    is_kept = name in versions and request.args.get("v") == versions[name]
    response.headers["Cache-Control"] = KEEP if is_kept else ASK_AGAIN


def _etag(info: IndexInfo | None, token: str) -> str | None:
    """Names program and generation: two generations of the same reports differ in time, and in what was unreadable."""
    built = hashlib.sha256(info.built_at.encode()).hexdigest()[:8] if info else ""
    return f"{token}-{info.version}-{built}" if info else None
