"""Making overlays and undoing them: at once at every door, before all else that waits.

An overlay hangs on its cluster's id and goes where that goes: to the cluster that it is merged
into, back when they part again, away with it when its last record is deleted, and back with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from catalogue import clock
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.errors import NoSuchCluster, WrongUse
from catalogue.holdings.touched import wake_anchors
from catalogue.model import Sharing
from catalogue.overlays.errors import (
    MasterChanged,
    NoSuchField,
    NoSuchOverlay,
    NothingChanges,
    NotOverlaid,
    NowhereShown,
)
from catalogue.overlays.model import Change, Kind, Overlay, State
from catalogue.overlays.notation import write
from catalogue.overlays.standing import change_of, text_of
from catalogue.overlays.tables import OverlayRow
from catalogue.sql import Query, table
from catalogue.tables import ClusterRow, ItemRow, MasterRow, PolicyRow, ViewRow
from crosswalks import stored
from crosswalks.errors import Said
from crosswalks.model import Record
from crosswalks.text import storable

_rows, _clusters = table(OverlayRow).c, table(ClusterRow).c
OURS = frozenset({"001", "003", "005", "035", "852"})
"""Fields that the hub makes of numbers and holdings."""
_STEP = 500
_WIDEST = tuple(each.value for each in Sharing)
_STATES = tuple(each.value for each in State if each.is_doubtful)


class By(NamedTuple):
    """Who corrects, why, and on which state of the master; empty: on whatever it is."""

    person: str
    reason: str
    seen: str = ""


class Master(NamedTuple):
    """A cluster's master as the staff see it, for whom it may be corrected."""

    cluster: str
    record: Record
    seen: str
    """What a correction made on this page is given back with."""


def master(database: Database, public_id: str) -> Master:
    """Return the master of a cluster, or of the one it was merged into.

    Raises NoSuchCluster or NowhereShown.
    """
    with database.reading_primary() as connection:
        return _master(connection, public_id)


def make(database: Database, public_id: str, change: Change, by: By) -> int:
    """Lay an overlay over a cluster's master; return its number. Place its records at once.

    Raises NoSuchCluster, NowhereShown, NotOverlaid, NoSuchField, NothingChanges, MasterChanged or
    WrongUse.
    """
    if not by.reason.strip():
        raise WrongUse(reason=Said("say why it is corrected, for those who come later", {}))
    if change.tag in OURS:
        raise NotOverlaid(tag=change.tag)

    def work(connection: Connection) -> int:
        clock.invalidate(connection)
        found = _master(connection, public_id)
        _check(found, change, by)
        cluster = _key(connection, found.cluster)
        records = _records(connection, cluster)
        made: int = connection.execute(
            insert(OverlayRow)
            .values(
                cluster_id=cluster,
                kind=change.kind.value,
                beneath=text_of(change.beneath),
                over=text_of(change.over),
                records=json.dumps(records),
                reason=by.reason.strip(),
                person=by.person,
                at=clock.wall_clock(),
                undone_by="",
                state=State.APPLIED.value,
                parted=False,
            )
            .returning(OverlayRow.id)
        ).scalar_one()
        wake_anchors(connection, records)
        return made

    return database.writing(work)


def undo(database: Database, number: int, person: str) -> bool:
    """Take an overlay off; tell whether it was still there. Raises NoSuchOverlay."""

    def work(connection: Connection) -> bool:
        clock.invalidate(connection)
        query = select(_rows.undone_at, _rows.cluster_id).where(_rows.id == number)
        row = connection.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise NoSuchOverlay(number=number)
        if row.undone_at is None:
            told = {"undone_at": clock.wall_clock(), "undone_by": person}
            connection.execute(update(OverlayRow).where(_rows.id == number).values(**told))
            wake_anchors(connection, _records(connection, row.cluster_id))
        return row.undone_at is None

    return database.writing(work)


def records_of(database: Database, number: int) -> list[int]:
    """Return the records of the cluster that an overlay lies on now."""
    with database.reading_primary() as connection:
        query = select(_rows.cluster_id).where(_rows.id == number)
        cluster = connection.execute(query).scalar_one_or_none()
        return [] if cluster is None else _records(connection, cluster)


def all(  # noqa: A001 - read as making.all
    database: Database,
    *,
    doubtful: bool = False,
    undone: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[Overlay]:
    """Return overlays, the newest first, those below a number; ``doubtful``: to be looked at."""
    query = _query().order_by(_rows.id.desc()).limit(limit)
    if not undone:
        query = query.where(_rows.undone_at.is_(None))
    if doubtful:
        query = query.where(_rows.state.in_(_STATES) | _rows.parted)
    if before is not None:
        query = query.where(_rows.id < before)
    with database.reading() as connection:
        return [_overlay(row) for row in connection.execute(query)]


def get(database: Database, number: int) -> Overlay:
    """Return an overlay, one that was undone as well. Raises NoSuchOverlay."""
    with database.reading_primary() as connection:
        row = connection.execute(_query().where(_rows.id == number)).one_or_none()
    if row is None:
        raise NoSuchOverlay(number=number)
    return _overlay(row)


def every(database: Database) -> Iterator[Overlay]:
    """Yield all overlays there ever were, the oldest first, each page a short read of its own."""
    after = 0
    while True:
        query = _query().where(_rows.id > after).order_by(_rows.id).limit(_STEP)
        with database.reading() as connection:
            found = [_overlay(row) for row in connection.execute(query)]
        if not found:
            return
        yield from found
        after = found[-1].id


def of_cluster(database: Database, public_id: str) -> list[Overlay]:
    """Return all overlays that lie on a cluster, and those undone, the newest first."""
    with database.reading_primary() as connection:
        key = _key(connection, public_id)
        lie = (_rows.cluster_id == key) | _rows.cluster_id.in_(
            select(_clusters.id).where(_clusters.successor_id == key)
        )
        query = _query().where(lie).order_by(_rows.id.desc())
        return [_overlay(row) for row in connection.execute(query)]


def _check(found: Master, change: Change, by: By) -> None:
    """Raise what is wrong with a correction of a master."""
    if by.seen and by.seen != found.seen:
        raise MasterChanged(cluster=found.cluster)
    if change.beneath is not None and change.beneath not in found.record.fields:
        raise NoSuchField(cluster=found.cluster, line=write(change.beneath))
    if change.kind is Kind.ADD:
        is_known = change.over in found.record.fields
    else:
        is_known = change.over == change.beneath
    if is_known:
        raise NothingChanges


def _master(connection: Connection, public_id: str) -> Master:
    """Return the master that those see who see the most."""
    key = _key(connection, public_id)
    query = (
        select(MasterRow.record, ViewRow.audience)
        .join(
            ItemRow,
            (ItemRow.cluster_id == MasterRow.cluster_id) & (ItemRow.hash == MasterRow.hash),
        )
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .join(PolicyRow, PolicyRow.id == ViewRow.policy_id)
        .where(MasterRow.cluster_id == key, PolicyRow.live, ~ItemRow.deleted)
    )
    rows = connection.execute(query).all()
    if not rows:
        raise NowhereShown(cluster=public_id)
    record = stored.from_json(min(rows, key=lambda row: _WIDEST.index(row.audience)).record)
    told = [each for each in record.fields if each[0] != "005"]
    seen = sha256(repr(told).encode()).hexdigest()[:16]
    return Master(record.control("001"), record, seen)


def _key(connection: Connection, public_id: str) -> int:
    query = select(_clusters.id, _clusters.successor_id).where(
        _clusters.public_id == storable(public_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchCluster(name=public_id)
    return int(row.successor_id or row.id)


def _records(connection: Connection, cluster: int) -> list[int]:
    """Return the records of a cluster, or of the one it was merged into."""
    heir = select(_clusters.successor_id).where(_clusters.id == cluster)
    key = connection.execute(heir).scalar_one_or_none() or cluster
    return sorted(read.members(connection, [key]))


def _query() -> Query:
    return select(table(OverlayRow), _clusters.public_id).join(
        table(ClusterRow), _clusters.id == _rows.cluster_id
    )


def _overlay(row: Any) -> Overlay:
    return Overlay(
        id=row.id,
        cluster=row.public_id,
        change=change_of(row),
        reason=row.reason,
        person=row.person,
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        state=State(row.state),
        parted=row.parted,
    )
