"""The files of a dump while they are written: compressed, added up, and on the disk when closed."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Sequence
from io import RawIOBase
from pathlib import Path
from typing import Any, cast

from catalogue.folders import keep_folder, sha256_of
from provider.dumps.model import File

_LEVEL = 6
_BLOCK = 1 << 20


class _Summed(RawIOBase):
    """A file that knows the checksum of what was written to it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Write all of these bytes."""
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def keep(self) -> None:
        """Have all of it on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; it may be called again."""
        self._file.close()
        super().close()


class Part:
    """One compressed file of records. The same records make the same bytes, whenever."""

    def __init__(self, path: Path, frame: tuple[bytes, bytes, bytes]) -> None:
        self._path = path
        self._opening, self._between, self._closing = frame
        self._file = _Summed(path)
        # Neither name nor time, which would be others each time.
        self._packed = gzip.GzipFile("", "wb", _LEVEL, cast("Any", self._file), mtime=0)
        self._before = self._opening
        self.records = self.deletions = 0

    def put(self, written: Sequence[bytes], deletions: int) -> None:
        """Add records, so many of which say that something was deleted."""
        if written:
            self._packed.write(self._before + self._between.join(written))
            self._before = self._between
            self.records += len(written) - deletions
            self.deletions += deletions

    def end(self) -> File:
        """Close the file once it is on the disk, and return what it is."""
        self._packed.write(self._closing)
        self._packed.close()
        self._file.keep()
        self._file.close()
        digest = self._file.digest.hexdigest()
        name = self._path.name
        return File(name, self._file.size, digest, self.records, self.deletions)

    def drop(self) -> None:
        """Give the file up."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def summed(path: Path) -> File:
    """Return what a file is that is written already."""
    return File(path.name, path.stat().st_size, sha256_of(path))


def put_whole(path: Path, content: bytes) -> None:
    """Put a small file in its place at once, whatever stood there before."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    keep_folder(path.parent)
