"""Pages kept in the database, for hubs whose machines share it and no folder.

It keeps what a folder keeps, under the same names and by the same rules; a page is committed before
the transaction that uses it begins.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import zstandard
from sqlalchemy import Connection, delete, func, select, update

from catalogue.database import Database
from catalogue.raw import Stored, name_of, pack, unpack
from catalogue.sql import dialect_insert
from catalogue.tables import RawBlobRow

_STEP = 1000


class DatabaseRawStore:
    """Pages as rows of the catalogue's own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, page: bytes) -> str:
        """Keep a page; one that is there is only marked as put just now."""
        name = name_of(page)
        # Not packed, nor sent, where it is there already.
        if not self._database.writing(lambda connection: _put_again(connection, name)):
            body = pack(page)
            self._database.writing(lambda connection: _insert(connection, name, body))
        return name

    def get(self, name: str) -> bytes:
        """Return a page. Raises KeyError where it is not, or no longer, kept, or is damaged."""
        with self._database.reading_primary() as connection:
            body = connection.execute(
                select(RawBlobRow.body).where(RawBlobRow.name == name)
            ).scalar()
        if body is None:
            raise KeyError(name)
        try:
            page = unpack(body)
        except zstandard.ZstdError as error:
            raise KeyError(name) from error
        if name_of(page) != name:
            raise KeyError(name)
        return page

    def stored(self) -> Iterator[Stored]:
        """Yield what is there, by name; each step is a short read of its own."""
        last = ""
        while found := self._step(last):
            last = found[-1].name
            yield from found

    def size(self, name: str) -> int:
        """Return how many bytes a page takes up, 0 where it is not there."""
        with self._database.reading_primary() as connection:
            query = select(func.length(RawBlobRow.body)).where(RawBlobRow.name == name)
            return connection.execute(query).scalar() or 0

    def remove(self, name: str, before: float) -> int:
        """Remove a page unless it was put, or put again, since; return the bytes set free."""

        def work(connection: Connection) -> int:
            old = (RawBlobRow.name == name, RawBlobRow.put < before)
            query = select(func.length(RawBlobRow.body)).where(*old)
            size: int = connection.execute(query.with_for_update()).scalar() or 0
            connection.execute(delete(RawBlobRow).where(*old))
            return size

        return self._database.writing(work)

    def tidy(self, before: float) -> int:  # noqa: ARG002 - of the protocol
        """Return 0: what is half done in a database was never there."""
        return 0

    def _step(self, last: str) -> list[Stored]:
        query = (
            select(RawBlobRow.name, func.length(RawBlobRow.body), RawBlobRow.put)
            .where(RawBlobRow.name > last)
            .order_by(RawBlobRow.name)
            .limit(_STEP)
        )
        with self._database.reading_primary() as connection:
            return [Stored(*row) for row in connection.execute(query)]


def _put_again(connection: Connection, name: str) -> bool:
    again = update(RawBlobRow).where(RawBlobRow.name == name).values(put=_now())
    return bool(connection.execute(again).rowcount)


def _insert(connection: Connection, name: str, body: bytes) -> None:
    row = dialect_insert(connection, RawBlobRow).values(name=name, body=body, put=_now())
    # Another may have put it meanwhile, and then it is put once more.
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"put": _now()}))


def _now() -> int:
    return time.time_ns() // 1_000_000_000
