"""The server's one entry: a request in, a response out, whatever is wrong as a diagnostic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from catalogue.errors import ViewNotSearched
from protocols.errors import QueryError
from protocols.sru import parameters, writing
from protocols.sru.errors import (
    NotAvailable,
    OperationUnsupported,
    SruError,
    StylesheetUnsupported,
    ValueUnsupported,
    VersionUnsupported,
)
from protocols.sru.model import Asked, Diagnostic, ExplainAnswer, ScanAnswer, SearchAnswer
from protocols.sru.names import Operation, Version
from protocols.sru.parameters import Parameters
from provider.lookup import Base
from provider.model import Request, Response
from provider.sru import explaining, scanning, searching
from provider.sru.service import Refusal, Say, Service, diagnostic

_TYPES = ("text/xml", "application/xml", "application/sru+xml")
_ANY = frozenset({"*/*", "text/*", "application/*"})


def respond(service: Service, database: str, request: Request, say: Say = str) -> Response:
    """Answer a request to a database with status 200: SRU tells what is wrong in the answer.

    ``say`` words errors. Raises DatabaseUnreachable and nothing else.
    """
    given = parameters.read(request.arguments)
    asked = given.asked()
    try:
        parameters.check(request.arguments)
        base = service.lookup.base(parameters.short(database))
        asked = replace(asked, stylesheet=_stylesheet(service, given))
        content = _content_type(given)
        body, records = _ANSWERS[given.operation](service, base, given, asked, say)
    except (QueryError, SruError) as error:
        return _response(_refused(service, asked, error, say), _TYPES[0])
    except ViewNotSearched:
        return _response(_refused(service, asked, NotAvailable(), say), _TYPES[0])
    return _response(body, content, records)


def _response(body: bytes, content: str, records: int = 0) -> Response:
    headers = {"Content-Type": f"{content}; charset=utf-8"}
    return Response(headers=headers, body=body, records=records)


def _content_type(given: Parameters) -> str:
    """Return the type of the answer: 2.0 lets it be asked for (OASIS searchRetrieve 3 s4.1.4)."""
    text = given.values.get("httpAccept", "").strip()
    if not text or given.version is not Version.V2_0:
        return _TYPES[0]
    wanted = [each.partition(";")[0].strip().lower() for each in text.split(",")]
    for each in wanted:
        if each in _TYPES:
            return each
    if _ANY & {*wanted}:
        return _TYPES[0]
    raise ValueUnsupported(addinfo="httpAccept", given=parameters.short(text))


def _stylesheet(service: Service, given: Parameters) -> str:
    """Return the stylesheet asked for; one from elsewhere would run in this server's name."""
    text = given.values.get("stylesheet", "").strip()
    ours = service.identity.base_url.rstrip("/") + "/"
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    if text and not is_path and not text.startswith(ours):
        raise StylesheetUnsupported(parameters.short(text))
    return text


_Made = tuple[bytes, int]
"""An answer, and how many records are in it."""


def _search(service: Service, base: Base, given: Parameters, asked: Asked, say: Say) -> _Made:
    found = searching.search(service, base, given, say)
    return writing.search(asked, found), len(found.records)


def _scan(service: Service, base: Base, given: Parameters, asked: Asked, _say: Say) -> _Made:
    return writing.scan(asked, scanning.scan(service, base, given)), 0


def _explain(service: Service, base: Base, given: Parameters, asked: Asked, _say: Say) -> _Made:
    body = explaining.record(service, base, given.version)
    return writing.explain(asked, ExplainAnswer(body=body, packing=given.packing)), 0


_ANSWERS: dict[Operation, Callable[[Service, Base, Parameters, Asked, Say], _Made]] = {
    Operation.SEARCH: _search,
    Operation.SCAN: _scan,
    Operation.EXPLAIN: _explain,
}


def _refused(service: Service, asked: Asked, error: Refusal, say: Say) -> bytes:
    told: tuple[Diagnostic, ...] = (diagnostic(error, say),)
    if asked.operation is Operation.SEARCH:
        return writing.search(asked, SearchAnswer(diagnostics=told))
    if asked.operation is Operation.SCAN:
        return writing.scan(asked, ScanAnswer(diagnostics=told))
    body = b""
    if isinstance(error, OperationUnsupported | VersionUnsupported):
        # Whoever does not know what this server can do is told.
        body = explaining.record(service, service.lookup.bases()[0], asked.version)
    return writing.explain(asked, ExplainAnswer(body=body, diagnostics=told))
