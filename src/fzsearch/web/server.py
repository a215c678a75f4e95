"""How is the application run? On waitress, a WSGI server in pure Python, for this machine unless told otherwise.

Python computes on one processor at a time. More processes share the listening socket: each accepts what it has time
for. They are forked once index, lists and dictionary are read, so that all of them share that memory.
"""

import gc
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait

import waitress
from flask import Flask

from fzsearch.analysis.words import load
from fzsearch.config import Settings
from fzsearch.errors import ConfigError
from fzsearch.service.search import SearchService
from fzsearch.web import create_app
from fzsearch.web.access_log import Write, logged, open_log
from fzsearch.web.security import MAX_RECEIVED_BYTES, MAX_URL_BYTES

MIN_THREADS = 4
_END_SECONDS = 10


def serve(service: SearchService, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    An engine that is away for now is no reason to refuse: pages say so until it is back.

    Args:
        service: what the site searches.
        settings: host, port (0 takes a free one), threads and processes, the access log and the proxy in front.
        announce: called once with the address of the site, when it is reachable.

    Raises:
        ConfigError: host and port cannot be bound, this system has no several processes, or the log cannot be written.
    """
    app, write = create_app(service, settings), open_log(settings)
    load()  # the dictionary takes a second: before the first visitor, not while one waits
    _warm_up(app)
    run = partial(_run, app, settings, write)
    with _bound(settings) as listening, _beside(settings.processes - 1, partial(run, listening)):
        run(listening, lambda: announce(_address(listening)))


def _warm_up(app: Flask) -> None:
    """Ask for the first pages, so that templates are compiled and files open before the first visitor."""
    client = app.test_client()
    for path in ("/", "/search?q=法治政府"):
        client.get(path)


def _run(
    app: Flask,
    settings: Settings,
    write: Write | None,
    listening: socket.socket,
    begun: Callable[[], None] = lambda: None,
) -> None:
    """Answer what comes over a socket until interrupted; requests that have begun are answered."""
    _warm_up(app)  # a process of its own has files of its own to open
    server = waitress.create_server(
        logged(app, settings, write),
        sockets=[listening],
        threads=max(MIN_THREADS, settings.threads),
        ident="fzsearch",
        max_request_body_size=MAX_RECEIVED_BYTES,
        max_request_header_size=2 * MAX_URL_BYTES,
        trusted_proxy=settings.trusted_proxy or None,
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"} if settings.trusted_proxy else set(),
        clear_untrusted_proxy_headers=True,
    )
    try:
        begun()
        server.run()
    finally:
        server.close()


@contextmanager
def _beside(count: int, run: Callable[[], None]) -> Iterator[None]:
    """So many processes that run the same; they end with this one, however it ends."""
    if count and "fork" not in multiprocessing.get_all_start_methods():
        raise ConfigError("这个系统上网站只能用一个进程；请去掉 --processes 或 FZSEARCH_PROCESSES")
    gc.freeze()  # what is there now is never looked through again, so the processes go on sharing it
    context = multiprocessing.get_context("fork") if count else multiprocessing
    started = [context.Process(target=_end_with_parent, args=(run,)) for _ in range(count)]
    for process in started:
        process.start()
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.join(_END_SECONDS)
            process.kill()


def _end_with_parent(run: Callable[[], None]) -> None:
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)  # not SIGINT, which a job in the background ignores

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=watch, daemon=True).start()
    run()


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
