"""Telling staff, and the applicant where it is its turn, that an application waits for too long.

The day, the alert and the letters are kept in one transaction, so nobody is reminded twice a day.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from catalogue.alerts import channels, outbox, store
from catalogue.alerts.model import Change, Channel, ChannelKind, Draft, Kind, MessageKind, Rhythm
from catalogue.alerts.tables import ChannelRow, MessageRow
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining.model import Application, Turn
from catalogue.joining.tables import JoiningRow
from catalogue.sql import table
from crosswalks.model import Severity

_rows, _channels, _messages = table(JoiningRow), table(ChannelRow), table(MessageRow)


def remind(database: Database, application: Application, day: str, details: dict[str, Any]) -> bool:
    """Remind of an application on a day (ISO 8601); tell whether nobody had on that day.

    One that was changed meanwhile is left for the next look.
    """
    now = wall_clock()
    mine = (
        update(_rows)
        .where(_rows.c.id == application.id, _rows.c.rev == application.rev)
        .where(_rows.c.reminded != day)
        .values(reminded=day)
    )

    def work(connection: Connection) -> bool:
        if connection.execute(mine).rowcount != 1:
            return False
        change = Change(kind=Kind.JOINING, severity=Severity.WARNING, details=details)
        outbox.put_alerts(connection, store.keep(connection, [(None, change)], now), now)
        if application.turn is Turn.APPLICANT and application.mail:
            draft = Draft(MessageKind.JOINING, details, f"joining {day}")
            outbox.put(connection, _channel(connection, application, now), draft, now)
        return True

    return database.writing(work)


def forget_channel(connection: Connection, application: Application) -> None:
    """Remove the way to an applicant; what waits to be sent is dropped."""
    found = select(_channels.c.id).where(_channels.c.name == channel_name(application))
    number = connection.execute(found).scalar()
    if number is not None:
        connection.execute(delete(_messages).where(_messages.c.channel_id == number))
        connection.execute(delete(_channels).where(_channels.c.id == number))


def channel_name(application: Application) -> str:
    """Return what the way to an applicant is called among the channels."""
    return f"joining-{application.id}"


def _channel(connection: Connection, application: Application, now: int) -> Channel:
    """Return the way to an applicant, made where there is none; it is told nothing else."""
    name = channel_name(application)
    kept = {"target": application.mail, "language": application.language}
    changed = update(_channels).where(_channels.c.name == name).values(kept)
    if not connection.execute(changed).rowcount:
        row = {"name": name, "kind": ChannelKind.MAIL.value, "severity": "", "library_id": None}
        more = {"digest": Rhythm.NEVER.value, "salt": channels.new_salt(), "created": now}
        connection.execute(insert(_channels).values(**row, **more, **kept))
    return channels.some(connection, _channels.c.name == name)[0]
