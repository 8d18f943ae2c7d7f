"""How libraries stand to the hub and at which stage their sources are; and who changed it, why.

What is no member's, or of a source that is being tried out, is stored and mapped as any other and
is in no cluster, so no door shows it. A change has all of it placed again in the background; who
asks ``placing`` may see how much of that is left.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from catalogue import clock, clockwork, libraries
from catalogue.database import Database
from catalogue.errors import NoSuchSource, WrongUse
from catalogue.membership.model import Membership
from catalogue.membership.tables import StandingEventRow
from catalogue.observed import Stage
from catalogue.sql import table
from catalogue.tables import LibraryRow, SourceRow
from catalogue.waking import unstamp_library, wake_library, wake_source
from crosswalks.errors import Said

_events = table(StandingEventRow).c
_MAY = {
    Membership.JOINING: {Membership.MEMBER, Membership.WITHDRAWN},
    Membership.MEMBER: {Membership.SUSPENDED, Membership.WITHDRAWN},
    Membership.SUSPENDED: {Membership.MEMBER, Membership.WITHDRAWN},
    Membership.WITHDRAWN: {Membership.MEMBER, Membership.JOINING},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who changes something, and why."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingEvent:
    """A change of a library's standing, or of the stage of one of its sources."""

    at: int
    """Epoch seconds."""
    source: str
    """Name of the source; empty = it is the library's standing."""
    before: str
    after: str
    person: str
    reason: str


def set_standing(database: Database, code: str, after: Membership, by: By) -> bool:
    """Let a library stand so; tell whether it did not yet.

    Raises NoSuchLibrary, or WrongUse where it cannot come to that from how it stands.
    """
    return database.writing(lambda connection: set_within(connection, code, after, by))


def set_within(connection: Connection, code: str, after: Membership, by: By) -> bool:
    """Do what ``set_standing`` does, together with what it is done for."""
    library_id = libraries.key_of(connection, code)
    query = select(LibraryRow.code, LibraryRow.standing).where(LibraryRow.id == library_id)
    row = connection.execute(query.with_for_update()).one()
    before = Membership(row.standing)
    if before is after:
        return False
    if after not in _MAY[before]:
        raise WrongUse(
            reason=Said(
                "library {code} is {before} and cannot become {after} from that",
                {"code": row.code, "before": before.value, "after": after.value},
            )
        )
    connection.execute(
        update(LibraryRow).where(LibraryRow.id == library_id).values(standing=after.value)
    )
    _keep(connection, (library_id, None), (before, after), by)
    if Membership.MEMBER in (before, after):
        wake_library(connection, library_id)
        unstamp_library(connection, library_id)
    clockwork.sources_changed(connection)
    return True


def set_stage(database: Database, name: str, after: Stage, by: By) -> bool:
    """Let a source be tried out or live; tell whether it was not yet. Raises NoSuchSource."""
    return database.writing(lambda connection: stage_within(connection, name, after, by))


def stage_within(connection: Connection, name: str, after: Stage, by: By) -> bool:
    """Do what ``set_stage`` does, together with what it is done for."""
    query = select(SourceRow.id, SourceRow.library_id, SourceRow.stage).where(
        SourceRow.code == name
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchSource(name=name)
    before = Stage(row.stage)
    if before is after:
        return False
    connection.execute(update(SourceRow).where(SourceRow.id == row.id).values(stage=after.value))
    _keep(connection, (row.library_id, row.id), (before, after), by)
    wake_source(connection, row.id)
    clockwork.sources_changed(connection)
    return True


def connect(database: Database, code: str, names: Collection[str], by: By) -> None:
    """Make a library a member and these sources of it live, all at once.

    Raises NoSuchLibrary, NoSuchSource or WrongUse.
    """

    def work(connection: Connection) -> None:
        for name in names:
            stage_within(connection, name, Stage.LIVE, by)
        set_within(connection, code, Membership.MEMBER, by)

    database.writing(work)


def history(database: Database, code: str) -> list[StandingEvent]:
    """Return what became of a library's standing and its sources' stages, the newest first.

    Raises NoSuchLibrary.
    """
    with database.reading() as connection:
        rows = connection.execute(
            select(*(_events[name] for name in _TOLD), SourceRow.code.label("source"))
            .select_from(table(StandingEventRow))
            .outerjoin(SourceRow, SourceRow.id == _events.source_id)
            .where(_events.library_id == libraries.key_of(connection, code))
            .order_by(_events.id.desc())
        ).all()
    return [
        StandingEvent(**{name: row._mapping[name] for name in _TOLD}, source=row.source or "")
        for row in rows
    ]


_TOLD = ("at", "person", "reason", "before", "after")


def _keep(
    connection: Connection,
    whose: tuple[int, int | None],
    change: tuple[Membership | Stage, Membership | Stage],
    by: By,
) -> None:
    connection.execute(
        insert(StandingEventRow).values(
            library_id=whose[0],
            source_id=whose[1],
            at=clock.wall_clock(),
            person=by.person,
            reason=by.reason,
            before=change[0].value,
            after=change[1].value,
        )
    )
