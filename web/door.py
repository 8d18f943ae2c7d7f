"""A machine door: who asks is known, what it gives is compressed, tagged and counted.

It is a WSGI application of its own before that of the pages: of a page of OAI-PMH that is kept, the
sessions, languages and templates of a web framework would be most of the work.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import http_date, is_resource_modified

from catalogue.clock import wall_clock
from catalogue.consumers.model import EVERYBODY, Consumer, Served
from catalogue.errors import DatabaseUnreachable
from crosswalks.errors import Error
from protocols.errors import ProtocolError
from provider.errors import KeyUnknown, TooOften
from provider.model import Request, Response
from web import compression, failures, ranges
from web.consumers import asking
from web.language import message, of_client, translator
from web.ranges import Slice
from web.security import LARGEST_BODY, headers_of
from web.site import Site

_METHODS = ("GET", "HEAD", "POST")
_FORM = "application/x-www-form-urlencoded"
_WORTH_HANDING_OVER = 1 << 16
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
VARY = "Accept-Encoding, Authorization"
_log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """A request at a door."""

    path: str
    """What is below the door's own address: empty, or as after its slash."""
    request: Request
    consumer: Consumer
    say: Callable[[Error | ProtocolError], str]
    """Says an error in the language of whoever asks."""


Answering = Callable[[Site, Asked], Response | None]
"""Answers what is asked; None where there is nothing at this address."""


class Way(NamedTuple):
    """An address, or several, with what answers there."""

    name: str
    """Also what is counted there, by consumer."""
    answering: Answering
    vary: str = VARY
    addresses: str = ""
    """A pattern of its addresses, whose group is what is asked for; empty: ``/name`` and below."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return what matches its addresses."""
        return re.compile(self.addresses or f"/{re.escape(self.name)}((?:/.*)?)", re.DOTALL)


class _Sent(NamedTuple):
    """What goes out."""

    status: int
    headers: dict[str, str]
    body: bytes
    file: Slice | None = None
    """In place of the body."""

    @property
    def size(self) -> int:
        """Return its length in bytes."""
        return self.file.size if self.file else len(self.body)


class Door:
    """What answers at an address and all below it; the rest is passed on to the application."""

    def __init__(self, beyond: WSGIApplication, site: Site, way: Way) -> None:
        self._beyond = beyond
        self._site = site
        self._name = way.name
        self._at = way.pattern
        self._answering = way.answering
        self._headers = headers_of(site.identity.base_url) | {"Vary": way.vary}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        path = environ.get("PATH_INFO", "")
        found = self._at.fullmatch(path)
        if found is None:
            return self._beyond(environ, start)
        try:
            sent = self._admitted(environ, found[1])
        except DatabaseUnreachable:
            sent = _failure(environ, HTTPStatus.SERVICE_UNAVAILABLE)
            sent.headers["Retry-After"] = failures.RETRY_AFTER
        except Exception:  # noqa: BLE001 - the edge: whoever asks next is answered
            _log.exception("%s %s", environ.get("REQUEST_METHOD"), path)
            sent = _failure(environ, HTTPStatus.INTERNAL_SERVER_ERROR)
        if sent is None:
            return self._beyond(environ, start)
        return self._send(environ, start, sent)

    def _admitted(self, environ: WSGIEnvironment, path: str) -> _Sent | None:
        """Answer whoever may ask and does not ask too often."""
        if environ["REQUEST_METHOD"] not in _METHODS:
            refused = _failure(environ, HTTPStatus.METHOD_NOT_ALLOWED)
            refused.headers["Allow"] = ", ".join(_METHODS)
            return refused
        strict = self._name == "oai"
        found = asking(self._site.database, environ.get("HTTP_AUTHORIZATION", ""), strict=strict)
        if found is None:
            challenge = {"WWW-Authenticate": f'Basic realm="{self._name}"'}
            refused = _refusal(environ, KeyUnknown(), HTTPStatus.UNAUTHORIZED, challenge)
            return self._counted(refused, EVERYBODY)
        seconds = self._wait(environ, found)
        if seconds:
            # What OAI-PMH has harvesters wait by (2.0 s3.1.2.2).
            status = HTTPStatus.SERVICE_UNAVAILABLE if strict else HTTPStatus.TOO_MANY_REQUESTS
            after = {"Retry-After": str(seconds)}
            refused = _refusal(environ, TooOften(seconds=seconds), status, after)
            return self._counted(refused, found)
        return self._answered(environ, path, found)

    def _wait(self, environ: WSGIEnvironment, found: Consumer) -> int:
        address = str(environ.get("REMOTE_ADDR"))
        who, most = (found.name, found.per_minute) if found.id else (address, 0)
        return self._site.meter.wait(f"{self._name} {who}", most or self._site.doors.per_minute)

    def _answered(self, environ: WSGIEnvironment, path: str, consumer: Consumer) -> _Sent | None:
        form = _form(environ)
        if form is None:
            return _failure(environ, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request = Request.parse(environ.get("QUERY_STRING", "").encode("latin-1"), form)
        say = partial(message, translate=translator(_language(environ)))
        below = path if path == "/" else path.removeprefix("/")
        below = below.encode("latin-1").decode("utf-8", "replace")
        given = self._answering(self._site, Asked(below, request, consumer, say))
        if given is None:
            return None
        return self._counted(_said(environ, given), consumer, given)

    def _counted(self, sent: _Sent, consumer: Consumer, given: Response | None = None) -> _Sent:
        records = given.records if given and sent.status == HTTPStatus.OK else 0
        page = given.page if given else None
        served = Served(consumer.id, wall_clock(), self._name, records, sent.size, page)
        self._site.tally.add(served)
        return sent

    def _send(self, environ: WSGIEnvironment, start: StartResponse, sent: _Sent) -> Iterable[bytes]:
        headers = self._headers | sent.headers
        if sent.status != HTTPStatus.NOT_MODIFIED:
            headers["Content-Length"] = str(sent.size)
        start(f"{sent.status} {HTTPStatus(sent.status).phrase}", list(headers.items()))
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        wrapper = environ.get("wsgi.file_wrapper")
        if sent.file is not None:
            return ranges.stream(sent.file, wrapper)
        if wrapper is not None and len(sent.body) >= _WORTH_HANDING_OVER:
            # What a server is given as bytes it copies once more.
            handed: Iterable[bytes] = wrapper(BytesIO(sent.body), _WORTH_HANDING_OVER)
            return handed
        return [sent.body]


def _said(environ: WSGIEnvironment, given: Response) -> _Sent:
    """Return an answer as it goes out: as nothing, where whoever asks has it already."""
    headers = dict(given.headers)
    if given.file is not None:
        status, told, piece = ranges.piece(environ, given.file)
        return _Sent(status, headers | told, b"", piece)
    if given.tag:
        headers |= _tagged(given)
        if not _is_news(environ, headers):
            known = {name: value for name, value in headers.items() if name == "ETag"}
            return _Sent(HTTPStatus.NOT_MODIFIED, known, b"")
    if given.status != HTTPStatus.OK:
        return _Sent(given.status, headers, given.body)
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    encoding, body = compression.packed(given.body, given.tag, accepted)
    if encoding:
        headers["Content-Encoding"] = encoding
    return _Sent(given.status, headers, body)


def _tagged(given: Response) -> dict[str, str]:
    """Return what has an answer kept by caches, and asked for each time whether it still is so.

    RFC 9111 s5.2.2.4 (no-cache, which all answers have), RFC 9110 s8.8.
    """
    headers = {"ETag": f'W/"{given.tag}"'}
    if given.changed is not None:
        headers["Last-Modified"] = http_date(datetime.fromtimestamp(given.changed, UTC))
    return headers


def _is_news(environ: WSGIEnvironment, headers: dict[str, str]) -> bool:
    if environ["REQUEST_METHOD"] == "POST":
        return True
    return is_resource_modified(
        environ, headers["ETag"], last_modified=headers.get("Last-Modified")
    )


def _form(environ: WSGIEnvironment) -> bytes | None:
    """Return the body of a form, nothing where none was sent, or None where it is too long."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    told = environ.get("CONTENT_LENGTH") or "0"
    if kind != _FORM or environ["REQUEST_METHOD"] != "POST":
        return b""
    length = int(told) if told.isascii() and told.isdigit() else 0
    if length > LARGEST_BODY:
        return None
    return bytes(environ["wsgi.input"].read(length))


def _language(environ: WSGIEnvironment) -> str:
    return of_client(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def _failure(environ: WSGIEnvironment, status: HTTPStatus) -> _Sent:
    words = failures.words_for(status)
    translate = translator(_language(environ))
    text = f"{translate(words.heading)}. {translate(words.text)}\n"
    return _Sent(status, dict(_PLAIN), text.encode())


def _refusal(
    environ: WSGIEnvironment, error: Error, status: HTTPStatus, headers: dict[str, str]
) -> _Sent:
    text = message(error, translator(_language(environ)))
    return _Sent(status, _PLAIN | headers, f"{text}\n".encode())
