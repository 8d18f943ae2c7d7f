from __future__ import annotations

from typing import Any

from sqlalchemy import select

from catalogue.database import Database
from catalogue.rows import insert_many, new_ids, upsert_many
from catalogue.sql import table
from catalogue.tables import DirtyRow, PolicyRow, ProblemRow

WRITTEN = ("100 %", "%s", "it's", "nghĩa", "")


def policies(database: Database) -> list[tuple[Any, ...]]:
    rows = table(PolicyRow)
    with database.reading_primary() as connection:
        return [tuple(row) for row in connection.execute(select(rows).order_by(rows.c.id))]


def test_many_rows_are_inserted_under_keys_that_nobody_has(database: Database) -> None:
    before = policies(database)

    def work(connection: Any) -> list[dict[str, Any]]:
        keys = new_ids(connection, PolicyRow, len(WRITTEN))
        rows = [
            {"id": key, "version": f"row {at}{text}", "live": at == 0, "rules": ""}
            for at, (key, text) in enumerate(zip(keys, WRITTEN, strict=True))
        ]
        insert_many(connection, PolicyRow, rows)
        return rows

    rows = database.writing(work) + database.writing(
        lambda connection: [
            {"id": key, "version": "next", "live": False}
            for key in new_ids(connection, PolicyRow, 1)
        ]
    )

    assert len({row["id"] for row in rows} | {row[0] for row in before}) == len(rows) + len(before)
    assert policies(database) == before + [tuple(row.values()) for row in rows[:-1]]


def test_where_a_key_is_taken_the_other_columns_are_set(database: Database) -> None:
    row = {"policy_id": 1, "record_id": 1, "rev": 1}

    def work(connection: Any) -> list[Any]:
        upsert_many(connection, DirtyRow, [row, row | {"record_id": 2}])
        upsert_many(connection, DirtyRow, [row | {"rev": 2}])
        return list(connection.execute(select(DirtyRow.record_id, DirtyRow.rev).order_by("rev")))

    assert sorted(map(tuple, database.writing(work))) == [(1, 2), (2, 1)]


def test_no_rows_are_no_statement(database: Database) -> None:
    database.writing(lambda connection: insert_many(connection, ProblemRow, []))
    database.writing(lambda connection: upsert_many(connection, DirtyRow, []))
