"""Every answer of a source as it came: compressed, named by its content, never changed.

A page is on the disk before the transaction that uses it commits, so a stored record can always be
traced to the bytes it came in. Which pages may go is for ``catalogue.retention`` to say.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from threading import local
from typing import NamedTuple, Protocol

import zstandard

from catalogue.folders import keep_folder

_LEVEL = 3
_own = local()
_SUFFIX = ".zst"


class Stored(NamedTuple):
    """A page as it lies in the store."""

    name: str
    size: int
    """Bytes that it takes up."""
    put: float
    """When it was last put, epoch seconds."""


class RawStore(Protocol):
    """Where pages are kept; ``name_of`` says under which name."""

    def put(self, page: bytes) -> str:
        """Keep a page durably and return its name."""

    def get(self, name: str) -> bytes:
        """Return a page. Raises KeyError where it is not, or no longer, kept, or is damaged."""

    def stored(self) -> Iterator[Stored]:
        """Yield what is there, in no order."""

    def size(self, name: str) -> int:
        """Return how many bytes a page takes up, 0 where it is not there."""

    def remove(self, name: str, before: float) -> int:
        """Remove a page unless it was put, or put again, since; return the bytes set free."""

    def tidy(self, before: float) -> int:
        """Remove what was left half done before then; return the bytes set free."""


def name_of(page: bytes) -> str:
    """Return the name of a page: the SHA-256 of its bytes, in hex."""
    return hashlib.sha256(page).hexdigest()


def pack(data: bytes) -> bytes:
    """Return bytes compressed for the database or the disk."""
    # One for each thread: to make one takes as long as to compress a page with it.
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return bytes(_own.compressor.compress(data))


def unpack(data: bytes) -> bytes:
    """Return what ``pack`` was given."""
    return zstandard.ZstdDecompressor().decompress(data)


class FolderRawStore:
    """Pages as files, in 256 folders by the first letters of their names.

    Pages that an earlier version kept lie one folder deeper, and stay there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, page: bytes) -> str:
        """Keep a page; the file appears whole or not at all."""
        name = name_of(page)
        path = self._path(name)
        if _put_again(path):
            return name
        _make_folder(path.parent)
        draft = _draft(path)
        try:
            with draft.open("xb") as file:
                file.write(pack(page))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        keep_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        """Return a page. Raises KeyError where it is not, or no longer, kept, or is damaged."""
        try:
            page = unpack(self._path(name).read_bytes())
        except (FileNotFoundError, zstandard.ZstdError) as error:
            raise KeyError(name) from error
        if name_of(page) != name:
            raise KeyError(name)
        return page

    def stored(self) -> Iterator[Stored]:
        """Yield what is there, in no order; what vanishes meanwhile is left out."""
        for path in self._files():
            if path.suffix == _SUFFIX and (found := _stat(path)):
                yield Stored(path.stem, found.st_size, found.st_mtime)

    def size(self, name: str) -> int:
        """Return how many bytes a page takes up, 0 where it is not there."""
        found = _stat(self._path(name))
        return found.st_size if found else 0

    def remove(self, name: str, before: float) -> int:
        """Remove a page unless it was put, or put again, since; return the bytes set free.

        It is moved out of the way first: who puts it from then on writes it anew, and who did so
        just before has left a later time on it, with which it is moved back.
        """
        path = self._path(name)
        found = _stat(path)
        if found is None or found.st_mtime >= before:
            return 0
        going = _draft(path)
        try:
            path.rename(going)
        except FileNotFoundError:
            return 0
        if going.stat().st_mtime >= before:
            going.replace(path)
            return 0
        going.unlink()
        return found.st_size

    def tidy(self, before: float) -> int:
        """Remove what a killed process left half written or half removed; return its bytes."""
        freed = 0
        for path in self._files():
            found = None if path.suffix == _SUFFIX else _stat(path)
            if found and found.st_mtime < before:
                path.unlink(missing_ok=True)
                freed += found.st_size
        return freed

    def _files(self) -> Iterator[Path]:
        for first in _below(self.folder):
            for second in _below(first):
                yield from _below(second) if second.is_dir() else (second,)

    def _path(self, name: str) -> Path:
        # More folders would have to be made, each on the disk, for nearly every page.
        folder, file = self.folder / name[:2], f"{name}{_SUFFIX}"
        earlier = folder / name[2:4] / file
        return earlier if earlier.exists() else folder / file


def _draft(path: Path) -> Path:
    # A name of its own: process numbers repeat from container to container.
    return path.with_suffix(f".{secrets.token_hex(8)}")


def _put_again(path: Path) -> bool:
    """Mark a page that is there as put just now; tell whether it still is."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    # It may have been moved away between these two, and then it is written anew.
    return path.exists()


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _below(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each on the disk before anything is put into it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        keep_folder(folder.parent)
