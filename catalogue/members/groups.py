"""Groups of libraries: a set of OAI-PMH and a database for searching, filled by who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from catalogue import clock, libraries
from catalogue.cluster.sets import GROUP
from catalogue.database import Database
from catalogue.errors import WrongUse
from catalogue.members.errors import GroupChanged, NoSuchGroup
from catalogue.members.model import Basis, Group
from catalogue.members.tables import GroupMemberRow, GroupRow
from catalogue.members.text import line
from catalogue.sql import table
from catalogue.tables import LibraryRow, SetRow
from catalogue.waking import wake_library
from crosswalks.errors import Said

_groups, _members = table(GroupRow).c, table(GroupMemberRow).c
_NAMELESS = Said("a group needs a name, in Vietnamese or in English", {})


def all(database: Database) -> list[Group]:  # noqa: A001 - read as groups.all
    """Return the groups, by code."""
    with database.reading() as connection:
        return read(connection)


def get(database: Database, code: str) -> Group:
    """Return a group. Raises NoSuchGroup."""
    with database.reading() as connection:
        return _one(connection, code)


def add(database: Database, wanted: Group) -> None:
    """Keep a group; what its members have is placed again.

    Raises BadLibraryCode, NameTaken, NoSuchLibrary, or WrongUse where it has no name.
    """

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        add_within(connection, wanted)

    database.writing(work)


def change(database: Database, wanted: Group, seen: str = "") -> None:
    """Give a group other names and members; what comes and goes is placed again.

    ``seen`` is the fingerprint that a person saw, which must still be the group's. Raises
    NoSuchGroup, GroupChanged, NoSuchLibrary or WrongUse.
    """

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        before = _as_seen(connection, wanted.code, seen)
        change_within(connection, before, wanted)

    database.writing(work)


def join(database: Database, code: str, codes: Iterable[str]) -> Group:
    """Take libraries into a group, whoever else is in it. Raises NoSuchGroup or NoSuchLibrary."""
    return _moved(database, code, codes, into=True)


def leave(database: Database, code: str, codes: Iterable[str]) -> Group:
    """Take libraries out of a group. Raises NoSuchGroup or NoSuchLibrary."""
    return _moved(database, code, codes, into=False)


def _moved(database: Database, code: str, codes: Iterable[str], *, into: bool) -> Group:
    named = list(codes)

    def work(connection: Connection) -> Group:
        clock.read(connection, lock=True)
        before = _one(connection, code)
        moved = {_code_of(connection, each) for each in named}
        now = {*before.members} | moved if into else {*before.members} - moved
        after = replace(before, members=tuple(sorted(now)))
        change_within(connection, before, after)
        return after

    return database.writing(work)


def remove(database: Database, code: str, seen: str = "") -> Group:
    """Dissolve a group: all leaves its set, and it can be searched no more.

    Raises NoSuchGroup or GroupChanged.
    """

    def work(connection: Connection) -> Group:
        clock.read(connection, lock=True)
        found = _as_seen(connection, code, seen)
        _set_members(connection, found, ())
        connection.execute(delete(table(GroupRow)).where(_groups.code == code))
        return found

    return database.writing(work)


def add_within(connection: Connection, wanted: Group) -> None:
    """Keep a group together with what it is kept for; the caller holds the clock's lock."""
    libraries.check_code(wanted.code)
    libraries.check_free(connection, wanted.code)
    sound = _sound(wanted)
    connection.execute(insert(table(GroupRow)).values(code=sound.code, **_columns(sound)))
    _call(connection, sound)
    _set_members(connection, replace(sound, members=()), sound.members)


def change_within(connection: Connection, before: Group, wanted: Group) -> None:
    """Do what ``change`` does, together with what it is done for."""
    sound = _sound(wanted)
    connection.execute(
        update(table(GroupRow)).where(_groups.code == before.code).values(_columns(sound))
    )
    _call(connection, sound)
    _set_members(connection, before, sound.members)


def put_into(connection: Connection, library: str, codes: Collection[str]) -> None:
    """Have a library be in these groups and no others; the caller holds the clock's lock.

    Raises NoSuchGroup.
    """
    known = {each.code: each for each in read(connection)}
    for code in codes:
        if code not in known:
            raise NoSuchGroup(code=code)
    for code, group in known.items():
        if (code in codes) != (library in group.members):
            now = {*group.members} ^ {library}
            _set_members(connection, group, tuple(sorted(now)))


def read(connection: Connection) -> list[Group]:
    """Return the groups by code, within a snapshot."""
    query = (
        select(_members.group_id, LibraryRow.code)
        .join(LibraryRow, LibraryRow.id == _members.library_id)
        .order_by(LibraryRow.code)
    )
    members: defaultdict[int, list[str]] = defaultdict(list)
    for group, library in connection.execute(query):
        members[group].append(library)
    return [
        Group(
            code=row.code,
            name_vi=row.name_vi,
            name_en=row.name_en,
            basis=Basis(row.basis),
            # Sorted here too: engines order text each in its own way.
            members=tuple(sorted(members[row.id])),
        )
        for row in connection.execute(select(*_groups).order_by(_groups.code))
    ]


def _sound(wanted: Group) -> Group:
    sound = replace(wanted, name_vi=line(wanted.name_vi), name_en=line(wanted.name_en))
    if not (sound.name_vi or sound.name_en):
        raise WrongUse(reason=_NAMELESS)
    return sound


def _columns(group: Group) -> dict[str, str]:
    return {"name_vi": group.name_vi, "name_en": group.name_en, "basis": str(group.basis)}


def _call(connection: Connection, group: Group) -> None:
    """Have the group's set called as the group is now."""
    spec = f"{GROUP}:{group.code}"
    connection.execute(update(table(SetRow)).where(SetRow.spec == spec).values(name=group.label))


def _set_members(connection: Connection, before: Group, codes: Iterable[str]) -> None:
    """Let these be a group's members; what those have that come or go waits to be placed."""
    group_id = connection.execute(
        select(_groups.id).where(_groups.code == before.code)
    ).scalar_one()
    now = {libraries.key_of(connection, code) for code in codes}
    held = set(
        connection.execute(
            select(_members.library_id).where(_members.group_id == group_id)
        ).scalars()
    )
    for library_id in sorted(held - now):
        this = (_members.group_id == group_id) & (_members.library_id == library_id)
        connection.execute(delete(table(GroupMemberRow)).where(this))
    for library_id in sorted(now - held):
        values = {"group_id": group_id, "library_id": library_id}
        connection.execute(insert(table(GroupMemberRow)).values(values))
    for library_id in sorted(held ^ now):
        wake_library(connection, library_id)


def _code_of(connection: Connection, code: str) -> str:
    query = select(LibraryRow.code).where(LibraryRow.id == libraries.key_of(connection, code))
    return str(connection.execute(query).scalar_one())


def _one(connection: Connection, code: str) -> Group:
    for each in read(connection):
        if each.code == code:
            return each
    raise NoSuchGroup(code=code)


def _as_seen(connection: Connection, code: str, seen: str) -> Group:
    found = _one(connection, code)
    if seen not in ("", found.fingerprint):
        raise GroupChanged(code=code)
    return found
