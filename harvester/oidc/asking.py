"""One question to a sign-in service, and its answer: a small object of JSON, in good time.

The service is named in the hub's settings and not by members, so it may be in a private network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2

from crosswalks.errors import Said
from harvester.errors import CertificateRefused, TlsFailed, UnknownHost
from harvester.model import HttpSettings
from harvester.network import Deadline, Guard
from harvester.oidc.errors import IssuerOdd, IssuerUnreachable
from harvester.transport import client

SECONDS = 10.0
"""For all of an answer: somebody sits and waits."""
_MOST_READ = 1 << 20
_ANYWHERE = ("0.0.0.0/0", "::/0")


class Answer(NamedTuple):
    """What was answered."""

    status: int
    told: dict[str, Any]


def ask(
    http: HttpSettings, url: str, form: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return the answer to a GET, or to the POST of a form; no redirect is followed.

    Raises IssuerUnreachable, or IssuerOdd where it is no JSON.
    """
    host = urlsplit(url).hostname or ""
    body = _asked(http, url, form, dict(headers or {}))
    try:
        told = json.loads(body.content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise IssuerOdd(host=host, reason=f"HTTP {body.status}")
    return Answer(body.status, told)


class _Body(NamedTuple):
    status: int
    content: bytes


def _asked(http: HttpSettings, url: str, form: str | None, headers: dict[str, str]) -> _Body:
    host = urlsplit(url).hostname or ""
    deadline = Deadline()
    deadline.start(SECONDS)
    quick = replace(http, connect_timeout=SECONDS, read_timeout=SECONDS)
    method, content = ("GET", None) if form is None else ("POST", form.encode())
    headers = {"Accept": "application/json", **headers}
    try:
        with (
            client(quick, Guard(_ANYWHERE), deadline) as session,
            session.stream(method, url, content=content, headers=headers) as response,
        ):
            body = _Body(response.status_code, _read(response, host))
    except httpx2.TransportError as error:
        raise IssuerUnreachable(host=host, reason=str(error) or type(error).__name__) from error
    except (CertificateRefused, TlsFailed) as error:
        raise IssuerUnreachable(host=host, reason=error.details.get("reason", error)) from error
    except UnknownHost as error:
        unknown = Said("there is no host of this name", {})
        raise IssuerUnreachable(host=host, reason=unknown) from error
    if body.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise IssuerUnreachable(host=host, reason=f"HTTP {body.status}")
    return body


def _read(response: httpx2.Response, host: str) -> bytes:
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > _MOST_READ:
            raise IssuerOdd(host=host, reason=f"> {_MOST_READ} B")
    return content
