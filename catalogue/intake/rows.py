"""What is known of deliveries, and how each goes from one state to the next.

Every step is one transaction that looks at the state first, so that to say something twice, or two
people at once, come to the same. The files themselves are in ``catalogue.intake.spool``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select, text, update

from catalogue import queue, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.intake.errors import (
    CheckOutdated,
    DeliveryApplied,
    DeliveryDiscarded,
    DeliveryRefused,
    NoSuchDelivery,
    NotCheckedYet,
    NotOfFiles,
)
from catalogue.intake.model import Arrived, Intake, Kind, State
from catalogue.intake.tables import WAITING, IntakeRow
from catalogue.messages import packed
from catalogue.model import Lease
from catalogue.sql import Query, dialect_insert, table
from catalogue.tables import RunRow, SourceRow
from crosswalks.errors import Error
from crosswalks.text import storable

CHECK = "check"
"""The kind of job that looks at a delivery."""
FILES = "file"
"""The protocol of sources that files can be delivered to."""
_rows = table(IntakeRow)
_UNDECIDED = (State.RECEIVED, State.CHECKED, State.REFUSED)
_IS_OPEN = _rows.c.state.in_([state.value for state in State if state.is_open])


class Received(NamedTuple):
    """A delivery that was taken in."""

    intake: Intake
    is_new: bool
    """False where the same file waits already: then this is that delivery."""


class Found(NamedTuple):
    """What a check found."""

    report: Mapping[str, Any]
    generation: int
    """Of the source's settings that it was checked by."""
    refused: Error | None
    """Why the file cannot count, if it cannot."""


def check_key(number: int) -> str:
    """Return the key under which a delivery is checked."""
    return f"{CHECK}:{number}"


def number_of(key: str) -> int:
    """Return which delivery is checked under a key."""
    return int(key.removeprefix(f"{CHECK}:"))


def of_files(database: Database, name: str) -> None:
    """Raise NoSuchSource, or NotOfFiles where files cannot be delivered to a source."""
    source = sources.get(database, name)
    if source.protocol != FILES:
        raise NotOfFiles(source=name, protocol=source.protocol)


def receive(database: Database, arrived: Arrived) -> Received:
    """Note a file that lies in the spool, and queue its check, once.

    Raises NoSuchSource or NotOfFiles.
    """
    of_files(database, arrived.source)

    def work(connection: Connection) -> tuple[int, bool]:
        source_id = sources.configured(connection, arrived.source).id
        number = _insert(connection, source_id, arrived)
        if number is None:
            return _come_again(connection, source_id, arrived), False
        _queue(connection, number)
        return number, True

    number, is_new = database.writing(work)
    return Received(get(database, number), is_new)


def get(database: Database, number: int) -> Intake:
    """Return one delivery. Raises NoSuchDelivery."""
    with database.reading_primary() as connection:
        row = connection.execute(_query().where(_rows.c.id == number)).one_or_none()
    if row is None:
        raise NoSuchDelivery(number=number)
    return _intake(row)


def all(  # noqa: A001 - read as rows.all
    database: Database,
    source: str = "",
    *,
    only_open: bool = False,
    limit: int = 50,
    before: int | None = None,
) -> list[Intake]:
    """Return the newest deliveries first, of one source or of all, without their reports.

    Raises NoSuchSource.
    """
    query = _query(_BRIEF).order_by(_rows.c.id.desc()).limit(limit)
    if source:
        sources.get(database, source)
        query = query.where(SourceRow.code == source)
    if only_open:
        query = query.where(_IS_OPEN)
    if before is not None:
        query = query.where(_rows.c.id < before)
    with database.reading_primary() as connection:
        return [_intake(row) for row in connection.execute(query)]


def some(database: Database, numbers: Sequence[int]) -> list[Intake]:
    """Return these deliveries, the newest first, without their reports."""
    query = _query(_BRIEF).where(_rows.c.id.in_(numbers)).order_by(_rows.c.id.desc())
    with database.reading_primary() as connection:
        return [_intake(row) for row in connection.execute(query)]


def of_run(database: Database, run_id: int) -> list[Intake]:
    """Return the deliveries that a run read last, in the order they came."""
    query = _query(_BRIEF).where(_rows.c.run_id == run_id).order_by(_rows.c.id)
    with database.reading_primary() as connection:
        return [_intake(row) for row in connection.execute(query)]


def twin(database: Database, intake: Intake) -> Intake | None:
    """Return the last delivery of the same file to the same source that was applied before."""
    query = _query(_BRIEF).where(
        SourceRow.code == intake.source,
        _rows.c.sha256 == intake.sha256,
        _rows.c.state == State.APPLIED.value,
        _rows.c.id != intake.id,
    )
    with database.reading_primary() as connection:
        row = connection.execute(query.order_by(_rows.c.id.desc()).limit(1)).one_or_none()
    return _intake(row) if row is not None else None


def is_known(database: Database, source: str, sha256: str) -> bool:
    """Tell whether a file was ever delivered to a source, whatever became of it."""
    return _is_there(database, SourceRow.code == source, _rows.c.sha256 == sha256)


def is_wanted(database: Database, sha256: str) -> bool:
    """Tell whether a file belongs to a delivery that nobody has decided of yet."""
    undecided = _rows.c.state.in_([state.value for state in _UNDECIDED])
    return _is_there(database, _rows.c.sha256 == sha256, undecided)


def is_open(database: Database, sha256: str) -> bool:
    """Tell whether a file belongs to a delivery that something is still to become of."""
    return _is_there(database, _rows.c.sha256 == sha256, _IS_OPEN)


def check_again(database: Database, number: int) -> Intake:
    """Have a delivery checked anew, whatever was found before. Raises as ``discard``."""

    def work(connection: Connection) -> None:
        row = _locked(connection, number)
        if row.state not in _UNDECIDED:
            raise _decided(row)
        _set(connection, number, state=State.RECEIVED.value)
        _queue(connection, number)

    database.writing(work)
    return get(database, number)


def put_report(database: Database, lease: Lease, number: int, found: Found) -> None:
    """Note what a check found. Raises LeaseLost; and as ``discard`` if it was decided meanwhile."""

    def work(connection: Connection) -> None:
        queue.renew(connection, lease)
        row = _locked(connection, number)
        if row.state not in _UNDECIDED:
            raise _decided(row)
        _set(
            connection,
            number,
            state=(State.REFUSED if found.refused else State.CHECKED).value,
            generation=found.generation,
            checked=wall_clock(),
            report=storable(json.dumps(found.report, ensure_ascii=False)),
            **packed(found.refused),
        )

    database.writing(work)


def begin_applying(database: Database, number: int, decider: str) -> Intake:
    """Note that a delivery counts; say it again to go on where applying it broke off.

    Raises NoSuchDelivery, NotCheckedYet, CheckOutdated, DeliveryRefused, DeliveryDiscarded or
    DeliveryApplied.
    """

    def work(connection: Connection) -> None:
        row = _locked(connection, number)
        if row.state == State.APPLYING:
            return
        if row.state == State.RECEIVED:
            raise NotCheckedYet(number=number)
        if row.state == State.REFUSED:
            raise DeliveryRefused(number=number)
        if row.state != State.CHECKED:
            raise _decided(row)
        if row.generation != row.now:
            raise CheckOutdated(number=number, source=row.source)
        _set(connection, number, state=State.APPLYING.value, **_by(decider))

    database.writing(work)
    return get(database, number)


def note_run(database: Database, numbers: Sequence[int], run_id: int) -> None:
    """Note which run reads these deliveries."""
    database.writing(
        lambda connection: connection.execute(
            update(_rows).where(_rows.c.id.in_(numbers)).values(run_id=run_id)
        )
    )


def end_applying(database: Database, numbers: Sequence[int]) -> None:
    """Note that deliveries were read to their end."""
    applying = (_rows.c.id.in_(numbers), _rows.c.state == State.APPLYING.value)
    database.writing(
        lambda connection: connection.execute(
            update(_rows).where(*applying).values(state=State.APPLIED.value)
        )
    )


def discard(database: Database, number: int, decider: str) -> Intake:
    """Note that a delivery never counts; twice is as good as once.

    Raises NoSuchDelivery or DeliveryApplied.
    """

    def work(connection: Connection) -> None:
        row = _locked(connection, number)
        if row.state == State.APPLIED:
            raise DeliveryApplied(number=number)
        if row.state != State.DISCARDED:
            _set(connection, number, state=State.DISCARDED.value, **_by(decider))
        queue.stop(connection, check_key(number))

    database.writing(work)
    return get(database, number)


def applying(database: Database, source: str) -> list[Intake]:
    """Return the deliveries of a source that count and were not read to their end, in order."""
    query = _query(_BRIEF).where(SourceRow.code == source, _rows.c.state == State.APPLYING.value)
    with database.reading_primary() as connection:
        return [_intake(row) for row in connection.execute(query.order_by(_rows.c.id))]


def _is_there(database: Database, *only: ColumnElement[bool]) -> bool:
    query = select(_rows.c.id).join(SourceRow, SourceRow.id == _rows.c.source_id).where(*only)
    with database.reading_primary() as connection:
        return connection.execute(query.limit(1)).first() is not None


def _insert(connection: Connection, source_id: int, arrived: Arrived) -> int | None:
    values = {
        "source_id": source_id,
        "name": storable(arrived.name),
        "kind": arrived.kind.value,
        "sha256": arrived.sha256,
        "size": arrived.size,
        "origin": storable(arrived.origin),
        "received": wall_clock(),
        "author": storable(arrived.author),
        "state": State.RECEIVED.value,
        "generation": 0,
        "report": "{}",
        "decider": "",
        **packed(None),
    }
    unless_there = (
        dialect_insert(connection, IntakeRow)
        .values(values)
        .on_conflict_do_nothing(index_elements=["source_id", "sha256"], index_where=text(WAITING))
    )
    return connection.execute(unless_there.returning(_rows.c.id)).scalar()


def _come_again(connection: Connection, source_id: int, arrived: Arrived) -> int:
    """Return the delivery of the same file that waits; what it still lacks is done."""
    same = (_rows.c.source_id == source_id, _rows.c.sha256 == arrived.sha256, _IS_OPEN)
    row = connection.execute(select(_rows).where(*same).with_for_update()).one()
    is_other = row.kind != arrived.kind.value and row.state in _UNDECIDED
    if is_other or row.state in (State.RECEIVED, State.REFUSED):
        _set(connection, row.id, kind=arrived.kind.value, state=State.RECEIVED.value)
        _queue(connection, row.id)
    return int(row.id)


def _queue(connection: Connection, number: int) -> None:
    queue.enqueue_within(connection, CHECK, check_key(number), wall_clock())


def _query(columns: Sequence[ColumnElement[Any]] = tuple(_rows.c)) -> Query:
    return (
        select(
            *columns,
            SourceRow.code.label("source"),
            SourceRow.generation.label("now"),
            RunRow.status.label("run_status"),
        )
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .outerjoin(RunRow, RunRow.id == _rows.c.run_id)
    )


_BRIEF = tuple(column for column in _rows.c if column.name != "report")
"""A list of fifty must not read fifty reports."""


def _locked(connection: Connection, number: int) -> Any:
    query = (
        select(
            _rows.c.id,
            _rows.c.state,
            _rows.c.generation,
            SourceRow.code.label("source"),
            SourceRow.generation.label("now"),
        )
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .where(_rows.c.id == number)
        .with_for_update(of=_rows)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchDelivery(number=number)
    return row


def _decided(row: Any) -> DeliveryApplied | DeliveryDiscarded:
    """Return why nothing can be done with a delivery that was decided of."""
    kind = DeliveryDiscarded if row.state == State.DISCARDED else DeliveryApplied
    return kind(number=row.id)


def _by(decider: str) -> dict[str, Any]:
    return {"decided": wall_clock(), "decider": storable(decider)}


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(_rows).where(_rows.c.id == number).values(values))


def _intake(row: Any) -> Intake:
    state = State(row.state)
    return Intake(
        id=row.id,
        source=row.source,
        name=row.name,
        kind=Kind(row.kind),
        sha256=row.sha256,
        size=row.size,
        origin=row.origin,
        received=row.received,
        author=row.author,
        state=state,
        checked=row.checked,
        outdated=state is State.CHECKED and row.generation != row.now,
        report=json.loads(getattr(row, "report", "{}")),
        message=row.message,
        code=row.code,
        details=json.loads(row.details),
        decided=row.decided,
        decider=row.decider,
        run=row.run_id,
        run_status=row.run_status or "",
    )
