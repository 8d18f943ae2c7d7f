"""The work of bulk corrections, in steps of some hundred records, each a transaction of its own.

Whatever is killed goes on where the last step ended: a record that was corrected is noted as such
in the transaction that corrected it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from catalogue import clock, messages, queue
from catalogue.clock import wall_clock
from catalogue.cluster import read
from catalogue.cluster.assign import public_id
from catalogue.database import Database
from catalogue.holdings.touched import wake_anchors
from catalogue.model import Lease
from catalogue.overlays import bulk, rules
from catalogue.overlays.bulk import MOST, Bulk, Fate, Figures, Line, Phase, Sample, expression
from catalogue.overlays.errors import NowhereShown, TooManyFound
from catalogue.overlays.making import By, Master, Place, insert_all, masters
from catalogue.overlays.model import Change
from catalogue.overlays.notation import as_line
from catalogue.overlays.tables import BulkClusterRow, BulkRow, OverlayRow
from catalogue.search import engine
from catalogue.sql import chunks, insert_missing, table
from catalogue.tables import ClusterRow
from crosswalks.errors import Error

STEP = 100
"""Records of a step: SQLite's writers wait for as long as it takes."""
SAMPLES = 10
_SOME = 5_000
_MOST_LINES = 20
"""Corrections of one sample that are shown."""
_bulk, _about = table(BulkRow).c, table(BulkClusterRow).c
_overlays, _clusters = table(OverlayRow).c, table(ClusterRow).c


class Judged(NamedTuple):
    """What would become of a record."""

    cluster: int
    name: str
    """The public id of the record that it would become of."""
    changes: Sequence[Change] = ()
    error: Error | None = None

    @property
    def fate(self) -> Fate:
        """What is noted of it before anything is done."""
        if self.error is not None:
            return Fate.REFUSED
        return Fate.WOULD if self.changes else Fate.SAME


def gather(database: Database, lease: Lease, number: int) -> None:
    """Note all records that the search finds now.

    Raises TooManyFound, or QueryError where the query cannot be answered any more.
    """
    wanted = bulk.get(database, number).wanted
    clusters = engine(database).clusters(expression(wanted), MOST + 1)
    if len(clusters) > MOST:
        raise TooManyFound(most=MOST)
    for some in chunks(clusters, _SOME):
        rows = [_row(number, cluster) for cluster in some]
        database.writing(partial(_note_found, lease=lease, rows=rows))

    def whole(figures: Figures) -> None:
        figures.found, figures.gathered = len(clusters), True

    database.writing(lambda connection: _tell(connection, number, whole))


def look(database: Database, lease: Lease, number: int) -> int:
    """Work out what would become of the next records; return how many there were."""
    with database.reading_primary() as connection:
        asked = bulk.get(database, number)
        keys = _next(connection, number, Fate.FOUND)
        judged = _judged(asked.wanted.rules, keys, masters(connection, keys))

    def work(connection: Connection) -> int:
        queue.renew(connection, lease)
        if bulk.locked(connection, number).phase is not Phase.LOOKING:
            return 0
        _note(connection, number, [(each, each.fate) for each in judged])
        _tell(connection, number, lambda figures: _count(figures, judged))
        if not keys:
            _become(connection, number, Phase.LOOKED)
        return len(keys)

    return database.writing(work)


def fail(database: Database, number: int, error: Error) -> None:
    """Note why it could not be worked out what it would do."""

    def why(figures: Figures) -> None:
        for name, value in messages.packed(error).items():
            setattr(figures, name, value)

    def work(connection: Connection) -> None:
        _tell(connection, number, why)
        _become(connection, number, Phase.FAILED)

    database.writing(work)


def next_records(database: Database, number: int) -> list[int]:
    """Return the records of those to be corrected next: place what waits of them first."""
    with database.reading_primary() as connection:
        keys = _next(connection, number, Fate.WOULD)
        return sorted(read.members(connection, set(_heirs(connection, keys).values())))


def apply(database: Database, lease: Lease, number: int) -> list[int] | None:
    """Correct the next records; return which to place at once, None where nothing is left to do."""

    def work(connection: Connection) -> list[int] | None:
        clock.invalidate(connection)
        queue.renew(connection, lease)
        asked = bulk.locked(connection, number)
        if asked.phase is not Phase.APPLYING:
            return None
        keys = _next(connection, number, Fate.WOULD)
        if not keys:
            _become(connection, number, Phase.APPLIED)
            return None
        return _corrected(connection, asked, keys)

    return database.writing(work)


def take_off(database: Database, lease: Lease, number: int) -> list[int] | None:
    """Take the next corrections off; return as ``apply`` does."""

    def work(connection: Connection) -> list[int] | None:
        clock.invalidate(connection)
        queue.renew(connection, lease)
        asked = bulk.locked(connection, number)
        if asked.phase is not Phase.UNDOING:
            return None
        query = select(_overlays.id, _overlays.cluster_id).where(
            _overlays.bulk_id == number, _overlays.undone_at.is_(None)
        )
        rows = connection.execute(query.order_by(_overlays.id).limit(STEP)).all()
        if not rows:
            _become(connection, number, Phase.UNDONE)
            return None
        told = {"undone_at": wall_clock(), "undone_by": asked.undone_by}
        these = _overlays.id.in_([row.id for row in rows])
        connection.execute(update(OverlayRow).where(these).values(**told))
        heirs = _heirs(connection, {row.cluster_id for row in rows})
        records = sorted(read.members(connection, set(heirs.values())))
        wake_anchors(connection, records)
        _tell(connection, number, lambda figures: _add(figures, "undone", len(rows)))
        return records

    return database.writing(work)


def _corrected(connection: Connection, asked: Bulk, keys: Sequence[int]) -> list[int]:
    heirs = _heirs(connection, keys)
    members: dict[int, list[int]] = {}
    for record, cluster in read.members(connection, set(heirs.values())).items():
        members.setdefault(cluster, []).append(record)
    by, laid, fates = By(asked.agreed_by, asked.wanted.reason), 0, []
    touched: set[int] = set()
    for each in _judged(asked.wanted.rules, keys, masters(connection, keys)):
        home = heirs[each.cluster]
        if each.error is not None:
            fates.append((each, Fate.FAILED))
        elif home in touched or not each.changes:
            # Two that became one are corrected once.
            fates.append((each, Fate.SAME))
        else:
            place = Place(home, members.get(home, ()), asked.id)
            laid += len(insert_all(connection, place, each.changes, by))
            touched.add(home)
            fates.append((each, Fate.DONE))
    records = sorted(record for home in touched for record in members.get(home, ()))
    wake_anchors(connection, records)
    _note(connection, asked.id, fates)
    _tell(connection, asked.id, lambda figures: _settle(figures, fates, laid))
    return records


def _judged(text: str, keys: Iterable[int], found: dict[int, Master]) -> list[Judged]:
    return [_judge(text, key, found.get(key)) for key in keys]


def _judge(text: str, key: int, found: Master | None) -> Judged:
    if found is None:
        return Judged(key, "", error=NowhereShown(cluster=public_id(key)))
    try:
        return Judged(key, found.cluster, rules.changes(text, found))
    except Error as error:
        return Judged(key, found.cluster, error=error)


def _next(connection: Connection, number: int, fate: Fate) -> list[int]:
    query = select(_about.cluster_id).where(_about.bulk_id == number, _about.state == fate.value)
    return list(connection.scalars(query.order_by(_about.cluster_id).limit(STEP)))


def _heirs(connection: Connection, keys: Iterable[int]) -> dict[int, int]:
    """Return for each cluster that which it was merged into, or itself."""
    query = select(_clusters.id, _clusters.successor_id)
    return {
        row.id: row.successor_id or row.id
        for some in chunks(keys)
        for row in connection.execute(query.where(_clusters.id.in_(some)))
    }


def _row(number: int, cluster: int) -> dict[str, Any]:
    told = messages.packed(None)
    return {"bulk_id": number, "cluster_id": cluster, "state": Fate.FOUND.value, **told}


def _note_found(connection: Connection, lease: Lease, rows: Sequence[dict[str, Any]]) -> None:
    queue.renew(connection, lease)
    insert_missing(connection, BulkClusterRow, rows)


_NOTED = (
    update(table(BulkClusterRow))
    .where(_about.bulk_id == bindparam("b_bulk"), _about.cluster_id == bindparam("b_cluster"))
    .values(
        state=bindparam("b_state"),
        message=bindparam("b_message"),
        code=bindparam("b_code"),
        details=bindparam("b_details"),
    )
)


def _note(connection: Connection, number: int, fates: Sequence[tuple[Judged, Fate]]) -> None:
    rows = [
        {"b_bulk": number, "b_cluster": each.cluster, "b_state": fate.value}
        | {f"b_{name}": value for name, value in messages.packed(each.error).items()}
        for each, fate in fates
    ]
    if rows:
        connection.execute(_NOTED, rows)


def _tell(connection: Connection, number: int, change: Callable[[Figures], None]) -> None:
    figures = bulk.locked(connection, number).figures
    change(figures)
    told = update(BulkRow).where(_bulk.id == number)
    connection.execute(told.values(told=figures.written()))


def _become(connection: Connection, number: int, phase: Phase) -> None:
    these = update(BulkRow).where(_bulk.id == number)
    connection.execute(these.values(state=phase.value))


def _count(figures: Figures, judged: Sequence[Judged]) -> None:
    for fate, count in Counter(each.fate for each in judged).items():
        _add(figures, fate.value, count)
    for each in judged:
        for tag in {change.tag for change in each.changes}:
            figures.fields[tag] = figures.fields.get(tag, 0) + 1
        if each.changes and len(figures.samples) < SAMPLES:
            figures.samples.append(Sample(each.name, _lines(each.changes)))


def _settle(figures: Figures, fates: Sequence[tuple[Judged, Fate]], laid: int) -> None:
    for fate, count in Counter(fate for _, fate in fates).items():
        _add(figures, fate.value, count)
    figures.would -= len(fates)
    figures.overlays += laid


def _add(figures: Figures, name: str, count: int) -> None:
    setattr(figures, name, getattr(figures, name) + count)


def _lines(changes: Sequence[Change]) -> tuple[Line, ...]:
    return tuple(
        Line(
            change.kind.value,
            as_line(change.beneath),
            as_line(change.over),
        )
        for change in changes[:_MOST_LINES]
    )
