from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory

from catalogue.database import Database, newest_schema, schema_of
from support.engines import Engine
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
