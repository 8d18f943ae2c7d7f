"""How members' sources fare, as far as others may know: whose they are, and whether they answer.

No address, no credential, no number of records, and nothing of a source whose library shares
nothing with the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalogue.cluster.render import shows
from catalogue.database import Database
from catalogue.membership.conditions import is_connected
from catalogue.model import RunStatus, Sharing
from catalogue.sql import Query
from catalogue.tables import LibraryRow, SourceRow
from catalogue.watch import Watched, watched

_GOOD = frozenset({RunStatus.SUCCEEDED, RunStatus.LIMITED, RunStatus.CANCELLED, RunStatus.WAITING})


class State(StrEnum):
    """How a source fares, in a word for those outside."""

    NEW = "new"
    """It was never harvested to the end."""
    GOOD = "good"
    FAILING = "failing"
    """Its last harvest did not get to the end."""
    WAITING = "waiting"
    """What came last waits for a person to look at it."""
    PAUSED = "paused"


class Status(NamedTuple):
    """A source, and how it fares."""

    name: str
    library: str
    """Its code."""
    protocol: str
    state: State
    success: str
    """When a harvest last came to a good end, UTC in ISO 8601; or empty."""


def of_view(database: Database, view: str, after: str, limit: int) -> list[Status]:
    """Return the next sources by name whose libraries share with a view."""
    with database.reading() as connection:
        query = _names(view).where(SourceRow.code > after)
        names = connection.scalars(query.order_by(SourceRow.code).limit(limit)).all()
        return _statuses(connection, names)


def of_source(database: Database, view: str, name: str) -> Status | None:
    """Return how a source fares; None for one that the view knows nothing of."""
    with database.reading() as connection:
        query = _names(view).where(SourceRow.code == name)
        return next(iter(_statuses(connection, connection.scalars(query).all())), None)


def _names(view: str) -> Query:
    levels = [each.value for each in Sharing if shows(Sharing(view), each)]
    return (
        select(SourceRow.code)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(is_connected(), LibraryRow.sharing_level.in_(levels))
    )


def _statuses(connection: Connection, names: Sequence[str]) -> list[Status]:
    return [
        Status(
            *(each.source.name, each.source.library, each.source.protocol),
            state=_state(each),
            success=each.success,
        )
        for each in watched(connection, names)
    ]


def _state(each: Watched) -> State:
    if each.waiting is not None:
        return State.WAITING
    if each.source.rests:
        return State.PAUSED
    if each.last is not None and each.last.status not in _GOOD:
        return State.FAILING
    return State.GOOD if each.success else State.NEW
