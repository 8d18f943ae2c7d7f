"""The few statements that the two engines spell differently, and bulk forms of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

T = TypeVar("T")

Query: TypeAlias = "Select[*tuple[Any, ...]]"
"""A SELECT of any columns."""

# SQLite allows 32,766 parameters a statement (its limits.html, since 3.32).
CHUNK = 5000


def table(model: type[DeclarativeBase]) -> Table:
    """Return the Core table of a model: hot paths do without the unit of work."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the values in lists that fit into one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def dialect_insert(
    connection: Connection, model: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, which both engines have and Core has not."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table(model))
    return sqlite.insert(table(model))


def upsert(
    connection: Connection, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows; where the primary key is taken, set the other columns to the new values."""
    if not rows:
        return
    statement = dialect_insert(connection, model)
    keys = [column.name for column in table(model).primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=keys),
        rows,
    )


def insert_missing(
    connection: Connection, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows and leave alone those whose key is taken."""
    if not rows:
        return
    connection.execute(dialect_insert(connection, model).on_conflict_do_nothing(), rows)


def delete_keys(
    connection: Connection, model: type[DeclarativeBase], keys: Sequence[tuple[Any, ...]]
) -> None:
    """Delete rows by their whole primary key."""
    delete_rows(connection, model, [column.name for column in table(model).primary_key], keys)


def delete_rows(
    connection: Connection,
    model: type[DeclarativeBase],
    names: Sequence[str],
    values: Iterable[Sequence[Any]],
) -> None:
    """Delete the rows in which the named columns have any of these values.

    One look-up each: SQLite reads the whole table for an IN of several columns.
    """
    columns = table(model).c
    rows = [dict(zip(names, each, strict=True)) for each in values]
    if rows:
        same = [columns[name] == bindparam(name) for name in names]
        connection.execute(delete(table(model)).where(*same), rows)
