"""What a library says of a single record of the union: that it has it, or has it no more.

It is a row of a list of its own, so that it is matched, shown and taken away as all rows are. It
names its record by the union's number, and follows it where that becomes one with another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, func, select, text, union

from catalogue import libraries
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.holdings.errors import NumberOfAnother
from catalogue.holdings.looking import foresee
from catalogue.holdings.model import Found, Line, Row
from catalogue.holdings.put import (
    BY_HAND,
    Difference,
    Giving,
    begin,
    beginning,
    close,
    open_list,
    write,
)
from catalogue.holdings.stub import union_key
from catalogue.model import HubIdentity
from catalogue.sql import dialect_insert, table
from catalogue.tables import (
    ClusterRow,
    HoldingKeyRow,
    HoldingListRow,
    HoldingRow,
    MemberRow,
)
from crosswalks.text import nfc, storable

LONGEST = 200
"""Characters of anything that is said."""
_lists, _rows = table(HoldingListRow).c, table(HoldingRow).c
_keys = table(HoldingKeyRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Having:
    """What a library says of a record that it has; all of it may be left out."""

    call_number: str = ""
    location: str = ""
    summary: str = ""
    """Which volumes or years."""
    local_number: str = ""

    def clean(self) -> Having:
        """Return it as it is kept: on one line each, and not too long."""
        return Having(**{each.name: _clean(getattr(self, each.name)) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said, and what came of it."""

    identity: str
    """Names it within the library."""
    said: Having
    found: Found
    waits: bool
    """It is matched by and by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which library and which record of the union are meant."""

    library: str
    """Its code."""
    public_id: str
    """Of a record that there is: whether a reader may see it, the reader's page knows."""


def hold(database: Database, hub: HubIdentity, place: Place, said: Having, author: str) -> bool:
    """Say that a library has a record; tell whether that was new, for the same twice is once.

    Raises NoSuchLibrary, or NumberOfAnother where the library's number names another record.
    """
    said = said.clean()
    row = _row(hub, place, said)
    [matching] = foresee(database, hub, libraries.get(database, place.library).code, [row])
    if matching.found is not Found.MATCHED:
        raise NumberOfAnother(number=said.local_number)
    identity = f"{_begins(place.public_id)}{row.hash.hex()}"

    def work(connection: Connection) -> bool:
        giving = Giving(library=place.library, list=BY_HAND, author=author)
        list_id = _list(connection, giving)
        known = select(_rows.id).where(_rows.list_id == list_id, _rows.identity == identity)
        if connection.execute(known).first():
            return False
        last = select(func.coalesce(func.max(_rows.line), 0)).where(_rows.list_id == list_id)
        line = Line(connection.execute(last).scalar_one() + 1, row)
        _written(connection, giving, Difference([(identity, line)], [], [], []))
        return True

    return database.writing(work)


def told(database: Database, place: Place) -> list[Told]:
    """Return what a library said of a record, in that order. Raises NoSuchLibrary."""
    with database.reading_primary() as connection:
        return [_told(row) for row in _of(connection, place)]


def drop(database: Database, place: Place, identity: str = "") -> int:
    """Take back what a library said of a record, of all or of one; return how much that was.

    Raises NoSuchLibrary.
    """

    def work(connection: Connection) -> int:
        found = _of(connection, place)
        gone = [row.id for row in found if identity in ("", row.identity)]
        if gone:
            giving = Giving(library=place.library, list=BY_HAND, author=found[0].author)
            _written(connection, giving, Difference([], [], [], gone))
        return len(gone)

    return database.writing(work)


def _clean(text: str) -> str:
    return " ".join(nfc(storable(text)).split())[:LONGEST].rstrip()


def _begins(public_id: str) -> str:
    return f"record:{public_id}:"


def _row(hub: HubIdentity, place: Place, said: Having) -> Row:
    return Row(
        identifier=f"({hub.code}){place.public_id}",
        call_number=said.call_number,
        location=said.location,
        summary=said.summary,
        local_number=said.local_number,
    )


def _list(connection: Connection, giving: Giving) -> int:
    """Return the key of a library's list of such rows, which is made where there is none.

    Of two who begin it at once, one does: an error would keep the other out.
    """
    library = libraries.key_of(connection, giving.library)
    new = dialect_insert(connection, HoldingListRow).values(
        library_id=library,
        name=BY_HAND,
        columns="",
        author=giving.author,
        put=wall_clock(),
        turn=beginning(),
        whole=True,
    )
    connection.execute(new.on_conflict_do_nothing(index_elements=["library_id", "name"]))
    this = select(_lists.id).where(_lists.library_id == library, _lists.name == BY_HAND)
    return int(connection.execute(this.with_for_update()).scalar_one())


def _written(connection: Connection, giving: Giving, different: Difference) -> None:
    opened = open_list(connection, giving)
    begin(connection, opened, giving)
    write(connection, opened, giving, different)
    close(connection, opened, giving.list)


def _of(connection: Connection, place: Place) -> Sequence[Any]:
    """Return the rows that name a record, and those that hang on it by now."""
    library = libraries.key_of(connection, place.library)
    on_it = (
        select(_rows.id)
        .join(MemberRow, MemberRow.record_id == _rows.record_id)
        .join(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
        .where(ClusterRow.public_id == place.public_id)
    )
    named = select(_keys.holding_id).where(_keys.key == union_key(place.public_id))
    # What was not matched yet has no key.
    begins = _rows.identity.startswith(_begins(place.public_id), autoescape=True)
    this = select(_lists.id).where(_lists.library_id == library, _lists.name == BY_HAND)
    new = select(_rows.id).where(text("waits"), _rows.list_id == this.scalar_subquery(), begins)
    query = (
        select(
            *(_rows.id, _rows.identity, _rows.content, _rows.found, _rows.waits),
            *(_rows.record_id, _lists.author),
        )
        .join(table(HoldingListRow), _lists.id == _rows.list_id)
        .where(_lists.library_id == library, _lists.name == BY_HAND)
        .where(_rows.id.in_(union(on_it, named, new)))
        .order_by(_rows.line, _rows.id)
    )
    return connection.execute(query).all()


def _told(row: Any) -> Told:
    kept = Row.from_json(row.content)
    said = Having(**{each.name: getattr(kept, each.name) for each in fields(Having)})
    return Told(identity=row.identity, said=said, found=Found(row.found), waits=row.waits)
