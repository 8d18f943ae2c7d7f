"""A forward proxy on 127.0.0.1: passes requests on, and tunnels what is encrypted."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@contextmanager
def proxying(seen: list[str], *, refuse: int = 0) -> Iterator[str]:
    """Run a proxy that notes what it is asked for, or refuses all with a status; give its URL."""

    class Handler(_Handler):
        def parse_request(self) -> bool:
            parsed = super().parse_request()
            if parsed:
                seen.append(f"{self.command} {self.path}")
            return parsed

        status = refuse

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    status = 0

    def do_GET(self) -> None:
        if self.status:
            self._say(self.status)
            return
        parts = urlsplit(self.path)
        upstream = http.client.HTTPConnection(parts.netloc)
        upstream.request(
            "GET", parts._replace(scheme="", netloc="").geturl(), headers=dict(self.headers)
        )
        answer = upstream.getresponse()
        self._say(answer.status, answer.read())
        upstream.close()

    def do_CONNECT(self) -> None:
        if self.status:
            self._say(self.status)
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as upstream:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(upstream, self.connection))
            back.start()
            _pump(self.connection, upstream)
            back.join()
        self.close_connection = True

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


def _pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
    with suppress(OSError):
        there.shutdown(socket.SHUT_WR)
