"""Every answer of a source as it came: compressed, named by its content, never changed.

A page is on the disk before the transaction that uses it commits, so a stored record can always be
traced to the bytes it came in.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

import zstandard

_LEVEL = 3


class RawStore(Protocol):
    """Where pages are kept; ``name_of`` says under which name."""

    def put(self, page: bytes) -> str:
        """Keep a page durably and return its name."""

    def get(self, name: str) -> bytes:
        """Return a page. Raises KeyError."""


def name_of(page: bytes) -> str:
    """Return the name of a page: the SHA-256 of its bytes, in hex."""
    return hashlib.sha256(page).hexdigest()


def pack(data: bytes) -> bytes:
    """Return bytes compressed for the database or the disk."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def unpack(data: bytes) -> bytes:
    """Return what ``pack`` was given."""
    return zstandard.ZstdDecompressor().decompress(data)


class FolderRawStore:
    """Pages as files, in two levels of folders by the first letters of their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, page: bytes) -> str:
        """Keep a page; the file appears whole or not at all."""
        name = name_of(page)
        path = self._path(name)
        if path.exists():
            return name
        _make_folder(path.parent)
        # A name of its own: process numbers repeat from container to container.
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as file:
                file.write(pack(page))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        """Return a page. Raises KeyError where it is not, or no longer, kept."""
        try:
            return unpack(self._path(name).read_bytes())
        except FileNotFoundError:
            raise KeyError(name) from None

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:4] / f"{name}.zst"


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each on the disk before anything is put into it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
