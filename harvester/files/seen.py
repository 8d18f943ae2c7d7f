"""Which identifiers a delivery has brought so far: memory does not grow with them beyond a bound.

A table of hashes, 32 bytes for an entry (16 of the key, 12 of a second hash, a number), with open
addressing, made anew when it is two thirds full. The first third of a million is in memory, more of
them in a file without a name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Protocol, Self

from harvester.files.errors import DiskFull

_KEY, _HASH, _SLOT = 16, 12, 32
_FIRST = 1 << 13
_IN_MEMORY = 1 << 19
"""Slots: 16 MiB."""
_LOOK = 8
"""Slots read at a time."""
_GROWTH = 4
_EMPTY = bytes(_SLOT)


class _Entry(NamedTuple):
    slot: int
    hash: bytes
    number: int
    """0 where there is none."""


class _Store(Protocol):
    """Bytes that are written and read at places; what was never written is zero."""

    def read(self, start: int, size: int) -> bytes:
        """Return so many bytes."""

    def write(self, start: int, data: bytes) -> None:
        """Write bytes; raise OSError."""

    def close(self) -> None:
        """Let go of it."""


class _Memory:
    def __init__(self, size: int) -> None:
        self._data = bytearray(size)

    def read(self, start: int, size: int) -> bytes:
        return bytes(self._data[start : start + size])

    def write(self, start: int, data: bytes) -> None:
        self._data[start : start + len(data)] = data

    def close(self) -> None:
        self._data = bytearray()


class _Disk:
    def __init__(self, folder: Path | None) -> None:
        made = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by its owner
        self._file: IO[bytes] = made

    def read(self, start: int, size: int) -> bytes:
        return os.pread(self._file.fileno(), size, start).ljust(size, b"\0")

    def write(self, start: int, data: bytes) -> None:
        os.pwrite(self._file.fileno(), data, start)

    def close(self) -> None:
        self._file.close()


class Seen:
    """A context manager; ``name`` is what is read, for the message where the disk is full.

    ``in_memory`` is how many slots may be there, each for an identifier or a repeated one.
    """

    def __init__(self, name: str, folder: Path | None = None, in_memory: int = _IN_MEMORY) -> None:
        self._name = name
        self._folder = folder
        self._in_memory = in_memory
        self._slots = _FIRST
        self._store = self._made(_FIRST)
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
        """Let go of what was kept."""
        self._store.close()

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
            held = self._store.read(slot * _SLOT, count * _SLOT)
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
        self._write(self._store, key + content + number.to_bytes(4, "big"), slot)
        self._used += is_new
        if self._used * 3 > self._slots * 2:
            self._grow()

    def _grow(self) -> None:
        old, slots = self._store, self._slots
        self._store, self._slots = self._made(slots * _GROWTH), slots * _GROWTH
        for start in range(0, slots, _FIRST):
            held = old.read(start * _SLOT, _FIRST * _SLOT)
            for at in range(0, len(held), _SLOT):
                entry = held[at : at + _SLOT]
                if entry != _EMPTY:
                    self._write(self._store, entry, self._find(entry[:_KEY]).slot)
        old.close()

    def _write(self, store: _Store, entry: bytes, slot: int) -> None:
        try:
            store.write(slot * _SLOT, entry)
        except OSError as error:
            raise self._full(error) from error

    def _made(self, slots: int) -> _Store:
        if slots <= self._in_memory:
            return _Memory(slots * _SLOT)
        try:
            return _Disk(self._folder)
        except OSError as error:
            raise self._full(error) from error

    def _full(self, error: OSError) -> Exception:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DiskFull(file=self._name)
        return error
