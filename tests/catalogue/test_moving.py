"""A hub moved from SQLite to PostgreSQL: all of it, and it goes on there as it would have here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, inspect, select, update

from catalogue import queue
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import Item, ItemQuery
from catalogue.moving import copying
from catalogue.moving.errors import MovedDiffers, MoveStopped, MoveWhileWorking, NotToMoveThere
from catalogue.published import snapshot
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.search import waiting
from catalogue.tables import LibraryRow, RawBlobRow, RecordRow
from support.engines import Engine
from support.filled import add_library, book, deliver, settle


@pytest.fixture
def hub(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        for code in ("A", "B"):
            add_library(database, code, f"Thư viện {code}")
        shared = book("Số đỏ", author="Vũ Trọng Phụng", isbn="9786049763342")
        deliver(database, "A", {"1": shared, "2": book("Giông tố")})
        deliver(database, "B", {"1": shared, "3": book("Lều chõng")})
        store.add(database, Consumer(name="tra-cuu"))
        defining.add(
            database, QuerySet(name="so", title="Số", language=Language.CQL, query="title=số")
        )
        settle(database)
        deliver(database, "A", {"2": None})
        settle(database)
        database.writing(
            lambda connection: connection.execute(
                insert(RawBlobRow).values(name="x", body=bytes(range(256)), put=1)
            )
        )
        yield database
        database.close()


@pytest.fixture
def empty(postgresql_engine: Engine) -> Iterator[str]:
    with postgresql_engine.fresh() as url:
        yield url


@pytest.fixture
def bare(postgresql_engine: Engine) -> Iterator[str]:
    with postgresql_engine.fresh(migrated=False) as url:
        yield url


def tables_of(database: Database) -> set[str]:
    """Return the tables of the database itself, but for those of the search index."""
    names = inspect(database.read).get_table_names()
    return {each for each in names if not each.startswith(("search_", "alembic_"))}


def items(database: Database) -> list[Item]:
    with snapshot(database) as shown:
        return shown.page(ItemQuery(prefix="marc21", end=shown.horizon))


def test_all_of_a_hub_arrives_and_goes_on_there(hub: Database, bare: str) -> None:
    before, known = items(hub), digest(hub)
    moved = {each.table: each for each in copying.move(hub, bare)}
    there = Database.open(bare)
    try:
        assert items(there) == before
        assert digest(there) == digest(hub) == known
        assert moved["record"].rows == 4
        assert {*moved} == tables_of(hub)
        assert all(moved[name].rows for name in ("event", "consumer", "query_set", "form"))
        assert [each.name for each in defining.all(there)] == ["so"]
        waiting.settle(there)
        with there.reading() as connection:
            blob = connection.execute(select(RawBlobRow.body)).scalar_one()
        assert bytes(blob) == bytes(range(256))

        deliver(there, "B", {"9": book("Tắt đèn")})
        settle(there)
        assert {each.public_id for each in before} < {each.public_id for each in items(there)}
        assert len(items(there)) == len(before) + 1
    finally:
        there.close()


def test_what_is_told_is_the_same_on_both_sides(hub: Database, empty: str) -> None:
    told: list[copying.Moved] = []
    moved = copying.move(hub, empty, told.append)

    assert told == moved
    with hub.reading() as connection:
        count = connection.execute(select(func.count()).select_from(RecordRow)).scalar_one()
    assert next(each.rows for each in moved if each.table == "record") == count


def test_a_hub_at_work_is_not_moved(hub: Database, empty: str) -> None:
    lease = queue.claim(hub, "clock", "clock")
    assert lease is not None

    with pytest.raises(MoveWhileWorking):
        copying.move(hub, empty)

    hub.writing(lambda connection: queue.finish(connection, lease))
    copying.move(hub, empty)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "nothing", "mysql://x/y"])
def test_it_moves_to_postgresql_alone(hub: Database, url: str) -> None:
    with pytest.raises(NotToMoveThere):
        copying.move(hub, url)


def test_where_a_hub_is_already_none_is_moved_to(hub: Database, empty: str) -> None:
    copying.move(hub, empty)

    with pytest.raises(NotToMoveThere):
        copying.move(hub, empty)


def test_what_is_in_postgresql_is_not_moved(hub: Database, empty: str) -> None:
    there = Database.open(empty)
    with pytest.raises(NotToMoveThere):
        copying.move(there, empty)
    there.close()


def test_what_postgresql_does_not_take_is_told_and_nothing_stays(hub: Database, empty: str) -> None:
    hub.writing(lambda connection: connection.execute(update(LibraryRow).values(name="a\0b")))

    with pytest.raises(MoveStopped, match="library"):
        copying.move(hub, empty)
    hub.writing(lambda connection: connection.execute(update(LibraryRow).values(name="ab")))
    copying.move(hub, empty)


def test_a_row_that_arrives_otherwise_is_found_out(
    hub: Database, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copying._copy  # noqa: SLF001 - what goes wrong in between

    def spoilt(rows, receiving, table):
        changed = [(*row[:-1], "x") if table.name == "oai_set" else row for row in rows]
        copy(changed, receiving, table)

    monkeypatch.setattr(copying, "_copy", spoilt)
    with pytest.raises(MovedDiffers, match="oai_set"):
        copying.move(hub, empty)
