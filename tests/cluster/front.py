"""What stands before a cluster in an office? A server that speaks TLS, asks who is there, and passes requests on."""

import base64
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WRITER, READER, KEY = "写手", "reader", "a2V5OnNlY3JldA=="
PASSWORD = "密码-p:w d"  # noqa: S105 - of this test


def basic(user: str, password: str) -> str:
    """The header of somebody with a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


ALLOWED = {basic(WRITER, PASSWORD): True, basic(READER, PASSWORD): False, f"ApiKey {KEY}": True}
"""Who may enter, and whether they may write."""


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    path, cert = folder / "front.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=front"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(cert)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + cert.read_bytes())
    return path


@contextmanager
def front(certificate: Path, node: str) -> Iterator[str]:
    """The address of such a server before a node."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            may_write = ALLOWED.get(self.headers.get("Authorization", ""))
            if may_write is None:
                self.answer(401, b"Unauthorized", "text/plain")
            elif not may_write and self.command != "GET" and "/_search" not in self.path:
                reason = b'{"error": {"root_cause": [{"reason": "no permissions for [indices:data/write]"}]}}'
                self.answer(403, reason, "application/json")
            else:
                kind = {"Content-Type": "application/json"}
                asked = urllib.request.Request(node + self.path, body or None, kind, method=self.command)  # noqa: S310
                try:
                    with urllib.request.urlopen(asked, timeout=60) as told:  # noqa: S310 - our own
                        self.answer(told.status, told.read(), told.headers["Content-Type"])
                except urllib.error.HTTPError as told:
                    self.answer(told.code, told.read(), told.headers["Content-Type"])

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - called by these names

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Some visitors do not trust the certificate: that is tried on purpose."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
