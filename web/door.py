"""A machine door: who asks is known, what it gives is compressed, tagged and counted.

It is a WSGI application of its own before that of the pages: of a page of OAI-PMH that is kept, the
sessions, languages and templates of a web framework would be most of the work.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
from catalogue.users import User
from crosswalks.errors import Error
from protocols.errors import ProtocolError
from provider.errors import KeyUnknown, TooOften
from provider.model import Request, Response
from web import compression, failures, ranges
from web.consumers import asking, person
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


class Body(NamedTuple):
    """What is sent with a request, and its type without parameters."""

    type: str
    content: bytes


NO_BODY = Body("", b"")


class Asked(NamedTuple):
    """A request at a door."""

    path: str
    """What is below the door's own address: empty, or as after its slash."""
    request: Request
    consumer: Consumer
    say: Callable[[Error | ProtocolError], str]
    """Says an error in the language of whoever asks."""
    method: str = "GET"
    """What is to be done; HEAD is GET here, and its answer is sent without what it says."""
    address: str = ""
    """The network address of whoever asks."""
    accept: str = ""
    """The types that are wanted, as the header says it."""
    person: User | None = None
    """Who of the staff asks, at doors that know people."""
    body: Body = NO_BODY
    """What is sent, at doors that take no forms."""


Answering = Callable[[Site, Asked], Response | None]
"""Answers what is asked; None where there is nothing at this address."""


class Refused(NamedTuple):
    """A request that is not answered: why, in words of whoever asks, and at which address."""

    status: HTTPStatus
    code: str
    heading: str
    text: str
    address: str = ""


def as_text(refused: Refused) -> Response:
    """Say in plain text why something is not answered."""
    said = f"{refused.heading}. {refused.text}" if refused.heading else refused.text
    return Response(status=refused.status, headers=_PLAIN, body=f"{said}\n".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one door speaks, where doors differ."""

    name: str
    """Also what is counted there, by consumer."""
    answering: Answering
    vary: str = VARY
    addresses: str = ""
    """A pattern of its addresses, whose group is what is asked for; empty: ``/name`` and below."""
    methods: tuple[str, ...] = _METHODS
    for_people: bool = False
    """Whether it knows people of the staff by their keys, and takes JSON and no forms."""
    strict: bool = False
    """Whether whatever is sent as a key has to be one."""
    scheme: str = "Basic"
    """How a key is asked for, where the one that was sent is none."""
    too_often: HTTPStatus = HTTPStatus.TOO_MANY_REQUESTS
    refusing: Callable[[Refused], Response] = as_text
    headers: Mapping[str, str] = field(default_factory=dict)
    """What each of its answers carries, beside what all doors' do."""

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

    def __init__(self, beyond: WSGIApplication, site: Site, manner: Manner) -> None:
        self._beyond = beyond
        self._site = site
        self._manner = manner
        self._name = manner.name
        self._at = manner.pattern
        self._headers = (
            headers_of(site.identity.base_url) | {"Vary": manner.vary} | dict(manner.headers)
        )

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        path = environ.get("PATH_INFO", "")
        found = self._at.fullmatch(path)
        if found is None:
            return self._beyond(environ, start)
        try:
            sent = self._admitted(environ, found[1])
        except DatabaseUnreachable:
            sent = self._failure(environ, HTTPStatus.SERVICE_UNAVAILABLE)
            sent.headers["Retry-After"] = failures.RETRY_AFTER
        except Exception:  # noqa: BLE001 - the edge: whoever asks next is answered
            _log.exception("%s %s", environ.get("REQUEST_METHOD"), path)
            sent = self._failure(environ, HTTPStatus.INTERNAL_SERVER_ERROR)
        if sent is None:
            return self._beyond(environ, start)
        return self._send(environ, start, sent)

    def _admitted(self, environ: WSGIEnvironment, path: str) -> _Sent | None:
        """Answer whoever may ask and does not ask too often."""
        manner = self._manner
        if environ["REQUEST_METHOD"] not in manner.methods:
            refused = self._failure(environ, HTTPStatus.METHOD_NOT_ALLOWED)
            refused.headers["Allow"] = ", ".join(manner.methods)
            return refused
        key = environ.get("HTTP_AUTHORIZATION", "")
        database = self._site.database
        who = person(database, key) if manner.for_people else None
        found = EVERYBODY if who else asking(database, key, strict=manner.strict)
        if found is None:
            refused = self._refusal(environ, KeyUnknown(), HTTPStatus.UNAUTHORIZED)
            refused.headers["WWW-Authenticate"] = f'{manner.scheme} realm="{self._name}"'
            return self._counted(refused, EVERYBODY)
        seconds = self._wait(environ, found, who)
        if seconds:
            refused = self._refusal(environ, TooOften(seconds=seconds), manner.too_often)
            refused.headers["Retry-After"] = str(seconds)
            return self._counted(refused, found)
        return self._answered(environ, path, found, who)

    def _wait(self, environ: WSGIEnvironment, found: Consumer, who: User | None) -> int:
        address = f"person {who.id}" if who else str(environ.get("REMOTE_ADDR"))
        name, most = (found.name, found.per_minute) if found.id else (address, 0)
        return self._site.meter.wait(f"{self._name} {name}", most or self._site.doors.per_minute)

    def _answered(
        self, environ: WSGIEnvironment, path: str, consumer: Consumer, who: User | None
    ) -> _Sent | None:
        body = _body(environ)
        if body is None:
            return self._failure(environ, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        is_form = body.type == _FORM and not self._manner.for_people
        query = environ.get("QUERY_STRING", "").encode("latin-1")
        request = Request.parse(query, body.content if is_form else b"")
        say = partial(message, translate=translator(_language(environ)))
        below = path if path == "/" else path.removeprefix("/")
        below = below.encode("latin-1").decode("utf-8", "replace")
        method = environ["REQUEST_METHOD"]
        asked = Asked(
            *(below, request, consumer, say),
            method="GET" if method == "HEAD" else method,
            address=str(environ.get("REMOTE_ADDR")),
            accept=environ.get("HTTP_ACCEPT", ""),
            person=who,
            body=NO_BODY if is_form else body,
        )
        given = self._manner.answering(self._site, asked)
        if given is None:
            return None
        return self._counted(_said(environ, given), consumer, given)

    def _failure(self, environ: WSGIEnvironment, status: HTTPStatus) -> _Sent:
        words = failures.words_for(status)
        translate = translator(_language(environ))
        told = translate(words.heading), translate(words.text)
        return self._refused(environ, Refused(status, "", *told))

    def _refusal(self, environ: WSGIEnvironment, error: Error, status: HTTPStatus) -> _Sent:
        text = message(error, translator(_language(environ)))
        return self._refused(environ, Refused(status, error.code(), "", text))

    def _refused(self, environ: WSGIEnvironment, refused: Refused) -> _Sent:
        address = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        given = self._manner.refusing(refused._replace(address=address))
        return _Sent(given.status, dict(given.headers), given.body)

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
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return True
    return is_resource_modified(
        environ, headers["ETag"], last_modified=headers.get("Last-Modified")
    )


def _body(environ: WSGIEnvironment) -> Body | None:
    """Return what is sent, nothing of a request that only asks, or None where it is too long."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return NO_BODY
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    told = environ.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdigit() else 0
    if length > LARGEST_BODY:
        return None
    return Body(kind, bytes(environ["wsgi.input"].read(length)))


def _language(environ: WSGIEnvironment) -> str:
    return of_client(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
