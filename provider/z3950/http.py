"""So much of HTTP/1.1 as clients of SRU speak on the port of Z39.50 (RFC 9112).

Whoever begins with a letter speaks HTTP, since no message of Z39.50 does. Requests are GET, or POST
of a form whose length is told; what else comes is answered with a status that says so, and then the
connection is closed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from provider.model import Response

MOST_HEAD = 16 << 10
MOST_BODY = 64 << 10
_CHUNK = 16 << 10
_END = b"\r\n\r\n"
_LINE = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.([01])")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: path and query as they were sent, headers by their names in small letters."""

    path: bytes
    query: bytes
    headers: Mapping[str, str]
    form: bytes = b""
    is_last: bool = False
    """The client hangs up after the answer."""


Web: TypeAlias = Callable[[Asked], Response]
"""Answers requests; called in threads."""


class BadRequest(Exception):
    """What came cannot be answered; the client is told the status and hung up on."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Requests:
    """Reads one request after the other; ``first`` is what came already."""

    def __init__(self, reader: asyncio.StreamReader, first: bytes) -> None:
        self._reader = reader
        self._held = bytearray(first)

    async def next(self) -> Asked | None:
        """Return the next request, None where the client has hung up. Raises BadRequest."""
        while (end := self._held.find(_END)) < 0:
            if len(self._held) > MOST_HEAD:
                raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            if not await self._more():
                return None
        if end > MOST_HEAD:
            raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        line, *rest = bytes(self._held[:end]).split(b"\r\n")
        del self._held[: end + len(_END)]
        found = _LINE.fullmatch(line)
        if found is None:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        headers = _headers(rest)
        body = await self._body(found[1], headers)
        if body is None:
            return None
        path, _, query = found[2].partition(b"?")
        kept = "keep-alive" if found[3] == b"0" else "close"
        told = kept in headers.get("connection", "").lower()
        is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return Asked(
            path=path,
            query=query,
            headers=headers,
            form=body if is_form else b"",
            is_last=told == (found[3] == b"1"),
        )

    async def _body(self, method: bytes, headers: Mapping[str, str]) -> bytes | None:
        if method not in (b"GET", b"POST"):
            raise BadRequest(HTTPStatus.METHOD_NOT_ALLOWED)
        if "transfer-encoding" in headers:
            raise BadRequest(HTTPStatus.LENGTH_REQUIRED)
        told = headers.get("content-length", "0")
        if not (told.isascii() and told.isdecimal()):
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        if len(told) > len(str(MOST_BODY)) or int(told) > MOST_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        while len(self._held) < int(told):
            if not await self._more():
                return None
        body = bytes(self._held[: int(told)])
        del self._held[: int(told)]
        return body

    async def _more(self) -> bool:
        data = await self._reader.read(_CHUNK)
        self._held += data
        return bool(data)


def _headers(lines: list[bytes]) -> dict[str, str]:
    """Return headers by name; one that comes twice is joined, as RFC 9110 s5.3 has it."""
    found: dict[str, str] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        name, value = (each.decode("latin-1") for each in header.groups())
        before = found.get(name.lower())
        found[name.lower()] = value.strip() if before is None else f"{before}, {value.strip()}"
    return found


def written(response: Response, *, is_last: bool) -> bytes:
    """Return an answer as it is sent."""
    status = HTTPStatus(response.status)
    headers = {
        **response.headers,
        "Content-Length": str(len(response.body)),
        "Connection": "close" if is_last else "keep-alive",
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + _END + response.body


def refused(wrong: BadRequest) -> Response:
    """Return what a client is told that cannot be answered."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if wrong.status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, POST"
    text = f"{wrong.status.phrase}\n"
    return Response(status=wrong.status, headers=headers, body=text.encode())
