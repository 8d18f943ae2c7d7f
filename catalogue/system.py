"""How the database and its queue stand, for whoever runs a hub; a few short questions, always."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import make_url

from catalogue import queue
from catalogue.database import Database, newest_schema
from catalogue.tables import JobRow

_QUEUED, _RUNNING = "queued", "running"


class Engine(NamedTuple):
    """The database, as its server tells of it."""

    name: str
    """``SQLite`` or ``PostgreSQL``."""
    version: str
    address: str
    """Without a password."""
    schema: str
    """The migration it is at; a hub opens no database that is at another than it needs."""
    wanted: str
    bytes: int
    replica: bool
    """Whether what is only read comes from another one."""


class Work(NamedTuple):
    """A job that a process holds a lease of."""

    kind: str
    key: str
    lives: bool
    """Whether the process is there, as far as can be told from here; if not, another takes over."""


class Length(NamedTuple):
    """How many jobs of a kind wait."""

    kind: str
    jobs: int
    due: int
    """When the first of them is, or was, due: epoch seconds; 0: at once."""


class Standing(NamedTuple):
    """All of it at one moment."""

    engine: Engine
    works: list[Work]
    """What somebody is at, or was when it ended unseen."""
    queued: list[Length]
    """The kind that is due first at the beginning."""


def standing(database: Database) -> Standing:
    """Return how the database and its queue stand."""
    with database.reading_primary() as connection:
        return Standing(_engine(database, connection), _works(connection), _queue(connection))


def _engine(database: Database, connection: Connection) -> Engine:
    version, size = _POSTGRESQL if database.postgresql else _SQLITE
    return Engine(
        name="PostgreSQL" if database.postgresql else "SQLite",
        version=str(_one(connection, version)),
        address=make_url(database.url).render_as_string(hide_password=True),
        schema=str(_one(connection, "SELECT version_num FROM alembic_version")),
        wanted=newest_schema(),
        bytes=int(str(_one(connection, size))),
        replica=database.read is not database.primary,
    )


def _works(connection: Connection) -> list[Work]:
    query = select(JobRow.kind, JobRow.key).where(JobRow.state == _RUNNING).order_by(JobRow.id)
    living = set(queue.living(connection))
    return [Work(row.kind, row.key, row.key in living) for row in connection.execute(query)]


def _queue(connection: Connection) -> list[Length]:
    due = func.min(JobRow.due)
    query = (
        select(JobRow.kind, func.count(), due)
        .where(JobRow.state == _QUEUED)
        .group_by(JobRow.kind)
        .order_by(due, JobRow.kind)
    )
    return [Length(str(kind), int(n), int(at)) for kind, n, at in connection.execute(query)]


_SQLITE = (
    "SELECT sqlite_version()",
    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
)
_POSTGRESQL = (
    "SELECT current_setting('server_version')",
    "SELECT pg_database_size(current_database())",
)
"""What asks for the version of the server, and for the bytes that the database takes."""


def _one(connection: Connection, question: str) -> object:
    return connection.execute(text(question)).scalar_one()
