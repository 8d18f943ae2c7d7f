"""The simulated members' servers: each on its own free port of this machine, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from socket import socket
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from waitress import wasyncore
from waitress.server import create_server

from hub import serving
from hub.demo.member import Member, demo_members
from hub.demo.repository import Repository, respond
from provider.model import Request

_HOST = "127.0.0.1"
_LONGEST_FORM = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_TYPES = {HTTPStatus.OK: "text/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningMember:
    """A member whose endpoint answers."""

    name: str
    """To name its source by."""
    library_code: str
    library_name: str
    url: str
    """The OAI-PMH base URL; its port is another one each time."""
    prefix: str
    """The metadataPrefix it is best harvested with."""


@contextmanager
def members(most: int | None = None) -> Iterator[tuple[RunningMember, ...]]:
    """Run the three members' endpoints for as long as the block lasts.

    Each gives ``most`` records, or all it has.
    """
    with ExitStack() as stack:
        yield tuple(stack.enter_context(_running(member, most)) for member in demo_members())


@contextmanager
def _running(member: Member, most: int | None) -> Iterator[RunningMember]:
    path = member.habit("path")
    with closing(serving.listen(_HOST, 0)) as listener:
        url = serving.address(listener) + path
        app = _Application(Repository(member=member, base_url=url, most=most), path)
        with _served(app, listener):
            yield RunningMember(
                name=member.habit("name"),
                library_code=member.habit("code"),
                library_name=member.habit("library"),
                url=url,
                prefix=member.habit("prefix"),
            )


@contextmanager
def _served(app: serving.WSGI, listener: socket) -> Iterator[None]:
    """Serve in a thread, and end it with the block."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, sockets=[listener], threads=2, ident=None)
    stopping = threading.Event()
    thread = threading.Thread(target=_loop, args=(sockets, stopping), name="demo-member")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        wasyncore.close_all(sockets, ignore_all=True)


def _loop(sockets: dict[int, Any], stopping: threading.Event) -> None:
    while not stopping.is_set():
        wasyncore.loop(timeout=1.0, use_poll=True, map=sockets, count=1)


@dataclass(frozen=True, slots=True)
class _Application:
    """The WSGI application of one member: GET and POST on one path (OAI-PMH 2.0 s3.1.1)."""

    repository: Repository
    path: str

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        status = self._status(environ)
        body = status.phrase.encode()
        if status is HTTPStatus.OK:
            body = respond(self.repository, _request(environ).arguments)
        kind = _TYPES.get(status, "text/plain; charset=utf-8")
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _status(self, environ: WSGIEnvironment) -> HTTPStatus:
        if environ["PATH_INFO"] != self.path:
            return HTTPStatus.NOT_FOUND
        if environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return HTTPStatus.METHOD_NOT_ALLOWED
        if _form_length(environ) > _LONGEST_FORM:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return HTTPStatus.OK


def _request(environ: WSGIEnvironment) -> Request:
    query = environ["QUERY_STRING"].encode("latin-1")
    return Request.parse(query, environ["wsgi.input"].read(_form_length(environ)))


def _form_length(environ: WSGIEnvironment) -> int:
    form = environ["REQUEST_METHOD"] == "POST" and environ.get("CONTENT_TYPE", "").startswith(_FORM)
    return int(environ.get("CONTENT_LENGTH") or 0) if form else 0
