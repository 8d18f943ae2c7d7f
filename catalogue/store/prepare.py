"""What T1 writes of each record, computed before its transaction opens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue import match
from catalogue.raw import pack
from crosswalks import stored
from crosswalks.model import Control, Page, Problem, RawRecord, Record, Severity

_REPEATED = Problem(
    code="delivered-twice",
    severity=Severity.INFO,
    detail="The page held this identifier more than once; the last version counts.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A record that could be read, as it will be stored."""

    parsed: str
    hash: bytes
    features: str
    keys: tuple[str, ...]
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One delivered record, ready for T1."""

    raw: RawRecord
    raw_hash: bytes
    content: Content | None
    """None when deleted, not readable, or not mapped since nothing changed."""
    problems: tuple[Problem, ...]

    def packed(self) -> bytes:
        """Return the delivered bytes as they are kept."""
        return self.content.packed if self.content else pack(self.raw.body)


def prepare(
    page: Page, mapped: Mapping[int, Record], problems: Mapping[int, Sequence[Problem]]
) -> list[Incoming]:
    """Return one Incoming for each identifier of a page, in order of delivery."""
    return [
        _incoming(raw, mapped.get(raw.position), (*problems.get(raw.position, ()), *notes))
        for raw, notes in _last_versions(page.records)
    ]


def _incoming(raw: RawRecord, record: Record | None, problems: tuple[Problem, ...]) -> Incoming:
    content = None
    if record is not None:
        try:
            content = _content(raw, record)
        except Exception as error:  # noqa: BLE001 - one bad record never stops a run
            problems = (*problems, _not_storable(error))
    return Incoming(raw=raw, raw_hash=raw_hash(raw), content=content, problems=problems)


def _content(raw: RawRecord, record: Record) -> Content:
    features = match.features(record)
    return Content(
        parsed=stored.to_json(record),
        hash=_content_hash(record),
        features=features.to_json(),
        keys=match.keys(features),
        packed=pack(raw.body),
    )


def _not_storable(error: Exception) -> Problem:
    return Problem(
        code="not-storable",
        severity=Severity.ERROR,
        detail=f"{type(error).__name__}: {error}",
    )


def raw_hash(raw: RawRecord) -> bytes:
    """Return the hash that tells whether a record was delivered before, byte for byte."""
    digest = hashlib.blake2b(raw.format.encode(), digest_size=16)
    digest.update(b"\0")
    digest.update(raw.body)
    return digest.digest()


def _content_hash(record: Record) -> bytes:
    # 005 and the datestamp change without the record changing, and the other way round.
    fields = tuple(
        field for field in record.fields if not (isinstance(field, Control) and field.tag == "005")
    )
    text = stored.to_json(replace(record, fields=fields))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _last_versions(
    records: Sequence[RawRecord],
) -> list[tuple[RawRecord, tuple[Problem, ...]]]:
    """Return the version of each identifier that counts, with a note if there were others.

    A live version wins over a deletion of the same datestamp, whatever their order.
    """
    chosen: dict[str, tuple[RawRecord, tuple[Problem, ...]]] = {}
    for raw in records:
        if raw.identifier not in chosen:
            chosen[raw.identifier] = (raw, ())
            continue
        other, _ = chosen.pop(raw.identifier)
        beaten = raw.deleted and not other.deleted and other.datestamp >= raw.datestamp
        chosen[raw.identifier] = (other if beaten else raw, (_REPEATED,))
    return list(chosen.values())
