"""What lies there: the files of a folder or an inbox, in order, each known by its content.

Directories, hidden files, copies under way and links that lead elsewhere are left alone.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from harvester.files.errors import (
    FileChanged,
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    NoRegularFile,
)
from harvester.model import FileSettings

_UNDER_WAY = (".part", ".tmp", ".crdownload", ".filepart", ".partial", "~")
_DIGITS = re.compile(r"([0-9]+)")
_INBOX = re.compile(r"(\d{8})-(auto|whole|changes|deletions)-(.+)", re.DOTALL)
_CHUNK = 1 << 20
_KEY = 16


class Kind(StrEnum):
    """What the records of a file are for."""

    AUTO = "auto"
    """As the source's settings and the file's name say."""
    WHOLE = "whole"
    CHANGES = "changes"
    DELETIONS = "deletions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that lies there."""

    path: Path
    name: str
    """As people know it."""
    kind: Kind
    size: int
    written: int
    """When it was last written, in nanoseconds."""
    ticket: str = ""
    """Of a delivery: the same file that is delivered again, as something else perhaps, is new."""

    def open(self) -> IO[bytes]:
        """Open it; raise FileUnreadable, FileMissing, or FileChanged where it is another now."""
        stream = open_file(self.path, self.name)
        if (self.size, self.written) != _looks(stream):
            stream.close()
            raise FileChanged(file=self.name)
        return stream

    def check_unchanged(self, stream: IO[bytes]) -> None:
        """Raise FileChanged where the file grew or was written to while it was read."""
        try:
            now = self.path.stat()
        except OSError as error:
            raise FileChanged(file=self.name) from error
        same = (now.st_size, now.st_mtime_ns) == (self.size, self.written)
        if not same or (self.size, self.written) != _looks(stream):
            raise FileChanged(file=self.name)

    def key(self) -> str:
        """Return what tells the file by its name and content; read anew each time."""
        named = f"{self.ticket}{self.name}"
        digest = hashlib.sha256(named.encode("utf-8", "surrogateescape") + b"\0")
        with self.open() as stream:
            for chunk in _chunks(stream, self.name):
                digest.update(chunk)
            self.check_unchanged(stream)
        return digest.hexdigest()[:_KEY]


def open_file(path: Path, name: str) -> IO[bytes]:
    """Open a regular file without waiting for one that is none; raise FilesRefused."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise refusal(error, name) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise NoRegularFile(file=name)
    return os.fdopen(number, "rb", buffering=0)


def refusal(error: OSError, name: str) -> FileMissing | FileUnreadable:
    """Return why a file could not be read, as people are told."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileMissing(file=name)
    return FileUnreadable(file=name, reason=error.strerror or str(error))


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder; raise FilesRefused where that cannot be seen."""
    try:
        return path.is_dir()
    except OSError as error:
        raise refusal(error, legible(str(path))) from error


def legible(name: str) -> str:
    """Return a name as text that can be shown and stored: names may be in any encoding."""
    return os.fsencode(name).decode("utf-8", "replace")


def one(path: Path, settings: FileSettings) -> Found:
    """Return the file at a path; only one that brings changes may list deletions.

    Raises FilesRefused.
    """
    kind = _kind(path.name, settings) if settings.delivers == Kind.CHANGES else Kind.AUTO
    return _found(path, path.name, kind, settings)


def folder(path: Path, settings: FileSettings) -> list[Found]:
    """Return the files of a folder in the natural order of their names; raise FilesRefused."""
    return [
        _found(each, each.name, _kind(each.name, settings), settings)
        for each in _entries(path)
        if not _is_left_alone(each, path)
    ]


def inbox(settings: FileSettings) -> list[Found]:
    """Return what was uploaded and approved, in the order in which it was taken in."""
    if settings.inbox is None or not is_folder(settings.inbox):
        return []
    found = []
    for each in _entries(settings.inbox):
        named = _INBOX.fullmatch(each.name)
        if named and not _is_left_alone(each, settings.inbox):
            kind = Kind(named[2])
            if kind is Kind.AUTO:
                kind = _kind(named[3], settings)
            one_of_them = _found(each, named[3], kind, settings)
            found.append(replace(one_of_them, ticket=f"{named[1]}-{named[2]}-"))
    return found


def natural(name: str) -> tuple[object, ...]:
    """Return what sorts names as people do: part 2 before part 10."""
    pieces = _DIGITS.split(name.casefold())
    return (*(_number(each) if at % 2 else (0, each) for at, each in enumerate(pieces)), name)


def _number(digits: str) -> tuple[int, str]:
    """Return what sorts digits by their value; an archive's names may have thousands of them."""
    significant = digits.lstrip("0")
    return len(significant), significant


def _entries(path: Path) -> Iterator[Path]:
    try:
        found = list(path.iterdir())
    except OSError as error:
        raise refusal(error, legible(str(path))) from error
    yield from sorted(found, key=lambda each: natural(each.name))


def _is_left_alone(path: Path, folder: Path) -> bool:
    name = path.name
    if name.startswith(".") or name.casefold().endswith(_UNDER_WAY) or is_folder(path):
        return True
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())


def _kind(name: str, settings: FileSettings) -> Kind:
    folded = name.casefold()
    patterns = (each.strip().casefold() for each in settings.deletions.split(","))
    return Kind.DELETIONS if any(fnmatchcase(folded, each) for each in patterns) else Kind.AUTO


def _found(path: Path, name: str, kind: Kind, settings: FileSettings) -> Found:
    try:
        seen = path.stat()
    except OSError as error:
        raise refusal(error, legible(str(path))) from error
    if not stat.S_ISREG(seen.st_mode):
        raise NoRegularFile(file=legible(str(path)))
    if seen.st_size > settings.limits.file_bytes:
        raise FileTooLarge(file=name, limit=settings.limits.file_bytes)
    return Found(
        path=path, name=legible(name), kind=kind, size=seen.st_size, written=seen.st_mtime_ns
    )


def _chunks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        while chunk := stream.read(_CHUNK):
            yield chunk
    except OSError as error:
        raise refusal(error, name) from error


def _looks(stream: IO[bytes]) -> tuple[int, int]:
    seen = os.fstat(stream.fileno())
    return seen.st_size, seen.st_mtime_ns
