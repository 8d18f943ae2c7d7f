"""Where delivered files lie until somebody has said what becomes of them.

A file is on the disk, whole and named by its content, before anything refers to it. It is written
once and read as often as it is checked; applying links it into the inbox of its source.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from catalogue.folders import keep_folder
from catalogue.intake.errors import DeliveryEmpty, DeliveryTooLarge, NoRoom, NotKept

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

WAITING = ".waiting"
_DRAFT = ".part"
_CHUNK = 1024 * 1024
_MEBIBYTE = 1024 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Kept(NamedTuple):
    """A file that lies in the spool."""

    sha256: str
    size: int


class Spool:
    """The files of one hub that wait, below the folder of its inboxes."""

    def __init__(self, incoming: Path, most: int) -> None:
        self.folder = incoming / WAITING
        self.most = most
        """Bytes that a file may have."""

    def path(self, sha256: str) -> Path:
        """Return where a file lies, if it does."""
        return self.folder / sha256

    def expect(self, size: int, name: str) -> None:
        """See, before the first byte is sent, that so many can come.

        Raises DeliveryTooLarge or NoRoom.
        """
        if size > self.most:
            raise DeliveryTooLarge(name=name, limit=self.most // _MEBIBYTE)
        above = next(each for each in (self.folder, *self.folder.parents) if each.is_dir())
        if shutil.disk_usage(above).free < size:
            raise NoRoom(name=name, folder=self.folder)

    def take(self, chunks: Iterable[bytes], name: str) -> Kept:
        """Keep what comes. Raises DeliveryTooLarge, DeliveryEmpty, NoRoom or NotKept."""
        with self.draft(name) as draft:
            for chunk in chunks:
                draft.write(chunk)
            return draft.keep()

    @contextmanager
    def draft(self, name: str) -> Iterator[Draft]:
        """Give something to write a file into; unless it is kept, nothing of it is left."""
        made = Draft(self, name)
        try:
            yield made
        finally:
            made.drop()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time put files in with their rows, or take them out by these."""
        with telling("-", self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def link(self, sha256: str, target: Path) -> None:
        """Put a file under another name as well, in place of what lies there.

        Raises FileNotFoundError where it is not in the spool.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{secrets.token_hex(8)}{_DRAFT}")
        try:
            _copy(self.path(sha256), draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        keep_folder(target.parent)

    def remove(self, sha256: str) -> None:
        """Remove a file; one that is not there is left at that."""
        self.path(sha256).unlink(missing_ok=True)

    def tidy(self, before: float, is_wanted: Callable[[str], bool]) -> int:
        """Remove what a killed process left, unless it was written since; return the bytes."""
        freed = 0
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            found = path.lstat()
            is_left = path.name.endswith(_DRAFT) or not (
                path.name.startswith(".") or is_wanted(path.name)
            )
            if is_left and found.st_mtime < before:
                path.unlink(missing_ok=True)
                freed += found.st_size
        return freed


class Draft(io.RawIOBase):
    """A file that is being written, hashed as it comes; it can be read back like any file."""

    def __init__(self, spool: Spool, name: str) -> None:
        super().__init__()
        self._spool, self._name = spool, name
        self._path = spool.folder / f".{secrets.token_hex(8)}{_DRAFT}"
        self._hash = hashlib.sha256()
        self.size = 0
        with telling(name, spool.folder):
            spool.folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb+")

    def writable(self) -> bool:
        """Tell that it can be written to, at its end."""
        return True

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be gone about in."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read back what was written."""
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place in what was written."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self._file.tell()

    def write(self, chunk: ReadableBuffer) -> int:
        """Write some more. Raises DeliveryTooLarge, NoRoom or NotKept."""
        chunk = bytes(chunk)
        self.size += len(chunk)
        if self.size > self._spool.most:
            raise DeliveryTooLarge(name=self._name, limit=self._spool.most // _MEBIBYTE)
        self._hash.update(chunk)
        with telling(self._name, self._spool.folder):
            self._file.write(chunk)
        return len(chunk)

    def sha256(self) -> str:
        """Return the hash of what was written so far, in hex."""
        return self._hash.hexdigest()

    def sync(self) -> None:
        """See that all that was written is on the disk. Raises DeliveryEmpty, NoRoom or NotKept."""
        if not self.size:
            raise DeliveryEmpty(name=self._name)
        with telling(self._name, self._spool.folder):
            self._file.flush()
            os.fsync(self._file.fileno())

    def keep(self) -> Kept:
        """Put the file under its name, on the disk. Raises as ``sync``."""
        self.sync()
        name = self.sha256()
        with telling(self._name, self._spool.folder):
            self._file.close()
            self._path.replace(self._spool.path(name))
            keep_folder(self._spool.folder)
        return Kept(name, self.size)

    def drop(self) -> None:
        """Forget what was not kept."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file holds, some at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk


def _copy(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileNotFoundError:
        raise
    except OSError:
        # Not every file system has names that share a file.
        with path.open("rb") as source, target.open("xb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK)
            copy.flush()
            os.fsync(copy.fileno())


@contextmanager
def telling(name: str, folder: Path) -> Iterator[None]:
    """Say in words why a file could not be kept."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(name=name, folder=folder) from error
        raise NotKept(name=name, folder=folder, reason=error.strerror or error) from error
