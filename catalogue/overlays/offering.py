"""What was corrected of a library's own records, for it to take over: field by field, as records.

A correction is offered where a record of the library has the field that it was made on, to the
letter; one that adds a field, where the record lacks it. What the library has taken over already,
or mended otherwise, is not offered any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from catalogue import libraries
from catalogue.database import Database
from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.making import OURS
from catalogue.overlays.model import Change, State
from catalogue.overlays.standing import change_of
from catalogue.overlays.tables import OverlayRow
from catalogue.sql import chunks, table
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


class Offers(NamedTuple):
    """A page of a library's records that something is offered of."""

    found: Sequence[Corrected]
    more: int | None
    """Where the next page begins behind; None where there is none."""


def offered(database: Database, library: str) -> Iterator[Corrected]:
    """Yield the library's records that corrections are offered of, each page a short read.

    Raises NoSuchLibrary at once.
    """
    with database.reading() as connection:
        key = libraries.key_of(connection, library)
    return _all(database, key)


def page(database: Database, library: str, *, after: int = 0, limit: int = 50) -> Offers:
    """Return some of what ``offered`` yields, from behind a place on, in one short read.

    There may be more behind it even where a page is empty. Raises NoSuchLibrary.
    """
    with database.reading() as connection:
        key = libraries.key_of(connection, library)
        clusters = _clusters_of(connection, key, after)
        some = _corrected_of(connection, key, clusters)
    full = [cluster for cluster in clusters if some.get(cluster)]
    found: list[Corrected] = []
    for cluster in full:
        found += some[cluster]
        if len(found) >= limit and cluster != full[-1]:
            return Offers(found, cluster)
    return Offers(found, clusters[-1] if len(clusters) == _STEP else None)


def _all(database: Database, library: int) -> Iterator[Corrected]:
    after = 0
    while True:
        with database.reading() as connection:
            clusters = _clusters_of(connection, library, after)
            some = _corrected_of(connection, library, clusters)
        if not clusters:
            return
        for cluster in clusters:
            yield from some.get(cluster, ())
        after = clusters[-1]


def _clusters_of(connection: Connection, library: int, after: int) -> list[int]:
    """Return the next clusters that corrections were made of where the library has a record.

    Led by the corrections: there are far fewer of them than records.
    """
    home = func.coalesce(_clusters.successor_id, _clusters.id)
    theirs = (
        select(MemberRow.record_id)
        .join(RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(MemberRow.cluster_id == home, SourceRow.library_id == library)
        .exists()
    )
    query = (
        select(_rows.cluster_id)
        .join(table(ClusterRow), _clusters.id == _rows.cluster_id)
        .where(_rows.undone_at.is_(None), _rows.cluster_id > after, theirs)
        .distinct()
        .order_by(_rows.cluster_id)
        .limit(_STEP)
    )
    return list(connection.scalars(query))


def _corrected_of(
    connection: Connection, library: int, clusters: Sequence[int]
) -> dict[int, list[Corrected]]:
    """Return what is offered of the library's records, by the cluster that leads to them.

    Of several that went into one, the first leads there.
    """
    homes = _homes(connection, clusters)
    laid = _laid(connection, set(homes.values()))
    first = {home: min(row.cluster_id for row in rows) for home, rows in laid.items() if rows}
    leading = {first[home]: home for home in homes.values() if home in first}
    by_home: dict[int, list[Corrected]] = {}
    for row in _records_of(connection, library, set(leading.values())):
        found = _corrected(row, laid[row.cluster_id])
        if found.offers:
            by_home.setdefault(row.cluster_id, []).append(found)
    return {
        cluster: by_home.get(leading[cluster], []) for cluster in clusters if cluster in leading
    }


def _homes(connection: Connection, clusters: Sequence[int]) -> dict[int, int]:
    query = select(_clusters.id, _clusters.successor_id)
    return {
        row.id: row.successor_id or row.id
        for some in chunks(clusters)
        for row in connection.execute(query.where(_clusters.id.in_(some)))
    }


def _records_of(connection: Connection, library: int, homes: Collection[int]) -> Iterator[Any]:
    query = (
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
        .where(SourceRow.library_id == library)
        .order_by(_records.id)
    )
    for some in chunks(sorted(homes)):
        yield from connection.execute(query.where(MemberRow.cluster_id.in_(some))).all()


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
