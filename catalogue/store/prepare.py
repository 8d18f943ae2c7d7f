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


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One delivered record, ready for T1."""

    raw: RawRecord
    raw_hash: bytes
    record: Record | None
    """None when deleted, not readable, or not mapped since nothing changed."""
    problems: tuple[Problem, ...]

    def content(self) -> Content | None:
        """Return what is stored of a readable record; costly, so only for those that changed."""
        if self.record is None:
            return None
        parsed = stored.to_json(self.record)
        features = match.features(self.record)
        return Content(
            parsed=parsed,
            hash=_content_hash(self.record),
            features=features.to_json(),
            keys=match.keys(features),
        )

    def packed(self) -> bytes:
        """Return the delivered bytes as they are kept."""
        return pack(self.raw.body)


def prepare(
    page: Page, mapped: Mapping[int, Record], problems: Mapping[int, Sequence[Problem]]
) -> list[Incoming]:
    """Return one Incoming for each identifier of a page, in order of delivery."""
    chosen = _last_versions(page.records)
    return [
        Incoming(
            raw=raw,
            raw_hash=raw_hash(raw),
            record=mapped.get(raw.position),
            problems=(*problems.get(raw.position, ()), *((_REPEATED,) if again else ())),
        )
        for raw, again in chosen
    ]


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


def _last_versions(records: Sequence[RawRecord]) -> list[tuple[RawRecord, bool]]:
    """Return the version of each identifier that counts, and whether there were others.

    A live version wins over a deletion of the same datestamp, whatever their order.
    """
    chosen: dict[str, tuple[RawRecord, bool]] = {}
    for raw in records:
        other = chosen.pop(raw.identifier, None)
        beaten = (
            other is not None
            and raw.deleted
            and not other[0].deleted
            and other[0].datestamp >= raw.datestamp
        )
        chosen[raw.identifier] = (other[0] if beaten and other else raw, other is not None)
    return list(chosen.values())
