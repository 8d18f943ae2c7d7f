"""The OAI-PMH server of made-up members: a process of its own that sends pages from the disk.

Nothing is made when it is asked for: what stands around a page is a few bytes, and the page goes
from the file to the connection without passing through the program. Each member has an address of
its own, ``/CODE/oai``.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from hub.bench.pages import Listed
from protocols.oai import OAI

_HOST = "127.0.0.1"
_RESPONSE_DATE = "2024-05-06T07:08:09Z"
_EARLIEST = "2024-01-01T00:00:00Z"
_GRACE = 5.0
"""Seconds that the process gets to end."""
_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{OAI}"><responseDate>{_RESPONSE_DATE}</responseDate>'
    "<request>http://thu-vien.example/oai</request>"
)
_CLOSING = "</OAI-PMH>\n"


class _Answer(NamedTuple):
    """What is sent: a page of a file, perhaps, and what stands around it."""

    before: bytes
    page: tuple[str, int, int] = ("", 0, 0)
    """File, offset, length."""
    after: bytes = b""


@contextmanager
def serving(members: Mapping[str, Listed], latency: float = 0.0) -> Iterator[str]:
    """Serve the members' lists for as long as the block; give the URL that codes come behind.

    ``latency`` is how many seconds each page takes, as at the other end of the country.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, members, latency), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        process.join(_GRACE)
        if process.is_alive():
            process.kill()
            process.join()


def _serve(parent: Connection, members: Mapping[str, Listed], latency: float) -> None:
    """Serve until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _Server(members, latency) as server:
        parent.send(f"http://{_HOST}:{server.server_port}")
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        with suppress(EOFError, OSError):
            parent.recv()
        server.shutdown()
        serving.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, members: Mapping[str, Listed], latency: float) -> None:
        self.members = members
        self.latency = latency
        super().__init__((_HOST, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of readers that go in the middle of a page."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer a request."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        listed = self.server.members.get(parts.path.strip("/").removesuffix("/oai"))
        if listed is None:
            self.send_error(404)
            return
        if asked.get("verb") == "ListRecords":
            time.sleep(self.server.latency)
        self._send(_answer(listed, asked))

    def _send(self, answer: _Answer) -> None:
        path, offset, length = answer.page
        size = len(answer.before) + length + len(answer.after)
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
            f"Content-Length: {size}\r\n\r\n"
        )
        self.connection.sendall(head.encode() + answer.before)
        if path:
            with open(path, "rb") as file:  # noqa: PTH123 - sendfile takes what this gives
                self.connection.sendfile(file, offset, length)
        if answer.after:
            self.connection.sendall(answer.after)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing of each request."""


def _answer(listed: Listed, asked: Mapping[str, str]) -> _Answer:
    match asked.get("verb"):
        case "ListRecords":
            return _page(listed, asked.get("resumptionToken", "0"))
        case "ListMetadataFormats":
            return _whole(
                f"<ListMetadataFormats><metadataFormat><metadataPrefix>{listed.prefix}"
                f"</metadataPrefix><schema>{listed.namespace}</schema><metadataNamespace>"
                f"{listed.namespace}</metadataNamespace></metadataFormat></ListMetadataFormats>"
            )
        case "Identify":
            return _whole(
                "<Identify><repositoryName>Thư viện</repositoryName>"
                "<baseURL>http://thu-vien.example/oai</baseURL>"
                "<protocolVersion>2.0</protocolVersion><adminEmail>thu@thu-vien.example"
                f"</adminEmail><earliestDatestamp>{_EARLIEST}</earliestDatestamp>"
                "<deletedRecord>persistent</deletedRecord>"
                "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
            )
    return _whole(
        '<error code="badVerb">Identify, ListMetadataFormats and ListRecords only</error>'
    )


def _page(listed: Listed, token: str) -> _Answer:
    if not listed.pages:
        return _whole('<error code="noRecordsMatch">there is nothing in it</error>')
    if not token.isdecimal() or int(token) >= len(listed.pages):
        return _whole('<error code="badResumptionToken">no token of this list</error>')
    number = int(token)
    page = listed.pages[number]
    following = str(number + 1) if number + 1 < len(listed.pages) else ""
    after = (
        f'<resumptionToken completeListSize="{listed.entries}">{following}</resumptionToken>'
        f"</ListRecords>{_CLOSING}"
    )
    return _Answer(
        f"{_OPENING}<ListRecords>".encode(),
        (page.path, page.offset, page.length),
        after.encode(),
    )


def _whole(inside: str) -> _Answer:
    return _Answer(f"{_OPENING}{inside}{_CLOSING}".encode())
