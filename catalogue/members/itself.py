"""What a library changes of its own contacts by itself.

It never sees what staff noted of them, and never changes it; and one contact always stays.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from catalogue import libraries
from catalogue.alerts import notices
from catalogue.database import Database
from catalogue.members import contacts
from catalogue.members.errors import ContactIsTold, LastContact, MailStillNeeded
from catalogue.members.model import Contact


def keep(database: Database, code: str, was: str, wanted: Contact, seen: str) -> None:
    """Add a contact, or give the one that ``was`` other details; twice is as good as once.

    ``seen`` is the fingerprint that the person saw. Raises MailStillNeeded, and what
    ``contacts.add`` and ``contacts.change`` do.
    """
    known = {each.name: each for each in contacts.all(database, code)}
    sound = contacts.sound(replace(wanted, notes=""))
    there = known.get(sound.name)
    if there is not None and replace(there, notes="", channels=()) == sound:
        return
    if not was:
        contacts.add(database, code, sound)
        return
    before = known.get(was)
    # Kept as they were when the fingerprint was made: whoever changed them since changed that too.
    full = replace(sound, notes=before.notes if before else "")
    try:
        contacts.change(database, code, was, full, seen or "-")
    except ContactIsTold as error:
        raise MailStillNeeded(name=was) from error


def remove(database: Database, code: str, name: str) -> None:
    """Forget a contact and write to it no more; one that is gone already is left gone.

    Raises NoSuchLibrary or LastContact.
    """

    def work(connection: Connection) -> None:
        library = libraries.key_of(connection, code)
        found = contacts.of_library(connection, library)
        this = next((each for each in found if each.name == name), None)
        if this is None:
            return
        if len(found) == 1:
            raise LastContact(library=code, name=name)
        notices.drop_within(connection, library, name)
        contacts.remove_within(connection, library, replace(this, channels=()))

    database.writing(work)
