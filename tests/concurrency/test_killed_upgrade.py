"""kill -9 in the middle of an upgrade: the same command does it again, and nothing is lost."""

from __future__ import annotations

import time

from sqlalchemy import Engine, event

from catalogue.cluster.place import place
from catalogue.database import Database, downgrade, schema_of, upgrade
from catalogue.digest import digest
from support.engines import SQLITE_USUALLY
from support.pages import HUB, Book, add_source, books, deliver, place_all
from support.processes import function, running


def upgrade_until(url: str, statement: int) -> int:
    """Upgrade a database and stand still before that statement; for a process of its own."""
    left = [statement]

    def stand_still(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            print("stands still", flush=True)
            time.sleep(600)

    event.listen(Engine, "before_cursor_execute", stand_still)
    upgrade(url)
    return 0


def filled(url: str) -> str:
    database = Database.open(url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    found = digest(database)
    database.close()
    return found


@SQLITE_USUALLY
def test_an_upgrade_from_the_first_schema_killed_twice_is_done_by_the_third(engine):
    with engine.fresh() as url:
        before = filled(url)
        downgrade(url, "0001")
        for statement in (60, 300):
            with running(function(upgrade_until, url, statement)) as [process]:
                process.await_text("stands still")
                process.kill()
            assert schema_of(url) == "0001"
        upgrade(url)

        database = Database.open(url)
        place(database, HUB)
        place_all(database)
        assert digest(database) == before
        database.close()
