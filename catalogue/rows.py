"""Many rows of one table at once, given to the driver as they are: T1 writes ten for each record.

SQLAlchemy looks at each row and each value of it; here only its SQL is used, made once for each
engine. So it is for plain columns alone: text, numbers, bytes, and what is true or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from catalogue.sql import table

Row = dict[str, Any]
_POSTGRESQL = "postgresql"


class _Statement(NamedTuple):
    text: str
    values: Callable[[Row], Any] | None
    """What the driver wants of a row; None where it takes rows by their names."""


def insert_many(connection: Connection, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert rows that all set the same columns."""
    if rows:
        _run(connection, _inserting(connection.dialect, model, tuple(rows[0]), upserts=False), rows)


def upsert_many(connection: Connection, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert rows; where the primary key is taken, set the other columns to the new values."""
    if rows:
        _run(connection, _inserting(connection.dialect, model, tuple(rows[0]), upserts=True), rows)


def upsert_tuples(
    connection: Connection,
    model: type[DeclarativeBase],
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Do the same with rows given as the values of the named columns, in the table's order."""
    if not rows:
        return
    text, values = _inserting(connection.dialect, model, names, upserts=True)
    # Only one of the drivers takes rows by names alone.
    given = rows if values else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(text, given)


def new_ids(connection: Connection, model: type[DeclarativeBase], count: int) -> Iterable[int]:
    """Return as many new keys of a table whose rows are never removed; the transaction writes."""
    key = table(model).c.id
    if connection.dialect.name != _POSTGRESQL:
        # Nobody else writes meanwhile: SQLite has one writer at a time.
        last = connection.execute(select(func.max(key))).scalar() or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(key.table.name, key.name)
    each = func.generate_series(1, count).table_valued("at")
    return connection.execute(select(func.nextval(sequence)).select_from(each)).scalars().all()


def _run(connection: Connection, statement: _Statement, rows: Sequence[Row]) -> None:
    given = rows if statement.values is None else list(map(statement.values, rows))
    connection.exec_driver_sql(statement.text, given)


@lru_cache(maxsize=256)
def _inserting(
    dialect: Dialect, model: type[DeclarativeBase], names: tuple[str, ...], *, upserts: bool
) -> _Statement:
    made = postgresql.insert if dialect.name == _POSTGRESQL else sqlite.insert
    insert = made(table(model)).inline()
    keys = [column.name for column in table(model).primary_key]
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    if upserts:
        insert = insert.on_conflict_do_update(index_elements=keys, set_=changed)
    compiled = insert.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup if compiled.positional else None
    return _Statement(compiled.string, itemgetter(*order) if order else None)
