"""The tables of groups, contacts and agreements; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, to

__all__ = [
    "AgreementRow",
    "Base",
    "ContactChannelRow",
    "ContactRow",
    "GroupMemberRow",
    "GroupRow",
]


class GroupRow(Base):
    """Libraries that belong together; its code is of the same name space as theirs."""

    __tablename__ = "library_group"
    id: Mapped[int] = key()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="code in URLs, sets, databases")
    name_vi: Mapped[str] = mapped_column(Text, comment="its name in Vietnamese")
    name_en: Mapped[str] = mapped_column(Text, comment="its name in English")
    basis: Mapped[str] = mapped_column(
        Text, comment="what they have in common: function, field, region, project; empty = else"
    )


class GroupMemberRow(Base):
    """That a library is in a group."""

    __tablename__ = "library_group_member"
    group_id: Mapped[int] = to("library_group.id", primary_key=True, autoincrement=False)
    library_id: Mapped[int] = to("library.id", primary_key=True, autoincrement=False, index=True)


class ContactRow(Base):
    """A person or office of a library that the hub's staff write to."""

    __tablename__ = "contact"
    id: Mapped[int] = key()
    library_id: Mapped[int] = to("library.id")
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, comment="in words of staff: director, systems, ...")
    mail: Mapped[str] = mapped_column(Text, comment="mail address or empty")
    phone: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("library_id", "name"),)


class ContactChannelRow(Base):
    """That a channel of alerts writes to a contact: the address is then the contact's alone."""

    __tablename__ = "contact_channel"
    channel_id: Mapped[int] = to("alert_channel.id", primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = to("contact.id", index=True)


class AgreementRow(Base):
    """What was signed with a library; those that ended stay."""

    __tablename__ = "agreement"
    id: Mapped[int] = key()
    library_id: Mapped[int] = to("library.id")
    number: Mapped[str] = mapped_column(Text, comment="as it is written on it")
    signed: Mapped[str] = mapped_column(Text, comment="ISO date or empty")
    scope: Mapped[str] = mapped_column(Text, comment="what was agreed, in words")
    valid_from: Mapped[str] = mapped_column(Text, comment="ISO date; empty = when it was signed")
    valid_to: Mapped[str] = mapped_column(Text, comment="ISO date, the last day; empty = open")
    reference: Mapped[str] = mapped_column(Text, comment="where the document is kept")
    note: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("library_id", "number"),)
