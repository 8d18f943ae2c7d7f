"""What is in quarantine by source and reason: short lists for screens, without the bytes.

``catalogue.quarantine`` gives each version whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, select

from catalogue.database import Database
from catalogue.errors import NotInQuarantine
from catalogue.model import RecordState
from catalogue.sources import configured
from catalogue.sql import Query, table
from catalogue.tables import ProblemRow, QuarantineRow, RecordRow, SourceRow
from crosswalks.model import Severity

_rows, _records, _problems = table(QuarantineRow), table(RecordRow), table(ProblemRow)
_WHY = (_problems.c.record_id == _rows.c.record_id) & (_problems.c.severity == Severity.ERROR.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why records of a source are in quarantine, and how many."""

    source: str
    code: str
    """Of the problem; empty where none was noted."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A version in quarantine, as a list shows it."""

    key: int
    source: str
    identifier: str
    run: int
    live: bool
    """Whether an earlier version of the record is live."""


def reasons(database: Database) -> list[Reason]:
    """Return why records are in quarantine, by source, the most frequent reason first.

    A record with several reasons counts for each of them.
    """
    count = func.count(_rows.c.record_id.distinct()).label("count")
    # Literal: a bound value would be another one for PostgreSQL each time it stands there.
    code = func.coalesce(_problems.c.code, literal_column("''")).label("code")
    query = (
        select(SourceRow.code.label("source"), code, count)
        .join(_rows, _rows.c.source_id == SourceRow.id)
        .outerjoin(_problems, _WHY)
        .group_by(SourceRow.code, code)
        .order_by(SourceRow.code, count.desc(), code)
    )
    with database.reading() as connection:
        return [Reason(**row._mapping) for row in connection.execute(query)]


def lines(
    database: Database, source: str, code: str = "", after: int = 0, limit: int = 50
) -> list[Line]:
    """Return the next records of a source in quarantine, for one reason or for any.

    Raises NoSuchSource.
    """
    query = _lines().where(_rows.c.record_id > after).order_by(_rows.c.record_id).limit(limit)
    if code:
        why = select(_problems.c.id).where(_WHY, _problems.c.code == code)
        query = query.where(why.correlate(_rows).exists())
    with database.reading() as connection:
        query = query.where(_rows.c.source_id == configured(connection, source).id)
        return [_line(row) for row in connection.execute(query)]


def line(database: Database, key: int) -> Line:
    """Return the line of one record by its key. Raises NotInQuarantine."""
    with database.reading() as connection:
        row = connection.execute(_lines().where(_rows.c.record_id == key)).one_or_none()
    if row is None:
        raise NotInQuarantine(name=str(key))
    return _line(row)


def _lines() -> Query:
    return (
        select(
            _rows.c.record_id,
            SourceRow.code.label("source"),
            _records.c.identifier,
            _rows.c.run_id,
            _records.c.state,
        )
        .join(_records, _records.c.id == _rows.c.record_id)
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
    )


def _line(row: Any) -> Line:
    key, source, identifier, run, state = row
    return Line(
        key=key,
        source=source,
        identifier=identifier,
        run=run,
        live=RecordState(state).is_kept,
    )
