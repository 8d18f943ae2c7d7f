"""The tables of reports of errors; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, only, to

__all__ = ["Base", "TicketEventRow", "TicketLibraryRow", "TicketRow"]


class TicketRow(Base):
    """What a reader said is wrong with a record, and how far it is; it is never removed."""

    __tablename__ = "ticket"
    id: Mapped[int] = key()
    cluster_id: Mapped[int] = to(
        "cluster.id", comment="the record that it was said of; one merged away leads to another"
    )
    title: Mapped[str] = mapped_column(Text, comment="of the record, as it was then")
    kind: Mapped[str] = mapped_column(Text, comment="see catalogue.tickets.model")
    text: Mapped[str] = mapped_column(Text, comment="what is wrong, in the reader's words")
    state: Mapped[str] = mapped_column(Text, comment="open, looking, mended, no-error")
    opened: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    changed: Mapped[int] = mapped_column(BigInteger, comment="last, epoch seconds")
    told: Mapped[int] = mapped_column(
        BigInteger, comment="when staff and libraries were told, epoch seconds; 0 = not yet"
    )
    mail: Mapped[str] = mapped_column(
        Text, comment="where the answer goes; empty = nowhere, or removed since"
    )
    language: Mapped[str] = mapped_column(Text, comment="vi or en, of that answer")
    answer: Mapped[str] = mapped_column(Text, comment="what the reader is told at the end")
    once: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="of record, kind and text, so that none is there twice"
    )
    rev: Mapped[int] = mapped_column(Integer, comment="counts changes")
    __table_args__ = (
        Index("ix_ticket_cluster_id", "cluster_id", "state"),
        Index("ix_ticket_state", "state", "id"),
        Index("ix_ticket_untold", "id", **only("told = 0")),
        Index("ix_ticket_told", "told"),
        Index("ix_ticket_mail", "opened", **only("mail <> ''")),
        # Readers are told their number: none is given again.
        {"sqlite_autoincrement": True},
    )


class TicketLibraryRow(Base):
    """A library that a ticket concerns: it had a record of it, or held it, when it was opened."""

    __tablename__ = "ticket_library"
    ticket_id: Mapped[int] = to("ticket.id", primary_key=True, autoincrement=False)
    library_id: Mapped[int] = to("library.id", primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Text, comment="that of the ticket, to list by")
    __table_args__ = (
        Index("ix_ticket_library_library_id", "library_id", "ticket_id"),
        Index("ix_ticket_library_state", "library_id", "state", "ticket_id"),
    )


class TicketEventRow(Base):
    """Something that was done about a ticket."""

    __tablename__ = "ticket_event"
    id: Mapped[int] = key()
    ticket_id: Mapped[int] = to("ticket.id", index=True)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    person: Mapped[str] = mapped_column(Text, comment="who did it; empty = the reader")
    library_id: Mapped[int | None] = to(
        "library.id", comment="on whose behalf; null = staff of the hub, or the reader"
    )
    state: Mapped[str] = mapped_column(Text, comment="of the ticket, from then on")
    note: Mapped[str] = mapped_column(Text)
