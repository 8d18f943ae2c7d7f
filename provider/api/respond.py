"""The interface's one entry: a request in, a response out, whatever is wrong as a problem."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import quote

from catalogue.errors import ViewNotSearched, WrongUse
from catalogue.users import Role, User
from crosswalks.errors import Said
from protocols.errors import QueryError
from provider.api import accepting, parameters, problems
from provider.api.addresses import of
from provider.api.endpoints import allowed, matching
from provider.api.errors import (
    ApiError,
    BadBody,
    BadCursor,
    BadParameter,
    BodyTypeUnknown,
    KeyNeeded,
    MemberNeeded,
    MethodUnknown,
    NoSuchResource,
    NothingAcceptable,
    PersonNeeded,
    RecordMoved,
    RoleTooLow,
    SearchNotReady,
)
from provider.api.model import Answer, Call, Endpoint, Say, Service
from provider.api.problems import Problem
from provider.api.refusing import status_of
from provider.errors import NotYetHere
from provider.model import Response

_SOON, _LATER = "5", "60"
"""Seconds until one may ask again: for a copy of the database, and for an index to be made."""
_JSON = "application/json"
_NO_JSON = Said("it is no object in JSON", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, not looked at yet."""

    path: str
    """Below the root, from its slash on."""
    arguments: Sequence[tuple[str, str]] = ()
    method: str = "GET"
    accept: str = ""
    say: Say = str
    person: User | None = None
    """Who asks with a key of a person."""
    type: str = ""
    """Of the body, without parameters."""
    body: bytes = b""


def respond(service: Service, asked: Asked) -> Response:
    """Answer a request. Raises DatabaseUnreachable and nothing else."""
    try:
        return _answered(service, asked)
    except (ApiError, WrongUse, QueryError, NotYetHere, ViewNotSearched) as error:
        return _refused(service, asked, error)


def _answered(service: Service, asked: Asked) -> Response:
    endpoints, path = matching(asked.path)
    if not endpoints:
        raise NoSuchResource
    endpoint = next((each for each in endpoints if each.method == asked.method), None)
    if endpoint is None:
        raise MethodUnknown(known=allowed(endpoints))
    _check_accept(endpoint, asked.accept)
    _check_role(endpoint, asked.person)
    call = Call(
        service=service,
        path=path,
        values=parameters.read(endpoint.parameters, asked.arguments),
        accept=asked.accept,
        sent=_sent(asked) if endpoint.takes else {},
        person=asked.person,
    )
    return _response(endpoint, endpoint.answer(call))


def _check_accept(endpoint: Endpoint, accept: str) -> None:
    """Raise NothingAcceptable where there is one type, and it is not wanted."""
    if len(endpoint.types) == 1 and accepting.best(accept, endpoint.types) is None:
        raise NothingAcceptable(known=", ".join(endpoint.types))


def _check_role(endpoint: Endpoint, person: User | None) -> None:
    if endpoint.role is None:
        return
    if person is None:
        raise MemberNeeded if endpoint.role is Role.MEMBER else PersonNeeded
    if not person.role.may(endpoint.role):
        raise RoleTooLow(name=person.name)


def _sent(asked: Asked) -> Mapping[str, Any]:
    if asked.type != _JSON:
        raise BodyTypeUnknown
    try:
        found = json.loads(asked.body)
    except (ValueError, RecursionError) as error:
        raise BadBody(reason=_NO_JSON) from error
    if not isinstance(found, dict):
        raise BadBody(reason=_NO_JSON)
    return found


def _response(endpoint: Endpoint, answer: Answer) -> Response:
    body = answer.body if answer.body is not None else _json(answer.value)
    headers = {"Content-Type": answer.type}
    if answer.next:
        headers["Link"] = f'<{answer.next}>; rel="next"'
    if endpoint.done is HTTPStatus.CREATED:
        headers["Location"] = answer.value["url"]
    is_asking = endpoint.method == "GET"
    tag = hashlib.sha256(answer.type.encode() + b"\0" + body).hexdigest()[:32]
    return Response(
        status=endpoint.done,
        headers=headers,
        body=body,
        records=answer.records,
        page=answer.taken,
        tag=tag if is_asking else "",
        changed=answer.changed,
    )


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _refused(
    service: Service,
    asked: Asked,
    error: ApiError | WrongUse | QueryError | NotYetHere | ViewNotSearched,
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


_Known: TypeAlias = ApiError | WrongUse | QueryError | NotYetHere


def _status(error: _Known) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if isinstance(error, QueryError) else status_of(type(error))


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
        return {"Allow": str(error.details["known"])}
    if isinstance(error, KeyNeeded | MemberNeeded | PersonNeeded):
        return {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(error, SearchNotReady | NotYetHere):
        return {"Retry-After": _LATER if isinstance(error, SearchNotReady) else _SOON}
    return {}


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").split("/")
