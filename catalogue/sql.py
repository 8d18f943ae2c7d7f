"""The few statements that the two engines spell differently, and bulk forms of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement

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


class Lookup:
    """A query for the rows in which a column has one of many values, its text made but once.

    SQLAlchemy makes the text of ``IN`` anew for each number of values: with fifty of them for each
    record placed that took a tenth of the whole.
    """

    def __init__(
        self, query: Query, column: ColumnElement[Any] | InstrumentedAttribute[Any]
    ) -> None:
        self._query = query.where(column.in_(bindparam(_MANY, expanding=True)))
        self._texts: dict[str, tuple[str, list[str]]] = {}

    def rows(self, connection: Connection, values: Iterable[Any], **fixed: Any) -> Iterator[Any]:
        """Yield what is found for values, with what the query's other parameters are."""
        text, order = self._text(connection)
        for chunk in chunks(values):
            if connection.dialect.name == "postgresql":
                found = connection.exec_driver_sql(text, fixed | {_MANY: chunk})
            else:
                before = [
                    each for name in order for each in (chunk if name == _MANY else [fixed[name]])
                ]
                marks = ",".join("?" * len(chunk))
                found = connection.exec_driver_sql(text.replace(_OPEN, marks), tuple(before))
            yield from found.all()

    def tuples(self, connection: Connection, values: Iterable[Any], **fixed: Any) -> list[Any]:
        """Return the same as plain tuples, asked of the driver."""
        text, order = self._text(connection)
        found: list[Any] = []
        for chunk in chunks(values):
            if connection.dialect.name == "postgresql":
                found += _asked(connection, text, fixed | {_MANY: chunk})
                continue
            before = [
                each for name in order for each in (chunk if name == _MANY else [fixed[name]])
            ]
            found += _asked(connection, text.replace(_OPEN, ",".join("?" * len(chunk))), before)
        return found

    def _text(self, connection: Connection) -> tuple[str, list[str]]:
        name = connection.dialect.name
        if name not in self._texts:
            made = self._query.compile(dialect=connection.dialect)
            assert isinstance(made, SQLCompiler)
            text = made.string
            if name == "postgresql":
                text = text.replace(f"IN ({_OPEN})", f"= ANY (%({_MANY})s)")
            self._texts[name] = text, list(made.positiontup or ())
        return self._texts[name]


class Prepared:
    """A query whose text is made but once, for what is asked very often with other values.

    It is asked of the driver, so its rows are plain tuples: what SQLAlchemy does around a statement
    takes ten times as long as SQLite needs for a small one.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._texts: dict[str, tuple[str, list[str], dict[str, Any]]] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """Return what is found for values, by the names of the query's parameters."""
        text, order, fixed = self._text(connection)
        given = fixed | values
        if connection.dialect.name == "postgresql":
            return _asked(connection, text, given)
        return _asked(connection, text, [given[name] for name in order])

    def _text(self, connection: Connection) -> tuple[str, list[str], dict[str, Any]]:
        name = connection.dialect.name
        if name not in self._texts:
            made = self._query.compile(dialect=connection.dialect)
            assert isinstance(made, SQLCompiler)
            self._texts[name] = made.string, list(made.positiontup or ()), dict(made.params)
        return self._texts[name]


def _asked(connection: Connection, text: str, values: Any) -> list[Any]:
    """Return what the driver finds, within a transaction that has been begun."""
    assert connection.in_transaction()
    driver: Any = connection.connection.driver_connection
    try:
        return list(driver.execute(text, values).fetchall())
    except connection.dialect.loaded_dbapi.Error as error:
        known: Any = DBAPIError.instance(text, values, error, connection.dialect.loaded_dbapi.Error)
        raise known from error


_MANY = "many"
_OPEN = f"__[POSTCOMPILE_{_MANY}]"


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


def insert_tuples(
    connection: Connection,
    model: type[DeclarativeBase],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    missing: bool = False,
) -> None:
    """Insert rows given as the named columns' values; with ``missing`` only those not there yet.

    For rows by the ten thousand: the driver gets them as they are.
    """
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(
        f"INSERT INTO {quote(table(model).name)} ({', '.join(map(quote, names))})"  # noqa: S608 - names of ours
        f" VALUES ({', '.join([mark] * len(names))})"
        + (" ON CONFLICT DO NOTHING" if missing else ""),
        [tuple(row) for row in rows],
    )


def delete_tuples(
    connection: Connection,
    model: type[DeclarativeBase],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Delete the rows in which the named columns have any of these values, given as they are.

    As ``insert_tuples`` does it, of tables that only programs write: nobody is told of it.
    """
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    same = " AND ".join(f"{quote(name)} = {mark}" for name in names)
    connection.exec_driver_sql(
        f"DELETE FROM {quote(table(model).name)} WHERE {same}",  # noqa: S608 - names of ours
        [tuple(row) for row in rows],
    )


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
