"""Where holdings meet placing: what clusters are given with, and which rows a placement touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    func,
    literal,
    literal_column,
    select,
    update,
)

from catalogue import clock
from catalogue.cluster import read
from catalogue.holdings.model import Row
from catalogue.holdings.stub import local_key, tail, union_key
from catalogue.merge.values import Listed
from catalogue.model import Sharing
from catalogue.sql import Lookup, chunks, dialect_insert, table
from catalogue.tables import (
    DirtyRow,
    HoldingKeyRow,
    HoldingListRow,
    HoldingRow,
    LibraryRow,
    MemberRow,
    PolicyRow,
    RecordRow,
    SourceRow,
)

_ANOTHER = 1_000_000_000
"""Further than any record's rev will ever come."""
_holdings, _keys = table(HoldingRow), table(HoldingKeyRow)


class Shared(NamedTuple):
    """A row on a cluster, and with whom its library shares what it has."""

    row: Listed
    sharing: Sharing


def listed(connection: Connection, records: Collection[int]) -> dict[int, list[Shared]]:
    """Return the rows that hang on each of these records."""
    found: defaultdict[int, list[Shared]] = defaultdict(list)
    for record, library, sharing, name, identity, content in _LISTED.tuples(connection, records):
        row = Row.from_json(content)
        held = Listed(
            library=library,
            list=name,
            identity=identity,
            local_number=row.local_number,
            call_number=row.call_number,
            location=row.location,
            copies=row.copies,
            summary=row.summary,
        )
        found[record].append(Shared(held, Sharing(sharing)))
    return found


_LISTED = Lookup(
    select(
        HoldingRow.record_id,
        LibraryRow.code,
        LibraryRow.sharing_level,
        HoldingListRow.name,
        HoldingRow.identity,
        HoldingRow.content,
    )
    .join(HoldingListRow, HoldingListRow.id == HoldingRow.list_id)
    .join(LibraryRow, LibraryRow.id == HoldingListRow.library_id)
    .where(LibraryRow.standing == literal_column("'member'")),
    HoldingRow.record_id,
)


def is_content(dirty_rev: int) -> bool:
    """Tell whether a dirty record waits for more than the holdings that hang on it."""
    return dirty_rev >= 0


def wake_anchors(connection: Connection, records: Iterable[int | None]) -> None:
    """Have the clusters of these records made again, since what hangs on them changed."""
    for chunk in chunks(sorted({each for each in records if each is not None})):
        _wake(connection, RecordRow.id.in_(chunk))


def wake_clusters(connection: Connection) -> None:
    """Have all clusters made again, since there is another view that shows them."""
    clock.invalidate(connection)
    one_each = select(func.min(MemberRow.record_id)).group_by(MemberRow.cluster_id)
    _wake(connection, RecordRow.id.in_(one_each))


def _wake(connection: Connection, which: ColumnElement[bool]) -> None:
    """Have records wait with a rev below 0 where nothing else did: they need no other look."""
    rows = (
        select(PolicyRow.id, RecordRow.id, -1 - RecordRow.rev)
        .select_from(RecordRow)
        .join(PolicyRow, literal(value=True))
        .where(which)
    )
    waiting = dialect_insert(connection, DirtyRow).from_select(
        ["policy_id", "record_id", "rev"], rows
    )
    # One that waits gets another rev, or a placement under way would take it off.
    another = case((DirtyRow.rev < 0, DirtyRow.rev - 1), else_=DirtyRow.rev + _ANOTHER)
    connection.execute(
        waiting.on_conflict_do_update(
            index_elements=["policy_id", "record_id"], set_={"rev": another}
        )
    )


def wake_rows(
    connection: Connection, policy_id: int, records: Collection[int], clusters: Collection[str]
) -> None:
    """Have the rows matched again that may mean any of these records or clusters, or hang on them.

    Call it while the stale keys of the records are still there.
    """
    if connection.execute(select(HoldingRow.id).limit(1)).first() is None:
        return
    keys = {key for key, _, _ in read.keys_of(connection, policy_id, records)}
    keys |= _local_keys(connection, records)
    keys |= set(map(union_key, clusters))
    again = update(_holdings).where(~_holdings.c.waits).values(waits=True)
    for chunk in chunks(sorted(keys)):
        found = select(_keys.c.holding_id).where(_keys.c.key.in_(chunk))
        connection.execute(again.where(_holdings.c.id.in_(found)))
    for some in chunks(sorted(records)):
        connection.execute(again.where(_holdings.c.record_id.in_(some)))


def wake_naming(connection: Connection, codes: Iterable[str]) -> None:
    """Have the rows matched again that name a record as ``(code)number``, by any of these codes.

    A code that was not known when they were matched left no key behind, so all rows are read.
    """
    for code in codes:
        named = _holdings.c.content.contains(f"({code})", autoescape=True)
        connection.execute(update(_holdings).where(~_holdings.c.waits, named).values(waits=True))


def wake_all(connection: Connection) -> None:
    """Have all rows matched again: what matching goes by is another."""
    connection.execute(update(_holdings).where(~_holdings.c.waits).values(waits=True))


def _local_keys(connection: Connection, records: Collection[int]) -> set[str]:
    query = (
        select(LibraryRow.code, RecordRow.identifier)
        .select_from(RecordRow)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
    )
    return {
        local_key(library, number)
        for chunk in chunks(records)
        for library, identifier in connection.execute(query.where(RecordRow.id.in_(chunk)))
        for number in (identifier, tail(identifier))
    }
