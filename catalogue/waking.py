"""Having records placed again although they did not change: something else did.

A library's sharing level, a source's weight and the matching policy decide as much as it does.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, literal, select, update

from catalogue import clock
from catalogue.holdings.touched import wake_all
from catalogue.sql import dialect_insert, table
from catalogue.tables import (
    DirtyRow,
    HoldingListRow,
    HoldingRow,
    PolicyRow,
    RecordRow,
    SourceRow,
)

_ANOTHER = 1_000_000_000
"""Further than any record's rev will ever come."""
JUDGED_ANEW = 0
"""The rev with which a record waits where nothing about it changed but what it is compared by."""
_CONTENT: ColumnElement[int] = table(RecordRow).c.rev


def wake_library(connection: Connection, library_id: int) -> None:
    """Have all that a library has placed again, in the transaction that changes it."""
    held = (
        select(HoldingRow.record_id)
        .join(HoldingListRow, HoldingListRow.id == HoldingRow.list_id)
        .where(HoldingListRow.library_id == library_id, HoldingRow.record_id.is_not(None))
    )
    _wake(connection, (SourceRow.library_id == library_id) | RecordRow.id.in_(held))


def wake_source(connection: Connection, source_id: int) -> None:
    """Have all that a source delivered placed again and stamped anew: whether it counts changed."""
    _wake(connection, SourceRow.id == source_id)
    _unstamp(connection, SourceRow.id == source_id)


def unstamp_library(connection: Connection, library_id: int) -> None:
    """Have all that a library delivered stamped anew (``catalogue.originals``).

    Who may see it has changed. Called by who holds the clock's lock.
    """
    _unstamp(connection, SourceRow.library_id == library_id)


def _unstamp(connection: Connection, of_sources: ColumnElement[bool]) -> None:
    connection.execute(
        update(table(RecordRow))
        .where(
            RecordRow.source_id.in_(select(SourceRow.id).where(of_sources)),
            RecordRow.stamp.is_not(None),
        )
        .values(stamp=None)
    )


def wake_records(connection: Connection, records: Collection[int]) -> None:
    """Have these records placed again, since a person decided about them."""
    _wake(connection, RecordRow.id.in_(records))


def wake_everything(connection: Connection, *, only_judged: bool = False) -> None:
    """Have all records placed again, and the rows of all lists matched, as by another policy.

    ``only_judged`` says that nothing but that is new: whose links and cluster turn out to be the
    same then needs no placing (``cluster.rebuild``).
    """
    # Rows of lists first, as placements and deliveries of lists lock them.
    wake_all(connection)
    rev = literal(JUDGED_ANEW) if only_judged else _CONTENT
    _wake(connection, literal(value=True), rev)


def _wake(
    connection: Connection, which: ColumnElement[bool], rev: ColumnElement[int] = _CONTENT
) -> None:
    """Queue records for placing.

    What is planned already is thrown away: it was read before the change, perhaps with records that
    are not seen here yet. One that waits gets another rev, so that it is tried even if it failed.
    """
    clock.invalidate(connection)
    records = (
        select(PolicyRow.id, RecordRow.id, rev)
        .select_from(RecordRow)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(PolicyRow, literal(value=True))
        .where(which)
    )
    waiting = dialect_insert(connection, DirtyRow).from_select(
        ["policy_id", "record_id", "rev"], records
    )
    connection.execute(
        waiting.on_conflict_do_update(
            index_elements=["policy_id", "record_id"], set_={"rev": DirtyRow.rev + _ANOTHER}
        )
    )
