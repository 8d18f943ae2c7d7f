"""Making overlays and undoing them: at once at every door, before all else that waits.

An overlay hangs on its cluster's id and goes where that goes: to the cluster that it is merged
into, back when they part again, away with it when its last record is deleted, and back with it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from catalogue import clock
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.errors import NoSuchCluster, WrongUse
from catalogue.holdings.touched import wake_anchors
from catalogue.model import Sharing
from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.differing import of_field
from catalogue.overlays.errors import (
    MasterChanged,
    NoSuchField,
    NoSuchOverlay,
    NothingChanges,
    NotOpen,
    NotOverlaid,
    NowhereShown,
)
from catalogue.overlays.model import LEADER, AnyField, Change, Overlay, State
from catalogue.overlays.notation import write
from catalogue.overlays.parts import is_open, span_of, text_at
from catalogue.overlays.standing import change_of, text_of
from catalogue.overlays.tables import OverlayRow
from catalogue.sql import Query, chunks, table
from catalogue.tables import ClusterRow, ItemRow, MasterRow, PolicyRow, ViewRow
from crosswalks import stored
from crosswalks.errors import Said
from crosswalks.model import Control, Record
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


def masters(connection: Connection, clusters: Collection[int]) -> dict[int, Master]:
    """Return the masters of clusters by their keys, as ``master`` does; none that is not shown.

    Of one that was merged away: that of the cluster it went into.
    """
    heir = _clusters.successor_id
    query = (
        select(_clusters.id, MasterRow.record, ViewRow.audience)
        .join(ItemRow, ItemRow.cluster_id == func.coalesce(heir, _clusters.id))
        .join(
            MasterRow,
            (MasterRow.cluster_id == ItemRow.cluster_id) & (MasterRow.hash == ItemRow.hash),
        )
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .join(PolicyRow, PolicyRow.id == ViewRow.policy_id)
        .where(PolicyRow.live, ~ItemRow.deleted)
    )
    found: dict[int, tuple[int, str]] = {}
    for some in chunks(clusters):
        for key, record, audience in connection.execute(query.where(_clusters.id.in_(some))):
            shown = (_WIDEST.index(audience), record)
            found[key] = min(found.get(key, shown), shown)
    return {key: _read(record) for key, (_, record) in found.items()}


def make(database: Database, public_id: str, change: Change, by: By) -> int:
    """Lay an overlay over a cluster's master; return its number. Place its records at once.

    Raises NoSuchCluster, NowhereShown, NotOverlaid, NotOpen, NoSuchField, NothingChanges,
    MasterChanged or WrongUse.
    """
    [number] = make_all(database, public_id, [change], by)
    return number


def replace(
    database: Database, public_id: str, beneath: AnyField, over: AnyField, by: By
) -> list[int]:
    """Correct what differs between two fields, and no more of it; return the numbers.

    Subfields, or positions of the leader and 008: the rest of the field goes on as its libraries
    change it. Raises what ``make`` does.
    """
    return make_all(database, public_id, parts(beneath, over), by)


def parts(beneath: AnyField, over: AnyField) -> list[Change]:
    """Return the changes of parts that make a field another one. Raises NothingChanges."""
    if beneath == over:
        raise NothingChanges
    return of_field(beneath, over)


def make_all(database: Database, public_id: str, changes: Sequence[Change], by: By) -> list[int]:
    """Lay overlays over a cluster's master, all or none, each on what the one before it left.

    Returns their numbers. Raises what ``make`` does.
    """
    if not by.reason.strip():
        raise WrongUse(reason=Said("say why it is corrected, for those who come later", {}))

    def work(connection: Connection) -> list[int]:
        clock.invalidate(connection)
        found = _master(connection, public_id)
        if by.seen and by.seen != found.seen:
            raise MasterChanged(cluster=found.cluster)
        check(found, changes)
        cluster = _key(connection, found.cluster)
        records = _records(connection, cluster)
        made = insert_all(connection, Place(cluster, records), changes, by)
        wake_anchors(connection, records)
        return made

    return database.writing(work)


class Place(NamedTuple):
    """Where overlays are laid: a cluster, with its records as they are then."""

    cluster: int
    records: Sequence[int]
    bulk: int | None = None
    """The bulk correction that they are part of."""


def insert_all(
    connection: Connection, place: Place, changes: Sequence[Change], by: By
) -> list[int]:
    """Store overlays that were checked; their records are to be woken then."""
    rows = [
        {
            "cluster_id": place.cluster,
            "kind": change.kind.value,
            "beneath": text_of(change.beneath),
            "over": text_of(change.over),
            "within": text_of(change.within),
            "bulk_id": place.bulk,
            "records": json.dumps(sorted(place.records)),
            "reason": by.reason.strip(),
            "person": by.person,
            "at": clock.wall_clock(),
            "undone_by": "",
            "state": State.APPLIED.value,
            "parted": False,
        }
        for change in changes
    ]
    return [
        connection.execute(insert(OverlayRow).values(row).returning(OverlayRow.id)).scalar_one()
        for row in rows
    ]


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


def check(found: Master, changes: Sequence[Change]) -> None:
    """Raise what is wrong with corrections of a master, each on what the one before it left."""
    record = found.record
    for change in changes:
        for field in (change.beneath, change.over):
            if field is not None and field.tag in OURS:
                raise NotOverlaid(tag=field.tag)
        _check(found.cluster, record, change)
        after = lay(record, [Laid(0, change, strict=True)]).record
        if after == record:
            raise NothingChanges
        record = after


def _check(cluster: str, record: Record, change: Change) -> None:
    over, beneath = change.over, change.within or change.beneath
    if change.tag == LEADER or (over is not None and span_of(over.tag) is not None):
        _check_positions(cluster, record, change)
    elif beneath is not None and beneath not in record.fields:
        raise NoSuchField(cluster=cluster, line=write(beneath))


def _check_positions(cluster: str, record: Record, change: Change) -> None:
    beneath, over = change.beneath, change.over
    span = span_of(over.tag) if over else None
    if span is None or not is_open(span):
        raise NotOpen(positions=(over or beneath or Control(LEADER, "")).tag)
    if beneath is None or beneath.tag != span.name:
        raise NoSuchField(cluster=cluster, line=write(beneath or Control(span.name, "")))
    if Control(span.name, text_at(record.leader, record.fields, beneath)) != beneath:
        raise NoSuchField(cluster=cluster, line=write(beneath))


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
    return _read(min(rows, key=lambda row: _WIDEST.index(row.audience)).record)


def _read(text: str) -> Master:
    record = stored.from_json(text)
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
        bulk=row.bulk_id,
    )
