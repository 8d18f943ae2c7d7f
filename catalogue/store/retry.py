"""Versions in quarantine read again: page by page, from the bytes as they were delivered.

What can be read now takes its place as if it had just been delivered. A record that came anew in
the meantime is left alone: what it said last is what counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from catalogue import clock, crosswalks, queue
from catalogue.database import Database
from catalogue.model import Mapped
from catalogue.quarantine import raw_of
from catalogue.sources import Configured
from catalogue.sql import delete_keys, table
from catalogue.store import apply as applying
from catalogue.store.apply import Applied, Known, change_records, keep, write_keys
from catalogue.store.page import known_records
from catalogue.store.prepare import Incoming, prepare
from catalogue.store.problems import write_problems_again
from catalogue.store.remap import NAMELESS, Writer, lock
from catalogue.tables import DeliveryRow, QuarantineRow, RecordRow
from crosswalks.model import Page, Problem, RawRecord

STEP = 200

_rows, _records, _deliveries = table(QuarantineRow), table(RecordRow), table(DeliveryRow)


class Waiting(NamedTuple):
    """A version in quarantine, and which delivery it came by."""

    key: int
    raw: RawRecord
    delivery: tuple[int, int]


class Retried(NamedTuple):
    """What came of reading again."""

    read: int
    """Versions that could be read, and are live now."""
    left: int
    """Versions that still cannot."""
    dirty: int
    """Records that have to be placed."""


def due(
    database: Database,
    source_id: int,
    after: int = 0,
    *,
    beside_live: bool = False,
    key: int | None = None,
) -> list[Waiting]:
    """Return the next versions of a source in quarantine that have a name.

    ``beside_live`` leaves out records that have no readable version: who maps records again has
    tried these. ``key`` asks for one record alone.
    """
    query = (
        select(
            _rows,
            _records.c.identifier,
            _records.c.state,
            _records.c.raw.label("kept"),
            _deliveries.c.raw.label("refused"),
        )
        .join(_records, _records.c.id == _rows.c.record_id)
        .outerjoin(
            _deliveries,
            (_deliveries.c.run_id == _rows.c.run_id) & (_deliveries.c.seq == _rows.c.seq),
        )
        .where(_rows.c.source_id == source_id, _rows.c.record_id > after)
        .where(*(_records.c.identifier.not_like(f"{name}%") for name in NAMELESS))
        .order_by(_rows.c.record_id)
        .limit(STEP)
    )
    if beside_live:
        query = query.where(_records.c.refused)
    if key is not None:
        query = query.where(_rows.c.record_id == key)
    with database.reading_primary() as connection:
        return [_waiting(row, at) for at, row in enumerate(connection.execute(query))]


def put_retried(
    database: Database,
    writer: Writer,
    waiting: Sequence[Waiting],
    mapped: Mapping[int, Mapped],
    problems: Mapping[int, Sequence[Problem]],
) -> Retried:
    """Store what came of reading versions again.

    Raises LeaseLost, SourceChanged or CrosswalksChanged, and then nothing is written.
    """
    incoming = prepare(page_of(waiting), mapped, problems)
    deliveries = {each.raw.identifier: each.delivery for each in waiting}

    def work(connection: Connection) -> Retried:
        queue.renew(connection, writer.lease)
        lock(connection, writer)
        crosswalks.check_edition(connection, writer.edition)
        known = known_records(connection, writer.source.id, list(deliveries))
        still = _still(connection, [each.id for each in known.values()])
        told = [
            (each, known[each.raw.identifier])
            for each in incoming
            if each.raw.identifier in known
            and still.get(known[each.raw.identifier].id) == deliveries[each.raw.identifier]
        ]
        return _written(connection, writer.source, told)

    return database.writing(work)


def page_of(waiting: Sequence[Waiting]) -> Page:
    """Return versions as a page, as their source once delivered them."""
    records = tuple(each.raw for each in waiting)
    return Page(number=1, url="", records=records, next_checkpoint={}, raw=b"", last=False)


def _still(connection: Connection, keys: list[int]) -> dict[int, tuple[int, int]]:
    query = select(_rows.c.record_id, _rows.c.run_id, _rows.c.seq)
    found = connection.execute(query.where(_rows.c.record_id.in_(keys)))
    return {row.record_id: (row.run_id, row.seq) for row in found}


def _written(
    connection: Connection, source: Configured, told: Sequence[tuple[Incoming, Known]]
) -> Retried:
    applied = Applied()
    read = [(each, known) for each, known in told if each.content is not None]
    for each, known in read:
        applied.ids[each.raw.identifier] = known.id
        # It keeps the run that delivered it: no other has seen it.
        now = clock.wall_clock()
        writer = applying.Writer(known.seen_run, source.id, waits=source.source.waits, now=now)
        keep(applied, writer, each, known)
    change_records(connection, applied.changed)
    write_keys(connection, applied)
    again = [applied.ids[name] for name in applied.placed_again]
    write_problems_again(connection, source.id, told, again)
    delete_keys(connection, QuarantineRow, [(known.id,) for _, known in read])
    return Retried(len(read), len(told) - len(read), applied.dirty)


def _waiting(row: Any, position: int) -> Waiting:
    raw = RawRecord(
        identifier=row.identifier,
        datestamp=row.datestamp,
        format=row.format,
        body=raw_of(row),
        position=position,
    )
    return Waiting(row.record_id, raw, (row.run_id, row.seq))
