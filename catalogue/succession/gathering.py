"""What identifies the records of both sides, written down to be compared; and removed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select

from catalogue.database import Database
from catalogue.sql import table
from catalogue.succession.clues import Given, Side, clues
from catalogue.succession.work import KEPT, Work, ends, features_of, this_pair, took_over, write
from catalogue.tables import HeldRow, RecordRow, SuccessionClueRow, SuccessionPairRow
from crosswalks import stored

STEP = 500
"""Records read at a time."""
_REMOVED = 5000
_NOT_APPLIED = (
    "found",
    "agrees",
    "paired",
    "ambiguous",
    "contradicts",
    "distrusted",
    "outdated",
)

_records, _clues, _pairs = table(RecordRow), table(SuccessionClueRow), table(SuccessionPairRow)

Tell = Callable[[int], None]
"""Hears how many records were looked through so far."""


def forget(database: Database, work: Work) -> None:
    """Remove what an earlier search found and nobody carried out."""
    forget_clues(database, work)
    query = select(_pairs.c.old_id, _pairs.c.new_id).where(
        _pairs.c.succession_id == work.key, _pairs.c.state.in_(_NOT_APPLIED)
    )

    def some(connection: Connection) -> int:
        found = connection.execute(query.limit(_REMOVED)).all()
        if found:
            connection.execute(delete(_pairs).where(*this_pair(work.key)), ends(found))
        return len(found)

    while write(database, work, some):
        pass


def forget_clues(database: Database, work: Work) -> None:
    """Remove the clues of a succession."""
    mine = _clues.c.succession_id == work.key

    def some(connection: Connection) -> bool:
        first = connection.execute(
            select(_clues.c.kind, _clues.c.side).where(mine).limit(1)
        ).first()
        if first is None:
            return False
        these = (mine, _clues.c.kind == first.kind, _clues.c.side == first.side)
        last = select(_clues.c.value).where(*these).order_by(_clues.c.value)
        end = connection.execute(last.offset(_REMOVED).limit(1)).scalar()
        upto = () if end is None else (_clues.c.value <= end,)
        connection.execute(delete(_clues).where(*these, *upto))
        return True

    while write(database, work, some):
        pass


def gather(database: Database, work: Work, side: Side, looked: int, tell: Tell) -> int:
    """Write the clues of all records of a side; return how many were looked through in all."""
    after = 0
    while True:
        with database.reading_primary() as connection:
            rows = connection.execute(_next(work, side).where(_records.c.id > after)).all()
        if not rows:
            return looked
        found = [
            {
                "succession_id": work.key,
                "kind": clue.kind,
                "side": side.value,
                "value": clue.value,
                "record_id": row.id,
            }
            for row in rows
            for clue in clues(_given(row), side)
        ]
        write(database, work, partial(_insert, rows=found))
        after = rows[-1].id
        looked += len(rows)
        tell(looked)


def _insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(_clues), rows)


def _next(work: Work, side: Side) -> Any:
    """Return the query of a side's records that may be paired, by key."""
    query = (
        select(
            _records.c.id,
            _records.c.identifier,
            _records.c.parsed,
            _records.c.features,
            _records.c.features_version,
        )
        .where(
            _records.c.source_id == (work.old_id if side is Side.OLD else work.new_id),
            _records.c.state.in_(KEPT),
            _records.c.parsed.is_not(None),
        )
        .order_by(_records.c.id)
        .limit(STEP)
    )
    if side is Side.OLD:
        return query
    # One whose deletion is held may be gone tomorrow.
    held = exists().where(HeldRow.record_id == _records.c.id)
    return query.where(~took_over(work.key), ~held)


def _given(row: Any) -> Given:
    record = stored.from_json(row.parsed)
    return Given(row.identifier, record, features_of(row))
