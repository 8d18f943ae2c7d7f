"""Files sent whole or in part: who was cut off in the middle goes on there (RFC 9110 s14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from werkzeug.http import is_resource_modified, parse_if_range_header, parse_range_header

from provider.model import File

_BLOCK = 1 << 16


class Slice(NamedTuple):
    """A part of a file, or all of it."""

    path: Path
    start: int
    size: int


def piece(environ: WSGIEnvironment, file: File) -> tuple[int, dict[str, str], Slice | None]:
    """Return status, headers and what is sent of a file.

    Of several ranges, or other units, the whole file is sent (RFC 9110 s14.2 leaves that to us).
    """
    etag = f'"{file.tag}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if not is_resource_modified(environ, etag):
        return HTTPStatus.NOT_MODIFIED, headers, None
    whole = Slice(file.path, 0, file.size)
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    is_one = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    if asked is None or not is_one or not _is_of_it(environ, file.tag):
        return HTTPStatus.OK, headers, whole
    found = asked.range_for_length(file.size)
    if found is None:
        headers["Content-Range"] = f"bytes */{file.size}"
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, None
    start, end = found
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return HTTPStatus.PARTIAL_CONTENT, headers, Slice(file.path, start, end - start)


def stream(part: Slice, wrapper: Callable[..., Iterable[bytes]] | None) -> Iterable[bytes]:
    """Return what sends a part of a file; by the server's own way where it has one (PEP 3333)."""
    file = part.path.open("rb")
    file.seek(part.start)
    return wrapper(file, _BLOCK) if wrapper is not None else _Blocks(file, part.size)


class _Blocks:
    """A part of an open file, block by block."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (block := self._file.read(min(_BLOCK, self._left))):
            self._left -= len(block)
            yield block
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _is_of_it(environ: WSGIEnvironment, tag: str) -> bool:
    """Tell whether a range is asked of this very file (RFC 9110 s13.1.5): If-Range, if any."""
    header: Any = environ.get("HTTP_IF_RANGE")
    return not header or parse_if_range_header(header).etag == tag
