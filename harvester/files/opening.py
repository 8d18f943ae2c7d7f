"""A file as the streams in it: itself, what it is compressed to, or the members of an archive.

What it is the bytes tell, never its name. Names of members are only shown, no path is made of them.
"""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import IO, Any, NamedTuple

from crosswalks.errors import Said
from harvester.files import looks, tarring
from harvester.files.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    ArchiveNested,
    ArchiveTooMany,
    DiskFull,
    UnknownContent,
)
from harvester.files.listing import Found, legible, natural
from harvester.files.streams import (
    DAMAGE,
    MOST_MEMORY,
    Budget,
    Watched,
    bunzipped,
    gunzipped,
    unxzed,
)
from harvester.files.tarring import Member, Tail
from harvester.files.zipdirectory import AN_ENTRY, dictionary_size, directory_size
from harvester.model import FileLimits

HEAD = 1 << 16
_BUFFER = 1 << 18
_COMPRESSED = (
    (looks.GZIP, gunzipped),
    (looks.BZIP2, bunzipped),
    (looks.XZ, unxzed),
)
_ENCRYPTED = 0x1


class Part(NamedTuple):
    """One stream of records, its beginning to look at, and what it is called."""

    name: str
    """The file's name, and after a # that of the archive's member."""
    head: bytes
    stream: IO[bytes]
    """Gives the head too; cannot always be sought."""


class Opened(NamedTuple):
    """A file that is open."""

    parts: Iterator[Part]
    """Each to be read before the next. After the last it is certain that the file stayed as it was.
    """
    tell: Callable[[], int]
    """Gives how many of its bytes were read."""


@contextmanager
def opened(found: Found, limits: FileLimits) -> Iterator[Opened]:
    """Open a file for as long as the block; it and reading the parts raise FilesRefused."""
    with found.open() as raw:
        yield Opened(_parts(found, raw, limits), raw.tell)


def _parts(found: Found, raw: IO[bytes], limits: FileLimits) -> Iterator[Part]:
    part = _part(found.name, Watched(raw, found.name))
    if part.head.startswith(looks.ZIP):
        yield from _zipped(found, raw, limits)
    elif part.head.startswith(looks.OLE):
        yield _sought(found.name, raw)
    elif part.head:
        yield from _streamed(found, part, limits)
    found.check_unchanged(raw)


def _streamed(found: Found, part: Part, limits: FileLimits) -> Iterator[Part]:
    make = next((make for magic, make in _COMPRESSED if part.head.startswith(magic)), None)
    if make is None and not looks.is_tar(part.head):
        yield part
        return
    budget = Budget(found.name, found.size, limits)
    if make is not None:
        part = _part(found.name, Watched(make(part.stream), found.name, budget))
    if looks.is_tar(part.head):
        yield from _tarred(found.name, part.stream, limits)
        return
    yield from _read_once(part)


def _zipped(found: Found, raw: IO[bytes], limits: FileLimits) -> Iterator[Part]:
    _check_directory(found, raw, limits)
    raw.seek(0)
    with _damage_told(found.name):
        archive = zipfile.ZipFile(raw)
    with archive:
        with _damage_told(found.name):
            is_spreadsheet, words = looks.is_spreadsheet(archive), looks.document_in(archive)
        if is_spreadsheet:
            yield _sought(found.name, raw)
            return
        if words:
            raise UnknownContent(file=found.name, looks=words)
        yield from _members(found, raw, archive, limits)


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Raise ArchiveDamaged for what the libraries raise; a wrong place in a file is an OSError."""
    try:
        yield
    except (*DAMAGE, OSError) as error:
        raise ArchiveDamaged(file=name, reason=str(error) or type(error).__name__) from error


def _members(
    found: Found, raw: IO[bytes], archive: zipfile.ZipFile, limits: FileLimits
) -> Iterator[Part]:
    members = [each for each in archive.infolist() if _is_wanted(each.filename)]
    if len(members) > limits.members:
        raise ArchiveTooMany(file=found.name, limit=limits.members)
    budget = Budget(found.name, found.size, limits)
    budget.foresee(sum(each.file_size for each in members))
    for member in sorted(members, key=lambda each: natural(each.filename)):
        name = f"{found.name}#{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            raise ArchiveLocked(file=found.name)
        if dictionary_size(raw, member) > MOST_MEMORY:
            raise ArchiveDamaged(file=name, reason=Said("it wants too much memory", {}))
        with _damage_told(name):
            stream = archive.open(member)
        with stream:
            part = _part(name, Watched(stream, name, budget))
            yield from _read_once(part)


def _tarred(name: str, stream: IO[bytes], limits: FileLimits) -> Iterator[Part]:
    tail = Tail(stream)
    try:
        with tarfile.open(fileobj=tail, mode="r|", tarinfo=Member) as archive:  # type: ignore[call-overload]
            for number, member in enumerate(archive, 1):
                if number > limits.members:
                    raise ArchiveTooMany(file=name, limit=limits.members)
                # Names in a list of their own would grow with the archive.
                archive.members = []
                tarring.check(member, name)
                if not member.isreg():
                    continue
                inner = archive.extractfile(member)
                if inner is None or not _is_wanted(member.name):
                    continue
                shown = f"{name}#{legible(member.name)}"
                part = _part(shown, Watched(inner, shown))
                yield from _read_once(part)
            tail.check_end(name, archive.fileobj)
    except DAMAGE as error:
        raise ArchiveDamaged(file=name, reason=str(error)) from error


def _part(name: str, stream: Any) -> Part:
    """Return a part with the beginning of its stream, which the stream gives all the same."""
    head = b""
    while len(head) < HEAD and (data := stream.read(HEAD - len(head))):
        head += data
    return Part(name, head, io.BufferedReader(_Rest(head, stream), _BUFFER))


def _sought(name: str, stream: IO[bytes]) -> Part:
    """Return a part whose stream can be sought."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    return Part(name, head, stream)


def _read_once(part: Part) -> Iterator[Part]:
    """Yield what is in an archive or a compressed file, if anything is."""
    if part.head:
        inner = _inner(part)
        with closing(inner.stream):
            yield inner


def _inner(part: Part) -> Part:
    """Return what an archive holds, on the disk where it has to be sought; raise ArchiveNested."""
    if any(part.head.startswith(magic) for magic, _ in _COMPRESSED) or looks.is_tar(part.head):
        raise ArchiveNested(file=part.name)
    if not part.head.startswith((*looks.ZIP, looks.OLE)):
        return part
    kept = _on_disk(part)
    if part.head.startswith(looks.ZIP) and not _holds_sheets(kept):
        kept.close()
        raise ArchiveNested(file=part.name)
    return _sought(part.name, kept)


def _on_disk(part: Part) -> IO[bytes]:
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - read long after; it has no name to remove
    try:
        shutil.copyfileobj(part.stream, kept, _BUFFER)
    except OSError as error:
        raise DiskFull(file=part.name) from error
    return kept


def _holds_sheets(stream: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(stream) as archive:
            return looks.is_spreadsheet(archive)
    except (*DAMAGE, OSError):
        return False


class _Rest(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, stream: Any) -> None:
        super().__init__()
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer."""
        size = len(buffer)
        data, self._head = self._head[:size], self._head[size:]
        data = data or self._stream.read(size)
        buffer[: len(data)] = data
        return len(data)


def _is_wanted(name: str) -> bool:
    last = name.rpartition("/")[2]
    return bool(last) and not last.startswith(".") and "__MACOSX/" not in name


def _check_directory(found: Found, raw: IO[bytes], limits: FileLimits) -> None:
    """Raise ArchiveTooMany before a directory is read that has more members than may be."""
    size = directory_size(raw, found.size)
    if size is None:
        raise ArchiveDamaged(file=found.name, reason=Said("its directory is missing", {}))
    if size > limits.members * AN_ENTRY:
        raise ArchiveTooMany(file=found.name, limit=limits.members)
