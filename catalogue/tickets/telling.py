"""Telling staff, and the libraries concerned, of what readers reported: each ticket once.

Whoever reports much must not fill anybody's letter box: what comes within an hour of the last
telling waits for the hour to be over, and then makes one message for each who is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from catalogue.alerts import channels, outbox, store
from catalogue.alerts.model import Change, Draft, Kind, MessageKind
from catalogue.alerts.tables import ChannelRow
from catalogue.database import Database
from catalogue.sql import table
from catalogue.tickets.looking import some
from catalogue.tickets.model import Ticket
from catalogue.tickets.tables import TicketRow
from crosswalks.model import Severity

PAUSE = 3600
"""Seconds between two tellings."""
MOST = 100
"""Tickets of one telling; more wait for the next."""

_tickets, _channels = table(TicketRow), table(ChannelRow)
_SEVERITY = Severity.WARNING


def tell_due(database: Database, now: int) -> int:
    """Tell of the tickets that nobody was told of, if that is due; return how many they were."""
    with database.reading_primary() as connection:
        if not _due(connection, now):
            return 0

    def work(connection: Connection) -> int:
        numbers = _due(connection, now)
        mine = _tickets.c.id.in_(numbers) & (_tickets.c.told == 0)
        connection.execute(update(_tickets).where(mine).values(told=now))
        _tell(connection, some(connection, numbers)[::-1], now)
        return len(numbers)

    return database.writing(work)


def _due(connection: Connection, now: int) -> Sequence[int]:
    untold = select(_tickets.c.id).where(_tickets.c.told == 0)
    numbers = connection.scalars(untold.order_by(_tickets.c.id).limit(MOST)).all()
    last = select(func.max(_tickets.c.told)).where(_tickets.c.told <= now)
    recently = (connection.execute(last).scalar() or 0) > now - PAUSE if numbers else False
    return () if recently else numbers


def _tell(connection: Connection, tickets: Sequence[Ticket], now: int) -> None:
    changes = [(None, _change(each)) for each in tickets]
    kept = store.keep(connection, changes, now)
    outbox.put_alerts(connection, kept, now)
    for channel in channels.some(connection, _channels.c.library_id.is_not(None)):
        theirs = [
            number
            for (number, *_), ticket in zip(kept, tickets, strict=True)
            if channel.library in {each.code for each in ticket.libraries}
        ]
        if theirs and channel.wants(Kind.TICKET, _SEVERITY):
            outbox.put(connection, channel, Draft(MessageKind.ALERTS, {"alerts": theirs}), now)


def _change(ticket: Ticket) -> Change:
    details = {"ticket": ticket.id, "record": ticket.record, "title": ticket.title}
    # Not which libraries it concerns: who is told need not know of the others.
    details |= {"about": ticket.kind.value}
    return Change(kind=Kind.TICKET, severity=_SEVERITY, details=details)
