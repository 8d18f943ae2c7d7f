"""What was corrected of a library's own records, for it to take over: field by field, as records.

A correction is offered where a record of the library has the field that it was made on, to the
letter; one that adds a field, where the record lacks it. What the library has taken over already,
or mended otherwise, is not offered any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from catalogue import libraries
from catalogue.database import Database
from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.making import OURS
from catalogue.overlays.model import Change, State
from catalogue.overlays.standing import change_of
from catalogue.overlays.tables import OverlayRow
from catalogue.sql import table
from catalogue.tables import ClusterRow, MemberRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.model import Record

_rows, _clusters, _records = table(OverlayRow).c, table(ClusterRow).c, table(RecordRow).c
_STEP = 500


class Offered(NamedTuple):
    """A correction of one record of a library."""

    overlay: int
    cluster: str
    """Public id of the record of the union."""
    name: str
    """``source/identifier``."""
    number: str
    """Its 001, by which the library finds it."""
    change: Change
    reason: str
    at: int
    """When it was corrected, epoch seconds."""


class Corrected(NamedTuple):
    """A record of a library as it is, with all that is offered of it laid over it."""

    record: Record
    offers: Sequence[Offered]


def offered(database: Database, library: str) -> Iterator[Corrected]:
    """Yield the library's records that corrections are offered of, each page a short read.

    Raises NoSuchLibrary at once.
    """
    with database.reading() as connection:
        key = libraries.key_of(connection, library)
    return _all(database, key)


def _all(database: Database, library: int) -> Iterator[Corrected]:
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(_next(library, after)).all()
            laid = _laid(connection, {row.cluster_id for row in rows})
        if not rows:
            return
        for row in rows:
            found = _corrected(row, laid[row.cluster_id])
            if found.offers:
                yield found
        after = rows[-1].id


def _next(library: int, after: int) -> Any:
    """Return the query of the library's next records in clusters that something lies on."""
    heir = _clusters.successor_id
    lie = (
        select(OverlayRow.id)
        .join(ClusterRow, ClusterRow.id == OverlayRow.cluster_id)
        .where(
            _rows.undone_at.is_(None),
            or_(_rows.cluster_id == MemberRow.cluster_id, heir == MemberRow.cluster_id),
        )
        .exists()
    )
    return (
        select(
            _records.id,
            SourceRow.code,
            _records.identifier,
            _records.parsed,
            _records.own,
            MemberRow.cluster_id,
        )
        .join(MemberRow, MemberRow.record_id == _records.id)
        .join(SourceRow, SourceRow.id == _records.source_id)
        .where(SourceRow.library_id == library, _records.id > after, lie)
        .order_by(_records.id)
        .limit(_STEP)
    )


def _laid(connection: Connection, clusters: set[int]) -> dict[int, list[Any]]:
    """Return the corrections in force of each cluster, and of those that went into it."""
    query = (
        select(table(OverlayRow), _clusters.public_id, _clusters.successor_id)
        .join(table(ClusterRow), _clusters.id == _rows.cluster_id)
        .where(
            _rows.undone_at.is_(None),
            or_(_clusters.id.in_(clusters), _clusters.successor_id.in_(clusters)),
        )
        .order_by(_rows.id)
    )
    found: dict[int, list[Any]] = {cluster: [] for cluster in clusters}
    for row in connection.execute(query):
        found[row.successor_id or row.cluster_id].append(row)
    return found


def _corrected(row: Any, laid: Sequence[Any]) -> Corrected:
    record = stored.from_json(row.own or row.parsed)
    offers: list[Offered] = []
    for each in laid:
        change = change_of(each)
        after, _ = lay(record, [Laid(each.id, change, strict=True)])
        # A correction that is hidden under a later one is none to be taken over.
        if after == record or State(each.state) is State.OVERRULED or change.tag in OURS:
            continue
        record = after
        offers.append(
            Offered(
                overlay=each.id,
                cluster=each.public_id,
                name=f"{row.code}/{row.identifier}",
                number=record.control("001"),
                change=change,
                reason=each.reason,
                at=each.at,
            )
        )
    return Corrected(record, offers)
