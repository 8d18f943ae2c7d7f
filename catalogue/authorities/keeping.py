"""What becomes of a list as a whole: taken away, kept from widening, and old rows of it deleted."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, delete, select, update

from catalogue import clock
from catalogue.authorities.errors import NoSuchAuthorityList
from catalogue.authorities.known import lists as _lists
from catalogue.authorities.known import rows as _rows
from catalogue.authorities.review import work_out
from catalogue.authorities.tables import (
    AuthorityKeyRow,
    AuthorityNameRow,
    AuthorityRow,
    IdentifierRow,
    ListRow,
)
from catalogue.database import Database
from catalogue.sql import table

_STEP = 1000


def remove(database: Database, code: str) -> int:
    """Take a list away; return how many headings it had. Raises NoSuchAuthorityList."""

    def forget(connection: Connection) -> tuple[int, int, int]:
        query = select(_lists.id, _lists.headings, _lists.attempt).where(_lists.code == code)
        row = connection.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise NoSuchAuthorityList(code=code)
        clock.invalidate(connection)
        # Nothing of it counts from here on; its rows go in steps.
        given = {"version": 0, "attempt": row.attempt + 1, "headings": 0}
        connection.execute(update(ListRow).where(_lists.id == row.id).values(**given))
        return row.id, row.headings, row.attempt + 1

    number, headings, attempt = database.writing(forget)
    clear(database, number, attempt)
    database.writing(lambda held: held.execute(delete(ListRow).where(_lists.id == number)))
    work_out(database)
    return headings


def set_widening(database: Database, code: str, *, widens: bool) -> None:
    """Say whether see-references of a list widen searches. Raises NoSuchAuthorityList."""

    def work(connection: Connection) -> None:
        clock.invalidate(connection)
        changed = update(ListRow).where(_lists.code == code).values(widens=widens)
        if not connection.execute(changed).rowcount:
            raise NoSuchAuthorityList(code=code)

    database.writing(work)


def clear(database: Database, number: int, attempt: int) -> None:
    """Delete the rows of a list that hold no more, or never came to hold, step by step.

    ``attempt`` is the last import that is over: what a later one has written is its own.
    """
    last = ""
    while True:
        passed = database.writing(partial(_clear_some, number=number, attempt=attempt, last=last))
        if passed is None:
            return
        last = passed


def _clear_some(connection: Connection, number: int, attempt: int, last: str) -> str | None:
    """Look at the next rows from a number on; return the last of them, None at the end."""
    version = connection.execute(select(_lists.version).where(_lists.id == number)).scalar()
    if version is None:
        return None
    query = select(_rows.id, _rows.number, _rows.since, _rows.seen)
    query = query.where(_rows.list_id == number, _rows.number >= last)
    rows = connection.execute(query.order_by(_rows.number, _rows.id).limit(_STEP)).all()
    gone = [row.id for row in rows if row.seen < version or version < row.since <= attempt]
    if gone:
        for model in (AuthorityNameRow, AuthorityKeyRow, IdentifierRow):
            connection.execute(delete(model).where(table(model).c.authority_id.in_(gone)))
        connection.execute(delete(AuthorityRow).where(_rows.id.in_(gone)))
    return rows[-1].number if len(rows) == _STEP else None
