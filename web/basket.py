"""Records that a person has chosen to take along: a folder with a file for each, named by content.

Each record is in it once, however often it is chosen. Putting one in and taking it out are single
steps of the file system, so two pages, or two servers on one folder, spoil nothing. The folder is
on this machine: who signs in at another one has another basket.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from crosswalks.errors import CrosswalkError
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Record

MOST = 300
"""Records in a basket."""
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_COLLECTION = b'<collection xmlns="http://www.loc.gov/MARC21/slim">\n'


class Kept(NamedTuple):
    """A record in a basket."""

    name: str
    record: Record


class Put(NamedTuple):
    """How many records were new, were in it already, and had no room."""

    new: int
    known: int
    left: int


class Basket:
    """The basket of one person, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, records: Iterable[Record]) -> Put:
        """Put records in. Raises OSError where the disk does not take them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        held = {path.stem for path in self._files()}
        before, known, left = len(held), 0, 0
        for record in records:
            body = marcxml.write(record)
            name = sha256(body).hexdigest()
            if name in held:
                known += 1
            elif len(held) >= MOST:
                left += 1
            else:
                self._write(name, body)
                held.add(name)
        return Put(len(held) - before, known, left)

    def all(self) -> list[Kept]:
        """Return what is in it, in the order in which it was put in."""
        return list(self._read())

    def remove(self, name: str) -> None:
        """Take one record out, if it is there."""
        for path in self._files():
            if path.stem == name:
                path.unlink(missing_ok=True)

    def empty(self) -> int:
        """Take all out; return how many they were."""
        paths = self._files()
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def __len__(self) -> int:
        """Return how many records are in it."""
        return len(self._files())

    def _files(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return [path for path in self._folder.iterdir() if path.suffix == ".xml"]
        return []

    def _read(self) -> Iterator[Kept]:
        found = []
        for path in self._files():
            # Another page may be taking it out.
            with suppress(FileNotFoundError):
                found.append((path.stat().st_mtime_ns, path.stem, path.read_bytes()))
        for _, name, body in sorted(found):
            with suppress(CrosswalkError):
                yield Kept(name, marcxml.read(body))

    def _write(self, name: str, body: bytes) -> None:
        part = self._folder / f".{name}.{os.getpid()}.part"
        try:
            with part.open("wb") as stream:
                stream.write(body)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self._folder / f"{name}.xml")
        finally:
            part.unlink(missing_ok=True)


def as_marc(records: Iterable[Record]) -> bytes:
    """Return records as a file of ISO 2709 in UTF-8; raise FormatError for one that is too long."""
    return b"".join(iso2709.write(each) for each in records)


def as_marcxml(records: Iterable[Record]) -> bytes:
    """Return records as a file of MARCXML."""
    rows = b"".join(marcxml.write(each) + b"\n" for each in records)
    return _HEAD + _COLLECTION + rows + b"</collection>\n"
