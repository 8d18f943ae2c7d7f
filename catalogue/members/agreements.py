"""Agreements with libraries: several over the years, one in force at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from catalogue import libraries
from catalogue.database import Database
from catalogue.members.errors import (
    AgreementChanged,
    AgreementsOverlap,
    AgreementTaken,
    NoSuchAgreement,
)
from catalogue.members.model import Agreement
from catalogue.members.tables import AgreementRow
from catalogue.members.text import check_days, day, line, needed, paragraphs
from catalogue.sql import table
from catalogue.tables import LibraryRow
from crosswalks.errors import Said

_agreements = table(AgreementRow)
_c = _agreements.c
_DETAILS = Agreement.__slots__
_NUMBERLESS = Said("an agreement needs a number", {})


def all(database: Database, code: str) -> list[Agreement]:  # noqa: A001 - read as agreements.all
    """Return the agreements with a library, the latest first. Raises NoSuchLibrary."""
    with database.reading() as connection:
        return of_library(connection, libraries.key_of(connection, code))


def get(database: Database, code: str, number: str) -> Agreement:
    """Return an agreement with a library. Raises NoSuchLibrary or NoSuchAgreement."""
    with database.reading() as connection:
        return _one(connection, libraries.key_of(connection, code), code, number)


def add(database: Database, code: str, wanted: Agreement) -> None:
    """Keep an agreement.

    Raises NoSuchLibrary, AgreementTaken, AgreementsOverlap, or WrongUse for days that are none.
    """
    database.writing(
        lambda connection: add_within(connection, libraries.key_of(connection, code), code, wanted)
    )


def change(database: Database, code: str, number: str, wanted: Agreement, seen: str = "") -> None:
    """Give an agreement other details, its number among them.

    ``seen`` is the fingerprint that a person saw, which must still be the agreement's. Raises
    NoSuchAgreement, AgreementChanged and what ``add`` does.
    """

    def work(connection: Connection) -> None:
        library_id = libraries.key_of(connection, code)
        before = _one(connection, library_id, code, number)
        if seen not in ("", before.fingerprint):
            raise AgreementChanged(number=before.number)
        change_within(connection, library_id, code, before.number, wanted)

    database.writing(work)


def remove(database: Database, code: str, number: str) -> Agreement:
    """Forget an agreement that was entered by mistake. Raises NoSuchLibrary or NoSuchAgreement."""

    def work(connection: Connection) -> Agreement:
        library_id = libraries.key_of(connection, code)
        found = _one(connection, library_id, code, number)
        connection.execute(delete(_agreements).where(_this(library_id, found.number)))
        return found

    return database.writing(work)


def add_within(connection: Connection, library_id: int, code: str, wanted: Agreement) -> None:
    """Keep an agreement together with what it is kept for."""
    kept = sound(wanted)
    _lock(connection, library_id)
    others = of_library(connection, library_id)
    if any(each.number == kept.number for each in others):
        raise AgreementTaken(library=code, number=kept.number)
    check_one_at_a_time([kept, *others])
    connection.execute(insert(_agreements).values(library_id=library_id, **_values(kept)))


def change_within(
    connection: Connection, library_id: int, code: str, number: str, wanted: Agreement
) -> None:
    """Give an agreement other details together with what that is done for."""
    kept = sound(wanted)
    _lock(connection, library_id)
    others = [each for each in of_library(connection, library_id) if each.number != number]
    if any(each.number == kept.number for each in others):
        raise AgreementTaken(library=code, number=kept.number)
    check_one_at_a_time([kept, *others])
    connection.execute(update(_agreements).where(_this(library_id, number)).values(_values(kept)))


def replace_within(
    connection: Connection, library_id: int, code: str, wanted: Iterable[Agreement]
) -> None:
    """Have a library's agreements be as these are; those with other numbers stay."""
    _lock(connection, library_id)
    before = {each.number: each for each in of_library(connection, library_id)}
    now = dict(before)
    for each in map(sound, wanted):
        if each.number in now and now[each.number] is not before.get(each.number):
            raise AgreementTaken(library=code, number=each.number)
        now[each.number] = each
    check_one_at_a_time([*now.values()])
    for number, each in now.items():
        if number not in before:
            values = _values(each)
            connection.execute(insert(_agreements).values(library_id=library_id, **values))
        elif each != before[number]:
            this = _this(library_id, number)
            connection.execute(update(_agreements).where(this).values(_values(each)))


def sound(wanted: Agreement) -> Agreement:
    """Return an agreement as it is kept. Raises WrongUse without a number, or for wrong days."""
    kept = replace(
        wanted,
        number=needed(wanted.number, _NUMBERLESS),
        signed=day(wanted.signed.strip()),
        valid_from=day(wanted.valid_from.strip()),
        valid_to=day(wanted.valid_to.strip()),
        scope=paragraphs(wanted.scope),
        reference=line(wanted.reference),
        note=paragraphs(wanted.note),
    )
    check_days(kept.begins, kept.valid_to)
    return kept


def check_one_at_a_time(found: list[Agreement]) -> None:
    """Raise AgreementsOverlap if there is a day on which two are in force."""
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if one.overlaps(other):
                raise AgreementsOverlap(number=one.number, other=other.number)


def of_library(connection: Connection, library_id: int) -> list[Agreement]:
    """Return the agreements with a library, the latest first, within a snapshot."""
    return [agreement for _, agreement in _read(connection, _c.library_id == library_id)]


def by_library(connection: Connection) -> dict[str, list[Agreement]]:
    """Return the agreements with all libraries by the library's code, within a snapshot."""
    found: defaultdict[str, list[Agreement]] = defaultdict(list)
    for code, agreement in _read(connection):
        found[code].append(agreement)
    return found


def _read(connection: Connection, *conditions: Any) -> list[tuple[str, Agreement]]:
    query = select(LibraryRow.code, *_c).join(LibraryRow, LibraryRow.id == _c.library_id)
    found = [
        (row.code, Agreement(**{name: getattr(row, name) for name in _DETAILS}))
        for row in connection.execute(query.where(*conditions))
    ]
    # Sorted here: engines order text each in its own way.
    return sorted(found, key=lambda each: (each[1].begins, each[1].number), reverse=True)


def _lock(connection: Connection, library_id: int) -> None:
    """Let nobody else give this library an agreement meanwhile: two could overlap unseen."""
    connection.execute(select(LibraryRow.id).where(LibraryRow.id == library_id).with_for_update())


def _values(agreement: Agreement) -> dict[str, str]:
    return {name: getattr(agreement, name) for name in _DETAILS}


def _this(library_id: int, number: str) -> Any:
    return (_c.library_id == library_id) & (_c.number == number)


def _one(connection: Connection, library_id: int, code: str, number: str) -> Agreement:
    wanted = line(number)
    for each in of_library(connection, library_id):
        if each.number == wanted:
            return each
    raise NoSuchAgreement(library=code, number=number)
