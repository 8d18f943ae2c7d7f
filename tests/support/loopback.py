"""HTTP servers on 127.0.0.1 for tests, each on a free port and ended with its block."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer, ThreadingMixIn
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication

Server = TypeVar("Server", bound=BaseServer)


class Request(NamedTuple):
    """What a client asked for."""

    path: str
    arguments: dict[str, str]
    headers: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...] = ()
    """The arguments as they came, some perhaps twice."""
    posted: bool = False


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server says, and how badly it says it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/xml; charset=utf-8"
    cut: int | None = None
    """Close the connection after so many bytes of the body, whatever was announced."""
    length: bool = True
    """Announce the length; otherwise the end of the connection is the end of the body."""
    drip: float = 0
    """Seconds between single bytes of the body."""
    hold: float = 0
    """Seconds to keep the connection open after what was sent of the body."""
    reset: bool = False
    """Reset the connection after what was sent of the body."""


@contextmanager
def replying(
    respond: Callable[[Request], Reply], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve replies over HTTP/1.1 with kept-alive connections; give the base URL.

    With ``tls`` that of ``https://localhost``.
    """

    class Handler(_Handler):
        def do_GET(self) -> None:
            self.reply(respond)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.reply(respond, self.rfile.read(length).decode())

    made = _Replying(("127.0.0.1", 0), Handler)
    port = made.server_address[1]
    if tls is not None:
        # The handshake is made by the thread of its connection: one that fails stops no other.
        made.socket = tls.wrap_socket(made.socket, server_side=True, do_handshake_on_connect=False)
    with running(made):
        yield f"https://localhost:{port}/oai" if tls else f"http://127.0.0.1:{port}/oai"


@contextmanager
def serving(application: WSGIApplication) -> Iterator[str]:
    """Serve a WSGI application; give the base URL without a path."""
    made = make_server("127.0.0.1", 0, application, _ThreadingWsgi, _QuietWsgi)
    with running(made) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Replying(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        self.over = threading.Event()
        self.resets: set[socket.socket] = set()
        super().__init__(address, handler)

    def server_close(self) -> None:
        self.over.set()
        super().server_close()

    def shutdown_request(self, request: Any) -> None:
        """End a connection, by a reset where it was asked for."""
        if request not in self.resets:
            super().shutdown_request(request)
            return
        self.resets.remove(request)
        request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go, as they should from bad certificates."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # any request


class _ThreadingWsgi(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietWsgi(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Replying

    def reply(self, respond: Callable[[Request], Reply], form: str = "") -> None:
        parts = urlsplit(self.path)
        pairs = tuple(parse_qsl(f"{parts.query}&{form}", keep_blank_values=True))
        posted = self.command == "POST"
        said = respond(Request(parts.path, dict(pairs), dict(self.headers), pairs, posted))
        try:
            self._send(said)
        except OSError:
            # The client has gone, as it should from some of these.
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.length:
            self.send_header("Content-Length", str(len(reply.body)))
        if reply.cut is not None or not reply.length:
            self.send_header("Connection", "close")
        self.end_headers()
        self._send_body(reply.body[: reply.cut], reply.drip)
        self.wfile.flush()
        self.server.over.wait(reply.hold)
        if reply.reset:
            self.server.resets.add(self.connection)
            self.close_connection = True

    def _send_body(self, body: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(body)
            return
        for position in range(len(body)):
            if self.server.over.is_set():
                return
            self.wfile.write(body[position : position + 1])
            time.sleep(drip)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass
