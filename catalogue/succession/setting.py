"""That a source takes over from another, as a setting: what it is checked for, and what it does.

This module knows the tables only: ``catalogue.sources`` asks it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from catalogue.errors import NoSuchSource, WrongUse
from catalogue.model import RecordState, Source
from catalogue.observed import Standing
from catalogue.sql import table
from catalogue.succession.errors import StillWaiting
from catalogue.tables import RecordRow, SourceRow, SuccessionRow
from crosswalks.errors import Said


class State(StrEnum):
    """How it stands with a source that takes over from another."""

    WAITING = "waiting"
    """Nothing was carried out."""
    APPLYING = "applying"
    """Old records go on as new ones, batch by batch; whoever is killed is followed by another."""
    APPLIED = "applied"
    CANCELLING = "cancelling"
    """What waited becomes records like any others, batch by batch."""
    CANCELLED = "cancelled"


_BEFORE = (State.WAITING.value, State.APPLYING.value)
_BEGUN = (State.APPLYING.value, State.APPLIED.value)


def columns() -> tuple[Any, ...]:
    """Return the columns by which a query of sources tells how each stands to others."""
    heir = aliased(SourceRow)
    state = select(SuccessionRow.state).where(SuccessionRow.new_id == SourceRow.id)
    name = (
        select(heir.code)
        .join(SuccessionRow, SuccessionRow.new_id == heir.id)
        .where(SuccessionRow.old_id == SourceRow.id, SuccessionRow.state.in_(_BEGUN))
        .order_by(SuccessionRow.id)
        .limit(1)
    )
    return (
        state.correlate(SourceRow).scalar_subquery().label("succession"),
        name.correlate(SourceRow).scalar_subquery().label("successor"),
    )


def standing_of(succeeds: str, row: Any) -> Standing | None:
    """Return how a source with this setting stands, by the columns of its row; None for alone."""
    waits = bool(succeeds) and row.succession in _BEFORE
    return Standing(waits, row.successor or "") if waits or row.successor else None


def note(connection: Connection, source_id: int, source: Source) -> None:
    """Note, in the transaction that sets it, which source one takes over from; empty for none.

    Raises NoSuchSource, StillWaiting or WrongUse.
    """
    if source.succeeds:
        between(connection, source_id, old_of(connection, source_id, source), anew=True)
        return
    row = standing(connection, source_id)
    if row is None or row.state not in _BEFORE:
        return
    if row.state == State.APPLYING or _has(connection, source_id, RecordState.WAITING):
        raise StillWaiting(old=row.old, new=source.name)
    _set(connection, row.id, state=State.CANCELLED.value)


def standing(connection: Connection, source_id: int) -> Any | None:
    """Return the row of what a source takes over, and the other's name as ``old``; or None."""
    query = (
        select(*table(SuccessionRow).c, SourceRow.code.label("old"))
        .join(SourceRow, SourceRow.id == SuccessionRow.old_id)
        .where(SuccessionRow.new_id == source_id)
    )
    return connection.execute(query).one_or_none()


def old_of(connection: Connection, source_id: int, source: Source) -> int:
    """Return the key of the source that one is to take over from. Raises NoSuchSource, WrongUse."""
    query = select(SourceRow.id, SourceRow.library_id).where(SourceRow.code == source.succeeds)
    old = connection.execute(query).one_or_none()
    if old is None:
        raise NoSuchSource(name=source.succeeds)
    library = select(SourceRow.library_id).where(SourceRow.id == source_id)
    if old.id == source_id or old.library_id != connection.execute(library).scalar_one():
        told = {"new": source.name}
        raise WrongUse(
            reason=Said("{new} can only take over from another source of the same library", told)
        )
    back = standing(connection, old.id)
    if back is not None and back.old_id == source_id and back.state != State.CANCELLED:
        told = {"new": source.name, "old": source.succeeds}
        raise WrongUse(reason=Said("{old} takes over from {new} already", told))
    _check_still(connection, old.id, source_id)
    if _has(connection, old.id, RecordState.WAITING):
        told = {"old": source.succeeds}
        raise WrongUse(reason=Said("{old} waits to take over from another itself", told))
    return int(old.id)


def _check_still(connection: Connection, old_id: int, new_id: int) -> None:
    """Raise WrongUse where another succession is still moving records of one of the two sources.

    What it has yet to move would be moved away from under it, and its pairs be lost.
    """
    one, other = aliased(SourceRow), aliased(SourceRow)
    query = (
        select(one.code.label("old"), other.code.label("new"))
        .select_from(SuccessionRow)
        .join(one, one.id == SuccessionRow.old_id)
        .join(other, other.id == SuccessionRow.new_id)
        .where(
            SuccessionRow.state == State.APPLYING,
            or_(SuccessionRow.new_id == old_id, SuccessionRow.old_id == new_id),
        )
        .order_by(SuccessionRow.id)
    )
    row = connection.execute(query).first()
    if row is not None:
        raise WrongUse(
            reason=Said(
                "{new} is still taking over from {old}; finish that first: lienthong sources"
                " succeed {old} {new} --apply",
                {"old": row.old, "new": row.new},
            )
        )


def between(connection: Connection, new_id: int, old_id: int, *, anew: bool) -> int:
    """Return the key of the row for two sources, made where there is none.

    ``anew`` where the new source is to wait from now on: it must not have records that do not.
    Raises WrongUse.
    """
    row = standing(connection, new_id)
    if (
        row is not None
        and row.old_id != old_id
        and row.state
        not in (
            State.WAITING,
            State.CANCELLED,
        )
    ):
        raise WrongUse(reason=Said("it has taken over from {old} already", {"old": row.old}))
    if anew and _has(connection, new_id, RecordState.ACTIVE):
        raise WrongUse(
            reason=Said(
                "it was harvested already, and its records are in the union catalogue; leave"
                " --succeeds away, and use 'lienthong sources succeed' all the same",
                {},
            )
        )
    values = {"old_id": old_id, "state": State.WAITING.value}
    if row is None:
        made = insert(SuccessionRow).values(new_id=new_id, paired=0, ended=0, rules="[]", **values)
        return int(connection.execute(made.returning(SuccessionRow.id)).scalar_one())
    if row.old_id != old_id or (anew and row.state == State.CANCELLED):
        _set(connection, row.id, paired=0, ended=0, rules="[]", **values)
    return int(row.id)


def _has(connection: Connection, source_id: int, state: RecordState) -> bool:
    query = select(exists().where(RecordRow.source_id == source_id, RecordRow.state == state.value))
    return bool(connection.execute(query).scalar_one())


def _set(connection: Connection, key: int, **values: object) -> None:
    connection.execute(update(SuccessionRow).where(SuccessionRow.id == key).values(**values))
