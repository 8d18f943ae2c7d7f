"""Which identifiers a delivery has brought so far, on the disk: memory does not grow with them.

A table of hashes in a file without a name: 32 bytes for an entry (16 of the key, 12 of a second
hash, a number), open addressing, made anew when it is two thirds full.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from harvester.files.errors import DiskFull

_KEY, _HASH, _SLOT = 16, 12, 32
_FIRST = 1 << 13
_LOOK = 8
"""Slots read at a time."""
_GROWTH = 4
_EMPTY = bytes(_SLOT)


class _Entry(NamedTuple):
    slot: int
    hash: bytes
    number: int
    """0 where there is none."""


class Seen:
    """A context manager; ``name`` is what is read, for the message where the disk is full."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self._name = name
        self._folder = folder
        self._file = self._made()
        self._slots = _FIRST
        self._used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def version(self, identifier: str, body: bytes) -> int:
        """Return which of the different records of this identifier it is, from 1.

        Equal bytes under the same identifier are the same one, however often they come.
        """
        name = identifier.encode("utf-8", "surrogatepass")
        content = hashlib.blake2b(body, digest_size=_HASH).digest()
        key = hashlib.blake2b(name, digest_size=_KEY).digest()
        first = self._find(key)
        if not first.number:
            self._put(first.slot, key, content, 1)
            return 1
        if first.hash == content:
            return 1
        pair = hashlib.blake2b(name + b"\0" + content, digest_size=_KEY).digest()
        other = self._find(pair)
        if other.number:
            return other.number
        # The first entry counts how many there are; each other one has its own number.
        count = first.number + 1
        self._put(first.slot, key, first.hash, count, is_new=False)
        self._put(self._find(pair).slot, pair, content, count)
        return count

    def _find(self, key: bytes) -> _Entry:
        slot = int.from_bytes(key[:8], "big") % self._slots
        while True:
            count = min(_LOOK, self._slots - slot)
            held = os.pread(self._file.fileno(), count * _SLOT, slot * _SLOT)
            held = held.ljust(count * _SLOT, b"\0")
            for at in range(0, len(held), _SLOT):
                entry = held[at : at + _SLOT]
                if entry[:_KEY] == key:
                    number = int.from_bytes(entry[_KEY + _HASH :], "big")
                    return _Entry(slot + at // _SLOT, entry[_KEY : _KEY + _HASH], number)
                if entry == _EMPTY:
                    return _Entry(slot + at // _SLOT, b"", 0)
            slot = (slot + count) % self._slots

    def _put(
        self, slot: int, key: bytes, content: bytes, number: int, *, is_new: bool = True
    ) -> None:
        entry = key + content + number.to_bytes(4, "big")
        self._write(self._file, entry, slot)
        self._used += is_new
        if self._used * 3 > self._slots * 2:
            self._grow()

    def _grow(self) -> None:
        old, slots = self._file, self._slots
        self._file, self._slots = self._made(), slots * _GROWTH
        for start in range(0, slots, _FIRST):
            held = os.pread(old.fileno(), _FIRST * _SLOT, start * _SLOT)
            for at in range(0, len(held), _SLOT):
                entry = held[at : at + _SLOT]
                if entry != _EMPTY:
                    self._write(self._file, entry, self._find(entry[:_KEY]).slot)
        old.close()

    def _write(self, file: IO[bytes], entry: bytes, slot: int) -> None:
        try:
            os.pwrite(file.fileno(), entry, slot * _SLOT)
        except OSError as error:
            raise self._full(error) from error

    def _made(self) -> IO[bytes]:
        try:
            return tempfile.TemporaryFile(dir=self._folder)
        except OSError as error:
            raise self._full(error) from error

    def _full(self, error: OSError) -> Exception:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DiskFull(file=self._name)
        return error
