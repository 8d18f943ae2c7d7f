"""The interface's one entry: a request in, a response out, whatever is wrong as a problem."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import quote

from catalogue.errors import ViewNotSearched
from protocols.errors import QueryError
from provider.api import accepting, parameters, problems
from provider.api.addresses import of
from provider.api.endpoints import matching
from provider.api.errors import (
    ApiError,
    BadCursor,
    BadParameter,
    KeyNeeded,
    MethodUnknown,
    NoSuchResource,
    NothingAcceptable,
    RecordMoved,
    SearchNotReady,
)
from provider.api.model import Answer, Call, Endpoint, Say, Service
from provider.api.problems import Problem
from provider.errors import NotYetHere
from provider.model import Response

_SOON, _LATER = "5", "60"
"""Seconds until one may ask again: for a copy of the database, and for an index to be made."""
METHODS = "GET, HEAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, not looked at yet."""

    path: str
    """Below the root, from its slash on."""
    arguments: Sequence[tuple[str, str]] = ()
    method: str = "GET"
    accept: str = ""
    say: Say = str


def respond(service: Service, asked: Asked) -> Response:
    """Answer a request. Raises DatabaseUnreachable and nothing else."""
    try:
        return _answered(service, asked)
    except (ApiError, QueryError, NotYetHere, ViewNotSearched) as error:
        return _refused(service, asked, error)


def _answered(service: Service, asked: Asked) -> Response:
    found = matching(asked.path)
    if found is None:
        raise NoSuchResource
    endpoint, path = found
    if asked.method != "GET":
        raise MethodUnknown(known=METHODS)
    _check_accept(endpoint, asked.accept)
    values = parameters.read(endpoint.parameters, asked.arguments)
    answer = endpoint.answer(Call(service=service, path=path, values=values, accept=asked.accept))
    return _response(answer)


def _check_accept(endpoint: Endpoint, accept: str) -> None:
    """Raise NothingAcceptable where there is one type, and it is not wanted."""
    if len(endpoint.types) == 1 and accepting.best(accept, endpoint.types) is None:
        raise NothingAcceptable(known=", ".join(endpoint.types))


def _response(answer: Answer) -> Response:
    body = answer.body if answer.body is not None else _json(answer.value)
    headers = {"Content-Type": answer.type}
    if answer.next:
        headers["Link"] = f'<{answer.next}>; rel="next"'
    return Response(
        headers=headers,
        body=body,
        records=answer.records,
        page=answer.taken,
        tag=hashlib.sha256(answer.type.encode() + b"\0" + body).hexdigest()[:32],
        changed=answer.changed,
    )


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _refused(
    service: Service, asked: Asked, error: ApiError | QueryError | NotYetHere | ViewNotSearched
) -> Response:
    known = SearchNotReady() if isinstance(error, ViewNotSearched) else error
    problem = Problem(
        status=_status(known),
        code="bad-query" if isinstance(known, QueryError) else known.code(),
        detail=asked.say(known),
        instance=f"{service.base}{quote(asked.path)}",
        more=_more(known),
    )
    return problems.response(problem, service.site, _headers(service, asked, known))


_Known: TypeAlias = ApiError | QueryError | NotYetHere


def _status(error: _Known) -> HTTPStatus:
    if isinstance(error, ApiError):
        return error.status
    is_late = isinstance(error, NotYetHere)
    return HTTPStatus.SERVICE_UNAVAILABLE if is_late else HTTPStatus.BAD_REQUEST


def _more(error: _Known) -> Mapping[str, Any]:
    """Return what a program can go on with."""
    if isinstance(error, QueryError):
        return {"parameter": "q"}
    if isinstance(error, BadCursor):
        return {"parameter": "after"}
    if isinstance(error, BadParameter):
        return {"parameter": error.details["name"]}
    return {"successor": error.details["successor"]} if isinstance(error, RecordMoved) else {}


def _headers(service: Service, asked: Asked, error: _Known) -> Mapping[str, str]:
    if isinstance(error, RecordMoved):
        successor = str(error.details["successor"])
        path = [successor if part == error.details["name"] else part for part in _parts(asked.path)]
        return {"Location": of(service, *path, **dict(asked.arguments))}
    if isinstance(error, MethodUnknown):
        return {"Allow": METHODS}
    if isinstance(error, KeyNeeded):
        return {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(error, SearchNotReady | NotYetHere):
        return {"Retry-After": _LATER if isinstance(error, SearchNotReady) else _SOON}
    return {}


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").split("/")
