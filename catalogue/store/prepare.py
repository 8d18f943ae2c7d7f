"""What T1 writes of each record, computed before its transaction opens."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue import match
from catalogue.errors import CatalogueError
from catalogue.model import Mapped
from catalogue.raw import pack
from catalogue.store.naming import Named, named, raw_hash
from crosswalks import stored, suppression
from crosswalks.crosswalk import text_of
from crosswalks.model import Page, Problem, RawRecord, Record, Severity
from crosswalks.text import is_storable

_STAMP = "005"
"""It changes without the record changing, as the datestamp does, and the other way round."""
_REPEATED = Problem(
    code="delivered-twice",
    severity=Severity.INFO,
    detail="The page held this identifier more than once; the last version counts.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A record that could be read, as it will be stored."""

    version: str
    """Of the crosswalk that it was mapped by."""
    parsed: str
    hash: bytes
    features: str
    keys: tuple[str, ...]
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One delivered record, ready for T1."""

    raw: RawRecord
    """Under the name it is kept by."""
    raw_hash: bytes
    content: Content | None
    """None when deleted, not readable, or not read."""
    read: bool
    """False for a deletion, and where nobody tried to read it since these bytes are known."""
    notes: tuple[Problem, ...]
    """What was wrong with how it was delivered; found each time, read or not."""
    problems: tuple[Problem, ...]
    """What was wrong with the record, if it was read."""

    @property
    def suppressed(self) -> bool:
        """Tell whether its library keeps it from readers."""
        return any(problem.code == suppression.CODE for problem in self.problems)

    def packed(self) -> bytes:
        """Return the delivered bytes as they are kept."""
        return self.content.packed if self.content else pack(self.raw.body)

    def refused(self, error: Exception) -> Incoming:
        """Return it as one that cannot be stored, with the reason."""
        problems = (*self.problems, _not_storable(error))
        return replace(self, content=None, read=True, problems=problems)


def prepare(
    page: Page, mapped: Mapping[int, Mapped], problems: Mapping[int, Sequence[Problem]]
) -> list[Incoming]:
    """Return one Incoming for each identifier of a page, in order of delivery.

    A record whose position is in neither mapping is taken for one that was not read.
    """
    return [
        _incoming(each, mapped.get(each.raw.position), problems.get(each.raw.position))
        for each in _last_versions(map(named, page.records))
    ]


def _incoming(each: Named, mapped: Mapped | None, problems: Sequence[Problem] | None) -> Incoming:
    read = each.refused or mapped is not None or problems is not None
    content, failure = None, None
    if mapped is not None and not each.refused:
        try:
            content = _content(each.raw, mapped)
        except Exception as error:  # noqa: BLE001 - one bad record never stops a run
            failure = error
    incoming = Incoming(
        raw=each.raw,
        raw_hash=raw_hash(each.raw),
        content=content,
        read=read,
        # Who reads a record tells these as well.
        notes=each.notes if read else (*each.notes, *each.raw.problems),
        problems=tuple(problems or ()),
    )
    return incoming if failure is None else incoming.refused(failure)


def _content(raw: RawRecord, mapped: Mapped) -> Content:
    record = mapped.record
    parsed, without = stored.with_and_without(record, _STAMP)
    if not _is_storable(record, parsed):
        raise CatalogueError(reason="it holds characters that no database can")
    features = match.features(record)
    return Content(
        version=mapped.version,
        parsed=parsed,
        hash=_hash_of(without),
        features=features.to_json(),
        keys=match.keys(features),
        packed=pack(raw.body),
    )


def _not_storable(error: Exception) -> Problem:
    # Not the statement that failed with all its values, only what the engine said.
    origin = getattr(error, "orig", None) or error
    return Problem(
        code="not-storable",
        severity=Severity.ERROR,
        detail=f"{type(origin).__name__}: {origin}",
    )


def content_hash(record: Record) -> bytes:
    """Return what tells a record's content from any other; 005 is no content."""
    return _hash_of(stored.with_and_without(record, _STAMP)[1])


def _hash_of(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _is_storable(record: Record, parsed: str) -> bool:
    """Tell whether every database holds a record, as JSON and as text: see ``is_storable``."""
    # JSON writes NUL so; but that may be a backslash before letters, too.
    return is_storable(parsed) and ("\\u0000" not in parsed or is_storable(text_of(record)))


def _last_versions(records: Iterable[Named]) -> list[Named]:
    """Return the version of each identifier that counts within a page, noted if there were others.

    A live version wins over a deletion of the same datestamp, whatever their order.
    """
    chosen: dict[str, Named] = {}
    for each in records:
        other = chosen.pop(each.raw.identifier, None)
        if other is None:
            chosen[each.raw.identifier] = each
            continue
        beaten = each.raw.deleted and not other.raw.deleted
        last = other if beaten and other.raw.datestamp >= each.raw.datestamp else each
        notes = [note for note in last.notes if note is not _REPEATED]
        chosen[each.raw.identifier] = last._replace(notes=(*notes, _REPEATED))
    return list(chosen.values())
