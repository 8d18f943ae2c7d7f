"""Stored records mapped again: page by page, from the bytes as they were delivered.

What is current already is not touched, so it may end at any moment and begin again. A record whose
content comes out otherwise waits to be placed; until then readers see it as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from catalogue import crosswalks, queue, sources
from catalogue.database import Database
from catalogue.match import FEATURES_VERSION
from catalogue.model import Lease, Mapped, RecordState
from catalogue.raw import unpack
from catalogue.sources import Configured
from catalogue.sql import delete_keys, table
from catalogue.store.apply import Applied, Known, change_records, state_of, write_keys
from catalogue.store.own import keep_mapped
from catalogue.store.page import known_records
from catalogue.store.prepare import Incoming, prepare
from catalogue.store.problems import write_problems_again
from catalogue.tables import QuarantineRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.model import Page, Problem, RawRecord, Record

STEP = 200
"""Records of a page: SQLite's writers wait for as long as one is written."""

_records = table(RecordRow)
NAMELESS = ("missing:", "sha256:")
"""Names that the catalogue gave to what came without one; nobody knows which record that is."""


class Held(NamedTuple):
    """A stored record as it was delivered, and what was made of it."""

    id: int
    raw: RawRecord
    state: RecordState
    version: str
    hash: bytes
    parsed: str | None

    def record(self) -> Record | None:
        """Return what was made of it, if anything."""
        return stored.from_json(self.parsed) if self.parsed else None


class Remapped(NamedTuple):
    """What became of a page."""

    changed: int
    """Records whose content is another now, or that could be read for the first time."""
    same: int
    failed: int
    """Records that cannot be mapped any more; what was made of them before stays."""


def configured(database: Database, name: str) -> Configured:
    """Return a source with its key and generation. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        return sources.configured(connection, name)


def outdated(
    database: Database, source_id: int, current: Collection[str], after: int = 0, limit: int = STEP
) -> list[Held]:
    """Return the next records of a source that are not mapped by any of these versions."""
    query = (
        select(_records)
        .where(
            _records.c.source_id == source_id,
            _records.c.id > after,
            _records.c.state != RecordState.DELETED.value,
            _records.c.crosswalk_version.not_in(sorted(current)),
        )
        .order_by(_records.c.id)
        .limit(limit)
    )
    with database.reading_primary() as connection:
        return [_held(row, at) for at, row in enumerate(connection.execute(query))]


def page_of(held: Sequence[Held]) -> Page:
    """Return stored records as a page, as their source once delivered them."""
    records = tuple(each.raw for each in held)
    return Page(number=1, url="", records=records, next_checkpoint={}, raw=b"", last=False)


def put_again(
    database: Database,
    writer: Writer,
    page: Page,
    mapped: Mapping[int, Mapped],
    problems: Mapping[int, Sequence[Problem]],
) -> Remapped:
    """Store what came of a page of stored records.

    Raises LeaseLost, SourceChanged or CrosswalksChanged, and then nothing is written. A record that
    was delivered anew in the meantime is left alone.
    """
    incoming = [each for each in prepare(page, mapped, problems) if not _is_nameless(each.raw)]

    def work(connection: Connection) -> Remapped:
        queue.renew(connection, writer.lease)
        lock(connection, writer)
        crosswalks.check_edition(connection, writer.edition)
        names = [each.raw.identifier for each in incoming]
        found = known_records(connection, writer.source.id, names)
        told = [
            (each, found[each.raw.identifier])
            for each in incoming
            if _is_still(each, found.get(each.raw.identifier))
        ]
        return _written(connection, writer, told)

    return database.writing(work)


class Writer(NamedTuple):
    """Who maps again, which source, and by which crosswalks."""

    lease: Lease
    source: Configured
    edition: int


def lock(connection: Connection, writer: Writer) -> None:
    """Lock a source for a page of its stored records. Raises SourceChanged."""
    # Not shared, as a page of a harvest locks it: the two must not work on one record at a time.
    connection.execute(
        select(SourceRow.id).where(SourceRow.id == writer.source.id).with_for_update()
    )
    sources.check_generation(connection, writer.source.id, writer.source.generation)


def _is_nameless(raw: RawRecord) -> bool:
    return raw.identifier.startswith(NAMELESS)


def _is_still(each: Incoming, known: Known | None) -> bool:
    return (
        known is not None
        and known.state is not RecordState.DELETED
        and known.raw_hash == each.raw_hash
    )


def _written(
    connection: Connection, writer: Writer, told: Sequence[tuple[Incoming, Known]]
) -> Remapped:
    applied = Applied()
    waits = writer.source.source.waits
    failed = sum(not _one(applied, each, known, waits=waits) for each, known in told)
    keep_mapped(connection, applied)
    change_records(connection, applied.changed)
    write_keys(connection, applied)
    delete_keys(connection, QuarantineRow, [(key,) for key in applied.read_again])
    again = [applied.ids[name] for name in applied.placed_again]
    # Of a refused version what was told is what keeps it out, and it is not here to be read.
    read = [(each, known) for each, known in told if not known.refused]
    write_problems_again(connection, writer.source.id, read, again)
    return Remapped(applied.dirty, len(told) - failed - applied.dirty, failed)


def _one(applied: Applied, each: Incoming, known: Known, *, waits: bool) -> bool:
    """Work out what becomes of one record; tell whether it could be mapped."""
    content = each.content
    if content is None:
        return False
    state = state_of(each, known, waits=waits)
    same = known.state is state and known.content_hash == content.hash and known.features_current
    row: dict[str, Any] = {"b_id": known.id, "crosswalk_version": content.version}
    if not same:
        row |= {
            "state": state.value,
            "rev": known.rev + 1,
            "content_hash": content.hash,
            "parsed": content.parsed,
            "features": content.features,
            "features_version": FEATURES_VERSION,
            "stamp": None,
        }
        applied.ids[each.raw.identifier] = known.id
        keys = content.keys if state is RecordState.ACTIVE else ()
        applied.placed_again[each.raw.identifier] = (known.rev + 1, keys)
    if known.state is RecordState.QUARANTINED:
        applied.read_again.append(known.id)
    applied.changed.append(row)
    return True


def _held(row: Any, position: int) -> Held:
    raw = RawRecord(
        identifier=row.identifier,
        datestamp=row.datestamp,
        format=row.format,
        body=unpack(row.raw),
        position=position,
    )
    return Held(
        id=row.id,
        raw=raw,
        state=RecordState(row.state),
        version=row.crosswalk_version,
        hash=row.content_hash,
        parsed=row.parsed,
    )
