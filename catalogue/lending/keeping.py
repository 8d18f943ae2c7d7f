"""What is told of libraries' lending: kept, found, and changed as somebody saw it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from catalogue import libraries
from catalogue.alerts.addresses import check_mail
from catalogue.database import Database
from catalogue.lending.addresses import check_record_address, check_resolver
from catalogue.lending.errors import LendingChanged, LendingTooLong
from catalogue.lending.model import NAMES, Lending, Lends
from catalogue.lending.tables import LendingRow
from catalogue.members.text import line, paragraphs
from catalogue.sql import table
from catalogue.tables import LibraryRow
from crosswalks.errors import Said
from crosswalks.text import storable

_rows, _libraries = table(LendingRow), table(LibraryRow)
_LONGEST = {
    "policy_vi": (4000, Said("The lending policy in Vietnamese", {})),
    "policy_en": (4000, Said("The lending policy in English", {})),
    "phone": (100, Said("The telephone number", {})),
    "address": (500, Said("The address of the desk", {})),
    "opening": (500, Said("What is said of opening hours", {})),
}
_PARAGRAPHS = frozenset({"policy_vi", "policy_en", "address", "opening"})


def get(database: Database, code: str) -> Lending:
    """Return how a library lends. Raises NoSuchLibrary."""
    with database.reading_primary() as connection:
        return of_library(connection, libraries.key_of(connection, code))


def of_codes(database: Database, codes: Collection[str]) -> dict[str, Lending]:
    """Return by code how libraries lend; those that told nothing are left out."""
    query = _query().where(_libraries.c.code.in_(codes))
    with database.reading() as connection:
        return {row.code: _lending(row) for row in connection.execute(query)}


def by_library(connection: Connection) -> dict[str, Lending]:
    """Return by code how all libraries lend that told something."""
    return {row.code: _lending(row) for row in connection.execute(_query())}


def of_library(connection: Connection, library_id: int) -> Lending:
    """Return how the library of a key lends, within a snapshot."""
    found = connection.execute(_query().where(_rows.c.library_id == library_id)).one_or_none()
    return _lending(found) if found else Lending()


def change(database: Database, code: str, wanted: Lending, seen: str) -> bool:
    """Keep how a library lends, and tell whether that is new.

    ``seen`` is the fingerprint that a person saw, which must still be so. Raises NoSuchLibrary,
    LendingChanged, and what ``sound`` does.
    """
    kept = sound(wanted)

    def work(connection: Connection) -> bool:
        library_id = libraries.key_of(connection, code)
        # Of two who change it at once, the later one has to see the other.
        lock = select(_libraries.c.id).where(_libraries.c.id == library_id).with_for_update()
        connection.execute(lock)
        before = of_library(connection, library_id)
        if before == kept:
            return False
        if before.fingerprint != seen:
            raise LendingChanged(code=code)
        put_within(connection, library_id, kept)
        return True

    return database.writing(work)


def put_within(connection: Connection, library_id: int, wanted: Lending) -> None:
    """Have a library lend so, together with what that is done for; what is sound is given."""
    this = _rows.c.library_id == library_id
    if wanted == Lending():
        connection.execute(delete(_rows).where(this))
        return
    values = {name: str(getattr(wanted, name)) for name in NAMES}
    if not connection.execute(update(_rows).where(this).values(values)).rowcount:
        connection.execute(insert(_rows).values(library_id=library_id, **values))


def sound(wanted: Lending) -> Lending:
    """Return it as it is kept.

    Raises LendingTooLong, BadMailAddress, BadResolver or BadRecordAddress.
    """
    texts = {name: storable(str(getattr(wanted, name))) for name in NAMES if name != "lends"}
    kept = {name: (paragraphs if name in _PARAGRAPHS else line)(of) for name, of in texts.items()}
    for name, (most, called) in _LONGEST.items():
        if len(kept[name]) > most:
            raise LendingTooLong(name=called, most=most)
    if kept["mail"]:
        check_mail(kept["mail"])
    if kept["resolver"]:
        check_resolver(kept["resolver"])
    if kept["record_address"]:
        check_record_address(kept["record_address"])
    return Lending(lends=wanted.lends, **kept)


def _query() -> Any:
    return select(_libraries.c.code, *(_rows.c[name] for name in NAMES)).join(
        _libraries, _libraries.c.id == _rows.c.library_id
    )


def _lending(row: Any) -> Lending:
    told = {name: getattr(row, name) for name in NAMES}
    return Lending(**told | {"lends": Lends(row.lends)})
