"""Members as staff look at them: all in a list, one with everything, and changed as they saw it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from catalogue import clock, libraries, watch
from catalogue.database import Database
from catalogue.members import agreements, contacts, groups, kinds
from catalogue.members.chains import predecessors
from catalogue.members.errors import LibraryChanged
from catalogue.members.model import (
    Agreement,
    Contact,
    Days,
    Group,
    days_of,
    fingerprint,
    in_force,
)
from catalogue.model import Library, Sharing
from catalogue.tables import ItemSetRow, LibraryRow, RecordRow, SetRow, SourceRow, ViewRow
from catalogue.watch import Watched

MOST_COUNTED = 100_000
"""Records and clusters are counted no further, so that a page is shown at once."""
_ACTIVE = RecordRow.state == literal_column("'active'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A library in the list."""

    library: Library
    groups: tuple[str, ...]
    agreement: Agreement | None
    """The one in force."""
    days: Days
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A library with everything that is known of it."""

    library: Library
    groups: tuple[Group, ...]
    contacts: tuple[Contact, ...]
    agreements: tuple[Agreement, ...]
    """The latest first."""
    predecessors: tuple[str, ...]
    """Codes of the libraries that it took over, and that these took over."""
    sources: tuple[Watched, ...]
    records: int
    """Active ones of its sources, counted up to ``MOST_COUNTED``."""
    clusters: int
    """In which the public sees it, counted up to ``MOST_COUNTED``."""

    @property
    def fingerprint(self) -> str:
        """Return what tells the details of its form from any others."""
        return _fingerprint(self.library, [each.code for each in self.groups])


def lines(database: Database, day: str) -> list[Line]:
    """Return all libraries by code as they are on a day, an ISO date."""
    with database.reading() as connection:
        grouped = _grouped(groups.read(connection))
        signed = agreements.by_library(connection)
        counted = _sources(connection)
        return [
            Line(
                library=each,
                groups=tuple(grouped.get(each.code, ())),
                agreement=in_force(signed.get(each.code, ()), day),
                days=days_of(each.valid_from, each.valid_to, day),
                sources=counted.get(each.code, 0),
            )
            for each in libraries.read(connection)
        ]


def get(database: Database, code: str) -> Member:
    """Return a library by any of its codes. Raises NoSuchLibrary."""
    with database.reading() as connection:
        key = libraries.key_of(connection, code)
        library = libraries.of_key(connection, key, code)
        names = connection.scalars(
            select(SourceRow.code).where(SourceRow.library_id == key).order_by(SourceRow.code)
        ).all()
        return Member(
            library=library,
            groups=_groups_of(connection, library.code),
            contacts=tuple(contacts.of_library(connection, key)),
            agreements=tuple(agreements.of_library(connection, key)),
            predecessors=tuple(predecessors(connection).get(library.code, ())),
            sources=tuple(watch.watched(connection, names)),
            records=_records(connection, key),
            clusters=_clusters(connection, library.code),
        )


def change(
    database: Database, code: str, changes: dict[str, Any], codes: Collection[str], seen: str
) -> bool:
    """Give a library other details and groups; tell whether they were others.

    ``seen`` is the fingerprint that a person saw. Raises LibraryChanged where it is another by now
    and what is wanted is not what is there, NoSuchGroup, and what ``libraries.change`` does.
    """

    def work(connection: Connection) -> bool:
        clock.read(connection, lock=True)
        key = libraries.key_of(connection, code)
        before = libraries.of_key(connection, key, code)
        held = [each.code for each in _groups_of(connection, before.code)]
        wanted = replace(before, **changes)
        heir = libraries.codes(connection).get(wanted.successor, wanted.successor)
        wanted = replace(wanted, kind=kinds.code_of(wanted.kind), successor=heir)
        if (wanted, sorted(codes)) == (before, sorted(held)):
            return False
        if seen != _fingerprint(before, held):
            raise LibraryChanged(code=before.code)
        libraries.change_within(connection, key, before, changes)
        groups.put_into(connection, before.code, codes)
        return True

    return database.writing(work)


def add(database: Database, wanted: Library, codes: Collection[str]) -> None:
    """Add a library to the hub and to groups; one that is there as wanted is left as it is.

    Raises NoSuchGroup, and what ``libraries.add`` does.
    """
    sound = replace(wanted, kind=kinds.code_of(wanted.kind))

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        known = {each.code: each for each in libraries.read(connection)}
        if known.get(sound.code) == sound:
            return
        libraries.insert_library(connection, sound)
        groups.put_into(connection, sound.code, codes)

    database.writing(work)


def _fingerprint(library: Library, codes: Collection[str]) -> str:
    return fingerprint(libraries.told_apart(library), *sorted(codes))


def _grouped(found: list[Group]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for group in found:
        for code in group.members:
            grouped.setdefault(code, []).append(group.code)
    return grouped


def _groups_of(connection: Connection, code: str) -> tuple[Group, ...]:
    return tuple(each for each in groups.read(connection) if code in each.members)


def _sources(connection: Connection) -> dict[str, int]:
    query = (
        select(LibraryRow.code, func.count())
        .join(SourceRow, SourceRow.library_id == LibraryRow.id)
        .group_by(LibraryRow.code)
    )
    return {code: count for code, count in connection.execute(query)}  # noqa: C416 - rows


def _records(connection: Connection, library_id: int) -> int:
    of_library = select(SourceRow.id).where(SourceRow.library_id == library_id)
    some = select(RecordRow.id).where(RecordRow.source_id.in_(of_library), _ACTIVE)
    return _counted(connection, some)


def _clusters(connection: Connection, code: str) -> int:
    """Count the live items of the library's own set, by the index that lists go by."""
    spec = select(SetRow.id).where(SetRow.spec == f"library:{code}").scalar_subquery()
    view = select(ViewRow.id).where(ViewRow.name == Sharing.PUBLIC.value).scalar_subquery()
    some = select(ItemSetRow.cluster_id).where(
        ItemSetRow.view_id == view, ItemSetRow.set_id == spec, ItemSetRow.present
    )
    return _counted(connection, some)


def _counted(connection: Connection, some: Any) -> int:
    limited = some.limit(MOST_COUNTED).subquery()
    return int(connection.execute(select(func.count()).select_from(limited)).scalar_one())
