"""Deletions that wait: held page by page, carried out or dropped later, in bounded steps.

Each step is a transaction of its own and leaves less to do, so whoever is killed in the middle is
followed by one who goes on. The run that was told of a deletion keeps it in its sum all the while:
as held, then as deleted, or as unchanged where it came to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, exists, func, insert, select, update

from catalogue import queue, sources
from catalogue.database import Database
from catalogue.match import FEATURES_VERSION
from catalogue.model import RecordState, RunHandle
from catalogue.sql import chunks, delete_keys, insert_missing, table
from catalogue.store.apply import Applied, Known, write_keys
from catalogue.store.naming import raw_hash
from catalogue.store.problems import forget, write_page_problems
from catalogue.tables import DeliveryRow, HeldRow, QuarantineRow, RecordRow, RunRow
from crosswalks.model import Problem, RawRecord

STEP = 500
"""Deletions of a transaction: SQLite's other writers wait for as long as one is written."""
LOOK = 1000
"""Missing records looked for at a time."""
NAMELESS = "missing:"

_held, _records, _runs = table(HeldRow), table(RecordRow), table(RunRow)
NO_BYTES = raw_hash(RawRecord(identifier=""))
"""The hash of a record that was not delivered, but found missing."""


class Span(NamedTuple):
    """The runs whose deletions are meant, by number; the last one None for no end."""

    first: int = 0
    last: int | None = None

    def holds(self, run_id: Any) -> list[Any]:
        """Return the conditions that a run's number meets."""
        last = [] if self.last is None else [run_id <= self.last]
        return [run_id >= self.first, *last] if self.first else last


ALL = Span()


class Removed(NamedTuple):
    """What a step has done."""

    deleted: int
    dirty: int
    """How many records have to be placed for it."""


def hold(
    connection: Connection,
    run: RunHandle,
    applied: Applied,
    known: Mapping[str, Known],
    start: int,
) -> None:
    """Hold the deletions of a page, and drop those of records that came alive again."""
    rows = [
        {
            "record_id": known[each.raw.identifier].id,
            "source_id": run.source_id,
            "run_id": run.run_id,
            "seq": start + each.raw.position,
            "absent": False,
            "datestamp": each.raw.datestamp,
            "raw_hash": each.raw_hash,
        }
        for each, action in applied.actions
        if action == "held"
    ]
    if rows:
        connection.execute(insert(_held), rows)
    for chunk in chunks(applied.alive, STEP):
        _drop(connection, _rows(connection, _held.c.record_id.in_(chunk)))


def hold_absent(
    database: Database, run: RunHandle, since: int, after: int, *, by_name: bool
) -> int | None:
    """Hold the deletion of the next records that no run from ``since`` on has seen.

    Returns the key to go on after, or None where there are no more. ``by_name`` leaves out what
    came without a name: a list of names cannot tell of it. Raises LeaseLost or SourceChanged.
    """
    missing = select(_records.c.id).where(
        _records.c.source_id == run.source_id,
        _records.c.seen_run < since,
        _records.c.state != RecordState.DELETED.value,
    )
    if by_name:
        missing = missing.where(_records.c.identifier.not_like(f"{NAMELESS}%"))
    with database.reading_primary() as connection:
        query = missing.where(_records.c.id > after).order_by(_records.c.id).limit(LOOK)
        found: list[int] = list(connection.scalars(query))
    if not found:
        return None

    def work(connection: Connection) -> None:
        _check(connection, run)
        still = missing.add_columns(_records.c.datestamp).where(
            _records.c.id.in_(found), ~exists().where(_held.c.record_id == _records.c.id)
        )
        rows = [_absent(run, row) for row in connection.execute(still)]
        insert_missing(connection, HeldRow, rows)
        _count(connection, run.run_id, absent=len(rows), held=len(rows), absent_held=len(rows))

    database.writing(work)
    return found[-1]


def _absent(run: RunHandle, row: Any) -> dict[str, Any]:
    return {
        "record_id": row.id,
        "source_id": run.source_id,
        "run_id": run.run_id,
        "seq": -row.id,
        "absent": True,
        "datestamp": row.datestamp,
        "raw_hash": NO_BYTES,
    }


def mark_seen(
    database: Database, run: RunHandle, identifiers: Sequence[str], problems: Sequence[Problem] = ()
) -> None:
    """Note that the source still lists these records, by the names they are kept under.

    ``problems`` is what was wrong with that part of its list.

    Of none of them is the deletion held any longer. Raises LeaseLost or SourceChanged.
    """

    def work(connection: Connection) -> None:
        _check(connection, run)
        for chunk in chunks(identifiers, STEP):
            seen = (
                update(_records)
                .where(_records.c.source_id == run.source_id, _records.c.identifier.in_(chunk))
                .values(seen_run=run.run_id)
            )
            keys = connection.scalars(seen.returning(_records.c.id)).all()
            _drop(connection, _rows(connection, _held.c.record_id.in_(keys)))
        write_page_problems(connection, run, problems)

    database.writing(work)


def apply_held(database: Database, run: RunHandle, span: Span = ALL) -> Removed | None:
    """Carry out the next deletions held for a source, or return None where there are no more.

    Raises LeaseLost or SourceChanged, and then nothing is written.
    """

    def work(connection: Connection) -> Removed | None:
        _check(connection, run)
        rows = _step(connection, run.source_id, span)
        return _delete(connection, rows) if rows else None

    return database.writing(work)


def drop_held(connection: Connection, source_id: int, span: Span) -> int:
    """Drop the next deletions held by some runs of a source; return how many."""
    rows = _step(connection, source_id, span)
    _drop(connection, rows)
    return len(rows)


def carry_out_as_done(connection: Connection, records: Sequence[int]) -> None:
    """Take the deletions of these records for carried out: they were, in another way."""
    rows = _rows(connection, _held.c.record_id.in_(records))
    if rows:
        _log_absent(connection, [row for row in rows if row.absent])
        _settle(connection, rows, state="applied", counted="deleted")


def drop_outdated(connection: Connection, source_id: int, generation: int) -> int:
    """Drop the next of what was held of the list that a source had before its settings changed.

    Its new list is read from the beginning, and tells anew what is deleted. Returns how many.
    """
    old = connection.scalars(
        select(_runs.c.id).where(
            _runs.c.source_id == source_id, _runs.c.generation != generation, _runs.c.held > 0
        )
    ).all()
    if not old:
        return 0
    rows = _rows(connection, _held.c.source_id == source_id, _held.c.run_id.in_(old))
    _drop(connection, rows)
    return len(rows)


def is_held(connection: Connection, source_id: int, span: Span) -> bool:
    """Tell whether anything is held by some runs of a source."""
    # Their sums tell it without a look through what is held.
    query = select(_runs.c.id).where(
        _runs.c.source_id == source_id, _runs.c.held > 0, *span.holds(_runs.c.id)
    )
    return connection.execute(query.limit(1)).first() is not None


def _check(connection: Connection, run: RunHandle) -> None:
    queue.renew(connection, run.lease)
    sources.check_generation(connection, run.source_id, run.generation)


def _step(connection: Connection, source_id: int, span: Span) -> Sequence[Any]:
    # A look through all that others hold would keep SQLite's writers waiting.
    if not is_held(connection, source_id, span):
        return []
    return _rows(connection, _held.c.source_id == source_id, *span.holds(_held.c.run_id))


def _rows(connection: Connection, *only: Any) -> Sequence[Any]:
    query = (
        select(_held, _records.c.rev, _records.c.identifier)
        .join(_records, _records.c.id == _held.c.record_id)
        .where(*only)
        .order_by(_held.c.source_id, _held.c.record_id)
        .limit(STEP)
    )
    return connection.execute(query).all()


def _delete(connection: Connection, rows: Sequence[Any]) -> Removed:
    values = [
        {
            "b_id": row.record_id,
            "state": RecordState.DELETED.value,
            "rev": row.rev + 1,
            # Of a missing one too it was this run that told of it last.
            "seen_run": row.run_id,
            "datestamp": row.datestamp,
            "raw_hash": row.raw_hash,
            "crosswalk_version": "",
            "content_hash": b"",
            "features_version": FEATURES_VERSION,
            "features": None,
            "parsed": None,
            "refused": False,
            "stamp": None,
        }
        for row in rows
    ]
    names = [name for name in values[0] if name != "b_id"]
    statement = update(_records).where(_records.c.id == bindparam("b_id"))
    connection.execute(statement.values({name: bindparam(name) for name in names}), values)
    applied = Applied(
        ids={row.identifier: row.record_id for row in rows},
        placed_again={row.identifier: (row.rev + 1, ()) for row in rows},
    )
    write_keys(connection, applied)
    keys = [row.record_id for row in rows]
    forget(connection, keys)
    delete_keys(connection, QuarantineRow, [(key,) for key in keys])
    _log_absent(connection, [row for row in rows if row.absent])
    _settle(connection, rows, state="applied", counted="deleted")
    return Removed(len(rows), applied.dirty)


def _log_absent(connection: Connection, rows: Sequence[Any]) -> None:
    insert_missing(
        connection,
        DeliveryRow,
        [
            {
                "run_id": row.run_id,
                "seq": row.seq,
                "identifier": row.identifier,
                "action": "absent",
                "raw_hash": row.raw_hash,
                "state": "applied",
                "raw": None,
            }
            for row in rows
        ],
    )


def _drop(connection: Connection, rows: Sequence[Any]) -> None:
    if rows:
        _settle(connection, rows, state="dropped", counted="unchanged")


def _settle(connection: Connection, rows: Sequence[Any], *, state: str, counted: str) -> None:
    """Take rows out of what is held, and account for them otherwise."""
    delete_keys(connection, HeldRow, [(row.record_id,) for row in rows])
    deliveries = table(DeliveryRow).c
    declared = [{"b_run": row.run_id, "b_seq": row.seq} for row in rows if not row.absent]
    if declared:
        connection.execute(
            update(table(DeliveryRow))
            .where(deliveries.run_id == bindparam("b_run"), deliveries.seq == bindparam("b_seq"))
            .values(state=state),
            declared,
        )
    for (run_id, absent), number in _by_run(rows):
        moved = {"absent_held": -number} if absent else {counted: number}
        _count(connection, run_id, held=-number, **moved)


def _by_run(rows: Iterable[Any]) -> Iterable[tuple[tuple[int, bool], int]]:
    return sorted(Counter((row.run_id, row.absent) for row in rows).items())


def _count(connection: Connection, run_id: int, **moved: int) -> None:
    values = {name: _runs.c[name] + number for name, number in moved.items()}
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(values))


def count_held(connection: Connection, source_id: int, span: Span = ALL) -> tuple[int, int]:
    """Return how many deletions of a source are held, and how many of these of live records."""
    kept = [state.value for state in RecordState if state.is_kept]
    live = func.sum(case((_records.c.state.in_(kept), 1), else_=0))
    query = (
        select(func.count(), live)
        .select_from(_held)
        .join(_records, _records.c.id == _held.c.record_id)
        .where(_held.c.source_id == source_id, *span.holds(_held.c.run_id))
    )
    found, living = connection.execute(query).one()
    return found, int(living or 0)
