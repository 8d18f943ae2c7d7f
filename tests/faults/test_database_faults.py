"""What a database does to those who write to it changes nothing in the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from catalogue.errors import CatalogueError
from catalogue.every_table import METADATA
from support.engines import Engine, postgresql_programs, postgresql_server
from support.faults import FaultHub
from support.lines import wait_until

FAIL = """
CREATE SEQUENCE statements;
CREATE SEQUENCE faults MINVALUE 0;
SELECT nextval('faults');
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The 10th, 30th, 90th, ... row's write: what is done again comes further than before.
    -- A sequence counts on where its transaction is rolled back.
    IF nextval('statements') >= 10 * power(3, (SELECT last_value FROM faults)) THEN
        PERFORM nextval('faults');
        RAISE EXCEPTION 'made to fail' USING ERRCODE = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$;
"""


@pytest.fixture
def hub(postgresql_engine: Engine, tmp_path: Path, endpoints) -> Iterator[FaultHub]:
    with postgresql_engine.fresh(migrated=False) as url:
        from catalogue.database import upgrade

        upgrade(url)
        made = FaultHub(url, tmp_path, endpoints)
        yield made
        made.close()


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_what_is_refused_for_others_sake_is_done_again(hub: FaultHub, facts, state: str) -> None:
    """serialization_failure and deadlock_detected (PostgreSQL, appendix A), at any statement."""
    with hub.database.write.begin() as connection:
        connection.execute(text(FAIL))
        for table in METADATA.sorted_tables:
            connection.execute(
                text(
                    f'CREATE TRIGGER fail AFTER INSERT OR UPDATE OR DELETE ON "{table.name}"'
                    f" FOR EACH STATEMENT EXECUTE FUNCTION fail('{state}')"
                )
            )
    hub.enqueue()
    with hub.worker() as worker:
        wait_until(lambda: hub.is_done)
        told = worker.err

    with hub.database.reading() as connection:
        assert connection.execute(text("SELECT last_value FROM faults")).scalar_one() > 5
    assert hub.facts() == facts
    assert set(hub.statuses()) == {"succeeded"}
    assert "Traceback" not in told


def test_connections_that_are_ended_are_made_anew(hub: FaultHub, facts) -> None:
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    hub.enqueue()
    with hub.worker():
        for _ in range(4):
            time.sleep(0.3)
            with suppress(OperationalError), hub.database.write.begin() as connection:
                connection.execute(end)
        wait_until(lambda: is_done(hub))

    assert hub.facts() == facts
    assert set(hub.statuses()) <= {"succeeded", "incomplete", "failed"}


def is_done(hub: FaultHub) -> bool:
    """Tell whether all is done, and have what failed meanwhile tried again without a wait."""
    with suppress(CatalogueError, OperationalError):
        hub.bring_forward()
        return hub.is_done
    return False


def test_a_database_that_crashes_and_comes_back_has_lost_nothing(
    tmp_path: Path, endpoints, facts
) -> None:
    programs = postgresql_programs()
    assert programs is not None
    with (
        postgresql_server(programs) as server,
        server.fresh() as url,
        closing(FaultHub(url, tmp_path, endpoints)) as hub,
    ):
        hub.enqueue()
        with hub.worker() as worker:
            for _ in range(2):
                time.sleep(0.5)
                server.crash()
            # It looks again by itself; what it held when an answer was lost it has in a minute.
            worker.await_text("cannot be reached")
            assert worker.running
        # Another worker has it at once.
        hub.finish()
        assert hub.facts() == facts
        assert "running" not in hub.statuses()
