"""What the database tells of itself and of its queue, on both engines."""

from __future__ import annotations

from sqlalchemy import update

from catalogue import queue, system
from catalogue.clock import wall_clock
from catalogue.database import Database, newest_schema
from catalogue.system import Length, Work
from catalogue.tables import JobRow

LATER = 4_000_000_000


def test_the_database_tells_what_it_is_and_how_large_without_its_password(database: Database):
    told = system.standing(database).engine

    assert told.name == ("PostgreSQL" if database.postgresql else "SQLite")
    assert told.version[0].isdigit()
    assert (told.schema, told.wanted) == (newest_schema(), newest_schema())
    assert told.bytes > 100_000
    assert not told.replica
    database.url = "postgresql+psycopg://hub:mat-khau@db.example.vn/hub"
    assert (
        system.standing(database).engine.address == "postgresql+psycopg://hub:***@db.example.vn/hub"
    )


def test_the_queue_tells_what_waits_and_what_somebody_is_at(database: Database):
    for key in ("harvest:a", "harvest:b", "harvest:c"):
        queue.enqueue(database, "harvest", key, LATER)
    queue.enqueue(database, "report", "report", 0)
    queue.claim(database, "prune", "prune")
    queue.claim(database, "check", "check:1")
    gone = update(JobRow).where(JobRow.kind == "check").values(lease_until=wall_clock() - 1)
    database.writing(lambda connection: connection.execute(gone))
    told = system.standing(database)

    assert told.queued == [
        Length("report", 1, 0),
        Length("harvest", 3, LATER),
    ]
    assert told.works == [
        Work("prune", "prune", lives=True),
        Work("check", "check:1", lives=False),
    ]
