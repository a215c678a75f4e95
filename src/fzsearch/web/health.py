"""Is the site alive, and can it answer? /healthz never asks the engine; /readyz says what is right and what is not."""

from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify

import fzsearch
from fzsearch.config import Settings
from fzsearch.engine import IndexInfo
from fzsearch.errors import EngineError, IndexMissingError, IndexOutdatedError
from fzsearch.service.search import SearchService

_ASK_AGAIN_S = 10
"""Who watches over a server asks again after so many seconds, also when somebody has to build an index first."""
_CHECKS = {"engine": "检索引擎有回答", "index": "有索引", "version": "索引的版本与程序相符"}
"""What has to be right, in the order in which it is found out."""


def _checked(error: EngineError | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """One sentence for each check; what comes after one that failed is not known."""
    by_error = {IndexMissingError: "index", IndexOutdatedError: "version"}
    failed = by_error.get(type(error), "engine") if error else None
    ok: bool | None = True
    for name, sentence in _CHECKS.items():
        if name == failed:
            yield name, {"ok": False, "message": str(error)}
            ok = None
        else:
            yield name, {"ok": ok, "message": sentence if ok else "前一项好了才看得出"}


def info_or_none(service: SearchService) -> IndexInfo | None:
    """What the index says of itself, for pages that can do without."""
    try:
        return service.info()
    except EngineError:
        return None


def register(app: Flask, service: SearchService, _settings: Settings) -> None:
    """Add the routes to an application."""

    def health() -> Response:
        """This process answers."""
        return jsonify({"ok": True, "program": fzsearch.__version__})

    def ready() -> Response:
        """Searching works."""
        try:
            info = service.ready()
        except EngineError as error:
            response = jsonify({"ok": False, "program": fzsearch.__version__, "checks": dict(_checked(error))})
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            response.headers["Retry-After"] = str(error.retry_after or _ASK_AGAIN_S)
        else:
            response = jsonify(
                {
                    "ok": True,
                    "program": fzsearch.__version__,
                    "checks": dict(_checked(None)),
                    "engine": info.engine,
                    "version": info.version,
                    "built_at": info.built_at,
                    "counts": asdict(info.counts),
                }
            )
        response.headers["Cache-Control"] = "no-store"
        return response

    app.add_url_rule("/healthz", "health", health)
    app.add_url_rule("/readyz", "ready", ready)
