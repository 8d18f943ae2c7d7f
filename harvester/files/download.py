"""A file on a server, fetched to the disk if it is another than the last time."""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from harvester.errors import HttpStatus, TooLarge
from harvester.files.address import name_of
from harvester.files.errors import DiskFull, FileTooLarge
from harvester.files.listing import Found, Kind
from harvester.files.position import Position
from harvester.http import Answer, Fetcher, Sink
from harvester.model import HttpSettings, SourceSpec

_PREFIX = ".fetched-"
_LEFT_SECONDS = 3 * 24 * 3600
"""No harvest takes so long."""


class Fetched(NamedTuple):
    """What came of asking for a file."""

    found: Found | None
    """The file, gone when the block ends; None where it is still the one that was taken."""
    tag: str = ""
    modified: str = ""


@contextmanager
def fetched(
    spec: SourceSpec, http: HttpSettings, sleep: Callable[[float], None], position: Position
) -> Iterator[Fetched]:
    """Fetch a source's file; raise HarvestError."""
    folder = spec.files.inbox.parent if spec.files.inbox else None
    name = name_of(spec.url)
    try:
        with tempfile.NamedTemporaryFile(dir=_made(folder), prefix=_PREFIX) as file:
            sink = Sink(file, spec.files.limits.file_bytes)
            with Fetcher(http, sleep) as fetcher:
                answer = fetcher.download(spec.url, sink, _conditions(position))
            if answer.status == HTTPStatus.NOT_MODIFIED and position.taken:
                yield Fetched(None, position.tag, position.modified)
                return
            _check(answer)
            file.flush()
            seen = Path(file.name).stat()
            found = Found(
                path=Path(file.name),
                name=name,
                kind=Kind.AUTO,
                size=seen.st_size,
                written=seen.st_mtime_ns,
            )
            headers = answer.headers
            yield Fetched(found, headers.get("etag", ""), headers.get("last-modified", ""))
    except TooLarge as error:
        raise FileTooLarge(file=spec.url, limit=spec.files.limits.file_bytes) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(file=spec.url) from error
        raise


def _conditions(position: Position) -> dict[str, str]:
    """Return what asks for the file only if it has changed (RFC 9110 s13.1)."""
    if position.under_way is not None or not position.taken:
        return {}
    if position.tag:
        return {"If-None-Match": position.tag}
    return {"If-Modified-Since": position.modified} if position.modified else {}


def _check(answer: Answer) -> None:
    if answer.status != HTTPStatus.OK:
        known = answer.status in HTTPStatus._value2member_map_
        phrase = HTTPStatus(answer.status).phrase if known else ""
        raise HttpStatus(url=answer.url, status=answer.status, phrase=phrase)


def _made(folder: Path | None) -> Path | None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_what_killed_ones_left(folder)
    return folder


def _remove_what_killed_ones_left(folder: Path) -> None:
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_SECONDS:
                path.unlink()
