"""What a library has its contacts told by mail: which alerts, how often a summary, in which words.

A contact's notices are a channel of its own, written to at the contact's address; those that staff
set up for it count as well, and become one when the library chooses anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from catalogue import libraries
from catalogue.alerts import channels
from catalogue.alerts.errors import ContactWithoutMail, NoticesChanged
from catalogue.alerts.model import LEVELS, Channel, ChannelKind, Kind, Rhythm
from catalogue.alerts.tables import ChannelRow
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.members.errors import NoSuchContact
from catalogue.members.model import fingerprint
from catalogue.members.tables import ContactChannelRow, ContactRow
from catalogue.sql import table
from crosswalks.model import Severity
from crosswalks.text import fold

USUAL: Mapping[Kind, Severity] = {
    Kind.FAILED: Severity.ERROR,
    Kind.RECOVERED: Severity.INFO,
    Kind.SILENT: Severity.WARNING,
    Kind.SHRINKING: Severity.WARNING,
    Kind.PROBLEMS: Severity.ERROR,
    Kind.WAITING: Severity.WARNING,
    Kind.CERTIFICATE: Severity.WARNING,
}
"""What a library can be told of its sources, and how grave that is as a rule."""
_channels, _links = table(ChannelRow), table(ContactChannelRow)
_contacts = table(ContactRow).c
_LONGEST = 44
"""Of a channel's name, with room for a number behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What a contact is told."""

    kinds: tuple[Kind, ...] = ()
    """Alerts of these; none: no alerts."""
    digest: Rhythm = Rhythm.NEVER
    language: str = "vi"
    seen: str = ""
    """Tells how the contact's channels stood from any other way."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether no letter comes of it."""
        return not self.kinds and self.digest is Rhythm.NEVER


def of_library(database: Database, code: str) -> dict[str, Notices]:
    """Return by name what each contact of a library is told. Raises NoSuchLibrary."""
    with database.reading_primary() as connection:
        library = libraries.key_of(connection, code)
        names = select(_contacts.id, _contacts.name).where(_contacts.library_id == library)
        named = {key: name for key, name in connection.execute(names)}  # noqa: C416 - rows
        found = _by_contact(connection, _contacts.library_id == library)
    return {name: _notices(found.get(key, [])) for key, name in named.items()}


def choose(database: Database, code: str, name: str, wanted: Notices) -> None:
    """Have a contact told this and nothing else.

    ``wanted.seen`` is what the person saw, which must still be so. Raises NoSuchLibrary,
    NoSuchContact, ContactWithoutMail, or NoticesChanged.
    """

    def work(connection: Connection) -> None:
        library = libraries.key_of(connection, code)
        this = (_contacts.library_id == library) & (_contacts.name == name)
        contact = connection.execute(select(table(ContactRow)).where(this)).one_or_none()
        if contact is None:
            raise NoSuchContact(library=code, name=name)
        before = _by_contact(connection, _contacts.id == contact.id).get(contact.id, [])
        now = _notices(before)
        if _same(now, wanted):
            # The button was pressed twice, or nothing is new.
            return
        if wanted.seen != now.seen:
            raise NoticesChanged(name=name)
        _keep(connection, contact, before, wanted)

    database.writing(work)


def drop_within(connection: Connection, library: int, name: str) -> None:
    """Write to a contact no more, together with what that is done for."""
    which = (_contacts.library_id == library) & (_contacts.name == name)
    for some in _by_contact(connection, which).values():
        for channel in some:
            channels.remove_within(connection, channel)


def _keep(connection: Connection, contact: Any, before: list[Channel], wanted: Notices) -> None:
    if not wanted.is_nothing and not contact.mail:
        raise ContactWithoutMail(name=contact.name)
    gone = before if wanted.is_nothing else before[1:]
    for channel in gone:
        channels.remove_within(connection, channel)
    if wanted.is_nothing:
        return
    values = {
        "severity": Severity.INFO.value if wanted.kinds else "",
        "kinds": " ".join(wanted.kinds),
        "language": wanted.language,
        "digest": wanted.digest.value,
    }
    if before:
        this = _channels.c.id == before[0].id
        connection.execute(update(_channels).where(this).values(values))
    else:
        _add(connection, contact, values)


def _add(connection: Connection, contact: Any, values: Mapping[str, str]) -> None:
    fixed = {
        "name": _free_name(connection, contact),
        "kind": ChannelKind.MAIL.value,
        "target": "",
        "library_id": contact.library_id,
        "salt": channels.new_salt(),
        "created": wall_clock(),
    }
    made = insert(_channels).values({**fixed, **values}).returning(_channels.c.id)
    number = connection.execute(made).scalar_one()
    connection.execute(insert(_links).values(channel_id=number, contact_id=contact.id))


def _free_name(connection: Connection, contact: Any) -> str:
    """Return a name for a channel that says whom it writes to."""
    plain = "".join(
        sign if sign.isascii() and sign.isalnum() else " " for sign in fold(contact.name)
    )
    base = "-".join(plain.split())[:_LONGEST].strip("-") or "contact"
    query = select(_channels.c.name).where(_channels.c.name.startswith(base, autoescape=True))
    taken = set(connection.execute(query).scalars())
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def _by_contact(connection: Connection, which: Any) -> dict[int, list[Channel]]:
    """Return the channels of contacts, the oldest first."""
    query = (
        select(_links.c.channel_id, _links.c.contact_id)
        .join(ContactRow, ContactRow.id == _links.c.contact_id)
        .where(which)
    )
    owner = {channel: contact for channel, contact in connection.execute(query)}  # noqa: C416 - rows
    if not owner:
        return {}
    found: dict[int, list[Channel]] = {}
    some = channels.some(connection, _channels.c.id.in_(owner))
    for channel in sorted(some, key=lambda each: each.id):
        found.setdefault(owner[channel.id], []).append(channel)
    return found


def _notices(found: list[Channel]) -> Notices:
    """Return what comes of channels together."""
    told = {kind for channel in found for kind in USUAL if _tells(channel, kind)}
    digests = [channel.digest for channel in found if channel.digest]
    return Notices(
        kinds=tuple(kind for kind in USUAL if kind in told),
        digest=digests[0] if digests else Rhythm.NEVER,
        language=found[0].language if found else "vi",
        seen=fingerprint(*(repr(replace(each, salt="")) for each in found)),
    )


def _tells(channel: Channel, kind: Kind) -> bool:
    if channel.severity is None:
        return False
    if channel.kinds:
        return kind in channel.kinds
    return LEVELS.index(USUAL[kind]) >= LEVELS.index(channel.severity)


def _same(now: Notices, wanted: Notices) -> bool:
    if now.is_nothing and wanted.is_nothing:
        return True
    return replace(now, seen="") == replace(wanted, seen="")
