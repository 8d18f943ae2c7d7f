"""Stored records as they were delivered, a few at a time, for a crosswalk to be tried on."""

from __future__ import annotations

from sqlalchemy import select

from catalogue import sources
from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.raw import unpack
from catalogue.sql import table
from catalogue.tables import RecordRow
from crosswalks.model import RawRecord
from crosswalks.text import storable

_records = table(RecordRow).c


def delivered(
    database: Database, source: str, identifier: str = "", after: int = 0, limit: int = 10
) -> list[tuple[int, RawRecord]]:
    """Return the next records of a source, or one by its identifier, each with its key.

    Deleted ones have nothing to be tried on. Raises NoSuchSource.
    """
    columns = (_records.id, _records.identifier, _records.datestamp, _records.format, _records.raw)
    with database.reading() as connection:
        of = sources.configured(connection, source).id
        query = select(*columns).where(
            _records.source_id == of, _records.state != RecordState.DELETED.value
        )
        if identifier:
            query = query.where(_records.identifier == storable(identifier))
        query = query.where(_records.id > after).order_by(_records.id).limit(limit)
        return [
            (
                row.id,
                RawRecord(
                    identifier=row.identifier,
                    datestamp=row.datestamp,
                    format=row.format,
                    body=unpack(row.raw),
                    position=at,
                ),
            )
            for at, row in enumerate(connection.execute(query))
        ]
