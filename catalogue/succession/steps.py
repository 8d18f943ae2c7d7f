"""The steps of a succession, each a transaction of its own: begin, go on, end; or call it off.

What was begun is written down, so that whoever is killed in the middle is followed by another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select, update

from catalogue import sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import WrongUse
from catalogue.match import keys
from catalogue.model import RecordState
from catalogue.sources import Configured
from catalogue.sql import table
from catalogue.store.apply import Applied, write_keys
from catalogue.succession import setting
from catalogue.succession.errors import AlreadyApplied
from catalogue.succession.setting import State
from catalogue.succession.swap import Swapped, lock, swap
from catalogue.succession.work import Work, features_of, note, write
from catalogue.tables import RecordRow, SourceRow, SuccessionRow
from crosswalks.errors import Said

STEP = 500
"""Records of a transaction that begin to count."""

_records = table(RecordRow)


class Succession(NamedTuple):
    """One source that takes over, or is to, from another."""

    key: int
    old: str
    new: str
    state: State
    paired: int
    """Epoch seconds when pairs were found last; 0 = none are."""


def named(database: Database, old: str, new: str) -> Succession:
    """Return the succession of two sources, made where there is none.

    Raises NoSuchSource, or WrongUse where the new one cannot take over from the old one.
    """

    def work(connection: Connection) -> Succession:
        ours = sources.configured(connection, new)
        if ours.source.succeeds and ours.source.succeeds != old:
            told = {"new": new, "old": ours.source.succeeds}
            raise WrongUse(reason=Said("{new} is set to take over from {old}", told))
        wanted = replace(ours.source, succeeds=old)
        key = setting.old_of(connection, ours.id, wanted)
        setting.between(connection, ours.id, key, anew=False)
        row = setting.standing(connection, ours.id)
        assert row is not None
        return Succession(row.id, old, new, State(row.state), row.paired)

    return database.writing(work)


def of_source(database: Database, name: str) -> list[Succession]:
    """Return in which successions a source is the new or the old one, the first of them first."""
    with database.reading() as connection:
        found = _all(connection)
    return [each for each in found if name in (each.old, each.new)]


def begun(database: Database) -> list[Succession]:
    """Return what was begun, or is being called off, and did not come to its end."""
    with database.reading_primary() as connection:
        found = _all(connection)
    return [each for each in found if each.state in (State.APPLYING, State.CANCELLING)]


def _all(connection: Connection) -> list[Succession]:
    query = select(table(SuccessionRow)).order_by(SuccessionRow.id)
    rows = connection.execute(query).all()
    names = {row.id: row.code for row in connection.execute(select(SourceRow.id, SourceRow.code))}
    return [
        Succession(row.id, names[row.old_id], names[row.new_id], State(row.state), row.paired)
        for row in rows
    ]


def sides(database: Database, succession: Succession) -> tuple[Configured, Configured]:
    """Return the old and the new source."""
    with database.reading_primary() as connection:
        return (
            sources.configured(connection, succession.old),
            sources.configured(connection, succession.new),
        )


def begin(database: Database, work: Work, succession: Succession) -> None:
    """Write down that the new source takes over; the old one is paused, and harvested no more."""

    def do(connection: Connection) -> None:
        lock(connection, work)
        old = sources.configured(connection, succession.old).source
        sources.change_within(connection, replace(old, paused=True))
        note(connection, work.key, state=State.APPLYING.value)

    write(database, work, do)


def go_on(database: Database, work: Work) -> Swapped:
    """Let the next old records go on as new ones. Raises LeaseLost."""
    return write(database, work, lambda connection: swap(connection, work))


def release(database: Database, work: Work, after: int = 0) -> tuple[int | None, int]:
    """Let the next records that waited count as any others.

    Returns the key to go on after, None where there are no more, and how many have to be placed.
    """

    def do(connection: Connection) -> tuple[int | None, int]:
        lock(connection, work)
        rows = connection.execute(_waiting(work.new_id, after)).all()
        if not rows:
            return None, 0
        _count_from_now(connection, rows)
        return int(rows[-1].id), len(rows)

    return write(database, work, do)


def _waiting(source_id: int, after: int) -> Any:
    columns = (
        _records.c.id,
        _records.c.rev,
        _records.c.parsed,
        _records.c.features,
        _records.c.features_version,
    )
    return (
        select(*columns)
        .where(
            _records.c.source_id == source_id,
            _records.c.id > after,
            _records.c.state == RecordState.WAITING.value,
        )
        .order_by(_records.c.id)
        .limit(STEP)
    )


def _count_from_now(connection: Connection, rows: Any) -> None:
    connection.execute(
        update(_records)
        .where(_records.c.id.in_([row.id for row in rows]))
        .values(state=RecordState.ACTIVE.value)
    )
    applied = Applied(
        ids={str(row.id): row.id for row in rows},
        placed_again={str(row.id): (row.rev, keys(features_of(row))) for row in rows},
    )
    write_keys(connection, applied)


def end(database: Database, work: Work, state: State) -> bool:
    """Write down that all is done; tell whether it is, since more may have come meanwhile."""

    def do(connection: Connection) -> bool:
        lock(connection, work)
        left = select(
            exists().where(
                _records.c.source_id == work.new_id,
                _records.c.state == RecordState.WAITING.value,
            )
        )
        if connection.execute(left).scalar_one():
            return False
        note(connection, work.key, state=state.value, ended=wall_clock())
        return True

    return write(database, work, do)


def begin_cancelling(database: Database, work: Work, succession: Succession) -> None:
    """Write down that the new source does not take over. Raises AlreadyApplied."""

    def do(connection: Connection) -> None:
        lock(connection, work)
        new = sources.configured(connection, succession.new)
        row = setting.standing(connection, new.id)
        assert row is not None
        if row.state in (State.APPLYING, State.APPLIED):
            raise AlreadyApplied(old=succession.old, new=succession.new)
        note(connection, work.key, state=State.CANCELLING.value)
        sources.change_within(connection, replace(new.source, succeeds=""))

    write(database, work, do)
