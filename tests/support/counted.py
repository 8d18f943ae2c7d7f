"""What is asked of the database, counted: time says more of the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from catalogue.database import Database


@contextmanager
def counted(database: Database, of: str = "") -> Iterator[Callable[[], int]]:
    """Give what tells how many statements the hub has sent since, or how many that hold a text.

    What begins a transaction is none.
    """
    sent = 0

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal sent
        sent += of in statement and not statement.startswith("BEGIN")

    engines: set[Engine] = {database.read, database.write, database.primary}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        yield lambda: sent
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)
