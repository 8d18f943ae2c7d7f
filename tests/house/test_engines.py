from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from catalogue.database import Database, downgrade, newest_schema, schema_of, upgrade
from catalogue.errors import DatabaseUnreachable, SchemaOutdated
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.processes import REPOSITORY


def test_a_fresh_database_has_the_newest_schema(database_url: str):
    assert schema_of(database_url) == newest_schema()


def test_the_newest_schema_is_where_the_migrations_end():
    migrations = ScriptDirectory(str(REPOSITORY / "catalogue" / "migrations"))

    assert migrations.get_heads() == [newest_schema()]


def test_an_empty_database_has_no_schema(empty_database_url: str):
    assert schema_of(empty_database_url) == ""


def test_a_database_can_be_opened(database: Database):
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM record").scalar() == 0


def test_two_databases_of_one_engine_are_apart(engine: Engine):
    with engine.fresh() as one, engine.fresh() as other:
        assert one != other


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_server_sorts_as_vietnamese_does(database: Database):
    letters = "SELECT string_agg(l, '' ORDER BY l) FROM unnest(ARRAY['e', 'đ', 'd', 'z']) AS l"

    with database.reading() as connection:
        assert connection.exec_driver_sql(letters).scalar() == "dđez"


def test_what_one_test_wrote_the_next_one_does_not_see(engine: Engine):
    for _ in range(2):
        with engine.fresh() as url:
            database = Database.open(url)
            before = everything(database)
            add_library(database, "NLV", "Thư viện Quốc gia")
            deliver(database, "NLV", {"kieu": book("Truyện Kiều")})
            settle(database)
            database.close()

            assert (before["record"], len(before["hub_clock"])) == ([], 1)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for name in inspect(connection).get_table_names()
            # Without content of its own: it answers queries, and holds no rows to be read.
            if name != "search_text"
        }


def test_a_database_made_as_new_is_what_a_new_one_is(engine: Engine):
    with engine.fresh() as used:
        database = Database.open(used)
        add_library(database, "NLV", "Thư viện Quốc gia")
        database.close()
    with engine.fresh() as again, engine.fresh() as new:
        one, other = Database.open(again), Database.open(new)
        same = everything(one) == everything(other)
        for each in (one, other):
            add_library(each, "HUST", "Thư viện Tạ Quang Bửu")
        counted = everything(one)["library"] == everything(other)["library"]
        one.close()
        other.close()

    assert same
    assert counted


def test_a_database_whose_tables_were_changed_is_not_used_again(engine: Engine):
    with engine.fresh() as changed:
        downgrade(changed, "0001")
        upgrade(changed)
    with engine.fresh() as url:
        Database.open(url).close()

        assert url != changed


def test_nobody_reaches_a_database_by_the_name_that_an_ended_test_had(engine: Engine):
    with engine.fresh() as ended:
        pass
    with engine.fresh(), pytest.raises((SchemaOutdated, DatabaseUnreachable)):
        Database.open(ended)
