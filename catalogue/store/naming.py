"""Under which name a delivered record is kept, whatever its source called it.

What has no name, or one too long for an index, is set aside under a name made from its content.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

from crosswalks.model import Problem, RawRecord, Severity
from crosswalks.text import is_storable, storable

LONGEST = 1000
"""Bytes of an identifier: PostgreSQL's indexes take 2,704 with whatever else is in the row."""
_SAMPLE = 100


class Named(NamedTuple):
    """A record whose identifier, datestamp and format every engine can store."""

    raw: RawRecord
    notes: tuple[Problem, ...] = ()
    """What was wrong with its name."""

    @property
    def refused(self) -> bool:
        """Whether it may only be kept aside: what it is called tells nobody which record it is."""
        return any(note.severity is Severity.ERROR for note in self.notes)


def named(raw: RawRecord) -> Named:
    """Return a record under the name it is kept by."""
    clean = _storable(raw)
    size = len(clean.identifier.encode())
    if not clean.identifier.strip():
        note = Problem(code="no-identifier", severity=Severity.ERROR)
        return Named(replace(clean, identifier=f"missing:{raw_hash(clean).hex()}"), (note,))
    if size > LONGEST:
        digest = hashlib.sha256(raw.identifier.encode("utf-8", "surrogatepass")).hexdigest()
        return Named(replace(clean, identifier=f"sha256:{digest}"), (_too_long(clean, size),))
    if clean.identifier != raw.identifier:
        note = Problem(
            code="damaged-identifier", severity=Severity.WARNING, sample=clean.identifier
        )
        return Named(clean, (note,))
    return Named(clean)


def raw_hash(raw: RawRecord) -> bytes:
    """Return the hash that tells whether a record was delivered before, byte for byte."""
    digest = hashlib.blake2b(raw.format.encode(), digest_size=16)
    digest.update(b"\0")
    digest.update(raw.body)
    return digest.digest()


def _storable(raw: RawRecord) -> RawRecord:
    if is_storable(raw.identifier + raw.datestamp + raw.format):
        return raw
    return replace(
        raw,
        identifier=storable(raw.identifier),
        datestamp=storable(raw.datestamp),
        format=storable(raw.format),
    )


def _too_long(raw: RawRecord, size: int) -> Problem:
    return Problem(
        code="identifier-too-long",
        severity=Severity.ERROR,
        sample=raw.identifier[:_SAMPLE],
        detail=f"{size} bytes where {LONGEST} are the most",
    )
