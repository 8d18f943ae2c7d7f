"""Contacts of libraries: the one place for their addresses, which alerts write to as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from catalogue import libraries
from catalogue.alerts.addresses import check_mail
from catalogue.alerts.tables import ChannelRow
from catalogue.database import Database
from catalogue.members.errors import (
    ContactChanged,
    ContactIsTold,
    ContactTaken,
    NoSuchContact,
)
from catalogue.members.model import Contact
from catalogue.members.tables import ContactChannelRow, ContactRow
from catalogue.members.text import line, needed, paragraphs
from catalogue.sql import table
from catalogue.tables import LibraryRow
from crosswalks.errors import Said

_contacts, _links = table(ContactRow), table(ContactChannelRow)
_c = _contacts.c
_DETAILS = ("name", "role", "mail", "phone", "notes")
_NAMELESS = Said("a contact needs a name", {})


def all(database: Database, code: str) -> list[Contact]:  # noqa: A001 - read as contacts.all
    """Return the contacts of a library, by name. Raises NoSuchLibrary."""
    with database.reading() as connection:
        return of_library(connection, libraries.key_of(connection, code))


def get(database: Database, code: str, name: str) -> Contact:
    """Return a contact of a library. Raises NoSuchLibrary or NoSuchContact."""
    with database.reading() as connection:
        return _one(connection, libraries.key_of(connection, code), code, name)


def add(database: Database, code: str, wanted: Contact) -> None:
    """Keep a contact. Raises NoSuchLibrary, ContactTaken, BadMailAddress, or WrongUse."""
    database.writing(
        lambda connection: add_within(connection, libraries.key_of(connection, code), code, wanted)
    )


def change(database: Database, code: str, name: str, wanted: Contact, seen: str = "") -> None:
    """Give a contact other details, its name among them.

    ``seen`` is the fingerprint that a person saw, which must still be the contact's. Raises
    NoSuchContact, ContactChanged, ContactIsTold and what ``add`` does.
    """

    def work(connection: Connection) -> None:
        library_id = libraries.key_of(connection, code)
        before = _one(connection, library_id, code, name)
        if seen not in ("", before.fingerprint):
            raise ContactChanged(name=before.name)
        change_within(connection, library_id, code, before, wanted)

    database.writing(work)


def remove(database: Database, code: str, name: str) -> Contact:
    """Forget a contact. Raises NoSuchLibrary, NoSuchContact or ContactIsTold."""

    def work(connection: Connection) -> Contact:
        library_id = libraries.key_of(connection, code)
        found = _one(connection, library_id, code, name)
        remove_within(connection, library_id, found)
        return found

    return database.writing(work)


def add_within(connection: Connection, library_id: int, code: str, wanted: Contact) -> int:
    """Keep a contact together with what it is kept for, and return its key."""
    kept = sound(wanted)
    _check_free(connection, library_id, code, kept.name)
    values = {"library_id": library_id, **{name: getattr(kept, name) for name in _DETAILS}}
    return int(connection.execute(insert(_contacts).values(values).returning(_c.id)).scalar_one())


def change_within(
    connection: Connection, library_id: int, code: str, before: Contact, wanted: Contact
) -> None:
    """Give a contact other details together with what that is done for."""
    kept = sound(wanted)
    if kept.name != before.name:
        _check_free(connection, library_id, code, kept.name)
    if before.channels and not kept.mail:
        raise ContactIsTold(name=before.name, channel=before.channels[0])
    this = (_c.library_id == library_id) & (_c.name == before.name)
    connection.execute(
        update(_contacts).where(this).values({name: getattr(kept, name) for name in _DETAILS})
    )


def remove_within(connection: Connection, library_id: int, contact: Contact) -> None:
    """Forget a contact together with what that is done for. Raises ContactIsTold."""
    if contact.channels:
        raise ContactIsTold(name=contact.name, channel=contact.channels[0])
    connection.execute(
        delete(_contacts).where(_c.library_id == library_id, _c.name == contact.name)
    )


def replace_within(
    connection: Connection, library_id: int, code: str, wanted: Iterable[Contact]
) -> None:
    """Have a library have these contacts and no others, together with what that is done for."""
    before = {each.name: each for each in of_library(connection, library_id)}
    now = [sound(each) for each in wanted]
    for gone in before.keys() - {each.name for each in now}:
        remove_within(connection, library_id, before[gone])
    seen: set[str] = set()
    for each in now:
        if each.name in seen or each.name not in before:
            add_within(connection, library_id, code, each)
        elif each.fingerprint != before[each.name].fingerprint:
            change_within(connection, library_id, code, before[each.name], each)
        seen.add(each.name)


def sound(wanted: Contact) -> Contact:
    """Return a contact as it is kept. Raises BadMailAddress, or WrongUse where it has no name."""
    mail = wanted.mail.strip()
    if mail:
        check_mail(mail)
    return replace(
        wanted,
        name=needed(wanted.name, _NAMELESS),
        role=line(wanted.role),
        mail=mail,
        phone=line(wanted.phone),
        notes=paragraphs(wanted.notes),
    )


def link(connection: Connection, channel_id: int, library_id: int, code: str, mail: str) -> None:
    """Have a channel write to the library's contact with this address, which may be new."""
    query = select(_c.id).where(_c.library_id == library_id, func.lower(_c.mail) == mail.lower())
    contact = connection.execute(query.order_by(_c.id).limit(1)).scalar()
    if contact is None:
        contact = add_within(connection, library_id, code, Contact(name=mail, mail=mail))
    connection.execute(insert(_links).values(channel_id=channel_id, contact_id=contact))


def unlink(connection: Connection, channel_id: int) -> None:
    """Have a channel write to no contact any more."""
    connection.execute(delete(_links).where(_links.c.channel_id == channel_id))


def of_library(connection: Connection, library_id: int) -> list[Contact]:
    """Return the contacts of a library, by name, within a snapshot."""
    return [contact for _, contact in _read(connection, _c.library_id == library_id)]


def by_library(connection: Connection) -> dict[str, list[Contact]]:
    """Return the contacts of all libraries by the library's code, within a snapshot."""
    found: defaultdict[str, list[Contact]] = defaultdict(list)
    for code, contact in _read(connection):
        found[code].append(contact)
    return found


def _read(connection: Connection, *conditions: Any) -> list[tuple[str, Contact]]:
    told: defaultdict[int, list[str]] = defaultdict(list)
    named = select(_links.c.contact_id, ChannelRow.name).join(
        ChannelRow, ChannelRow.id == _links.c.channel_id
    )
    for contact, name in connection.execute(named.order_by(ChannelRow.name)):
        told[contact].append(name)
    query = select(LibraryRow.code, *_c).join(LibraryRow, LibraryRow.id == _c.library_id)
    return [
        (
            row.code,
            Contact(
                **{name: getattr(row, name) for name in _DETAILS}, channels=tuple(told[row.id])
            ),
        )
        for row in connection.execute(query.where(*conditions).order_by(_c.name, _c.id))
    ]


def _one(connection: Connection, library_id: int, code: str, name: str) -> Contact:
    wanted = line(name)
    for each in of_library(connection, library_id):
        if each.name == wanted:
            return each
    raise NoSuchContact(library=code, name=name)


def _check_free(connection: Connection, library_id: int, code: str, name: str) -> None:
    if any(each.name == name for each in of_library(connection, library_id)):
        raise ContactTaken(library=code, name=name)
