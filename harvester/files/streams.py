"""Streams that are read once, from front to back, and give out no more than they may."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any

from harvester.errors import HarvestError
from harvester.files.errors import ArchiveDamaged, ArchiveSwollen, ArchiveTooLarge, FileUnreadable
from harvester.model import FileLimits

MOST_MEMORY = 256 << 20
"""What the dictionary of xz or LZMA may take; its own highest preset takes 64 MiB."""
_STEP = 1 << 16
DAMAGE = (
    *(EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile),
    *(tarfile.TarError, NotImplementedError, RuntimeError, ValueError, IndexError, struct.error),
)
"""What the libraries raise on archives that are none."""


class Watched(io.RawIOBase):
    """A stream of a file whose troubles are told by the file's name."""

    def __init__(self, stream: Any, name: str, budget: Budget | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._budget = budget

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return some bytes; raise FilesRefused."""
        try:
            data: bytes = self._stream.read(size)
        except HarvestError:
            raise
        except DAMAGE as error:
            raise ArchiveDamaged(file=self._name, reason=_reason(error)) from error
        except OSError as error:
            if error.errno is None:
                # Not of the disk: bz2 says so of what it cannot read.
                raise ArchiveDamaged(file=self._name, reason=_reason(error)) from error
            raise FileUnreadable(file=self._name, reason=error.strerror or str(error)) from error
        if self._budget is not None:
            self._budget.spend(len(data))
        return data

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer; raise FilesRefused."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Budget:
    """How much an archive of a certain size may still unpack to, all its members together."""

    def __init__(self, name: str, size: int, limits: FileLimits) -> None:
        self._name = name
        self._limits = limits
        self._swollen = max(limits.free_bytes, size * limits.times)
        self._spent = 0

    def spend(self, size: int) -> None:
        """Count bytes that came out; raise ArchiveSwollen or ArchiveTooLarge."""
        self._spent += size
        self.foresee(self._spent)

    def foresee(self, total: int) -> None:
        """Raise ArchiveSwollen or ArchiveTooLarge where so many bytes are too many."""
        if total > self._swollen:
            raise ArchiveSwollen(file=self._name, times=self._limits.times)
        if total > self._limits.inflated_bytes:
            raise ArchiveTooLarge(file=self._name, limit=self._limits.inflated_bytes)


class Inflated:
    """What a compressed stream holds, several one after the other perhaps, never all at once."""

    def __init__(self, stream: IO[bytes], make: Callable[[], Any]) -> None:
        self._stream = stream
        self._make = make
        self._inflater = make()
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; raise what the library raises, EOFError if it breaks off."""
        wanted = size if size >= 0 else _STEP
        while wanted:
            if self._inflater.eof and not self._next():
                return b""
            if not self._held and self._inflater.needs_input:
                self._held = self._stream.read(_STEP)
                if not self._held:
                    reason = "it ends before its end"
                    raise EOFError(reason)
            data: bytes = self._inflater.decompress(self._held, wanted)
            self._held = self._inflater.unused_data if self._inflater.eof else b""
            if data:
                return data
        return b""

    def _next(self) -> bool:
        """Go on to the next one; tell whether there is one, behind fill of zeros (xz s2.2)."""
        held = self._held.lstrip(b"\0")
        while not held:
            data = self._stream.read(_STEP)
            if not data:
                return False
            held = data.lstrip(b"\0")
        self._held = held
        self._inflater = self._make()
        return True


def gunzipped(stream: IO[bytes]) -> Any:
    """Return what a gzip file holds."""
    return gzip.GzipFile(fileobj=stream, mode="rb")


def bunzipped(stream: IO[bytes]) -> Any:
    """Return what a bzip2 file holds."""
    return Inflated(stream, bz2.BZ2Decompressor)


def unxzed(stream: IO[bytes]) -> Any:
    """Return what an xz file holds."""
    return Inflated(stream, lambda: lzma.LZMADecompressor(memlimit=MOST_MEMORY))


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
