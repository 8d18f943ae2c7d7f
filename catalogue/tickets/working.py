"""What is done about tickets: notes, how far they are, and the answer to the reader at the end.

The answer is written into the outbox in the transaction that closes the ticket. It names the ticket
alone; the reader's address is read from there when it is sent, so it is kept in one place, and gone
when it is gone there.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from catalogue import libraries
from catalogue.alerts import channels, outbox
from catalogue.alerts.model import Channel, ChannelKind, Draft, MessageKind, Rhythm
from catalogue.alerts.tables import ChannelRow
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.members.text import paragraphs
from catalogue.sql import dialect_insert, table
from catalogue.tickets.errors import BadReport, ClosedByStaff, NoSuchTicket, TicketChanged
from catalogue.tickets.looking import concerns, some
from catalogue.tickets.model import By, State, Ticket
from catalogue.tickets.tables import TicketEventRow, TicketLibraryRow, TicketRow
from crosswalks.errors import Said
from crosswalks.text import storable

CHANNEL = "answers-to-readers"
"""What the way to readers is called among those of alerts."""
LONGEST = 4000
_DAY = 24 * 3600
_STEP = 1000

_tickets, _owned, _events = table(TicketRow), table(TicketLibraryRow), table(TicketEventRow)
_channels = table(ChannelRow)


def note(database: Database, number: int, text: str, by: By) -> bool:
    """Write a note beside a ticket, and tell whether that is new.

    Raises NoSuchTicket, also where it does not concern the library, TicketChanged or BadReport.
    """
    kept = _text(text)
    if not kept:
        raise BadReport(reason=Said("a note needs some words", {}))

    def work(connection: Connection) -> bool:
        ticket, library = _seen(connection, number, by)
        if _last(connection, number) == (by.person, ticket.state.value, kept):
            # Pressed twice.
            return False
        _check_seen(ticket, by)
        _change(connection, ticket, ticket.state, {})
        _remember(connection, ticket.state, kept, (number, by.person, library))
        return True

    return database.writing(work)


def move(database: Database, number: int, state: State, text: str, by: By) -> bool:
    """Say how far a ticket is, and tell whether that is new; a text goes into its history.

    Closed, the reader is answered where there is an address, and ``text`` is the answer. Raises
    NoSuchTicket, TicketChanged, BadReport, or ClosedByStaff for a library that is not alone.
    """
    kept = _text(text)

    def work(connection: Connection) -> bool:
        ticket, library = _seen(connection, number, by)
        if ticket.state is state and _last(connection, number)[2] == kept:
            return False
        _check_seen(ticket, by)
        if by.library and state.is_closed and len(ticket.libraries) > 1:
            raise ClosedByStaff(number=number)
        more: dict[str, str | None]
        more = {"answer": kept, "once": None} if state.is_closed else {"answer": ""}
        _change(connection, ticket, state, more)
        _remember(connection, state, kept, (number, by.person, library))
        if state.is_closed and ticket.answerable:
            _answer(connection, ticket)
        return True

    return database.writing(work)


def forget_addresses(database: Database, days: int) -> int:
    """Remove the addresses of readers who reported something longer ago than days; return how many.

    What waits to be sent to them is not sent any more.
    """
    old = (_tickets.c.mail != "") & (_tickets.c.opened < wall_clock() - days * _DAY)
    some = select(_tickets.c.id).where(old).order_by(_tickets.c.opened).limit(_STEP)
    step = update(_tickets).where(_tickets.c.id.in_(some)).values(mail="")
    forgotten = 0
    # In steps that hold up nobody.
    while gone := database.writing(lambda connection: connection.execute(step).rowcount):
        forgotten += gone
    return forgotten


def address_of(database: Database, number: int) -> str:
    """Return where the reader of a ticket is answered; empty where there is no address any more."""
    query = select(_tickets.c.mail).where(_tickets.c.id == number)
    with database.reading_primary() as connection:
        return connection.execute(query).scalar() or ""


def _seen(connection: Connection, number: int, by: By) -> tuple[Ticket, int | None]:
    """Return a ticket that nobody else changes meanwhile, and the key of the library that acts."""
    connection.execute(select(_tickets.c.id).where(_tickets.c.id == number).with_for_update())
    found = some(connection, [number])
    if not found or (by.library and not concerns(connection, number, by.library)):
        raise NoSuchTicket(number=number)
    return found[0], libraries.key_of(connection, by.library) if by.library else None


def _check_seen(ticket: Ticket, by: By) -> None:
    if by.seen not in (None, ticket.rev):
        raise TicketChanged(number=ticket.id)


def _change(
    connection: Connection, ticket: Ticket, state: State, more: dict[str, str | None]
) -> None:
    values = {"state": state.value, "changed": wall_clock(), "rev": ticket.rev + 1, **more}
    connection.execute(update(_tickets).where(_tickets.c.id == ticket.id).values(values))
    if state is not ticket.state:
        of = update(_owned).where(_owned.c.ticket_id == ticket.id)
        connection.execute(of.values(state=state.value))


def _remember(
    connection: Connection, state: State, text: str, of: tuple[int, str, int | None]
) -> None:
    number, person, library = of
    connection.execute(
        insert(_events).values(
            ticket_id=number,
            at=wall_clock(),
            person=person,
            library_id=library,
            state=state.value,
            note=text,
        )
    )


def _last(connection: Connection, number: int) -> tuple[str, str, str]:
    """Return who did what last about a ticket: person, state and note."""
    columns = (_events.c.person, _events.c.state, _events.c.note)
    query = select(*columns).where(_events.c.ticket_id == number)
    row = connection.execute(query.order_by(_events.c.id.desc()).limit(1)).first()
    return (row[0], row[1], row[2]) if row else ("", "", "")


def _text(text: str) -> str:
    kept = storable(paragraphs(text))
    if len(kept) > LONGEST:
        said = Said("please say it in {most} characters at most", {"most": LONGEST})
        raise BadReport(reason=said)
    return kept


def _answer(connection: Connection, ticket: Ticket) -> None:
    draft = Draft(MessageKind.ANSWER, {"ticket": ticket.id})
    outbox.put(connection, _channel(connection), draft, wall_clock())


def _channel(connection: Connection) -> Channel:
    """Return the way to readers, made where there is none; it is told nothing else."""
    row = {"name": CHANNEL, "kind": ChannelKind.MAIL.value, "target": "", "language": "vi"}
    more = {"severity": "", "library_id": None, "digest": Rhythm.NEVER.value}
    made = dialect_insert(connection, ChannelRow).values(
        **row, **more, salt=channels.new_salt(), created=wall_clock()
    )
    connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    return channels.some(connection, _channels.c.name == CHANNEL)[0]
