"""The two engines of one hub: one that writes, one that reads a snapshot and cannot write.

SQLite writers begin with BEGIN IMMEDIATE, so that two of them never deadlock on an upgrade of a
read lock; every transaction is a function that may be run again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool, QueuePool

from catalogue.audit import acting
from catalogue.audit.acting import Act
from catalogue.errors import DatabaseUnreachable, SchemaOutdated
from catalogue.turns import Turns

T = TypeVar("T")

# PostgreSQL: serialization_failure, deadlock_detected (appendix A of its manual).
_AGAIN = ("40001", "40P01")
_TRIES = 12
_VERSIONS = Path(__file__).parent / "migrations" / "versions"


class Database:
    """An open hub database."""

    def __init__(
        self, url: str, write: Engine, read: Engine, primary: Engine | None = None
    ) -> None:
        self.url = url
        self.write = write
        self.read = read
        self.primary = primary or read
        self.postgresql = write.dialect.name == "postgresql"
        self.turns = Turns(read)

    @classmethod
    def open(cls, url: str, read_url: str = "") -> Database:
        """Open a database whose schema is current; ``read_url`` is a replica that may lag behind.

        Raises DatabaseUnreachable or SchemaOutdated.
        """
        primary = _engine(url, reading=True)
        read = _engine(read_url, reading=True) if read_url else primary
        database = cls(url, _engine(url, reading=False), read, primary)
        # Not on the writing engine: its every transaction waits for all other writers.
        found, wanted = current_schema(primary), newest_schema()
        if found != wanted:
            database.close()
            raise SchemaOutdated(found=found or "none", wanted=wanted)
        return database

    def close(self) -> None:
        """Give back all connections."""
        self.turns.close()
        self.write.dispose()
        self.read.dispose()
        self.primary.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which all statements see one snapshot, perhaps not the newest.

        Raises DatabaseUnreachable, as ``writing`` does.
        """
        with _snapshot(self.read) as connection:
            yield connection

    @contextmanager
    def reading_primary(self) -> Iterator[Connection]:
        """Give a snapshot that has all that was committed before: what a write will rest on."""
        with _snapshot(self.primary) as connection:
            yield connection

    def writing(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in one transaction, again if the engine asks for it.

        ``work`` must have no effect outside the database. What it changes on somebody's behalf is
        written down in the same transaction (``catalogue.audit``).
        """
        act = acting.current()
        followed = work if act is None else partial(_followed, act, work)
        for attempt in range(_TRIES):
            try:
                with self.write.begin() as connection:
                    given = followed(connection)
            except OperationalError as error:
                if attempt == _TRIES - 1 or not _may_run_again(error):
                    _refuse(error)
            else:
                if act is not None:
                    act.noted |= act.written
                return given
            time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 6)))  # noqa: S311 - jitter
        raise AssertionError(attempt)


def _followed(act: Act, work: Callable[[Connection], T], connection: Connection) -> T:
    from catalogue.audit.trail import Trail  # noqa: PLC0415 - the tables, of which this needs none

    trail = Trail(connection, act)
    given = work(connection)
    act.written = trail.end()
    return given


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except OperationalError as error:
        _refuse(error)


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database's schema to a revision, the newest by default."""
    from catalogue import steps  # noqa: PLC0415 - Alembic, which hardly any command needs

    _migrate(url, partial(steps.up, revision=revision))


def downgrade(url: str, revision: str) -> None:
    """Take a database's schema back to an older revision; ``base`` removes all of it."""
    from catalogue import steps  # noqa: PLC0415 - as above

    _migrate(url, partial(steps.down, revision=revision))


def current_schema(engine: Engine) -> str:
    """Return the revision a database is at, empty for a new one."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return ""
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return str(found or "")
    except SQLAlchemyError as error:
        raise DatabaseUnreachable(reason=_reason(error)) from error


@cache
def newest_schema() -> str:
    """Return the revision this version of the program needs: the highest number there is."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def schema_of(url: str) -> str:
    """Return the revision of the database at ``url``, empty for a new one."""
    engine = _engine(url, reading=True)
    try:
        return current_schema(engine)
    finally:
        engine.dispose()


def tables_of(url: str) -> frozenset[str]:
    """Return the names of all tables in the database at ``url``, whoever made them."""
    engine = _engine(url, reading=True)
    try:
        with engine.connect() as connection:
            return frozenset(inspect(connection).get_table_names())
    except SQLAlchemyError as error:
        raise DatabaseUnreachable(reason=_reason(error)) from error
    finally:
        engine.dispose()


def _migrate(url: str, step: Callable[[Connection], None]) -> None:
    engine = _engine(url, reading=False)
    try:
        with engine.begin() as connection:
            step(connection)
    except OperationalError as error:
        raise DatabaseUnreachable(reason=_reason(error)) from error
    finally:
        engine.dispose()


def _engine(url: str, *, reading: bool) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, reading=reading)
        if parsed.get_backend_name() == "postgresql":
            level = "REPEATABLE READ" if reading else "READ COMMITTED"
            return create_engine(
                url,
                isolation_level=level,
                pool_pre_ping=True,
                connect_args={"options": "-c default_transaction_read_only=on"} if reading else {},
            )
    except (ArgumentError, ImportError, OSError, ValueError) as error:
        raise DatabaseUnreachable(reason=_reason(error)) from error
    raise DatabaseUnreachable(reason=f"no engine for {parsed.get_backend_name()}")


def _sqlite(url: str, *, reading: bool) -> Engine:
    # A folder that is missing is made: the embedded default lives in instance/.
    path = make_url(url).database or ""
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool if path else NullPool,
        connect_args={"timeout": 60, "check_same_thread": False},
    )

    def connect(connection: Any, _: object) -> None:
        # The driver's own BEGIN is deferred; ours, below, says which kind it is.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _pragmas(reading=reading):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
    return engine


def _pragmas(*, reading: bool) -> tuple[str, ...]:
    common = ("busy_timeout = 60000", "journal_mode = WAL", "cache_size = -65536")
    if reading:
        return (*common, "query_only = ON")
    return (*common, "synchronous = NORMAL", "foreign_keys = ON")


def _may_run_again(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _AGAIN or "database is locked" in str(error.orig)


def refuses_value(error: Exception) -> bool:
    """Tell whether an engine does not take a value: the fault of that value, not of the database.

    PostgreSQL says so by class 22, data exception, and 54, limit exceeded; the drivers themselves
    refuse text that is no Unicode and numbers that are too large.
    """
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", "") or "")
        return isinstance(error, DataError) or state.startswith(("22", "54"))
    return isinstance(error, (UnicodeError, OverflowError))


def _refuse(error: OperationalError) -> NoReturn:
    if refuses_value(error):
        raise error
    raise DatabaseUnreachable(reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return " ".join(str(origin).split())[:300]
