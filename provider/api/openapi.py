"""The description of the interface in OpenAPI 3.1, made of the endpoints themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from catalogue.model import Sharing
from provider.api import problems
from provider.api.errors import KeyNeeded
from provider.api.model import ROOT, Endpoint
from provider.api.parameters import Parameter
from provider.api.refusing import status_of
from provider.api.schemas import SCHEMAS

_JSON = "application/json"
_PATH = {
    "id": ({"type": "string", "pattern": r"^[A-Za-z0-9._~-]{1,64}$"}, "The id of a record."),
    "code": (
        {"type": "string", "pattern": r"^[^/]+$"},
        "Code of a library, any it has.",
    ),
    "name": ({"type": "string", "pattern": r"^[^/]+$"}, "The name of a source."),
    "number": ({"type": "string", "pattern": r"^[1-9][0-9]{0,17}$"}, "Of a correction."),
}
_BRACES = re.compile(r"\{(\w+)\}")
_BY_ALL = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_WHEN = {
    HTTPStatus.TEMPORARY_REDIRECT: "The record is one with another now, which Location names.",
    HTTPStatus.NOT_MODIFIED: "It is what If-None-Match or If-Modified-Since say is known already.",
    HTTPStatus.BAD_REQUEST: "A parameter, or the query, is wrong; the problem names it.",
    HTTPStatus.UNAUTHORIZED: "A key is needed, or the one that was sent is none.",
    HTTPStatus.FORBIDDEN: "The key does not open this.",
    HTTPStatus.NOT_FOUND: "There is no such thing here.",
    HTTPStatus.NOT_ACCEPTABLE: "It cannot be had as what is asked for.",
    HTTPStatus.CONFLICT: "The record, or the correction, is not what it was taken for.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "More was sent than is read.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "What was sent is no JSON.",
    HTTPStatus.GONE: "The record was withdrawn.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often: Retry-After tells in how many seconds.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now: Retry-After tells in how many seconds.",
}
_ABOUT = (
    "What the public sees of the union catalogue is open to all; a key sees more, and goes in the"
    " header Authorization. Pages go on by their address next. Answers have an ETag for asking"
    " again. What is refused is a problem document (RFC 9457), its detail in Vietnamese or English"
    " by Accept-Language."
)


def document(endpoints: Iterable[Endpoint], title: str, site: str) -> Mapping[str, Any]:
    """Return the description of endpoints; ``site`` is the address of the hub."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0", "description": _ABOUT},
        "servers": [{"url": f"{site}{ROOT}"}, _narrower(site)],
        "security": [{}, {"bearer": []}, {"basic": []}],
        "paths": _paths(endpoints),
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {
                "person": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of one of the hub's staff, or of a member library.",
                },
                "bearer": {"type": "http", "scheme": "bearer", "description": "A consumer's key."},
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The key as the password; any user name.",
                },
            },
        },
    }


def _paths(endpoints: Iterable[Endpoint]) -> Mapping[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        found.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return found


def _narrower(site: str) -> Mapping[str, Any]:
    return {
        "url": f"{site}{ROOT}/views/{{view}}",
        "description": "The same as another view sees it that whoever asks may see.",
        "variables": {
            "view": {
                "enum": [each.value for each in Sharing],
                "default": Sharing.INTERNATIONAL.value,
            }
        },
    }


def _operation(each: Endpoint) -> Mapping[str, Any]:
    told = {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": [
            *map(_in_path, _BRACES.findall(each.path)),
            *map(_in_query, each.parameters),
        ],
        "responses": {str(each.done.value): _given(each), **_refusals(each)},
    }
    if each.takes:
        schema = {"$ref": f"#/components/schemas/{each.takes}"}
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    if KeyNeeded in each.refusals:
        told["security"] = [{"bearer": []}, {"basic": []}]
    if each.role is not None:
        told["security"] = [{"person": []}]
    return told | ({"description": each.about} if each.about else {})


def _in_path(name: str) -> Mapping[str, Any]:
    schema, about = _PATH[name]
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": about}


def _in_query(each: Parameter) -> Mapping[str, Any]:
    told = {
        "name": each.name,
        "in": "query",
        "required": False,
        "description": each.about,
        "schema": dict(each.schema),
    }
    return told | ({"style": "form", "explode": False} if each.listed else {})


def _given(each: Endpoint) -> Mapping[str, Any]:
    content = {
        kind: {"schema": {"$ref": f"#/components/schemas/{each.schema}"}} if kind == _JSON else {}
        for kind in each.types
    }
    headers = {"Vary": _header("What the answer depends on.")}
    if each.method == "GET":
        headers["ETag"] = _header("Names what is said; send it as If-None-Match.")
    if each.done is HTTPStatus.CREATED:
        headers["Location"] = _header("The address of what was made.")
    if any(parameter.name == "after" for parameter in each.parameters):
        headers["Link"] = _header("The next page, as rel=next; not on the last one.")
    return {"description": each.summary, "headers": headers, "content": content}


def _header(about: str) -> Mapping[str, Any]:
    return {"description": about, "schema": {"type": "string"}}


def _refusals(each: Endpoint) -> Mapping[str, Any]:
    own = {status_of(error) for error in each.refusals}
    if each.takes:
        own.add(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    told = {str(status.value): _refused(status) for status in sorted({*own, *_BY_ALL})}
    if each.method != "GET":
        return told
    return {"304": {"description": _WHEN[HTTPStatus.NOT_MODIFIED]}, **told}


def _refused(status: HTTPStatus) -> Mapping[str, Any]:
    content = {problems.TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _WHEN[status], "content": content}
