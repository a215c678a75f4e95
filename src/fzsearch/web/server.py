"""How is the application run? On waitress, a WSGI server in pure Python, for this machine unless told otherwise."""

import socket
from collections.abc import Callable

import waitress

from fzsearch.analysis.words import load
from fzsearch.config import Settings
from fzsearch.errors import ConfigError
from fzsearch.service.search import SearchService
from fzsearch.web import create_app
from fzsearch.web.security import MAX_RECEIVED_BYTES, MAX_URL_BYTES

MIN_THREADS = 4


def serve(service: SearchService, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        service: what the site searches.
        settings: host, port (0 takes a free one) and threads.
        announce: called once with the address of the site, when it is reachable.

    Raises:
        ConfigError: host and port cannot be bound.
    """
    app = create_app(service, settings)
    load()  # the dictionary takes a second: before the first visitor, not while one waits
    with _bound(settings) as listening:
        server = waitress.create_server(
            app,
            sockets=[listening],
            threads=max(MIN_THREADS, settings.threads),
            ident="fzsearch",
            max_request_body_size=MAX_RECEIVED_BYTES,
            max_request_header_size=2 * MAX_URL_BYTES,
        )
        try:
            announce(_address(listening))
            server.run()
        finally:
            server.close()


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except (OSError, UnicodeError) as problem:
        address = f"{settings.host}:{settings.port}"
        raise ConfigError(f"不能在 {address} 上开网站（{problem}）；请换地址或端口，如 --port 8001") from problem


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
