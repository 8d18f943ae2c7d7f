from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, func, select, update

from catalogue import credentials, quarantine, runs, sources
from catalogue.cluster.place import place, waiting
from catalogue.credentials import Credentials, Kind
from catalogue.database import (
    Database,
    downgrade,
    newest_schema,
    schema_of,
    upgrade,
)
from catalogue.digest import digest
from catalogue.errors import DatabaseUnreachable, SchemaOutdated
from catalogue.holdings.model import Row
from catalogue.model import RunStatus
from catalogue.options import Connection
from catalogue.overlays import making
from catalogue.overlays.making import By
from catalogue.overlays.model import Change
from catalogue.overlays.model import Kind as Laying
from catalogue.overlays.notation import read
from catalogue.preliminary import overdue
from catalogue.published import snapshot
from catalogue.querysets import defining, members
from catalogue.querysets.model import Language, QuerySet
from catalogue.store import close_run, open_run
from catalogue.tables import Base, DirtyRow, RecordRow, RunRow, SetRow
from crosswalks.model import Problem, Severity
from harvester.errors import UnknownHost
from support import listed
from support.pages import HUB, Book, Delivery, add_source, books, deliver, place_all, put
from support.searching import search


def fill(url: str) -> str:
    database = Database.open(url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    try:
        return digest(database)
    finally:
        database.close()


def test_the_tables_are_what_the_models_say(database):
    with database.reading() as connection:
        context = MigrationContext.configure(connection)
        differences = [
            each
            for each in compare_metadata(context, Base.metadata)
            # Full-text tables belong to the engine.
            if not (each[0] == "remove_table" and each[1].name.startswith("search_text"))
            and not (each[0] == "remove_index" and each[1].name == "ix_search_document_tokens")
            and not (each[0] == "remove_column" and each[3].name in {"tokens", "padding"})
        ]

    assert differences == []


def test_a_hub_with_rows_goes_one_step_down_and_up_unharmed(database_url):
    before = fill(database_url)

    downgrade(database_url, "0001")
    upgrade(database_url)

    database = Database.open(database_url)
    # All clusters wait to be given to their works and to be indexed again.
    place(database, HUB)
    place_all(database)
    assert digest(database) == before
    assert search(database, "so do").total == 1
    database.close()


def test_a_hub_with_rows_goes_all_the_way_down_and_up(database_url):
    fill(database_url)

    downgrade(database_url, "base")
    empty = schema_of(database_url)
    upgrade(database_url)

    assert ("", newest_schema()) == (empty, schema_of(database_url))


def test_a_database_without_schema_is_refused_with_the_command_that_mends_it(empty_database_url):
    with pytest.raises(SchemaOutdated, match="lienthong db upgrade"):
        Database.open(empty_database_url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "sqlite:////proc/none/hub.db",
        "oracle://127.0.0.1/x",
        "nonsense",
    ],
)
def test_a_database_that_cannot_be_reached_is_said_so(url):
    with pytest.raises(DatabaseUnreachable):
        Database.open(url)


def test_a_database_that_goes_away_later_is_said_so_too(database):
    with pytest.raises(DatabaseUnreachable), database.reading() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pg_backend_pid())"
            if database.postgresql
            else "INSERT INTO policy (version, live) VALUES ('x', true)"
        )


def test_why_a_run_ended_is_told_in_english_one_step_down(database_url):
    database = Database.open(database_url)
    add_source(database)
    close_run(database, open_run(database, "s1"), RunStatus.FAILED, UnknownHost(host="a.vn"))
    database.close()

    downgrade(database_url, "0010")
    upgrade(database_url)

    database = Database.open(database_url)
    [run] = runs.all(database)
    assert (run.code, run.details, run.options, run.replays) == ("", {}, {}, None)
    assert run.message.startswith("No host is named a.vn")
    database.close()


def test_one_step_below_credentials_sources_are_as_an_earlier_version_knows_them(database_url):
    database = Database.open(database_url)
    add_source(database)
    held = replace(sources.get(database, "s1"), paused=True, connection=Connection(parallel=2))
    sources.change(database, held)
    credentials.put(database, bytes(32), Credentials(name="k", kind=Kind.BEARER, secret="s"))
    database.close()

    downgrade(database_url, "0008")
    upgrade(database_url)

    database = Database.open(database_url)
    assert sources.get(database, "s1") == replace(held, paused=False, connection=Connection())
    assert credentials.all(database) == []
    database.close()


def held_and_aside(database: Database) -> tuple[list[tuple[int, int, int]], int]:
    """Return each run's delivered, unchanged and held, and how many records are in quarantine."""
    columns = (RunRow.delivered, RunRow.unchanged, RunRow.held)
    with database.reading() as connection:
        counted = [tuple(row) for row in connection.execute(select(*columns).order_by(RunRow.id))]
    return counted, quarantine.count(database)


def test_held_deletions_are_told_again_after_a_way_down_and_what_is_aside_stays_aside(database_url):
    database = Database.open(database_url)
    add_source(database)
    why = Problem(code="unreadable", severity=Severity.ERROR)
    broken = Delivery(identifier="b", broken=True, problems=(why,))
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Vỡ đê"))]))
    deliver(database, "s1", broken, Delivery(identifier="c", broken=True))
    put(database, open_run(database, "s1"), [Delivery(identifier="a")])
    before = held_and_aside(database)
    places = [each.position for each in quarantine.listing(database)]
    database.close()

    downgrade(database_url, "0009")
    upgrade(database_url)

    database = Database.open(database_url)
    assert before == ([(2, 0, 0), (2, 0, 0), (1, 0, 1)], 2)
    assert held_and_aside(database) == ([(2, 0, 0), (2, 0, 0), (1, 1, 0)], 2)
    assert (places, sources.checkpoint(database, "s1")) == ([1, 2], {})
    assert [each.raw for each in quarantine.listing(database)] == [b"<broken/>b", b"<broken/>c"]
    database.close()


def test_a_step_below_lists_of_holdings_masters_are_made_without_them(database_url):
    before = fill(database_url)
    database = Database.open(database_url)
    listed.add_library(database)
    listed.give(database, Row(title="Giông tố", author="Vũ Trọng Phụng", year="1936"))
    listed.settle(database)
    with_it = digest(database)
    database.close()

    downgrade(database_url, "0016")
    upgrade(database_url)

    database = Database.open(database_url)
    place_all(database)
    place(database, HUB)
    assert with_it != before
    assert digest(database) == before
    database.close()


def test_a_step_below_preliminary_ones_they_are_found_again_once_clusters_are_made_anew(
    database_url,
):
    database = Database.open(database_url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book(level="8")), ("b", Book(title="Giông tố"))]))
    place_all(database)
    before = [each.place for each in overdue(database)]
    database.close()

    downgrade(database_url, "0024")
    upgrade(database_url)

    database = Database.open(database_url)
    forgotten, waits = overdue(database), waiting(database)
    place_all(database)
    assert (forgotten, waits) == ([], 2)
    assert [each.place for each in overdue(database)] == before != []
    database.close()


def test_a_step_below_own_versions_such_records_are_placed_as_what_came_back(database_url):
    database = Database.open(database_url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    database.writing(
        lambda connection: connection.execute(
            update(RecordRow)
            .where(RecordRow.identifier == "a")
            .values(own=RecordRow.parsed, features="{}")
        )
    )
    database.close()

    downgrade(database_url, "0025")
    upgrade(database_url, "0027")
    with engine_of(database_url) as engine, engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(DirtyRow)).scalar_one() == 1
    upgrade(database_url)

    database = Database.open(database_url)
    place_all(database)
    assert search(database, "so do").total == 1
    database.close()


def test_a_step_below_sets_by_kind_they_are_there_again_once_clusters_are_made_anew(database_url):
    database = Database.open(database_url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    before = specs(database)
    database.close()

    downgrade(database_url, "0028")
    with engine_of(database_url) as engine, engine.connect() as connection:
        left = set(connection.execute(select(SetRow.spec)).scalars())
    upgrade(database_url)

    database = Database.open(database_url)
    place_all(database)
    assert left == {"library", "library:L1"}
    assert specs(database) == before > left
    database.close()


def specs(database: Database) -> set[str]:
    with snapshot(database) as shown:
        return {each.spec for each in shown.sets()}


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_one_step_below_sets_by_query_they_are_forgotten(database_url):
    fill(database_url)
    database = Database.open(database_url)
    wanted = QuerySet(name="q", title="", language=Language.WORDS, query="so do")
    defining.add(database, wanted)
    while members.walk(database):
        pass
    assert defining.sizes(database) == {"q": 1}
    database.close()

    downgrade(database_url, "0029")
    upgrade(database_url)

    database = Database.open(database_url)
    assert (defining.all(database), defining.sizes(database)) == ([], {})
    defining.add(database, wanted)
    while members.walk(database):
        pass
    assert defining.sizes(database) == {"q": 1}
    database.close()


def test_one_step_below_corrections_the_masters_lose_them(database_url):
    fill(database_url)
    database = Database.open(database_url)
    change = Change(kind=Laying.ADD, over=read("500 ## $a Bản in lần đầu"))
    making.make(database, "000000001", change, By("lan", "theo sách"))
    place_all(database)
    corrected = making.master(database, "000000001").record
    database.close()

    downgrade(database_url, "0041")
    upgrade(database_url)

    database = Database.open(database_url)
    assert waiting(database) == 1
    place_all(database)
    assert change.over in corrected.fields
    assert change.over not in making.master(database, "000000001").record.fields
    assert making.all(database, undone=True) == []
    database.close()
