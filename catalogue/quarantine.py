"""What could not be read or mapped: which record, why, and where it lies in what came.

A record is here until a version of it can be read: delivered anew, or read again after the
crosswalk or the source's settings were changed. Of a record that was readable before, the earlier
version stays live meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from catalogue.database import Database
from catalogue.errors import NotInQuarantine
from catalogue.model import RecordState
from catalogue.raw import unpack
from catalogue.sources import configured
from catalogue.sql import Query, table
from catalogue.tables import DeliveryRow, ProblemRow, QuarantineRow, RecordRow, SourceRow
from crosswalks.text import storable

_STEP = 200

_rows, _records, _deliveries = table(QuarantineRow), table(RecordRow), table(DeliveryRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A version of a record that is kept aside."""

    key: int
    """Of its record; lists go on after it."""
    source: str
    identifier: str
    datestamp: str
    format: str
    live: bool
    """Whether an earlier version of the record is live."""
    run: int
    page: int
    """Of the run, from 1; 0 where it is not known any more."""
    position: int
    """In the page, from 1."""
    place: int | None
    """The byte of the page at which it begins; None where it did not stand there as it is kept."""
    raw: bytes
    """As delivered."""
    problems: tuple[Mapping[str, str], ...]
    """Why, the gravest first."""


def listing(
    database: Database, source: str = "", after: int = 0, limit: int | None = None
) -> Iterator[Quarantined]:
    """Yield what is in quarantine, of one source or of all, in order of its keys.

    Each step is a short read of its own. Raises NoSuchSource.
    """
    left = limit
    while left is None or left > 0:
        with database.reading() as connection:
            found = _step(connection, source, after, _STEP if left is None else min(left, _STEP))
        yield from found
        if not found:
            return
        after = found[-1].key
        left = None if left is None else left - len(found)


def get(database: Database, source: str, identifier: str) -> Quarantined:
    """Return what is kept aside of one record. Raises NotInQuarantine."""
    with database.reading() as connection:
        query = _query().where(
            SourceRow.code == storable(source), _records.c.identifier == storable(identifier)
        )
        found = _made(connection, connection.execute(query).all())
    if not found:
        raise NotInQuarantine(name=f"{source}/{identifier}")
    return found[0]


def count(database: Database, source: str = "") -> int:
    """Return how many records are in quarantine, of one source or of all. Raises NoSuchSource."""
    query = select(func.count()).select_from(_rows)
    with database.reading() as connection:
        if source:
            query = query.where(_rows.c.source_id == configured(connection, source).id)
        return connection.execute(query).scalar_one()


def _step(connection: Connection, source: str, after: int, limit: int) -> list[Quarantined]:
    query = _query().where(_rows.c.record_id > after).order_by(_rows.c.record_id).limit(limit)
    if source:
        query = query.where(_rows.c.source_id == configured(connection, source).id)
    return _made(connection, connection.execute(query).all())


def _query() -> Query:
    return (
        select(
            _rows,
            SourceRow.code.label("source"),
            _records.c.identifier,
            _records.c.state,
            _records.c.raw.label("kept"),
            _deliveries.c.raw.label("refused"),
        )
        .join(_records, _records.c.id == _rows.c.record_id)
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .outerjoin(
            _deliveries,
            (_deliveries.c.run_id == _rows.c.run_id) & (_deliveries.c.seq == _rows.c.seq),
        )
    )


def raw_of(row: Any) -> bytes:
    """Return the bytes of a version in quarantine: in its record, or beside a live one."""
    live = RecordState(row.state).is_kept
    packed = row.refused if live else row.kept
    return unpack(packed) if packed else b""


def _made(connection: Connection, rows: Any) -> list[Quarantined]:
    why = _problems(connection, [row.record_id for row in rows])
    return [
        Quarantined(
            key=row.record_id,
            source=row.source,
            identifier=row.identifier,
            datestamp=row.datestamp,
            format=row.format,
            live=RecordState(row.state).is_kept,
            run=row.run_id,
            page=row.page,
            position=row.position,
            place=row.place,
            raw=raw_of(row),
            problems=tuple(why.get(row.record_id, ())),
        )
        for row in rows
    ]


def _problems(connection: Connection, records: list[int]) -> dict[int, list[Mapping[str, str]]]:
    names = ("code", "severity", "field", "sample", "detail")
    rows = connection.execute(
        select(ProblemRow.record_id, *(getattr(ProblemRow, name) for name in names))
        .where(ProblemRow.record_id.in_(records))
        .order_by(ProblemRow.severity != "error", ProblemRow.id)
    )
    found: dict[int, list[Mapping[str, str]]] = {}
    for row in rows:
        told = {name: getattr(row, name) for name in names}
        found.setdefault(row.record_id, []).append(told)
    return found
