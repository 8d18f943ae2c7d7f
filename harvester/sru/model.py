"""What an SRU server answers, whatever its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Diagnostic(NamedTuple):
    """What a server says is wrong: SRU's number, in its words."""

    number: int
    message: str
    details: str


class SruRecord(NamedTuple):
    """A record as it stands in an answer, or the diagnostic in its place."""

    position: int
    """In the result, from 1."""
    schema: str
    body: bytes
    identifier: str = ""
    said: Diagnostic | None = None


class Answered(NamedTuple):
    """An answer to searchRetrieve."""

    hits: int
    records: tuple[SruRecord, ...]
    diagnostics: tuple[Diagnostic, ...]


class Listed(NamedTuple):
    """A term of an answer to scan, and how many records have it where that is told."""

    term: str
    records: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a server says of itself; all of it may be missing."""

    version: str = ""
    name: str = ""
    software: str = ""
    schemas: Mapping[str, str] = field(default_factory=dict)
    """URI of each schema of records to the short name it is asked for by."""
    indexes: frozenset[str] = frozenset()
    """``set.name`` of each index, in small letters."""
    most: int = 0
    """Records given at a time; 0 where that is not told."""
    scans: bool = True
    """Whether scan may be tried."""
