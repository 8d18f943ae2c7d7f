"""Files that commands read and write: standard streams, gzip, and never half a file left behind."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from hub.errors import DamagedArchive, UnreadableFile

_GZIP = b"\x1f\x8b"
_BUFFER = 1 << 20


class _Headed(io.RawIOBase):
    """A stream whose first bytes were looked at and are given again."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self.head = head
        self.rest = rest

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the first bytes, then with the others."""
        view = memoryview(buffer).cast("B")
        data = self.head[: len(view)] or self.rest.read(len(view))
        self.head = self.head[len(view) :]
        view[: len(data)] = data
        return len(data)


@contextmanager
def incoming(path: str) -> Iterator[IO[bytes]]:
    """Open a file to be read, standard input for ``-``; gzip is known by its first bytes."""
    if path == "-":
        yield _unpacked(sys.stdin.buffer)
        return
    with Path(path).open("rb") as stream:
        yield _unpacked(stream)


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a file that a person named; raise UnreadableFile or DamagedArchive, which tell of it."""
    try:
        with incoming(path) as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedArchive(path=path, reason=error) from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        if error.filename != path:
            raise
        raise UnreadableFile(path=path, reason=error.strerror) from error


def peeked(stream: IO[bytes], size: int) -> tuple[bytes, IO[bytes]]:
    """Return the first bytes of a stream, and the stream with them still to come."""
    head = stream.read(size)
    return head, cast("IO[bytes]", io.BufferedReader(_Headed(head, stream), _BUFFER))


@contextmanager
def outgoing(path: str) -> Iterator[IO[bytes]]:
    """Open a file to be written, standard output for ``-``.

    A file takes its place only when all is written; if the block fails, what was there stays.
    """
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(path).resolve()
    if place.exists() and not place.is_file():
        with place.open("wb") as device:
            yield device
        return
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    head, whole = peeked(stream, len(_GZIP))
    return cast("IO[bytes]", gzip.GzipFile(fileobj=whole)) if head == _GZIP else whole
